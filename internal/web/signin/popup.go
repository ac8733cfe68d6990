package signin

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
)

// popupMeta is what the sign-in window knows when it opens.
type popupMeta struct {
	Site         string     `json:"site,omitempty"`
	Name         string     `json:"name"`                // of the site
	Standards    string     `json:"standards,omitempty"` // where its community standards are
	Asks         bool       `json:"asks,omitempty"`      // for an agreement to them, box and all
	Origin       string     `json:"origin,omitempty"`
	Return       string     `json:"return,omitempty"`    // where no window could be opened: the page to go back to
	Challenge    string     `json:"challenge,omitempty"` // with it
	Proof        string     `json:"proof,omitempty"`     // that the page asked by itself
	Way          string     `json:"way,omitempty"`       // what the reader has chosen already
	Label        string     `json:"label,omitempty"`     // of that way
	Step         string     `json:"step,omitempty"`
	Ways         []auth.Way `json:"ways"`
	Registration bool       `json:"registration"`
	User         *popupUser `json:"user,omitempty"`
	Newcomer     *popupUser `json:"newcomer,omitempty"`
	SSO          string     `json:"sso,omitempty"` // the site's own log-in page
}

type popupUser struct {
	Name    string `json:"name"`
	Picture bool   `json:"picture"`
	Mail    bool   `json:"mail"` // an address is known, so mail can be chosen
}

// popupSteps are the steps that the address may ask for; any other is the first.
var popupSteps = map[string]bool{"name": true, "denied": true, "failed": true, "expired": true, "done": true, "taken": true}

type popupIn struct {
	Site      string `query:"site" json:"-"`
	Origin    string `query:"origin" json:"-"`
	Provider  string `query:"provider" json:"-"`
	Step      string `query:"step" json:"-"`
	Return    string `query:"return" json:"-"`
	Challenge string `query:"challenge" json:"-"`
	Proof     string `query:"proof" json:"-"`
}

// popupPage is the sign-in window of one site, for a widget on one origin.
func (r Room) popupPage(ctx context.Context, q *edge.Request, in popupIn) error {
	site, err := q.Door.Site(ctx, in.Site)
	if err != nil {
		return err
	}
	m := popupMeta{Site: site.Key, Name: site.Name, Origin: in.Origin, Registration: site.Settings.Registration && !site.Settings.SignIn.NoAccounts, SSO: site.Settings.SignIn.SSOLogin}
	if !q.Door.Listed(q.Ctx, site, in.Origin) { // a person looks at this: whoever runs the page should learn why
		_ = q.Door.RefuseOrigin(q.Ctx, site, in.Origin)
		q.Status(http.StatusForbidden)
		return r.popup(q, popupMeta{Step: "origin", Name: site.Name})
	}
	if in.Return != "" {
		err := r.mayReturn(ctx, q, site, in.Origin, in.Return, in.Proof)
		if errors.Is(err, discuss.ErrOrigin) {
			q.Status(http.StatusForbidden)
			return r.popup(q, popupMeta{Step: "expired", Name: site.Name})
		}
		if err != nil {
			return err
		}
		m.Return, m.Challenge, m.Proof = in.Return, in.Challenge, r.returnProof(site, in.Origin, in.Return)
	}
	if m.Ways, err = r.Auth.Ways(ctx, site); err != nil {
		return err
	}
	m.begin(in)
	if m.Step == "name" {
		r.newcomer(ctx, q, &m)
	}
	if v, _, err := q.Door.SessionOf(ctx, q.Ctx, edge.AccountCookie, auth.AccountSession); err == nil && (v.Account.Site == 0 || v.Account.Site == site.ID) {
		m.User = &popupUser{Name: v.Account.Name}
	}
	m.Standards, m.Asks = site.StandardsAt(r.Auth.Link), site.Settings.AskStandards
	return r.popup(q, m)
}

// begin is where the window begins, as far as its address may say so.
func (m *popupMeta) begin(in popupIn) {
	if popupSteps[in.Step] {
		m.Step = in.Step
	}
	for _, w := range m.Ways {
		if w.ID == in.Provider {
			m.Way, m.Label = in.Provider, w.Label
		}
	}
	if m.Label == "" {
		m.Way = ""
	}
}

// newcomer says who comes from a provider for the first time.
func (r Room) newcomer(ctx context.Context, q *edge.Request, m *popupMeta) {
	who, _, _, err := r.Auth.Newcomer(ctx, q.Cookies(newcomerCookie))
	if err != nil {
		m.Step = "expired"
		return
	}
	m.Label, m.Newcomer = who.Label, &popupUser{Name: who.Name, Picture: who.Picture != "", Mail: who.Email != ""}
}

// popup sends the window.
func (r Room) popup(q *edge.Request, m popupMeta) error {
	if m.Ways == nil {
		m.Ways = []auth.Way{}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return edge.SendDocument(q.Ctx, documents, "popup.html", map[string]any{
		"W": r.Texts.Words(edge.Wanted(q.Ctx), "popup"), "Meta": string(b), "Site": i18n.Values{"site": m.Name},
	})
}

// ticketPage is where a mailed link leads. The link's secret stands behind the
// #, so no log and no scanner that follows links ever sends it; the page's
// button does, by POST.
func (r Room) ticketPage(step string) func(context.Context, *edge.Request) error {
	return func(_ context.Context, q *edge.Request) error {
		return r.popup(q, popupMeta{Step: step, Name: "Parley"})
	}
}

type ssoPageIn struct {
	Site string `query:"site" json:"-"`
}

// ssoPage is where a site's own log-in page leads back to, with its token
// behind the #.
func (r Room) ssoPage(ctx context.Context, q *edge.Request, in ssoPageIn) error {
	site, err := q.Door.Site(ctx, in.Site)
	if err != nil {
		return err
	}
	return r.popup(q, popupMeta{Site: site.Key, Name: site.Name, Step: "sso"})
}
