package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"parley/internal/discuss"
)

// Spool keeps what an export holds in a file of its own until all of it has been
// read: only then is it known whether the file is good to its end, and where each
// comment stands. What is held in memory does not grow with the file. It is for
// transfer to fill (transfer.Spool says how) and for Import to empty.
//
// An error is kept, like a bufio.Writer's: what comes after it does nothing, and
// Err tells it.
type Spool struct {
	mu      sync.Mutex
	db      *sql.DB
	path    string
	err     error
	stmts   map[string]*sql.Stmt
	threads map[string]int64 // foreign id → n, of those met lately
	people  map[string]int64
}

const spoolSchema = `
CREATE TABLE IF NOT EXISTS said (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS facts (kind TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS later (n INTEGER PRIMARY KEY, kind TEXT NOT NULL, value BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS threads (n INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, foreign_id TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, state TEXT NOT NULL, created INTEGER, reactions TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS thread_ids (foreign_id TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aliases (n INTEGER NOT NULL, alias TEXT NOT NULL, PRIMARY KEY (n, alias)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS people (n INTEGER PRIMARY KEY, foreign_id TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS marks (n INTEGER NOT NULL, mark BLOB NOT NULL, PRIMARY KEY (n, mark)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS comments (n INTEGER PRIMARY KEY, thread INTEGER NOT NULL, person INTEGER NOT NULL, created INTEGER NOT NULL, edited INTEGER, status TEXT NOT NULL,
	up INTEGER NOT NULL, down INTEGER NOT NULL, featured INTEGER NOT NULL, pinned INTEGER NOT NULL, reactions TEXT NOT NULL, foreign_id TEXT NOT NULL, parent TEXT NOT NULL, body TEXT NOT NULL, html TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS skipped (n INTEGER PRIMARY KEY, id TEXT NOT NULL, why TEXT NOT NULL);`

// spoolRecent is how many threads and people are known without asking the file.
const spoolRecent = 20_000

// spoolCache is the memory that the file's pages may take, in KiB.
const spoolCache = 8 << 10

// NewSpool makes a spool in a file, or goes on with one that is there.
func NewSpool(ctx context.Context, path string) (*Spool, error) {
	db, err := sql.Open("sqlite3", fileURL(path, fmt.Sprintf("_journal_mode=OFF&_synchronous=OFF&_locking_mode=EXCLUSIVE&_cache_size=-%d", spoolCache)))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	sp := &Spool{db: db, path: path, stmts: map[string]*sql.Stmt{}, threads: map[string]int64{}, people: map[string]int64{}}
	if _, err := db.ExecContext(ctx, spoolSchema); err != nil {
		return nil, errors.Join(fmt.Errorf("make a file to read into: %w", err), db.Close())
	}
	if err := os.Chmod(path, 0o600); err != nil { // texts that were never public stand in it
		return nil, errors.Join(err, db.Close())
	}
	if _, err := db.ExecContext(ctx, "BEGIN"); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return sp, nil
}

// Close ends it; the file stays and can be gone on with.
func (sp *Spool) Close() error {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	var err error
	if sp.err == nil {
		_, err = sp.db.Exec("COMMIT")
	}
	for _, st := range sp.stmts {
		_ = st.Close()
	}
	return errors.Join(err, sp.db.Close())
}

// Hide takes the file's name away while it is in use, where the system allows
// that: a run that is killed leaves nothing behind.
func (sp *Spool) Hide() { _ = os.Remove(sp.path) }

// Remove ends it and takes the file away.
func (sp *Spool) Remove() error {
	err := sp.Close()
	if gone := os.Remove(sp.path); !errors.Is(gone, os.ErrNotExist) { // Hide
		err = errors.Join(err, gone)
	}
	return err
}

// Err is the first error of any call.
func (sp *Spool) Err() error {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.err
}

func (sp *Spool) fail(err error) {
	if sp.err == nil {
		sp.err = fmt.Errorf("the file that an import is read into: %w", err)
	}
}

