package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"parley/internal/backups"
	"parley/internal/discuss"
	"parley/internal/store"
)

// WriteLedger has the ledger beside the backups say what a command has erased. A
// server that is there does so itself.
func (s *Settings) WriteLedger(ctx context.Context, db *store.Store) error {
	path, err := s.DatabasePath()
	if err != nil || s.BackupDir == "" {
		return err
	}
	var note any
	if runs, _ := store.Served(path, &note); runs {
		return nil
	}
	k, err := s.keeper(ctx, db)
	if err != nil {
		return err
	}
	defer k.end()
	if k.unlock == nil {
		return nil // it was said
	}
	return k.keepLedger(ctx)
}

// endLedger writes with a clean stop what waited to settle: where the database is
// lost after it, nothing else knows of that.
func (k *keeper) endLedger() {
	if k.unlock == nil {
		return // it was said
	}
	ctx, cancel := context.WithTimeout(context.Background(), keeperEnds)
	defer cancel()
	k.say("ledger", k.writeLedger(ctx, true))
}

// keepLedger writes to the ledger what was erased and does not stand there. A
// ledger that was moved away, or replaced, is opened anew: what is written to the
// moved one is not beside the backups.
func (k *keeper) keepLedger(ctx context.Context) error { return k.writeLedger(ctx, false) }

// writeLedger is keepLedger, where wanted with what may still be taken back.
func (k *keeper) writeLedger(ctx context.Context, unsettled bool) error {
	if k.ledger != nil {
		stands, err := k.ledger.Stands(k.folder.LedgerPath())
		if err != nil {
			return fmt.Errorf("the ledger of erasures: %w", err)
		}
		if !stands {
			_ = k.ledger.Close() // each line that it took is on the disk
			k.ledger = nil
		}
	}
	if k.ledger == nil {
		if err := k.openLedger(ctx); err != nil {
			return err
		}
	}
	for {
		list, err := k.db.Unledgered(ctx, ledgerChunk, unsettled)
		if err != nil || len(list) == 0 {
			return err
		}
		lines := make([]backups.Erasure, len(list))
		for i, e := range list {
			lines[i] = backups.Erasure{At: e.At, What: e.What, ID: int64(e.ID)}
		}
		if err := k.ledger.Add(lines); err != nil {
			return fmt.Errorf("the ledger of erasures: %w", err)
		}
		if err := k.db.MarkLedgered(ctx, list, true); err != nil { // written twice is no harm
			return err
		}
	}
}

// openLedger opens the ledger and has it agree with the database: what the
// database lacks of it is erased again, as after a backup that was put in place
// by hand, and what it lacks of the database is written.
func (k *keeper) openLedger(ctx context.Context) error {
	own, err := k.db.Identity(ctx)
	if err != nil {
		return err
	}
	w, l, _, err := backups.OpenLedger(k.folder.LedgerPath(), own)
	if errors.Is(err, backups.ErrDamaged) {
		return fmt.Errorf("%w; erasures are kept in the database meanwhile: move %s away, and the next minute writes it anew", err, k.folder.LedgerPath())
	}
	if err != nil {
		return err
	}
	if err := k.agree(ctx, l); err != nil {
		return errors.Join(err, w.Close())
	}
	k.ledger = w
	return k.db.NoteLedger(ctx)
}

func (k *keeper) agree(ctx context.Context, l backups.Ledger) error {
	known, err := k.db.Erasures(ctx)
	if err != nil {
		return err
	}
	inLedger, inDatabase := map[erased]bool{}, map[erased]bool{}
	for _, e := range l.Erasures {
		inLedger[erased{e.What, discuss.ID(e.ID)}] = true
	}
	var lost []store.Erasure
	for _, e := range known {
		at := erased{e.What, e.ID}
		inDatabase[at] = e.Ledgered
		if e.Ledgered && !inLedger[at] {
			lost = append(lost, e)
		}
	}
	if err := k.db.MarkLedgered(ctx, lost, false); err != nil {
		return err
	}
	var again []store.Erasure
	for _, e := range fromLedger(l) {
		if !inDatabase[erased{e.What, e.ID}] {
			again = append(again, e)
		}
	}
	n, err := k.db.Replay(ctx, again)
	if n > 0 {
		slog.Warn("the database was older than the ledger of erasures: what had been erased was erased again", "erasures", n)
	}
	return err
}

// erased names one erasure.
type erased struct {
	what string
	id   discuss.ID
}

func fromLedger(l backups.Ledger) (out []store.Erasure) {
	for _, e := range l.Erasures {
		out = append(out, store.Erasure{What: e.What, ID: discuss.ID(e.ID), At: e.At, Ledgered: true})
	}
	return out
}
