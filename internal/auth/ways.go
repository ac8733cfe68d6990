package auth

import (
	"context"
	"slices"
	"strings"

	"parley/internal/discuss"
)

// Way is one way in, as a widget offers it.
type Way struct {
	ID    string `json:"id"`    // what the sign-in window is opened with
	Label string `json:"label"` // what readers call it
	Kind  string `json:"kind"`  // "provider", "sso", "site" or "guest"
}

// SealedKeys are a site's own keys as they are kept.
type SealedKeys struct {
	Keys          // without Secret
	Sealed []byte // it
}

func sealPurpose(site discuss.ID, provider string) string {
	return "way " + site.String() + " " + provider
}

// siteWays are a site's own keys; they are kept in memory until Forget.
func (a *Service) siteWays(ctx context.Context, site discuss.ID) ([]Keys, error) {
	if site == 0 {
		return nil, nil
	}
	if v, ok := a.ways.Load(site); ok {
		return v.([]Keys), nil
	}
	turn := a.turn.Load()
	rows, err := a.Store.SiteWays(ctx, site)
	if err != nil {
		return nil, err
	}
	out := make([]Keys, 0, len(rows))
	for _, r := range rows {
		if r.Secret, err = a.Seal.Open(r.Sealed, sealPurpose(site, r.Provider)); err != nil {
			return nil, err
		}
		out = append(out, r.Keys)
	}
	a.ways.Store(site, out)
	if a.turn.Load() != turn { // forgotten while we read: what we read may be old
		a.ways.Delete(site)
	}
	return out, nil
}

// Forget drops what is kept in memory about sites: another process changed it.
func (a *Service) Forget() {
	a.turn.Add(1)
	a.ways.Clear()
	a.siteIssuers.Clear()
}

// Ways lists a site's ways in, in its owner's order; those that he has not
// placed follow: providers with Facebook first, issuers by name, the site's own
// sign-on, its own account, guests.
func (a *Service) Ways(ctx context.Context, site discuss.Site) ([]Way, error) {
	own, err := a.siteWays(ctx, site.ID)
	if err != nil {
		return nil, err
	}
	has := map[string]Keys{}
	for _, k := range append(slices.Clone(a.Providers), own...) {
		has[k.Provider] = k
	}
	out := []Way{}
	for _, id := range order {
		if _, ok := has[id]; ok {
			out = append(out, Way{id, catalogue[id].label, "provider"})
			delete(has, id)
		}
	}
	var issuers []Way
	for id, k := range has {
		issuers = append(issuers, Way{id, k.Label, "provider"})
	}
	slices.SortFunc(issuers, func(x, y Way) int { return strings.Compare(x.ID, y.ID) })
	out = append(out, issuers...)
	if site.Settings.SignIn.SSOLogin != "" {
		out = append(out, Way{"sso", site.Name, "sso"})
	}
	if !site.Settings.SignIn.NoAccounts || len(out) == 0 && !site.Settings.TakesGuests() { // the last way in is never taken away
		out = append(out, Way{"site", site.Name, "site"})
	}
	if site.Settings.TakesGuests() {
		out = append(out, Way{"guest", "", "guest"})
	}
	place := func(w Way) int {
		if i := slices.Index(site.Settings.SignIn.Order, w.ID); i >= 0 {
			return i
		}
		return discuss.MaxWays
	}
	slices.SortStableFunc(out, func(x, y Way) int { return place(x) - place(y) })
	return out, nil
}

// Label is what readers call a way of a site; "" for one that it does not have.
func (a *Service) Label(ctx context.Context, site discuss.Site, way string) (string, error) {
	ways, err := a.Ways(ctx, site)
	if err != nil {
		return "", err
	}
	for _, w := range ways {
		if w.ID == way && w.Kind == "provider" {
			return w.Label, nil
		}
	}
	return "", nil
}
