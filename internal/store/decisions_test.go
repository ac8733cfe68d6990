package store

import (
	"context"
	"errors"
	"testing"
	"time"

	"parley/internal/discuss"
)

func TestASelectionIsDecidedInAFewWritesAndTakenBackWhole(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	var ds []discuss.Decision
	for i := range 120 {
		c := b.post(t, 1+i%4, "a", 0, "A comment to decide about.")
		action := "reject"
		if i%3 == 0 {
			action = "spam"
		}
		ds = append(ds, discuss.Decision{Comment: c.ID, Action: action})
	}
	ds[7].Comment = 99             // unknown
	ds[60].Action = "applaud"      // no action
	ds[119].Action = "restore"     // it is published
	ds[80].Comment = ds[3].Comment // twice in one selection: both stand in the log
	before, _, _ := b.Writes()
	out, err := b.verbs.Decide(ctx, b.site, b.people[0], ds)
	if err != nil {
		t.Fatal(err)
	}
	if after, _, _ := b.Writes(); after-before > 6 {
		t.Errorf("%d writes for 120 decisions", after-before)
	}
	for i, err := range out.Errors {
		want := map[int]error{7: discuss.ErrNotFound, 60: discuss.Bad("action", ""), 119: discuss.ErrState}[i]
		if (want == nil) != (err == nil) || want != nil && discuss.KindOf(err) != discuss.KindOf(want) {
			t.Errorf("decision %d: %v, want %v", i, err, want)
		}
	}
	page, err := b.List(ctx, discuss.ListQuery{Thread: thread(t, b, "a").ID, View: discuss.ViewFlat, Sort: discuss.SortNewest, Limit: 200})
	if err != nil || len(page) != 4 { // 7, 60, 80 and 119 stand
		t.Errorf("%d comments are left in view, want 4: %v", len(page), err)
	}
	done, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo)
	if err != nil || len(done) != 117 {
		t.Errorf("%d decisions were taken back, want 117: %v", len(done), err)
	}
	if n := thread(t, b, "a").Count; n != 120 {
		t.Errorf("%d comments after the undo, want 120", n)
	}
	if _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); !errors.Is(err, discuss.ErrUndoOver) {
		t.Errorf("a second undo: %v", err)
	}
	if _, err := b.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	recount(t, b.path)
}

func thread(t *testing.T, b *bench, key string) discuss.Thread {
	t.Helper()
	th, err := b.ThreadByKey(context.Background(), b.site.ID, key)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// What people decided was about the text they read: an edit since is for the
// services to look at again, and teaches nothing.
func TestADecisionIsAboutTheTextThatStoodThere(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	b := newBench(t, Options{Now: func() time.Time { return now }})
	ctx := context.Background()
	kept, changed := b.post(t, 1, "a", 0, "A harmless remark."), b.post(t, 2, "a", 0, "Another harmless remark.")
	now = now.Add(time.Second)
	out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: kept.ID, Action: "approve"}, {Comment: changed.ID, Action: "approve"}})
	if err != nil || out.Errors[0] != nil || out.Errors[1] != nil {
		t.Fatal(err, out.Errors)
	}
	now = now.Add(time.Second)
	if _, err := b.verbs.Edit(ctx, b.site, b.people[2], changed.ID, "Cheap pills, here."); err != nil {
		t.Fatal(err)
	}
	lessons, err := b.Lessons(ctx, b.site.ID, 10)
	if err != nil || len(lessons) != 1 || lessons[0].Comment != kept.ID || lessons[0].HTML == "" {
		t.Errorf("learned from %+v, %v", lessons, err)
	}
	hold := func(t discuss.Trace, _ discuss.Status, _ bool) (discuss.Status, float64) { return discuss.Pending, 1 }
	for _, c := range []struct {
		id   discuss.ID
		want discuss.Status
	}{{kept.ID, discuss.Published}, {changed.ID, discuss.Pending}} {
		if err := b.verbs.Rejudge(ctx, b.site, c.id, discuss.Finding{Check: "akismet", Wish: discuss.WishHold}, hold); err != nil {
			t.Fatal(err)
		}
		if got, err := b.CommentByID(ctx, c.id); err != nil || got.Status != c.want {
			t.Errorf("%s, want %s: %v", got.Status, c.want, err)
		}
	}
}
