package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

var _ notify.Audience = (*Store)(nil)

const (
	mostFollowers = 2000 // people that one comment is told to
	mostKeepers   = 500
)

const toldColumns = `a.id, ac.email, a.name, ac.lang, coalesce(m.replies, 'now')`

// toldJoins finds the proved address of an author (a); those who are banned,
// or who muted the writer (?2), hear nothing.
const toldJoins = ` JOIN accounts ac ON ac.id = a.account_id AND ac.verified IS NOT NULL AND ac.disabled IS NULL AND instr(ac.email, '@') > 1
	LEFT JOIN mail_choices m ON m.author_id = a.id
	WHERE a.id <> ?2 AND NOT EXISTS (SELECT 1 FROM mutes WHERE author_id = a.id AND muted_id = ?2)
	AND NOT ` + keptOut

// Delivery returns a comment with those who shall hear of it, each once, for the
// nearest reason: an answer before a mention before a followed page.
func (s *Store) Delivery(ctx context.Context, id discuss.ID) (notify.Delivery, error) {
	var out notify.Delivery
	var err error
	if out.Comment, err = s.CommentByID(ctx, id); err != nil {
		return out, err
	}
	if out.Thread, err = s.ThreadByID(ctx, out.Comment.ThreadID); err != nil {
		return out, err
	}
	if out.Site, err = s.SiteByID(ctx, out.Comment.SiteID); err != nil {
		return out, err
	}
	c, seen := out.Comment, map[string]bool{}
	add := func(why, query string, args ...any) error {
		rows, err := s.query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			r := notify.Recipient{Why: why}
			if err := rows.Scan(&r.Author, &r.Email, &r.Name, &r.Lang, &r.Choice); err != nil {
				return err
			}
			if !seen[r.Email] {
				seen[r.Email] = true
				out.Recipients = append(out.Recipients, r)
			}
		}
		return rows.Err()
	}
	now := millis(s.opt.Now())
	if c.Parent != 0 {
		if out.Parent, err = s.CommentByID(ctx, c.Parent); err != nil {
			return out, err
		}
		if err := add("reply", `SELECT `+toldColumns+` FROM authors a`+toldJoins+` AND a.id = ?1`, out.Parent.Author.ID, c.Author.ID, now); err != nil {
			return out, err
		}
		if err := s.guestParent(ctx, &out, seen); err != nil {
			return out, err
		}
		if err := add("reply", `SELECT `+toldColumns+` FROM follows f JOIN authors a ON a.id = f.author_id`+toldJoins+` AND f.thread_id = ?1 AND f.comment_id = ?4 LIMIT ?5`,
			c.ThreadID, c.Author.ID, now, c.Parent, mostFollowers); err != nil {
			return out, err
		}
		if err := s.guestFollowers(ctx, &out, "reply", c.Parent, seen); err != nil {
			return out, err
		}
	}
	if err := add("mention", `SELECT `+toldColumns+` FROM mentions n JOIN authors a ON a.id = n.author_id`+toldJoins+` AND n.comment_id = ?1 AND n.told = 0`, c.ID, c.Author.ID, now); err != nil {
		return out, err
	}
	if err := add("thread", `SELECT `+toldColumns+` FROM follows f JOIN authors a ON a.id = f.author_id`+toldJoins+` AND f.thread_id = ?1 AND f.comment_id = 0 LIMIT ?4`,
		c.ThreadID, c.Author.ID, now, mostFollowers); err != nil {
		return out, err
	}
	return out, s.guestFollowers(ctx, &out, "thread", 0, seen)
}

// guestParent adds the confirmed address of a guest who was answered.
func (s *Store) guestParent(ctx context.Context, out *notify.Delivery, seen map[string]bool) error {
	var email string
	err := s.queryRow(ctx, `SELECT email FROM guest_mail WHERE comment_id = ?1 AND confirmed = 1`, []any{out.Comment.Parent}, &email)
	if errors.Is(err, discuss.ErrNotFound) {
		return nil
	}
	if err == nil && !seen[email] {
		seen[email] = true
		out.Recipients = append(out.Recipients, notify.Recipient{Comment: out.Comment.Parent, Email: email, Name: out.Parent.Author.Name, Why: "reply", Choice: "now"})
	}
	return err
}

const personMail = `SELECT a.id, coalesce(CASE WHEN ac.verified IS NOT NULL AND ac.disabled IS NULL AND instr(ac.email, '@') > 1 THEN ac.email END, ''), a.name, coalesce(ac.lang, ''), coalesce(m.outcomes, 'now'), a.site_id
	FROM authors a LEFT JOIN accounts ac ON ac.id = a.account_id LEFT JOIN mail_choices m ON m.author_id = a.id WHERE a.id = ?1`

