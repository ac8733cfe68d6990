package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// erasedName is what stands for somebody whose account is gone.
const erasedName = "Deleted account"

// SetErase says when an account will be erased; the zero time: it will not. An
// account that a site or the instance cannot do without is auth.ErrNeeded.
func (s *Store) SetErase(ctx context.Context, account discuss.ID, at time.Time, text bool) error {
	var when any
	if !at.IsZero() {
		when = millis(at)
	}
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if !at.IsZero() {
			if err := tx.needed(account); err != nil {
				return err
			}
		}
		return tx.execOne(`UPDATE accounts SET erase_at = ?2, erase_text = ?3 WHERE id = ?1`, account, when, text)
	})
}

// ErasesTexts reports that an account is to be erased with its texts, as its own
// person has asked.
func (s *Store) ErasesTexts(ctx context.Context, account discuss.ID) (yes bool, err error) {
	err = s.queryRow(ctx, `SELECT erase_at IS NOT NULL AND erase_text = 1 FROM accounts WHERE id = ?1`, []any{account}, &yes)
	return yes, err
}

const (
	eraseDue  = `SELECT id FROM accounts WHERE erase_at <= ?1 ORDER BY erase_at LIMIT 100`
	eraseNext = `SELECT c.id FROM authors a JOIN comments c ON c.author_id = a.id WHERE a.account_id = ?1 AND (c.body <> '' OR c.status = 'published') LIMIT ?2`
	guestMark = `SELECT 1 FROM guest_marks WHERE token = ?1 LIMIT 1`
)

// soleAdmin asks for a site whose only admin an account is, or whether it is
// the only operator. Whoever is on the way out himself does not count.
const soleAdmin = `SELECT EXISTS (SELECT 1 FROM authors mine WHERE mine.account_id = ?1 AND mine.role = 'admin' AND NOT EXISTS (
		SELECT 1 FROM authors other JOIN accounts o ON o.id = other.account_id
		WHERE other.site_id = mine.site_id AND other.role = 'admin' AND other.role <> 'member' AND other.id <> mine.id AND ` + here + `))
	OR EXISTS (SELECT 1 FROM accounts me WHERE me.id = ?1 AND me.operator = 1)
		AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.operator = 1 AND o.id <> ?1 AND ` + here + `)`

// needed is auth.ErrNeeded for the only admin of a site and the only operator.
func (t *Tx) needed(account discuss.ID) error {
	var sole bool
	if err := t.get(soleAdmin, []any{account}, &sole); err != nil {
		return err
	}
	if sole {
		return auth.ErrNeeded
	}
	return nil
}

// EraseDue lists accounts whose time has come.
func (s *Store) EraseDue(ctx context.Context, now time.Time) (out []discuss.ID, err error) {
	err = s.rows(ctx, eraseDue, []any{millis(now)}, func(r scanner) error {
		var id discuss.ID
		err := r.Scan(&id)
		out = append(out, id)
		return err
	})
	return out, err
}

// EraseSome erases at most limit texts of an account, and once none is left the
// account itself. Comments with replies in view leave their place. An account
// that has become needed since it asked is auth.ErrNeeded and loses nothing.
func (s *Store) EraseSome(ctx context.Context, account discuss.ID, limit int) (more bool, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		a, err := tx.account(account)
		if err != nil {
			return err
		}
		if err := tx.needed(account); err != nil {
			return err
		}
		var text bool
		if err := tx.get(`SELECT erase_text FROM accounts WHERE id = ?1`, []any{account}, &text); err != nil {
			return err
		}
		if text {
			n, err := tx.eraseTexts(account, limit)
			if err != nil || n == limit {
				more = true
				return err
			}
		}
		// Others named the person: their words stay, and lead to nobody.
		n, err := tx.unlinkMentions(account, limit)
		if err != nil || n == limit {
			more = true
			return err
		}
		return tx.eraseAccount(a)
	})
	return more, err
}

const mentionsNext = `SELECT m.comment_id FROM authors a JOIN mentions m ON m.author_id = a.id WHERE a.account_id = ?1 LIMIT ?2`

