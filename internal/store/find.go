package store

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/discuss"
)

// Find searches the comments of a site, newest first.
func (s *Store) Find(ctx context.Context, q discuss.FindQuery) ([]discuss.Queued, error) {
	return s.queuedOnce(ctx, findQuery(q), []any{q.Site, ftsQuery(q), nil, q.After.ID, q.Limit, millis(s.opt.Now()), string(q.Status), q.Thread, q.Author})
}

// findQuery follows the text index where words are looked for, else the index
// of a person's comments, else that of the site's; a plus keeps SQLite from
// following any other, whose rows it would have to sort.
func findQuery(q discuss.FindQuery) string {
	var b strings.Builder
	b.WriteString(`SELECT ` + queueColumns)
	id := "c.id"
	switch {
	case q.Text != "":
		id = "f.rowid"
		b.WriteString(` FROM comments_text f CROSS JOIN comments c ON c.id = f.rowid` + queueJoins + ` WHERE comments_text MATCH ?2 AND c.site_id = ?1`)
		if q.Author != 0 {
			b.WriteString(` AND +c.author_id = ?9`)
		}
	case q.Author != 0:
		b.WriteString(` FROM comments c INDEXED BY comments_person` + queueJoins + ` WHERE c.author_id = ?9 AND +c.site_id = ?1`)
	default:
		b.WriteString(` FROM comments c` + queueJoins + ` WHERE c.site_id = ?1`)
	}
	if !q.After.IsZero() {
		b.WriteString(` AND ` + id + ` < ?4`)
	}
	if q.Status != "" {
		b.WriteString(` AND +c.status = ?7`)
	}
	if q.Thread != 0 {
		b.WriteString(` AND +c.thread_id = ?8`)
	}
	if !q.From.IsZero() {
		fmt.Fprintf(&b, ` AND +c.created >= %d`, millis(q.From))
	}
	if !q.To.IsZero() {
		fmt.Fprintf(&b, ` AND +c.created < %d`, millis(q.To))
	}
	b.WriteString(` ORDER BY ` + id + ` DESC LIMIT ?5`)
	return b.String()
}

// queuedOnce runs a statement that carries dates in its text: it is not kept prepared.
func (s *Store) queuedOnce(ctx context.Context, query string, args []any) ([]discuss.Queued, error) {
	return scanQueue(s.reads.QueryContext(ctx, query, used(query, args)...))
}

// ftsQuery makes a query of words that must all stand there: each is quoted,
// so that nothing in it is an operator; a * behind one looks for beginnings.
func ftsQuery(q discuss.FindQuery) string {
	parts := []string{fmt.Sprintf(`site : "s%d"`, int64(q.Site))}
	for _, w := range strings.Fields(q.Text) {
		star := ""
		if v, ok := strings.CutSuffix(w, "*"); ok && v != "" {
			w, star = v, "*"
		}
		parts = append(parts, `body : "`+strings.ReplaceAll(w, `"`, `""`)+`"`+star)
	}
	return strings.Join(parts, " AND ")
}
