package store

import (
	"context"
	"errors"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// AccountByID reads an account.
func (s *Store) AccountByID(ctx context.Context, id discuss.ID) (auth.Account, error) {
	return scanAccount(s.first(ctx, `SELECT `+accountColumns+` FROM accounts WHERE id = ?1`, id))
}

// Overview reads what an account's own page shows.
func (s *Store) Overview(ctx context.Context, account discuss.ID, now time.Time) (auth.Overview, error) {
	var o auth.Overview
	var err error
	if o.Account, err = s.AccountByID(ctx, account); err != nil {
		return o, err
	}
	if err := s.queryRow(ctx, `SELECT CASE min(CASE coalesce(m.replies, 'now') WHEN 'now' THEN 0 WHEN 'hourly' THEN 1 WHEN 'daily' THEN 2 ELSE 3 END)
		WHEN 1 THEN 'hourly' WHEN 2 THEN 'daily' WHEN 3 THEN 'off' ELSE 'now' END
		FROM authors a LEFT JOIN mail_choices m ON m.author_id = a.id WHERE a.account_id = ?1`, []any{account}, &o.MailReplies); err != nil {
		return o, err
	}
	var may, hears bool
	if err := s.queryRow(ctx, `SELECT verified IS NOT NULL AND instr(email, '@') > 1 AND (operator = 1 OR EXISTS (SELECT 1 FROM authors WHERE account_id = ?1 AND role = 'admin')), audit_mail
		FROM accounts WHERE id = ?1`, []any{account}, &may, &hears); err != nil {
		return o, err
	}
	if may {
		o.AuditMail = &hears
	}
	o.Password = o.Account.Password != ""
	o.Account.Password = ""
	if err := s.queryRow(ctx, `SELECT totp IS NOT NULL FROM accounts WHERE id = ?1`, []any{account}, &o.Second); err != nil {
		return o, err
	}
	if o.Passkeys, err = s.Passkeys(ctx, account); err != nil {
		return o, err
	}
	err = s.rows(ctx, `SELECT site_id, provider, name, created, used FROM identities WHERE account_id = ?1 ORDER BY created, provider`, []any{account}, func(r scanner) error {
		var i auth.Identity
		var created, used int64
		err := r.Scan(&i.Scope, &i.Provider, &i.Name, &created, &used)
		i.Created, i.Used = fromMillis(created), fromMillis(used)
		o.Identities = append(o.Identities, i)
		return err
	})
	if err != nil {
		return o, err
	}
	err = s.rows(ctx, `SELECT v.token, v.kind, coalesce(s.key, ''), iif(v.kind = 'program', v.name, ''), v.agent, v.scopes, v.created, coalesce(v.seen, v.created), v.expires
		FROM sessions v LEFT JOIN sites s ON s.id = v.site_id WHERE v.account_id = ?1 AND v.expires > ?2 AND v.kind <> 'bearer' ORDER BY v.created DESC`, []any{account, millis(now)}, func(r scanner) error {
		var l auth.Listed
		var token []byte
		var scopes string
		var created, seen, expires int64
		err := r.Scan(&token, (*string)(&l.Kind), &l.Site, &l.Name, &l.Agent, &scopes, &created, &seen, &expires)
		l.ID, l.Scopes, l.Created, l.Seen, l.Expires = sessionID(token), strings.Fields(scopes), fromMillis(created), fromMillis(seen), fromMillis(expires)
		o.Sessions = append(o.Sessions, l)
		return err
	})
	if err != nil {
		return o, err
	}
	err = s.rows(ctx, `SELECT s.id, s.key, s.name, a.role, a.published, a.id, a.unread FROM authors a JOIN sites s ON s.id = a.site_id WHERE a.account_id = ?1 ORDER BY s.key`, []any{account}, func(r scanner) error {
		var m auth.Membership
		err := r.Scan(&m.SiteID, &m.Site, &m.Name, (*string)(&m.Role), &m.Comments, &m.Author.ID, &m.Author.Unread)
		m.Author.Role = m.Role
		o.Memberships = append(o.Memberships, m)
		return err
	})
	for i := range o.Memberships {
		m := &o.Memberships[i]
		if err == nil {
			m.Ban, err = s.BanOf(ctx, m.SiteID, m.Author.ID, account, now)
		}
	}
	return o, err
}

// Rename changes an account's name on every site.
func (s *Store) Rename(ctx context.Context, account discuss.ID, name, skeleton string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.rename(account, name, skeleton) })
}

