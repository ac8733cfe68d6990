package store

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"parley/internal/discuss"
)

// How long what is only useful for a while is kept.
const (
	EventsKept        = 7 * 24 * time.Hour // then a reader that comes back is told to fetch again
	IdempotencyKept   = 48 * time.Hour
	PrefixesKept      = 7 * 24 * time.Hour   // of networks; then only their hash
	ReportsKept       = 365 * 24 * time.Hour // and notices that were answered
	NoticeNamesKept   = 183 * 24 * time.Hour // of who sent an answered one: half a year, in which a decision can be complained of
	RejectedKept      = 90 * 24 * time.Hour  // the texts of what was refused; the rows stay, and with them the shape of the thread
	SpamKept          = 14 * 24 * time.Hour
	UnseenSpamKept    = 30 * 24 * time.Hour      // of spam that nobody has looked at
	WithdrawnKept     = 30 * 24 * time.Hour      // the texts of what their authors have deleted
	DecisionsKept     = 2 * 365 * 24 * time.Hour // reasons, notes and who decided; that it was decided stays
	FailedJobsKept    = 30 * 24 * time.Hour      // they hold addresses, like the mail log
	MailLogKept       = 30 * 24 * time.Hour
	InvitationsKept   = 30 * 24 * time.Hour      // after they ended: accepted, taken back or too old
	ImportsKept       = 365 * 24 * time.Hour     // names of files and reports; numbers stay, and with them the way back
	ClaimMarksKept    = 2 * 365 * 24 * time.Hour // what imported people can be known by
	GatheredKept      = 7 * 24 * time.Hour       // what no message took with it by then has nobody to go to
	NotificationsKept = 90 * 24 * time.Hour      // what a bell says
	noticeSettles     = 2 * discuss.UndoDelete   // then its author cannot take back any more what answered a notice
	sweepFirst        = time.Minute              // after the start
	sweepEvery        = 10 * time.Minute
	sweepChunk        = 500 // rows in one write: people who post wait for no more than that
)

