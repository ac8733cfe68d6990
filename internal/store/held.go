package store

import (
	"context"

	"parley/internal/discuss"
)

// What waited in a backup that was put in place is held until the operator has
// said what becomes of it: most of it was sent long ago. It stays where it was,
// so that an erasure reaches it too.
const (
	heldReason  = "held since a restore" // in the place of why a job failed
	heldCreated = int64(1) << 52         // of what was gathered: no message takes what is to come
	heldTold    = 2                      // of notices: neither told (1) nor to be told (0)
)

// Outgoing is what waits to leave, or is held.
type Outgoing struct {
	Jobs     int `json:"jobs"`     // mail, and questions to hooks and scorers
	Gathered int `json:"gathered"` // comments for hourly and daily messages
	Notices  int `json:"notices"`  // answers to notices of illegal content
}

// Sum is how much it is in all.
func (o Outgoing) Sum() int { return o.Jobs + o.Gathered + o.Notices }

// Hold keeps everything that waits to leave, and says how much that is. Members
// of staff are not told anew of comments that were there.
func (s *Store) Hold(ctx context.Context) (held Outgoing, err error) {
	if err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		// What failed is swept by the time at which it was to run: the operator has all of that from now on.
		if err := tx.exec(`UPDATE jobs SET failed = ?1, run_at = ?2 WHERE failed IS NULL`, heldReason, millis(tx.now)); err != nil {
			return err
		}
		// A deletion that was called off after the backup, or of which nobody there knows, gets its day anew.
		if err := tx.exec(`UPDATE sites SET delete_at = ?1 WHERE delete_at < ?1`, millis(tx.now.Add(discuss.SiteDeleteWait))); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE digests SET created = ?1`, heldCreated); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE notices SET told = ?1 WHERE told = 0 AND outcome <> ''`, heldTold); err != nil {
			return err
		}
		return tx.exec(`INSERT INTO staff_news (author_id, upto) SELECT id, (SELECT coalesce(max(id), 0) FROM comments) FROM authors WHERE role <> 'member'
			ON CONFLICT (author_id) DO UPDATE SET upto = max(upto, excluded.upto)`)
	}); err != nil {
		return held, err
	}
	return s.Held(ctx)
}

// Held says what is held.
func (s *Store) Held(ctx context.Context) (o Outgoing, err error) {
	err = s.queryRow(ctx, `SELECT (SELECT count(*) FROM jobs WHERE failed = ?1), (SELECT count(*) FROM digests WHERE created = ?2), (SELECT count(*) FROM notices WHERE told = ?3)`,
		[]any{heldReason, heldCreated, heldTold}, &o.Jobs, &o.Gathered, &o.Notices)
	return o, err
}

// SendHeld lets go of what is held: it leaves as if it had come now.
func (s *Store) SendHeld(ctx context.Context) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`UPDATE jobs SET failed = NULL, run_at = ?1, attempts = 0 WHERE failed = ?2`, millis(tx.now), heldReason); err != nil {
			return err
		}
		if err := tx.exec(`UPDATE digests SET created = ?1 WHERE created = ?2`, millis(tx.now), heldCreated); err != nil {
			return err
		}
		return tx.exec(`UPDATE notices SET told = 0 WHERE told = ?1`, heldTold)
	})
}

// DropHeld forgets it. Who sent a notice can still see what became of it.
func (s *Store) DropHeld(ctx context.Context) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		tx.erased = true
		if err := tx.exec(`DELETE FROM jobs WHERE failed = ?1`, heldReason); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM digests WHERE created = ?1`, heldCreated); err != nil {
			return err
		}
		return tx.exec(`UPDATE notices SET told = 1 WHERE told = ?1`, heldTold)
	})
}
