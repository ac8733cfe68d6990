package auth

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"

	"github.com/markbates/goth"
	"golang.org/x/oauth2"

	"parley/internal/cleantext"
	"parley/internal/discuss"
)

// Profile is what a provider told about somebody, and who vouches for what.
type Profile struct {
	Scope    discuss.ID // 0: by the instance's keys; else the site whose keys or tokens they are
	Provider string
	Label    string
	Subject  string
	Name     string
	Email    string // only where the provider vouches for it
	Picture  string // where its picture is
}

// attempt is one login on its way through a provider: the data of its ticket,
// whose token is the state. It is single use and ends after PopupLife.
type attempt struct {
	Provider string     `json:"provider"`
	Scope    discuss.ID `json:"scope"`
	Browser  string     `json:"browser"` // hash of the cookie of the browser that began
	Verifier string     `json:"verifier"`
	Nonce    string     `json:"nonce"`
	Session  string     `json:"session"` // goth's
	Trip     Trip       `json:"trip"`
}

// Trip is what brings a login back to where it began.
type Trip struct {
	Txn     string     `json:"txn"`     // of the widget that waits; "" for none
	Origin  string     `json:"origin"`  // of that widget
	Return  string     `json:"return"`  // a page of the site, where no window could be opened
	Link    discuss.ID `json:"link"`    // the account that asked for this identity from inside a session; 0: a sign-in
	Account bool       `json:"account"` // begun from the account's own page
}

// Errors of logins by a provider. Each is an answer for a person.
var (
	ErrAttempt  = &discuss.Error{Kind: discuss.Invalid, Code: "attempt", Detail: "This sign-in has expired, was used before, or began in another browser. Start again."}
	ErrDenied   = &discuss.Error{Kind: discuss.Forbidden, Code: "denied", Detail: "The sign-in was cancelled."}
	ErrProvider = &discuss.Error{Kind: discuss.Unavailable, Code: "provider", Detail: "The provider didn't answer as it should. Try again, or sign in another way."}
	ErrWay      = &discuss.Error{Kind: discuss.NotFound, Code: "way", Detail: "This site doesn't offer that way to sign in."}
)

// keys finds the registration of a provider for a site: the site's own before
// the instance's. scope says whose it is.
func (a *Service) keys(ctx context.Context, site discuss.ID, provider string) (Keys, discuss.ID, error) {
	own, err := a.siteWays(ctx, site)
	if err != nil {
		return Keys{}, 0, err
	}
	for _, k := range own {
		if k.Provider == provider {
			return k, site, nil
		}
	}
	for _, k := range a.Providers {
		if k.Provider == provider {
			return k, 0, nil
		}
	}
	return Keys{}, 0, ErrWay
}

// speaker makes the goth provider of one login.
func (a *Service) speaker(k Keys, scope discuss.ID, verifier string) (kind, goth.Provider, error) {
	how, ok := kindOf(k)
	if !ok {
		return kind{}, nil, ErrWay
	}
	base := a.Out
	if scope != 0 { // whoever runs a site may not send this server to its own neighbours
		base = a.Guarded
	}
	p := how.make(k, a.Link("/auth/"+k.Provider+"/callback"), a.client(base, verifier))
	if o, ok := p.(*oidcProvider); ok {
		o.known = &a.issuers
		if scope != 0 {
			o.known = &a.siteIssuers
		}
	}
	return how, p, nil
}

