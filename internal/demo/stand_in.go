package demo

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"parley/internal/auth"
)

// The stand-in is an OpenID Connect issuer of the demo's own, so that a
// newcomer sees a whole sign-in by a provider without any keys. It says on
// every page that it is one, and it lives in `parley demo` alone.

const (
	standInName   = "stand-in"
	standInLabel  = "Demo provider"
	standInClient = "parley-demo"
	standInLife   = time.Minute // of a code
	standInBits   = 2048
)

var standInPeople = []struct{ Sub, Name, Mail string }{
	{"rosa", "Rosa Lindqvist", "rosa@demo.example"},
	{"emeka", "Emeka Obi", "emeka@demo.example"},
	{"yuki", "Yuki Tanaka", ""},
}

type standIn struct {
	issuer string
	key    *rsa.PrivateKey
	mu     sync.Mutex
	codes  map[string]standInGrant
}

type standInGrant struct {
	sub, nonce, challenge, redirect string
	until                           time.Time
}

func newStandIn(page string) (*standIn, error) {
	key, err := rsa.GenerateKey(rand.Reader, standInBits)
	return &standIn{issuer: page + "/" + standInName, key: key, codes: map[string]standInGrant{}}, err
}

// setting is what --oidc would say.
func (s *standIn) setting() string {
	u, err := url.Parse(s.issuer)
	if err != nil {
		return ""
	}
	u.User, u.Fragment = url.UserPassword(standInClient, "demo"), standInLabel
	return u.String()
}

func (s *standIn) routes(mux *http.ServeMux) {
	at := "/" + standInName
	mux.HandleFunc("GET "+at+"/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{
			"issuer": s.issuer, "authorization_endpoint": s.issuer + "/authorize", "token_endpoint": s.issuer + "/token", "jwks_uri": s.issuer + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "code_challenge_methods_supported": []string{"S256"},
		})
	})
	mux.HandleFunc("GET "+at+"/keys", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]any{"keys": []map[string]string{{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "demo", "n": base64.RawURLEncoding.EncodeToString(s.key.N.Bytes()), "e": "AQAB"}}})
	})
	mux.HandleFunc("GET "+at+"/authorize", s.authorize)
	mux.HandleFunc("POST "+at+"/token", s.token)
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

// authorize asks who one wants to be, and leads back.
func (s *standIn) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || q.Get("client_id") != standInClient || back.Path != "/auth/oidc-"+standInName+"/callback" {
		http.Error(w, "this is not a sign-in of the demo", http.StatusBadRequest)
		return
	}
	type choice struct{ Name, URL string }
	lead := func(v url.Values) string {
		v.Set("state", q.Get("state"))
		to := *back
		to.RawQuery = v.Encode()
		return to.String()
	}
	data := struct {
		People []choice
		Cancel string
	}{Cancel: lead(url.Values{"error": {"access_denied"}})}
	s.mu.Lock()
	for code, g := range s.codes {
		if time.Now().After(g.until) {
			delete(s.codes, code)
		}
	}
	for _, p := range standInPeople {
		code, _ := auth.NewToken()
		s.codes[code] = standInGrant{p.Sub, q.Get("nonce"), q.Get("code_challenge"), q.Get("redirect_uri"), time.Now().Add(10 * standInLife)}
		data.People = append(data.People, choice{p.Name, lead(url.Values{"code": {code}})})
	}
	s.mu.Unlock()
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_ = standInPage.Execute(w, data)
}

func (s *standIn) token(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, `{"error":"invalid_request"}`, http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	g, ok := s.codes[r.Form.Get("code")]
	delete(s.codes, r.Form.Get("code"))
	s.mu.Unlock()
	sum := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
	if !ok || time.Now().After(g.until) || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge || r.Form.Get("redirect_uri") != g.redirect {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	now := time.Now()
	c := jwt.MapClaims{"iss": s.issuer, "aud": standInClient, "sub": g.sub, "nonce": g.nonce, "iat": now.Unix(), "exp": now.Add(standInLife).Unix()}
	for _, p := range standInPeople {
		if p.Sub == g.sub {
			c["name"] = p.Name
			if p.Mail != "" {
				c["email"], c["email_verified"] = p.Mail, true
			}
		}
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
	t.Header["kid"] = "demo"
	id, err := t.SignedString(s.key)
	if err != nil {
		http.Error(w, `{"error":"server_error"}`, http.StatusInternalServerError)
		return
	}
	writeJSON(w, map[string]any{"access_token": "demo", "token_type": "Bearer", "expires_in": 60, "id_token": id})
}

var standInPage = template.Must(template.New("stand-in").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Demo provider</title>
<style>body{margin:0;min-height:100vh;display:grid;place-items:center;background:#26251f;color:#f3f1ec;font:1rem/1.5 system-ui,sans-serif}main{width:min(24rem,calc(100% - 2rem));display:grid;gap:.75rem}p{margin:0;color:#c9c5bb}h1{font-size:1.4rem;margin:0}.flag{justify-self:start;background:#f0c777;color:#30260f;font-weight:700;font-size:.8rem;padding:.25rem .6rem;border-radius:6px}a{display:block;padding:.8rem 1rem;border-radius:8px;background:#3b3934;color:inherit;text-decoration:none;font-weight:600}a:focus-visible{outline:3px solid #f0c777;outline-offset:2px}a.quiet{background:none;text-align:center;font-weight:400;text-decoration:underline}</style>
<main><span class="flag">A stand-in on this machine</span><h1>Who would you like to be?</h1>
<p>In place of Facebook, Google and the others stands this page of the demo. Nobody outside is asked, and these people are made up.</p>
{{range .People}}<a href="{{.URL}}">{{.Name}}</a>{{end}}<a class="quiet" href="{{.Cancel}}">Cancel</a></main></html>
`))
