package store

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// PutDeletion notes a provider's request. An account that nothing else opens is
// erased from at on; one that its person opens otherwise too loses what came
// by the provider, at once: its identity and picture. Without an account there
// is nothing to do.
func (s *Store) PutDeletion(ctx context.Context, code, provider string, account discuss.ID, now, at time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var done any
		own := false
		if account != 0 {
			if err := tx.get(otherWay, []any{account, provider}, &own); err != nil {
				return err
			}
		}
		if account == 0 {
			done = millis(now)
		} else if own {
			done = millis(now)
			for _, q := range []string{`DELETE FROM pictures WHERE account_id = ?1`, `UPDATE accounts SET avatar = '' WHERE id = ?1`, `UPDATE authors SET avatar = '' WHERE account_id = ?1`} {
				if err := tx.exec(q, account); err != nil {
					return err
				}
			}
			if err := tx.exec(`DELETE FROM identities WHERE account_id = ?1 AND provider = ?2`, account, provider); err != nil {
				return err
			}
		} else if err := tx.execOne(`UPDATE accounts SET erase_at = ?2, erase_text = 1 WHERE id = ?1`, account, millis(at)); err != nil {
			return err
		}
		if err := tx.exec(`INSERT INTO deletions (code, provider, asked, done) VALUES (?1, ?2, ?3, ?4)`, code, provider, millis(now), done); err != nil || done != nil {
			return err
		}
		return tx.exec(`INSERT INTO tickets (token, kind, account_id, data, created, expires) VALUES (?1, 'deletion', ?2, ?3, ?4, ?5)`,
			auth.HashToken("deletion "+code), account, code, millis(now), millis(at.Add(365*24*time.Hour)))
	})
}

// Deletion reads how a provider's request stands.
func (s *Store) Deletion(ctx context.Context, code string) (auth.Deletion, error) {
	var d auth.Deletion
	var asked, done int64
	err := s.queryRow(ctx, `SELECT provider, asked, coalesce(done, 0) FROM deletions WHERE code = ?1`, []any{code}, &d.Provider, &asked, &done)
	d.Asked = fromMillis(asked)
	if done != 0 {
		d.Done = fromMillis(done)
	}
	return d, err
}
