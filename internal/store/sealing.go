package store

import (
	"context"
	"errors"

	"parley/internal/discuss"
)

// sealingKey is the name in the table keys of the fingerprint of the key that
// secrets in this database are sealed with. The key itself stands elsewhere.
const sealingKey = "sealing fingerprint"

// dropSealed empties the sealed secrets of sites' settings.
const dropSealed = `UPDATE sites SET settings = json_set(settings, '$.moderation.AkismetKey', '', '$.moderation.ScorerKey', '', '$.moderation.HookSecret', '', '$.moderation.HookURL', '')
	WHERE instr(settings, '"sealed:') > 0`

// Sealing returns the fingerprint of the key that this database's secrets are
// sealed with, nil where none was ever noted, and how many secrets there are.
func (s *Store) Sealing(ctx context.Context) (fingerprint []byte, secrets int, err error) {
	err = s.queryRow(ctx, `SELECT key FROM keys WHERE name = ?1`, []any{sealingKey}, &fingerprint)
	if err != nil && !errors.Is(err, discuss.ErrNotFound) {
		return nil, 0, err
	}
	err = s.queryRow(ctx, `SELECT (SELECT count(*) FROM accounts WHERE totp IS NOT NULL) + (SELECT count(*) FROM site_ways) + (SELECT count(*) FROM sso_keys)
		+ (SELECT count(*) FROM keys WHERE name = '`+pushKeys+`' AND EXISTS (SELECT 1 FROM push_devices))
		+ (SELECT count(*) FROM sites WHERE instr(settings, '"sealed:') > 0)`, nil, &secrets)
	return fingerprint, secrets, err
}

// SetSealing notes the key that secrets are sealed with from now on. With drop
// those of the key before, which nobody can open any more, are removed.
func (s *Store) SetSealing(ctx context.Context, fingerprint []byte, drop bool) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`INSERT INTO keys (name, key, created) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET key = excluded.key, created = excluded.created`,
			sealingKey, fingerprint, millis(tx.now)); err != nil || !drop {
			return err
		}
		for _, q := range []string{`UPDATE accounts SET totp = NULL, totp_step = 0, recovery = '[]' WHERE totp IS NOT NULL`, `DELETE FROM site_ways`, `DELETE FROM sso_keys`, `DELETE FROM push_devices`, `DELETE FROM keys WHERE name = '` + pushKeys + `'`, dropSealed} {
			if err := tx.exec(q); err != nil {
				return err
			}
		}
		return tx.audit(discuss.Entry{Action: "sealing_key", Kind: "instance", Note: "on the server"})
	})
}