func (sp *Spool) stmt(query string) *sql.Stmt {
	st, ok := sp.stmts[query]
	if !ok {
		var err error
		if st, err = sp.db.Prepare(query); err != nil {
			sp.fail(err)
			return nil
		}
		sp.stmts[query] = st
	}
	return st
}

func (sp *Spool) exec(query string, args ...any) int64 {
	if sp.err != nil {
		return 0
	}
	st := sp.stmt(query)
	if st == nil {
		return 0
	}
	r, err := st.Exec(args...)
	if err != nil {
		sp.fail(err)
		return 0
	}
	n, err := r.RowsAffected()
	if err != nil {
		sp.fail(err)
	}
	return n
}

// get reads one row, and says whether there is one.
func (sp *Spool) get(query string, args []any, dest ...any) bool {
	if sp.err != nil {
		return false
	}
	st := sp.stmt(query)
	if st == nil {
		return false
	}
	err := st.QueryRow(args...).Scan(dest...)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		sp.fail(err)
	}
	return err == nil
}

// SetSource says which system the file is from; with a foreign id it is what a row is known by.
func (sp *Spool) SetSource(source string) { sp.Say("source", source) }

// Source is what SetSource said.
func (sp *Spool) Source() string { return sp.Said("source") }

// Say keeps one thing about the whole; Said gives it back.
func (sp *Spool) Say(name, value string) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.exec(`INSERT INTO said VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2`, name, value)
}

// Said is what Say kept, or "".
func (sp *Spool) Said(name string) (value string) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.get(`SELECT value FROM said WHERE name = ?1`, []any{name}, &value)
	return value
}

// Put keeps a fact that a reader will want again, like a page's address by its id.
func (sp *Spool) Put(kind, key, value string) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.exec(`INSERT INTO facts VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET value = ?3`, kind, key, value)
}

// Get gives a fact, and says whether it is there.
func (sp *Spool) Get(kind, key string) (value string, ok bool) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	ok = sp.get(`SELECT value FROM facts WHERE kind = ?1 AND key = ?2`, []any{kind, key}, &value)
	return value, ok
}

// Later keeps what cannot be read before the rest of the file is known.
func (sp *Spool) Later(kind string, value []byte) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.exec(`INSERT INTO later (kind, value) VALUES (?1, ?2)`, kind, value)
}

// EachLater gives what was kept, in order, and forgets it.
func (sp *Spool) EachLater(kind string, take func(value []byte)) {
	for last := int64(-1); ; {
		var value []byte
		sp.mu.Lock()
		ok := sp.get(`SELECT n, value FROM later WHERE kind = ?1 AND n > ?2 ORDER BY n LIMIT 1`, []any{kind, last}, &last, &value)
		sp.mu.Unlock()
		if !ok {
			break
		}
		take(value)
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.exec(`DELETE FROM later WHERE kind = ?1`, kind)
}

// AddThread adds a thread; one whose key is there already joins it. It says no
// where the foreign id is that of another thread.
func (sp *Spool) AddThread(t discuss.ArchiveThread) bool {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if n := sp.thread(t.Foreign); n != 0 {
		var key string
		return sp.get(`SELECT key FROM threads WHERE n = ?1`, []any{n}, &key) && key == t.Key // of another file
	}
	var n int64
	if !sp.get(`SELECT n FROM threads WHERE key = ?1`, []any{t.Key}, &n) {
		sp.get(`INSERT INTO threads (key, foreign_id, url, title, state, created, reactions) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING n`,
			[]any{t.Key, t.Foreign, t.URL, t.Title, string(t.State), nullTime(t.Created), string(t.Reactions)}, &n)
	}
	for _, a := range t.Aliases {
		sp.exec(`INSERT INTO aliases VALUES (?1, ?2) ON CONFLICT DO NOTHING`, n, a)
	}
	sp.exec(`INSERT INTO thread_ids VALUES (?1, ?2)`, t.Foreign, n)
	return true
}

// HasThread says whether a thread of this foreign id is there.
func (sp *Spool) HasThread(foreign string) bool {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.thread(foreign) != 0
}

func (sp *Spool) thread(foreign string) int64 {
	return sp.known(sp.threads, `SELECT n FROM thread_ids WHERE foreign_id = ?1`, foreign)
}

func (sp *Spool) known(recent map[string]int64, query, foreign string) (n int64) {
	if n, ok := recent[foreign]; ok {
		return n
	}
	if sp.get(query, []any{foreign}, &n) {
		if len(recent) >= spoolRecent {
			clear(recent)
		}
		recent[foreign] = n
	}
	return n
}

const spooledPerson = `SELECT n FROM people WHERE foreign_id = ?1`

// AddPerson adds whoever wrote, once.
func (sp *Spool) AddPerson(p discuss.ArchivePerson) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.known(sp.people, spooledPerson, p.Foreign) != 0 {
		return
	}
	var n int64
	sp.get(`INSERT INTO people (foreign_id, name) VALUES (?1, ?2) RETURNING n`, []any{p.Foreign, p.Name}, &n)
	for _, mark := range p.Marks {
		sp.exec(`INSERT INTO marks VALUES (?1, ?2) ON CONFLICT DO NOTHING`, n, mark)
	}
}

