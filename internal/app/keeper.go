package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"parley/internal/backups"
	"parley/internal/machine"
	"parley/internal/store"
)

const (
	keeperEvery = time.Minute
	keeperAgain = time.Hour       // after a backup that failed
	keeperSoon  = 3 * time.Second // while an author's deletion waits to settle
	keeperEnds  = 5 * time.Second // what a stop waits for the ledger
	ledgerChunk = 500             // erasures that are written to the ledger at once
	spareInDir  = 64 << 20        // bytes that a backup leaves free where it is written
	hoursOfADay = 24
	mostBackups = 3660 // and weeks: ten years of every day
	leastEvery  = time.Second
	mostEvery   = 31 * 24 * time.Hour
	lateBackup  = 2 * time.Hour // what one may be late before anybody is told
)

// checkBackups refuses settings of backups that cannot be meant.
func (s *Settings) checkBackups() error {
	switch {
	case s.BackupHour < 0 || s.BackupHour >= hoursOfADay: // also while no folder is named
		return fmt.Errorf("backup-hour: must be an hour from 0 to 23, UTC; it is %d", s.BackupHour)
	case s.BackupDir == "":
		return nil
	case s.BackupEvery < leastEvery || s.BackupEvery > mostEvery:
		return fmt.Errorf("backup-every: must be from %s to %s; it is %s", leastEvery, mostEvery, s.BackupEvery)
	case s.BackupKeep < 1 || s.BackupKeep > mostBackups:
		return fmt.Errorf("backup-keep: must be from 1 to %d; it is %d", mostBackups, s.BackupKeep)
	case s.BackupKeepWeeks < 0 || s.BackupKeepWeeks > mostBackups:
		return fmt.Errorf("backup-keep-weeks: must be from 0 to %d weeks; it is %d", mostBackups, s.BackupKeepWeeks)
	}
	return nil
}

// keeper makes a server's backups by themselves, and keeps the ledger of
// erasures beside them. What it cannot do it says once, and tries again.
type keeper struct {
	db       *store.Store
	database string // its file
	folder   backups.Folder
	every    time.Duration
	hour     int // of the day, UTC, from which every is counted
	keep     int
	weeks    int
	now      func() time.Time
	free     func(dir string) (int64, error)
	wake     chan struct{} // something was erased

	unlock func() // nil: the folder is not ours yet
	ledger *backups.Writer
	failed time.Time         // when the last backup did
	said   map[string]string // what was said of each thing to do

	tell   func(ctx context.Context, why string) error // the operators
	toldOn string                                      // the day
}

// keeper takes the folder of backups for this server. It refuses one that is
// another server's or another database's; what may mend itself, as a disk that
// is not there yet, is said and tried again.
func (s *Settings) keeper(ctx context.Context, db *store.Store) (*keeper, error) {
	path, err := s.DatabasePath()
	if err != nil || s.BackupDir == "" {
		return nil, err
	}
	k := &keeper{
		db: db, database: path, folder: backups.Folder{Dir: s.BackupDir}, every: s.BackupEvery, hour: s.BackupHour, keep: s.BackupKeep, weeks: s.BackupKeepWeeks,
		now: time.Now, free: backups.Free, wake: make(chan struct{}, 1), said: map[string]string{},
	}
	if err := k.take(ctx); errors.Is(err, backups.ErrTaken) || errors.Is(err, backups.ErrOther) {
		return nil, fmt.Errorf("%w; name an empty folder for this one", err)
	} else if err != nil {
		k.say("folder", err)
	}
	return k, nil
}

// take locks the folder and looks whose it is.
func (k *keeper) take(ctx context.Context) error {
	if k.unlock != nil {
		return nil
	}
	unlock, err := k.folder.Lock()
	if err != nil {
		return fmt.Errorf("backup-dir: %s: %w", k.folder.Dir, err)
	}
	own, err := k.db.Identity(ctx)
	if err == nil {
		var owner string
		if owner, err = backups.LedgerOwner(k.folder.LedgerPath()); err == nil && owner != own {
			err = backups.ErrOther
		} else if errors.Is(err, fs.ErrNotExist) || errors.Is(err, backups.ErrDamaged) {
			err = nil // it is begun, or said to be damaged, by whoever reads the whole of it
		}
	}
	if err != nil {
		unlock()
		return fmt.Errorf("backup-dir: %s: %w", k.folder.Dir, err)
	}
	k.unlock = unlock
	return nil
}

// erased is told of each erasure and blocks nobody.
func (k *keeper) erased() {
	select {
	case k.wake <- struct{}{}:
	default: // it will look
	}
}

// run works until ctx ends.
func (k *keeper) run(ctx context.Context) {
	t := time.NewTicker(min(keeperEvery, k.every))
	defer t.Stop()
	var soon <-chan time.Time // while what was erased may have to settle
	var until time.Time       // then the last of it has
	for {
		k.round(ctx)
		select {
		case <-ctx.Done():
			k.endLedger()
			k.end()
			return
		case <-k.wake:
			until, soon = time.Now().Add(store.LedgerSettles+keeperSoon), time.After(keeperSoon)
		case <-soon:
			soon = nil
			if time.Now().Before(until) {
				soon = time.After(keeperSoon)
			}
		case <-t.C:
		}
	}
}

