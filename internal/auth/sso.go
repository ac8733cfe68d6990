package auth

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/discuss"
)

// Limits of a site's own tokens.
const (
	SSOLife      = 5 * time.Minute // from iat to exp, at most
	ssoSkew      = 5 * time.Minute // by which the clocks of site and server may differ
	maxSSOToken  = 8 << 10
	ssoKeysKept  = 2 // so that one can be replaced while the other signs
	ssoNameTries = 50
)

// ErrSSO says that a token is not good. Why is not told: whoever signs tokens
// sees it in the claims, whoever forges them learns nothing.
var ErrSSO = &discuss.Error{Kind: discuss.SignedOut, Code: "sso", Detail: "The site's sign-in token is not valid, too old, or was used before."}

// ssoClaims are what a token says.
type ssoClaims struct {
	jwt.RegisteredClaims
	Name   string `json:"name"`
	Email  string `json:"email"`
	Avatar string `json:"avatar"`
	Role   string `json:"role"`
	Thread string `json:"thread"` // key of a thread that the site says there is
	Tier   string `json:"tier"`   // of the reader's subscription
	Author bool   `json:"author"` // the reader wrote the page of Thread
}

func ssoPurpose(site discuss.ID) string { return "sso " + site.String() }

// SSOKey is one of a site's signing keys.
type SSOKey struct {
	ID      discuss.ID
	Sealed  []byte
	Created time.Time
}

// NewSSOKey makes a key for a site's tokens and returns it; it is shown once.
// Of those before, the newest goes on working until the next one is made.
func (a *Service) NewSSOKey(ctx context.Context, site discuss.ID) (string, error) {
	secret, _ := NewToken()
	return secret, a.Store.PutSSOKey(ctx, site, a.Seal.Seal(secret, ssoPurpose(site)), ssoKeysKept, a.Now())
}

// SSOKeyList is a site's signing keys without their secrets, newest first.
func (a *Service) SSOKeyList(ctx context.Context, site discuss.ID) ([]SSOKey, error) {
	keys, err := a.Store.SSOKeys(ctx, site)
	for i := range keys {
		keys[i].Sealed = nil
	}
	return keys, err
}

// DropSSOKey ends one of a site's keys: what it has signed is no longer taken.
func (a *Service) DropSSOKey(ctx context.Context, site, id discuss.ID) error {
	return a.Store.DropSSOKey(ctx, site, id)
}

// SSO takes a site's token in: it returns the account that the site speaks
// for, which is known on this site alone, and the thread that it says there is.
// A token works once.
func (a *Service) SSO(ctx context.Context, site discuss.Site, token string) (acc Account, thread string, err error) {
	claims, err := a.readSSO(ctx, site, token)
	if err != nil {
		return Account{}, "", err
	}
	acc, err = a.ssoAccount(ctx, site, claims)
	return acc, claims.Thread, err
}

func (a *Service) ssoAccount(ctx context.Context, site discuss.Site, claims ssoClaims) (Account, error) {
	if err := a.Store.UseJTI(ctx, site.ID, HashToken(claims.ID), claims.ExpiresAt.Add(ssoSkew), a.Now()); err != nil {
		return Account{}, err
	}
	name, err := a.Name(claims.Name)
	if err != nil {
		return Account{}, err
	}
	acc, err := a.Store.UseIdentity(ctx, site.ID, "sso", claims.Subject, a.Now())
	fresh := discuss.KindOf(err) == discuss.NotFound
	switch {
	case fresh:
		acc, err = a.ssoPerson(ctx, site.ID, name, claims)
	case err == nil && acc.Name != name:
		// The site has renamed him. A name that somebody else has stays away.
		if e := a.Store.Rename(ctx, acc.ID, name, a.Skeleton(name)); e == nil {
			acc.Name = name
		} else if discuss.KindOf(e) != discuss.Invalid {
			err = e
		}
	}
	if err != nil {
		return acc, err
	}
	if site.Settings.SignIn.SSORoles && claims.Role == string(discuss.Moderator) {
		if err := a.Store.RaiseRole(ctx, site.ID, acc.ID, acc.Name, discuss.Moderator); err != nil {
			return acc, err
		}
	}
	wrote := ""
	if claims.Author {
		wrote = claims.Thread
	}
	if changed, err := a.Store.Subscribed(ctx, site.ID, acc.ID, acc.Name, discuss.Tier(claims.Tier), wrote); err != nil {
		return acc, err
	} else if changed {
		a.Changed()
	}
	if fresh && claims.Avatar != "" && a.Fetch != nil {
		if id, err := a.takePicture(ctx, acc.ID, claims.Avatar); err == nil {
			acc.Avatar = id
		}
	}
	return acc, nil
}

