package app

import (
	"context"
	"testing"
	"time"

	"parley/internal/discuss"
)

// A site goes by itself when its day is over and not before, one that was called
// off stays, and a backup that is put in place has its day anew.
func TestASiteGoesADayAfterItWasAskedFor(t *testing.T) {
	y := newYard(t)
	ctx := context.Background()
	other, err := AddSite(ctx, y.db, "other", "Other", []string{"https://other.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"news", "other"} {
		if _, err := ActOnSite(ctx, y.db, key, discuss.SiteDelete); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := ActOnSite(ctx, y.db, "other", discuss.SiteKeep); err != nil {
		t.Fatal(err)
	}
	c := y.started()
	told := 0
	c.gone = func() { told++ }
	round := func() {
		if err := c.round(ctx); err != nil {
			t.Fatal(err)
		}
	}
	there := func() int {
		list, err := y.db.Sites(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	y.now = y.now.Add(discuss.SiteDeleteWait - time.Minute)
	if round(); there() != 2 || told != 0 {
		t.Fatalf("%d sites a minute before", there())
	}
	if _, err := y.db.Hold(ctx); err != nil { // as restore does
		t.Fatal(err)
	}
	y.now = y.now.Add(2 * time.Minute)
	if round(); there() != 2 {
		t.Fatalf("%d sites: a restored one has no day", there())
	}
	y.now = y.now.Add(discuss.SiteDeleteWait)
	if round(); there() != 1 || told != 1 {
		t.Fatalf("%d sites after it, told %d times", there(), told)
	}
	if _, err := y.db.SiteByID(ctx, other.ID); err != nil {
		t.Errorf("the one that was called off: %v", err)
	}
	if _, err := y.db.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}
