package auth

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/golang-jwt/jwt/v5"
	"github.com/markbates/goth"
	"golang.org/x/oauth2"
)

// oidcProvider speaks OpenID Connect: discovery, a signed id_token whose
// issuer, audience, time and nonce are checked, then userinfo for what the
// token leaves out. goth's own provider of that name checks neither the
// signature nor the nonce.
type oidcProvider struct {
	name, issuer string
	keys         Keys
	callback     string
	client       *http.Client
	inBody       bool // the secret goes into the body of the token request
	secret       func() (string, error)
	scopes       []string
	form         bool // the provider answers by a form, as Apple does
	// callerCache keeps the metadata of issuers: it is fetched at the first login and
	// again once a day, never at start.
	known *sync.Map // issuer → metadata
}

type metadata struct {
	at time.Time
	p  *oidc.Provider
}

const metadataLife = 24 * time.Hour

func (p *oidcProvider) discover() (*oidc.Provider, error) {
	if v, ok := p.known.Load(p.issuer); ok && time.Since(v.(metadata).at) < metadataLife {
		return v.(metadata).p, nil
	}
	ctx, cancel := context.WithTimeout(p.ctx(), ProviderPatience)
	defer cancel()
	got, err := oidc.NewProvider(ctx, p.issuer)
	if err != nil {
		return nil, fmt.Errorf("discover %s: %w", p.issuer, err)
	}
	p.known.Store(p.issuer, metadata{time.Now(), got})
	return got, nil
}

func (p *oidcProvider) ctx() context.Context {
	return oidc.ClientContext(context.Background(), p.client)
}

func (p *oidcProvider) config(from *oidc.Provider) (*oauth2.Config, error) {
	secret := p.keys.Secret
	if p.secret != nil {
		var err error
		if secret, err = p.secret(); err != nil {
			return nil, err
		}
	}
	e := from.Endpoint()
	if p.inBody {
		e.AuthStyle = oauth2.AuthStyleInParams
	}
	scopes := p.scopes
	if scopes == nil {
		scopes = []string{oidc.ScopeOpenID, oidc.ScopeProfile, oidc.ScopeEmail}
	}
	return &oauth2.Config{ClientID: p.keys.Client, ClientSecret: secret, RedirectURL: p.callback, Endpoint: e, Scopes: scopes}, nil
}

// oidcSession is goth's Session for it.
type oidcSession struct {
	AuthURL string
	Nonce   string
	Token   string
	Claims  map[string]any
	Told    string // Apple: the name, which comes with the form and only once
}

// GetAuthURL is where the browser goes.
func (s *oidcSession) GetAuthURL() (string, error) { return s.AuthURL, nil }

// Marshal keeps the session between the two requests.
func (s *oidcSession) Marshal() string {
	b, _ := json.Marshal(s)
	return string(b)
}

var errNonce = errors.New("the id_token's nonce is not ours")

// Authorize exchanges the code and checks the id_token.
func (s *oidcSession) Authorize(gp goth.Provider, params goth.Params) (string, error) {
	p := gp.(*oidcProvider)
	from, err := p.discover()
	if err != nil {
		return "", err
	}
	cfg, err := p.config(from)
	if err != nil {
		return "", err
	}
	if iss := params.Get("iss"); iss != "" && iss != p.issuer { // RFC 9207
		return "", errors.New("another issuer answered")
	}
	ctx, cancel := context.WithTimeout(p.ctx(), ProviderPatience)
	defer cancel()
	tok, err := cfg.Exchange(ctx, params.Get("code"), oauth2.VerifierOption(params.Get("code_verifier")))
	if err != nil {
		return "", err
	}
	rawToken, _ := tok.Extra("id_token").(string)
	if rawToken == "" {
		return "", errors.New("no id_token came")
	}
	id, err := from.VerifierContext(ctx, &oidc.Config{ClientID: p.keys.Client}).Verify(ctx, rawToken)
	if err != nil {
		return "", err
	}
	if id.IssuedAt.After(time.Now().Add(time.Minute)) {
		return "", errors.New("the id_token is from the future")
	}
	if s.Nonce == "" || subtle.ConstantTimeCompare([]byte(id.Nonce), []byte(s.Nonce)) != 1 {
		return "", errNonce
	}
	if err := id.Claims(&s.Claims); err != nil {
		return "", err
	}
	s.Claims["sub"] = id.Subject
	if p.form {
		var u struct {
			Name struct{ FirstName, LastName string }
		}
		if json.Unmarshal([]byte(params.Get("user")), &u) == nil {
			s.Told = u.Name.FirstName + " " + u.Name.LastName
		}
	}
	s.Token = tok.AccessToken
	if s.Claims["name"] == nil && from.UserInfoEndpoint() != "" && id.Subject != "" {
		info, err := from.UserInfo(ctx, oauth2.StaticTokenSource(tok))
		if err == nil && info.Subject == id.Subject {
			var more map[string]any
			if info.Claims(&more) == nil {
				for k, v := range more {
					if s.Claims[k] == nil {
						s.Claims[k] = v
					}
				}
			}
		}
	}
	return s.Token, nil
}