// PersonOf returns an author with the address that mail goes to.
func (s *Store) PersonOf(ctx context.Context, author discuss.ID) (notify.Person, discuss.Site, error) {
	var p notify.Person
	var site discuss.ID
	if err := s.queryRow(ctx, personMail, []any{author}, &p.Author, &p.Email, &p.Name, &p.Lang, &p.Choice, &site); err != nil {
		return p, discuss.Site{}, err
	}
	st, err := s.SiteByID(ctx, site)
	return p, st, err
}

// AuthorOf returns the author of a comment, and where it stands.
func (s *Store) AuthorOf(ctx context.Context, comment discuss.ID) (notify.Person, discuss.Comment, discuss.Thread, discuss.Site, error) {
	c, err := s.CommentByID(ctx, comment)
	if err != nil {
		return notify.Person{}, c, discuss.Thread{}, discuss.Site{}, err
	}
	th, err := s.ThreadByID(ctx, c.ThreadID)
	if err != nil {
		return notify.Person{}, c, th, discuss.Site{}, err
	}
	p, st, err := s.PersonOf(ctx, c.Author.ID)
	return p, c, th, st, err
}

// HeadRecipients are operators, and admins of a site, with a proved address who have
// asked for the head of the audit log.
func (s *Store) HeadRecipients(ctx context.Context) ([]notify.Person, error) {
	return s.accountsBy(ctx, `SELECT id, email, name, lang FROM accounts WHERE audit_mail = 1 AND verified IS NOT NULL AND disabled IS NULL AND instr(email, '@') > 1 AND (operator = 1
		OR id IN (SELECT account_id FROM authors WHERE role <> 'member' AND role = 'admin' AND account_id IS NOT NULL)) ORDER BY id LIMIT ?1`)
}

// Operators are those who run the instance, with a proved address.
func (s *Store) Operators(ctx context.Context) ([]notify.Person, error) {
	return s.accountsBy(ctx, `SELECT id, email, name, lang FROM accounts WHERE operator = 1 AND verified IS NOT NULL AND disabled IS NULL AND instr(email, '@') > 1 ORDER BY id LIMIT ?1`)
}

// Admins are those of a site, with a proved address, and the site.
func (s *Store) Admins(ctx context.Context, site discuss.ID) (list []notify.Person, st discuss.Site, err error) {
	if st, err = s.SiteByID(ctx, site); err != nil {
		return nil, st, err
	}
	list, err = s.accountsBy(ctx, `SELECT ac.id, ac.email, ac.name, ac.lang FROM authors a JOIN accounts ac ON ac.id = a.account_id
		WHERE a.site_id = ?2 AND a.role <> 'member' AND a.role = 'admin' AND ac.verified IS NOT NULL AND ac.disabled IS NULL AND instr(ac.email, '@') > 1 ORDER BY ac.id LIMIT ?1`, site)
	return list, st, err
}

func (s *Store) accountsBy(ctx context.Context, query string, more ...any) (out []notify.Person, err error) {
	err = s.rows(ctx, query, append([]any{mostKeepers}, more...), func(r scanner) error {
		var p notify.Person
		err := r.Scan(&p.Author, &p.Email, &p.Name, &p.Lang)
		out = append(out, p)
		return err
	})
	return out, err
}

// StopHeads ends the daily mail about the audit log for an account.
func (s *Store) StopHeads(ctx context.Context, account discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.exec(`UPDATE accounts SET audit_mail = 0 WHERE id = ?1`, account) })
}

// Enqueue queues a mail in the write that remembers it, unless it was owed before
// or its address has had its share: free is when it may have more.
func (s *Store) Enqueue(ctx context.Context, key, who, payload string, perHour, perDay int) (sent bool, free time.Time, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		sent, free = false, time.Time{}
		var hour, day, before int
		var first, oldest int64 // of what counts within the hour, and within the day
		if err := tx.get(`SELECT count(*) FILTER (WHERE at > ?2), count(*), EXISTS (SELECT 1 FROM mail_sent WHERE key = ?4),
			coalesce(min(at) FILTER (WHERE at > ?2), 0), coalesce(min(at), 0) FROM mail_sent WHERE who = ?1 AND at > ?3`,
			[]any{who, millis(tx.now.Add(-time.Hour)), millis(tx.now.Add(-24 * time.Hour)), key}, &hour, &day, &before, &first, &oldest); err != nil || before > 0 {
			return err
		}
		if hour >= perHour {
			free = fromMillis(first).Add(time.Hour)
		}
		if at := fromMillis(oldest).Add(24 * time.Hour); day >= perDay && at.After(free) {
			free = at
		}
		if !free.IsZero() {
			return nil
		}
		sent = true
		if err := tx.exec(`INSERT INTO mail_sent (key, who, at) VALUES (?1, ?2, ?3)`, key, who, millis(tx.now)); err != nil {
			return err
		}
		return tx.enqueue(notify.KindMail, payload)
	})
	return sent, free, err
}

