package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"parley/internal/discuss"
)

// together queues the writes while the writer is held up, so that they share
// one batch, and returns what each was told.
func (b *bench) together(t *testing.T, writes ...func(tx *Tx) error) []error {
	t.Helper()
	held, release := make(chan struct{}), make(chan struct{})
	go func() {
		_ = b.update(context.Background(), b.w.ch, func(*Tx) error {
			close(held)
			<-release
			return nil
		})
	}()
	<-held
	errs := make([]error, len(writes))
	var wg sync.WaitGroup
	for i, w := range writes {
		wg.Go(func() { errs[i] = b.update(context.Background(), b.w.ch, w) })
	}
	for len(b.w.ch) < len(writes) { // until all stand in the queue
		runtime.Gosched()
	}
	close(release)
	wg.Wait()
	return errs
}

func (b *bench) makeThread(key string) func(tx *Tx) error {
	return func(tx *Tx) error {
		return tx.insertThread(discuss.Thread{ID: tx.NextID(), SiteID: b.site.ID, Key: key, State: discuss.Open, Created: tx.Now()})
	}
}

func (b *bench) has(t *testing.T, key string) bool {
	t.Helper()
	_, err := b.ThreadByKey(context.Background(), b.site.ID, key)
	if err != nil && !errors.Is(err, discuss.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// TestAClientThatHangsUpInTheMiddle: its context ends between two of its
// statements. A statement that saw that would take the whole batch with it.
func TestAClientThatHangsUpInTheMiddle(t *testing.T) {
	b := newBench(t, Options{})
	ctx, hangUp := context.WithCancel(context.Background())
	defer hangUp()
	mine := make(chan error, 1)
	errs := b.together(t,
		b.makeThread("before"),
		func(tx *Tx) error { // a stand-in in the same batch, whose request ends while it runs
			if err := b.makeThread("first half")(tx); err != nil {
				return err
			}
			hangUp()
			return b.makeThread("second half")(tx)
		},
		b.makeThread("after"),
	)
	for i, err := range errs {
		if err != nil {
			t.Errorf("write %d: %v", i, err)
		}
	}
	for _, key := range []string{"before", "first half", "second half", "after"} {
		if !b.has(t, key) {
			t.Errorf("%s was acknowledged and is not there", key)
		}
	}
	// One that has hung up before its turn never begins, and is told so.
	go func() {
		mine <- b.update(ctx, b.w.ch, b.makeThread("too late"))
	}()
	if err := <-mine; discuss.KindOf(err) != discuss.Unavailable || b.has(t, "too late") {
		t.Errorf("a request that was gone: %v, row %v", err, b.has(t, "too late"))
	}
}

// TestALostTransactionAcknowledgesNothing: SQLite itself rolls back, as it
// does on a full disk, under one request of a batch.
func TestALostTransactionAcknowledgesNothing(t *testing.T) {
	b := newBench(t, Options{})
	errs := b.together(t,
		b.makeThread("one"),
		func(tx *Tx) error { return tx.exec("ROLLBACK") },
		b.makeThread("two"),
		b.makeThread("three"),
	)
	for i, err := range errs {
		if discuss.KindOf(err) != discuss.Unavailable {
			t.Errorf("write %d was told %v", i, err)
		}
	}
	for _, key := range []string{"one", "two", "three"} {
		if b.has(t, key) {
			t.Errorf("%s stands alone", key)
		}
	}
	b.post(t, 1, "later", 0, "the store goes on")
	recount(t, b.path)
}

// TestAFullDiskInTheMiddleOfABatch limits the file's pages: SQLite then says
// SQLITE_FULL just as for a full disk.
func TestAFullDiskInTheMiddleOfABatch(t *testing.T) {
	b := newBench(t, Options{})
	limit := func(pages int) {
		t.Helper()
		if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
			var n int
			return tx.w.pragma(fmt.Sprintf("max_page_count = %d", pages), &n)
		}); err != nil {
			t.Fatal(err)
		}
	}
	var pages int
	if err := b.queryRow(context.Background(), "PRAGMA page_count", nil, &pages); err != nil {
		t.Fatal(err)
	}
	limit(pages + 20)
	big := strings.Repeat("words ", 1500)
	acked := map[discuss.ID]bool{}
	full := 0
	for round := range 20 {
		var mu sync.Mutex
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				c, _, err := b.verbs.Post(context.Background(), b.site, b.people[1+w%5], discuss.Draft{ThreadKey: "a", Body: fmt.Sprint(round, big[:2000])}, discuss.Once{})
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					acked[c.ID] = true
				case discuss.KindOf(err) == discuss.Unavailable:
					full++
				default:
					t.Errorf("full disk: %v", err)
				}
			})
		}
		wg.Wait()
	}
	if full == 0 || len(acked) == 0 {
		t.Fatalf("%d were taken and %d refused: the disk never filled", len(acked), full)
	}
	for id := range acked {
		if _, err := b.CommentByID(context.Background(), id); err != nil {
			t.Errorf("%s was acknowledged: %v", id, err)
		}
	}
	th, err := b.ThreadByKey(context.Background(), b.site.ID, "a")
	if err != nil || th.Count != len(acked) {
		t.Errorf("the thread counts %d, acknowledged were %d: %v", th.Count, len(acked), err)
	}
	limit(pages + 10_000)
	b.post(t, 1, "a", 0, "there is room again")
	recount(t, b.path)
}
