package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"parley/internal/discuss"
	"parley/internal/seldom"
)

const (
	batchMax     = 128
	queueMax     = 1024
	foreignEvery = 100 * time.Millisecond
	bulkPatience = 250 * time.Millisecond // what work nobody waits for waits under load
)

// writer owns the one writing connection. It takes what is queued, runs it in
// one transaction, commits, and only then tells them. The next batch gathers
// while the disk syncs, so waiting costs nothing.
//
// A savepoint for each request would cost a twentieth of a post. A step decides
// before anything of it is written, so what it refuses leaves nothing to roll
// back; only where one fails between two writes is the batch taken back and run
// again, each request in a savepoint of its own.
type writer struct {
	s       *Store
	held    *sql.Conn           // for as long as the writer lives, so that
	conn    *sqlite3.SQLiteConn // nobody else has what is inside
	stmts   map[string]*statement
	ch      chan *request // people wait for these
	bulk    chan *request // imports and sweeps: taken when nobody waits
	quit    chan struct{}
	done    chan struct{}
	version int64 // PRAGMA data_version: moves when another process writes
	lastID  int64 // of the newest event seen
	floor   int64 // every further event has a larger id; 0: that is so by itself
	wal     wal

	known     known
	preparing *statement // is told what it reads and writes
	people    bool       // what has been run in this batch changes people; see caller_cache.go

	mu     sync.RWMutex
	closed bool

	commits, requests, busy atomic.Int64

	failing atomic.Bool // the last batch could not be kept
	failed  seldom.Voice
}

// Writes tells what the writer has done since the store was opened:
// transactions, the requests in them, and the time they took.
func (s *Store) Writes() (commits, requests int64, busy time.Duration) {
	return s.w.commits.Load(), s.w.requests.Load(), time.Duration(s.w.busy.Load())
}

// Failing reports that the last write could not be kept, as on a full disk:
// what is there can be read meanwhile.
func (s *Store) Failing() bool { return s.w.failing.Load() }

type request struct {
	ctx    context.Context
	fn     func(*Tx) error
	step   bool // it decides before it writes, and may be run again
	err    error
	events []discuss.Event
	hints  []discuss.Hint
	lastID int64
	noted  bool
	done   chan struct{}
}

func newWriter(s *Store) (*writer, error) {
	held, err := s.writes.Conn(context.Background())
	if err != nil {
		return nil, err
	}
	w := &writer{
		s: s, held: held, stmts: map[string]*statement{}, ch: make(chan *request, queueMax), bulk: make(chan *request),
		quit: make(chan struct{}), done: make(chan struct{}),
	}
	if err := held.Raw(func(c any) error { w.conn = c.(*sqlite3.SQLiteConn); return nil }); err != nil {
		return nil, err
	}
	if err := w.known.learn(w.conn); err != nil {
		return nil, err
	}
	w.watch()
	if err := w.openWAL(); err != nil {
		return nil, err
	}
	if err := w.queryRow("PRAGMA data_version").Scan(&w.version); err != nil {
		return nil, err
	}
	if err := w.queryRow("SELECT coalesce(max(id), 0) FROM events").Scan(&w.lastID); err != nil {
		return nil, err
	}
	if err := w.readFloor(); err != nil {
		return nil, err
	}
	w.patience(0) // see begin
	go w.run()
	return w, nil
}

// How soon the writer looks again for a lock that another process holds, and how
// long it does so often.
const (
	lockSoon = 250 * time.Microsecond
	lockLong = 50 * time.Millisecond
)

// begin takes the lock for writing. SQLite's own patience sleeps for up to 100 ms
// between two looks, and a command that writes beside a server lets go of the lock
// for less than that: so we look ourselves.
func (w *writer) begin() error {
	for began := time.Now(); ; {
		err := w.exec("BEGIN IMMEDIATE")
		var e sqlite3.Error
		waited := time.Since(began)
		if err == nil || !errors.As(err, &e) || e.Code != sqlite3.ErrBusy || waited > busyTimeout {
			return err
		}
		if waited < lockLong {
			time.Sleep(lockSoon)
		} else {
			time.Sleep(max(lockSoon, waited/50))
		}
	}
}

