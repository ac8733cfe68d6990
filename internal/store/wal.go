package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"parley/internal/machine"
)

// The write-ahead log begins again at its start only when all of it has been
// moved into the database and no reader needs it any more. Passive checkpoints
// move it beside the writer and, under load, never reach that point: frames are
// added as fast as they are moved. So the writer itself finishes the
// checkpoint, between two batches, when little is left to move.
const (
	walMoveAt    = 4 << 20  // bytes not yet moved: the checkpointer begins
	walRestartAt = 24 << 20 // bytes in the log: the writer finishes the checkpoint
	walWaitAt    = 40 << 20 // here it waits for readers who need the log, and those who post wait with it
	walKept      = 8 << 20  // of the file, when the log has begun again

	restartWait  = 10 * time.Millisecond  // for readers, below walWaitAt
	restartEvery = 100 * time.Millisecond // so often it is tried, below walWaitAt
	pinWait      = 250 * time.Millisecond // one try at walWaitAt
	// pinPatience is how long posts wait for one reader. Past it the log grows
	// on: a forgotten shell must not keep a site from taking comments.
	pinPatience  = 5 * time.Second
	pinWarnEvery = time.Minute

	walHeader   = 32 // bytes of the file, and of a frame
	frameHeader = 24

	// diskReserve is what stays free on the disk, so that there is always room
	// to move the log into the database and be rid of it.
	diskReserve = 256 << 10
)

// WALLimit bounds the write-ahead log, whatever the load, as long as no reader
// holds a snapshot for longer than pinPatience: walWaitAt and one batch more.
const WALLimit = 64 << 20

// errDiskFull refuses a batch before it begins.
var errDiskFull = errors.New("the disk is full")

// wal is what the writer knows of the write-ahead log.
type wal struct {
	log      int64 // how long it was when it was looked at last, in bytes
	path     string
	pageSize int64
	tried    time.Time     // when a restart was last tried in vain
	waited   time.Duration // for the reader that pins the log now
	warned   time.Time
	erased   bool // the log still holds pages of what has been erased
	stale    bool // so may the gaps between the rows of the database's pages
}

// vacuumMost is the size in bytes of the largest database that is packed anew
// after an erasure. SQLite overwrites what is deleted, but not the copies that
// moving rows to another page has left in the gaps of the old one: only packing
// takes those away. It goes through the log, and so is bounded by what that may
// hold; a larger file loses them when a backup of it is restored.
const vacuumMost = WALLimit - 16<<20

// forgot notes whether a transaction has erased something.
func (l *wal) forgot(something bool) {
	l.erased, l.stale = l.erased || something, l.stale || something
}

// walState is how far the log has grown, in bytes, and how much of that the
// database does not hold yet.
type walState struct{ log, unmoved int64 }

func (w *writer) openWAL() error {
	w.wal.path = w.s.path + "-wal"
	return w.pragma("page_size", &w.wal.pageSize)
}

// pragma asks without keeping the statement: SQLite prepares these anew
// whenever they run.
func (w *writer) pragma(what string, dest ...any) error {
	st, err := prepare(w.conn, "PRAGMA "+what)
	if err != nil {
		return err
	}
	return errors.Join(st.QueryRow().Scan(dest...), st.Close())
}

// walState asks without moving anything.
func (w *writer) walState() (walState, error) {
	var busy, frames, moved int64
	if err := w.pragma("wal_checkpoint(NOOP)", &busy, &frames, &moved); err != nil || frames < 0 {
		return walState{}, err
	}
	frame := w.wal.pageSize + frameHeader
	return walState{log: frames * frame, unmoved: (frames - moved) * frame}, nil
}

// boundWAL keeps the log short. It runs between two batches.
func (w *writer) boundWAL() {
	st, err := w.walState()
	if err != nil {
		slog.Warn("read the state of the write-ahead log", "err", err)
		return
	}
	if st.log < w.wal.log { // it has begun again, by whatever write: the next reader has all of our patience
		w.wal.waited = 0
	}
	w.wal.log = st.log
	if st.unmoved >= walMoveAt {
		select {
		case w.s.moveWAL <- struct{}{}:
		default: // it is at work
		}
	}
	switch {
	case w.wal.erased:
		w.forget()
	case st.log < walRestartAt:
	case st.log < walWaitAt || w.wal.waited >= pinPatience || w.s.copying.Load():
		if time.Since(w.wal.tried) < restartEvery || !w.s.checkpointing.TryLock() {
			return
		}
		w.restartWAL("RESTART", restartWait)
		w.s.checkpointing.Unlock()
		if w.wal.waited >= pinPatience && time.Since(w.wal.warned) > pinWarnEvery {
			w.wal.warned = time.Now()
			slog.Warn("a reader holds the write-ahead log: it grows until that reader is done", "bytes", st.log)
		}
	default:
		w.s.checkpointing.Lock()
		defer w.s.checkpointing.Unlock()
		for began := time.Now(); !w.restartWAL("RESTART", pinWait); began = time.Now() {
			if w.wal.waited += time.Since(began); w.wal.waited >= pinPatience {
				return
			}
		}
	}
}

