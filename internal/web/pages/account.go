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
}

type accountIn struct {
	Identity string `query:"identity" json:"-"`
}

// account is where people look after their profile and their rights.
func (r Room) account(ctx context.Context, q *edge.Request, in accountIn) error {
	v, _, err := q.Door.SessionOf(ctx, q.Ctx, edge.AccountCookie, auth.AccountSession)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	m := accountMeta{Signed: err == nil, Ways: []auth.Way{}, Identity: in.Identity}
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
