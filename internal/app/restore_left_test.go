package app

import (
	"context"
	"io"
	"path/filepath"
	"testing"

	"parley/internal/store"
)

// A restore leaves nothing of what it made ready, whether something was erased
// again in it or not.
func TestARestoreLeavesNoParts(t *testing.T) {
	y := newYard(t)
	ctx := context.Background()
	from, dir := filepath.Join(t.TempDir(), "copy.db"), t.TempDir()
	if _, err := y.db.Identity(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := store.BackupAndLook(ctx, y.path, from); err != nil {
		t.Fatal(err)
	}
	s := &Settings{Database: "sqlite:" + filepath.Join(dir, "p.db")}
	clean := func(when string) {
		t.Helper()
		if left, err := filepath.Glob(filepath.Join(dir, "*.part*")); err != nil || len(left) > 0 {
			t.Errorf("%s: left are %v (%v)", when, left, err)
		}
	}
	if err := Restore(ctx, s, Restoring{From: from}, io.Discard); err != nil {
		t.Fatal(err)
	}
	clean("nothing erased")
	there, err := s.OpenExisting()
	if err != nil {
		t.Fatal(err)
	}
	here := y.db
	y.db = there
	y.erase("ann")
	y.db = here
	if err := there.Close(); err != nil {
		t.Fatal(err)
	}
	if err := Restore(ctx, s, Restoring{From: from, Force: true}, io.Discard); err != nil {
		t.Fatal(err)
	}
	clean("somebody erased again")
}
