package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"math"
	"time"

	"github.com/mattn/go-sqlite3"

	"parley/internal/auth"
	"parley/internal/discuss"
)

var _ auth.Store = (*Store)(nil)

// An account without an address has '@' and its id in that column.
const accountColumns = `id, iif(email LIKE '@%', '', email), name, password, verified IS NOT NULL, operator,
	coalesce(site_id, 0), avatar, lang, coalesce(erase_at, 0)`

func scanAccount(row scanner) (auth.Account, error) {
	var a auth.Account
	var erase int64
	err := row.Scan(&a.ID, &a.Email, &a.Name, &a.Password, &a.Verified, &a.Operator, &a.Site, &a.Avatar, &a.Lang, &erase)
	if erase != 0 {
		a.Erase = fromMillis(erase)
	}
	return a, found(err)
}

// AccountByEmail finds an account by its normalised address.
func (s *Store) AccountByEmail(ctx context.Context, email string) (auth.Account, error) {
	return scanAccount(s.first(ctx, `SELECT `+accountColumns+` FROM accounts WHERE email = ?1`, email))
}

// NewAccount adds an account and its membership of a site (0: none). A taken
// address is ErrState, a name that looks like a member's is a field error.
func (s *Store) NewAccount(ctx context.Context, a auth.Account, site discuss.ID, skeleton string, role discuss.Role) (auth.Account, error) {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		a.ID = tx.NextID()
		var verified any
		if a.Verified {
			verified = millis(tx.now)
		}
		// The name first: what is said about it must not depend on the address.
		if site != 0 {
			if taken, err := tx.NameTaken(site, skeleton); err != nil || taken {
				return errors.Join(err, discuss.Bad("name", "is taken, or looks like one that is"))
			}
		}
		var one int
		if err := tx.get(`SELECT 1 FROM accounts WHERE email = ?1`, []any{a.Email}, &one); err == nil {
			return discuss.ErrState
		} else if !errors.Is(err, discuss.ErrNotFound) {
			return err
		}
		if err := tx.exec(`INSERT INTO accounts (id, email, name, password, verified, operator, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
			a.ID, a.Email, a.Name, a.Password, verified, a.Operator, millis(tx.now)); err != nil {
			return err
		}
		if site == 0 {
			return nil
		}
		author, err := tx.member(site, a.ID, a.Name)
		if err != nil {
			return err
		}
		return tx.give(author, role)
	})
	return a, err
}

// give makes an author what the command line or a set-up says, and writes it
// down: nobody of the site has done it.
func (t *Tx) give(a discuss.Author, role discuss.Role) error {
	if a.Role == role {
		return nil
	}
	if err := t.exec(`UPDATE authors SET role = ?2 WHERE id = ?1`, a.ID, string(role)); err != nil {
		return err
	}
	return t.audit(discuss.Entry{Site: a.SiteID, Action: "role", Kind: "person", Target: a.ID, Note: "on the server", Before: string(a.Role), After: string(role)})
}

// SetRole gives an account a role on a site, for whoever runs the server; see discuss.CheckRole.
func (s *Store) SetRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		author, err := tx.member(site, account, name)
		if err != nil {
			return err
		}
		if err := discuss.CheckRole(tx, author, role); err != nil {
			return err
		}
		return tx.give(author, role)
	})
}

func (s *Store) memberOf(ctx context.Context, site, account discuss.ID) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Account: account}
	var expert bool
	var until sql.NullInt64
	err := s.queryRow(ctx, memberQuery, []any{site, account}, &a.ID, &a.Name, (*string)(&a.Role), &a.Avatar, &a.Unread, &a.Tier, &expert, &until)
	a.Badges = given(a.Tier, expert)
	a.Banned = until.Valid
	if until.Int64 != math.MaxInt64 && until.Valid {
		a.BannedUntil = fromMillis(until.Int64)
	}
	return a, err
}

// memberQuery reads a membership with the end of the longest ban that meets it,
// of whatever end: which of them is over by now is for whoever asks.
const memberQuery = `SELECT a.id, a.name, a.role, a.avatar, a.unread, a.tier, a.expert, (SELECT max(coalesce(b.until, 9223372036854775807)) FROM bans b
		WHERE b.lifted IS NULL AND b.id IN (SELECT id FROM bans WHERE author_id = a.id AND lifted IS NULL UNION ALL SELECT id FROM bans WHERE account_id = ?2 AND lifted IS NULL)
		AND (b.site_id IS NULL OR b.site_id = ?1))
	FROM authors a WHERE a.site_id = ?1 AND a.account_id = ?2`

// Member is one account as the operator's list shows it.
type Member struct {
	Account  auth.Account
	Disabled bool
	Sites    string // "key role", comma-separated
}

// Accounts lists all accounts in the order they were made, without passwords.
func (s *Store) Accounts(ctx context.Context, take func(Member) error) error {
	rows, err := s.query(ctx, `SELECT id, email, name, verified IS NOT NULL, operator, disabled IS NOT NULL,
		coalesce((SELECT group_concat(s.key || ' ' || a.role, ', ') FROM authors a JOIN sites s ON s.id = a.site_id WHERE a.account_id = accounts.id), '')
		FROM accounts ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m Member
		if err := rows.Scan(&m.Account.ID, &m.Account.Email, &m.Account.Name, &m.Account.Verified, &m.Account.Operator, &m.Disabled, &m.Sites); err != nil {
			return err
		}
		if err := take(m); err != nil {
			return err
		}
	}
	return rows.Err()
}

