package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// errNotOurs is said of a file that cannot be read as a database of ours.
var errNotOurs = errors.New("it is not a Parley database")

// openTrouble says in an owner's words why a database cannot be opened, and what to do.
func openTrouble(path string, err error) error {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case sqlite3.ErrNotADB:
		return fmt.Errorf("%s is no database, or its beginning is damaged: see PARLEY_DATABASE, or restore a backup (parley restore) (%w)", path, err)
	case sqlite3.ErrCorrupt:
		return fmt.Errorf("the database %s is damaged: restore a backup (parley restore) (%w)", path, err)
	case sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrPerm, sqlite3.ErrAuth:
		return fmt.Errorf("the database %s cannot be opened for writing: this user must own the file, those beside it (-wal, -shm) and their folder, or have the rights to write them (%w)", path, err)
	case sqlite3.ErrFull:
		return fmt.Errorf("the disk of %s is full: make room (%w)", path, err)
	}
	return err
}

// lookTrouble says why the version of a database cannot be read: a damaged one of
// ours is not one of another program.
func lookTrouble(err error) error {
	var e sqlite3.Error
	switch {
	case !errors.As(err, &e), strings.Contains(err.Error(), "no such table"):
		return errNotOurs
	case e.Code == sqlite3.ErrNotADB:
		return fmt.Errorf("%w, or its beginning is damaged; then restore a backup", errNotOurs)
	case e.Code == sqlite3.ErrCorrupt:
		return fmt.Errorf("it is damaged: restore a backup (%w)", err)
	}
	return fmt.Errorf("it cannot be read: see the owner and the rights of the file and its folder (%w)", err)
}
