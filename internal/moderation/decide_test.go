package moderation

import (
	"testing"

	"parley/internal/discuss"
)

func TestDecide(t *testing.T) {
	hold := func(check string) discuss.Finding {
		return discuss.Finding{Check: check, Suggested: discuss.SuggestHold}
	}
	for _, c := range []struct {
		name     string
		findings []discuss.Finding
		who      Standing
		to       discuss.Status
		wait     int
	}{
		{"nothing found", nil, Standing{}, discuss.Published, 0},
		{"a finding without a wish", []discuss.Finding{{Check: "fresh"}}, Standing{}, discuss.Published, 0},
		{"one hold", []discuss.Finding{hold("links")}, Standing{}, discuss.Pending, 0},
		{"spam is graver than hold", []discuss.Finding{hold("links"), {Check: "repeat", Suggested: discuss.SuggestSpam}}, Standing{}, discuss.Spam, 0},
		{"reject is gravest, in any order", []discuss.Finding{{Check: "banned", Suggested: discuss.SuggestReject}, {Check: "repeat", Suggested: discuss.SuggestSpam}}, Standing{}, discuss.Rejected, 0},
		{"the longest wait counts", []discuss.Finding{{Check: "pace", Suggested: discuss.SuggestWait, Count: 3}, {Check: "slow", Suggested: discuss.SuggestWait, Count: 40}}, Standing{}, discuss.Published, 40},
		{"staff skip holds, pace and words", []discuss.Finding{hold("mode"), {Check: "pace", Suggested: discuss.SuggestWait, Count: 9}, {Check: "banned", Suggested: discuss.SuggestReject}}, Standing{Staff: true}, discuss.Published, 0},
		{"trusted people skip suspect words", []discuss.Finding{hold("suspect")}, Standing{Trusted: true}, discuss.Published, 0},
		{"trusted people skip the classifier", []discuss.Finding{{Check: "classifier", Suggested: discuss.SuggestHold, Score: .99}}, Standing{Trusted: true}, discuss.Published, 0},
		{"trusted people do not skip banned words", []discuss.Finding{{Check: "banned", Suggested: discuss.SuggestReject}}, Standing{Trusted: true}, discuss.Rejected, 0},
		{"trusted people do not skip a mode", []discuss.Finding{hold("mode")}, Standing{Trusted: true}, discuss.Pending, 0},
		{"a sure classifier alone only holds", []discuss.Finding{{Check: "classifier", Suggested: discuss.SuggestHold, Score: .99}}, Standing{}, discuss.Pending, 0},
		{"a sure classifier and a held link are spam", []discuss.Finding{{Check: "classifier", Suggested: discuss.SuggestHold, Score: .99}, hold("links")}, Standing{}, discuss.Spam, 0},
		{"an unsure one and a held link wait", []discuss.Finding{{Check: "classifier", Suggested: discuss.SuggestHold, Score: .85}, hold("links")}, Standing{}, discuss.Pending, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			to, wait := Decide(c.findings, c.who)
			if to != c.to || wait != c.wait {
				t.Errorf("got %s, wait %d; want %s, %d", to, wait, c.to, c.wait)
			}
		})
	}
}

func TestAgainNeverBringsIntoView(t *testing.T) {
	clean := discuss.Trace{Findings: []discuss.Finding{{Check: "akismet"}}}
	for _, now := range []discuss.Status{discuss.Published, discuss.Pending, discuss.Spam, discuss.Rejected} {
		if to := Again(clean, now, false); to != now {
			t.Errorf("%s became %s without a reason", now, to)
		}
	}
	spam := discuss.Trace{Findings: []discuss.Finding{{Check: "akismet", Suggested: discuss.SuggestSpam, Score: 1}}}
	if to := Again(spam, discuss.Published, false); to != discuss.Spam {
		t.Errorf("spam: %s", to)
	}
}

// What a trusted author need not hear at first does not come back with the
// answer of a service.
func TestAgainKeepsWhatTrustExempts(t *testing.T) {
	suspect := discuss.Trace{Findings: []discuss.Finding{{Check: "suspect", Suggested: discuss.SuggestHold}, {Check: "classifier", Suggested: discuss.SuggestHold, Score: .99}, {Check: "scorer", Score: .2}}}
	if to := Again(suspect, discuss.Published, true); to != discuss.Published {
		t.Errorf("trusted: %s", to)
	}
	if to := Again(suspect, discuss.Published, false); to != discuss.Pending {
		t.Errorf("anybody: %s", to)
	}
	suspect.Findings = append(suspect.Findings, discuss.Finding{Check: "akismet", Suggested: discuss.SuggestHold})
	if to := Again(suspect, discuss.Published, true); to != discuss.Pending {
		t.Errorf("trusted, and a service says hold: %s", to)
	}
}
