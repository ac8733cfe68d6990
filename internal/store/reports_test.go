package store

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"parley/internal/discuss"
)

// A newcomer's report is shown to moderators and takes nothing off the page;
// of a report alone, readers are told nothing.
func TestNewcomersReportsAreShownAndWeighNothing(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "A remark that some dislike.")
	weighed := func() (o discuss.Objections) {
		t.Helper()
		if err := b.Write(ctx, func(r discuss.Reader) (_ discuss.Changes, err error) { o, err = r.Objections(c.ID); return nil, err }); err != nil {
			t.Fatal(err)
		}
		return o
	}
	report := func(who int, reason string) {
		t.Helper()
		if err := b.verbs.Report(ctx, b.site, b.people[who], c.ID, reason, "", netip.Addr{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []int{2, 3, 4} {
		report(who, "spam")
	}
	if o := weighed(); o != (discuss.Objections{Reports: 3}) {
		t.Errorf("three newcomers: %+v", o)
	}
	if err := b.SetTrust(ctx, b.site.ID, b.people[5].Account, discuss.LevelMember); err != nil {
		t.Fatal(err)
	}
	report(5, discuss.Illegal)
	if o := weighed(); o != (discuss.Objections{Reports: 4, Weight: 2, Illegal: true}) {
		t.Errorf("and a member: %+v", o)
	}
	list, err := b.OpenReports(ctx, []discuss.ID{c.ID})
	if err != nil || len(list[c.ID]) != 4 {
		t.Errorf("shown: %+v, %v", list, err)
	}
	if _, _, err := b.verbs.Vote(ctx, b.site, b.people[2], c.ID, 1, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	votes := func() (n int) {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, e := range b.events {
			if e.Type == discuss.CommentVotes {
				n++
			}
		}
		return n
	}
	for end := time.Now().Add(10 * time.Second); votes() == 0 && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	if n := votes(); n != 1 {
		t.Errorf("readers were told %d times of one vote and four reports", n)
	}
	if err := b.verbs.Unreport(ctx, b.site, b.people[5], c.ID); err != nil {
		t.Fatal(err)
	}
	if o := weighed(); o != (discuss.Objections{Reports: 3}) {
		t.Errorf("after it was taken back: %+v", o)
	}
}
