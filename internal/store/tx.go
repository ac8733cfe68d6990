package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"parley/internal/discuss"
)

// Tx is the inside of one write: what a step reads by, and what makes its
// changes.
type Tx struct {
	w      *writer
	now    time.Time
	events []discuss.Event
	hints  []discuss.Hint
	lastID int64
	voted  bool
	wrote  bool               // a change was made, of a step that may still fail
	erased bool               // something is to be gone from the log too
	noted  bool               // an erasure was written down that the ledger lacks
	counts map[discuss.ID]int // by thread: published comments not yet counted there
}

var _ discuss.Reader = (*Tx)(nil)

// Now is the one time of this transaction.
func (t *Tx) Now() time.Time { return t.now.UTC().Truncate(time.Millisecond) }

// NextID is a fresh id.
func (t *Tx) NextID() discuss.ID { return t.w.s.ids.Next(t.now) }

func (t *Tx) exec(query string, args ...any) error { return t.w.exec(query, args...) }

// execOne is exec for a change that must touch a row.
func (t *Tx) execOne(query string, args ...any) error {
	res, err := t.w.stmt(query).Exec(args...)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, discuss.ErrNotFound)
	}
	return nil
}

func (t *Tx) get(query string, args []any, dest ...any) error {
	return found(t.w.queryRow(query, args...).Scan(dest...))
}

const rememberedQuery = `SELECT digest, answer FROM idempotency WHERE site_id = ?1 AND actor = ?2 AND key = ?3`

// Recall returns the first answer to an idempotency key, if there was one.
func (t *Tx) Recall(site discuss.ID, actor, key string) (r discuss.Remembered, ok bool, err error) {
	return remembered(func(dest ...any) error { return t.get(rememberedQuery, []any{site, actor, key}, dest...) })
}

// Remembered is Recall before a write begins.
func (s *Store) Remembered(ctx context.Context, site discuss.ID, actor, key string) (r discuss.Remembered, ok bool, err error) {
	return remembered(func(dest ...any) error { return s.queryRow(ctx, rememberedQuery, []any{site, actor, key}, dest...) })
}

func remembered(read func(dest ...any) error) (r discuss.Remembered, ok bool, err error) {
	var id []byte
	err = read(&r.Digest, &id)
	if errors.Is(err, discuss.ErrNotFound) {
		return r, false, nil
	}
	if err != nil {
		return r, false, err
	}
	r.Comment, err = discuss.ParseID(string(id))
	return r, err == nil, err
}

// remember keeps the answer to an idempotency key; a sweep drops it after 48 h.
func (t *Tx) remember(r discuss.Remember) error {
	return t.exec(`INSERT INTO idempotency (site_id, actor, key, digest, answer, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
		r.Site, r.Actor, r.Key, r.Answer.Digest, []byte(r.Answer.Comment.String()), millis(t.now))
}

// Comment reads one comment, in whatever state.
func (t *Tx) Comment(id discuss.ID) (discuss.Comment, error) {
	return scanTraced(t.w.queryRow(commentByID, id))
}

// insertComment adds a comment and counts it where it counts. An imported one
// has a source and an id of its own there.
func (t *Tx) insertComment(c discuss.Comment, source, foreign any) error {
	public := c.Status == discuss.Published
	trace, err := encodeTrace(c.Trace)
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, author_id, body, html, status,
		shown, created, edited, up, down, rank, branch, heat, source, foreign_id, place, trace, fingerprint, network, waiting_since)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, CASE ?10 WHEN 'published' THEN 0 ELSE ?12 END)`,
		c.ID, c.SiteID, c.ThreadID, nullID(c.Parent), c.Root, c.Depth, c.Author.ID, c.Body, c.HTML, string(c.Status),
		public, millis(c.Created), nullTime(c.Edited), c.Up, c.Down, c.Rank, c.Heat, source, foreign, -c.Risk, trace, c.Fingerprint, c.Network); err != nil {
		return err
	}
	published := 0
	if public {
		published = 1
	}
	if err := t.seen(c.Author.ID, c.Created, published); err != nil {
		return err
	}
	if !public {
		return nil
	}
	t.countInThread(c.ThreadID, 1)
	return t.countInView(c.Parent, 1, 1)
}

// seenEvery is how exact it is kept when somebody was seen last: the list of
// people goes by it, and would change with every comment.
const seenEvery = time.Minute

// seen counts what an author has published, and when they were there.
func (t *Tx) seen(author discuss.ID, at time.Time, published int) error {
	var last int64
	if err := t.recall(`SELECT coalesce(seen, 0) FROM authors WHERE id = ?1`, author, nil).Scan(&last); err != nil {
		return err
	}
	if millis(at) < last+seenEvery.Milliseconds() {
		if published == 0 {
			return nil
		}
		return t.exec(`UPDATE authors SET published = published + ?2 WHERE id = ?1`, author, published)
	}
	return t.exec(`UPDATE authors SET seen = ?2, published = published + ?3 WHERE id = ?1`, author, millis(at), published)
}

// countInThread has the thread's counter follow with its next event, which
// changes the same row, or at the end of the write.
func (t *Tx) countInThread(thread discuss.ID, d int) {
	if t.counts == nil {
		t.counts = map[discuss.ID]int{}
	}
	t.counts[thread] += d
}

// finish writes down what was put off.
func (t *Tx) finish() error {
	for thread, d := range t.counts {
		if d == 0 {
			continue
		}
		if err := t.exec(`UPDATE threads SET count = count + ?2 WHERE id = ?1`, thread, d); err != nil {
			return err
		}
	}
	return nil
}

