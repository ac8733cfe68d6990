package store

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// SecondOf reads an account's second factor; nil where it is off.
func (s *Store) SecondOf(ctx context.Context, account discuss.ID) (sealed []byte, step int64, recovery []string, err error) {
	var left string
	if err = s.queryRow(ctx, `SELECT totp, totp_step, recovery FROM accounts WHERE id = ?1`, []any{account}, &sealed, &step, &left); err != nil {
		return nil, 0, nil, err
	}
	return sealed, step, recovery, json.Unmarshal([]byte(left), &recovery)
}

// SecondAdmin reports whether an admin of a site who can sign in has a second
// factor or a passkey.
func (s *Store) SecondAdmin(ctx context.Context, site discuss.ID) (yes bool, err error) {
	err = s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM authors a JOIN accounts o ON o.id = a.account_id WHERE a.site_id = ?1 AND a.role = 'admin' AND a.role <> 'member' AND `+here+`
		AND (o.totp IS NOT NULL OR EXISTS (SELECT 1 FROM passkeys p WHERE p.account_id = o.id)))`, []any{site}, &yes)
	return yes, err
}

// SetSecond switches the second factor on, or off with a nil secret.
func (s *Store) SetSecond(ctx context.Context, account discuss.ID, sealed []byte, step int64, recovery []string) error {
	if recovery == nil {
		recovery = []string{}
	}
	left, err := json.Marshal(recovery)
	if err != nil {
		return err
	}
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE accounts SET totp = ?2, totp_step = ?3, recovery = ?4 WHERE id = ?1`, account, sealed, step, string(left))
	})
}

// UseStep marks a time step used; once.
func (s *Store) UseStep(ctx context.Context, account discuss.ID, step int64) error {
	return s.once(ctx, `UPDATE accounts SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2`, account, step)
}

// UseRecovery strikes a recovery code off; once.
func (s *Store) UseRecovery(ctx context.Context, account discuss.ID, hash string) error {
	return s.once(ctx, `UPDATE accounts SET recovery = (SELECT json_group_array(value) FROM json_each(accounts.recovery) WHERE value <> ?2)
		WHERE id = ?1 AND EXISTS (SELECT 1 FROM json_each(accounts.recovery) WHERE value = ?2)`, account, hash)
}

func (s *Store) once(ctx context.Context, query string, args ...any) error {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.execOne(query, args...) })
	if errors.Is(err, discuss.ErrNotFound) {
		return auth.ErrSecondCode
	}
	return err
}