// sweeps are what is dropped, each in the order of an index on its age. ?1 is
// the moment before which a row is too old.
var sweeps = []struct {
	what  string
	row   string // of the retention table; "": about nobody, or over by itself
	kept  time.Duration
	query string
}{
	// The newest stays whatever its age: the next one's id follows from it, and
	// other processes are followed by those ids.
	{"events", "live", EventsKept, `DELETE FROM events WHERE id IN (SELECT id FROM events WHERE at < ?1 AND id < (SELECT max(id) FROM events) ORDER BY at LIMIT ?2)`},
	{"idempotency keys", "retries", IdempotencyKept, `DELETE FROM idempotency WHERE (site_id, actor, key) IN (
		SELECT site_id, actor, key FROM idempotency WHERE at < ?1 ORDER BY at LIMIT ?2)`},
	{"sessions", "sessions", 0, `DELETE FROM sessions WHERE token IN (SELECT token FROM sessions WHERE expires < ?1 ORDER BY expires LIMIT ?2)`},
	{"networks", "networks", NetworkWindow, `DELETE FROM networks WHERE (author_id, hash) IN (SELECT author_id, hash FROM networks WHERE seen < ?1 ORDER BY seen LIMIT ?2)`},
	{"network prefixes", "prefixes", PrefixesKept, `UPDATE networks SET prefix = '' WHERE (author_id, hash) IN (SELECT author_id, hash FROM networks WHERE seen < ?1 AND prefix <> '' ORDER BY seen LIMIT ?2)`},
	{"network keys", "network_keys", 2 * NetworkWindow, `DELETE FROM keys WHERE name IN (SELECT name FROM keys WHERE created < ?1 AND name LIKE 'network %' ORDER BY created LIMIT ?2)`},
	{"reports", "reports", ReportsKept, `DELETE FROM reports WHERE (comment_id, author_id) IN (SELECT comment_id, author_id FROM reports WHERE created < ?1 AND open = 0 ORDER BY created LIMIT ?2)`},
	// Its author, or a service, took the comment away before a moderator answered.
	{"notices of what is gone", "", noticeSettles, `UPDATE notices SET outcome = 'removed', answered = ?1 WHERE id IN (SELECT n.id FROM notices n CROSS JOIN comments c ON c.id = n.comment_id
		AND c.status IN ('deleted', 'rejected') WHERE n.outcome = '' AND n.created < ?1
		AND NOT EXISTS (SELECT 1 FROM withdrawals w WHERE w.comment_id = c.id AND w.at >= ?1) ORDER BY n.created LIMIT ?2)`},
	{"who sent notices", "notice_names", NoticeNamesKept, `UPDATE notices SET name = '', email = '' WHERE id IN (SELECT id FROM notices WHERE answered < ?1 AND email <> '' ORDER BY answered LIMIT ?2)`},
	{"notices", "notices", ReportsKept, `DELETE FROM notices WHERE id IN (SELECT id FROM notices WHERE answered < ?1 ORDER BY answered LIMIT ?2)`},
	{"images that no comment shows", "images", discuss.ImagesUnused, `DELETE FROM images WHERE id IN (SELECT id FROM images WHERE comment_id IS NULL AND state = '' AND created < ?1 ORDER BY created LIMIT ?2)`},
	{"what images are known again by", "image_marks", DecisionsKept, `DELETE FROM image_marks WHERE sum IN (SELECT sum FROM image_marks WHERE at < ?1 ORDER BY at LIMIT ?2)`},
	{"gathered messages", "gathered", GatheredKept, `DELETE FROM digests WHERE (author_id, comment_id) IN (SELECT author_id, comment_id FROM digests WHERE created < ?1 ORDER BY created LIMIT ?2)`},
	{"notifications", "notifications", NotificationsKept, `DELETE FROM notifications WHERE id IN (SELECT id FROM notifications WHERE at < ?1 ORDER BY at LIMIT ?2)`},
	{"refused origins", "", RefusedKept, `DELETE FROM refused_origins WHERE (site_id, origin) IN (SELECT site_id, origin FROM refused_origins WHERE last < ?1 ORDER BY last LIMIT ?2)`},
	{"names of imported files", "", ImportsKept, `UPDATE imports SET name = '', report = '', undo = '', how = '', trouble = '' WHERE id IN (
		SELECT id FROM imports WHERE ended < ?1 AND (name <> '' OR report <> '' OR undo <> '') ORDER BY ended LIMIT ?2)`},
	{"undos", "", 0, `DELETE FROM undos WHERE token IN (SELECT token FROM undos WHERE expires < ?1 ORDER BY expires LIMIT ?2)`},
	{"earlier versions of rejected texts", "rejected", RejectedKept, refused(dropRevisions, "rejected", edited)},
	{"merges that can't be undone any more", "", 0, `DELETE FROM merges WHERE id IN (SELECT id FROM merges WHERE state = 'done' AND expires < ?1 ORDER BY expires LIMIT ?2)`},
	{"rejected texts", "rejected", RejectedKept, refused(dropText, "rejected", "")},
	{"earlier versions of spam", "spam", SpamKept, refused(dropRevisions, "spam", edited)},
	{"spam", "spam", SpamKept, refused(dropText, "spam", "")},
	{"earlier versions of spam that nobody looked at", "spam_unseen", UnseenSpamKept, unseen(dropRevisions, edited)},
	{"spam that nobody looked at", "spam_unseen", UnseenSpamKept, unseen(dropWaiting, "")},
	{"names of pages", "rejected", RejectedKept, `DELETE FROM pages WHERE comment_id IN (SELECT comment_id FROM pages WHERE at < ?1 ORDER BY at LIMIT ?2)`},
	{"earlier versions of deleted texts", "removed", RejectedKept, refused(dropRevisions, "deleted", edited)},
	{"deleted texts", "removed", RejectedKept, refused(dropText, "deleted", "") + notingErased},
	{"earlier versions of texts that their authors deleted", "withdrawn", WithdrawnKept, withdrawn(dropRevisions, edited)},
	{"texts that their authors deleted", "withdrawn", WithdrawnKept, withdrawn(dropText, "") + notingErased},
	{"earlier versions that were taken away", "versions", RejectedKept, `DELETE FROM revisions WHERE (comment_id, n) IN (SELECT comment_id, n FROM revisions WHERE taken < ?1 ORDER BY taken LIMIT ?2)`},
	{"earlier versions that were never public", "versions", RejectedKept, `DELETE FROM revisions WHERE (comment_id, n) IN (SELECT comment_id, n FROM revisions WHERE public = 0 AND at < ?1 ORDER BY at LIMIT ?2)`},
	{"words that moderators changed", "edits", RejectedKept, `UPDATE audit_texts SET salt = x'', before = '', after = '' WHERE id IN (SELECT l.id FROM audit_log l INDEXED BY audit_log_edits CROSS JOIN audit_texts t ON t.id = l.id
		AND (t.before <> '' OR t.after <> '') WHERE l.kind = 'comment' AND l.action = 'edit' AND l.at < ?1 ORDER BY l.at, l.id LIMIT ?2)`},
	{"reasons of decisions", "decisions", DecisionsKept, `UPDATE comments SET reason = '', decider_id = NULL WHERE id IN (
		SELECT id FROM comments WHERE decided < ?1 AND decider_id IS NOT NULL ORDER BY decided LIMIT ?2)`},
	// Of the audit log the texts go and the chain stays. What is not about people stays readable.
	{"texts of decisions", "decisions", DecisionsKept, `DELETE FROM audit_texts WHERE id IN (SELECT t.id FROM audit_texts t CROSS JOIN audit_log l ON l.id = t.id AND l.kind IN ('comment', 'person', 'ban')
		WHERE t.id < coalesce((SELECT id FROM audit_log WHERE at >= ?1 ORDER BY at, id LIMIT 1), 9223372036854775807) ORDER BY t.id LIMIT ?2)`},
	{"failed jobs", "failed_jobs", FailedJobsKept, `DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE failed IS NOT NULL AND run_at < ?1 ORDER BY run_at LIMIT ?2)`},
	{"invitations", "invitations", InvitationsKept, `DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE expires < ?1 ORDER BY expires LIMIT ?2)`},
	{"what imported people can be known by", "claim_marks", ClaimMarksKept, `DELETE FROM author_marks WHERE (mark, author_id) IN (SELECT mark, author_id FROM author_marks WHERE created < ?1 ORDER BY created LIMIT ?2)`},
	{"the mail log", "mail_log", MailLogKept, `DELETE FROM mail_sent WHERE key IN (SELECT key FROM mail_sent WHERE at < ?1 ORDER BY at LIMIT ?2)`},
	{"tickets", "links", 0, `DELETE FROM tickets WHERE token IN (SELECT token FROM tickets WHERE expires < ?1 ORDER BY expires LIMIT ?2)`},
}

