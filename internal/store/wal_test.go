package store

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
)

// watchWAL looks at the log's file until it is told to stop, and returns the
// largest size that it saw.
func (b *bench) watchWAL(t *testing.T) (most func() int64) {
	t.Helper()
	var largest atomic.Int64
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		for {
			largest.Store(max(largest.Load(), b.walSize(t)))
			select {
			case <-stop:
				return
			case <-tick.C:
			}
		}
	})
	return func() int64 { close(stop); wg.Wait(); return largest.Load() }
}

func (b *bench) walSize(t *testing.T) int64 {
	t.Helper()
	fi, err := os.Stat(b.path + "-wal")
	if err != nil {
		t.Error(err)
		return 0
	}
	return fi.Size()
}

// load has 16 people post until the log has taken so many bytes.
func (b *bench) load(t *testing.T, bytes int64) {
	t.Helper()
	var taken atomic.Int64
	text := strings.Repeat("words and more words ", 130)
	var wg sync.WaitGroup
	for w := range 16 {
		wg.Go(func() {
			for i := 0; taken.Load() < bytes; i++ {
				taken.Add(100 << 10) // about what a post writes, some 25 pages of 4 KiB
				c := b.post(t, 1+w%5, fmt.Sprint("t", i%50), 0, fmt.Sprint(w, i, text))
				if _, err := b.CommentByID(context.Background(), c.ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func (b *bench) settles(t *testing.T) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); b.walSize(t) > walKept; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute after the load the log is %d bytes long", b.walSize(t))
		}
	}
}

// TestWALStaysBounded watches the file while people post and read, and while
// one reader holds a snapshot for a while, as a copy of the database does.
func TestWALStaysBounded(t *testing.T) {
	b := newBench(t, Options{})
	most := b.watchWAL(t)
	b.load(t, 400<<20)
	if n := most(); n > WALLimit {
		t.Errorf("under load the log grew to %d MB", n>>20)
	} else {
		t.Logf("under load at most %d MB", n>>20)
	}
	b.settles(t)

	most = b.watchWAL(t)
	release := b.pin(t)
	time.AfterFunc(pinPatience/2, release)
	b.load(t, 400<<20)
	if n := most(); n > WALLimit {
		t.Errorf("beside a long reader the log grew to %d MB", n>>20)
	} else {
		t.Logf("beside a long reader at most %d MB", n>>20)
	}
	b.settles(t)
	recount(t, b.path)
}

// pin holds a snapshot until release is called.
func (b *bench) pin(t *testing.T) (release func()) {
	t.Helper()
	r, err := b.reads.lend(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	do := func(query string) {
		t.Helper()
		if _, err := r.conn.Exec(query, nil); err != nil {
			t.Fatal(err)
		}
	}
	do("BEGIN")
	do("SELECT count(*) FROM comments")
	return func() {
		do("ROLLBACK")
		b.reads.giveBack(r)
	}
}

// TestForgottenReaderStopsNobody: one that does not let go costs a wait once,
// and the log is cut back when it is gone.
func TestForgottenReaderStopsNobody(t *testing.T) {
	b := newBench(t, Options{})
	release := b.pin(t)
	if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
		tx.w.wal.waited = pinPatience // they have waited already
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slowest := time.Duration(0)
	for b.walSize(t) < walWaitAt+walMoveAt {
		began := time.Now()
		b.load(t, 16*(100<<10))
		slowest = max(slowest, time.Since(began))
	}
	if slowest > pinPatience {
		t.Errorf("posts beside a forgotten reader took %v", slowest)
	}
	release()
	b.settles(t)
	b.post(t, 1, "t", 0, "and on it goes")
	if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
		if tx.w.wal.waited != 0 {
			return fmt.Errorf("the next reader finds %v of the patience used up", tx.w.wal.waited)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

// TestNobodyWaitsForABackup: the snapshot that the server's own backup holds
// costs those who post no patience.
func TestNobodyWaitsForABackup(t *testing.T) {
	b := newBench(t, Options{})
	release := b.pin(t)
	b.copying.Store(true)
	for b.walSize(t) < walWaitAt+walMoveAt {
		b.load(t, 16*(100<<10))
	}
	if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
		if tx.w.wal.waited != 0 {
			return fmt.Errorf("posts have waited for %v", tx.w.wal.waited)
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
	b.copying.Store(false)
	release()
	b.settles(t)
}

// TestExportHoldsNoSnapshot: whoever takes an export slowly does not keep the
// log from beginning again.
func TestExportHoldsNoSnapshot(t *testing.T) {
	b := newBench(t, Options{})
	for i := range 3 * exportChunk / 2 {
		b.post(t, 1+i%5, "a", 0, fmt.Sprint("comment ", i))
	}
	slow := &slowArchivist{before: func() {
		if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error { return nil }); err != nil {
			t.Error(err)
		}
		end := time.Now().Add(10 * time.Second) // the store's own work may be at it just now; an export would be until it ends
		for !b.truncated(t) {
			if time.Now().After(end) {
				t.Error("the export keeps the log from beginning again")
				break
			}
		}
		b.post(t, 1, "a", 0, "written while the export ran") // not in it
	}}
	if err := b.Export(context.Background(), b.site.ID, slow); err != nil {
		t.Fatal(err)
	}
	if slow.comments != 3*exportChunk/2 || slow.threads != 1 {
		t.Errorf("%d comments in %d threads", slow.comments, slow.threads)
	}
}

func (b *bench) truncated(t *testing.T) bool {
	t.Helper()
	var busy, log, moved int
	if err := b.first(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		t.Fatal(err)
	}
	return busy == 0
}

type slowArchivist struct {
	before            func()
	threads, comments int
}

func (a *slowArchivist) Thread(discuss.ArchiveThread) error { a.threads++; return nil }
func (a *slowArchivist) Person(discuss.ArchivePerson) error { return nil }

func (a *slowArchivist) Comment(discuss.ArchiveComment) error {
	if a.comments++; a.comments == 10 {
		a.before()
	}
	return nil
}
