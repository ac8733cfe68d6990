package store

import (
	"context"
	"time"

	"parley/internal/discuss"
)

const (
	// noteAlike notes that a new thread looks like the page of another.
	noteAlike = `INSERT INTO alike_threads SELECT n.site_id, n.id, o.id FROM threads n JOIN threads o ON o.site_id = ?2 AND o.spot = n.spot AND o.id < n.id
		WHERE n.id = ?1 AND n.spot <> '' ORDER BY o.id LIMIT 1`
	alikeThreads = `SELECT a.key, b.key, a.id, b.id FROM alike_threads w JOIN threads a ON a.id = w.thread_id JOIN threads b ON b.id = w.like_id
		WHERE w.site_id = ?1 AND w.thread_id >= ?2 ORDER BY w.thread_id DESC LIMIT ?3`
)

// AlikeThreads are the newest pairs of threads made since a time that look like
// one page.
func (s *Store) AlikeThreads(ctx context.Context, site discuss.ID, since time.Time, limit int) (out []discuss.Alike, err error) {
	rows, err := s.query(ctx, alikeThreads, site, discuss.IDAt(since), limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var a discuss.Alike
		if err := rows.Scan(&a.Key, &a.Like, &a.ID, &a.LikeID); err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, rows.Err()
}
