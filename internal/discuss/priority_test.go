package discuss

import "testing"

func TestPriority(t *testing.T) {
	found := func(checks ...string) (tr Trace) {
		for _, c := range checks {
			tr.Findings = append(tr.Findings, Finding{Check: c, Score: 0.9})
		}
		return tr
	}
	low := Trace{Findings: []Finding{{Check: "classifier", Score: 0.8}}}
	for _, c := range []struct {
		name  string
		trace Trace
		said  Objections
		want  float64
	}{
		{"nothing", Trace{}, Objections{}, 0},
		{"a suspect word", found("suspect"), Objections{}, 3},
		{"words and a rule are one reason", found("suspect", "banned", "rule", "rule"), Objections{}, 3},
		{"a link of a new account", found("links", "fresh"), Objections{}, 4},
		{"a record and the demotion that follows from it", found("record", "demoted"), Objections{}, 4},
		{"three opinions on one text", found("classifier", "akismet", "scorer", "hook"), Objections{}, 5},
		{"a score that is not high", low, Objections{}, 0},
		{"repeated", found("repeat"), Objections{}, 2},
		{"a mode says nothing about the text", found("mode", "night", "burst", "notice", "reports"), Objections{}, 0},
		{"reports", Trace{}, Objections{Reports: 3, Weight: 5.5}, 11},
		{"a newcomer's report", Trace{}, Objections{Reports: 1}, 2},
		{"reports of discounted reporters", Trace{}, Objections{Reports: 5, Void: 5}, 0},
		{"and a newcomer's", Trace{}, Objections{Reports: 6, Void: 5}, 2},
		{"a notice", found("notice"), Objections{Reports: 1, Illegal: true}, 1002},
		{"many notices are no more", found("notice", "notice"), Objections{Reports: 40, Illegal: true}, 1002},
		{"everything", found("suspect", "links", "fresh", "record", "classifier"), Objections{Reports: 2, Weight: 4, Illegal: true}, 1024},
	} {
		if got := Priority(c.trace, c.said); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
