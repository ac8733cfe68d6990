package systemtest

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// outside is the world beyond this server, on loopback: a Facebook, an OpenID
// Connect issuer and a host of pictures. The program reaches it by
// PARLEY_PROVIDERS_VIA, so that the first part of a path is the real host.
type outside struct {
	*httptest.Server
	key *rsa.PrivateKey

	mu     sync.Mutex
	codes  map[string]grant
	person map[string]any // what the provider tells about who signs in
	twist  string         // what goes wrong
	seen   []string       // method and path of every request
	coop   bool           // the provider's page cuts the window off
	slow   chan struct{}  // closed to let a hanging answer go
}

// grant is a code that was given.
type grant struct{ challenge, nonce, redirect, client string }

const (
	appID     = "1234567890"
	appSecret = "app-secret-for-tests"
	oidcHost  = "login.acme.test"
)

func newOutside(t *testing.T) *outside {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	o := &outside{key: key, codes: map[string]grant{}, slow: make(chan struct{})}
	o.is(map[string]any{"id": "fb-42", "name": "Ada Lovelace", "email": "ada@example.com", "picture": map[string]any{"data": map[string]any{"url": "https://platform-lookaside.fbsbx.com/ada.png"}}})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /www.facebook.com/v24.0/dialog/oauth", o.dialog)
	mux.HandleFunc("POST /graph.facebook.com/v24.0/oauth/access_token", o.token)
	mux.HandleFunc("GET /graph.facebook.com/v24.0/me", o.me)
	mux.HandleFunc("GET /platform-lookaside.fbsbx.com/ada.png", picture)
	mux.HandleFunc("GET /"+oidcHost+"/.well-known/openid-configuration", o.discovery)
	mux.HandleFunc("GET /"+oidcHost+"/authorize", o.dialog)
	mux.HandleFunc("POST /"+oidcHost+"/token", o.token)
	mux.HandleFunc("GET /"+oidcHost+"/jwks", o.jwks)
	o.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.seen = append(o.seen, r.Method+" "+r.URL.Path)
		o.mu.Unlock()
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(func() {
		o.release()
		o.Close()
	})
	return o
}

func (o *outside) release() {
	o.mu.Lock()
	defer o.mu.Unlock()
	select {
	case <-o.slow:
	default:
		close(o.slow)
	}
}

// is changes who signs in.
func (o *outside) is(person map[string]any) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.person = person
}

// goes changes what goes wrong; "" for nothing.
func (o *outside) goes(twist string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.twist = twist
}

func (o *outside) now() (map[string]any, string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.person, o.twist
}

// requests are the paths asked for since the last call.
func (o *outside) requests() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := o.seen
	o.seen = nil
	return out
}

// env configures the program for this world.
func (o *outside) env() []string {
	return []string{
		"PARLEY_PROVIDERS_VIA=" + o.URL, "PARLEY_FACEBOOK_ID=" + appID, "PARLEY_FACEBOOK_SECRET=" + appSecret,
		"PARLEY_OIDC=acme=https://client:oidc-secret@" + oidcHost + "#Acme",
	}
}

// dialog is the provider's own sign-in: a page with two links, or straight
// back where the query says so.
func (o *outside) dialog(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	code := hexRandom()
	o.mu.Lock()
	o.codes[code] = grant{q.Get("code_challenge"), q.Get("nonce"), q.Get("redirect_uri"), q.Get("client_id")}
	coop := o.coop
	o.mu.Unlock()
	back := func(v url.Values) string {
		v.Set("state", q.Get("state"))
		return q.Get("redirect_uri") + "?" + v.Encode()
	}
	if r.Header.Get("Sec-Fetch-Mode") == "" { // a program, not a browser
		http.Redirect(w, r, back(url.Values{"code": {code}}), http.StatusFound)
		return
	}
	if coop {
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprintf(w, `<!doctype html><title>Provider</title><h1>The provider’s own page</h1><a href="%s">Continue as Ada</a> <a href="%s">Cancel</a>`,
		html.EscapeString(back(url.Values{"code": {code}})), html.EscapeString(back(url.Values{"error": {"access_denied"}, "error_reason": {"user_denied"}})))
}

func hexRandom() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b)
	return hex.EncodeToString(b)
}