// BeginLogin starts a login by a provider. It returns where the browser goes
// and the secret that this browser must show when it comes back.
func (a *Service) BeginLogin(ctx context.Context, site discuss.ID, provider string, trip Trip) (to, browser string, err error) {
	k, scope, err := a.keys(ctx, site, provider)
	if err != nil {
		return "", "", err
	}
	if trip.Link != 0 && scope != 0 {
		return "", "", ErrLinkSite
	}
	state, hash := NewToken()
	browser, mark := NewToken()
	nonce, _ := NewToken()
	t := attempt{Provider: provider, Scope: scope, Browser: b64(mark), Verifier: oauth2.GenerateVerifier(), Nonce: nonce, Trip: trip}
	_, p, err := a.speaker(k, scope, "")
	if err != nil {
		return "", "", err
	}
	defer func() {
		if err != nil { // that it began well says nothing about how it ends
			a.noted(scope, provider, err)
		}
	}()
	defer providerPanic(provider, &err)
	s, err := p.BeginAuth(state)
	if err != nil {
		return "", "", providerError(provider, "begin", err)
	}
	raw, err := s.GetAuthURL()
	if err != nil {
		return "", "", providerError(provider, "begin", err)
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", "", providerError(provider, "begin", err)
	}
	if !forBrowsers(u) {
		return "", "", providerError(provider, "begin", errEndpoint)
	}
	if o, ok := s.(*oidcSession); ok {
		o.Nonce = nonce
	}
	t.Session = s.Marshal()
	if u.Host == "www.facebook.com" {
		u.Path = "/" + GraphVersion + u.Path
	}
	q := u.Query()
	q.Set("state", state) // ours, whatever came before
	q.Set("code_challenge", oauth2.S256ChallengeFromVerifier(t.Verifier))
	q.Set("code_challenge_method", "S256")
	if _, ok := s.(*oidcSession); ok {
		q.Set("nonce", nonce)
	}
	if provider == "discord" {
		q.Del("prompt") // goth says none, which fails for whoever has not consented yet
	}
	u.RawQuery = strings.ReplaceAll(q.Encode(), "+", "%20") // Apple takes no other space
	if u, err = via(a.Via, u); err != nil {
		return "", "", err
	}
	data, err := json.Marshal(t)
	if err != nil {
		return "", "", err
	}
	return u.String(), browser, a.Store.PutTicket(ctx, hash, Ticket{Kind: "login", Site: site, Data: string(data), Expires: a.Now().Add(PopupLife)}, nil)
}

// errEndpoint is an issuer that names something else than a page to sign in on.
var errEndpoint = errors.New("the sign-in's address is not https")