// unlinkMentions takes the links to an account's person out of the comments that
// name them, and out of the earlier texts of those.
func (t *Tx) unlinkMentions(account discuss.ID, limit int) (int, error) {
	ids, err := t.ids(mentionsNext, account, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		c, err := t.Comment(id)
		if err != nil {
			return 0, err
		}
		var person discuss.ID
		if err := t.get(`SELECT id FROM authors WHERE account_id = ?1 AND site_id = ?2`, []any{account, c.SiteID}, &person); err != nil {
			return 0, err
		}
		unlink := func(html string) string { return html }
		if f := t.w.s.opt.Unlink; f != nil {
			unlink = func(html string) string { return f(html, person) }
		}
		if err := t.exec(`UPDATE comments SET html = ?2 WHERE id = ?1`, id, unlink(c.HTML)); err != nil {
			return 0, err
		}
		old := map[int64]string{}
		if err := t.rows(`SELECT n, html FROM revisions WHERE comment_id = ?1`, []any{id}, func(r scanner) error {
			var n int64
			var html string
			err := r.Scan(&n, &html)
			old[n] = html
			return err
		}); err != nil {
			return 0, err
		}
		for n, html := range old {
			if err := t.exec(`UPDATE revisions SET html = ?3 WHERE comment_id = ?1 AND n = ?2`, id, n, unlink(html)); err != nil {
				return 0, err
			}
		}
		if err := t.exec(`DELETE FROM mentions WHERE comment_id = ?1 AND author_id = ?2`, id, person); err != nil {
			return 0, err
		}
		if c.Status == discuss.Published {
			if err := t.addEvent(discuss.Event{ThreadID: c.ThreadID, Type: discuss.CommentUpdated, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: t.Now()}); err != nil {
				return 0, err
			}
		}
	}
	return len(ids), nil
}

