package store

import (
	"context"
	"time"
)

// Newest is the time of the newest entry: of what happened in discussions and of
// the audit log. Zero where there is none.
func (s *Store) Newest(ctx context.Context) (time.Time, error) {
	var at int64
	err := s.queryRow(ctx, `SELECT max(coalesce((SELECT at FROM events ORDER BY id DESC LIMIT 1), 0), coalesce((SELECT at FROM audit_log ORDER BY id DESC LIMIT 1), 0))`, nil, &at)
	return fromMillis(at), err
}
