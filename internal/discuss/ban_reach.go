package discuss

import "context"

// MaxBanReach is where counting whom a ban would meet stops.
const MaxBanReach = 10_000

// BanReach counts the members of a site whom a ban of a domain or a range would
// meet, no further than MaxBanReach; of a range, those who wrote from it within
// the week for which networks are known.
func (s *Service) BanReach(ctx context.Context, site Site, who Actor, domain, ipRange string) (int, error) {
	if err := allow(who, ActSanction); err != nil {
		return 0, err
	}
	var b Ban
	if err := (Sanction{Domain: domain, Range: ipRange}).whom(&b); err != nil {
		return 0, err
	}
	return s.Store.BanReach(ctx, site.ID, b)
}