func (o *outside) token(w http.ResponseWriter, r *http.Request) {
	_, twist := o.now()
	switch twist {
	case "token 500":
		w.WriteHeader(http.StatusInternalServerError)
		return
	case "token garbage":
		_, _ = w.Write([]byte("<html>come back later</html>"))
		return
	case "token slow":
		<-o.slow
		return
	}
	_ = r.ParseForm()
	o.mu.Lock()
	g, ok := o.codes[r.Form.Get("code")]
	delete(o.codes, r.Form.Get("code"))
	o.mu.Unlock()
	sum := sha256.Sum256([]byte(r.Form.Get("code_verifier")))
	if !ok || base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge || r.Form.Get("redirect_uri") != g.redirect {
		http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
		return
	}
	out := map[string]any{"access_token": "at-" + hexRandom(), "token_type": "Bearer", "expires_in": 3600}
	if strings.HasPrefix(r.URL.Path, "/"+oidcHost) {
		out["id_token"] = o.idToken(g)
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(out)
}

func (o *outside) idToken(g grant) string {
	person, twist := o.now()
	now := time.Now()
	c := jwt.MapClaims{"iss": "https://" + oidcHost, "aud": g.client, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(), "nonce": g.nonce}
	for k, v := range person {
		c[k] = v
	}
	switch twist {
	case "nonce":
		c["nonce"] = "another"
	case "no nonce":
		delete(c, "nonce")
	case "aud":
		c["aud"] = "somebody-else"
	case "iss":
		c["iss"] = "https://evil.test"
	case "expired":
		c["exp"] = now.Add(-time.Hour).Unix()
	case "future":
		c["iat"] = now.Add(time.Hour).Unix()
	case "no exp":
		delete(c, "exp")
	}
	t := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
	t.Header["kid"] = "k1"
	var out string
	switch twist {
	case "alg none":
		t = jwt.NewWithClaims(jwt.SigningMethodNone, c)
		out, _ = t.SignedString(jwt.UnsafeAllowNoneSignatureType)
	case "hs swap": // signed with the public key as if it were a shared secret
		t = jwt.NewWithClaims(jwt.SigningMethodHS256, c)
		out, _ = t.SignedString(o.key.N.Bytes())
	case "other key":
		other, _ := rsa.GenerateKey(rand.Reader, 2048)
		out, _ = t.SignedString(other)
	default:
		out, _ = t.SignedString(o.key)
	}
	return out
}

func (o *outside) discovery(w http.ResponseWriter, _ *http.Request) {
	_, twist := o.now()
	if twist == "discovery 500" {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	at := "https://" + oidcHost
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"issuer": at, "authorization_endpoint": at + "/authorize", "token_endpoint": at + "/token", "jwks_uri": at + "/jwks",
		"id_token_signing_alg_values_supported": []string{"RS256"},
	})
}

func (o *outside) jwks(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"keys": []map[string]string{{
		"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k1", "n": base64.RawURLEncoding.EncodeToString(o.key.N.Bytes()), "e": "AQAB",
	}}})
}

