package store

import (
	"context"
	"database/sql/driver"
	"maps"
	"slices"
	"testing"

	"github.com/mattn/go-sqlite3"
)

// prepares tells how often SQLite prepared a query again while it was used a
// few times: its authorizer is asked whenever that happens.
func prepares(t testing.TB, c *sqlite3.SQLiteConn, query string) int {
	t.Helper()
	asked := 0
	c.RegisterAuthorizer(func(int, string, string, string) int {
		asked++
		return sqlite3.SQLITE_OK
	})
	st, err := c.Prepare(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer st.Close()
	args := make([]driver.NamedValue, st.NumInput())
	for i := range args {
		args[i] = driver.NamedValue{Ordinal: i + 1, Value: int64(i + 7)}
	}
	again := 0
	for use := range 3 {
		asked = 0
		rows, err := st.(driver.StmtQueryContext).QueryContext(context.Background(), args)
		if err == nil {
			for dest := make([]driver.Value, len(rows.Columns())); err == nil; {
				err = rows.Next(dest) // an error may be a constraint: what counts is that it began
			}
			_ = rows.Close()
		}
		if use > 0 && asked > 0 { // at the first use the text index prepares queries of its own
			again++
		}
	}
	return again
}

func raw(t testing.TB, path string) *sqlite3.SQLiteConn {
	t.Helper()
	c, err := connector{path, "FULL", false, mmapBytes}.Connect(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c.(*sqlite3.SQLiteConn)
}

// preparedOnce checks every query that a store has run.
func preparedOnce(t testing.TB, s *Store) {
	t.Helper()
	queries := slices.Collect(maps.Keys(s.w.stmts))
	for _, r := range s.reads.free {
		queries = slices.AppendSeq(queries, maps.Keys(r.stmts))
	}
	c := raw(t, s.path)
	if _, err := c.Exec("BEGIN IMMEDIATE", nil); err != nil {
		t.Fatal(err)
	}
	defer func() { _, _ = c.Exec("ROLLBACK", nil) }()
	for _, q := range queries {
		switch q {
		case "BEGIN IMMEDIATE", "COMMIT", "ROLLBACK", "SAVEPOINT r", "RELEASE r", "ROLLBACK TO r":
			continue
		}
		if n := prepares(t, c, steady(q)); n > 0 {
			t.Errorf("prepared again at %d of 2 uses: %s", n, q)
		}
	}
}

func TestSteadyQueriesAreNotPreparedAgain(t *testing.T) {
	b := newBench(t, Options{})
	b.post(t, 1, "a", 0, "first")
	c := raw(t, b.path)
	const q = `SELECT created FROM comments WHERE author_id = ?1 AND thread_id = ?2 ORDER BY id DESC LIMIT ?3`
	if n := prepares(t, c, q); n == 0 {
		t.Error("SQLite no longer prepares by the value of a parameter: steady is not needed any more")
	}
	if n := prepares(t, c, steady(q)); n > 0 {
		t.Errorf("prepared again at %d of 2 uses", n)
	}
}
