package store

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Who sent a notice is known while it is open, and for half a year after its
// answer; the notice itself for a year.
func TestNoticesAreKeptUntilTheyAreOld(t *testing.T) {
	var ahead atomic.Int64
	b := newBench(t, Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "said to be illegal")
	other := b.post(t, 2, "a", 0, "still to be answered")
	notify := func(id discuss.ID) string {
		receipt, err := b.verbs.Notify(ctx, b.site, id, discuss.Notice{Name: "A Citizen", Email: "C@example.com", Why: "Paragraph 7", GoodFaith: true})
		if err != nil {
			t.Fatal(err)
		}
		return receipt
	}
	answered, open := notify(c.ID), notify(other.ID)
	if _, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: c.ID, Action: "reject"}}); err != nil {
		t.Fatal(err)
	}
	step := func(d time.Duration, want string) {
		t.Helper()
		ahead.Add(int64(d))
		if err := b.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, receipt := range []string{answered, open} {
			var one string
			if err := b.queryRow(ctx, `SELECT coalesce((SELECT name || ' ' || email || ' ' || law FROM notices WHERE receipt = ?1), 'gone')`, []any{receipt}, &one); err != nil {
				t.Fatal(err)
			}
			got += one + "; "
		}
		if got != want {
			t.Errorf("after %v: %q, want %q", d, got, want)
		}
	}
	const whole = "A Citizen C@example.com Paragraph 7"
	step(NoticeNamesKept-time.Hour, whole+"; "+whole+"; ")
	step(2*time.Hour, "  Paragraph 7; "+whole+"; ")
	step(ReportsKept-NoticeNamesKept, "gone; "+whole+"; ")
}

// A notice about a comment that its author took away is answered, so that its
// sender hears and it gets old.
func TestANoticeOfWhatIsGoneIsAnswered(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	gone, stays := a.post(t, 1, "a", 0, "taken away"), a.post(t, 1, "a", 0, "still there")
	var receipts []string
	for _, c := range []discuss.Comment{gone, stays} {
		r, err := a.verbs.Notify(ctx, a.site, c.ID, discuss.Notice{Name: "A Citizen", Email: "c@example.com", Why: "Paragraph 7", GoodFaith: true})
		if err != nil {
			t.Fatal(err)
		}
		receipts = append(receipts, r)
	}
	if err := a.verbs.Delete(ctx, a.site, a.people[1], gone.ID); err != nil {
		t.Fatal(err)
	}
	a.later(2 * time.Hour)
	for i, want := range []string{"removed", ""} {
		if got, err := a.NoticeByReceipt(ctx, a.site.ID, receipts[i]); err != nil || got != want {
			t.Errorf("notice %d: %q, %v", i, got, err)
		}
	}
}

// A notice that an erased person sent loses its sender; one about an erased
// text is answered and loses what it says of it.
func TestErasureTakesNoticesAlong(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	notify := func(id discuss.ID, email string) {
		if _, err := b.verbs.Notify(ctx, b.site, id, discuss.Notice{Name: "A Citizen", Email: email, Why: "Paragraph 7", GoodFaith: true}); err != nil {
			t.Fatal(err)
		}
	}
	mine, theirs := b.post(t, 1, "a", 0, "about to go"), b.post(t, 2, "a", 0, "stays")
	notify(mine.ID, "c@example.com")
	notify(theirs.ID, "P1@example.com")
	if err := b.SetErase(ctx, b.people[1].Account, time.Now(), true); err != nil {
		t.Fatal(err)
	}
	if _, err := b.EraseSome(ctx, b.people[1].Account, 100); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[discuss.ID]string{mine.ID: "removed: A Citizen c@example.com ", theirs.ID: ":   Paragraph 7"} {
		var got string
		if err := b.queryRow(ctx, `SELECT outcome || ': ' || name || ' ' || email || ' ' || law FROM notices WHERE comment_id = ?1`, []any{id}, &got); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
