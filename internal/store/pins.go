package store

import (
	"context"

	"parley/internal/discuss"
)

// Pinned is how many comments of a thread are pinned.
func (t *Tx) Pinned(thread discuss.ID) (n int, err error) {
	err = t.get(`SELECT count(*) FROM comments INDEXED BY comments_pinned WHERE thread_id = ?1 AND pinned > 0 AND status = 'published'`, []any{thread}, &n)
	return n, err
}

// setPinned pins a comment, or no longer.
func (t *Tx) setPinned(c discuss.SetPinned) error {
	at := int64(0)
	if c.On {
		at = millis(t.now)
	}
	return t.execOne(`UPDATE comments SET pinned = ?2 WHERE id = ?1`, c.Comment, at)
}

// Both are found in their indexes alone; nearly always there is nothing.
const (
	pinnedOf = `SELECT ` + pageColumns + ` FROM comments c INDEXED BY comments_pinned JOIN authors a ON a.id = c.author_id
	WHERE c.thread_id = ?1 AND c.pinned > 0 AND c.status = 'published' ORDER BY c.pinned DESC LIMIT ?2`
	leadingPicks = `SELECT ` + pageColumns + ` FROM comments c INDEXED BY comments_picked JOIN authors a ON a.id = c.author_id
	WHERE c.thread_id = ?1 AND c.featured = 1 AND c.parent_id IS NULL AND c.status = 'published' AND c.pinned = 0 ORDER BY c.created DESC, c.id DESC LIMIT ?2`
	picksFirst = `SELECT ` + commentColumns + ` FROM comments c INDEXED BY comments_picked` + commentJoins + `
	WHERE c.thread_id = ?1 AND c.featured = 1 AND c.status = 'published' ORDER BY c.created DESC, c.id DESC LIMIT ?2`
	picksAfter = `SELECT ` + commentColumns + ` FROM comments c INDEXED BY comments_picked` + commentJoins + `
	WHERE c.thread_id = ?1 AND c.featured = 1 AND c.status = 'published' AND (c.created, c.id) < (?3, ?4) ORDER BY c.created DESC, c.id DESC LIMIT ?2`
)

// Leading returns the pinned comments of a thread, the newest pin first, and
// with picks the newest picks that begin a branch.
func (s *Store) Leading(ctx context.Context, thread discuss.ID, picks bool) ([]discuss.Comment, error) {
	out, err := scanPage(s.query(ctx, pinnedOf, thread, discuss.MaxPinned))
	if err != nil || !picks {
		return out, err
	}
	more, err := scanPage(s.query(ctx, leadingPicks, thread, discuss.MaxLeading))
	return append(out, more...), err
}

// Picks returns a thread's picks after a place, newest first.
func (s *Store) Picks(ctx context.Context, thread discuss.ID, after discuss.Cursor, limit int) ([]discuss.Comment, error) {
	if after.IsZero() {
		return scanComments(s.query(ctx, picksFirst, thread, limit))
	}
	return scanComments(s.query(ctx, picksAfter, thread, limit, int64(after.Key), after.ID))
}

// HasPicks reports whether a thread has any.
func (s *Store) HasPicks(ctx context.Context, thread discuss.ID) (yes bool, err error) {
	err = s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM comments INDEXED BY comments_picked WHERE thread_id = ?1 AND featured = 1 AND status = 'published')`, []any{thread}, &yes)
	return yes, err
}
