// Package store is SQL and nothing else: one file per noun, the migrations,
// the one writer and the readers. It makes no decisions about who may do what.
package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/pressly/goose/v3"

	"parley/internal/discuss"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Options are what a store needs beside its file.
type Options struct {
	// Now is the clock; nil means time.Now. Stored times are milliseconds of it.
	Now func() time.Time
	// TallyEvery is how long votes are gathered before rank and public tally
	// follow; 0 means DefaultTallyEvery.
	TallyEvery time.Duration
	// Skeleton folds look-alike names; nil compares names as they are.
	Skeleton func(string) string
	// Unlink takes the links to a person out of a comment that names them; nil
	// leaves them.
	Unlink func(html string, person discuss.ID) string
	// BeforeUpgrade is called before a database of an older schema is changed;
	// its error leaves the database as it is.
	BeforeUpgrade func(schema int64) error
	// NoMap leaves the file unmapped: for a command that goes through much of it
	// once, whose memory would show all of that.
	NoMap bool
	// Synchronous is for tests that show why it must be FULL, the default.
	Synchronous string
}

// Listeners are told of what is committed. None of them may block.
type Listeners struct {
	// Committed receives each transaction's events after they are durable and
	// before the writer of the change is told so.
	Committed func([]discuss.Event)
	// Hinted receives what moderators shall hear of, on the same terms.
	Hinted func([]discuss.Hint)
	// Erased is called after something was erased that the ledger beside the
	// backups lacks.
	Erased func()
	// ChangedOutside is called when another process has changed the file.
	ChangedOutside func()
}

// Listen has l told from now on, in place of who was told before. What is
// committed earlier is told to nobody: there was nobody who could have kept it.
func (s *Store) Listen(l Listeners) { s.listeners.Store(&l) }

// DefaultTallyEvery is how often a thread's tallies may move.
const DefaultTallyEvery = time.Second

const (
	busyTimeout  = 5 * time.Second
	mmapBytes    = 256 << 20
	writerCache  = 8 << 10 // KiB
	readerCache  = 2 << 10 // KiB, each
	minimumReads = 4
)

// Store is a SQLite file. Open makes one.
type Store struct {
	opt     Options
	ids     discuss.IDs
	reads   *readers
	writes  *sql.DB
	w       *writer
	path    string
	callers callerCache
	served  bool        // by this process
	copying atomic.Bool // a backup of ours holds a snapshot: nobody waits for it

	listeners atomic.Pointer[Listeners]

	stop context.CancelFunc
	wg   sync.WaitGroup
	kick chan struct{} // a vote waits for its tally

	moveWAL       chan struct{} // the log has grown
	checkpointing sync.Mutex    // one checkpoint at a time: a second one is turned away
}

// ErrNewer says that the file was written by a newer Parley.
var ErrNewer = errors.New("the database was made by a newer version of Parley; this one would damage it")

// ErrOther says that the file is the database of another program.
var ErrOther = errors.New("it is the database of another program, and nothing of it was changed; give Parley a file of its own in PARLEY_DATABASE")

// ofAnother refuses a database with tables that are not ours, before anything is
// written to it. What cannot be read is said when it is opened.
func ofAnother(path string) error {
	db, err := openReadOnly(path)
	if err != nil {
		return nil
	}
	defer db.Close()
	var others, ours int
	if err := db.QueryRow(`SELECT count(*) FILTER (WHERE name NOT LIKE 'sqlite!_%' ESCAPE '!' AND name <> 'goose_db_version'),
		count(*) FILTER (WHERE name IN ('sites', 'goose_db_version')) FROM sqlite_schema WHERE type = 'table'`).Scan(&others, &ours); err == nil && others > 0 && ours < 2 {
		return fmt.Errorf("%s: %w", path, ErrOther)
	}
	return nil
}

