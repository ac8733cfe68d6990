// Package signin is the door of those who sign in: passwords, mailed links,
// passkeys, providers, a site's own accounts, and the window that all of it
// happens in.
package signin

import (
	"context"
	"embed"
	"slices"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

//go:embed *.html
var files embed.FS

var documents = edge.ParseDocuments(files, nil, "*.html")

// Pages is how this room learns which pages a sign-in may lead back to, and
// tells of those that a site has signed.
type Pages interface {
	AnnounceSigned(ctx context.Context, site discuss.Site, key string) error
	IsThreadPage(ctx context.Context, site discuss.Site, page string) (bool, error)
}

// Room is what this audience is served with.
type Room struct {
	Auth  *auth.Service
	Pages Pages
	Texts *i18n.Catalogues
	Shape shape.Shaper
	Key   []byte // signs what leads a sign-in back to a page
	Now   func() time.Time
}

// maxForm is the size in bytes of the longest form that a provider sends: a
// code, a state and Apple's JSON about the person, or Facebook's signed request.
const maxForm = 16 << 10

var (
	refused = []int{400, 403, 404, 415, 422, 429, 503}
	signs   = []int{400, 401, 403, 404, 415, 422, 429, 503}
)

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	return slices.Concat(r.onSite(), r.own(), r.ofProviders(), r.documents())
}

// onSite is what people do to sign in on a site.
func (r Room) onSite() []edge.Route {
	const site, passkey = "/api/v1/sites/:site/", "/api/v1/passkeys/login/"
	do := func(path, summary string, gate edge.Gate, rate string, status int, errors []int) edge.Route {
		return edge.Route{Method: "POST", Path: path, Summary: summary, Gate: gate, Rate: rate, Status: status, Errors: errors}
	}
	claim := do("/api/v1/auth/claim", "Fetch the session that a sign-in window made", edge.ClaimingPage, "claim", 200, []int{400, 403, 410, 415, 429, 503})
	claim.Patience = claimWait + edge.RequestTimeout
	ask := edge.JSON(do(passkey+"begin", "Begin a sign-in by passkey", edge.OwnPages, "passkey", 200, []int{403, 429, 503}), r.passkeyOptions)
	ask.Out = passkeyQuestion{}
	finish := edge.JSON(do(passkey+"finish", "Sign in by the passkey that answered", edge.OwnPages, "signin", 200, []int{400, 401, 403, 415, 429, 503}), r.passkeyLogin)
	finish.In = passkeyLogin{}
	return []edge.Route{
		edge.JSON(do(site+"register", "Make an account; a mail confirms it", edge.OwnSite, "register", 202, refused), r.register),
		edge.JSON(do(site+"verification", "Send the confirming mail again", edge.OwnSite, "mail", 202, refused), r.resend),
		edge.JSON(do(site+"password-reset", "Send a mail that sets a new password", edge.OwnSite, "mail", 202, refused), r.requestReset),
		edge.JSON(do(site+"login", "Log in, for a cookie or a token", edge.OwnSite, "signin", 200, signs), r.login),
		edge.JSON(do(site+"logout", "End the session", edge.OnSite, "signin", 204, []int{403, 404, 429, 503}), r.logout),
		edge.JSON(do(site+"magic-link", "Mail a link and a code to sign in with", edge.OwnSite, "mail", 202, refused), r.magicLink),
		edge.JSON(do(site+"sso", "Sign a reader in by the site's own token", edge.ListedWrite, "sso", 200, signs), r.sso),
		edge.JSON(claim, r.claim),
		ask, finish,
	}
}

// own is what the sign-in window and the account's page ask.
func (r Room) own() []edge.Route {
	do := func(path, summary, rate string) edge.Route {
		return edge.Route{Method: "POST", Path: "/auth/" + path, Summary: summary, Gate: edge.OwnPages, Rate: rate, Errors: append([]int{410}, signs...)}
	}
	invite := do("invite", "Accept an invitation to a site's team", "signin")
	invite.Errors = append([]int{409}, invite.Errors...)
	complete, link := do("complete", "Say to the widget that its person has signed in", "signin"), do("link", "Begin adding a provider to the account", "signin")
	complete.Gate, link.Gate = edge.OwnSession, edge.OwnGuarded
	return []edge.Route{
		edge.JSON(do("begin", "Begin a sign-in for a widget", "begin"), r.begin),
		edge.JSON(complete, r.complete),
		edge.JSON(do("verify", "Confirm an address by a mailed link", "signin"), r.verify),
		edge.JSON(do("reset", "Set a new password by a mailed link", "signin"), r.reset),
		edge.JSON(do("invitation", "Say what an invitation's link asks", "signin"), r.invitation),
		edge.JSON(invite, r.accept),
		edge.JSON(do("code", "Sign in by a mailed code", "signin"), r.code),
		edge.JSON(do("magic", "Sign in by a mailed link", "signin"), r.magicToken),
		edge.JSON(do("email", "Confirm a new address by a mailed link", "signin"), r.confirmEmail),
		edge.JSON(do("sso", "Sign in by the token of a site's own log-in page", "sso"), r.ssoReturn),
		edge.JSON(do("login", "Begin a sign-in by a provider", "provider"), r.providerLogin),
		edge.JSON(do("introduce", "Say how a new account is shown", "register"), r.introduce),
		edge.JSON(do("end", "End the account's session", "signin"), r.end),
		edge.JSON(link, r.link),
	}
}

// ofProviders is what providers send, by the reader's browser or by themselves.
func (r Room) ofProviders() []edge.Route {
	form := func(path, summary string, status int) edge.Route {
		return edge.Route{Method: "POST", Path: "/auth/" + path, Summary: summary, Gate: edge.Provider, Rate: "provider", Limit: maxForm, Status: status, Errors: []int{400, 401, 413, 415, 422, 429, 503}}
	}
	answer := edge.Route{Method: "GET", Path: "/auth/:provider/callback", Summary: "A provider's answer", Gate: edge.Provider, Status: 303, Errors: []int{400, 503}, Patience: edge.RequestTimeout + 2*auth.ProviderPatience}
	return []edge.Route{
		edge.JSON(form("facebook/deletion", "Facebook asks to forget somebody", 200), r.facebookDeletion),
		edge.JSON(form("facebook/deauthorize", "Facebook says that somebody has removed the app", 204), r.facebookLeft),
		edge.Answer(answer, r.callback),
		edge.Answer(form(":provider/callback", "A provider's answer by form", 303), r.callbackForm),
	}
}

// documents is what of all this is a page.
func (r Room) documents() []edge.Route {
	page := func(path, summary string, errors ...int) edge.Route {
		return edge.Route{Method: "GET", Path: "/auth/" + path, Summary: summary, Gate: edge.Anyone, Kind: edge.HTML, Errors: errors}
	}
	out := []edge.Route{
		edge.Answer(page("popup", "The sign-in window of a site", 403, 404), r.popupPage),
		edge.Answer(page("sso", "Where a site's own log-in page leads back to", 404), r.ssoPage),
		edge.Answer(page("facebook/deletion/:code", "How a deletion stands", 404), r.deletionPage),
	}
	for _, step := range []string{"magic", "email", "verify", "reset", "invite"} {
		out = append(out, edge.Raw(page(step, "Where a mailed link leads"), r.ticketPage(step)))
	}
	return out
}

type siteIn struct {
	Site string `path:"site" json:"-"`
}

type nameOut struct {
	Name string `json:"name"`
}

type tokenIn struct {
	Token string `json:"token"`
}
