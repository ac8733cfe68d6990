package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// PutSession keeps a session under its token's hash. The column name is a
// program's name, or a widget's account session.
func (s *Store) PutSession(ctx context.Context, token []byte, v auth.Session) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var off bool
		if err := tx.get(`SELECT disabled IS NOT NULL FROM accounts WHERE id = ?1`, []any{v.Account.ID}, &off); err != nil {
			return err
		}
		if off {
			return auth.ErrDisabled
		}
		return tx.exec(`INSERT INTO sessions (token, account_id, kind, site_id, created, expires, scopes, name, agent, seen, proved, second)
			VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?5, ?5, ?10)`,
			token, v.Account.ID, string(v.Kind), nullID(v.Site), millis(tx.now), millis(v.Expires), strings.Join(v.Scopes, " "), cmp.Or(v.Name, v.From), v.Agent, v.Second)
	})
}

const sessionByToken = `SELECT s.kind, s.site_id, s.expires, s.scopes, coalesce(s.seen, s.created), coalesce(s.proved, s.created), s.second,
		a.id, iif(a.email LIKE '@%', '', a.email), a.name, a.operator, coalesce(a.site_id, 0), a.avatar, a.lang, coalesce(a.erase_at, 0)
		FROM sessions s JOIN accounts a ON a.id = s.account_id
		WHERE s.token = ?1 AND s.expires > ?2 AND a.verified IS NOT NULL AND a.disabled IS NULL`

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
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`DELETE FROM sessions WHERE token = ?1`, token); err != nil {
			return err
		}
		return tx.letOut(token)
	})
}

// letOut ends messages to the browser of a session that its person has ended. One
// that runs out by itself ends none: who is told by them need not come.
func (t *Tx) letOut(session []byte) error {
	return t.exec(`DELETE FROM push_devices WHERE session = ?1`, session)
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
		if err := tx.letOut(token); err != nil {
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
		if err := tx.letOut(parent); err != nil {
			return err
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
		if err := tx.exec(`UPDATE push_devices SET session = ?2 WHERE session = ?1`, old, token); err != nil {
			return err
		}
		return tx.exec(`UPDATE sessions SET name = ?3 WHERE account_id = ?1 AND kind IN ('widget', 'bearer') AND name = ?2`,
			account, hex.EncodeToString(old), hex.EncodeToString(token))
	})
}
