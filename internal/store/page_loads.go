package store

import (
	"context"

	"parley/internal/discuss"
)

// NotePageLoads writes down that pages of sites have shown their comments.
func (s *Store) NotePageLoads(ctx context.Context, seen []discuss.PageLoad) error {
	return s.update(ctx, s.w.bulk, func(tx *Tx) error {
		for _, v := range seen {
			if err := tx.exec(`INSERT INTO page_loads (site_id, origin, first, last) VALUES (?1, ?2, ?3, ?4)
				ON CONFLICT (site_id) DO UPDATE SET origin = excluded.origin, last = excluded.last`,
				v.Site, v.Origin, millis(v.First), millis(v.Last)); err != nil {
				return err
			}
		}
		return nil
	})
}

// PageLoad is when pages of a site showed its comments; its times are zero where
// none has yet.
func (s *Store) PageLoad(ctx context.Context, site discuss.ID) (discuss.PageLoad, error) {
	out := discuss.PageLoad{Site: site}
	var first, last int64
	err := found(s.first(ctx, `SELECT origin, first, last FROM page_loads WHERE site_id = ?1`, site).Scan(&out.Origin, &first, &last))
	if discuss.KindOf(err) == discuss.NotFound {
		return out, nil
	}
	out.First, out.Last = fromMillis(first), fromMillis(last)
	return out, err
}
