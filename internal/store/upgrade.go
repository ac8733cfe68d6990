package store

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
)

// perRow is what a migration is taken to need for each row of the tables that it
// changes: generously, for a slow disk. Of a database of 50,000 comments from
// schema 60 an eighth of the estimate was needed.
const perRow = 20 * time.Microsecond

// Migration is one step from an older schema to that of this build.
type Migration struct {
	Version  int64
	What     string        // a sentence
	Tables   []string      // whose rows it goes through
	Rows     int64         // of them, now
	Estimate time.Duration // rather too long than too short
}

// foldNamesSays is the sentence of the migration that is not SQL.
const foldNamesSays = "Names that look alike are told apart by what they look like."

// Pending returns what this build would do to a database when it opens it, in
// order, and the version that it has. It changes nothing.
func Pending(ctx context.Context, file string) (have int64, out []Migration, err error) {
	db, err := openReadOnly(file)
	if err != nil {
		return 0, nil, err
	}
	defer db.Close()
	done := map[int64]bool{}
	rows, err := db.QueryContext(ctx, `SELECT version_id FROM goose_db_version WHERE is_applied`)
	if err != nil {
		return 0, nil, lookTrouble(err)
	}
	defer rows.Close()
	for rows.Next() {
		var v int64
		if err := rows.Scan(&v); err != nil {
			return 0, nil, err
		}
		done[v], have = true, max(have, v)
	}
	if err := rows.Err(); err != nil {
		return 0, nil, err
	}
	newest, err := newestVersion()
	if err != nil {
		return have, nil, err
	}
	if have > newest {
		return have, nil, ErrNewer
	}
	all, err := sayMigrations()
	if err != nil {
		return have, nil, err
	}
	for _, m := range all {
		if done[m.Version] {
			continue
		}
		for _, table := range m.Tables {
			var n int64
			// A table that is not there yet has no rows; its name is of our own files.
			if err := db.QueryRowContext(ctx, `SELECT count(*) FROM "`+table+`"`).Scan(&n); err == nil {
				m.Rows += n
			}
		}
		m.Estimate = time.Duration(m.Rows) * perRow
		out = append(out, m)
	}
	return have, out, nil
}

// sayMigrations reads what each migration says of itself: the first sentence of
// its comment.
func sayMigrations() (out []Migration, err error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(migrations, name)
		if err != nil {
			return nil, err
		}
		version, err := goose.NumericComponent(path.Base(name))
		if err != nil {
			return nil, err
		}
		out = append(out, Migration{Version: version, What: firstSentence(string(text)), Tables: touched(string(text))})
	}
	fold := (&Store{}).foldNames()
	out = append(out, Migration{Version: fold.Version, What: foldNamesSays, Tables: []string{"authors"}})
	slices.SortFunc(out, func(a, b Migration) int { return int(a.Version - b.Version) })
	return out, nil
}

// shortSentence is what says too little by itself.
const shortSentence = 16

func firstSentence(sql string) string {
	var words []string
	for _, line := range strings.Split(sql, "\n") {
		text, comment := strings.CutPrefix(line, "-- ")
		if strings.HasPrefix(text, "+goose") {
			continue
		}
		if !comment {
			break
		}
		words = append(words, text)
	}
	all := strings.Join(words, " ")
	if least := min(shortSentence, len(all)); strings.Contains(all[least:], ". ") {
		all = all[:least+strings.Index(all[least:], ". ")+1]
	}
	return all
}

// goesThrough finds the tables that a migration reads or writes as a whole.
var goesThrough = regexp.MustCompile(`(?im)^\s*(?:UPDATE|DELETE FROM|CREATE (?:UNIQUE )?INDEX \w+ ON)\s+(\w+)|\bFROM\s+(\w+)`)

func touched(sql string) (out []string) {
	for _, line := range strings.Split(outsideTriggers(sql), "\n") {
		line, _, _ = strings.Cut(line, "--")
		for _, m := range goesThrough.FindAllStringSubmatch(line, -1) {
			for _, table := range m[1:] {
				if table != "" && !slices.Contains(out, table) {
					out = append(out, table)
				}
			}
		}
	}
	return out
}

// trigger is what happens later, row by row.
var trigger = regexp.MustCompile(`(?s)CREATE TRIGGER.*?END;`)

func outsideTriggers(sql string) string { return trigger.ReplaceAllString(sql, "") }

// String says a migration in one line.
func (m Migration) String() string { return fmt.Sprintf("%04d %s", m.Version, m.What) }
