package store

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Who wrote what moderators removed finds it again with its reason, and reads
// whether anybody had seen it. Spam, what they took away themselves and what
// was let back is not among it.
func TestAnAuthorIsToldWhatWasRemovedAndWhy(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	decide := func(id discuss.ID, action, reason string) string {
		t.Helper()
		out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: id, Action: action, Reason: reason}})
		if err != nil || out.Errors[0] != nil {
			t.Fatal(err, out.Errors)
		}
		return out.Undo
	}
	seen, spam, own, back, outAgain := b.post(t, 1, "a", 0, "Seen."), b.post(t, 1, "a", 0, "Spam."), b.post(t, 1, "a", 0, "Mine."), b.post(t, 1, "a", 0, "Back."), b.post(t, 1, "a", 0, "Twice.")
	held := b.site
	held.Settings.Hold = "all"
	post := func(text string) discuss.Comment {
		t.Helper()
		c, _, err := b.verbs.Post(ctx, held, b.people[1], discuss.Draft{ThreadKey: "a", Body: text}, discuss.Once{})
		if err != nil || c.Status != discuss.Pending {
			t.Fatal(c.Status, err)
		}
		return c
	}
	unseen, letOut := post("Nobody has read this."), post("Let out and taken away.")
	decide(seen.ID, "reject", "abuse")
	decide(spam.ID, "spam", "")
	decide(own.ID, "approve", "")
	if err := b.verbs.Delete(ctx, b.site, b.people[1], own.ID); err != nil {
		t.Fatal(err)
	}
	undo := decide(back.ID, "delete", "hate")
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], undo); err != nil {
		t.Fatal(err)
	}
	if _, err := b.verbs.Edit(ctx, held, b.people[1], outAgain.ID, "Twice, edited.", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	decide(outAgain.ID, "reject", "Words of a moderator.")
	decide(unseen.ID, "reject", "off_topic")
	decide(letOut.ID, "approve", "")
	decide(letOut.ID, "delete", "")
	want := map[discuss.ID]discuss.Removal{
		seen.ID: {Reason: "abuse", Public: true}, outAgain.ID: {Reason: "Words of a moderator.", Public: true},
		unseen.ID: {Reason: "off_topic"}, letOut.ID: {Public: true},
	}
	check := func(name string, got []discuss.RemovedComment, err error) {
		t.Helper()
		if err != nil || len(got) != len(want) {
			t.Errorf("%s: %d removed, want %d: %v", name, len(got), len(want), err)
		}
		for _, c := range got {
			w, ok := want[c.ID]
			if w.At = c.At; !ok || c.Removal != w || c.At.IsZero() || c.Body == "" || c.Key != "a" {
				t.Errorf("%s: %q is %+v, want %+v", name, c.Body, c.Removal, w)
			}
		}
	}
	o, err := b.Overlay(ctx, seen.Author.ID, seen.ThreadID, time.Now())
	check("on the page", o.Removed, err)
	all, err := b.verbs.RemovedOf(ctx, b.people[1].Account)
	check("of the account", all, err)
	if o, err := b.Overlay(ctx, seen.Author.ID, seen.ThreadID, time.Now().Add(discuss.RemovedOnPage+1)); err != nil || len(o.Removed) > 0 {
		t.Errorf("after a week the page still shows %d: %v", len(o.Removed), err)
	}
}
