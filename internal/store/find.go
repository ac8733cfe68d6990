package store

import (
	"context"
	"fmt"
	"strings"

	"parley/internal/discuss"
	"parley/internal/tokens"
)

// mostFound is how many of those that hold a word are put in order by date; of
// more, those that came into the database last.
const mostFound = 20_000

// Find searches the comments of a site, newest first.
func (s *Store) Find(ctx context.Context, q discuss.FindQuery) ([]discuss.Queued, error) {
	if q.Text != "" {
		s.indexed(ctx)
	}
	words, err := s.ftsQuery(ctx, q)
	if err != nil {
		return nil, err
	}
	args := []any{q.Site, words, int64(q.After.Key), q.After.ID, q.Limit, millis(s.opt.Now()), string(q.Status), q.Thread, q.Author}
	return s.queuedOnce(ctx, findQuery(q), args)
}

// findQuery follows the text index where words are looked for, else that of a
// person's comments, else that of the site's, by date. An import brings old
// comments with new ids, so what the text index gives is put in order by date.
func findQuery(q discuss.FindQuery) string {
	const byDate = ` ORDER BY c.created DESC, c.id DESC LIMIT ?5`
	more := findFilter(q)
	if q.Text == "" {
		return `SELECT ` + queueColumns + findFrom(q) + more + byDate
	}
	hits := `SELECT * FROM (SELECT c.id, c.created FROM comments_text f CROSS JOIN comments c ON c.id = f.rowid WHERE comments_text MATCH ?2 AND c.site_id = ?1` + more
	if q.Author != 0 {
		hits += ` AND +c.author_id = ?9`
	}
	hits += fmt.Sprintf(` ORDER BY f.rowid DESC LIMIT %d)`, mostFound)
	for _, id := range q.Named {
		hits += fmt.Sprintf(` UNION SELECT * FROM (SELECT c.id, c.created FROM comments c INDEXED BY comments_author WHERE c.author_id = %d AND +c.site_id = ?1%s%s)`, id, more, byDate)
	}
	return `SELECT ` + queueColumns + ` FROM (SELECT id FROM (` + hits + `) ORDER BY created DESC, id DESC LIMIT ?5) h CROSS JOIN comments c ON c.id = h.id` + queueJoins + byDate
}

// findFrom is where to look without words: one comment, a person's, those of
// networks, all of the site.
func findFrom(q discuss.FindQuery) string {
	switch {
	case q.Comment != 0:
		return fmt.Sprintf(` FROM comments c%s WHERE c.id = %d AND +c.site_id = ?1`, queueJoins, q.Comment)
	case q.Author != 0:
		return ` FROM comments c INDEXED BY comments_author` + queueJoins + ` WHERE c.author_id = ?9 AND +c.site_id = ?1`
	case len(q.Networks) > 0: // those who have written from there, and of theirs what came from there
		return ` FROM comments c INDEXED BY comments_author` + queueJoins + ` WHERE c.author_id IN (SELECT author_id FROM networks WHERE hash IN (` + blobs(q.Networks) + `)) AND +c.site_id = ?1`
	}
	if q.Reported { // few, beside all that the site has
		return ` FROM comments c` + queueJoins + ` WHERE c.id IN (SELECT comment_id FROM reports WHERE open = 1) AND +c.site_id = ?1`
	}
	return ` FROM comments c INDEXED BY comments_site` + queueJoins + ` WHERE c.site_id = ?1`
}

// findFilter is what else is asked. A plus keeps SQLite from following another
// index, whose rows it would have to sort.
func findFilter(q discuss.FindQuery) string {
	var b strings.Builder
	if !q.After.IsZero() {
		b.WriteString(` AND (c.created, c.id) < (?3, ?4)`)
	}
	if q.Status != "" {
		b.WriteString(` AND +c.status = ?7`)
	}
	if q.Thread != 0 {
		b.WriteString(` AND +c.thread_id = ?8`)
	}
	if !q.From.IsZero() {
		fmt.Fprintf(&b, ` AND c.created >= %d`, millis(q.From))
	}
	if !q.To.IsZero() {
		fmt.Fprintf(&b, ` AND c.created < %d`, millis(q.To))
	}
	if q.Reported {
		b.WriteString(` AND +c.id IN (SELECT comment_id FROM reports WHERE open = 1)`)
	}
	if len(q.Networks) > 0 {
		b.WriteString(` AND +c.network IN (` + blobs(q.Networks) + `)`)
	}
	return b.String()
}

func blobs(list [][]byte) string {
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = fmt.Sprintf("x'%x'", b)
	}
	return strings.Join(out, ", ")
}

// queuedOnce runs a statement that carries values in its text: it is not kept prepared.
func (s *Store) queuedOnce(ctx context.Context, query string, args []any) ([]discuss.Queued, error) {
	return scanQueue(s.reads.once(ctx, query, used(query, args)))
}

// ftsQuery makes a query of words that must all stand there, in any of their
// forms: each is quoted, so that nothing in it is an operator; a * behind one
// looks for beginnings.
func (s *Store) ftsQuery(ctx context.Context, q discuss.FindQuery) (string, error) {
	parts := []string{fmt.Sprintf(`site : "s%d"`, int64(q.Site))}
	for _, w := range strings.Fields(tokens.Bare(q.Text)) {
		star := false
		if v, ok := strings.CutSuffix(w, "*"); ok && v != "" {
			w, star = v, true
		}
		for _, p := range tokens.Parts(w) {
			one := []string{quoted(p.Text)}
			switch {
			case p.Begin || star && !p.Dense:
				one[0] += "*"
			case !p.Dense:
				forms, err := s.forms(ctx, p.Text)
				if err != nil {
					return "", err
				}
				one = append(one, forms...)
				for _, form := range tokens.Prefixed(p.Text) {
					one = append(one, quoted(form))
				}
			}
			parts = append(parts, `body : (`+strings.Join(one, " OR ")+`)`)
		}
	}
	return strings.Join(parts, " AND "), nil
}

func quoted(word string) string { return `"` + strings.ReplaceAll(word, `"`, `""`) + `"` }

// formsLooked is how many words of the index that begin as one does are looked
// at for its forms, formsMost how many forms are looked for.
const (
	formsLooked = 1_000
	formsMost   = 40
)

// forms are the other forms of a word that stand in comments, of whatever site.
// The statement is not kept: SQLite prepares it anew at every use.
func (s *Store) forms(ctx context.Context, word string) ([]string, error) {
	f, ok := tokens.FormsOf(word)
	if !ok {
		return nil, nil
	}
	rows, err := s.reads.once(ctx, `SELECT term FROM comments_words WHERE term >= ?1 AND term < ?2 LIMIT ?3`, []any{f.Begin, f.Begin + "\U0010ffff", formsLooked})
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var term string
		if err := rows.Scan(&term); err != nil {
			return nil, err
		}
		if f.Has(term) && len(out) < formsMost {
			out = append(out, quoted(term))
		}
	}
	return out, rows.Err()
}