// Open opens the database at path, makes it if it is missing, and brings it to
// the newest schema. The caller closes the store.
func Open(path string, opt Options) (*Store, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	if opt.TallyEvery == 0 {
		opt.TallyEvery = DefaultTallyEvery
	}
	if opt.Skeleton == nil {
		opt.Skeleton = func(s string) string { return s }
	}
	if opt.Synchronous == "" {
		opt.Synchronous = "FULL"
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	// It holds addresses and password hashes. SQLite gives its log the same rights.
	if f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600); err == nil {
		if err := f.Close(); err != nil {
			return nil, err
		}
	} else if !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("make the database: %w", err)
	}
	if err := ofAnother(path); err != nil {
		return nil, err
	}
	s := &Store{opt: opt, path: path, kick: make(chan struct{}, 1), moveWAL: make(chan struct{}, 1)}
	s.Listen(Listeners{})
	mapped := int64(mmapBytes)
	if opt.NoMap {
		mapped = 0
	}
	s.writes = sql.OpenDB(connector{path, opt.Synchronous, false, mapped})
	s.writes.SetMaxOpenConns(1)
	if err := s.migrate(); err != nil {
		_ = s.writes.Close()
		return nil, openTrouble(path, err)
	}
	s.reads = newReaders(connector{path, opt.Synchronous, true, mapped}, max(minimumReads, 2*runtime.NumCPU()))
	w, err := newWriter(s)
	if err != nil {
		_ = s.reads.close()
		_ = s.writes.Close()
		return nil, openTrouble(path, err)
	}
	s.w = w
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.wg.Go(func() { s.tallies(ctx) })
	s.wg.Go(func() { s.checkpoints(ctx) })
	s.wg.Go(func() { s.index(ctx) })
	s.wg.Go(func() { s.sweepNowAndThen(ctx) })
	s.kickTallies()
	return s, nil
}

// Close finishes what was queued and closes the file; the WAL is folded in.
func (s *Store) Close() error {
	s.stop()
	s.wg.Wait()
	s.w.close()
	_, err := s.writes.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, s.reads.close(), s.writes.Close())
}

func (s *Store) migrate() error {
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.writes, dir, goose.WithGoMigrations(s.foldNames()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	ctx := context.Background()
	have, err := p.GetDBVersion(ctx)
	if err != nil {
		return fmt.Errorf("open %s: %w", s.path, err)
	}
	all := p.ListSources()
	newest := all[len(all)-1].Version
	if have > newest {
		return ErrNewer
	}
	if have > 0 && have < newest && s.staysServed() {
		return ErrServedOlder
	}
	if have > 0 && have < newest && s.opt.BeforeUpgrade != nil {
		if err := s.opt.BeforeUpgrade(have); err != nil {
			return err
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// connector opens connections with every pragma set on each of them: one that
// is sent by Exec would reach a single connection of the pool.
type connector struct {
	path, synchronous string
	readOnly          bool
	mapped            int64 // bytes of the file that are mapped
}

func (c connector) Connect(context.Context) (driver.Conn, error) {
	return c.driver().Open(c.dsn())
}

func (c connector) Driver() driver.Driver { return c.driver() }

func (c connector) dsn() string {
	q := url.Values{}
	q.Set("_journal_mode", "WAL")
	q.Set("_synchronous", c.synchronous)
	q.Set("_foreign_keys", "1")
	q.Set("_busy_timeout", fmt.Sprint(busyTimeout.Milliseconds()))
	if c.readOnly {
		q.Set("_query_only", "1")
	} else {
		q.Set("_secure_delete", "on") // what is deleted is overwritten
		q.Set("_txlock", "immediate") // a reader's transaction is a snapshot and takes no lock
	}
	return fileURL(c.path, q.Encode())
}

// fileURL names a database to SQLite; the path may be relative.
func fileURL(path, query string) string {
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query
}

func (c connector) driver() *sqlite3.SQLiteDriver {
	cache := writerCache
	if c.readOnly {
		cache = readerCache
	}
	return &sqlite3.SQLiteDriver{ConnectHook: func(conn *sqlite3.SQLiteConn) error {
		for _, p := range []string{
			fmt.Sprintf("PRAGMA mmap_size=%d", c.mapped),
			fmt.Sprintf("PRAGMA cache_size=-%d", cache),
			"PRAGMA temp_store=MEMORY",
			"PRAGMA wal_autocheckpoint=0", // see wal.go
			fmt.Sprintf("PRAGMA journal_size_limit=%d", walKept),
		} {
			if _, err := conn.Exec(p, nil); err != nil {
				return fmt.Errorf("%s: %w", p, err)
			}
		}
		// SQLite's own lower() knows the letters of English alone.
		return conn.RegisterFunc("folded", strings.ToLower, true)
	}}
}

// query reads what ctx leaves time for; the caller closes the rows.
func (s *Store) query(ctx context.Context, query string, args ...any) (*rows, error) {
	return s.reads.query(ctx, query, args)
}

// first reads one row, once it is scanned.
func (s *Store) first(ctx context.Context, query string, args ...any) row {
	r, err := s.reads.query(ctx, query, args)
	return row{r, err}
}

func (s *Store) queryRow(ctx context.Context, query string, args []any, dest ...any) error {
	return found(s.first(ctx, query, args...).Scan(dest...))
}

func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return discuss.ErrNotFound
	}
	return err
}

func millis(t time.Time) int64 { return t.UnixMilli() }

// fromMillis is the time that millis has written; 0 is never.
func fromMillis(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(n).UTC()
}