// EnqueueLater queues a mail for later in the write that remembers it, unless it was
// owed before.
func (s *Store) EnqueueLater(ctx context.Context, key, who, payload string, at time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var before int
		if err := tx.get(`SELECT count(*) FROM mail_sent WHERE key = ?1`, []any{key}, &before); err != nil || before > 0 {
			return err
		}
		if err := tx.exec(`INSERT INTO mail_sent (key, who, at) VALUES (?1, ?2, ?3)`, key, who, millis(tx.now)); err != nil {
			return err
		}
		return tx.enqueueAt(tx.NextID(), notify.KindMail, payload, at)
	})
}

// GuestAddress notes where a guest wants to hear of answers. Anybody can type
// an address that its owner has confirmed, so the confirmation counts for the
// browser whose comment was confirmed; another one has its owner asked again. A
// guest whose browser keeps nothing is asked each time: that is one mail a day
// at most, and rather the guest's trouble than that of whose address it is.
func (s *Store) GuestAddress(ctx context.Context, comment discuss.ID, email string) (ask bool, st discuss.Site, err error) {
	c, err := s.CommentByID(ctx, comment)
	if err != nil {
		return false, st, err
	}
	if st, err = s.SiteByID(ctx, c.SiteID); err != nil {
		return false, st, err
	}
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		var mark []byte
		if err := tx.get(`SELECT token FROM guest_marks WHERE comment_id = ?1`, []any{comment}, &mark); err != nil && !errors.Is(err, discuss.ErrNotFound) {
			return err
		}
		var confirmed bool
		if err := tx.get(`SELECT EXISTS (SELECT 1 FROM guest_mail WHERE site_id = ?1 AND email = ?2 AND mark = ?3 AND confirmed = 1)`, []any{c.SiteID, email, mark}, &confirmed); err != nil {
			return err
		}
		if err := tx.exec(`INSERT INTO guest_mail (comment_id, site_id, email, confirmed, mark) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING`,
			comment, c.SiteID, email, confirmed, mark); err != nil {
			return err
		}
		// The job may run again after its owner has said yes to this very comment.
		return tx.get(`SELECT NOT confirmed FROM guest_mail WHERE comment_id = ?1`, []any{comment}, &ask)
	})
	return ask, st, err
}

// ConfirmGuest makes the address of a guest's comment count, and of every other
// comment that left it from the same browser.
func (s *Store) ConfirmGuest(ctx context.Context, comment discuss.ID, email string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.execOne(`UPDATE guest_mail SET confirmed = 1 WHERE comment_id = ?1 AND email = ?2`, comment, email); err != nil {
			return err
		}
		return tx.exec(`UPDATE guest_mail SET confirmed = 1 WHERE email = ?2 AND (site_id, mark) = (SELECT site_id, mark FROM guest_mail WHERE comment_id = ?1)`, comment, email)
	})
}

// ForgetGuest drops a guest's address from the site of a comment.
func (s *Store) ForgetGuest(ctx context.Context, comment discuss.ID, email string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`DELETE FROM guest_mail WHERE email = ?2 AND site_id = (SELECT site_id FROM guest_mail WHERE comment_id = ?1)`, comment, email)
	})
}

// ChooseMail sets one of a person's choices: replies, outcomes or waiting.
func (s *Store) ChooseMail(ctx context.Context, author discuss.ID, what, choice string) error {
	column, ok := map[string]string{"replies": "replies", "outcomes": "outcomes", "waiting": "waiting"}[what]
	if !ok {
		return discuss.Bad("what", "must be replies, outcomes or waiting")
	}
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`INSERT INTO mail_choices (author_id, `+column+`) VALUES (?1, ?2) ON CONFLICT (author_id) DO UPDATE SET `+column+` = excluded.`+column, author, choice); err != nil {
			return err
		}
		if what != "replies" || choice != "off" {
			return nil
		}
		return tx.exec(`DELETE FROM digests WHERE author_id = ?1`, author) // what was gathered is not wanted either
	})
}

// MailChoice is how often somebody hears of replies, and whether they have an
// address that mail goes to.
func (s *Store) MailChoice(ctx context.Context, author discuss.ID) (replies string, address bool, err error) {
	err = s.queryRow(ctx, `SELECT coalesce((SELECT replies FROM mail_choices WHERE author_id = ?1), 'now'),
		EXISTS (SELECT 1 FROM authors a JOIN accounts ac ON ac.id = a.account_id AND ac.verified IS NOT NULL AND instr(ac.email, '@') > 1 WHERE a.id = ?1)`, []any{author}, &replies, &address)
	return replies, address, err
}

// FailedJobs lists what was given up and why, newest first.
func (s *Store) FailedJobs(ctx context.Context, limit int) (out []string, err error) {
	rows, err := s.query(ctx, `SELECT kind || ': ' || failed FROM jobs WHERE failed IS NOT NULL AND failed <> ?2 ORDER BY run_at DESC, id DESC LIMIT ?1`, limit, heldReason)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}
