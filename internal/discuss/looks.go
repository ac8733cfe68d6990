package discuss

import (
	"context"
	"time"
)

// firstLook is how far back what is published counts as new to somebody on the
// staff who has never looked.
const firstLook = 24 * time.Hour

// LookedAt is until when the caller has read what is new.
func (s *Service) LookedAt(ctx context.Context, who Actor, now time.Time) (time.Time, error) {
	if err := allow(who, ActRead); err != nil {
		return time.Time{}, err
	}
	at, err := s.Store.LookedAt(ctx, who.Author.ID)
	if err == nil && at.IsZero() {
		at = now.Add(-firstLook)
	}
	return at, err
}

// Look notes that the caller has read what is new, as far as a time, which is
// not later than now: two who look at the same list have each a mark of their own.
func (s *Service) Look(ctx context.Context, site Site, who Actor, until time.Time) (at time.Time, err error) {
	if err := allow(who, ActRead); err != nil {
		return at, err
	}
	if until.IsZero() {
		return at, Bad("until", "must be a time like 2026-11-25T08:00:00Z")
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		me, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		if at = until; at.After(r.Now()) {
			at = r.Now()
		}
		ch.Add(Looked{Author: me.ID, Until: at})
		return ch, nil
	})
	return at, err
}
