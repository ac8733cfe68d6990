package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/notify"
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
	st, err := s.stmt(`SELECT ` + accountColumns + ` FROM accounts WHERE email = ?1`)
	if err != nil {
		return auth.Account{}, err
	}
	return scanAccount(st.QueryRowContext(ctx, email))
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

// SetRole gives an account a role on a site.
func (s *Store) SetRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		author, err := tx.member(site, account, name)
		if err != nil {
			return err
		}
		return tx.give(author, role)
	})
}

func (s *Store) memberOf(ctx context.Context, site, account discuss.ID) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Account: account}
	var until sql.NullInt64
	err := s.queryRow(ctx, memberQuery, []any{site, account}, &a.ID, &a.Name, (*string)(&a.Role), &a.Avatar, &a.Unread, &until)
	a.Banned = until.Valid
	if until.Int64 != math.MaxInt64 && until.Valid {
		a.BannedUntil = fromMillis(until.Int64)
	}
	return a, err
}

// memberQuery reads a membership with the end of the longest ban that meets it,
// of whatever end: which of them is over by now is for whoever asks.
const memberQuery = `SELECT a.id, a.name, a.role, a.avatar, a.unread, (SELECT max(coalesce(b.until, 9223372036854775807)) FROM bans b
		WHERE b.lifted IS NULL AND b.id IN (SELECT id FROM bans WHERE author_id = a.id AND lifted IS NULL UNION ALL SELECT id FROM bans WHERE account_id = ?2 AND lifted IS NULL)
		AND (b.site_id IS NULL OR b.site_id = ?1))
	FROM authors a WHERE a.site_id = ?1 AND a.account_id = ?2`

// Member is one account as the operator's list shows it.
type Member struct {
	Account auth.Account
	Sites   string // "key role", comma-separated
}

// Accounts lists all accounts in the order they were made, without passwords.
func (s *Store) Accounts(ctx context.Context, take func(Member) error) error {
	rows, err := s.query(ctx, `SELECT id, email, name, verified IS NOT NULL, operator,
		coalesce((SELECT group_concat(s.key || ' ' || a.role, ', ') FROM authors a JOIN sites s ON s.id = a.site_id WHERE a.account_id = accounts.id), '')
		FROM accounts ORDER BY id`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var m Member
		if err := rows.Scan(&m.Account.ID, &m.Account.Email, &m.Account.Name, &m.Account.Verified, &m.Account.Operator, &m.Sites); err != nil {
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

// PutTicket keeps a ticket (nil token: none) and queues a mail (nil: none), both or neither.
func (s *Store) PutTicket(ctx context.Context, token []byte, t auth.Ticket, m *auth.Mail) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if token != nil {
			if err := tx.exec(`INSERT INTO tickets (token, kind, account_id, site_id, data, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
				token, t.Kind, nullID(t.Account), nullID(t.Site), t.Data, millis(tx.now), millis(t.Expires)); err != nil {
				return err
			}
		}
		if m == nil {
			return nil
		}
		return tx.oweAccountMail(m)
	})
}

// What begins the keys in mail_sent of mails that an account's verbs owe. ';'
// follows ':', so that the two bound them.
const (
	accountMail = "account"
	warningMail = "warning"
)

// oweAccountMail queues a mail that anybody can have sent, unless its address
// has had its share of them.
func (t *Tx) oweAccountMail(m *auth.Mail) error {
	who := notify.AddressDigest(m.To)
	of, perHour, perDay := accountMail, auth.AccountMailsPerHour, auth.AccountMailsPerDay
	if m.Warning {
		of, perHour, perDay = warningMail, auth.WarningMailsPerHour, auth.WarningMailsPerDay
	}
	if m.Limited {
		var hour, day int
		if err := t.get(`SELECT count(*) FILTER (WHERE at > ?2), count(*) FROM mail_sent WHERE who = ?1 AND at > ?3 AND key > ?4 AND key < ?5`,
			[]any{who, millis(t.now.Add(-time.Hour)), millis(t.now.Add(-24 * time.Hour)), of + ":", of + ";"}, &hour, &day); err != nil {
			return err
		}
		if hour >= perHour || day >= perDay {
			return nil
		}
	}
	if err := t.exec(`INSERT INTO mail_sent (key, who, at) VALUES (?1, ?2, ?3)`, of+":"+t.NextID().String(), who, millis(t.now)); err != nil {
		return err
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return t.enqueue(notify.KindMail, string(payload))
}

const ticketColumns = `kind, coalesce(account_id, 0), coalesce(site_id, 0), data, expires`

func scanTicket(row scanner) (auth.Ticket, error) {
	var t auth.Ticket
	var expires int64
	err := row.Scan(&t.Kind, &t.Account, &t.Site, &t.Data, &expires)
	t.Expires = fromMillis(expires)
	return t, found(err)
}

// PeekTicket reads a ticket that is still good.
func (s *Store) PeekTicket(ctx context.Context, token []byte, now time.Time) (auth.Ticket, error) {
	st, err := s.stmt(`SELECT ` + ticketColumns + ` FROM tickets WHERE token = ?1 AND expires > ?2`)
	if err != nil {
		return auth.Ticket{}, err
	}
	return scanTicket(st.QueryRowContext(ctx, token, millis(now)))
}

// SetTicketAccount says who a popup ticket is for; once.
func (s *Store) SetTicketAccount(ctx context.Context, token []byte, account discuss.ID, second bool, from string, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE tickets SET account_id = ?2, data = json_set(CASE WHEN ?4 THEN json_set(data, '$.second', json('true')) ELSE data END, '$.from', ?5)
			WHERE token = ?1 AND kind = 'popup' AND account_id IS NULL AND expires > ?3`, token, account, millis(now), second, from)
	})
}

// TakeTicket ends a ticket and returns it; the second caller gets ErrNotFound.
func (s *Store) TakeTicket(ctx context.Context, token []byte, now time.Time) (t auth.Ticket, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) (err error) {
		t, err = tx.takeTicket(token, "", now)
		return err
	})
	return t, err
}

