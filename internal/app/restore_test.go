package app

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/backups"
	"parley/internal/discuss"
	"parley/internal/store"
)

// put writes a ledger of so many erasures of a database.
func put(t *testing.T, dir, database string, n int) string {
	t.Helper()
	path := filepath.Join(dir, backups.LedgerName)
	w, _, _, err := backups.OpenLedger(path, database)
	if err != nil {
		t.Fatal(err)
	}
	var list []backups.Erasure
	for i := range n {
		list = append(list, backups.Erasure{At: time.Now(), What: store.ErasedComment, ID: int64(i + 1)})
	}
	if err := w.Add(list); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// spoil makes the last line of a ledger another, if it is to be.
func spoil(t *testing.T, path string, really bool) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil && really {
		text[len(text)-2] ^= 1
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A backup that was carried elsewhere finds the ledger beside it or in the
// folder of the settings, whichever knows more; a ledger that lost its end, or is
// another database's, is none.
func TestWhichLedgerCounts(t *testing.T) {
	knows := func(n int) (in []store.Erasure) {
		for i := range n {
			in = append(in, store.Erasure{What: store.ErasedComment, ID: discuss.ID(i + 1), Ledgered: true})
		}
		return in
	}
	for name, c := range map[string]struct {
		beside, settings int // erasures in each; -1: there is none
		whose            string
		in               int // erasures that the backup knows of
		want             int
		why              string
		spoilt           string // where the last line is another
	}{
		"beside it":                {3, -1, "db", 2, 3, "", ""},
		"in the folder":            {-1, 4, "db", 2, 4, "", ""},
		"the newer in the folder":  {3, 5, "db", 2, 5, "", ""},
		"the newer beside it":      {6, 5, "db", 2, 6, "", ""},
		"one lost its end":         {1, 5, "db", 2, 5, "", ""},
		"all lost their ends":      {1, -1, "db", 2, 1, "lacks what was in it", ""},
		"none":                     {-1, -1, "db", 0, 0, "there is no ledger", ""},
		"that of another database": {3, -1, "another", 0, 0, "there is no ledger", ""},
		"the newer is damaged":     {2, 5, "db", 2, 4, "damaged at line 6", "settings"},
		"the older is damaged":     {3, 5, "db", 2, 5, "", "beside"},
		"a damaged one of another": {3, -1, "another", 0, 0, "there is no ledger", "beside"},
	} {
		from, dir := t.TempDir(), t.TempDir()
		if c.beside >= 0 {
			spoil(t, put(t, from, c.whose, c.beside), c.spoilt == "beside")
		}
		if c.settings >= 0 {
			spoil(t, put(t, dir, c.whose, c.settings), c.spoilt == "settings")
		}
		s := &Settings{BackupDir: dir}
		l, why := s.ledgerFor(filepath.Join(from, "copy.db"), store.Contents{Identity: "db", Ledgered: true}, knows(c.in))
		if len(l.Erasures) != c.want || (why == nil) != (c.why == "") || why != nil && !strings.Contains(why.Error(), c.why) {
			t.Errorf("%s: %d erasures, %v", name, len(l.Erasures), why)
		}
	}
	if _, why := (&Settings{}).ledgerFor(filepath.Join(t.TempDir(), "copy.db"), store.Contents{Identity: "db"}, nil); why != nil {
		t.Errorf("of a server without a folder: %v", why)
	}
}

// The database that is replaced is asked what was erased also where it is damaged.
func TestADamagedDatabaseTellsWhatWasErased(t *testing.T) {
	y := newYard(t)
	ctx := context.Background()
	from, was := filepath.Join(t.TempDir(), "copy.db"), filepath.Join(t.TempDir(), "p.db")
	if _, err := y.db.Identity(ctx); err != nil {
		t.Fatal(err)
	}
	c, err := store.BackupAndLook(ctx, y.path, from)
	if err != nil {
		t.Fatal(err)
	}
	y.erase("ann")
	if _, err := store.BackupAndLook(ctx, y.path, was); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(was)
	if err != nil {
		t.Fatal(err)
	}
	// A table and its index say different things.
	if err := os.WriteFile(was, bytes.Replace(text, []byte("ada@example.com"), []byte("adx@example.com"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	if damaged, err := store.Look(ctx, was); err == nil || damaged.Identity != c.Identity || c.Identity == "" {
		t.Fatalf("%+v (%v)", damaged, err)
	}
	var said strings.Builder
	gone, err := (&Settings{Database: "sqlite:" + was}).erasedSince(ctx, Restoring{From: from}, c, true, &said)
	if err != nil || len(gone) != 1 || gone[0].What != store.ErasedAccount || !strings.Contains(said.String(), "is not whole") {
		t.Errorf("%+v (%v), said: %s", gone, err, said.String())
	}
}

// Where the last step of a restore fails the database that was there is in its
// place again; where that fails too, the error says where everything is.
func TestARestoreThatFailsAtTheEndPutsBackWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	path, kept, part := filepath.Join(dir, "p.db"), filepath.Join(dir, "p.db.before-restore"), filepath.Join(dir, "p.db.part")
	if err := os.WriteFile(kept, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := putInPlace(part, path, kept, true) // there is no part
	if err == nil || !strings.HasPrefix(err.Error(), "nothing was replaced") {
		t.Errorf("said: %v", err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != "before" {
		t.Errorf("in its place: %q (%v)", text, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	err = putInPlace(part, path, kept, true) // nor can anything be put back
	for _, said := range []string{"no database at " + path + " now", "it is " + kept + ",", "restored one is " + part + ":"} {
		if err == nil || !strings.Contains(err.Error(), said) {
			t.Errorf("%q is not said: %v", said, err)
		}
	}
}

// A restore that would leave a site without an admin erases all the same, and
// says whose site that is.
func TestARestoreSaysWhichSiteIsLeftWithoutAnAdmin(t *testing.T) {
	y := newYard(t)
	ctx := context.Background()
	file := filepath.Join(t.TempDir(), "copy.db")
	if _, err := store.BackupAndLook(ctx, y.path, file); err != nil {
		t.Fatal(err)
	}
	gone := filepath.Join(t.TempDir(), "staging", "p.db")
	list := []store.Erasure{}
	for _, name := range []string{"ada", "ed"} {
		a, err := y.db.AccountByEmail(ctx, name+"@example.com")
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, store.Erasure{What: store.ErasedAccount, ID: a.ID, At: y.now})
	}
	if err := os.MkdirAll(filepath.Dir(gone), 0o700); err != nil {
		t.Fatal(err)
	}
	var said strings.Builder
	s := &Settings{Database: "sqlite:" + gone}
	if err := s.stage(ctx, Restoring{From: file}, gone, list, &said); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(said.String(), "2 things were erased; 2 were in it") || !strings.Contains(said.String(), "The site news has no admin") {
		t.Errorf("said: %s", said.String())
	}
}
