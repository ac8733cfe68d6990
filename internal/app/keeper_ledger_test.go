package app

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// A ledger that is moved away, put back or cut short while the server runs is
// noticed with the next erasure, and nothing is lost.
func TestALedgerThatIsMovedAwayIsWrittenAnew(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	ctx := context.Background()
	k.round(ctx)
	y.erase("ann")
	k.round(ctx)
	path, moved := k.folder.LedgerPath(), filepath.Join(t.TempDir(), "moved")
	old, err := os.ReadFile(path)
	if err == nil {
		err = os.Rename(path, moved)
	}
	if err != nil {
		t.Fatal(err)
	}
	y.erase("mo")
	k.round(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"account", "account"}) {
		t.Errorf("moved away: %v", got)
	}
	if now, err := os.ReadFile(moved); err != nil || string(now) != string(old) {
		t.Errorf("the moved one was written to: %s (%v)", now, err)
	}
	if err := os.Rename(moved, path); err != nil {
		t.Fatal(err)
	}
	k.round(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"account", "account"}) {
		t.Errorf("an older one was put there: %v", got)
	}
	if err := os.WriteFile(path, old, 0o600); err != nil { // the same file
		t.Fatal(err)
	}
	k.round(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"account", "account"}) || k.said["ledger"] != "" {
		t.Errorf("cut short: %v, said %v", got, k.said)
	}
}