func (t *Tx) eraseTexts(account discuss.ID, limit int) (int, error) {
	ids, err := t.ids(eraseNext, account, limit)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := t.eraseText(id); err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// unmail drops messages that quote a comment and have not left, or could not.
// Those that an older release wrote are known by their link.
func (t *Tx) unmail(id discuss.ID) error {
	return t.exec(`DELETE FROM jobs WHERE kind = 'mail' AND (instr(payload, '/c/' || ?1) > 0
		OR EXISTS (SELECT 1 FROM json_each(payload, '$.About') WHERE value = ?1))`, id.String())
}

func (t *Tx) eraseText(id discuss.ID) error {
	t.erased = true
	if err := t.noteErased(ErasedComment, id); err != nil {
		return err
	}
	c, err := t.Comment(id)
	if err != nil {
		return err
	}
	if c.Status != discuss.Deleted {
		if err := t.setStatus(id, discuss.Deleted); err != nil {
			return err
		}
		if err := t.unnameThread(c.ThreadID, id); err != nil {
			return err
		}
	}
	for _, q := range []string{
		`UPDATE comments SET body = '', html = '', trace = '', fingerprint = 0, network = NULL WHERE id = ?1`,
		`DELETE FROM revisions WHERE comment_id = ?1`,
		`DELETE FROM withdrawals WHERE comment_id = ?1`,
		`DELETE FROM pages WHERE comment_id = ?1`,
		`DELETE FROM notifications WHERE comment_id = ?1`,
		`DELETE FROM mentions WHERE comment_id = ?1`,
		`UPDATE audit_texts SET salt = x'', before = '', after = '' WHERE id IN (SELECT id FROM audit_log WHERE kind = 'comment' AND target = ?1)`,
		`UPDATE notices SET law = '' WHERE comment_id = ?1`, // what was said of the text
		`UPDATE reports SET note = '' WHERE comment_id = ?1`,
	} {
		if err := t.exec(q, id); err != nil {
			return err
		}
	}
	if err := t.unmail(id); err != nil {
		return err
	}
	if err := t.exec(`UPDATE notices SET outcome = 'removed', answered = ?2 WHERE comment_id = ?1 AND outcome = ''`, id, millis(t.now)); err != nil {
		return err
	}
	if c.Status != discuss.Published {
		return nil
	}
	return t.addEvent(discuss.Event{ThreadID: c.ThreadID, Type: discuss.CommentRemoved, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: t.Now()})
}

// eraseAccount takes the person out of everything that stays, then removes
// the account with its identities, sessions, passkeys and pictures.
func (t *Tx) eraseAccount(a auth.Account) error {
	t.erased = true
	if err := t.noteErased(ErasedAccount, a.ID); err != nil {
		return err
	}
	if err := t.keepBans(a.ID); err != nil {
		return err
	}
	if err := t.forgetMarks(a.ID); err != nil { // author_marks; claims go with the account
		return err
	}
	for _, q := range []string{
		// The names that comments bore before they were claimed.
		`UPDATE authors SET name = '` + erasedName + `', skeleton = '' WHERE became IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`DELETE FROM claims WHERE account_id = ?1`,
		// Images that no comment shows; those of comments whose texts stay, stay with them.
		`DELETE FROM images WHERE account_id = ?1 AND comment_id IS NULL AND state = ''`,
		// Addresses left as a guest, on comments that became this account's.
		`DELETE FROM guest_mail WHERE comment_id IN (SELECT c.id FROM authors a JOIN comments c ON c.author_id = a.id WHERE a.account_id = ?1)`,
		`DELETE FROM digests WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`DELETE FROM notifications WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`DELETE FROM bells WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`DELETE FROM follows WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`DELETE FROM mutes WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		// What moderators wrote about the person: in the notes, on its way by mail, in the texts of the audit log.
		`DELETE FROM notes WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`DELETE FROM jobs WHERE kind IN ('warned', 'demoted') AND json_extract(payload, '$.key') IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`UPDATE audit_texts SET salt = x'', note = '' WHERE id IN (SELECT l.id FROM authors a JOIN audit_log l ON l.kind = 'person' AND l.target = a.id
			WHERE a.account_id = ?1 AND l.action IN ('note', 'warn', 'approve claim'))`,
		// The name under which the person moderated. Without its salt a row's digest is not compared any more; the chain holds.
		`UPDATE audit_texts SET salt = x'', actor = '` + erasedName + `' WHERE id IN (SELECT l.id FROM authors a JOIN audit_log l ON l.actor_id = a.id AND l.actor_id <> 0
			WHERE a.account_id = ?1)`,
		`DELETE FROM article_authors WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`UPDATE authors SET tier = '', expert = 0 WHERE account_id = ?1`,
		`UPDATE authors SET unread = 0, warnings = 0 WHERE account_id = ?1`,
		`DELETE FROM networks WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
		`UPDATE reports SET note = '' WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`,
	} {
		if err := t.exec(q, a.ID); err != nil {
			return err
		}
	}
	if err := t.exec(`UPDATE deletions SET done = ?2 WHERE code IN (SELECT data FROM tickets WHERE account_id = ?1 AND kind = 'deletion')`, a.ID, millis(t.now)); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM idempotency WHERE site_id IN (SELECT site_id FROM authors WHERE account_id = ?1) AND actor = ?2`, a.ID, a.ID.String()); err != nil {
		return err
	}
	if a.Email != "" {
		if err := t.exec(`UPDATE notices SET name = '', email = '' WHERE lower(email) = ?1 AND email <> ''`, a.Email); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM guest_follows WHERE email = ?1`, a.Email); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM invitations WHERE email = ?1`, a.Email); err != nil {
			return err
		}
		if err := t.exec(`DELETE FROM jobs WHERE kind = 'mail' AND coalesce(json_extract(payload, '$.to'), json_extract(payload, '$.To')) = ?1`, a.Email); err != nil {
			return err
		}
	}
	if err := t.exec(`UPDATE authors SET name = ?2, skeleton = '', avatar = '', account_id = NULL, role = 'member' WHERE account_id = ?1`, a.ID, erasedName); err != nil {
		return err
	}
	return t.exec(`DELETE FROM accounts WHERE id = ?1`, a.ID)
}

// DropStale removes accounts that nobody verified in time, and what has expired.
func (s *Store) DropStale(ctx context.Context, now, unverifiedBefore time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.dropUnverified(`created < ?1`, millis(unverifiedBefore)); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM sso_seen WHERE expires < ?1`, millis(now)); err != nil {
			return err
		}
		if err := tx.exec(forgetBans, millis(now)); err != nil {
			return err
		}
		old := millis(now.Add(-guestMarkLife))
		if err := tx.exec(`UPDATE guest_mail SET mark = NULL WHERE comment_id IN (SELECT comment_id FROM guest_marks WHERE created < ?1)`, old); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM guest_mail WHERE confirmed = 0 AND comment_id IN (SELECT id FROM comments WHERE created < ?1)`, old); err != nil {
			return err
		}
		if err := tx.exec(forgetAsked, old); err != nil {
			return err
		}
		if err := tx.exec(forgetGuests, old, millis(now)); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM guest_marks WHERE created < ?1`, old)
	})
}