const (
	// dropText leaves a comment its row, its place and its status.
	dropText      = `UPDATE comments SET body = '', html = '', trace = '', fingerprint = 0, network = NULL WHERE id IN (%s)`
	dropWaiting   = `UPDATE comments SET body = '', html = '', trace = '', fingerprint = 0, network = NULL, decided = created WHERE id IN (%s)` // nobody need look at it any more
	dropRevisions = `DELETE FROM revisions WHERE comment_id IN (%s)`
	notingErased  = ` RETURNING id` // a backup from before shall not bring them back
	edited        = ` AND EXISTS (SELECT 1 FROM revisions WHERE comment_id = comments.id)`
)

// refused completes a statement with the comments of a status that nobody has
// touched for long enough: neither written, edited nor decided since. What
// still waits for a decision is not among them, spam that nobody has looked at
// included.
func refused(statement, status, more string) string {
	const age = `max(created, coalesce(edited, 0), coalesce(decided, 0))`
	return fmt.Sprintf(statement, `SELECT id FROM comments WHERE waits = 0 AND status <> 'published' AND body <> '' AND status = '`+status+`' AND `+age+` < ?1`+more+
		` ORDER BY `+age+` LIMIT ?2`)
}

// unseen completes a statement with spam that has waited for a moderator for
// long enough.
func unseen(statement, more string) string {
	return fmt.Sprintf(statement, `SELECT id FROM comments WHERE status = 'spam' AND waits = 1 AND body <> '' AND created < ?1`+more+` ORDER BY created LIMIT ?2`)
}

// withdrawn completes a statement with the comments that their authors deleted
// long enough ago.
func withdrawn(statement, more string) string {
	return fmt.Sprintf(statement, `SELECT comments.id FROM withdrawals w CROSS JOIN comments ON comments.id = w.comment_id
		WHERE w.at < ?1 AND comments.status IN ('deleted', 'rejected', 'spam') AND comments.body <> ''`+more+` ORDER BY w.at LIMIT ?2`)
}

// Sweep drops everything that has been kept for long enough, in small writes
// that let others go first.
func (s *Store) Sweep(ctx context.Context) error {
	for _, w := range sweeps {
		before := millis(s.opt.Now().Add(-w.kept))
		for more := true; more; {
			err := s.updateBulk(ctx, func(tx *Tx) error {
				n, err := tx.sweep(w.query, before)
				more = n >= sweepChunk // a comment may have many versions
				tx.erased = n > 0
				return err
			})
			if err != nil {
				return fmt.Errorf("sweep %s: %w", w.what, err)
			}
		}
	}
	return s.moveClaims(ctx)
}

// sweep runs one statement, and writes down the comments that it returns: those
// whose texts were to be gone for good.
func (t *Tx) sweep(query string, before int64) (n int, err error) {
	if !strings.HasSuffix(query, notingErased) {
		res, err := t.w.stmt(query).Exec(before, sweepChunk)
		if err != nil {
			return 0, err
		}
		rows, err := res.RowsAffected()
		return int(rows), err
	}
	ids, err := t.ids(query, before, sweepChunk)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := t.noteErased(ErasedComment, id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// sweepNowAndThen sweeps in the background until ctx ends.
func (s *Store) sweepNowAndThen(ctx context.Context) {
	t := time.NewTimer(sweepFirst)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			slog.Error("sweep", "err", err)
		}
		t.Reset(sweepEvery)
	}
}
