package store

import (
	"context"

	"parley/internal/discuss"
)

const agreedQuery = `SELECT a.site_id IS NOT NULL OR EXISTS (SELECT 1 FROM acceptances c WHERE c.account_id = a.id AND c.site_id = ?2 AND c.version = ?3 AND c.url = ?4) FROM accounts a WHERE a.id = ?1`

// Agreed reports whether an account has accepted a site's standards, or is one
// that the site's own sign-on speaks for: its people accept them there.
func (s *Store) Agreed(ctx context.Context, as discuss.Agree) (yes bool, err error) {
	err = s.queryRow(ctx, agreedQuery, []any{as.Account, as.Site, as.Version, as.URL}, &yes)
	return yes, err
}

// Agreed is that within a write.
func (t *Tx) Agreed(as discuss.Agree) (yes bool, err error) {
	err = t.get(agreedQuery, []any{as.Account, as.Site, as.Version, as.URL}, &yes)
	return yes, err
}
