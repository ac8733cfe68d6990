package store

import (
	"context"
	"encoding/hex"
	"time"

	"parley/internal/discuss"
)

// sessionID is how a session is called in a list: the beginning of its hash,
// from which nobody finds the token.
func sessionID(token []byte) string { return hex.EncodeToString(token[:12]) }

// TouchSession notes that a session is used.
func (s *Store) TouchSession(ctx context.Context, token []byte, now time.Time) error {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE sessions SET seen = ?2 WHERE token = ?1`, token, millis(now))
	})
	if err == nil {
		s.callers.seen(token, now)
	}
	return err
}

// ProveSession notes that a session's person has proved who he is again.
func (s *Store) ProveSession(ctx context.Context, token []byte, second bool, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE sessions SET proved = ?2, second = max(second, ?3) WHERE token = ?1`, token, millis(now), second)
	})
}

// DropSessions ends one session of an account by its listed id, or with "" all
// but the one to keep.
func (s *Store) DropSessions(ctx context.Context, account discuss.ID, id string, keep []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if id == "" {
			if keep == nil {
				keep = []byte{}
			}
			// What those sessions had begun, a change of address first of all, ends too.
			if err := tx.dropTickets(account); err != nil {
				return err
			}
			if err := tx.exec(`DELETE FROM push_devices WHERE account_id = ?1 AND session <> ?2`, account, keep); err != nil {
				return err
			}
			return tx.exec(`DELETE FROM sessions WHERE account_id = ?1 AND token <> ?2 AND (kind <> 'program' OR name = 'login')`, account, keep)
		}
		if err := tx.exec(`DELETE FROM push_devices WHERE account_id = ?1 AND lower(hex(substr(session, 1, 12))) = ?2`, account, id); err != nil {
			return err
		}
		return tx.execOne(`DELETE FROM sessions WHERE account_id = ?1 AND lower(hex(substr(token, 1, 12))) = ?2`, account, id)
	})
}