func (t *Tx) rename(account discuss.ID, name, skeleton string) error {
	var one int
	err := t.get(`SELECT 1 FROM bans WHERE (account_id = ?1 OR author_id IN (SELECT id FROM authors WHERE account_id = ?1)) AND lifted IS NULL AND (until IS NULL OR until > ?2) LIMIT 1`,
		[]any{account, millis(t.now)}, &one)
	if err == nil { // or the page would say to whom it was done by a name that nobody knows
		return discuss.ErrBannedName
	}
	if !errors.Is(err, discuss.ErrNotFound) {
		return err
	}
	err = t.get(`SELECT 1 FROM authors mine JOIN authors other ON other.site_id = mine.site_id AND other.skeleton = ?2 AND other.kind = 'member' AND other.id <> mine.id
		WHERE mine.account_id = ?1 LIMIT 1`, []any{account, skeleton}, &one)
	if err == nil {
		return discuss.Bad("name", "is taken, or looks like one that is")
	}
	if !errors.Is(err, discuss.ErrNotFound) {
		return err
	}
	if err := t.execOne(`UPDATE accounts SET name = ?2 WHERE id = ?1`, account, name); err != nil {
		return err
	}
	return t.exec(`UPDATE authors SET name = ?2, skeleton = ?3 WHERE account_id = ?1`, account, name, skeleton)
}

// SetChoices changes an account's language, and what it hears by mail on all
// of its sites; nil stays. The name is Rename's.
func (s *Store) SetChoices(ctx context.Context, account discuss.ID, c auth.Changes) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`UPDATE accounts SET lang = coalesce(?2, lang), audit_mail = coalesce(?3, audit_mail) WHERE id = ?1`, account, c.Lang, c.AuditMail); err != nil {
			return err
		}
		if c.MailReplies == nil {
			return nil
		}
		if err := tx.exec(`INSERT INTO mail_choices (author_id, replies) SELECT id, ?2 FROM authors WHERE account_id = ?1
			ON CONFLICT (author_id) DO UPDATE SET replies = excluded.replies`, account, *c.MailReplies); err != nil || *c.MailReplies != "off" {
			return err
		}
		return tx.exec(`DELETE FROM digests WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`, account)
	})
}

// ChangePassword sets a password and ends every session but one.
func (s *Store) ChangePassword(ctx context.Context, account discuss.ID, hash string, keep []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.execOne(`UPDATE accounts SET password = ?2 WHERE id = ?1`, account, hash); err != nil {
			return err
		}
		if err := tx.dropTickets(account); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sessions WHERE account_id = ?1 AND token <> ?2`, account, keep)
	})
}

// TakeEmail ends a change of address.
func (s *Store) TakeEmail(ctx context.Context, ticket []byte, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		t, err := tx.takeTicket(ticket, "email", now)
		if err != nil {
			return err
		}
		if err := tx.dropUnverified(`email = ?1`, t.Data); err != nil {
			return err
		}
		err = tx.execOne(`UPDATE accounts SET email = ?2 WHERE id = ?1`, t.Account, t.Data)
		if isUnique(err) {
			return discuss.Bad("email", "belongs to another account")
		}
		if err != nil {
			return err
		}
		if err := tx.banReturned(t.Account); err != nil {
			return err
		}
		return tx.dropTickets(t.Account) // links in the old mailbox end with it
	})
}

// ProveAddress marks an account verified. Whatever stood in one that was not
// may have been put there by somebody else: it goes.
func (s *Store) ProveAddress(ctx context.Context, account discuss.ID, now time.Time) (a auth.Account, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) (err error) {
		if err := tx.exec(`UPDATE accounts SET password = '' WHERE id = ?1 AND verified IS NULL`, account); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM tickets WHERE account_id = ?1 AND kind = 'verify'`, account); err != nil {
			return err
		}
		a, err = scanAccount(tx.w.queryRow(`UPDATE accounts SET verified = coalesce(verified, ?2) WHERE id = ?1 RETURNING `+accountColumns, account, millis(now)))
		if err != nil {
			return err
		}
		return tx.banReturned(account)
	})
	return a, err
}

// TryTicket counts one try and reads the ticket.
func (s *Store) TryTicket(ctx context.Context, token []byte, kind string, now time.Time) (t auth.Ticket, tries int, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		var expires int64
		err := tx.get(`UPDATE tickets SET tries = tries + 1 WHERE token = ?1 AND kind = ?2 AND expires > ?3 RETURNING `+ticketColumns+`, tries`,
			[]any{token, kind, millis(now)}, &t.Kind, &t.Account, &t.Site, &t.Data, &expires, &tries)
		t.Expires = fromMillis(expires)
		return err
	})
	return t, tries, err
}
