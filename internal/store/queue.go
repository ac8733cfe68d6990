package store

import (
	"context"
	"errors"
	"strings"

	"parley/internal/discuss"
)

// queueColumns are what a moderator's list shows beside the comment.
const queueColumns = commentColumns + `, c.place, c.weight, c.trace, coalesce(c.decided, 0), coalesce(d.name, ''), c.reason,
	coalesce(substr(p.html, 1, 900), ''), c.waiting_since, a.created, max(0, a.published - a.brought), a.trust, a.warnings, c.fingerprint,
	EXISTS (SELECT 1 FROM bans b WHERE b.author_id = a.id AND b.lifted IS NULL AND (b.until IS NULL OR b.until > ?6))
	OR EXISTS (SELECT 1 FROM bans b WHERE b.account_id = a.account_id AND b.lifted IS NULL AND (b.until IS NULL OR b.until > ?6))`

const queueJoins = commentJoins + ` LEFT JOIN authors d ON d.id = c.decider_id`

// queueLists is which rows a list holds. Each has an index of its own that
// gives them in order, so a page costs the same however many wait.
var queueLists = map[discuss.QueueState]string{
	discuss.QueueAll:      `c.waits = 1`,
	discuss.QueuePending:  `c.status = 'pending'`,
	discuss.QueueReported: `c.status = 'published' AND c.reports > 0`,
	discuss.QueueSpam:     `c.status <> 'published' AND c.status = 'spam'`,
	discuss.QueueRejected: `c.status <> 'published' AND c.status = 'rejected'`,
	discuss.QueueDeleted:  `c.status <> 'published' AND c.status = 'deleted'`,
	discuss.QueueDecided:  `c.decided IS NOT NULL`,
	discuss.QueueNew:      `c.status = 'published'`,
	discuss.QueueUnseen:   `c.waits = 1 AND c.status = 'spam'`,
	discuss.QueueRefused:  `c.waits = 0 AND c.status IN ('rejected', 'spam')`,
}

// queueOrder is the order a list is given in; what is over comes newest first.
func queueOrder(q discuss.QueueQuery) (key, dir, cmp string) {
	switch {
	case q.State == discuss.QueueDecided:
		return "c.decided", "DESC", "<"
	case q.State.ByCreation():
		return "c.created", "DESC", "<"
	case q.Order == discuss.OrderNewest:
		return "c.waiting_since", "DESC", "<"
	case q.Order == discuss.OrderOldest:
		return "c.waiting_since", "ASC", ">"
	}
	return "c.place", "ASC", ">"
}

// queueQuery builds one of the few statements; each is prepared once.
func queueQuery(q discuss.QueueQuery) string {
	key, dir, cmp := queueOrder(q)
	list := queueLists[q.State]
	var b strings.Builder
	b.WriteString(`SELECT ` + queueColumns + ` FROM comments c` + queueJoins + ` WHERE c.site_id = ?1 AND ` + list)
	if q.Check != "" {
		b.WriteString(` AND instr(c.trace, '"check":"' || ?7 || '"') > 0`)
	}
	if q.Thread != 0 {
		b.WriteString(` AND +c.thread_id = ?8`)
	}
	if q.Author != 0 {
		b.WriteString(` AND c.author_id = ?9`)
	}
	if !q.After.IsZero() {
		b.WriteString(` AND (` + key + `, c.id) ` + cmp + ` (?3, ?4)`)
	}
	b.WriteString(` ORDER BY ` + key + ` ` + dir + `, c.id ` + dir + ` LIMIT ?5`)
	return b.String()
}

// Queue returns one page of a moderation list.
func (s *Store) Queue(ctx context.Context, q discuss.QueueQuery) ([]discuss.Queued, error) {
	var key any = q.After.Key
	if k, _, _ := queueOrder(q); k != "c.place" {
		key = int64(q.After.Key)
	}
	args := []any{q.Site, nil, key, q.After.ID, q.Limit, millis(s.opt.Now()), q.Check, q.Thread, q.Author}
	return s.queued(ctx, queueQuery(q), args)
}

