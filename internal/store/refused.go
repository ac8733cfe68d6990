package store

import (
	"context"
	"slices"
	"time"

	"parley/internal/discuss"
)

const (
	RefusedKept = 30 * 24 * time.Hour // pages that are not on a site's list, after they were last refused
	refusedMost = 50                  // of them that are kept for one site
)

// NoteRefused counts pages that were refused. Beyond refusedMost of a site the
// one that came least often, and longest ago, makes room: anybody can make
// origins up, and a real page comes again.
func (s *Store) NoteRefused(ctx context.Context, seen []discuss.RefusedOrigin) error {
	return s.update(ctx, s.w.bulk, func(tx *Tx) error {
		for _, r := range seen {
			if err := tx.exec(`INSERT INTO refused_origins (site_id, origin, first, last, count) VALUES (?1, ?2, ?3, ?4, ?5)
				ON CONFLICT (site_id, origin) DO UPDATE SET last = excluded.last, count = count + excluded.count`,
				r.Site, r.Origin, millis(r.First), millis(r.Last), r.Count); err != nil {
				return err
			}
			if err := tx.exec(`DELETE FROM refused_origins WHERE site_id = ?1 AND origin IN (SELECT origin FROM refused_origins
				WHERE site_id = ?1 AND origin <> ?2 ORDER BY count DESC, last DESC LIMIT -1 OFFSET ?3)`, r.Site, r.Origin, refusedMost-1); err != nil {
				return err
			}
		}
		return nil
	})
}

// RefusedOrigins lists pages that were refused and are still not on the site's
// list, the one that was refused last first.
func (s *Store) RefusedOrigins(ctx context.Context, site discuss.Site) (out []discuss.RefusedOrigin, err error) {
	err = s.rows(ctx, `SELECT origin, first, last, count FROM refused_origins WHERE site_id = ?1 ORDER BY last DESC, origin`, []any{site.ID}, func(r scanner) error {
		v := discuss.RefusedOrigin{Site: site.ID}
		var first, last int64
		if err := r.Scan(&v.Origin, &first, &last, &v.Count); err != nil {
			return err
		}
		v.First, v.Last = fromMillis(first), fromMillis(last)
		if !slices.Contains(site.Origins, v.Origin) {
			out = append(out, v)
		}
		return nil
	})
	return out, err
}