// Write decides and makes what is decided inside the next group commit, and
// returns when that is durable.
func (s *Store) Write(ctx context.Context, decide discuss.Step) error {
	return s.queue(ctx, s.w.ch, &request{ctx: ctx, step: true, fn: func(tx *Tx) error { return tx.decide(decide) }})
}

// updateBulk is Write for work nobody waits for: it lets others go first.
func (s *Store) updateBulk(ctx context.Context, fn func(tx *Tx) error) error {
	return s.update(ctx, s.w.bulk, fn)
}

// updateStep is updateBulk without a savepoint: SQLite keeps every page of one in
// memory as it was, which takes longer than the rows of a large chunk. One that
// fails is run again by itself, so that fn begins anew each time.
func (s *Store) updateStep(ctx context.Context, fn func(tx *Tx) error) error {
	return s.queue(ctx, s.w.bulk, &request{ctx: ctx, step: true, fn: func(tx *Tx) error {
		tx.wrote = true
		return fn(tx)
	}})
}

func (s *Store) update(ctx context.Context, ch chan *request, fn func(tx *Tx) error) error {
	return s.queue(ctx, ch, &request{ctx: ctx, fn: fn})
}

func (s *Store) queue(ctx context.Context, ch chan *request, r *request) error {
	r.done = make(chan struct{})
	s.w.mu.RLock()
	if s.w.closed {
		s.w.mu.RUnlock()
		return discuss.Busy(errors.New("the store is closed"))
	}
	select {
	case ch <- r:
		s.w.mu.RUnlock()
	case <-ctx.Done():
		s.w.mu.RUnlock()
		return discuss.Busy(ctx.Err())
	}
	<-r.done // never leave early: the change may already be on its way to the disk
	return r.err
}

func (w *writer) close() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	close(w.quit)
	<-w.done
}

func (w *writer) run() {
	defer close(w.done)
	tick := time.NewTicker(foreignEvery)
	defer tick.Stop()
	batch := make([]*request, 0, batchMax)
	bulk := time.Now()
	for {
		batch = batch[:0]
		select {
		case r := <-w.ch:
			batch = append(batch, r)
		default:
			select {
			case r := <-w.ch:
				batch = append(batch, r)
			case r := <-w.bulk:
				batch = append(batch, r)
			case <-tick.C:
				w.lookForForeign()
				w.idleWAL()
				continue
			case <-w.quit:
				w.finish()
				return
			}
		}
		if time.Since(bulk) > bulkPatience { // under steady load it would never be its turn
			select {
			case r := <-w.bulk:
				batch = append(batch, r)
			default:
			}
			bulk = time.Now()
		}
		for len(batch) < batchMax {
			select {
			case r := <-w.ch:
				batch = append(batch, r)
				continue
			default:
			}
			break
		}
		w.commit(batch)
		w.boundWAL()
	}
}

func (w *writer) finish() {
	for {
		select {
		case r := <-w.ch:
			w.commit([]*request{r})
			continue
		default:
		}
		break
	}
	for _, st := range w.stmts {
		_ = st.Close()
	}
	_ = w.held.Close()
}

// commit is one transaction for the whole batch. What fails alone is rolled
// back alone; when the transaction itself is lost nobody is told "done".
func (w *writer) commit(batch []*request) {
	began := time.Now()
	defer func() {
		w.commits.Add(1)
		w.requests.Add(int64(len(batch)))
		w.busy.Add(int64(time.Since(began)))
	}()
	err := w.room()
	if err == nil {
		err = w.all(batch, false)
	}
	if errors.Is(err, errHalfWritten) {
		w.known.forget()
		if err = w.exec("ROLLBACK"); err == nil {
			err = w.all(batch, true)
		}
	}
	if err == nil {
		err = w.exec("COMMIT")
	}
	if err != nil {
		w.known.forget()
	}
	if err != nil && !w.autocommit() {
		_ = w.exec("ROLLBACK")
	}
	if err != nil && !errors.Is(err, errDiskFull) {
		w.cutTail()
	}
	if err == nil {
		if w.people {
			w.s.callers.version.Add(1)
		}
		w.tell(batch)
	}
	w.people = false
	w.failing.Store(err != nil) // before anybody hears of it: who was told "done" finds the server ready
	for _, r := range batch {
		if err != nil {
			r.err = discuss.Busy(err)
		}
		close(r.done)
	}
	if err != nil {
		if unsaid, due := w.failed.Due(time.Now()); due { // a full disk fails every one
			slog.Error("commit failed; nothing of this batch was kept", "requests", len(batch), "others_since", unsaid, "err", err)
		}
	}
}