// HasPerson says whether a person of this foreign id is there.
func (sp *Spool) HasPerson(foreign string) bool {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.known(sp.people, spooledPerson, foreign) != 0
}

// AddComment adds a comment. It says no where its thread or its person is not there.
func (sp *Spool) AddComment(c discuss.ArchiveComment) bool {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	thread, person := sp.thread(c.Thread), sp.known(sp.people, spooledPerson, c.Person)
	if thread == 0 || person == 0 {
		return false
	}
	sp.exec(`INSERT INTO comments (thread, person, created, edited, status, up, down, featured, pinned, reactions, foreign_id, parent, body, html) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)`,
		thread, person, millis(c.Created), nullTime(c.Edited), string(c.Status), c.Up, c.Down, c.Featured, c.Pinned, string(c.Reactions), c.Foreign, c.Parent, c.Body, c.HTML)
	return true
}

// Skip notes a row that was not taken as it stood.
func (sp *Spool) Skip(s discuss.Skipped) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	sp.skip(s)
}

func (sp *Spool) skip(s discuss.Skipped) {
	sp.exec(`INSERT INTO skipped (id, why) VALUES (?1, ?2)`, s.ID, s.Why)
}

// each runs a query and gives its rows one by one; take reads them.
func (sp *Spool) each(query string, args []any, take func(scan func(dest ...any) error) error) error {
	rows, err := sp.db.Query(query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// EachSkipped gives what was not taken as it stood, in order.
func (sp *Spool) EachSkipped(take func(discuss.Skipped) error) error {
	return sp.each(`SELECT id, why FROM skipped ORDER BY n`, nil, func(scan func(...any) error) error {
		var s discuss.Skipped
		if err := scan(&s.ID, &s.Why); err != nil {
			return err
		}
		return take(s)
	})
}

// Statuses counts the comments by status.
func (sp *Spool) Statuses() (map[discuss.Status]int, error) {
	out := map[discuss.Status]int{}
	err := sp.each(`SELECT status, count(*) FROM tree GROUP BY status`, nil, func(scan func(...any) error) error {
		var status discuss.Status
		var n int
		err := scan(&status, &n)
		out[status] = n
		return err
	})
	return out, err
}

func (sp *Spool) count(table string) (n int, err error) {
	err = sp.db.QueryRow(`SELECT count(*) FROM ` + table).Scan(&n)
	return n, err
}

// spooledTime is a time that the spool keeps, zero for none.
func spooledTime(at sql.NullInt64) time.Time {
	if !at.Valid {
		return time.Time{}
	}
	return time.UnixMilli(at.Int64).UTC()
}

// Comments is how many there are, once arranged.
func (sp *Spool) Comments() (int, error) { return sp.count("tree") }