func (a *Service) readSSO(ctx context.Context, site discuss.Site, token string) (ssoClaims, error) {
	var none ssoClaims
	if token == "" || len(token) > maxSSOToken {
		return none, ErrSSO
	}
	keys, err := a.Store.SSOKeys(ctx, site.ID)
	if err != nil {
		return none, err
	}
	p := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithAudience(site.Key), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(ssoSkew), jwt.WithTimeFunc(a.Now), jwt.WithStrictDecoding())
	for _, k := range keys {
		secret, err := a.Seal.Open(k.Sealed, ssoPurpose(site.ID))
		if err != nil {
			return none, err
		}
		var c ssoClaims
		key := func(*jwt.Token) (any, error) { return []byte(secret), nil }
		plain := jwt.MapClaims{}
		signed, err := onlySigned.ParseWithClaims(token, plain, key)
		if err != nil {
			continue
		}
		if err := asWritten(signed.Header, plain); err != nil {
			return none, err
		}
		if _, err := p.ParseWithClaims(token, &c, key); err != nil {
			continue
		}
		if c.Issuer == "" || c.Subject == "" || len(c.Subject) > maxSubject || c.ID == "" || c.IssuedAt == nil || len(c.Audience) != 1 ||
			c.ExpiresAt.Sub(c.IssuedAt.Time) > SSOLife || !c.ExpiresAt.After(c.IssuedAt.Time) || !utf8.ValidString(c.Subject) {
			return none, ErrSSO
		}
		return c, nil
	}
	return none, ErrSSO
}

// onlySigned looks at who signed a token alone.
var onlySigned = jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithoutClaimsValidation(), jwt.WithStrictDecoding())

// asWritten looks at what the parser takes as it comes: extensions that whoever
// signed calls critical, none of which is known here (RFC 7515, 4.1.11), and
// times that are no numbers. Whoever holds the key is told which it is.
func asWritten(header map[string]any, claims jwt.MapClaims) error {
	e := *ErrSSO
	if _, ok := header["crit"]; ok {
		e.Fields = []discuss.Field{{Name: "crit", Message: "names extensions that are not known here"}}
		return &e
	}
	for _, name := range []string{"exp", "iat", "nbf"} {
		v, ok := claims[name]
		if _, number := v.(float64); ok && !number {
			e.Fields = append(e.Fields, discuss.Field{Name: name, Message: "must be a number of seconds"})
		}
	}
	if len(e.Fields) > 0 {
		return &e
	}
	return nil
}

// ssoPerson makes the account of a site's reader. The name is the site's word;
// where somebody has it, a number tells the two apart.
func (a *Service) ssoPerson(ctx context.Context, site discuss.ID, name string, c ssoClaims) (Account, error) {
	who := Profile{Scope: site, Provider: "sso", Subject: c.Subject, Name: name}
	for n := 1; ; n++ {
		try := name
		if n > 1 {
			try = cut(name, 36) + " " + strconv.Itoa(n)
		}
		acc, err := a.Store.NewPerson(ctx, Account{Name: try, Verified: true, Site: site}, who, Place{Site: site, Skeleton: a.Skeleton(try)}, a.Now())
		if errors.Is(err, ErrLinkTaken) { // two tabs at once: the other has just made it
			return a.Store.UseIdentity(ctx, site, "sso", c.Subject, a.Now())
		}
		if discuss.KindOf(err) != discuss.Invalid || n == ssoNameTries {
			return acc, err
		}
	}
}

// cut shortens text to n code points.
func cut(text string, n int) string {
	r := []rune(text)
	return strings.TrimSpace(string(r[:min(n, len(r))]))
}