// Name is the provider's id.
func (p *oidcProvider) Name() string { return p.name }

// SetName changes it.
func (p *oidcProvider) SetName(n string) { p.name = n }

// Debug does nothing.
func (p *oidcProvider) Debug(bool) {}

// RefreshTokenAvailable is false: we look once and keep no token.
func (p *oidcProvider) RefreshTokenAvailable() bool { return false }

// RefreshToken is not used.
func (p *oidcProvider) RefreshToken(string) (*oauth2.Token, error) {
	return nil, errors.New("not used")
}

// BeginAuth finds the authorization endpoint.
func (p *oidcProvider) BeginAuth(state string) (goth.Session, error) {
	from, err := p.discover()
	if err != nil {
		return nil, err
	}
	cfg, err := p.config(from)
	if err != nil {
		return nil, err
	}
	var opts []oauth2.AuthCodeOption
	if p.form {
		opts = append(opts, oauth2.SetAuthURLParam("response_mode", "form_post"))
	}
	return &oidcSession{AuthURL: cfg.AuthCodeURL(state, opts...)}, nil
}

// UnmarshalSession reads what Marshal wrote.
func (p *oidcProvider) UnmarshalSession(s string) (goth.Session, error) {
	out := &oidcSession{}
	return out, json.Unmarshal([]byte(s), out)
}

// FetchUser turns claims into a user.
func (p *oidcProvider) FetchUser(gs goth.Session) (goth.User, error) {
	s := gs.(*oidcSession)
	text := func(k string) string { v, _ := s.Claims[k].(string); return v }
	u := goth.User{Provider: p.name, RawData: s.Claims, UserID: text("sub"), Name: text("name"), NickName: text("preferred_username"), Email: text("email"), AvatarURL: text("picture")}
	if u.Name == "" {
		u.Name = s.Told
	}
	return u, nil
}

// appleSecretLife is how long a made client secret is good for; Apple takes
// six months, one login needs a minute.
const appleSecretLife = 10 * time.Minute

// newApple is Apple over OpenID Connect. Its client secret is a token that we
// sign; goth's provider wants it made beforehand and exchanges the code with a
// client that has no time limit.
func newApple(k Keys, callback string, hc *http.Client) goth.Provider {
	return &oidcProvider{
		name: "apple", issuer: "https://appleid.apple.com", keys: k, callback: callback, client: hc, inBody: true, form: true,
		scopes: []string{"openid", "name", "email"},
		secret: func() (string, error) {
			key, err := jwt.ParseECPrivateKeyFromPEM([]byte(k.Secret))
			if err != nil {
				return "", fmt.Errorf("apple's private key: %w", err)
			}
			now := time.Now()
			t := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
				"iss": k.Team, "iat": now.Unix(), "exp": now.Add(appleSecretLife).Unix(), "aud": "https://appleid.apple.com", "sub": k.Client,
			})
			t.Header["kid"] = k.KeyID
			return t.SignedString(key)
		},
	}
}
