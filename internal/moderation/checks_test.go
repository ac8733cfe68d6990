package moderation

import (
	"context"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Each row is a case and what becomes of it, with the limits of time and count
// on and off: off takes away those, and no rule about content.
func TestCasesAreJudged(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	old := discuss.Record{Since: now.Add(-90 * 24 * time.Hour), Published: 10}
	site := discuss.Site{ID: 1, Settings: discuss.DefaultSettings()}
	one := func(mode string, level discuss.Level, change func(*discuss.Case, *discuss.Reading)) (discuss.Case, discuss.Reading) {
		k := discuss.Case{Site: site, Who: discuss.Actor{Account: 1, Role: discuss.Member}, Record: old, Level: level, Mode: mode, Now: now, Body: "a remark"}
		r := discuss.Reading{}
		if change != nil {
			change(&k, &r)
		}
		return k, r
	}
	const pub, pend, spam = discuss.Published, discuss.Pending, discuss.Spam
	for _, c := range []struct {
		name    string
		mode    string
		level   discuss.Level
		change  func(*discuss.Case, *discuss.Reading)
		on, off discuss.Status
		wait    int
	}{
		{"a known person", "publish", discuss.LevelMember, nil, pub, pub, 0},
		{"a newcomer without a link", "publish", discuss.LevelNew, nil, pub, pub, 0},
		{"a newcomer's link", "publish", discuss.LevelNew, func(_ *discuss.Case, r *discuss.Reading) { r.Links = 1 }, pend, pend, 0},
		{"a known person's three links", "publish", discuss.LevelMember, func(_ *discuss.Case, r *discuss.Reading) { r.Links = 3 }, pub, pub, 0},
		{"a known person's four links", "publish", discuss.LevelMember, func(_ *discuss.Case, r *discuss.Reading) { r.Links = 4 }, pend, pend, 0},
		{"any link where links wait", "links", discuss.LevelRegular, func(_ *discuss.Case, r *discuss.Reading) { r.Links = 1 }, pend, pend, 0},
		{"everything waits", "all", discuss.LevelTrusted, nil, pend, pend, 0},
		{"everything waits, but not staff", "all", discuss.LevelNew, func(k *discuss.Case, _ *discuss.Reading) { k.Who.Role = discuss.Moderator }, pub, pub, 0},
		{"newcomers wait", "newcomers", discuss.LevelNew, nil, pend, pend, 0},
		{"newcomers wait, others do not", "newcomers", discuss.LevelMember, nil, pub, pub, 0},
		{"guests wait", "guests", discuss.LevelNew, func(k *discuss.Case, _ *discuss.Reading) { k.Author.Guest = true }, pend, pend, 0},
		{"guests wait, members do not", "guests", discuss.LevelNew, nil, pub, pub, 0},
		{"twenty seconds are not over", "publish", discuss.LevelMember, func(k *discuss.Case, _ *discuss.Reading) { k.Record.LastPost = now.Add(-15 * time.Second) }, pub, pub, 5},
		{"two minutes are not over", "publish", discuss.LevelNew, func(k *discuss.Case, _ *discuss.Reading) { k.Record.LastPost = now.Add(-time.Minute) }, pub, pub, 60},
		{"ten a day are enough", "publish", discuss.LevelNew, func(k *discuss.Case, _ *discuss.Reading) { k.Record.Today = 10 }, pub, pub, 3600},
		{"slow mode of a thread", "publish", discuss.LevelTrusted, func(k *discuss.Case, _ *discuss.Reading) {
			k.Thread.Slow, k.Record.LastInHere = 60, now.Add(-20*time.Second)
		}, pub, pub, 40},
		{"an edit has no pace", "publish", discuss.LevelNew, func(k *discuss.Case, _ *discuss.Reading) { k.Edit, k.Record.LastPost = true, now }, pub, pub, 0},
		{"the same text again", "publish", discuss.LevelMember, func(k *discuss.Case, _ *discuss.Reading) { k.Record.Same = 1 }, pend, pub, 0},
		{"the same text a fourth time", "publish", discuss.LevelMember, func(k *discuss.Case, _ *discuss.Reading) { k.Record.Same = 3 }, spam, pub, 0},
		{"the same text by three others", "publish", discuss.LevelMember, func(k *discuss.Case, _ *discuss.Reading) { k.Record.SameOther = 3 }, pend, pub, 0},
		{"a newcomer in a burst", "publish", discuss.LevelNew, func(k *discuss.Case, _ *discuss.Reading) { k.Burst = 30 }, pend, pub, 0},
		{"a known person in a burst", "publish", discuss.LevelMember, func(k *discuss.Case, _ *discuss.Reading) { k.Burst = 30 }, pub, pub, 0},
		{"many rejections this week", "publish", discuss.LevelMember, func(k *discuss.Case, _ *discuss.Reading) {
			k.Record.Decided7, k.Record.Rejected7, k.Record.LastBad = 3, 1, now.Add(-time.Hour)
		}, pend, pend, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			k, r := one(c.mode, c.level, c.change)
			on := (&Engine{Limits: true}).Judge(k, r)
			if on.Status != c.on || on.Wait != c.wait {
				t.Errorf("limits on: %s, wait %d; want %s, %d", on.Status, on.Wait, c.on, c.wait)
			}
			if off := (&Engine{}).Judge(k, r); off.Status != c.off || off.Wait != 0 {
				t.Errorf("limits off: %s, wait %d; want %s, 0", off.Status, off.Wait, c.off)
			}
		})
	}
}

func TestLikenessSeesThroughDisguise(t *testing.T) {
	e := &Engine{
		Policy:           func(context.Context, discuss.ID) (discuss.Policy, error) { return discuss.Policy{}, nil },
		TrainingExamples: func(context.Context, discuss.ID, int) ([]discuss.TrainingExample, error) { return nil, nil },
	}
	read := func(s string) int64 {
		r, err := e.Read(context.Background(), discuss.Site{ID: 1, Settings: discuss.DefaultSettings()}, s, "")
		if err != nil {
			t.Fatal(err)
		}
		return r.Fingerprint
	}
	a := read("My cousin clears her rent in a weekend!")
	if a == 0 || a != read("my  COUSIN clears her rent, in a weekend") || a != read("My cоusin clеars her rent in a weekend") {
		t.Error("the same text in disguise is another")
	}
	if a == read("My cousin clears her desk in a weekend") {
		t.Error("another text is the same")
	}
	if read("+1") != 0 || read("Thank you!") != 0 {
		t.Error("short texts are repetitions")
	}
}
