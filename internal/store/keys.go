package store

import (
	"context"
	"errors"

	"parley/internal/discuss"
)

// Key returns a key of the instance's own, which it makes the first time.
func (s *Store) Key(ctx context.Context, name string, fresh func() []byte) ([]byte, error) {
	key, err := s.KnownKey(ctx, name)
	if !errors.Is(err, discuss.ErrNotFound) {
		return key, err
	}
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`INSERT INTO keys (name, key, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, name, fresh(), millis(tx.now)); err != nil {
			return err
		}
		return tx.get(`SELECT key FROM keys WHERE name = ?1`, []any{name}, &key)
	})
	return key, err
}

// KnownKey returns a key that was made before; ErrNotFound if it was not, or is gone.
func (s *Store) KnownKey(ctx context.Context, name string) (key []byte, err error) {
	err = s.queryRow(ctx, `SELECT key FROM keys WHERE name = ?1`, []any{name}, &key)
	return key, err
}
