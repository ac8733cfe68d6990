package systemtest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// everyone is a world in which every provider of the catalogue answers, each
// as its documentation says. It keeps what it was asked.
type everyone struct {
	o  *outside
	mu sync.Mutex
	// asked is the last authorization request, tokens the last token request.
	asked  url.Values
	tokens url.Values
	basic  string // client of HTTP Basic authentication
}

// profiles are what each provider tells about the same person.
var profiles = map[string]string{
	"GET /www.googleapis.com/oauth2/v2/userinfo": `{"id":"g-1","name":"Pat Google","email":"pat@example.com","verified_email":true,"picture":""}`,
	"GET /api.github.com/user":                   `{"id":4242,"login":"patgh","name":"","avatar_url":""}`,
	"GET /graph.microsoft.com/v1.0/me":           `{"id":"m-1","displayName":"Pat Microsoft","mail":"pat@example.com"}`,
	"GET /api.x.com/2/users/me":                  `{"data":{"id":"x-1","name":"Pat X","username":"patx"}}`,
	"GET /discord.com/api/users/@me":             `{"id":"d-1","username":"Pat Discord","email":"pat@example.com","verified":true}`,
	"GET /gitlab.com/api/v4/user":                `{"id":7,"name":"Pat GitLab","username":"patgl","email":"pat@example.com"}`,
	"GET /login.yandex.ru/info":                  `{"id":"y-1","real_name":"Pat Yandex","default_email":"pat@example.com"}`,
	"GET /api.vk.com/method/users.get":           `{"response":[{"id":9,"first_name":"Pat","last_name":"Vk"}]}`,
	"GET /graph.facebook.com/v24.0/me":           `{"id":"f-1","name":"Pat Facebook"}`,
}

