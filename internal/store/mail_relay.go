package store

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

// NoteRelay keeps how the mail server did; a time that is zero leaves the one that is kept.
func (s *Store) NoteRelay(ctx context.Context, v notify.RelayState) error {
	at := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return millis(t)
	}
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE mail_relay SET taken = max(taken, ?1), why = CASE WHEN ?2 > refused THEN ?3 ELSE why END, refused = max(refused, ?2) WHERE id = 1`, at(v.Taken), at(v.Refused), v.Why)
	})
}

// RelayState is how the mail server did of late.
func (s *Store) RelayState(ctx context.Context) (v notify.RelayState, err error) {
	var taken, refused int64
	if err = s.queryRow(ctx, `SELECT taken, refused, why FROM mail_relay WHERE id = 1`, nil, &taken, &refused, &v.Why); err != nil {
		return v, err
	}
	if taken > 0 {
		v.Taken = fromMillis(taken)
	}
	if refused > 0 {
		v.Refused = fromMillis(refused)
	}
	return v, nil
}

// strangersOf looks at the newest comments of a site alone.
const strangersOf = `SELECT EXISTS (SELECT 1 FROM (SELECT author_id FROM comments INDEXED BY comments_site WHERE site_id = ?1 AND status = 'published' ORDER BY created DESC, id DESC LIMIT 200) c
	JOIN authors a ON a.id = c.author_id WHERE a.role = 'member' AND (a.kind = 'guest' OR a.account_id IS NOT NULL))`

// StrangersCommented reports whether a guest, or somebody with an account who is
// not of the staff, is among those who commented last.
func (s *Store) StrangersCommented(ctx context.Context, site discuss.ID) (yes bool, err error) {
	err = s.queryRow(ctx, strangersOf, []any{site}, &yes)
	return yes, err
}