// forgetBans drops what was kept of people whose bans are over.
const forgetBans = `DELETE FROM ban_marks WHERE ban_id IN (SELECT id FROM bans b WHERE NOT (` + holds + `))`

// forgetGuests makes a guest who has not written since ?1 nobody's: the browser's
// mark gives way to one that is no browser's. A ban that holds keeps it.
const forgetGuests = `UPDATE authors SET mark = CAST('gone ' || id AS BLOB)
	WHERE kind = 'guest' AND length(mark) = 32 AND coalesce(seen, created) < ?1 AND NOT EXISTS (
		SELECT 1 FROM bans b WHERE b.author_id = authors.id AND b.lifted IS NULL AND (b.until IS NULL OR b.until > ?2))`

// guestMarkLife is how long a browser's guest comments can become an account's.
const guestMarkLife = 30 * 24 * time.Hour

// markGuest notes which browser a guest's comment came from.
func (t *Tx) markGuest(comment discuss.ID, token []byte) error {
	return t.exec(`INSERT INTO guest_marks (comment_id, token, created) VALUES (?1, ?2, ?3)`, comment, token, millis(t.now))
}

// AdoptGuest moves what a browser wrote as guest on a site to a member of it.
func (s *Store) AdoptGuest(ctx context.Context, token []byte, site discuss.ID, acc auth.Account) (adopted bool, err error) {
	var one int
	err = s.queryRow(ctx, guestMark, []any{token}, &one)
	if errors.Is(err, discuss.ErrNotFound) {
		return false, nil // nearly always
	}
	if err != nil {
		return false, err
	}
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		ids, err := tx.ids(`SELECT c.id FROM guest_marks g JOIN comments c ON c.id = g.comment_id WHERE g.token = ?1 AND c.site_id = ?2 LIMIT 200`, token, site)
		if err != nil || len(ids) == 0 {
			return err
		}
		adopted = true
		author, err := tx.member(site, acc.ID, acc.Name)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c, err := tx.Comment(id)
			if err != nil {
				return err
			}
			if err := tx.exec(`UPDATE comments SET author_id = ?2 WHERE id = ?1`, id, author.ID); err != nil {
				return err
			}
			if err := tx.exec(`DELETE FROM guest_mail WHERE comment_id = ?1`, id); err != nil { // a member hears by his own choice
				return err
			}
			if c.Status != discuss.Published {
				continue
			}
			if err := tx.exec(`UPDATE authors SET published = published + CASE id WHEN ?1 THEN 1 ELSE -1 END WHERE id IN (?1, ?2)`, author.ID, c.Author.ID); err != nil {
				return err
			}
			if err := tx.addEvent(discuss.Event{ThreadID: c.ThreadID, Type: discuss.CommentUpdated, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: tx.Now()}); err != nil {
				return err
			}
		}
		return tx.exec(`DELETE FROM guest_marks WHERE token = ?1 AND comment_id IN (SELECT id FROM comments WHERE author_id = ?2)`, token, author.ID)
	})
	return adopted, err
}
