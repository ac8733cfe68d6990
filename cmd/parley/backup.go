package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"parley/internal/store"
)

type backupCmd struct {
	To      string `arg:"" name:"file" help:"File to write; it must not exist." type:"path"`
	WithKey bool   `help:"Write the key file too, as FILE.key: whoever has both can read the secrets."`
}

// keyBeside is the name of the key file that belongs to a backup.
func keyBeside(backup string) string { return backup + ".key" }

// Run copies the database as it is at one moment; a server may be writing.
func (c *backupCmd) Run(s *settings) error {
	path, err := s.databasePath()
	if err != nil {
		return err
	}
	if _, err := os.Stat(c.To); err == nil {
		return fmt.Errorf("%s is there already; nothing was written", c.To)
	}
	if _, err := os.Stat(path); err != nil {
		return fmt.Errorf("there is no database at %s", path)
	}
	part := c.To + ".part" // a file under the final name is a whole one
	if err := errors.Join(store.Backup(context.Background(), path, part), syncFile(part)); err != nil {
		return errors.Join(err, removeIfThere(part))
	}
	for _, f := range lookAtKeyFile(context.Background(), s) {
		if f.ok {
			continue
		}
		if c.WithKey {
			return errors.Join(errors.New(f.text), removeIfThere(part))
		}
		fmt.Fprintln(os.Stderr, f.text)
	}
	if c.WithKey {
		if err := copyKey(s, keyBeside(c.To)); err != nil {
			return errors.Join(err, removeIfThere(part))
		}
	}
	if err := os.Rename(part, c.To); err != nil {
		return err
	}
	key, err := s.keyFile()
	if _, gone := os.Stat(key); err == nil && gone == nil && !c.WithKey {
		fmt.Fprintf(os.Stderr, "Keep %s too, in another safe place: secrets in the backup are sealed with it (or use --with-key).\n", key)
	}
	return syncFile(filepath.Dir(c.To))
}

// copyKey writes a copy of the key file.
func copyKey(s *settings, to string) error {
	file, err := s.keyFile()
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

type restoreCmd struct {
	From  string `arg:"" name:"file" help:"Backup to put in place." type:"existingfile"`
	Force bool   `help:"Replace a database that is there; it is kept beside, as NAME.before-restore, or with a number where that is taken."`
}

// Run checks the backup, then puts it where the database belongs.
func (c *restoreCmd) Run(s *settings) error {
	path, err := s.databasePath()
	if err != nil {
		return err
	}
	ctx := context.Background()
	if err := store.Check(ctx, c.From); err != nil {
		return fmt.Errorf("%s: %w", c.From, err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	_, err = os.Stat(path)
	there := err == nil
	if there && !c.Force {
		return fmt.Errorf("there is a database at %s; stop the server and use --force to replace it", path)
	}
	part := path + ".part"
	if err := errors.Join(store.Backup(ctx, c.From, part), syncFile(part)); err != nil {
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
		fmt.Println("The database that was there is now", kept)
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
	return errors.Join(syncFile(filepath.Dir(path)), c.restoreKey(ctx, s))
}

// restoreKey puts the key that lies beside the backup in place, and says where
// the one at hand is not that of the database.
func (c *restoreCmd) restoreKey(ctx context.Context, s *settings) error {
	file, err := s.keyFile()
	if err != nil {
		return err
	}
	if text, err := os.ReadFile(keyBeside(c.From)); err == nil {
		if _, err := readKey(keyBeside(c.From)); err != nil {
			return err
		}
		have, err := os.ReadFile(file)
		if err == nil && string(have) != string(text) {
			kept, err := setAside(file)
			if err != nil {
				return err
			}
			fmt.Println("The key file that was there is now", kept)
		}
		if err := writeKey(file, text); err != nil && !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	for _, f := range lookAtKeyFile(ctx, s) {
		if !f.ok {
			fmt.Fprintln(os.Stderr, f.text)
		}
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
