package store

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"parley/internal/discuss"
)

// What newcomers vote is shown, and moves neither rank nor folding; a vote keeps
// the worth that it had when it was given.
func TestNewcomersVotesAreShownAndMoveNothing(t *testing.T) {
	b := newBench(t, Options{TallyEvery: time.Millisecond})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "Something to vote on")
	vote := func(who, value int) {
		t.Helper()
		if _, _, err := b.verbs.Vote(ctx, b.site, b.people[who], c.ID, value, netip.Addr{}); err != nil {
			t.Fatal(err)
		}
	}
	settled := func() discuss.Comment {
		t.Helper()
		for range 500 {
			var due int
			if err := b.queryRow(ctx, `SELECT count(*) FROM tallies_due`, nil, &due); err != nil {
				t.Fatal(err)
			}
			if due == 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		got, err := b.CommentByID(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	vote(2, 1) // an account of today
	if got := settled(); got.Up != 1 || got.Rank != 0 {
		t.Errorf("a newcomer's vote: up %d, rank %v, want it shown and the rank 0", got.Up, got.Rank)
	}
	if err := b.SetTrust(ctx, b.site.ID, b.people[2].Account, discuss.LevelMember); err != nil {
		t.Fatal(err)
	}
	vote(2, -1) // voted anew, as a member
	if got := settled(); got.Up != 0 || got.Down != 1 || got.Rank != 0 {
		t.Errorf("turned round as a member: up %d, down %d, rank %v, want 0, 1 and 0", got.Up, got.Down, got.Rank)
	}
	vote(2, 1)
	want := discuss.Best(1, 0, 0)
	if got := settled(); got.Up != 1 || got.Down != 0 || got.Rank != want {
		t.Errorf("a member's vote: up %d, down %d, rank %v, want 1, 0 and %v", got.Up, got.Down, got.Rank, want)
	}
	vote(2, 0)
	var fresh int
	if err := b.queryRow(ctx, `SELECT fresh_up + fresh_down FROM comments WHERE id = ?1`, []any{c.ID}, &fresh); err != nil || fresh != 0 {
		t.Errorf("newcomers' part of the tally is %d, %v, want 0", fresh, err)
	}
	if got := settled(); got.Up != 0 || got.Rank != 0 {
		t.Errorf("taken back: up %d, rank %v", got.Up, got.Rank)
	}
}
