package signin

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// The cookies of a login on its way: the first binds it to the browser that
// began, the second to the step that asks a new person for a name.
const (
	loginCookie    = "__Host-parley-login"
	newcomerCookie = "__Host-parley-new"
)

type providerLoginIn struct {
	Site     string `json:"site"`
	Origin   string `json:"origin"`
	Provider string `json:"provider"`
	Txn      string `json:"txn"`
	Return   string `json:"return,omitempty"`
	Proof    string `json:"proof,omitempty"`
}

type urlOut struct {
	URL string `json:"url"`
}

// providerLogin is the sign-in window asking where a provider's own sign-in is.
func (r Room) providerLogin(ctx context.Context, q *edge.Request, in providerLoginIn) (urlOut, error) {
	site, err := r.widgetSite(ctx, q, in.Site, in.Origin, in.Return, in.Proof)
	if err != nil {
		return urlOut{}, err
	}
	return r.toProvider(ctx, q, site.ID, in.Provider, auth.Trip{Txn: in.Txn, Origin: in.Origin, Return: in.Return})
}

type linkIn struct {
	Provider string `json:"provider"`
}

// link begins adding an identity to the account whose session this is.
func (r Room) link(ctx context.Context, q *edge.Request, in linkIn) (urlOut, error) {
	if q.Person.Account.Site != 0 {
		return urlOut{}, auth.ErrLinkSite
	}
	return r.toProvider(ctx, q, 0, in.Provider, auth.Trip{Link: q.Person.Account.ID, Account: true})
}

// toProvider begins a login. The state is made here and bound to this browser.
func (r Room) toProvider(ctx context.Context, q *edge.Request, site discuss.ID, provider string, trip auth.Trip) (urlOut, error) {
	to, browser, err := r.Auth.BeginLogin(ctx, site, provider, trip)
	if err == nil {
		edge.SetCookie(q.Ctx, loginCookie, browser, int(auth.PopupLife.Seconds()))
	}
	return urlOut{to}, err
}

type callbackForm struct {
	Provider string `path:"provider" json:"-"`
	Code     string `form:"code" json:"-"`
	State    string `form:"state" json:"-"`
	Error    string `form:"error" json:"-"`
	User     string `form:"user" json:"-"`
	Iss      string `form:"iss" json:"-"`
}

// callbackForm is an answer by form, as Apple sends it: from another site, so
// that no cookie comes along. It is turned into the same question by GET.
func (r Room) callbackForm(_ context.Context, q *edge.Request, in callbackForm) error {
	to := url.Values{}
	for name, v := range map[string]string{"code": in.Code, "state": in.State, "error": in.Error, "user": in.User, "iss": in.Iss} {
		if v != "" {
			to.Set(name, v)
		}
	}
	return leadOn(q, "/auth/"+url.PathEscape(in.Provider)+"/callback?"+to.Encode())
}

// leadOn sends the window on; its address says nothing to where it goes.
func leadOn(q *edge.Request, to string) error {
	q.Set("Content-Security-Policy", edge.APICSP)
	q.Set("Cache-Control", "no-store")
	q.Set("Referrer-Policy", "no-referrer")
	return q.Redirect(to, http.StatusSeeOther)
}

type providerIn struct {
	Provider string `path:"provider" json:"-"`
}

// callback is where a provider sends the browser back to. Whatever comes of it,
// the window says so and the address loses the code.
func (r Room) callback(ctx context.Context, q *edge.Request, in providerIn) error {
	answer, err := url.ParseQuery(string(q.Request().URI().QueryString()))
	if err != nil {
		return edge.ErrNotJSON
	}
	at, err := r.Auth.EndLogin(ctx, in.Provider, q.Cookies(loginCookie), answer)
	if errors.Is(err, auth.ErrAttempt) {
		q.Status(http.StatusBadRequest)
		return r.popup(q, popupMeta{Step: "expired", Name: "Parley"})
	}
	edge.SetCookie(q.Ctx, loginCookie, "", 0)
	step, err := r.arrive(ctx, q, at, err)
	if err != nil {
		return err
	}
	return r.nextStep(ctx, q, at, in.Provider, step)
}

// arrive is what becomes of an answer: the window's next step.
func (r Room) arrive(ctx context.Context, q *edge.Request, at auth.Arrival, err error) (step string, _ error) {
	switch {
	case errors.Is(err, auth.ErrDenied):
		return "denied", nil
	case errors.Is(err, auth.ErrProvider), errors.Is(err, auth.ErrWay):
		return "failed", nil
	case errors.Is(err, auth.ErrLinkTaken), errors.Is(err, auth.ErrLinkSite):
		return "taken", nil
	case errors.Is(err, auth.ErrClaimExpired):
		return "expired", nil
	case err != nil:
		return "", err
	case at.SignUp != "":
		edge.SetCookie(q.Ctx, newcomerCookie, at.SignUp, int(auth.SignUpLife.Seconds()))
		return "name", nil
	case at.Linked:
		return "done", nil
	}
	acc, err := r.Auth.Account(ctx, at.Account)
	if err != nil {
		return "", err
	}
	err = r.signedIn(ctx, q, acc, at.Trip)
	if errors.Is(err, auth.ErrClaimExpired) {
		return "expired", nil
	}
	return "done", err
}

// nextStep leads the window to its next step, or the account's page back to itself.
func (r Room) nextStep(ctx context.Context, q *edge.Request, at auth.Arrival, provider, step string) error {
	if at.Trip.Account && step != "name" {
		return leadOn(q, "/account?"+url.Values{"identity": {step}}.Encode())
	}
	site, err := q.Door.SiteByID(ctx, at.Site)
	if err != nil {
		return err
	}
	to := url.Values{"site": {site.Key}, "origin": {at.Trip.Origin}, "provider": {provider}, "step": {step}}
	if at.Trip.Return != "" {
		to.Set("return", at.Trip.Return)
		to.Set("proof", r.returnProof(site, at.Trip.Origin, at.Trip.Return))
	}
	return leadOn(q, "/auth/popup?"+to.Encode())
}

// signedIn starts the session of who comes back from a provider, and completes
// the popup that sent them there.
func (r Room) signedIn(ctx context.Context, q *edge.Request, acc auth.Account, trip auth.Trip) error {
	token, err := q.Door.StartSession(ctx, q.Ctx, acc, false)
	if err != nil || trip.Txn == "" {
		return err
	}
	return r.Auth.CompletePopup(ctx, trip.Txn, acc, false, auth.SessionRef(token))
}

type introduceIn struct {
	Name        string `json:"name"`
	Picture     bool   `json:"picture"`
	MailReplies bool   `json:"mail_replies"`
	Accepted    bool   `json:"accepted,omitempty"` // the standards, where the site asks for it
}

// introduce is a new person saying how to be shown.
func (r Room) introduce(ctx context.Context, q *edge.Request, in introduceIn) (nameOut, error) {
	acc, trip, err := r.Auth.Introduce(ctx, q.Cookies(newcomerCookie), auth.Introduction{Name: in.Name, Picture: in.Picture, MailReplies: in.MailReplies, Accepted: in.Accepted})
	if err != nil {
		return nameOut{}, err
	}
	edge.SetCookie(q.Ctx, newcomerCookie, "", 0)
	return nameOut{acc.Name}, r.signedIn(ctx, q, acc, trip)
}