// VerifyAccount ends a verify ticket and marks its account verified, with the
// registration that the ticket carries. It happens once: an older link neither
// signs in nor changes anything afterwards.
func (s *Store) VerifyAccount(ctx context.Context, ticket []byte, now time.Time) (auth.Account, auth.Ticket, error) {
	var a auth.Account
	var t auth.Ticket
	err := s.update(ctx, s.w.ch, func(tx *Tx) (err error) {
		if t, err = tx.takeTicket(ticket, "verify", now); err != nil {
			return err
		}
		if a, err = scanAccount(tx.w.queryRow(`UPDATE accounts SET verified = ?2 WHERE id = ?1 AND verified IS NULL RETURNING `+accountColumns, t.Account, millis(now))); err != nil {
			return err
		}
		if t.Data != "" {
			var r auth.Registration
			if err := json.Unmarshal([]byte(t.Data), &r); err != nil {
				return err
			}
			if err := tx.exec(`UPDATE accounts SET password = ?2 WHERE id = ?1`, a.ID, r.Password); err != nil {
				return err
			}
			if r.Name != a.Name {
				if err := tx.rename(a.ID, r.Name, tx.w.s.opt.Skeleton(r.Name)); err != nil {
					return err
				}
			}
			if err := tx.accepted(a.ID, t.Site, r.Accepted); err != nil {
				return err
			}
			a.Name, a.Password = r.Name, r.Password
		}
		if err := tx.banReturned(a.ID); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM tickets WHERE account_id = ?1 AND kind IN ('verify', 'reset', 'code', 'magic')`, a.ID)
	})
	return a, t, err
}

// accepted keeps what the maker of an account agreed to; a link mailed by an
// older release carries no acceptance.
func (t *Tx) accepted(account, site discuss.ID, v auth.Acceptance) error {
	if site == 0 || v.At.IsZero() {
		return nil
	}
	return t.exec(`INSERT OR IGNORE INTO acceptances (account_id, site_id, version, url, at) VALUES (?1, ?2, ?3, ?4, ?5)`, account, site, v.Version, v.URL, millis(v.At))
}

// DropUnprovedPassword takes the password of an account that is not verified.
func (s *Store) DropUnprovedPassword(ctx context.Context, account discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE accounts SET password = '' WHERE id = ?1 AND verified IS NULL`, account)
	})
}

// dropTickets ends everything that was mailed to an account or begun by it. A
// deletion's number stays: it only tells how far that is.
func (t *Tx) dropTickets(account discuss.ID) error {
	return t.exec(`DELETE FROM tickets WHERE account_id = ?1 AND kind <> 'deletion'`, account)
}

// SetPassword ends a reset ticket, sets the password and ends all sessions.
func (s *Store) SetPassword(ctx context.Context, ticket []byte, hash string, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		t, err := tx.takeTicket(ticket, "reset", now)
		if err != nil {
			return err
		}
		if err := tx.exec(`UPDATE accounts SET password = ?2, verified = coalesce(verified, ?3) WHERE id = ?1`, t.Account, hash, millis(now)); err != nil {
			return err
		}
		if err := tx.banReturned(t.Account); err != nil {
			return err
		}
		if err := tx.dropTickets(t.Account); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sessions WHERE account_id = ?1`, t.Account)
	})
}

// ReplacePassword sets an account's password and ends all its sessions and mailed links.
func (s *Store) ReplacePassword(ctx context.Context, account discuss.ID, hash string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.execOne(`UPDATE accounts SET password = ?2 WHERE id = ?1`, account, hash); err != nil {
			return err
		}
		if err := tx.dropTickets(account); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sessions WHERE account_id = ?1`, account)
	})
}

// isUnique reports a violated UNIQUE constraint.
func isUnique(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}
