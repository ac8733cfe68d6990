package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"parley/internal/machine"
)

// serving names the file that is locked while a server has the database. It is
// one of its own: closing another descriptor of the database itself would drop
// SQLite's locks of this process.
func serving(path string) string { return path + "-serving" }

// servePatience is how long a server waits for the one before it to go.
const servePatience = 2 * time.Second

// ErrServed says that another server has the database: each would miss what the
// other tells its readers.
var ErrServed = errors.New("database: another server has it; stop that one first, or give this one a database of its own")

// Serve makes this process the database's server, until the returned function is
// called. note is left for commands that run beside it, see Served. ErrServed
// where there is another.
func (s *Store) Serve(note any) (stop func(), err error) {
	f, err := os.OpenFile(serving(s.path), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mark the database as served: %w", err)
	}
	for began := time.Now(); ; time.Sleep(servePatience / 20) {
		if err = machine.Lock(f, false); err == nil {
			break
		}
		if !errors.Is(err, machine.ErrHeld) || time.Since(began) > servePatience {
			_ = f.Close()
			if errors.Is(err, machine.ErrHeld) {
				return nil, ErrServed
			}
			return nil, fmt.Errorf("mark the database as served: %w", err)
		}
	}
	if err := leave(f, note); err != nil { // on a full disk a server can still show what is there
		slog.Warn("the server's settings could not be left for other commands", "err", err)
	}
	s.served = true
	return func() { _ = f.Close() }, nil
}

func leave(f *os.File, note any) error {
	text, err := json.Marshal(note)
	if err != nil {
		return err
	}
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err = f.WriteAt(text, 0)
	return err
}

// Served reads the note of the server that has the database at path; false where
// none has it.
func Served(path string, note any) (bool, error) {
	f, err := os.OpenFile(serving(path), os.O_RDWR, 0)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	if machine.Lock(f, true) == nil {
		return false, nil
	}
	return true, json.NewDecoder(f).Decode(note)
}

// ErrServedOlder says that a running server of an older build has the database:
// an upgrade would change it under that one.
var ErrServedOlder = errors.New("database: a server of an older version has it, and it was not upgraded under that one; use the program of the version that runs, or stop the server first")

// staysServed reports whether another process serves the database, and goes on to
// while one that stops would have gone.
func (s *Store) staysServed() bool {
	for began := time.Now(); s.servedElsewhere(); time.Sleep(servePatience / 20) {
		if time.Since(began) > servePatience {
			return true
		}
	}
	return false
}

// servedElsewhere reports whether another process serves the database.
func (s *Store) servedElsewhere() bool {
	if s.served {
		return false
	}
	var note any
	served, _ := Served(s.path, &note)
	return served
}