func (t *Tx) takeTicket(token []byte, kind string, now time.Time) (auth.Ticket, error) {
	return scanTicket(t.w.queryRow(`DELETE FROM tickets WHERE token = ?1 AND (?2 = '' OR kind = ?2) AND expires > ?3 RETURNING `+ticketColumns,
		token, kind, millis(now)))
}

// PutSession keeps a session under its token's hash. The column name is a
// program's name, or a widget's account session.
func (s *Store) PutSession(ctx context.Context, token []byte, v auth.Session) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO sessions (token, account_id, kind, site_id, created, expires, scopes, name, agent, seen, proved, second)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5, ?5, ?10)`,
			token, v.Account.ID, string(v.Kind), nullID(v.Site), millis(tx.now), millis(v.Expires), strings.Join(v.Scopes, " "), cmp.Or(v.Name, v.From), v.Agent, v.Second)
	})
}

const sessionByToken = `SELECT s.kind, s.site_id, s.expires, s.scopes, coalesce(s.seen, s.created), coalesce(s.proved, s.created), s.second,
		a.id, iif(a.email LIKE '@%', '', a.email), a.name, a.operator, coalesce(a.site_id, 0), a.avatar, a.lang, coalesce(a.erase_at, 0)
		FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.token = ?1 AND s.expires > ?2 AND a.verified IS NOT NULL`

func (s *Store) sessionByToken(ctx context.Context, token []byte, now time.Time) (auth.Session, error) {
	var v auth.Session
	var expires int64
	var site sql.NullInt64
	var scopes string
	var seen, proved, erase int64
	err := s.queryRow(ctx, sessionByToken, []any{token, millis(now)},
		(*string)(&v.Kind), &site, &expires, &scopes, &seen, &proved, &v.Second,
		&v.Account.ID, &v.Account.Email, &v.Account.Name, &v.Account.Operator, &v.Account.Site, &v.Account.Avatar, &v.Account.Lang, &erase)
	v.Account.Verified, v.Site, v.Expires, v.Scopes = true, discuss.ID(site.Int64), fromMillis(expires), strings.Fields(scopes)
	v.Seen, v.Proved = fromMillis(seen), fromMillis(proved)
	if erase != 0 {
		v.Account.Erase = fromMillis(erase)
	}
	return v, err
}

// DropSession ends a session.
func (s *Store) DropSession(ctx context.Context, token []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.exec(`DELETE FROM sessions WHERE token = ?1`, token) })
}

// DropBrowser ends a session and all that were signed in with it in the same
// browser: its account session, and what came from that one on any site.
func (s *Store) DropBrowser(ctx context.Context, token []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var account discuss.ID
		var kind, from string
		err := tx.w.queryRow(`DELETE FROM sessions WHERE token = ?1 RETURNING account_id, kind, name`, token).Scan(&account, &kind, &from)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		switch auth.Kind(kind) {
		case auth.AccountSession:
			from = hex.EncodeToString(token)
		case auth.WidgetSession, auth.BearerSession:
		default:
			return nil // a program is no browser
		}
		parent, err := hex.DecodeString(from)
		if err != nil || from == "" {
			return nil // signed in without an account session
		}
		return tx.exec(`DELETE FROM sessions WHERE account_id = ?1 AND (token = ?2 AND kind = 'account' OR kind IN ('widget', 'bearer') AND name = ?3)`,
			account, parent, from)
	})
}

// ReplaceBrowser ends an account session in favour of another of the same
// account: what was signed in with the first hangs on the second from now on.
// A session of another account is left as it is.
func (s *Store) ReplaceBrowser(ctx context.Context, old, token []byte, account discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var gone int
		err := tx.w.queryRow(`DELETE FROM sessions WHERE token = ?1 AND account_id = ?2 AND kind = 'account' RETURNING 1`, old, account).Scan(&gone)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		return tx.exec(`UPDATE sessions SET name = ?3 WHERE account_id = ?1 AND kind IN ('widget', 'bearer') AND name = ?2`,
			account, hex.EncodeToString(old), hex.EncodeToString(token))
	})
}

// isUnique reports a violated UNIQUE constraint.
func isUnique(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}