// errHalfWritten says that a step has failed between two of its writes.
var errHalfWritten = errors.New("a step failed after its first write")

// all begins the transaction and runs the batch in it, careful with a savepoint
// for every request.
func (w *writer) all(batch []*request, careful bool) error {
	if err := w.begin(); err != nil {
		return err
	}
	w.lookForForeign() // with the lock held: ids before ours are all seen
	now := w.s.opt.Now()
	for _, r := range batch {
		if r.err = r.ctx.Err(); r.err != nil { // gone before we began: the last moment to look
			r.err = discuss.Busy(r.err)
			continue
		}
		if err := w.one(r, now, careful || !r.step); err != nil {
			return err
		}
	}
	return nil
}

// one runs a request, in a savepoint where it is told to. Its error is the
// batch's: nil unless the transaction is lost, or has to be run again.
func (w *writer) one(r *request, now time.Time, savepoint bool) error {
	if savepoint {
		if err := w.exec("SAVEPOINT r"); err != nil {
			return err
		}
	}
	tx := &Tx{w: w, now: now}
	r.err = guarded(func(tx *Tx) error {
		if err := r.fn(tx); err != nil {
			return err
		}
		return tx.finish()
	}, tx)
	if w.autocommit() { // disk full, I/O error: SQLite has rolled back everything
		return fmt.Errorf("the transaction was lost: %w", errors.Join(r.err, errors.New("autocommit")))
	}
	if r.err != nil {
		if savepoint {
			w.known.forget()
			if err := w.exec("ROLLBACK TO r"); err != nil {
				return err
			}
		} else if tx.wrote {
			return errHalfWritten
		}
		switch {
		case unavailable(r.err):
			r.err = discuss.Busy(r.err)
		case refersToNothing(r.err): // an account or a site that another process has erased since the request began
			slog.Warn("a write was about what is gone", "err", r.err)
			r.err = discuss.ErrGone
		}
	} else {
		r.events, r.hints, r.lastID, r.noted = tx.events, tx.hints, tx.lastID, tx.noted
		w.wal.forgot(tx.erased)
		if tx.voted {
			defer w.s.kickTallies()
		}
	}
	if !savepoint {
		return nil
	}
	return w.exec("RELEASE r")
}

func guarded(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in a write: %v", p)
		}
	}()
	return fn(tx)
}

func unavailable(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr || e.Code == sqlite3.ErrBusy || e.Code == sqlite3.ErrReadonly
}

func refersToNothing(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && e.ExtendedCode == sqlite3.ErrConstraintForeignKey
}

func (w *writer) tell(batch []*request) {
	to := w.s.listeners.Load()
	for _, r := range batch {
		if r.err == nil && len(r.events) > 0 {
			w.lastID = max(w.lastID, r.lastID)
			if to.Committed != nil {
				to.Committed(r.events)
			}
		}
		if r.err == nil && len(r.hints) > 0 && to.Hinted != nil {
			to.Hinted(r.hints)
		}
		if r.err == nil && r.noted && to.Erased != nil {
			to.Erased()
		}
	}
}

// autocommit reports that no transaction is open.
func (w *writer) autocommit() bool { return w.conn.AutoCommit() }

// stmt returns a statement prepared on the writer's own connection. Preparing
// through the pool would wait for ever: its only connection is this one. No
// statement of the writer ever sees a request's context.
func (w *writer) stmt(query string) *statement {
	st, ok := w.stmts[query]
	if !ok {
		st = &statement{}
		w.preparing = st
		err := st.prepare(w.conn, query)
		w.preparing = nil
		if err != nil {
			panic(err)
		}
		st.runs = func() {
			w.people = w.people || st.people
			w.known.ran(st)
		}
		w.stmts[query] = st
	}
	return st
}

func (w *writer) exec(query string, args ...any) error { return w.stmt(query).run(args) }

func (w *writer) queryRow(query string, args ...any) row { return w.stmt(query).QueryRow(args...) }