// discovery is what an issuer's address is often copied with.
const discovery = "/.well-known/openid-configuration"

var issuerName = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,30}$`)

// maxClientBytes bounds what an owner tells of a registration; the longest is
// Apple's private key.
const maxClientBytes = 4 << 10

// PutSiteWay keeps a site's own keys at a provider, or its own issuer; an
// error names the field. An empty secret keeps the one that is there, for the
// same issuer only: another one must not get it. With ask the issuer is asked
// first for its description, as the first sign-in would.
func (a *Service) PutSiteWay(ctx context.Context, site discuss.ID, k Keys, ask bool) error {
	k.Client, k.Secret, k.Issuer = strings.TrimSpace(k.Client), strings.TrimSpace(k.Secret), strings.TrimSuffix(strings.TrimSpace(k.Issuer), discovery)
	if k.Secret == "" {
		own, err := a.siteWays(ctx, site)
		if err != nil {
			return err
		}
		for _, old := range own {
			if old.Provider == k.Provider && old.Issuer == k.Issuer {
				k.Secret = old.Secret
			}
		}
	}
	if err := a.checkKeys(&k); err != nil {
		return err
	}
	if ask {
		if err := a.askIssuer(k, site); err != nil {
			return err
		}
	}
	extra, err := json.Marshal(struct{ Team, KeyID string }{k.Team, k.KeyID})
	if err != nil {
		return err
	}
	sealed := SealedKeys{Keys: k, Sealed: a.Seal.Seal(k.Secret, sealPurpose(site, k.Provider))}
	sealed.Secret = ""
	if err := a.Store.PutSiteWay(ctx, site, sealed, string(extra)); err != nil {
		return err
	}
	a.health.Delete(healthKey{site, k.Provider}) // what others' keys came to says nothing of these
	a.Forget()
	return nil
}

// checkKeys names the first field of a registration that cannot be.
func (a *Service) checkKeys(k *Keys) error {
	name, issuer := strings.CutPrefix(k.Provider, oidcPrefix)
	_, known := catalogue[k.Provider]
	if !known && (!issuer || !issuerName.MatchString(name)) {
		return discuss.Bad("provider", "must be one of "+strings.Join(order, ", ")+", or oidc- and a name of small letters, digits and hyphens")
	}
	if issuer {
		u, err := url.Parse(k.Issuer)
		if err != nil || u.Scheme != "https" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
			return discuss.Bad("issuer", "must be an https address")
		}
		if k.Label, err = a.Name(k.Label); err != nil {
			return discuss.Bad("label", "must be 2 to 40 characters")
		}
	}
	for _, f := range []struct {
		needed      bool
		name, value string
	}{{true, "client", k.Client}, {!issuer, "secret", k.Secret}, {k.Provider == "apple", "team", k.Team}, {k.Provider == "apple", "key_id", k.KeyID}} {
		if f.needed && f.value == "" {
			return discuss.Bad(f.name, "must be given")
		}
		if len(f.value) > maxClientBytes {
			return discuss.Bad(f.name, "must be at most 4096 bytes")
		}
	}
	return nil
}

func (a *Service) askIssuer(k Keys, site discuss.ID) error {
	_, p, err := a.speaker(k, site, "")
	if err != nil {
		return err
	}
	if o, ok := p.(*oidcProvider); ok {
		if _, err := o.discover(); err != nil {
			return discuss.Bad("issuer", "has no "+discovery+" that this server can read, or it names another issuer")
		}
	}
	return nil
}

// DropSiteWay takes a site's own keys away; the instance's come back.
func (a *Service) DropSiteWay(ctx context.Context, site discuss.ID, provider string) error {
	defer a.Forget()
	return a.Store.DropSiteWay(ctx, site, provider)
}

// SiteWayList is a site's own keys without their secrets.
func (a *Service) SiteWayList(ctx context.Context, site discuss.ID) ([]Keys, error) {
	own, err := a.siteWays(ctx, site)
	out := make([]Keys, len(own))
	for i, k := range own {
		k.HasSecret, k.Secret = k.Secret != "", ""
		out[i] = k
	}
	return out, err
}
