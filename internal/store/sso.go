package store

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// SSOKeys reads a site's signing keys, newest first.
func (s *Store) SSOKeys(ctx context.Context, site discuss.ID) (out []auth.SSOKey, err error) {
	err = s.rows(ctx, `SELECT id, secret, created FROM sso_keys WHERE site_id = ?1 ORDER BY id DESC`, []any{site}, func(r scanner) error {
		var k auth.SSOKey
		var created int64
		err := r.Scan(&k.ID, &k.Sealed, &created)
		k.Created = fromMillis(created)
		out = append(out, k)
		return err
	})
	return out, err
}

// PutSSOKey adds a key and drops all but the newest.
func (s *Store) PutSSOKey(ctx context.Context, site discuss.ID, sealed []byte, keep int, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`INSERT INTO sso_keys (id, site_id, secret, created) VALUES (?1, ?2, ?3, ?4)`, tx.NextID(), site, sealed, millis(now)); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sso_keys WHERE site_id = ?1 AND id NOT IN (SELECT id FROM sso_keys WHERE site_id = ?1 ORDER BY id DESC LIMIT ?2)`, site, keep)
	})
}

// DropSSOKey removes one of a site's keys.
func (s *Store) DropSSOKey(ctx context.Context, site, id discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`DELETE FROM sso_keys WHERE id = ?1 AND site_id = ?2`, id, site)
	})
}

// UseJTI remembers a token's number; a second use is ErrSSO.
func (s *Store) UseJTI(ctx context.Context, site discuss.ID, jti []byte, until, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`DELETE FROM sso_seen WHERE expires < ?1`, millis(now)); err != nil {
			return err
		}
		err := tx.exec(`INSERT INTO sso_seen (site_id, jti, expires) VALUES (?1, ?2, ?3)`, site, jti, millis(until))
		if isUnique(err) {
			return auth.ErrSSO
		}
		return err
	})
}

// RaiseRole gives a role to a plain member.
func (s *Store) RaiseRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		a, err := tx.member(site, account, name)
		if err != nil || a.Role != discuss.Member {
			return err
		}
		return tx.exec(`UPDATE authors SET role = ?2 WHERE id = ?1`, a.ID, string(role))
	})
}
