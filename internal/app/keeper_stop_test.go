package app

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"testing"

	"parley/internal/discuss"
)

// What an author took away a moment before a clean stop stands in the ledger
// after it, and cannot be taken back past it.
func TestACleanStopWritesWhatAuthorsTookAway(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	c := y.post("mo", "taken away")
	ctx, stop := context.WithCancel(context.Background())
	k.round(ctx)
	svc := &discuss.Service{Store: y.db}
	who := discuss.Actor{Account: c.Author.Account, Name: "mo", Role: discuss.Member}
	if err := svc.Delete(ctx, y.site, who, c.ID); err != nil {
		t.Fatal(err)
	}
	k.round(ctx)
	if got := written(t, k); len(got) != 0 {
		t.Fatalf("before it has settled: %v", got)
	}
	stop()
	k.run(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"withdrawn"}) {
		t.Errorf("after a stop the ledger has %v", got)
	}
	if _, err := svc.Restore(context.Background(), y.site, who, c.ID, netip.Addr{}); !errors.Is(err, discuss.ErrState) {
		t.Errorf("taken back past the ledger: %v", err)
	}
}