func (s *Store) queued(ctx context.Context, query string, args []any) ([]discuss.Queued, error) {
	return scanQueue(s.query(ctx, query, used(query, args)...))
}

func scanQueue(rows many, err error) ([]discuss.Queued, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Queued
	for rows.Next() {
		q, err := scanQueued(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	return out, rows.Err()
}

// used drops the arguments behind the last one that a statement names: SQLite
// refuses more than that.
func used(query string, args []any) []any {
	for n := len(args); n > 0; n-- {
		if strings.Contains(query, "?"+string(rune('0'+n))) {
			return args[:n]
		}
	}
	return nil
}

// scanQueued reads the columns of queueColumns.
func scanQueued(rows many) (discuss.Queued, error) {
	var q discuss.Queued
	var text string
	var decided, waiting, since int64
	c, err := scanComment(extended{rows, []any{
		&q.Place, &q.Weight, &text, &decided, &q.Decider, &q.Reason, &q.Quote, &waiting, &since, &q.Summary.Published, &q.Summary.Trust, &q.Summary.Warnings, &q.Fingerprint, &q.Summary.Banned,
	}})
	if err != nil {
		return q, err
	}
	fingerprint := q.Fingerprint
	q.Comment = c
	q.Fingerprint, q.Risk = fingerprint, -q.Place
	q.Summary.Since = fromMillis(since)
	if waiting > 0 {
		q.Waiting = fromMillis(waiting)
	}
	if decided > 0 {
		q.Decided = fromMillis(decided)
	}
	q.Trace, err = decodeTrace(text)
	return q, err
}

// extended scans further columns behind those of a comment.
type extended struct {
	row  scanner
	more []any
}

func (e extended) Scan(dest ...any) error { return e.row.Scan(append(dest, e.more...)...) }

const waitingOf = `SELECT pending, reported, spam FROM waiting WHERE site_id = ?1`

// QueueCounts is how many wait in each list; see migrations/0167_waiting_counted.sql.
func (s *Store) QueueCounts(ctx context.Context, site discuss.ID) (map[discuss.QueueState]int, error) {
	var pending, reported, spam int
	if err := s.queryRow(ctx, waitingOf, []any{site}, &pending, &reported, &spam); err != nil && !errors.Is(err, discuss.ErrNotFound) {
		return nil, err
	}
	return map[discuss.QueueState]int{
		discuss.QueueAll: pending + reported + spam, discuss.QueuePending: pending, discuss.QueueReported: reported, discuss.QueueSpam: spam,
	}, nil
}

// RecentTexts returns the newest comments of a site, newest first.
func (s *Store) RecentTexts(ctx context.Context, site discuss.ID, limit int) ([]discuss.Comment, error) {
	return scanComments(s.query(ctx, `SELECT `+commentColumns+` FROM comments c`+commentJoins+`
		WHERE c.site_id = ?1 ORDER BY c.id DESC LIMIT ?2`, site, limit))
}

// TrainingExamples returns the newest decisions of people about texts, oldest first. A
// text that was edited since is not the one that they decided about.
func (s *Store) TrainingExamples(ctx context.Context, site discuss.ID, limit int) ([]discuss.TrainingExample, error) {
	rows, err := s.query(ctx, `SELECT id, body, html, status <> 'published' FROM (SELECT id, body, html, status, decided FROM comments
		WHERE site_id = ?1 AND decided IS NOT NULL AND status IN ('published', 'rejected', 'spam') AND body <> '' AND coalesce(edited, 0) <= decided
		ORDER BY decided DESC, id DESC LIMIT ?2) ORDER BY decided, id`, site, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.TrainingExample
	for rows.Next() {
		var l discuss.TrainingExample
		if err := rows.Scan(&l.Comment, &l.Body, &l.HTML, &l.Bad); err != nil {
			return nil, err
		}
		out = append(out, l)
	}
	return out, rows.Err()
}
