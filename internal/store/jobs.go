package store

import (
	"context"
	"time"

	"parley/internal/notify"
)

// ClaimJobs takes due jobs; until the lease ends nobody else gets them. An
// empty table costs one read and no write.
func (s *Store) ClaimJobs(ctx context.Context, limit int, lease time.Duration) ([]notify.Job, error) {
	var due int
	if err := s.queryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM jobs WHERE failed IS NULL AND run_at <= ?1 LIMIT 1)`,
		[]any{millis(s.opt.Now())}, &due); err != nil || due == 0 {
		return nil, err
	}
	var out []notify.Job
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		out = nil
		rows, err := tx.w.stmt(`UPDATE jobs SET run_at = ?1, attempts = attempts + 1 WHERE id IN (
			SELECT id FROM jobs WHERE failed IS NULL AND run_at <= ?2 ORDER BY run_at, id LIMIT ?3) RETURNING id, kind, payload, attempts`).
			Query(millis(tx.now.Add(lease)), millis(tx.now), limit)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var j notify.Job
			if err := rows.Scan(&j.ID, &j.Kind, &j.Payload, &j.Attempts); err != nil {
				return err
			}
			out = append(out, j)
		}
		return rows.Err()
	})
	return out, err
}

// FinishJob removes a job that is done.
func (s *Store) FinishJob(ctx context.Context, id int64) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.exec(`DELETE FROM jobs WHERE id = ?1`, id) })
}

// RetryJob makes a job due again, or gives it up where failed says why.
func (s *Store) RetryJob(ctx context.Context, id int64, at time.Time, failed string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE jobs SET run_at = ?2, failed = nullif(?3, '') WHERE id = ?1`, id, millis(at), failed)
	})
}