// end gives the folder back.
func (k *keeper) end() {
	if k.ledger != nil {
		_ = k.ledger.Close()
	}
	if k.unlock != nil {
		k.unlock()
	}
}

// round does what is to be done now.
func (k *keeper) round(ctx context.Context) {
	for _, do := range []struct {
		what string
		fn   func(context.Context) error
	}{{"folder", k.take}, {"ledger", k.keepLedger}, {"backup", k.backup}} {
		err := do.fn(ctx)
		if ctx.Err() != nil {
			return
		}
		k.say(do.what, err)
		if err != nil && do.what == "folder" {
			break // nothing of the rest can be
		}
	}
	k.say("mail", k.tellOperators(ctx))
}

// tellOperators mails what is amiss once a day: a ledger that cannot be kept,
// and backups that have failed for longer than one day's.
func (k *keeper) tellOperators(ctx context.Context) error {
	why, day := k.said["ledger"], k.now().UTC().Format(time.DateOnly)
	for _, what := range []string{"folder", "backup"} {
		if k.said[what] != "" && k.stale() {
			why = k.said[what]
		}
	}
	if why == "" || k.tell == nil || k.toldOn == day {
		return nil
	}
	if err := k.tell(ctx, why); err != nil {
		return err
	}
	k.toldOn = day
	return nil
}

// stale reports that the newest backup is older than it should be.
func (k *keeper) stale() bool {
	all, err := k.folder.List()
	return err != nil || len(all) == 0 || k.now().Sub(all[0].At) > k.every+lateBackup
}

// say says a failure once, and that it is over.
func (k *keeper) say(what string, err error) {
	text := ""
	if err != nil {
		text = err.Error()
	}
	switch was := k.said[what]; {
	case text == was:
		return
	case text == "":
		slog.Info("backups: mended", "what", what)
	default:
		slog.Error("backups", "what", what, "err", err, "folder", k.folder.Dir)
	}
	k.said[what] = text
}

// due is when the newest backup that there should be was due.
func (k *keeper) due(now time.Time) time.Time {
	begin := time.Date(1970, 1, 1, k.hour, 0, 0, 0, time.UTC)
	return begin.Add(now.Sub(begin) / k.every * k.every)
}

// backup makes one where one is due.
func (k *keeper) backup(ctx context.Context) error {
	now := k.now().UTC()
	since := k.due(now).Truncate(time.Second) // the names of backups tell no less
	if !k.failed.IsZero() && now.Sub(k.failed).Abs() < min(keeperAgain, k.every) {
		return k.lastFailure()
	}
	all, err := k.folder.List()
	if err != nil {
		return err
	}
	for _, f := range all {
		if !f.At.Before(since) && !f.At.After(now) {
			return k.drop(now) // what could not go when it was made, or is too much since the settings changed
		}
	}
	if err := k.makeOne(ctx, now); err != nil {
		k.failed = now
		return err
	}
	k.failed = time.Time{}
	return k.drop(now)
}

// lastFailure is what a backup failed of that is not tried again yet.
func (k *keeper) lastFailure() error {
	if text := k.said["backup"]; text != "" {
		return errors.New(text)
	}
	return nil
}

// makeOne writes one backup: beside its name first, under it once it was opened
// and counted.
func (k *keeper) makeOne(ctx context.Context, now time.Time) error {
	if err := k.folder.Tidy(); err != nil {
		return err
	}
	if err := k.room(); err != nil {
		return err
	}
	path := k.folder.Path(now)
	part := backups.Partial(path)
	c, err := k.db.Backup(ctx, part)
	if err = errors.Join(err, syncIfThere(part)); err != nil {
		return errors.Join(fmt.Errorf("no backup was made: %w", err), removeIfThere(part))
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	if err := machine.Sync(k.folder.Dir); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	slog.Info("backup", "file", filepath.Base(path), "bytes", info.Size(), "comments", c.Comments)
	return nil
}

// room refuses a backup that would fill the disk.
func (k *keeper) room() error {
	need := int64(spareInDir)
	for _, name := range []string{k.database, k.database + "-wal"} {
		if info, err := os.Stat(name); err == nil {
			need += info.Size()
		}
	}
	free, err := k.free(k.folder.Dir)
	if err != nil {
		return nil // a file system that does not tell
	}
	if free < need {
		return fmt.Errorf("no backup was made: it may need %s, with what stays free, and %s has %s; those that are there are kept", Bytes(need), k.folder.Dir, Bytes(free))
	}
	return nil
}

// drop removes the backups that need not stay.
func (k *keeper) drop(now time.Time) error {
	all, err := k.folder.List()
	if err != nil {
		return err
	}
	var past []backups.File // of a clock that went wrong none says what is new
	for _, f := range all {
		if !f.At.After(now) {
			past = append(past, f)
		}
	}
	for _, f := range backups.Surplus(past, k.keep, k.weeks) {
		if err := os.Remove(f.Path); err != nil {
			return err
		}
	}
	return nil
}

func syncIfThere(path string) error {
	if err := machine.Sync(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