func (e *everyone) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	host, path, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	w.Header().Set("Content-Type", "application/json")
	issuer := map[string]string{"appleid.apple.com": "https://appleid.apple.com", "www.linkedin.com": "https://www.linkedin.com/oauth"}[host]
	switch {
	case strings.HasSuffix(path, ".well-known/openid-configuration"):
		_ = json.NewEncoder(w).Encode(map[string]any{"issuer": issuer, "authorization_endpoint": "https://" + host + "/authorize", "token_endpoint": "https://" + host + "/token", "jwks_uri": "https://" + host + "/jwks", "id_token_signing_alg_values_supported": []string{"RS256"}})
	case path == "jwks":
		e.o.jwks(w, r)
	case r.Method == http.MethodPost:
		_ = r.ParseForm()
		e.mu.Lock()
		e.tokens = r.Form
		e.basic, _, _ = r.BasicAuth()
		nonce, client := e.asked.Get("nonce"), e.asked.Get("client_id")
		e.mu.Unlock()
		out := map[string]any{"access_token": "at", "token_type": "Bearer", "expires_in": 3600, "email": "pat@example.com", "user_id": 9}
		if issuer != "" {
			name := ""
			if host == "www.linkedin.com" {
				name = "Pat LinkedIn"
			}
			c := jwt.MapClaims{"iss": issuer, "sub": "o-1", "aud": client, "nonce": nonce, "iat": time.Now().Unix(), "exp": time.Now().Add(time.Hour).Unix()}
			if name != "" {
				c["name"] = name
			}
			t := jwt.NewWithClaims(jwt.SigningMethodRS256, c)
			t.Header["kid"] = "k1"
			out["id_token"], _ = t.SignedString(e.o.key)
		}
		_ = json.NewEncoder(w).Encode(out)
	case profiles["GET "+r.URL.Path] != "":
		if r.Header.Get("Authorization") == "" && r.URL.Query().Get("access_token") == "" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		_, _ = w.Write([]byte(profiles["GET "+r.URL.Path]))
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

// Every provider of the catalogue, from the first address to a name beside a
// comment.
func TestEveryProviderSignsIn(t *testing.T) {
	e := &everyone{o: newOutside(t)}
	srv := httptest.NewServer(e)
	defer srv.Close()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_PROVIDERS_VIA="+srv.URL)
	for _, name := range []string{"FACEBOOK", "GOOGLE", "GITHUB", "MICROSOFT", "X", "DISCORD", "GITLAB", "LINKEDIN", "YANDEX", "VK"} {
		p.env = append(p.env, "PARLEY_"+name+"_ID=client-"+name, "PARLEY_"+name+"_SECRET=secret")
	}
	p.env = append(p.env, "PARLEY_APPLE_ID=client-APPLE", "PARLEY_APPLE_TEAM=TEAM", "PARLEY_APPLE_KEY=KEY", "PARLEY_APPLE_SECRET="+string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
	p.start()
	for provider, want := range map[string]struct{ host, name, mail string }{
		"facebook": {"www.facebook.com/v24.0/dialog/oauth", "Pat Facebook", ""}, "google": {"accounts.google.com", "Pat Google", "pat@example.com"},
		"github": {"github.com/login/oauth/authorize", "patgh", ""}, "microsoft": {"login.microsoftonline.com", "Pat Microsoft", ""}, "x": {"x.com/i/oauth2/authorize", "Pat X", ""},
		"discord": {"discord.com/api/oauth2/authorize", "Pat Discord", "pat@example.com"}, "gitlab": {"gitlab.com/oauth/authorize", "Pat GitLab", ""},
		"linkedin": {"www.linkedin.com/authorize", "Pat LinkedIn", ""}, "yandex": {"oauth.yandex.ru/authorize", "Pat Yandex", ""}, "vk": {"oauth.vk.com/authorize", "Pat Vk", ""},
		"apple": {"appleid.apple.com/authorize", "Pat Apple", ""},
	} {
		t.Run(provider, func(t *testing.T) {
			p.t = t
			b := p.browser()
			to := b.goes(provider, "")
			if !strings.HasPrefix(to.String(), srv.URL+"/"+want.host) {
				t.Errorf("goes to %s", to)
			}
			q := to.Query()
			if q.Get("client_id") != "client-"+strings.ToUpper(provider) || q.Get("redirect_uri") != p.base+"/auth/"+provider+"/callback" || q.Get("code_challenge_method") != "S256" || len(q.Get("state")) < 40 || q.Get("prompt") == "none" {
				t.Errorf("asks %v", q)
			}
			e.mu.Lock()
			e.asked = q
			e.mu.Unlock()
			var step string
			var a answer
			if provider == "apple" { // Apple answers by a form from its own site, without our cookie
				keep := b.jar
				b.jar = map[string]string{}
				form := url.Values{"code": {"c"}, "state": {q.Get("state")}, "user": {`{"name":{"firstName":"Pat","lastName":"Apple"}}`}}
				a = b.send("POST", "/auth/apple/callback", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "Origin", "https://appleid.apple.com")
				if a.status != http.StatusSeeOther {
					t.Fatalf("the form: %d %s", a.status, a.body)
				}
				b.jar = keep
				step, a = b.arrives(a.header.Get("Location"))
			} else {
				step, a = b.arrives("/auth/" + provider + "/callback?code=c&state=" + q.Get("state"))
			}
			if step != "name" {
				t.Fatalf("step %q: %d %s\n%s", step, a.status, a.body, p.log)
			}
			e.mu.Lock()
			if e.tokens.Get("code_verifier") == "" || e.tokens.Get("redirect_uri") != p.base+"/auth/"+provider+"/callback" {
				t.Errorf("the token was asked for with %v", e.tokens)
			}
			if e.basic == "" && e.tokens.Get("client_secret") == "" {
				t.Error("the secret was not shown")
			}
			e.mu.Unlock()
			page := b.own("/auth/popup?site=news&origin=" + testOrigin + "&step=name&provider=" + provider)
			if !strings.Contains(string(page.body), want.name) {
				t.Errorf("the window does not know %q", want.name)
			}
			if a := b.send("POST", "/auth/introduce", fmt.Sprintf(`{"name":"Reader %s"}`, strings.ToUpper(provider))); a.status != 200 {
				t.Fatalf("introduce: %d %s", a.status, a.body)
			}
			var me struct{ Email string }
			b.own("/api/v1/me/account").into(t, &me)
			// Google and Discord vouch for the same address here: it is the first one's.
			if me.Email != "" && me.Email != want.mail {
				t.Errorf("address %q", me.Email)
			}
		})
	}
}

// An address and a password change as they should: with a proof, and with the
// old address told.
func TestAddressAndPasswordChange(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.start()
	b, other := signedIn(t, p, "ann@example.com"), signedIn(t, p, "ann@example.com")
	if a := b.send("POST", "/api/v1/me/password", `{"old":"wrong","new":"another password"}`); a.status != 422 || !strings.Contains(string(a.body), `"old"`) {
		t.Errorf("a wrong old one: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/api/v1/me/password", fmt.Sprintf(`{"old":%q,"new":"short"}`, testPassword)); a.status != 422 || !strings.Contains(string(a.body), `"new"`) {
		t.Errorf("a short new one: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/api/v1/me/password", fmt.Sprintf(`{"old":%q,"new":"another password"}`, testPassword)); a.status != 204 {
		t.Fatalf("password: %d %s", a.status, a.body)
	}
	if a := other.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the other session: %d", a.status)
	}
	if a := b.own("/api/v1/me/account"); a.status != 200 {
		t.Errorf("this session: %d", a.status)
	}
	if a := b.send("POST", "/api/v1/me/email", `{"email":"two@example.com, three@example.com"}`); a.status != 422 {
		t.Errorf("two addresses: %d", a.status)
	}
	if a := b.send("POST", "/api/v1/me/email", `{"email":"Ann.New@example.com"}`); a.status != 202 {
		t.Fatalf("address: %d %s", a.status, a.body)
	}
	link := mailedLink(p, "email")
	eventually(t, "the old address is told", func() bool {
		return strings.Contains(p.log.String(), "mail to ann@example.com: Your address is being changed")
	})
	if a := p.browser().send("POST", "/auth/email", fmt.Sprintf(`{"token":%q}`, link)); a.status != 204 {
		t.Errorf("confirm: %d %s", a.status, a.body)
	}
	if a := p.browser().send("POST", "/auth/email", fmt.Sprintf(`{"token":%q}`, link)); a.status != 404 {
		t.Errorf("confirm twice: %d", a.status)
	}
	if a := p.browser().signsIn("ann.new@example.com", "another password"); a.status != 200 {
		t.Errorf("sign in with both: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/api/v1/me/email", `{"email":"bo@example.com"}`); a.status != 202 {
		t.Fatalf("a taken address: %d", a.status)
	}
	eventually(t, "the mail to the taken address", func() bool { return strings.Contains(p.log.String(), "mail to bo@example.com") })
	if a := p.browser().send("POST", "/auth/email", fmt.Sprintf(`{"token":%q}`, mailedLink(p, "email"))); a.status != 422 {
		t.Errorf("a taken address: %d %s", a.status, a.body)
	}
}
