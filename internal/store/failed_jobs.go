package store

import (
	"context"
	"os"
	"time"

	"parley/internal/discuss"
)

// FailedJob is a job that was given up, without what it carries.
type FailedJob struct {
	ID       discuss.ID
	Kind     string
	Why      string
	Site     string // key; "" of none
	Attempts int
	Created  time.Time
	Failed   time.Time
}

// ListFailedJobs lists what was given up, newest first.
func (s *Store) ListFailedJobs(ctx context.Context, limit int) (out []FailedJob, err error) {
	err = s.rows(ctx, `SELECT j.id, j.kind, j.failed, coalesce(s.key, ''), j.attempts, j.created, j.run_at FROM jobs j LEFT JOIN sites s ON s.id = j.site_id
		WHERE j.failed IS NOT NULL AND j.failed <> ?2 ORDER BY j.run_at DESC, j.id DESC LIMIT ?1`, []any{limit, heldReason}, func(r scanner) error {
		var j FailedJob
		var created, failed int64
		err := r.Scan(&j.ID, &j.Kind, &j.Why, &j.Site, &j.Attempts, &created, &failed)
		j.Created, j.Failed = fromMillis(created), fromMillis(failed)
		out = append(out, j)
		return err
	})
	return out, err
}

// RetryFailed makes jobs that were given up due now, as if they had not been
// tried: one, or with 0 all of them. What is held since a restore stays.
func (s *Store) RetryFailed(ctx context.Context, id discuss.ID) (n int, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		res, err := tx.w.stmt(`UPDATE jobs SET failed = NULL, attempts = 0, run_at = ?1 WHERE failed IS NOT NULL AND failed <> ?2 AND (?3 = 0 OR id = ?3)`).Exec(millis(tx.now), heldReason, id)
		if err != nil {
			return err
		}
		rows, err := res.RowsAffected()
		n = int(rows)
		return err
	})
	return n, err
}

// DropFailed forgets a job that was given up.
func (s *Store) DropFailed(ctx context.Context, id discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`DELETE FROM jobs WHERE id = ?1 AND failed IS NOT NULL AND failed <> ?2`, id, heldReason)
	})
}

// JobCounts is what waits to be done, what was given up, and which mails left
// within the last day.
type JobCounts struct {
	Waiting, Failed, Sent int
	Last                  time.Time
}

// CountJobs counts them.
func (s *Store) CountJobs(ctx context.Context) (c JobCounts, err error) {
	var last int64
	err = s.queryRow(ctx, `SELECT (SELECT count(*) FROM jobs WHERE failed IS NULL), (SELECT count(*) FROM jobs WHERE failed IS NOT NULL AND failed <> ?2),
		(SELECT count(*) FROM mail_sent WHERE at > ?1), coalesce((SELECT max(at) FROM mail_sent), 0)`,
		[]any{millis(s.opt.Now().Add(-24 * time.Hour)), heldReason}, &c.Waiting, &c.Failed, &c.Sent, &last)
	c.Last = fromMillis(last)
	return c, err
}

// SiteSize is how many threads and public comments a site has.
func (s *Store) SiteSize(ctx context.Context, site discuss.ID) (threads, comments int, err error) {
	err = s.queryRow(ctx, `SELECT count(*), coalesce(sum(count), 0) FROM threads WHERE site_id = ?1 AND merged_into IS NULL`, []any{site}, &threads, &comments)
	return threads, comments, err
}

// OperatorAccounts are those that run the whole server, in the order they were made.
func (s *Store) OperatorAccounts(ctx context.Context) (out []Member, err error) {
	err = s.Accounts(ctx, func(m Member) error {
		if m.Account.Operator {
			out = append(out, m)
		}
		return nil
	})
	return out, err
}

// FileSize is how many bytes a database's file and its log have.
func FileSize(path string) (n int64) {
	for _, suffix := range []string{"", "-wal"} {
		if st, err := os.Stat(path + suffix); err == nil {
			n += st.Size()
		}
	}
	return n
}
