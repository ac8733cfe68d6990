package app

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"parley/internal/auth"
	"parley/internal/backups"
	"parley/internal/machine"
	"parley/internal/store"
)

// What becomes of mail and questions that waited in a backup.
const (
	PendingHold = "hold"
	PendingSend = "send"
	PendingDrop = "drop"
)

// Restoring is what a restore is told.
type Restoring struct {
	From          string // the backup
	Force         bool   // replace a database that is there
	Pending       string // PendingHold, PendingSend or PendingDrop
	WithoutLedger bool   // go on where the ledger of erasures is missing or damaged
}

// Restore checks a backup, makes it ready beside the place where it belongs and
// puts it there: what was erased since is erased in it, and what waited to leave
// is held. A database that is there is replaced by force only, and kept beside;
// notes says where. Until the last step nothing is changed.
func Restore(ctx context.Context, s *Settings, r Restoring, notes io.Writer) error {
	path, err := s.DatabasePath()
	if err != nil {
		return err
	}
	c, err := store.Look(ctx, r.From)
	if err != nil {
		return fmt.Errorf("%s: %w", r.From, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	_, err = os.Stat(path)
	there := err == nil
	if there && !r.Force {
		return fmt.Errorf("there is a database at %s; stop the server and use --force to replace it", path)
	}
	var note any
	if runs, _ := store.Served(path, &note); runs {
		return errors.New("the database is in use: stop the server first")
	}
	gone, err := s.erasedSince(ctx, r, c, there, notes)
	if err != nil {
		return err
	}
	if err := roomToRestore(r.From, filepath.Dir(path), len(gone) > 0); err != nil {
		return err
	}
	part := path + ".part"
	if err := s.stage(ctx, r, part, gone, notes); err != nil {
		return errors.Join(err, removeDatabase(part))
	}
	kept, err := asideName(path)
	if err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	if there {
		if err := store.SetAside(ctx, path, kept); err != nil {
			return errors.Join(err, removeIfThere(part))
		}
	}
	if err := putInPlace(part, path, kept, there); err != nil {
		return err
	}
	if there {
		fmt.Fprintln(notes, "The database that was there is now", kept)
	}
	if err := errors.Join(removeIfThere(part+"-wal"), removeIfThere(part+"-shm")); err != nil { // of an empty log
		return err
	}
	return errors.Join(machine.Sync(filepath.Dir(path)), restoreKey(ctx, s, r.From, notes))
}

// putInPlace gives a database that was made ready its name, where the one of
// before was set aside (kept). Where that fails the one of before is put back.
func putInPlace(part, path, kept string, there bool) error {
	err := func() error {
		// A log that outlived its database would be played into this one.
		for _, left := range []string{"-wal", "-shm"} {
			if err := os.Rename(path+left, kept+left); err != nil && !errors.Is(err, os.ErrNotExist) {
				return err
			}
		}
		return os.Rename(part, path)
	}()
	if err == nil {
		return nil
	}
	if !there {
		return errors.Join(fmt.Errorf("nothing was restored: %w", err), removeIfThere(part))
	}
	if back := os.Rename(kept, path); back != nil {
		return fmt.Errorf("there is no database at %s now: %w, and the one that was there could not be put back: %w; it is %s, and the restored one is %s: move the one that you want to %s",
			path, err, back, kept, part, path)
	}
	return errors.Join(fmt.Errorf("nothing was replaced, the database that was there is in its place: %w", err), removeIfThere(part))
}

// roomToRestore refuses a restore that the disk has no room for: beside the
// database that is there stands the new one, for a moment twice where something
// is erased in it.
func roomToRestore(from, dir string, twice bool) error {
	info, err := os.Stat(from)
	if err != nil {
		return err
	}
	need := info.Size()
	if twice {
		need *= 2
	}
	free, err := backups.Free(dir)
	if err != nil || free >= need {
		return nil
	}
	return fmt.Errorf("nothing was replaced: the restore needs %s, and %s has %s", Bytes(need), dir, Bytes(free))
}

// stage copies a backup beside its place and makes it ready: of the schema of
// this build, without what was erased since, and with what waited to leave as
// the operator wants it.
func (s *Settings) stage(ctx context.Context, r Restoring, part string, gone []store.Erasure, notes io.Writer) error {
	if err := errors.Join(store.Backup(ctx, r.From, part), machine.Sync(part)); err != nil {
		return err
	}
	n, err := s.makeReady(ctx, r, part, gone, notes)
	if err != nil {
		return err
	}
	if n > 0 { // copied anew it holds nothing of them between its rows either
		packed := part + ".packed"
		if err := errors.Join(store.Backup(ctx, part, packed), machine.Sync(packed)); err != nil {
			return errors.Join(err, removeIfThere(packed))
		}
		return errors.Join(removeIfThere(part+"-wal"), removeIfThere(part+"-shm"), os.Rename(packed, part))
	}
	return machine.Sync(part)
}

func (s *Settings) makeReady(ctx context.Context, r Restoring, part string, gone []store.Erasure, notes io.Writer) (n int, err error) {
	there := *s
	there.Database = "sqlite:" + part
	db, err := there.Open(store.Options{})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	unled, err := db.Unled(ctx)
	if err != nil {
		return 0, err
	}
	if n, err = db.Replay(ctx, gone); err != nil {
		return n, fmt.Errorf("erase again what was erased since this backup: %w", err)
	}
	if len(gone) > 0 {
		fmt.Fprintf(notes, "Since this backup was made %s erased; %s in it and erased again.\n", Count(len(gone), "thing was", "things were"), Count(n, "was", "were"))
	}
	if err := sayUnled(ctx, db, unled, notes); err != nil {
		return n, err
	}
	held, err := db.Hold(ctx)
	if err != nil {
		return n, err
	}
	switch {
	case held.Sum() == 0:
	case r.Pending == PendingSend:
		err = db.SendHeld(ctx)
		fmt.Fprintf(notes, "Waiting in the backup: %s; they leave with the next start.\n", SayOutgoing(held))
	case r.Pending == PendingDrop:
		err = db.DropHeld(ctx)
		fmt.Fprintf(notes, "Waiting in the backup: %s; they were dropped.\n", SayOutgoing(held))
	default:
		fmt.Fprintf(notes, "Waiting in the backup: %s. They may have been sent since, and are held: say `parley jobs send` or `parley jobs drop`.\n", SayOutgoing(held))
	}
	if err != nil {
		return n, err
	}
	return n, s.sayKey(ctx, db, r.From, notes)
}

// SayOutgoing says what waits in a sentence's part.
func SayOutgoing(o store.Outgoing) string {
	text := Count(o.Jobs, "mail or question to a service", "mails and questions to services")
	if o.Gathered > 0 {
		text += ", " + Count(o.Gathered, "comment for a daily or hourly message", "comments for daily and hourly messages")
	}
	if o.Notices > 0 {
		text += ", " + Count(o.Notices, "answer to a notice of illegal content", "answers to notices of illegal content")
	}
	return text
}

// sayUnled names sites that an erasure has left without an admin: in the backup
// there was no other.
func sayUnled(ctx context.Context, db *store.Store, before []string, notes io.Writer) error {
	sites, err := db.Unled(ctx)
	for _, key := range sites {
		if slices.Contains(before, key) {
			continue
		}
		fmt.Fprintf(notes, "The site %s has no admin in this backup but people who were erased since: name one by `parley user role`.\n", key)
	}
	return err
}

// sayKey says, before anything is replaced, whether the key at hand opens the
// secrets of a backup.
func (s *Settings) sayKey(ctx context.Context, db *store.Store, from string, notes io.Writer) error {
	known, sealed, err := db.Sealing(ctx)
	if err != nil || sealed == 0 {
		return err
	}
	file := keyBeside(from)
	if _, err := os.Stat(file); err != nil {
		if file, err = s.KeyPath(); err != nil {
			return err
		}
	}
	key, err := readKey(file)
	switch {
	case err != nil:
		fmt.Fprintf(notes, "The key that seals %s of this backup is not at hand: %v. Without it the server will not start; put it back, or give those secrets up by serve --new-key.\n", Count(sealed, "secret", "secrets"), err)
	case known != nil && !bytes.Equal(known, auth.KeyFingerprint(key)):
		fmt.Fprintf(notes, "%s is not the key that seals %s of this backup. With it the server will not start; put the right one back, or give those secrets up by serve --new-key.\n", file, Count(sealed, "secret", "secrets"))
	}
	return nil
}

// removeDatabase removes a database that was being made ready.
func removeDatabase(path string) error {
	return errors.Join(removeIfThere(path), removeIfThere(path+"-wal"), removeIfThere(path+"-shm"))
}

// restoreKey puts the key that lies beside the backup in place, and says where
// the one at hand is not that of the database.
func restoreKey(ctx context.Context, s *Settings, from string, notes io.Writer) error {
	file, err := s.KeyPath()
	if err != nil {
		return err
	}
	if text, err := os.ReadFile(keyBeside(from)); err == nil {
		if _, err := readKey(keyBeside(from)); err != nil {
			return err
		}
		have, err := os.ReadFile(file)
		if err == nil && string(have) != string(text) {
			kept, err := setAside(file)
			if err != nil {
				return err
			}
			fmt.Fprintln(notes, "The key file that was there is now", kept)
		}
		if err := writeKey(file, text); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	if _, err := s.CheckKeyFile(ctx); err != nil {
		fmt.Fprintln(notes, err)
	}
	return nil
}

// setAside moves a file out of the way.
func setAside(path string) (string, error) {
	to, err := asideName(path)
	if err != nil {
		return "", err
	}
	return to, os.Rename(path, to)
}

// asideName is a name beside a file that nothing has: what an earlier restore
// put aside stays.
func asideName(path string) (string, error) { return freeName(path + ".before-restore") }

// freeName is a name that nothing has, with a number where it must be.
func freeName(name string) (string, error) {
	to := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return to, nil
		} else if err != nil {
			return "", err
		}
		to = name + "-" + strconv.Itoa(n)
	}
}
