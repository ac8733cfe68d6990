package store

import (
	"context"
	"net/netip"

	"parley/internal/discuss"
)

// Nobody can ban those who may ban, so a ban meets no staff that decides.
const (
	domainReach = `SELECT count(*) FROM (SELECT 1 FROM authors a JOIN accounts ac ON ac.id = a.account_id
		WHERE a.site_id = ?1 AND a.role NOT IN ('moderator', 'admin') AND substr(ac.email, instr(ac.email, '@') + 1) = ?2 LIMIT ?3)`
	rangeReach = `SELECT DISTINCT n.author_id, n.prefix FROM networks n JOIN authors a ON a.id = n.author_id
		WHERE a.site_id = ?1 AND a.role NOT IN ('moderator', 'admin') AND n.prefix <> ''`
)

// BanReach counts the members of a site whom a ban of a domain or a range would
// meet. It looks at every member: it is asked once for a ban.
func (s *Store) BanReach(ctx context.Context, site discuss.ID, b discuss.Ban) (n int, err error) {
	if b.Email != "" {
		err = s.queryRow(ctx, domainReach, []any{site, b.Email, discuss.MaxBanReach}, &n)
		return n, err
	}
	met := map[discuss.ID]bool{}
	err = s.rows(ctx, rangeReach, []any{site}, func(r scanner) error {
		var author discuss.ID
		var prefix string
		if err := r.Scan(&author, &prefix); err != nil {
			return err
		}
		if p, err := netip.ParsePrefix(prefix); err == nil && p.Overlaps(b.Range) {
			met[author] = true
		}
		return nil
	})
	return min(len(met), discuss.MaxBanReach), err
}