// forBrowsers reports whether our window may go to an address that an issuer
// names: https, or http on this machine. Anything else, such as a script, would
// run as our own page.
func forBrowsers(u *url.URL) bool {
	if u.Opaque != "" || u.Hostname() == "" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// Arrival is how a login by a provider ended.
type Arrival struct {
	Site    discuss.ID
	Trip    Trip
	Label   string     // of the provider
	Account discuss.ID // who it is, where we know the identity; the txn is then completed
	SignUp  string     // else: the secret of the step that asks for a name
	Linked  bool       // the identity was added to the account that asked
}

// EndLogin takes a provider's answer. browser is what BeginLogin gave to the
// browser that answers now. The arrival is filled as far as it is known, also
// with an error, so that the window can say what to do next.
func (a *Service) EndLogin(ctx context.Context, provider, browser string, params url.Values) (Arrival, error) {
	var out Arrival
	t, err := a.takeAttempt(ctx, provider, browser, params.Get("state"))
	if err != nil {
		return out, err
	}
	out.Site, out.Trip = t.site, t.Trip
	k, scope, err := a.keys(ctx, t.site, provider)
	if err != nil || scope != t.Scope {
		return out, errors.Join(err, ErrWay)
	}
	how, _ := kindOf(k)
	out.Label = how.label
	if e := params.Get("error"); e != "" {
		if e == "access_denied" || e == "user_cancelled_login" || e == "user_cancelled_authorize" {
			return out, ErrDenied
		}
		err := providerError(provider, "answer", errors.New("it refused"))
		a.noted(scope, provider, err)
		return out, err
	}
	who, err := a.fetch(k, scope, t, params)
	a.noted(scope, provider, err)
	if err != nil {
		return out, err
	}
	return a.arrive(ctx, out, who)
}

type taken struct {
	attempt
	site discuss.ID
}

func (a *Service) takeAttempt(ctx context.Context, provider, browser, state string) (taken, error) {
	var t taken
	if state == "" || len(state) > 128 {
		return t, ErrAttempt
	}
	key := HashToken(state)
	ticket, err := a.Store.PeekTicket(ctx, key, a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && ticket.Kind != "login" {
		return t, ErrAttempt
	}
	if err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(ticket.Data), &t.attempt); err != nil {
		return t, err
	}
	// Another browser's answer does not end the attempt of the one that began it.
	if t.Provider != provider || subtle.ConstantTimeCompare([]byte(t.Browser), []byte(b64(HashToken(browser)))) != 1 {
		return t, ErrAttempt
	}
	if _, err := a.Store.TakeTicket(ctx, key, a.Now()); err != nil {
		return t, ErrAttempt
	}
	t.site = ticket.Site
	return t, nil
}

// fetch exchanges the code and reads the profile. goth asserts types on what
// the provider sent, so a panic is an answer too.
func (a *Service) fetch(k Keys, scope discuss.ID, t taken, params url.Values) (who Profile, err error) {
	defer providerPanic(k.Provider, &err)
	how, p, err := a.speaker(k, scope, t.Verifier)
	if err != nil {
		return who, err
	}
	params = url.Values{"code": {params.Get("code")}, "state": {params.Get("state")}, "iss": {params.Get("iss")}, "user": {params.Get("user")}, "code_verifier": {t.Verifier}}
	if params.Get("code") == "" {
		return who, providerError(k.Provider, "answer", errors.New("no code came"))
	}
	s, err := p.UnmarshalSession(t.Session)
	if err != nil {
		return who, err
	}
	if how.token != nil {
		s, err = a.exchange(k, how, p, t.Verifier, params.Get("code"), scope)
	} else {
		_, err = s.Authorize(p, params)
	}
	if err != nil {
		return who, providerError(k.Provider, "token", err)
	}
	u, err := p.FetchUser(s)
	if err != nil {
		return who, providerError(k.Provider, "profile", err)
	}
	// "0" is what goth makes of an answer without an id where ids are numbers:
	// everybody would be the same person.
	if u.UserID == "" || u.UserID == "0" || len(u.UserID) > maxSubject {
		return who, providerError(k.Provider, "profile", errors.New("it told no subject"))
	}
	who = Profile{Scope: scope, Provider: k.Provider, Label: how.label, Subject: u.UserID, Name: u.Name, Picture: u.AvatarURL}
	if who.Name == "" && how.name != nil {
		who.Name = how.name(u)
	}
	if who.Name == "" {
		who.Name = u.NickName
	}
	who.Name = cleantext.Line(who.Name)
	if how.verified != nil && how.verified(u) {
		if mail, err := Email(u.Email); err == nil {
			who.Email = mail
		}
	}
	return who, nil
}

const maxSubject = 255 // bytes of a subject, as OpenID Connect has it

// exchange is the token request of a provider whose goth code would make it
// with a client that has no time limit.
func (a *Service) exchange(k Keys, how kind, p goth.Provider, verifier, code string, scope discuss.ID) (goth.Session, error) {
	base := a.Out
	if scope != 0 {
		base = a.Guarded
	}
	cfg := oauth2.Config{ClientID: k.Client, ClientSecret: k.Secret, RedirectURL: a.Link("/auth/" + k.Provider + "/callback"), Endpoint: *how.token}
	ctx, cancel := context.WithTimeout(context.WithValue(context.Background(), oauth2.HTTPClient, a.client(base, verifier)), ProviderPatience)
	defer cancel()
	tok, err := cfg.Exchange(ctx, code, oauth2.VerifierOption(verifier))
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(map[string]any{"AccessToken": tok.AccessToken})
	if err != nil {
		return nil, err
	}
	return p.UnmarshalSession(string(b))
}

// providerError writes one line without secrets and becomes ErrProvider. An
// error's own text is not logged: it may hold the code or what was answered.
func providerError(provider, step string, err error) error {
	why := "refused"
	var re *oauth2.RetrieveError
	var ue *url.Error
	switch {
	case errors.As(err, &re) && re.Response != nil:
		why = fmt.Sprintf("answered %d", re.Response.StatusCode)
	case errors.As(err, &ue) && ue.Timeout():
		why = "no answer in time"
	case errors.As(err, &ue):
		why = "not reached"
	case errors.Is(err, context.DeadlineExceeded):
		why = "no answer in time"
	case errors.Is(err, errEndpoint):
		why = "its address is not https"
	case errors.Is(err, errNonce):
		why = "nonce"
	case strings.Contains(err.Error(), "oidc:"):
		why = "id_token refused"
	}
	slog.Warn("sign-in by a provider failed", "provider", provider, "step", step, "why", why)
	return &fault{step, why}
}

func providerPanic(provider string, err *error) {
	if r := recover(); r != nil {
		slog.Warn("sign-in by a provider failed", "provider", provider, "step", "read", "why", "the answer has another shape")
		*err = ErrProvider
	}
}

// b64 is base64url without padding.
func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
