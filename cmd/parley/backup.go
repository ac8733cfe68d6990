package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"parley/internal/store"
)

type backupCmd struct {
	To string `arg:"" name:"file" help:"File to write; it must not exist." type:"path"`
}

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
	if err := os.Rename(part, c.To); err != nil {
		return err
	}
	return syncFile(filepath.Dir(c.To))
}

type restoreCmd struct {
	From  string `arg:"" name:"file" help:"Backup to put in place." type:"existingfile"`
	Force bool   `help:"Replace a database that is there; it is kept beside, as NAME.before-restore."`
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
	if there {
		kept := path + ".before-restore"
		if err := store.SetAside(ctx, path, kept); err != nil {
			return errors.Join(err, removeIfThere(part))
		}
		fmt.Println("The database that was there is now", kept)
	}
	// A log that outlived its database would be played into this one.
	for _, left := range []string{"-wal", "-shm"} {
		if err := os.Rename(path+left, path+".before-restore"+left); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if err := os.Rename(part, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
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
