package store

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Passkeys lists an account's passkeys, oldest first.
func (s *Store) Passkeys(ctx context.Context, account discuss.ID) (out []auth.Passkey, err error) {
	err = s.rows(ctx, `SELECT id, name, credential, created, coalesce(used, 0) FROM passkeys WHERE account_id = ?1 ORDER BY created`, []any{account}, func(r scanner) error {
		var id []byte
		var name, credential string
		var created, used int64
		if err := r.Scan(&id, &name, &credential, &created, &used); err != nil {
			return err
		}
		last := time.Time{}
		if used != 0 {
			last = fromMillis(used)
		}
		out = append(out, auth.NewPasskey(id, name, credential, fromMillis(created), last))
		return nil
	})
	return out, err
}

// PutPasskey keeps a new passkey.
func (s *Store) PutPasskey(ctx context.Context, account discuss.ID, p auth.Passkey, credential string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		err := tx.exec(`INSERT INTO passkeys (id, account_id, name, credential, created) VALUES (?1, ?2, ?3, ?4, ?5)`, p.ID, account, p.Name, credential, millis(p.Created))
		if isUnique(err) {
			return auth.ErrPasskey
		}
		return err
	})
}

// UsePasskey keeps a passkey's counter and when it was used.
func (s *Store) UsePasskey(ctx context.Context, id []byte, credential string, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE passkeys SET credential = ?2, used = ?3 WHERE id = ?1`, id, credential, millis(now))
	})
}

// otherThanPasskey asks whether something but one passkey opens an account.
const otherThanPasskey = `SELECT a.email NOT LIKE '@%' OR EXISTS (SELECT 1 FROM passkeys WHERE account_id = ?1 AND id <> ?2)
	OR EXISTS (SELECT 1 FROM identities WHERE account_id = ?1) FROM accounts a WHERE a.id = ?1`

// DropPasskey removes one of an account's passkeys where something else opens
// the account.
func (s *Store) DropPasskey(ctx context.Context, account discuss.ID, id []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var other bool
		if err := tx.get(otherThanPasskey, []any{account, id}, &other); err != nil {
			return err
		}
		if !other {
			return auth.ErrLastWay
		}
		return tx.execOne(`DELETE FROM passkeys WHERE account_id = ?1 AND id = ?2`, account, id)
	})
}