// forget empties the log's file after an erasure: it holds pages as they were.
func (w *writer) forget() {
	if time.Since(w.wal.tried) < restartEvery || !w.s.checkpointing.TryLock() {
		return
	}
	defer w.s.checkpointing.Unlock()
	w.restartWAL("TRUNCATE", restartWait)
}

// idleWAL gives back the room that a burst took. It runs while nobody waits.
func (w *writer) idleWAL() {
	if w.wal.stale {
		w.pack()
	}
	if w.wal.erased {
		w.forget()
		return
	}
	fi, err := os.Stat(w.wal.path)
	if err != nil || fi.Size() <= walKept || time.Since(w.wal.tried) < time.Second || !w.s.checkpointing.TryLock() {
		return
	}
	defer w.s.checkpointing.Unlock()
	w.restartWAL("TRUNCATE", restartWait)
}

// pack writes a small database anew, without what its pages still hold of rows
// that were moved and then erased.
func (w *writer) pack() {
	w.wal.stale = false
	fi, err := os.Stat(w.s.path)
	if err != nil || fi.Size() > vacuumMost {
		return
	}
	if free, err := machine.Free(filepath.Dir(w.s.path)); err == nil && free < 3*fi.Size()+diskReserve {
		return
	}
	w.patience(busyTimeout)
	defer w.patience(0)
	if err := w.exec("VACUUM"); err != nil {
		slog.Warn("pack the database after an erasure", "err", err)
	}
}

// restartWAL moves all of the log into the database and has it begin again,
// with TRUNCATE as an empty file. It waits so long for readers who need it.
func (w *writer) restartWAL(mode string, wait time.Duration) bool {
	w.patience(wait)
	defer w.patience(0)
	var busy, frames, moved int64
	err := w.pragma("wal_checkpoint("+mode+")", &busy, &frames, &moved)
	if err != nil || busy != 0 {
		w.wal.tried = time.Now()
		if err != nil && !unavailable(err) {
			slog.Warn("checkpoint", "err", err)
		}
		return false
	}
	w.wal.tried, w.wal.waited = time.Time{}, 0
	if mode == "TRUNCATE" {
		w.wal.erased = false
	}
	return true
}

// patience sets how long the writer's connection waits for locks.
func (w *writer) patience(d time.Duration) {
	_, _ = w.conn.Exec(fmt.Sprintf("PRAGMA busy_timeout=%d", d.Milliseconds()), nil)
}

// room reports whether the disk can take a batch, and makes room where the log
// is what fills it: moving the log needs as much of the disk again where the
// database has to grow, so the log must never get longer than what is free.
func (w *writer) room() error {
	free, err := machine.Free(filepath.Dir(w.s.path))
	if err != nil {
		return nil // a file system that does not tell
	}
	if free > WALLimit+diskReserve { // nearly always
		return nil
	}
	st, err := w.walState()
	if err != nil {
		return err
	}
	if free >= 2*st.unmoved+diskReserve {
		return nil
	}
	w.s.checkpointing.Lock()
	moved := w.restartWAL("TRUNCATE", restartWait)
	w.s.checkpointing.Unlock()
	if free, err = machine.Free(filepath.Dir(w.s.path)); err != nil {
		return nil
	}
	if free < diskReserve || !moved && free < st.unmoved+diskReserve {
		return errDiskFull
	}
	return nil
}

// cutTail takes off the log what a batch that found the disk full has left
// behind its last commit: that room is needed to move what was committed.
func (w *writer) cutTail() {
	st, err := w.walState()
	if err != nil {
		return
	}
	if err := w.exec("BEGIN IMMEDIATE"); err != nil { // nobody adds to the log meanwhile
		return
	}
	var version int64
	if err := w.queryRow("PRAGMA data_version").Scan(&version); err == nil && version == w.version {
		end := st.log + walHeader
		if fi, err := os.Stat(w.wal.path); err == nil && fi.Size() > end {
			if err := os.Truncate(w.wal.path, end); err != nil {
				slog.Warn("cut the write-ahead log", "err", err)
			}
		}
	}
	if err := w.exec("ROLLBACK"); err != nil {
		slog.Warn("cut the write-ahead log", "err", err)
	}
}

// checkpoints moves the log into the database when the writer says that it has
// grown, on a connection of its own so that nobody who waits for a commit
// waits for it.
func (s *Store) checkpoints(ctx context.Context) {
	db := sql.OpenDB(connector{s.path, s.opt.Synchronous, false, mmapBytes})
	db.SetMaxOpenConns(1)
	defer db.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.moveWAL:
		}
		s.checkpointing.Lock()
		if _, err := db.Exec("PRAGMA wal_checkpoint(PASSIVE)"); err != nil && !unavailable(err) {
			slog.Warn("checkpoint", "err", err)
		}
		s.checkpointing.Unlock()
	}
}
