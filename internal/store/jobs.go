package store

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

// ScoringRequests to outside services have their own claims, each over an index of
// its own: neither they nor the mail wait behind a heap of the other.
const (
	jobsDue  = `SELECT count(*) FROM (SELECT 1 FROM jobs WHERE failed IS NULL AND kind <> 'ask' AND run_at <= ?1 LIMIT 1)`
	jobsNext = `SELECT id FROM jobs WHERE failed IS NULL AND kind <> 'ask' AND run_at <= ?2 ORDER BY run_at, id LIMIT ?3`
	// asking steps from site to site: a heap of one site's questions costs no more than one.
	asking = `WITH RECURSIVE step (site) AS (SELECT min(site_id) FROM jobs WHERE failed IS NULL AND kind = 'ask'
		UNION ALL SELECT (SELECT min(site_id) FROM jobs WHERE failed IS NULL AND kind = 'ask' AND site_id > step.site) FROM step WHERE step.site IS NOT NULL)
		SELECT site FROM step WHERE site IS NOT NULL AND EXISTS (SELECT 1 FROM jobs WHERE failed IS NULL AND kind = 'ask' AND site_id = step.site AND run_at <= ?1)`
	scoringNext = `SELECT id FROM jobs WHERE failed IS NULL AND kind = 'ask' AND site_id = ?4 AND run_at <= ?2 ORDER BY run_at, id LIMIT ?3`
)

// ClaimJobs takes due jobs; until the lease ends nobody else gets them. An
// empty table costs one read and no write.
func (s *Store) ClaimJobs(ctx context.Context, limit int, lease time.Duration) ([]notify.Job, error) {
	var due int
	if err := s.queryRow(ctx, jobsDue, []any{millis(s.opt.Now())}, &due); err != nil || due == 0 {
		return nil, err
	}
	return s.claim(ctx, jobsNext, limit, lease)
}

// SitesToScore returns the sites that have a question to an outside service due, in
// the order of their ids.
func (s *Store) SitesToScore(ctx context.Context) (out []discuss.ID, err error) {
	err = s.rows(ctx, asking, []any{millis(s.opt.Now())}, func(r scanner) error {
		var id discuss.ID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// ClaimScoringRequests takes due questions of a site, as ClaimJobs takes jobs.
func (s *Store) ClaimScoringRequests(ctx context.Context, site discuss.ID, limit int, lease time.Duration) ([]notify.Job, error) {
	return s.claim(ctx, scoringNext, limit, lease, site)
}

func (s *Store) claim(ctx context.Context, next string, limit int, lease time.Duration, more ...any) (out []notify.Job, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		out = nil
		rows, err := tx.w.stmt(`UPDATE jobs SET run_at = ?1, attempts = attempts + 1 WHERE id IN (` + next + `) RETURNING id, kind, payload, attempts`).
			Query(append([]any{millis(tx.now.Add(lease)), millis(tx.now), limit}, more...)...)
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

// DelayJob makes a job due at a time, as if it had not been tried.
func (s *Store) DelayJob(ctx context.Context, id int64, at time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE jobs SET run_at = ?2, attempts = max(0, attempts - 1) WHERE id = ?1`, id, millis(at))
	})
}

// addJob adds a job that a verb owes.
func (t *Tx) addJob(j discuss.Job) error {
	kind, payload, err := notify.Encode(j)
	if err != nil {
		return err
	}
	return t.enqueueAt(j.ID, kind, payload, t.now.Add(j.After))
}

// enqueue adds a job that is due now.
func (t *Tx) enqueue(kind notify.Kind, payload string) error {
	return t.enqueueAt(t.NextID(), kind, payload, t.now)
}

// enqueueAt adds a job that is due at a time.
func (t *Tx) enqueueAt(id discuss.ID, kind notify.Kind, payload string, at time.Time) error {
	return t.exec(`INSERT INTO jobs (id, kind, payload, run_at, created) VALUES (?1, ?2, ?3, ?4, ?5)`, id, string(kind), payload, millis(at), millis(t.now))
}
