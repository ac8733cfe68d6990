package auth

import (
	"testing"
	"time"
)

// Quiet hours are those of the clock where somebody lives, over midnight and in
// the night in which the clock is put forward.
func TestQuietHours(t *testing.T) {
	at := func(s string) time.Time {
		v, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	night := PushChoices{QuietFrom: 22 * 60, QuietUntil: 7*60 + 30, Zone: "Europe/Berlin"}
	for _, c := range []struct {
		choices    PushChoices
		now, until string
	}{
		{night, "2026-01-10T20:59:00Z", ""},
		{night, "2026-01-10T21:00:00Z", "2026-01-11T06:30:00Z"},
		{night, "2026-01-11T06:29:00Z", "2026-01-11T06:30:00Z"},
		{night, "2026-01-11T06:30:00Z", ""},
		{night, "2026-03-28T23:00:00Z", "2026-03-29T05:30:00Z"}, // the clock goes forward
		{PushChoices{QuietFrom: 9 * 60, QuietUntil: 12 * 60, Zone: "Asia/Tokyo"}, "2026-01-10T01:00:00Z", "2026-01-10T03:00:00Z"},
		{PushChoices{QuietFrom: 60, QuietUntil: 60}, "2026-01-10T01:00:00Z", ""},
		{PushChoices{QuietFrom: 0, QuietUntil: 60, Zone: "Nowhere/Never"}, "2026-01-10T00:30:00Z", "2026-01-10T01:00:00Z"},
	} {
		got := c.choices.Quiet(at(c.now))
		if c.until == "" && !got.IsZero() || c.until != "" && !got.Equal(at(c.until)) {
			t.Errorf("%+v at %s: until %v, want %s", c.choices, c.now, got, c.until)
		}
	}
	for _, bad := range []PushChoices{{Zone: "Nowhere/Never"}, {QuietFrom: -1}, {QuietUntil: 24 * 60}, {Zone: "Local"}} {
		if bad.Check() == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	if err := night.Check(); err != nil {
		t.Error(err)
	}
}
