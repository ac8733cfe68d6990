package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"parley/internal/store"
)

// keyBeside is the name of the key file that belongs to a backup.
func keyBeside(backup string) string { return backup + ".key" }

// Backup copies the database as it is at one moment to a file that must not
// exist; a server may be writing. With the key, its file is written beside it,
// as FILE.key: whoever has both can read the secrets. What the operator should
// know about the key goes to notes.
func Backup(ctx context.Context, s *Settings, to string, withKey bool, notes io.Writer) error {
	path, err := s.DatabasePath()
	if err != nil {
		return err
	}
	if _, err := os.Stat(to); err == nil {
		return fmt.Errorf("%s is there already; nothing was written", to)
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database at %s", path)
	}
	part := to + ".part" // a file under the final name is a whole one
	if err := errors.Join(store.Backup(ctx, path, part), syncFile(part)); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	if _, err := s.CheckKeyFile(ctx); err != nil {
		if withKey {
			return errors.Join(err, removeIfThere(part))
		}
		fmt.Fprintln(notes, err)
	}
	if withKey {
		if err := copyKey(s, keyBeside(to)); err != nil {
			return errors.Join(err, removeIfThere(part))
		}
	}
	if err := os.Rename(part, to); err != nil {
		return err
	}
	key, err := s.KeyPath()
	if _, gone := os.Stat(key); err == nil && gone == nil && !withKey {
		fmt.Fprintf(notes, "Keep %s too, in another safe place: secrets in the backup are sealed with it (or use --with-key).\n", key)
	}
	return syncFile(filepath.Dir(to))
}

// copyKey writes a copy of the key file.
func copyKey(s *Settings, to string) error {
	file, err := s.KeyPath()
	if err != nil {
		return err
	}
	if _, err := readKey(file); err != nil {
		return err
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return writeKey(to, b)
}

// Restore checks a backup, then puts it where the database belongs. One that is
// there is replaced by force only, and kept beside; notes says where.
func Restore(ctx context.Context, s *Settings, from string, force bool, notes io.Writer) error {
	path, err := s.DatabasePath()
	if err != nil {
		return err
	}
	if err := store.Check(ctx, from); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	_, err = os.Stat(path)
	there := err == nil
	if there && !force {
		return fmt.Errorf("there is a database at %s; stop the server and use --force to replace it", path)
	}
	part := path + ".part"
	if err := errors.Join(store.Backup(ctx, from, part), syncFile(part)); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	kept, err := asideName(path)
	if err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	if there {
		if err := store.SetAside(ctx, path, kept); err != nil {
			return errors.Join(err, removeIfThere(part))
		}
		fmt.Fprintln(notes, "The database that was there is now", kept)
	}
	// A log that outlived its database would be played into this one.
	for _, left := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+left, kept+left); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return errors.Join(syncFile(filepath.Dir(path)), restoreKey(ctx, s, from, notes))
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
func asideName(path string) (string, error) {
	to := path + ".before-restore"
	for n := 2; ; n++ {
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return to, nil
		} else if err != nil {
			return "", err
		}
		to = path + ".before-restore-" + strconv.Itoa(n)
	}
}

func syncFile(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
