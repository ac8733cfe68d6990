package pages

import (
	"context"
	"encoding/json"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// accountMeta is what the account's page knows when it opens.
type accountMeta struct {
	Signed   bool       `json:"signed"`
	Login    string     `json:"login"`    // a site whose sign-in window to use; accounts are the instance's
	Ways     []auth.Way `json:"ways"`     // providers that can be added
	Identity string     `json:"identity"` // how adding one ended
	Push     bool       `json:"push"`     // it is the small page about messages to this device
}

type accountIn struct {
	Identity string `query:"identity" json:"-"`
}

// account is where people look after their profile and their rights.
func (r Room) account(ctx context.Context, q *edge.Request, in accountIn) error {
	return r.accountPage(ctx, q, accountMeta{Identity: in.Identity})
}

// push is the part of it about messages to this device: a page of ours explains
// and asks, for browsers let no other page ask for us.
func (r Room) push(ctx context.Context, q *edge.Request, _ edge.None) error {
	return r.accountPage(ctx, q, accountMeta{Push: true})
}

// manifest lets the account stand on a Home Screen: on iPhones and iPads only what
// stands there takes messages.
func (r Room) manifest(_ context.Context, q *edge.Request) error {
	w := r.Texts.Words(edge.Wanted(q.Ctx), "account")
	b, err := json.Marshal(map[string]any{
		"name": w.T("your_comments"), "short_name": w.T("comments_short"), "start_url": "/account", "scope": "/", "display": "standalone", "lang": w.Lang,
		"icons": []map[string]string{{"src": "/favicon.ico", "type": "image/svg+xml", "sizes": "any"}},
	})
	if err != nil {
		return err
	}
	q.Set("Cache-Control", "public, max-age=3600")
	q.Response().Header.SetContentType("application/manifest+json")
	return q.Send(b)
}

func (r Room) accountPage(ctx context.Context, q *edge.Request, m accountMeta) error {
	v, _, err := q.Door.SessionOf(ctx, q.Ctx, edge.AccountCookie, auth.AccountSession)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	m.Signed, m.Ways = err == nil, []auth.Way{}
	sites, err := q.Door.AllSites(ctx)
	if err != nil {
		return err
	}
	m.Login = firstKey(sites)
	if v.Account.Site == 0 {
		for _, k := range r.Auth.Providers {
			m.Ways = append(m.Ways, auth.Way{ID: k.Provider, Label: r.Auth.ProviderLabel(k.Provider), Kind: "provider"})
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	edge.Apart(q.Ctx)
	return edge.SendDocument(q.Ctx, documents, "account.html", map[string]any{"Meta": string(b), "W": r.Texts.Words(edge.Wanted(q.Ctx), "account")})
}
