package systemtest

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"parley/internal/store"
)

// holding names the tables that hold a text anywhere, and the files of the
// database's folder that do.
func (p *program) holding(t *testing.T, text string) (at []string) {
	t.Helper()
	db, err := store.Open(p.file(), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil { // the log of the file is folded in
		t.Fatal(err)
	}
	for _, table := range p.list(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'comments_text%' AND name NOT LIKE 'comments_words'`) {
		for _, column := range p.list(`SELECT name FROM pragma_table_info('` + table + `')`) {
			if n := p.number(fmt.Sprintf(`SELECT count(*) FROM %q WHERE instr(CAST(%q AS TEXT), '%s') > 0`, table, column, text)); n > 0 {
				at = append(at, table+"."+column)
			}
		}
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(p.file()), "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if raw, err := os.ReadFile(name); err == nil && bytes.Contains(raw, []byte(text)) {
			at = append(at, filepath.Base(name))
		}
	}
	return at
}

// list asks a program's database for texts.
func (p *program) list(query string) (out []string) {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.file()+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(query)
	if err != nil {
		p.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one string
		if err := rows.Scan(&one); err != nil {
			p.t.Fatal(err)
		}
		out = append(out, one)
	}
	return out
}
