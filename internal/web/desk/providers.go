package desk

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	siteProvider struct {
		Provider string `json:"provider"`
		Client   string `json:"client"`
		Issuer   string `json:"issuer"`
		Label    string `json:"label"`
		Team     string `json:"team"`
		KeyID    string `json:"key_id"`
		Callback string `json:"callback_url"` // what to register at the provider
		Secret   secret `json:"secret"`
		providerHealth
	}
	// providerHealth is what sign-ins came to since the server started.
	providerHealth struct {
		State  string  `json:"state"`        // connected or failing
		Used   *string `json:"last_used_at"` // null: nobody yet
		Failed *string `json:"failed_at"`
		Step   string  `json:"failed_step"` // begin, answer, token, profile or read
		Why    string  `json:"failure"`
	}
	// knownProvider is a provider that a site can set up, or has from the instance.
	knownProvider struct {
		Provider string `json:"provider"`
		Label    string `json:"label"`
		Callback string `json:"callback_url"`
		Instance bool   `json:"instance"` // the instance's keys serve where the site has none
		providerHealth
	}
	siteProviders struct {
		Ways  []siteProvider  `json:"ways"`
		Known []knownProvider `json:"known"`
		Order []auth.Way      `json:"order"` // what readers are offered, as they see it
	}
	siteProviderIn struct {
		providerIn
		Client string `json:"client"`
		Secret string `json:"secret,omitempty"` // "" keeps the one that is set
		Issuer string `json:"issuer,omitempty"`
		Label  string `json:"label,omitempty"`
		Team   string `json:"team,omitempty"`
		KeyID  string `json:"key_id,omitempty"`
		Check  bool   `json:"check,omitempty"` // ask the issuer first whether it is one
	}
	providerIn struct {
		Site     string `path:"site" json:"-"`
		Provider string `path:"provider" json:"-"`
	}
	ssoKeyOut struct {
		Secret string `json:"secret"` // shown once
	}
	ssoKey struct {
		ID      string `json:"id"`
		Created string `json:"created_at"`
	}
	ssoKeys struct {
		Keys []ssoKey `json:"keys"` // newest first; at most two
	}
)

func (r Room) health(scope discuss.ID, provider string) providerHealth {
	h := r.Auth.Health(scope, provider)
	out := providerHealth{State: "connected", Step: h.Step, Why: h.Why}
	if h.Failing() {
		out.State = "failing"
	}
	if !h.Used.IsZero() {
		out.Used = shape.Ptr(shape.Time(h.Used))
	}
	if !h.Failed.IsZero() {
		out.Failed = shape.Ptr(shape.Time(h.Failed))
	}
	return out
}

// known lists the catalogue and the instance's issuers.
func (r Room) known() []knownProvider {
	has := map[string]bool{}
	out := []knownProvider{}
	add := func(id, label string) {
		out = append(out, knownProvider{id, label, r.Auth.Link("/auth/" + id + "/callback"), has[id], r.health(0, id)})
	}
	for _, k := range r.Auth.Providers {
		has[k.Provider] = true
	}
	for _, id := range auth.ProviderIDs() {
		add(id, auth.ProviderLabel(id))
	}
	for _, k := range r.Auth.Providers {
		if k.Issuer != "" {
			add(k.Provider, k.Label)
		}
	}
	return out
}

// providers lists a site's own registrations, never their secrets.
func (r Room) providers(ctx context.Context, q *edge.Request, _ onSite) (siteProviders, error) {
	out := siteProviders{Ways: []siteProvider{}, Known: r.known()}
	var err error
	if out.Order, err = r.Auth.Ways(ctx, q.Site); err != nil {
		return out, err
	}
	list, err := r.Auth.SiteWayList(ctx, q.Site.ID)
	for _, k := range list {
		out.Ways = append(out.Ways, siteProvider{
			k.Provider, k.Client, k.Issuer, k.Label, k.Team, k.KeyID, r.Auth.Link("/auth/" + k.Provider + "/callback"), secret{k.HasSecret}, r.health(q.Site.ID, k.Provider),
		})
	}
	return out, err
}

func (r Room) setProvider(ctx context.Context, q *edge.Request, in siteProviderIn) (edge.None, error) {
	k := auth.Keys{Provider: in.Provider, Client: in.Client, Secret: in.Secret, Issuer: in.Issuer, Label: in.Label, Team: in.Team, KeyID: in.KeyID}
	if err := r.Auth.PutSiteWay(ctx, q.Site.ID, k, in.Check); err != nil {
		return edge.None{}, err
	}
	return edge.None{}, r.providersChanged(ctx, q, "way set", k.Provider)
}

// providersChanged writes the change down; pages say which providers there are.
func (r Room) providersChanged(ctx context.Context, q *edge.Request, action, what string) error {
	r.ForgetAll()
	if err := r.Discuss.Note(ctx, q.Site, q.Who, action, what); err != nil {
		return err
	}
	return r.Discuss.Touch(ctx, q.Site.ID, r.Watched())
}

func (r Room) dropProvider(ctx context.Context, q *edge.Request, in providerIn) (edge.None, error) {
	if err := r.Auth.DropSiteWay(ctx, q.Site.ID, in.Provider); err != nil {
		return edge.None{}, err
	}
	return edge.None{}, r.providersChanged(ctx, q, "way removed", in.Provider)
}

// ssoKeys lists the keys for the site's own tokens, never what they are.
func (r Room) ssoKeys(ctx context.Context, q *edge.Request, _ onSite) (ssoKeys, error) {
	keys, err := r.Auth.SSOKeyList(ctx, q.Site.ID)
	out := ssoKeys{[]ssoKey{}}
	for _, k := range keys {
		out.Keys = append(out.Keys, ssoKey{k.ID.String(), shape.Time(k.Created)})
	}
	return out, err
}

func (r Room) makeSSOKey(ctx context.Context, q *edge.Request, _ onSite) (ssoKeyOut, error) {
	secret, err := r.Auth.NewSSOKey(ctx, q.Site.ID)
	if err != nil {
		return ssoKeyOut{}, err
	}
	return ssoKeyOut{secret}, r.Discuss.Note(ctx, q.Site, q.Who, "sso key made", "")
}

func (r Room) dropSSOKey(ctx context.Context, q *edge.Request, in oneIn) (edge.None, error) {
	if err := r.Auth.DropSSOKey(ctx, q.Site.ID, in.ID); err != nil {
		return edge.None{}, err
	}
	return edge.None{}, r.providersChanged(ctx, q, "sso key revoked", in.ID.String())
}
