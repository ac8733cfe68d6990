package store

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// PutSiteWay keeps a site's own keys, sealed.
func (s *Store) PutSiteWay(ctx context.Context, site discuss.ID, k auth.SealedKeys, extra string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO site_ways (site_id, provider, client, secret, issuer, label, extra) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			ON CONFLICT DO UPDATE SET client = excluded.client, secret = excluded.secret, issuer = excluded.issuer, label = excluded.label, extra = excluded.extra`,
			site, k.Provider, k.Client, k.Sealed, k.Issuer, k.Label, extra)
	})
}

// DropSiteWay takes a site's own keys away.
func (s *Store) DropSiteWay(ctx context.Context, site discuss.ID, provider string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`DELETE FROM site_ways WHERE site_id = ?1 AND provider = ?2`, site, provider)
	})
}

// WaysBy reads the sites' own keys at one provider.
func (s *Store) WaysBy(ctx context.Context, provider string) (map[discuss.ID]auth.SealedKeys, error) {
	out := map[discuss.ID]auth.SealedKeys{}
	err := s.rows(ctx, `SELECT site_id, provider, client, secret FROM site_ways WHERE provider = ?1`, []any{provider}, func(r scanner) error {
		var site discuss.ID
		var k auth.SealedKeys
		err := r.Scan(&site, &k.Provider, &k.Client, &k.Sealed)
		out[site] = k
		return err
	})
	return out, err
}
