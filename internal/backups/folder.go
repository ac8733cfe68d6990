// Package backups knows the folder in which a server keeps copies of its
// database: how they are called, which of them stay, and the ledger of
// erasures beside them. It copies nothing and reads no database.
package backups

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"parley/internal/machine"
)

const (
	prefix   = "parley-"
	suffix   = ".db"
	stamp    = "20060102T150405Z"
	partial  = ".part" // behind the name of a copy that is being written
	lockName = "parley-backups.lock"
)

// lockPatience is how long a server waits for the one before it to go.
const lockPatience = 2 * time.Second

// ErrTaken says that another server writes to the folder.
var ErrTaken = errors.New("another server keeps its backups there")

// Folder is where a server keeps its backups.
type Folder struct{ Dir string }

// File is one backup in a folder.
type File struct {
	Path string
	At   time.Time // when it was begun, by its name
	Size int64
}

// Path is where the backup of a moment belongs.
func (f Folder) Path(at time.Time) string {
	return filepath.Join(f.Dir, prefix+at.UTC().Format(stamp)+suffix)
}

// Partial is the name of a backup while it is written.
func Partial(path string) string { return path + partial }

// LedgerPath is where the ledger of erasures stands.
func (f Folder) LedgerPath() string { return filepath.Join(f.Dir, LedgerName) }

// List returns the backups, newest first. Other files are none of ours.
func (f Folder) List() (out []File, err error) {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		at, ok := dated(e.Name())
		if !ok || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // it has gone meanwhile
		}
		if err != nil {
			return nil, err
		}
		out = append(out, File{filepath.Join(f.Dir, e.Name()), at, info.Size()})
	}
	slices.SortFunc(out, func(a, b File) int { return b.At.Compare(a.At) })
	return out, nil
}

// dated reads the time in the name of a backup.
func dated(name string) (time.Time, bool) {
	text, ok := strings.CutPrefix(name, prefix)
	text, mine := strings.CutSuffix(text, suffix)
	at, err := time.Parse(stamp, text)
	return at, ok && mine && err == nil
}

// Tidy removes what copies that were cut short have left. Only who has the
// folder's lock may call it.
func (f Folder) Tidy() error {
	entries, err := os.ReadDir(f.Dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		for _, end := range []string{partial, partial + "-journal"} {
			if name, cut := strings.CutSuffix(e.Name(), end); cut {
				if _, ours := dated(name); ours {
					err = errors.Join(err, os.Remove(filepath.Join(f.Dir, e.Name())))
				}
			}
		}
	}
	return err
}

// Surplus are the backups that need not stay: the newest so many do, and the
// last of each of the newest so many weeks, counting weeks that have one.
func Surplus(all []File, newest, weeks int) (out []File) {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b File) int { return b.At.Compare(a.At) })
	seen := map[[2]int]bool{} // weeks
	for i, f := range sorted {
		y, w := f.At.UTC().ISOWeek()
		week := [2]int{y, w}
		last := !seen[week] && len(seen) < weeks
		if last {
			seen[week] = true
		}
		if i >= max(1, newest) && !last {
			out = append(out, f)
		}
	}
	return out
}

// Lock makes this process the only one that writes to the folder, which is made
// where it is missing, until the returned function is called. ErrTaken where
// there is another.
func (f Folder) Lock() (unlock func(), err error) {
	if err := os.MkdirAll(f.Dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(f.Dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for began := time.Now(); ; time.Sleep(lockPatience / 20) {
		if err = machine.Lock(file, false); err == nil {
			return func() { _ = file.Close() }, nil
		}
		if !errors.Is(err, machine.ErrHeld) || time.Since(began) > lockPatience {
			_ = file.Close()
			if errors.Is(err, machine.ErrHeld) {
				return nil, ErrTaken
			}
			return nil, err
		}
	}
}

// Free is how many bytes the file system of a folder can still take.
func Free(dir string) (int64, error) { return machine.Free(dir) }
