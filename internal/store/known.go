package store

import (
	"database/sql"
	"database/sql/driver"
	"slices"

	"github.com/mattn/go-sqlite3"
)

// knownMax is how many answers the writer keeps.
const knownMax = 4096

// known is what the writer has asked and need not ask again: who somebody is,
// whether a thread is followed. Nobody has to say what makes an answer stale:
// SQLite names, when a statement is prepared, the columns that it reads and the
// columns that it writes, and an answer holds until a statement runs that
// writes what it was read from. It does not name a generated column when what
// that is made of is written, and knows nothing of time: neither is recalled.
type known struct {
	columns map[string]int  // number of "table column" in written
	written []int64         // when a statement that writes it ran last
	clock   int64           // statements that write
	made    map[string]bool // generated columns, by "table column"
	answers map[question]answer

	doubt func(query string, kept, fresh []driver.Value) // for tests: asks all the same
}

type question struct {
	query string
	args  [2]any
}

type answer struct {
	row   []driver.Value // nil where there was none
	at    int64
	reads []int
}

// allRows stands for the rows of a table that come and go.
const allRows = "*"

// learn reads which columns are generated.
func (k *known) learn(conn *sqlite3.SQLiteConn) error {
	st, err := prepare(conn, `SELECT s.name || ' ' || x.name FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) x WHERE s.type = 'table' AND x.hidden IN (2, 3)`)
	if err != nil {
		return err
	}
	defer st.Close()
	rows, err := st.Query()
	if err != nil {
		return err
	}
	defer rows.Close()
	k.made = map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		k.made[name] = true
	}
	return rows.Err()
}

func (k *known) column(table, column string) int {
	name := table + " " + column
	n, ok := k.columns[name]
	if !ok {
		if k.columns == nil {
			k.columns = map[string]int{}
		}
		n = len(k.written)
		k.columns[name], k.written = n, append(k.written, 0)
	}
	return n
}

// touches notes one thing that a statement does, as SQLite's authorizer names it.
func (st *statement) touches(k *known, op int, table, column string) {
	add := func(list *[]int, n int) {
		if !slices.Contains(*list, n) {
			*list = append(*list, n)
		}
	}
	switch op {
	case sqlite3.SQLITE_READ:
		st.made = st.made || k.made[table+" "+column]
		add(&st.reads, k.column(table, column))
		add(&st.reads, k.column(table, allRows))
	case sqlite3.SQLITE_UPDATE:
		add(&st.writes, k.column(table, column))
	case sqlite3.SQLITE_INSERT, sqlite3.SQLITE_DELETE:
		add(&st.writes, k.column(table, allRows))
	}
}

// ran takes note of what a statement has written.
func (k *known) ran(st *statement) {
	if len(st.writes) == 0 {
		return
	}
	k.clock++
	for _, n := range st.writes {
		k.written[n] = k.clock
	}
}

// forget drops every answer: what was read may have been rolled back, or
// another process has written.
func (k *known) forget() { clear(k.answers) }

func (k *known) holds(a answer) bool {
	for _, n := range a.reads {
		if k.written[n] > a.at {
			return false
		}
	}
	return true
}

// recall is queryRow for what is asked again and again. What it reads must be
// columns that a post does not change, or nothing is won.
func (t *Tx) recall(query string, a, b any) scanner { return t.recallBut("", query, a, b) }

// recallBut is recall of what stays as it is while rows of a table come and go.
func (t *Tx) recallBut(table, query string, a, b any) scanner {
	k, q := &t.w.known, question{query, [2]any{a, b}}
	was, kept := k.answers[q]
	kept = kept && k.holds(was)
	if kept && k.doubt == nil {
		return was
	}
	st := t.w.stmt(query)
	if st.made {
		panic("a generated column is not told of its changes: it cannot be recalled")
	}
	args := []any{a, b}[:st.NumInput()]
	rows, err := st.Query(args...)
	if err != nil {
		return row{nil, err}
	}
	defer rows.Close()
	now := answer{at: k.clock, reads: st.reads}
	if table != "" {
		now.reads = slices.DeleteFunc(slices.Clone(st.reads), func(n int) bool { return n == k.column(table, allRows) })
	}
	if rows.Next() {
		now.row = slices.Clone(rows.row)
	}
	if err := rows.Err(); err != nil {
		return row{nil, err}
	}
	if kept {
		k.doubt(query, was.row, now.row)
	}
	if k.answers == nil || len(k.answers) >= knownMax {
		k.answers = map[question]answer{}
	}
	k.answers[q] = now
	return now
}

// Scan reads a kept answer.
func (a answer) Scan(dest ...any) error {
	if a.row == nil {
		return sql.ErrNoRows
	}
	return scan(a.row, dest)
}
