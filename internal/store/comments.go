package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"parley/internal/discuss"
)

// commentColumns names its tables c (comments), a (its author) and, for the
// name in "in reply to", pa (the parent's author, absent for a tombstone).
const commentColumns = `c.id, c.site_id, c.thread_id, coalesce(c.parent_id, 0), c.root_id, c.depth, c.body, c.html, c.status,
	c.created, c.edited, c.up, c.down, c.replies, c.kids, c.rank, c.branch, c.heat, c.reports, c.featured, c.low, c.pinned > 0, c.reactions,
	a.id, coalesce(a.account_id, 0), a.name, a.role, a.kind, a.avatar, ` + badges + `, coalesce(pa.name, '')`

const commentJoins = ` JOIN authors a ON a.id = c.author_id
	LEFT JOIN comments p ON p.id = c.parent_id AND p.status = 'published'
	LEFT JOIN authors pa ON pa.id = p.author_id`

// tracedColumns are commentColumns with what the checks said: of single
// comments and of a person's own, who is told why theirs waits.
const tracedColumns = commentColumns + `, c.trace`

const commentByID = `SELECT ` + tracedColumns + ` FROM comments c` + commentJoins + ` WHERE c.id = ?1`

type scanner interface{ Scan(dest ...any) error }

// many is what a query finds: of a reader, or of the writer.
type many interface {
	scanner
	Next() bool
	Err() error
	Close() error
}

// scanComment reads commentColumns, and what a query asks for after them.
func scanComment(row scanner, more ...any) (discuss.Comment, error) {
	var c discuss.Comment
	var created int64
	var edited sql.NullInt64
	var kind, reactions string
	err := row.Scan(append([]any{
		&c.ID, &c.SiteID, &c.ThreadID, &c.Parent, &c.Root, &c.Depth, &c.Body, &c.HTML, (*string)(&c.Status),
		&created, &edited, &c.Up, &c.Down, &c.Replies, &c.Kids, &c.Rank, &c.Branch, &c.Heat, &c.Reports, &c.Featured, &c.Low, &c.Pinned, &reactions,
		&c.Author.ID, &c.Author.Account, &c.Author.Name, (*string)(&c.Author.Role), &kind, &c.Author.Avatar, &c.Author.Badges, &c.ToName,
	}, more...)...)
	if err != nil {
		return c, found(err)
	}
	c.Created = fromMillis(created)
	if edited.Valid {
		c.Edited = fromMillis(edited.Int64)
	}
	c.Author.SiteID, c.Author.Guest = c.SiteID, kind == "guest"
	c.Reactions = discuss.Reactions(reactions)
	return c, nil
}

// scanTraced reads tracedColumns.
func scanTraced(row scanner) (discuss.Comment, error) {
	var text string
	c, err := scanComment(row, &text)
	if err == nil {
		c.Trace, err = decodeTrace(text)
	}
	return c, err
}

// pageColumns are what a public page needs and no more: it is read again after
// every comment, and what a column costs is paid 80 times. The name of the
// parent's author comes from the parent, which is on the page.
const pageColumns = `c.id, c.thread_id, coalesce(c.parent_id, 0), c.root_id, c.depth, c.html, c.status,
	c.created, c.edited, c.up, c.down, c.replies, c.kids, c.rank, c.branch, c.heat, c.featured, c.low, c.pinned > 0, c.reactions, a.id, a.name, a.role, a.kind, a.avatar, ` + badges

