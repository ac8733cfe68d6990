package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/discuss"
)

// newCount names its index for the reason that queueCounts does.
const newCount = `SELECT count(*) FROM (SELECT 1 FROM comments INDEXED BY comments_site WHERE site_id = ?1 AND status = 'published' AND created > ?2 LIMIT ?3)`

// NewCount counts what was published after a time, as far as MaxQueueCount.
func (s *Store) NewCount(ctx context.Context, site discuss.ID, after time.Time) (n int, err error) {
	err = s.queryRow(ctx, newCount, []any{site, millis(after), discuss.MaxQueueCount}, &n)
	return n, err
}

// LookedAt is until when a member of staff has read what is new.
func (s *Store) LookedAt(ctx context.Context, author discuss.ID) (time.Time, error) {
	var at int64
	err := s.queryRow(ctx, `SELECT upto FROM desk_looks WHERE author_id = ?1`, []any{author}, &at)
	if errors.Is(err, discuss.ErrNotFound) {
		return time.Time{}, nil
	}
	return fromMillis(at), err
}

// looked never moves back: the tab that was opened first may be left last.
func (t *Tx) looked(c discuss.Looked) error {
	return t.exec(`INSERT INTO desk_looks (author_id, upto) VALUES (?1, ?2) ON CONFLICT (author_id) DO UPDATE SET upto = max(upto, excluded.upto)`, c.Author, millis(c.Until))
}
