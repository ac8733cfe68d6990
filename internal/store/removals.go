package store

import (
	"context"

	"parley/internal/discuss"
)

// removedColumns are what the author of a removed comment is told. Readers
// could see it unless it has waited since it was written and nobody let it out.
const removedColumns = commentColumns + `, c.reason, c.decided, c.waiting_since = 0 OR c.waiting_since > c.created
	OR EXISTS (SELECT 1 FROM audit_log l JOIN audit_texts x ON x.id = l.id WHERE l.kind = 'comment' AND l.target = c.id AND x.after = 'published'),
	t.title, t.url, t.key`

const removedJoins = commentJoins + ` JOIN threads t ON t.id = c.thread_id`

// byModerators is what moderators took away and not the author. Spam is not
// among it: who sends that is not told that it was found.
const byModerators = `c.status IN ('rejected', 'deleted') AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.comment_id = c.id)`

const (
	removedOnPage = `SELECT ` + removedColumns + ` FROM comments c` + removedJoins + `
		WHERE c.author_id = ?1 AND +c.thread_id = ?2 AND c.decided > ?3 AND c.decided IS NOT NULL AND ` + byModerators + ` ORDER BY c.decided DESC LIMIT ?4`
	removedOfAccount = `SELECT ` + removedColumns + ` FROM comments c` + removedJoins + `
		WHERE c.author_id IN (SELECT id FROM authors WHERE account_id = ?1) AND c.decided IS NOT NULL AND c.body <> '' AND ` + byModerators + ` ORDER BY c.decided DESC LIMIT ?2`
)

// RemovedOf returns what moderators have removed of an account's, newest first.
func (s *Store) RemovedOf(ctx context.Context, account discuss.ID, limit int) ([]discuss.RemovedComment, error) {
	return s.removed(ctx, removedOfAccount, account, limit)
}

func (s *Store) removed(ctx context.Context, query string, args ...any) (out []discuss.RemovedComment, err error) {
	err = s.rows(ctx, query, args, func(row scanner) (err error) {
		var r discuss.RemovedComment
		var at int64
		if r.Comment, err = scanComment(row, &r.Reason, &at, &r.Public, &r.Title, &r.URL, &r.Key); err == nil {
			r.At = fromMillis(at)
			out = append(out, r)
		}
		return err
	})
	return out, err
}
