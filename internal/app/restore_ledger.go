package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"parley/internal/backups"
	"parley/internal/discuss"
	"parley/internal/store"
)

// erasedSince gathers what was erased after a backup was made: from the ledger
// beside it, from that of the folder of backups, and from the database that is
// to be replaced. A ledger that should be there and is not whole is an error
// unless the operator has said so.
func (s *Settings) erasedSince(ctx context.Context, r Restoring, c store.Contents, there bool, notes io.Writer) ([]store.Erasure, error) {
	in, err := store.ErasuresIn(ctx, r.From)
	if err != nil {
		return nil, err
	}
	known := map[erased]bool{}
	for _, e := range in {
		known[erased{e.What, e.ID}] = true
	}
	var out []store.Erasure
	take := func(list []store.Erasure) {
		for _, e := range list {
			if at := (erased{e.What, e.ID}); !known[at] {
				known[at] = true
				e.Ledgered = false // this database's own ledger may be another: the next start compares
				out = append(out, e)
			}
		}
	}
	l, why := s.ledgerFor(r.From, c, in)
	if why != nil && !r.WithoutLedger {
		return nil, fmt.Errorf("%w; without it what was erased since this backup would come back: put the ledger beside the backup, or go on with --without-ledger", why)
	}
	if why != nil {
		fmt.Fprintf(notes, "%v; what it still says is erased again, and the rest of what was erased since this backup comes back.\n", why)
	}
	take(fromLedger(l))
	if !there {
		return out, nil
	}
	path, err := s.DatabasePath()
	if err != nil {
		return nil, err
	}
	was, refused := store.Look(ctx, path)
	if c.Identity != "" && was.Identity != "" && was.Identity != c.Identity {
		return out, nil
	}
	// One that is refused may still tell what was erased: often it is replaced because it is damaged.
	list, err := store.ErasuresIn(ctx, path)
	take(list)
	switch {
	case err != nil:
		fmt.Fprintf(notes, "The database that is replaced cannot be read (%v): what was erased since and stands in no ledger comes back.\n", cmp.Or(refused, err))
	case refused != nil && !errors.Is(refused, store.ErrNewer):
		fmt.Fprintf(notes, "The database that is replaced is not whole (%v): what it still says was erased is erased again, and what it has lost and stands in no ledger comes back.\n", refused)
	}
	return out, nil
}

// ledgerFor reads the ledger that knows most of what was erased since a backup.
// It must hold what the backup says was written there. A damaged one that is as
// long as the longest whole one, or longer, has lost what nothing else tells. The
// error says what is missing; what could be read is returned beside it.
func (s *Settings) ledgerFor(from string, c store.Contents, in []store.Erasure) (best backups.Ledger, why error) {
	places := []string{filepath.Join(filepath.Dir(from), backups.LedgerName)}
	if s.BackupDir != "" {
		places = append(places, backups.Folder{Dir: s.BackupDir}.LedgerPath())
	}
	whole, damaged := -1, -1 // the lines of the longest of each that is of this database
	for _, place := range places {
		l, err := backups.ReadLedger(place)
		if c.Identity != "" && l.Database != "" && l.Database != c.Identity {
			continue // of another database, which says nothing about this one
		}
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err == nil && l.Torn:
			err = fmt.Errorf("%w: its last line is cut short", backups.ErrDamaged)
		case err == nil && lacks(l, in):
			err = fmt.Errorf("%w: it lacks what was in it when this backup was made", backups.ErrDamaged)
		}
		switch n := len(l.Erasures); {
		case err == nil:
			whole = max(whole, n)
		case l.Database == "": // nobody can say whose it was
			why = cmp.Or(why, fmt.Errorf("%s: %w", place, err))
		case n > damaged:
			damaged, why = n, fmt.Errorf("%s: %w", place, err)
		}
		if len(l.Erasures) >= len(best.Erasures) {
			best = l
		}
	}
	if whole < 0 && why == nil && c.Ledgered {
		why = fmt.Errorf("there is no ledger of erasures (%s) beside this backup", backups.LedgerName)
	}
	if damaged < whole {
		why = nil
	}
	return best, why
}

// lacks reports whether a ledger has lost lines that a backup knows of.
func lacks(l backups.Ledger, in []store.Erasure) bool {
	has := map[erased]bool{}
	for _, e := range l.Erasures {
		has[erased{e.What, discuss.ID(e.ID)}] = true
	}
	for _, e := range in {
		if e.Ledgered && !has[erased{e.What, e.ID}] {
			return true
		}
	}
	return false
}
