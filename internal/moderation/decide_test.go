package moderation

import (
	"testing"

	"parley/internal/discuss"
)

func TestDecide(t *testing.T) {
	hold := func(check string) discuss.Finding { return discuss.Finding{Check: check, Wish: discuss.WishHold} }
	for _, c := range []struct {
		name      string
		findings  []discuss.Finding
		who       Standing
		to        discuss.Status
		wait      int
		challenge bool
	}{
		{"nothing found", nil, Standing{}, discuss.Published, 0, false},
		{"a finding without a wish", []discuss.Finding{{Check: "fresh"}}, Standing{}, discuss.Published, 0, false},
		{"one hold", []discuss.Finding{hold("links")}, Standing{}, discuss.Pending, 0, false},
		{"spam is graver than hold", []discuss.Finding{hold("links"), {Check: "repeat", Wish: discuss.WishSpam}}, Standing{}, discuss.Spam, 0, false},
		{"reject is gravest, in any order", []discuss.Finding{{Check: "banned", Wish: discuss.WishReject}, {Check: "repeat", Wish: discuss.WishSpam}}, Standing{}, discuss.Rejected, 0, false},
		{"the longest wait counts", []discuss.Finding{{Check: "pace", Wish: discuss.WishWait, Count: 3}, {Check: "slow", Wish: discuss.WishWait, Count: 40}}, Standing{}, discuss.Published, 40, false},
		{"a challenge", []discuss.Finding{{Check: "proof", Wish: discuss.WishProof}}, Standing{}, discuss.Published, 0, true},
		{"staff skip holds, pace and words", []discuss.Finding{hold("mode"), {Check: "pace", Wish: discuss.WishWait, Count: 9}, {Check: "banned", Wish: discuss.WishReject}}, Standing{Staff: true}, discuss.Published, 0, false},
		{"trusted people skip suspect words", []discuss.Finding{hold("suspect")}, Standing{Trusted: true}, discuss.Published, 0, false},
		{"trusted people skip the classifier", []discuss.Finding{{Check: "classifier", Wish: discuss.WishHold, Score: .99}}, Standing{Trusted: true}, discuss.Published, 0, false},
		{"trusted people do not skip banned words", []discuss.Finding{{Check: "banned", Wish: discuss.WishReject}}, Standing{Trusted: true}, discuss.Rejected, 0, false},
		{"trusted people do not skip a mode", []discuss.Finding{hold("mode")}, Standing{Trusted: true}, discuss.Pending, 0, false},
		{"a sure classifier alone only holds", []discuss.Finding{{Check: "classifier", Wish: discuss.WishHold, Score: .99}}, Standing{}, discuss.Pending, 0, false},
		{"a sure classifier and a held link are spam", []discuss.Finding{{Check: "classifier", Wish: discuss.WishHold, Score: .99}, hold("links")}, Standing{}, discuss.Spam, 0, false},
		{"an unsure one and a held link wait", []discuss.Finding{{Check: "classifier", Wish: discuss.WishHold, Score: .85}, hold("links")}, Standing{}, discuss.Pending, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			to, wait, challenge := Decide(c.findings, c.who)
			if to != c.to || wait != c.wait || challenge != c.challenge {
				t.Errorf("got %s, wait %d, challenge %v; want %s, %d, %v", to, wait, challenge, c.to, c.wait, c.challenge)
			}
		})
	}
}

func TestAgainNeverBringsIntoView(t *testing.T) {
	clean := discuss.Trace{Findings: []discuss.Finding{{Check: "akismet"}}}
	for _, now := range []discuss.Status{discuss.Published, discuss.Pending, discuss.Spam, discuss.Rejected} {
		if to, _ := Again(clean, now); to != now {
			t.Errorf("%s became %s without a reason", now, to)
		}
	}
	spam := discuss.Trace{Findings: []discuss.Finding{{Check: "akismet", Wish: discuss.WishSpam, Score: 1}}}
	if to, risk := Again(spam, discuss.Published); to != discuss.Spam || risk < 5 {
		t.Errorf("spam: %s, risk %v", to, risk)
	}
}