// me is Facebook's profile: it wants the proof that the caller knows the app's secret.
func (o *outside) me(w http.ResponseWriter, r *http.Request) {
	person, twist := o.now()
	if twist == "profile 500" {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	q := r.URL.Query()
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(q.Get("access_token")))
	if q.Get("appsecret_proof") != hex.EncodeToString(mac.Sum(nil)) || q.Get("fields") != "id,name,email,picture" {
		http.Error(w, `{"error":{"message":"Invalid appsecret_proof"}}`, http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(person)
}

// picture is a picture of somebody, red above blue.
func picture(w http.ResponseWriter, _ *http.Request) {
	m := image.NewRGBA(image.Rect(0, 0, 50, 50))
	for y := range 50 {
		for x := range 50 {
			c := color.RGBA{200, 30, 30, 255}
			if y >= 25 {
				c = color.RGBA{30, 30, 200, 255}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, m)
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(b.Bytes())
}

// browser is a person's browser as far as HTTP goes: cookies, and redirects
// that it follows to the provider and back. Chromium itself plays the whole in
// the browser tests.
type browser struct {
	t      *testing.T
	p      *program
	c      *http.Client
	jar    map[string]string // ours; the standard jar keeps no Secure cookie of plain http
	origin string
}

func (p *program) browser() *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{t: p.t, p: p, jar: map[string]string{}, origin: p.base, c: &http.Client{Jar: jar, Timeout: 40 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// send asks our server as a document of its own origin does.
func (b *browser) send(method, path, body string, header ...string) answer {
	b.t.Helper()
	var cookies []string
	for k, v := range b.jar {
		cookies = append(cookies, k+"="+v)
	}
	all := append([]string{"Cookie", strings.Join(cookies, "; "), "X-Parley", "1", "User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"}, header...)
	if method != "GET" {
		all = append([]string{"Origin", b.origin}, all...)
	}
	r, err := http.NewRequest(method, b.p.base+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(all); i += 2 {
		if all[i+1] != "" {
			r.Header.Set(all[i], all[i+1])
		}
	}
	res, err := b.c.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	for _, c := range res.Cookies() {
		if c.MaxAge < 0 || c.Value == "" {
			delete(b.jar, c.Name)
		} else {
			b.jar[c.Name] = c.Value
		}
	}
	var buf bytes.Buffer
	_, _ = buf.ReadFrom(res.Body)
	return answer{res.StatusCode, res.Header, buf.Bytes()}
}

// widget is the half of a sign-in that stays on the publisher's page.
type widget struct{ txn, verifier, origin string }

// opens begins a sign-in for a widget on the test's page.
func (b *browser) opens() widget {
	b.t.Helper()
	w := widget{verifier: hexRandom() + hexRandom(), origin: testOrigin}
	sum := sha256.Sum256([]byte(w.verifier))
	a := b.send("POST", "/auth/begin", fmt.Sprintf(`{"site":"news","origin":%q,"challenge":%q}`, w.origin, base64.RawURLEncoding.EncodeToString(sum[:])))
	var out struct{ Txn string }
	a.into(b.t, &out)
	if a.status != 200 || out.Txn == "" {
		b.t.Fatalf("begin: %d %s", a.status, a.body)
	}
	w.txn = out.Txn
	return w
}

// goes asks for a provider's address.
func (b *browser) goes(provider, txn string) *url.URL {
	b.t.Helper()
	a := b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"news","origin":%q,"provider":%q,"txn":%q}`, testOrigin, provider, txn))
	var out struct{ URL string }
	a.into(b.t, &out)
	u, err := url.Parse(out.URL)
	if a.status != 200 || err != nil {
		b.t.Fatalf("login: %d %s", a.status, a.body)
	}
	return u
}

// allows is the person saying yes at the provider: it returns the callback's
// path and query, which the browser has not followed yet.
func (b *browser) allows(to *url.URL) string {
	b.t.Helper()
	res, err := b.c.Get(to.String())
	if err != nil {
		b.t.Fatal(err)
	}
	_ = res.Body.Close()
	back, err := url.Parse(res.Header.Get("Location"))
	if err != nil || res.StatusCode != http.StatusFound {
		b.t.Fatalf("the provider answered %d to %s", res.StatusCode, to)
	}
	return back.RequestURI()
}

// arrives follows a callback and returns the step that the window is led to.
func (b *browser) arrives(callback string) (step string, a answer) {
	b.t.Helper()
	a = b.send("GET", callback, "")
	u, _ := url.Parse(a.header.Get("Location"))
	if u == nil {
		return "", a
	}
	return u.Query().Get("step"), a
}

// claims asks once for the widget's session.
func (p *program) claims(w widget) answer {
	p.t.Helper()
	return p.do("POST", "/api/v1/auth/claim", fmt.Sprintf(`{"txn":%q,"verifier":%q}`, w.txn, w.verifier), "Origin", w.origin, "X-Parley", "1")
}
