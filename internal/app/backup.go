package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"parley/internal/machine"
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
	if _, err := store.BackupAndLook(ctx, path, part); err != nil {
		return errors.Join(fmt.Errorf("no backup was made: %w", err), removeIfThere(part))
	}
	if err := machine.Sync(part); err != nil {
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
	return machine.Sync(filepath.Dir(to))
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

func removeIfThere(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
