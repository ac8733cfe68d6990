package store

import (
	"context"
	"testing"

	"parley/internal/discuss"
)

// What was decided about somebody's comments stays on their record.
func TestDeletingARejectedCommentDoesNotClearTheRecord(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	bad := b.post(t, 1, "a", 0, "A comment that is rejected")
	if _, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: bad.ID, Action: "reject"}}); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.Delete(ctx, b.site, b.people[1], bad.ID); err != nil {
		t.Fatal(err)
	}
	if c, err := b.CommentByID(ctx, bad.ID); err != nil || c.Status != discuss.Rejected {
		t.Errorf("the rejected comment is %s: %v", c.Status, err)
	}
}