func scanPage(rows many, err error) ([]discuss.Comment, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Comment
	var c discuss.Comment
	var created int64
	var edited sql.NullInt64
	var kind, reactions string
	dest := []any{
		&c.ID, &c.ThreadID, &c.Parent, &c.Root, &c.Depth, &c.HTML, (*string)(&c.Status),
		&created, &edited, &c.Up, &c.Down, &c.Replies, &c.Kids, &c.Rank, &c.Branch, &c.Heat, &c.Featured, &c.Low, &c.Pinned, &reactions,
		&c.Author.ID, &c.Author.Name, (*string)(&c.Author.Role), &kind, &c.Author.Avatar, &c.Author.Badges,
	}
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return nil, err
		}
		c.Created, c.Edited, c.Author.Guest, c.Reactions = fromMillis(created), time.Time{}, kind == "guest", discuss.Reactions(reactions)
		if edited.Valid {
			c.Edited = fromMillis(edited.Int64)
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

func scanComments(rows many, err error) ([]discuss.Comment, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Comment
	for rows.Next() {
		c, err := scanComment(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}

// listQuery is a list of a thread: its first page and those after a row. Few
// comments have a rank; only those stand in an index by it. The rest come after
// them, newest first, by the index of times.
type listQuery struct{ first, after, rest, restAfter string }

// listQueries holds one per view and sort. The page is found in its index
// alone, by the key of the last row seen; then the rows are fetched.
var listQueries = func() map[discuss.View]map[discuss.Sort]listQuery {
	out := map[discuss.View]map[discuss.Sort]listQuery{}
	for view, where := range map[discuss.View]string{
		discuss.ViewThreads: `c.thread_id = ?1 AND c.parent_id IS NULL AND c.shown = 1`,
		discuss.ViewFlat:    `c.thread_id = ?1 AND c.shown = 1`,
	} {
		rank, index := "rank", "flat"
		from := `SELECT ` + commentColumns + ` FROM comments c INDEXED BY comments_%s_%s` + commentJoins + ` WHERE ` + where
		if view == discuss.ViewThreads {
			rank, index = "branch", "root"
			from = `SELECT ` + pageColumns + ` FROM comments c INDEXED BY comments_%s_%s JOIN authors a ON a.id = c.author_id WHERE ` + where
		}
		byTime := func(dir, cmp, more string) (first, after string) {
			order := fmt.Sprintf(` ORDER BY c.created %s, c.id %[1]s LIMIT ?2`, dir)
			from := fmt.Sprintf(from, index, "time") + more
			return from + order, from + fmt.Sprintf(` AND (c.created, c.id) %s (?3, ?4)`, cmp) + order
		}
		byRank := func(key, name string) (q listQuery) {
			order := fmt.Sprintf(` ORDER BY c.%s DESC, c.id DESC LIMIT ?2`, key)
			from := fmt.Sprintf(from, index, name) + fmt.Sprintf(` AND c.%s > 0`, key)
			q.first, q.after = from+order, from+fmt.Sprintf(` AND (c.%s, c.id) < (?3, ?4)`, key)+order
			q.rest, q.restAfter = byTime("DESC", "<", fmt.Sprintf(` AND c.%s <= 0`, key))
			return q
		}
		newest, oldest := listQuery{}, listQuery{}
		newest.first, newest.after = byTime("DESC", "<", "")
		oldest.first, oldest.after = byTime("ASC", ">", "")
		out[view] = map[discuss.Sort]listQuery{
			discuss.SortBest: byRank(rank, "rank"), discuss.SortControversial: byRank("heat", "heat"),
			discuss.SortNewest: newest, discuss.SortOldest: oldest,
		}
	}
	return out
}()

// createdOf is where a comment stands in the index of times.
const createdOf = `SELECT created FROM comments WHERE id = ?1`

const (
	repliesFirst = `SELECT ` + commentColumns + ` FROM comments c` + commentJoins + `
	WHERE c.parent_id = ?1 AND c.shown = 1 ORDER BY c.created, c.id LIMIT ?2`
	repliesAfter = `SELECT ` + commentColumns + ` FROM comments c` + commentJoins + `
	WHERE c.parent_id = ?1 AND c.shown = 1 AND (c.created, c.id) > (?3, ?4) ORDER BY c.created, c.id LIMIT ?2`
	firstReplies = `SELECT ` + pageColumns + ` FROM json_each(?1) j CROSS JOIN comments c ON c.id IN (
		SELECT id FROM comments WHERE parent_id = j.value AND shown = 1 ORDER BY created, id LIMIT ?2) JOIN authors a ON a.id = c.author_id`
	ancestors = `WITH RECURSIVE up (id, parent_id) AS (
		SELECT id, parent_id FROM comments WHERE id = (SELECT parent_id FROM comments WHERE id = ?1)
		UNION ALL SELECT n.id, n.parent_id FROM up JOIN comments n ON n.id = up.parent_id LIMIT ?2)
	SELECT ` + commentColumns + ` FROM up CROSS JOIN comments c ON c.id = up.id` + commentJoins + ` ORDER BY c.depth`
	latest = `SELECT ` + commentColumns + ` FROM comments c INDEXED BY comments_site` + commentJoins + `
	WHERE c.site_id = ?1 AND c.status = 'published' ORDER BY c.created DESC, c.id DESC LIMIT ?2`
)

// maxAncestors bounds what "Show comment" climbs; a chain may be 100,000 deep.
const maxAncestors = 1000

// List returns one page; see discuss.Store.
func (s *Store) List(ctx context.Context, q discuss.ListQuery) ([]discuss.Comment, error) {
	if q.Parent != 0 {
		if q.After.IsZero() {
			return scanComments(s.query(ctx, repliesFirst, q.Parent, q.Limit))
		}
		return scanComments(s.query(ctx, repliesAfter, q.Parent, q.Limit, int64(q.After.Key), q.After.ID))
	}
	scan := scanComments
	if q.View == discuss.ViewThreads {
		scan = scanPage
	}
	l := listQueries[q.View][q.Sort]
	if l.rest == "" {
		if q.After.IsZero() {
			return scan(s.query(ctx, l.first, q.Thread, q.Limit))
		}
		return scan(s.query(ctx, l.after, q.Thread, q.Limit, int64(q.After.Key), q.After.ID))
	}
	var ranked []discuss.Comment
	var err error
	switch {
	case q.After.IsZero():
		ranked, err = scan(s.query(ctx, l.first, q.Thread, q.Limit))
	case q.After.Key > 0:
		ranked, err = scan(s.query(ctx, l.after, q.Thread, q.Limit, q.After.Key, q.After.ID))
	default:
		created := q.After.ID.Time().UnixMilli() // of a comment that is gone
		if err := s.queryRow(ctx, createdOf, []any{q.After.ID}, &created); err != nil && discuss.KindOf(err) != discuss.NotFound {
			return nil, err
		}
		return scan(s.query(ctx, l.restAfter, q.Thread, q.Limit, created, q.After.ID))
	}
	if err != nil || len(ranked) >= q.Limit {
		return ranked, err
	}
	// The two are read one after the other: one whose rank goes in between stands in both.
	rest, err := scan(s.query(ctx, l.rest, q.Thread, q.Limit-len(ranked)))
	for _, c := range rest {
		if !slices.ContainsFunc(ranked, func(r discuss.Comment) bool { return r.ID == c.ID }) {
			ranked = append(ranked, c)
		}
	}
	return ranked, err
}

// FirstReplies returns the first replies in view of each parent, in one statement.
func (s *Store) FirstReplies(ctx context.Context, parents []discuss.ID, per int) ([]discuss.Comment, error) {
	ids, err := json.Marshal(parents)
	if err != nil {
		return nil, err
	}
	list, err := scanPage(s.query(ctx, firstReplies, string(ids), per))
	slices.SortFunc(list, func(a, b discuss.Comment) int { // SQLite would carry whole rows through its sorter
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return list, err
}

// CommentByID reads one comment, in whatever state.
func (s *Store) CommentByID(ctx context.Context, id discuss.ID) (discuss.Comment, error) {
	return scanTraced(s.first(ctx, commentByID, id))
}

// Ancestors returns the comments above id, root first; of a very long chain the nearest.
func (s *Store) Ancestors(ctx context.Context, id discuss.ID) ([]discuss.Comment, error) {
	return scanComments(s.query(ctx, ancestors, id, maxAncestors))
}

// Latest returns the newest published comments of a site.
func (s *Store) Latest(ctx context.Context, site discuss.ID, limit int) ([]discuss.Comment, error) {
	return scanComments(s.query(ctx, latest, site, limit))
}

const (
	publicRevisions = `SELECT html, at, 1 FROM revisions WHERE comment_id = ?1 AND public = 1 AND taken IS NULL ORDER BY n DESC LIMIT ?2`
	allRevisions    = `SELECT html, at, public = 1 AND taken IS NULL FROM revisions WHERE comment_id = ?1 ORDER BY n DESC LIMIT ?2`
)

// Revisions returns the earlier texts of a comment, newest first.
func (s *Store) Revisions(ctx context.Context, comment discuss.ID, all bool) (out []discuss.Revision, err error) {
	query := publicRevisions
	if all {
		query = allRevisions
	}
	err = s.rows(ctx, query, []any{comment, discuss.MaxRevisions}, func(row scanner) error {
		var r discuss.Revision
		var at int64
		err := row.Scan(&r.HTML, &at, &r.Public)
		r.At = fromMillis(at)
		out = append(out, r)
		return err
	})
	return out, err
}

// ownOnPage goes through the index of what a person has written, which holds the
// thread too: a tenth of a millisecond for a thousand comments.
const ownOnPage = `SELECT ` + tracedColumns + ` FROM comments c INDEXED BY comments_author` + commentJoins + `
	WHERE c.author_id = ?1 AND c.thread_id = ?2 AND c.status IN ('published', 'pending') ORDER BY c.created DESC, c.id DESC LIMIT 500`

// Overlay returns a person's own votes, waiting and of late removed comments on a thread.
func (s *Store) Overlay(ctx context.Context, author, thread discuss.ID, now time.Time) (discuss.Overlay, error) {
	o := discuss.Overlay{Votes: map[discuss.ID]int{}}
	err := s.rows(ctx, `SELECT v.comment_id, v.value FROM votes v JOIN comments c ON c.id = v.comment_id
		WHERE v.author_id = ?1 AND c.thread_id = ?2`, []any{author, thread}, func(row scanner) error {
		var id discuss.ID
		var v int
		err := row.Scan(&id, &v)
		o.Votes[id] = v
		return err
	})
	if err != nil {
		return o, err
	}
	if o.Reacted, err = s.reacted(ctx, author, thread); err != nil {
		return o, err
	}
	err = s.rows(ctx, ownOnPage, []any{author, thread}, func(row scanner) error {
		c, err := scanTraced(row)
		if err != nil {
			return err
		}
		o.Mine = append(o.Mine, c.ID)
		if c.Status == discuss.Pending {
			o.Pending = append(o.Pending, c)
		}
		return nil
	})
	if err != nil {
		return o, err
	}
	o.Removed, err = s.removed(ctx, removedOnPage, author, thread, millis(now.Add(-discuss.RemovedOnPage)), discuss.MaxRemovedShown)
	return o, err
}