// countInView adds d to the parent's replies in view. A tombstone whose first
// reply appears or whose last one goes changes its own place, and so on up:
// the walk ends at the first comment that stays as it is, nearly always the first.
// replies is added to those of the parent itself that are published.
func (t *Tx) countInView(parent discuss.ID, d, replies int) error {
	for parent != 0 {
		var above sql.NullInt64
		var kids int
		var status string
		var shown bool
		if err := t.get(`UPDATE comments SET kids = kids + ?2, replies = replies + ?3 WHERE id = ?1 RETURNING parent_id, kids, status, shown`,
			[]any{parent, d, replies}, &above, &kids, &status, &shown); err != nil {
			return err
		}
		replies = 0
		want := status == string(discuss.Published) || kids > 0
		if want == shown {
			return nil
		}
		if err := t.exec(`UPDATE comments SET shown = ?2 WHERE id = ?1`, parent, want); err != nil {
			return err
		}
		d = 1
		if !want {
			d = -1
		}
		parent = discuss.ID(above.Int64)
	}
	return nil
}

// setStatus moves a comment and every counter that follows from it.
func (t *Tx) setStatus(id discuss.ID, to discuss.Status) error {
	var thread, author, root discuss.ID
	var parent sql.NullInt64
	var was string
	var shown bool
	var kids int
	if err := t.get(`SELECT thread_id, author_id, root_id, parent_id, status, shown, kids FROM comments WHERE id = ?1`,
		[]any{id}, &thread, &author, &root, &parent, &was, &shown, &kids); err != nil {
		return err
	}
	if to == discuss.Deleted {
		if err := t.unmail(id); err != nil {
			return err
		}
	}
	public := to == discuss.Published
	want := public || kids > 0
	// What was public and is to wait begins to; what waited before goes on.
	if err := t.exec(`UPDATE comments SET waiting_since = CASE WHEN ?2 IN ('pending', 'spam') AND (status = 'published' OR waiting_since = 0) THEN ?4 ELSE waiting_since END,
		status = ?2, shown = ?3 WHERE id = ?1`, id, string(to), want, millis(t.now)); err != nil {
		return err
	}
	if wasPublic := was == string(discuss.Published); wasPublic != public {
		if err := t.ringsOf(id); err != nil {
			return err
		}
		d := 1
		if wasPublic {
			d = -1
		}
		t.countInThread(thread, d)
		if err := t.exec(`UPDATE authors SET published = published + ?2 WHERE id = ?1`, author, d); err != nil {
			return err
		}
		if parent.Valid {
			if err := t.exec(`UPDATE comments SET replies = replies + ?2 WHERE id = ?1`, parent.Int64, d); err != nil {
				return err
			}
			if err := t.setBranch(root); err != nil {
				return err
			}
		}
	}
	if want == shown {
		return nil
	}
	d := 1
	if shown {
		d = -1
	}
	return t.countInView(discuss.ID(parent.Int64), d, 0)
}

// setText replaces a comment's text.
func (t *Tx) setText(c discuss.SetText) error {
	return t.execOne(`UPDATE comments SET body = ?2, html = ?3, edited = ?4 WHERE id = ?1`, c.Comment, c.Body, c.HTML, millis(c.At))
}

// addRevision keeps a text that is being replaced.
func (t *Tx) addRevision(c discuss.AddRevision) error {
	return t.exec(`INSERT INTO revisions (comment_id, at, n, body, html, public)
		VALUES (?1, ?2, (SELECT coalesce(max(n), 0) + 1 FROM revisions WHERE comment_id = ?1), ?3, ?4, ?5)`, c.Comment, millis(c.At), c.Body, c.HTML, c.Public)
}

// takeRevisions keeps the earlier texts of a comment from readers.
func (t *Tx) takeRevisions(id discuss.ID, at time.Time) error {
	return t.exec(`UPDATE revisions SET taken = ?2 WHERE comment_id = ?1 AND taken IS NULL`, id, millis(at))
}

// Redacted reports whether a moderator has taken words out of a comment.
func (t *Tx) Redacted(id discuss.ID) (bool, error) {
	var yes bool
	err := t.get(`SELECT EXISTS (SELECT 1 FROM revisions WHERE comment_id = ?1 AND taken IS NOT NULL)`, []any{id}, &yes)
	return yes, err
}

// returnRevisions undoes what takeRevisions did at that time.
func (t *Tx) returnRevisions(id discuss.ID, at time.Time) error {
	return t.exec(`UPDATE revisions SET taken = NULL WHERE comment_id = ?1 AND taken = ?2`, id, millis(at))
}

// addEvent writes e into the event log under its thread's next number.
func (t *Tx) addEvent(e discuss.Event) error {
	if err := t.get(`UPDATE threads SET seq = seq + 1, count = count + ?2 WHERE id = ?1 RETURNING seq, count`, []any{e.ThreadID, t.counts[e.ThreadID]}, &e.Seq, &e.Count); err != nil {
		return err
	}
	delete(t.counts, e.ThreadID)
	res, err := t.w.stmt(`INSERT INTO events (id, thread_id, seq, type, comment_id, root_id, parent_id, count, up, down, at)
		VALUES (CASE WHEN ?11 > 0 THEN (SELECT max(?11, coalesce(max(id), 0)) + 1 FROM events) END, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`).
		Exec(e.ThreadID, e.Seq, string(e.Type), e.Comment, e.Root, e.Parent, e.Count, e.Up, e.Down, millis(e.At), t.w.floor)
	if err != nil {
		return err
	}
	if t.lastID, err = res.LastInsertId(); err != nil {
		return err
	}
	t.events = append(t.events, e)
	return nil
}

func nullID(id discuss.ID) any {
	if id == 0 {
		return nil
	}
	return int64(id)
}

func nullTime(at time.Time) any {
	if at.IsZero() {
		return nil
	}
	return millis(at)
}
