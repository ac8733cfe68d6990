package discuss

import (
	"testing"
	"time"
)

// A demotion begins with the rejection that makes it three in ten of a week's
// decisions, and ends after seven days without a rejection: not before, however
// much is approved meanwhile, and not because the week slides.
func TestADemotionHoldsForSevenCleanDays(t *testing.T) {
	start := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	const day, hour = 24 * time.Hour, time.Hour
	type past struct {
		after time.Duration
		bad   int
		good  int
	}
	for _, c := range []struct {
		name  string
		past  []past        // oldest first
		holds time.Duration // after start, to the moment; 0: never
	}{
		{"two rejections", []past{{0, 2, 0}}, 0},
		{"three in ten", []past{{0, 0, 7}, {hour, 3, 0}}, hour + 7*day},
		{"fewer than three in ten", []past{{0, 0, 8}, {hour, 3, 0}}, 0},
		{"over more than a week", []past{{0, 1, 0}, {8 * day, 1, 0}, {16 * day, 1, 0}}, 0},
		{"the first of the week slide out", []past{{0, 2, 0}, {6 * day, 1, 0}}, 13 * day},
		{"much is approved afterwards", []past{{0, 3, 0}, {day, 0, 40}}, 7 * day},
		{"one more among what is approved begins the days anew", []past{{0, 3, 0}, {day, 0, 40}, {6 * day, 1, 0}}, 13 * day},
		{"one after it had lifted", []past{{0, 3, 0}, {7 * day, 1, 0}}, 0},
	} {
		var ds []PastDecision
		for _, p := range c.past {
			for i := range p.bad + p.good {
				ds = append([]PastDecision{{start.Add(p.after), i < p.bad}}, ds...)
			}
		}
		var r Record
		r.Count(ds)
		end := start.Add(c.holds)
		if c.holds == 0 {
			end = ds[0].At
		}
		if r.Demoted(end) || c.holds > 0 && !r.Demoted(end.Add(-time.Millisecond)) {
			t.Errorf("%s: a moment before %v, and then: %v, %v", c.name, end, r.Demoted(end.Add(-time.Millisecond)), r.Demoted(end))
		}
		if c.holds > 0 && !r.Lifts().Equal(end) {
			t.Errorf("%s: said to lift at %v, want %v", c.name, r.Lifts(), end)
		}
	}
}
