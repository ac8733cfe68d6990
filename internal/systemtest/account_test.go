package systemtest

import (
	"archive/zip"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/web/rates"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pquerna/otp/totp"
)

// signs in a site account in a browser of its own.
func (b *browser) signsIn(email, password string) answer {
	b.t.Helper()
	return b.send("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":%q,"password":%q,"session":"cookie"}`, email, password))
}

func signedIn(t *testing.T, p *program, email string) *browser {
	t.Helper()
	b := p.browser()
	if a := b.signsIn(email, testPassword); a.status != 200 {
		t.Fatalf("login: %d %s", a.status, a.body)
	}
	return b
}

// own reads a route as a page of our own origin does.
func (b *browser) own(path string) answer {
	b.t.Helper()
	return b.send("GET", path, "", "Sec-Fetch-Site", "same-origin")
}

// widgetOf hands a widget on the test's page a session of the browser's account.
func (b *browser) widgetOf() string {
	b.t.Helper()
	w := b.opens()
	if a := b.send("POST", "/auth/complete", fmt.Sprintf(`{"txn":%q}`, w.txn)); a.status != 204 {
		b.t.Fatalf("complete: %d %s", a.status, a.body)
	}
	a := b.p.claims(w)
	if a.status != 200 {
		b.t.Fatalf("claim: %d %s", a.status, a.body)
	}
	for _, c := range a.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "__Host-parley-w=") {
			v, _, _ := strings.Cut(c, ";")
			return v
		}
	}
	b.t.Fatal("the claim set no cookie")
	return ""
}

func TestSomebodyLooksAfterHisAccount(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := signedIn(t, p, "ann@example.com")
	if a := b.send("PATCH", "/api/v1/me", `{"name":"Ann Lea","lang":"de","mail_replies":"daily"}`); a.status != 200 || !strings.Contains(string(a.body), `"Ann Lea"`) {
		t.Errorf("change: %d %s", a.status, a.body)
	}
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	for body, field := range map[string]string{`{"name":"B"}`: "name", `{"name":"Во Вerg"}`: "name", `{"lang":"<x>"}`: "lang"} {
		if a := b.send("PATCH", "/api/v1/me", body); a.status != 422 || !strings.Contains(string(a.body), fmt.Sprintf(`"field":%q`, field)) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	var me struct {
		Name, Lang, Email string
		Mail              string `json:"mail_replies"`
		Sites             []struct{ Site, Role string }
	}
	b.own("/api/v1/me/account").into(t, &me)
	if me.Name != "Ann Lea" || me.Lang != "de" || me.Mail != "daily" || me.Email != "ann@example.com" || len(me.Sites) != 1 {
		t.Errorf("account: %+v", me)
	}
	// A picture is drawn anew, and shown beside what was written before.
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "with a face")
	png, err := os.ReadFile(filepath.Join("testdata", "face.png"))
	if err != nil {
		t.Fatal(err)
	}
	a := b.send("PUT", "/api/v1/me/picture", string(png), "Content-Type", "image/png")
	var pic struct {
		Avatar string `json:"avatar_url"`
	}
	a.into(t, &pic)
	if a.status != 200 || !strings.Contains(pic.Avatar, "/pictures/") {
		t.Fatalf("picture: %d %s", a.status, a.body)
	}
	if got := p.do("GET", "/api/v1/sites/news/comments?thread=a", ""); !strings.Contains(string(got.body), pic.Avatar) || !strings.Contains(string(got.body), "Ann Lea") {
		t.Errorf("the page: %s", got.body)
	}
	if a := b.send("PUT", "/api/v1/me/picture", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "Content-Type", "image/svg+xml"); a.status != 422 {
		t.Errorf("a drawing with a script: %d %s", a.status, a.body)
	}
	// The export holds what was written, in both forms.
	a = b.own("/api/v1/me/export")
	if a.status != 200 || a.header.Get("Content-Type") != "application/zip" {
		t.Fatalf("export: %d %v", a.status, a.header)
	}
	z, err := zip.NewReader(bytes.NewReader(a.body), int64(len(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, _ := f.Open()
		raw, _ := io.ReadAll(r)
		files[f.Name] = string(raw)
	}
	if !strings.Contains(files["account.json"], "with a face") || !strings.Contains(files["index.html"], "with a face") || files["picture.jpg"] == "" {
		t.Errorf("the export has %d files", len(files))
	}
	if strings.Contains(files["account.json"], "argon2id") {
		t.Error("the export holds a password hash")
	}
}

func TestSessionsAreListedAndEnd(t *testing.T) {
	p := newProgram(t)
	p.start()
	here, there := signedIn(t, p, "ann@example.com"), signedIn(t, p, "ann@example.com")
	widget := there.widgetOf()
	type list struct {
		Sessions []struct {
			ID, Kind, Agent string
			Current         bool
		}
	}
	var l list
	here.own("/api/v1/me/sessions").into(t, &l)
	if len(l.Sessions) != 3 {
		t.Fatalf("sessions: %+v", l)
	}
	for _, s := range l.Sessions {
		if s.Current || s.Kind != "account" {
			continue
		}
		if s.Agent != "Chrome on Linux" {
			t.Errorf("agent %q", s.Agent)
		}
		if a := here.send("DELETE", "/api/v1/me/sessions/"+s.ID, ""); a.status != 204 {
			t.Errorf("sign out there: %d %s", a.status, a.body)
		}
	}
	if a := there.own("/api/v1/me/sessions"); a.status != 401 {
		t.Errorf("there: %d", a.status)
	}
	if a := here.send("DELETE", "/api/v1/me/sessions", ""); a.status != 204 {
		t.Errorf("everywhere else: %d", a.status)
	}
	var me struct{ User *struct{ Name string } }
	p.do("GET", "/api/v1/me?site=news", "", "Origin", testOrigin, "Cookie", widget).into(t, &me)
	if me.User != nil {
		t.Error("the widget's session lives on")
	}
	if a := here.own("/api/v1/me/sessions"); a.status != 200 {
		t.Errorf("here: %d", a.status)
	}
}

// The issue's own check: what a widget holds of one site opens nothing else.
func TestAWidgetSessionReachesNothingElse(t *testing.T) {
	p := newProgram(t)
	p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
	p.start()
	b := signedIn(t, p, "ann@example.com")
	ann := p.login("ann@example.com")
	elsewhere := p.do("POST", "/api/v1/sites/other/comments", `{"thread":"b","body":"on the other site"}`, "Authorization", ann)
	var out struct{ Comment comment }
	elsewhere.into(t, &out)
	widget := b.widgetOf()
	for _, origin := range []string{testOrigin, "https://other.example", p.base, ""} {
		call := func(method, path, body string) answer {
			h := []string{"Cookie", widget, "X-Parley", "1"}
			if origin != "" {
				h = append(h, "Origin", origin)
			}
			return p.do(method, path, body, h...)
		}
		for _, r := range []struct{ method, path, body string }{
			{"GET", "/api/v1/me/account", ""},
			{"GET", "/api/v1/me/export", ""},
			{"GET", "/api/v1/me/sessions", ""},
			{"GET", "/api/v1/me/tokens", ""},
			{"PATCH", "/api/v1/me", `{"name":"Mallory"}`},
			{"DELETE", "/api/v1/me", `{"text":"remove"}`},
			{"DELETE", "/api/v1/me/sessions", ""},
			{"POST", "/api/v1/me/password", `{"old":"a","new":"b"}`},
			{"POST", "/api/v1/me/email", `{"email":"m@example.com"}`},
			{"POST", "/api/v1/me/tokens", `{"name":"x","scopes":["admin"]}`},
			{"POST", "/api/v1/me/second-factor", ""},
			{"POST", "/api/v1/passkeys/register/begin", ""},
		} {
			if a := call(r.method, r.path, r.body); a.status != 403 || !strings.Contains(string(a.body), `"first_party_required"`) {
				t.Errorf("%s %s from %q: %d %s", r.method, r.path, origin, a.status, a.body)
			}
		}
		for _, r := range []struct{ method, path, body string }{
			{"POST", "/api/v1/sites/other/comments", `{"thread":"b","body":"as ann"}`},
			{"PATCH", "/api/v1/comments/" + out.Comment.ID, `{"body":"changed"}`},
			{"DELETE", "/api/v1/comments/" + out.Comment.ID, ""},
			{"PUT", "/api/v1/comments/" + out.Comment.ID + "/vote", `{"value":1}`},
		} {
			if a := call(r.method, r.path, r.body); a.status != 401 && a.status != 403 && a.status != 404 {
				t.Errorf("%s %s from %q: %d %s", r.method, r.path, origin, a.status, a.body)
			}
		}
		var me struct{ User *struct{ Name string } }
		if a := call("GET", "/api/v1/me?site=other", ""); a.status == 200 {
			a.into(t, &me)
			if me.User != nil {
				t.Errorf("from %q it is %s on the other site", origin, me.User.Name)
			}
		}
	}
	if a := b.own("/api/v1/me/account"); !strings.Contains(string(a.body), `"Ann Lee"`) || !strings.Contains(string(a.body), `"erase_at":null`) {
		t.Errorf("the account has changed: %s", a.body)
	}
}

// SECURITY check 24: a session's number changes at log-in, is never the
// client's choice, and a log-out ends it on the server.
func TestCheck24SessionsAreOursAndEnd(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := p.browser()
	b.jar["__Host-parley"] = "chosen-by-the-client"
	if a := b.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("a chosen session: %d", a.status)
	}
	b.signsIn("ann@example.com", testPassword)
	first := b.jar["__Host-parley"]
	if first == "chosen-by-the-client" || len(first) < 40 {
		t.Fatalf("the session is %q", first)
	}
	b.signsIn("ann@example.com", testPassword)
	second := b.jar["__Host-parley"]
	if second == first {
		t.Error("the second log-in kept the number")
	}
	b.jar["__Host-parley"] = first
	if a := b.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the first session after the second log-in: %d", a.status)
	}
	b.jar["__Host-parley"] = second
	if a := b.send("POST", "/auth/end", "{}"); a.status != 204 {
		t.Errorf("log-out: %d", a.status)
	}
	b.jar["__Host-parley"] = second
	if a := b.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("after the log-out: %d", a.status)
	}
}

// SECURITY check 25: whether an address is known shows neither in the answer
// nor in the time it takes.
func TestCheck25KnownAndUnknownLookTheSame(t *testing.T) {
	p := newProgram(t)
	p.start()
	n := 0
	for _, r := range []struct{ path, body string }{
		{"login", `{"email":%q,"password":"not the password","session":"token"}`},
		{"register", `{"name":"NAME","email":%q,"password":"a good password"}`},
		{"password-reset", `{"email":%q}`},
		{"magic-link", `{"email":%q}`},
		{"verification", `{"email":%q}`},
	} {
		ask := func(email string) (answer, time.Duration) {
			begun := time.Now()
			n++
			a := p.do("POST", "/api/v1/sites/news/"+r.path, strings.ReplaceAll(fmt.Sprintf(r.body, email), "NAME", fmt.Sprintf("Person Number %d", n)))
			return a, time.Since(begun)
		}
		var times [2][]time.Duration
		var last [2]answer
		for i := range 9 {
			for k, email := range []string{"ann@example.com", fmt.Sprintf("nobody%d@example.com", i)} {
				a, d := ask(email)
				last[k], times[k] = a, append(times[k], d)
			}
		}
		if last[0].status != last[1].status || looks(last[0].body) != looks(last[1].body) {
			t.Errorf("%s: known %d %s, unknown %d %s", r.path, last[0].status, last[0].body, last[1].status, last[1].body)
		}
		t.Logf("%s: median known %v, unknown %v", r.path, median(times[0]), median(times[1]))
	}
}

// looks is an answer without what is random in it.
func looks(b []byte) string {
	var v map[string]any
	if json.Unmarshal(b, &v) != nil {
		return string(b)
	}
	if id, ok := v["id"].(string); ok {
		v["id"] = len(id)
	}
	out, _ := json.Marshal(v)
	return string(out)
}

func median(d []time.Duration) time.Duration {
	s := append([]time.Duration{}, d...)
	for i := range s {
		for k := i; k > 0 && s[k] < s[k-1]; k-- {
			s[k], s[k-1] = s[k-1], s[k]
		}
	}
	return s[len(s)/2]
}

// SECURITY check 26: guessing is slowed, and other people are not.
func TestCheck26GuessingIsSlowed(t *testing.T) {
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_RATE_LIMITS=on")
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.start()
	usual := signedIn(t, p, "ann@example.com")
	limited := 0
	for range 20 {
		a := p.do("POST", "/api/v1/sites/news/login", `{"email":"ann@example.com","password":"guess","session":"token"}`)
		if a.status == 429 {
			limited++
			if a.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
		} else if a.status != 401 {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	if limited < 14 {
		t.Errorf("%d of 20 guesses were refused for their number", limited)
	}
	// Another spelling of the address is the same address.
	if a := p.do("POST", "/api/v1/sites/news/login", `{"email":"ANN@example.com","password":"guess","session":"token"}`); a.status != 429 {
		t.Errorf("in capitals: %d", a.status)
	}
	// Her own browser gets in all the same, and what it holds is of no use to others.
	if a := usual.signsIn("ann@example.com", testPassword); a.status != 200 {
		t.Errorf("from the usual device: %d %s", a.status, a.body)
	}
	stranger := p.browser()
	stranger.jar["__Host-parley-d"] = usual.jar["__Host-parley-d"]
	last := 0
	for range int(rates.Buckets["login"].Size) + 1 {
		last = stranger.signsIn("bo@example.com", "guess").status
	}
	if last != 429 {
		t.Errorf("with another's device: %d, want 429", last)
	}
}

// SECURITY check 27: a reset link works once, ends sessions, and leads to the
// configured address whatever host the request names.
func TestCheck27AResetLinkWorksOnce(t *testing.T) {
	p := newProgram(t)
	p.start()
	old := signedIn(t, p, "ann@example.com")
	host := strings.TrimPrefix(p.base, "http://")
	a := p.do("POST", "/api/v1/sites/news/password-reset", `{"email":"ann@example.com"}`, "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example")
	if a.status != 202 {
		t.Fatalf("reset: %d %s", a.status, a.body)
	}
	token := mailedLink(p, "reset")
	if log := p.log.String(); strings.Contains(log, "evil.example") || !strings.Contains(log, "http://"+host+"/auth/reset#") {
		t.Errorf("the mail leads elsewhere: %s", log)
	}
	b := p.browser()
	body := fmt.Sprintf(`{"token":%q,"password":"another password"}`, token)
	if a := b.send("POST", "/auth/reset", body); a.status != 204 {
		t.Fatalf("set: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/auth/reset", body); a.status != 404 {
		t.Errorf("a second time: %d", a.status)
	}
	if a := old.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the old session: %d", a.status)
	}
	if a := b.signsIn("ann@example.com", testPassword); a.status != 401 {
		t.Errorf("the old password: %d", a.status)
	}
	if a := b.signsIn("ann@example.com", "another password"); a.status != 200 {
		t.Errorf("the new password: %d", a.status)
	}
}

// SECURITY check 28: no answer ever leads to a place that is not the site's.
func TestCheck28NoOpenRedirect(t *testing.T) {
	p, o := newWorld(t)
	b := p.browser()
	for _, to := range []string{
		"https://evil.example/", "//evil.example/", "https://news.example.evil.example/", "https://news.example@evil.example/", "https://evil.example\\@news.example/",
		"https://news.example:444/", "http://news.example/", "javascript:alert(1)", "data:text/html,x", "https://NEWS.example/", "https://news.example\\.evil.example/", "/\\evil.example",
		"https://news.example\t.evil.example/", "https:news.example/", "https:///evil.example", "https://news.example%2f@evil.example/", "\x01https://news.example/", "https://[::1]/", " https://news.example/", "https://news.example\r\nLocation: https://evil.example/",
	} {
		q := url.Values{"site": {"news"}, "origin": {testOrigin}, "return": {to}, "challenge": {strings.Repeat("A", 43)}}
		if a := b.own("/auth/popup?" + q.Encode()); a.status != 403 {
			t.Errorf("popup with %q: %d", to, a.status)
		}
		body, _ := json.Marshal(map[string]string{"site": "news", "origin": testOrigin, "provider": "facebook", "return": to})
		if a := b.send("POST", "/auth/login", string(body)); a.status != 403 {
			t.Errorf("login with %q: %d", to, a.status)
		}
	}
	for _, origin := range []string{"https://evil.example", "null", "", "https://news.example.evil.example", "https://news.example/"} {
		q := url.Values{"site": {"news"}, "origin": {origin}}
		if a := b.own("/auth/popup?" + q.Encode()); a.status != 403 {
			t.Errorf("popup of %q: %d", origin, a.status)
		}
	}
	// The page that is the site's own is where a login ends.
	under(p, testOrigin+"/a?page=2")
	body := fmt.Sprintf(`{"site":"news","origin":%q,"provider":"facebook","return":"%s/a?page=2"}`, testOrigin, testOrigin)
	var out struct{ URL string }
	b.send("POST", "/auth/login", body).into(t, &out)
	u, _ := url.Parse(out.URL)
	_, a := b.arrives(b.allows(u))
	if loc := a.header.Get("Location"); !strings.HasPrefix(loc, "/auth/popup?") {
		t.Errorf("the callback leads to %s", loc)
	}
	_ = o
}

// sso signs a site's token.
func sso(key string, change func(jwt.MapClaims)) string {
	now := time.Now()
	c := jwt.MapClaims{"iss": "https://news.example", "aud": "news", "sub": "reader-7", "name": "Rosa Reader", "iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "jti": hexRandom()}
	if change != nil {
		change(c)
	}
	out, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(key))
	return out
}

// SECURITY check 23: a site's token works once, there, and never makes more of
// a reader than he is.
func TestCheck23ASitesTokenWorksOnceAndThere(t *testing.T) {
	p := newProgram(t)
	p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
	key := strings.Fields(p.run("sso", "key", "news"))[0]
	p.start()
	send := func(site, origin, token string) answer {
		b, _ := json.Marshal(map[string]string{"token": token})
		return p.do("POST", "/api/v1/sites/"+site+"/sso", string(b), "Origin", origin, "X-Parley", "1")
	}
	token := sso(key, func(c jwt.MapClaims) { c["role"] = "admin" })
	a := send("news", testOrigin, token)
	var out struct {
		User   struct{ ID, Name string }
		Bearer string
	}
	a.into(t, &out)
	if a.status != 200 || out.User.Name != "Rosa Reader" {
		t.Fatalf("sso: %d %s", a.status, a.body)
	}
	if a := send("news", testOrigin, token); a.status != 401 {
		t.Errorf("a second time: %d", a.status)
	}
	for name, change := range map[string]func(jwt.MapClaims){
		"no exp": func(c jwt.MapClaims) { delete(c, "exp") }, "too long": func(c jwt.MapClaims) { c["exp"] = time.Now().Add(10 * time.Minute).Unix() },
		"expired": func(c jwt.MapClaims) {
			c["iat"], c["exp"] = time.Now().Add(-10*time.Minute).Unix(), time.Now().Add(-6*time.Minute).Unix()
		},
		"future": func(c jwt.MapClaims) {
			c["iat"], c["exp"] = time.Now().Add(6*time.Minute).Unix(), time.Now().Add(8*time.Minute).Unix() // five is what clocks may differ by
		},
		"no jti": func(c jwt.MapClaims) { delete(c, "jti") }, "ends before it begins": func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-30 * time.Second).Unix() }, "no sub": func(c jwt.MapClaims) { c["sub"] = "" }, "no iss": func(c jwt.MapClaims) { delete(c, "iss") },
		"another site": func(c jwt.MapClaims) { c["aud"] = "other" }, "two sites": func(c jwt.MapClaims) { c["aud"] = []string{"news", "other"} }, "no iat": func(c jwt.MapClaims) { delete(c, "iat") },
	} {
		if a := send("news", testOrigin, sso(key, change)); a.status != 401 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := send("other", "https://other.example", sso(key, func(c jwt.MapClaims) { c["aud"] = "other" })); a.status != 401 {
		t.Errorf("on another site: %d", a.status)
	}
	if a := send("news", "https://evil.example", sso(key, nil)); a.status != 403 {
		t.Errorf("from elsewhere: %d", a.status)
	}
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"iss": "x", "aud": "news", "sub": "1", "name": "Evil", "iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(), "jti": "z"}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if a := send("news", testOrigin, none); a.status != 401 {
		t.Errorf("alg none: %d", a.status)
	}
	if a := send("news", testOrigin, sso("another key", nil)); a.status != 401 {
		t.Errorf("another key: %d", a.status)
	}
	// What only whoever holds the key can have written is named.
	for field, change := range map[string]func(*jwt.Token, jwt.MapClaims){
		"exp":  func(_ *jwt.Token, c jwt.MapClaims) { c["exp"] = fmt.Sprint(time.Now().Add(time.Minute).Unix()) },
		"iat":  func(_ *jwt.Token, c jwt.MapClaims) { c["iat"] = time.Now().Format(time.RFC3339) },
		"nbf":  func(_ *jwt.Token, c jwt.MapClaims) { c["nbf"] = "0" },
		"crit": func(t *jwt.Token, _ jwt.MapClaims) { t.Header["crit"] = []string{"b64"} },
	} {
		claims := jwt.MapClaims{}
		if _, _, err := jwt.NewParser().ParseUnverified(sso(key, nil), claims); err != nil {
			t.Fatal(err)
		}
		odd := jwt.NewWithClaims(jwt.SigningMethodHS256, claims)
		change(odd, claims)
		text, _ := odd.SignedString([]byte(key))
		if a := send("news", testOrigin, text); a.status != 401 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("an odd %s: %d %s", field, a.status, a.body)
		}
		text, _ = odd.SignedString([]byte("another key"))
		if a := send("news", testOrigin, text); a.status != 401 || strings.Contains(string(a.body), `"field"`) {
			t.Errorf("an odd %s by another key: %d %s", field, a.status, a.body)
		}
	}
	// The role was ignored, and he is nobody elsewhere.
	if a := p.do("GET", "/api/v1/sites/news/moderation/queue", "", "Origin", testOrigin, "Authorization", "Bearer "+out.Bearer); a.status == 200 {
		t.Error("the token's role counted")
	}
	// A second key works beside the first; a third ends the first.
	second := strings.Fields(p.run("sso", "key", "news"))[0]
	for name, k := range map[string]string{"first": key, "second": second} {
		if a := send("news", testOrigin, sso(k, nil)); a.status != 200 {
			t.Errorf("%s of two keys: %d %s", name, a.status, a.body)
		}
	}
	p.run("sso", "key", "news")
	if a := send("news", testOrigin, sso(key, nil)); a.status != 401 {
		t.Errorf("the first of three keys: %d", a.status)
	}
	// The same person comes back as the same author; a member's name gets a number.
	a = send("news", testOrigin, sso(second, nil))
	var back struct{ User struct{ Name string } }
	a.into(t, &back)
	if back.User.Name != "Rosa Reader" {
		t.Errorf("came back as %q", back.User.Name)
	}
	a = send("news", testOrigin, sso(second, func(c jwt.MapClaims) { c["sub"], c["name"] = "reader-8", "Ann Lee" }))
	a.into(t, &back)
	if back.User.Name != "Ann Lee 2" {
		t.Errorf("a member's name: %q", back.User.Name)
	}
}

func TestASignInByMail(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := p.browser()
	a := b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`)
	var out struct{ ID string }
	a.into(t, &out)
	link := mailedLink(p, "magic")
	code := mailedCode(t, p)
	for range 3 {
		if a := b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":"000000"}`, out.ID)); a.status != 401 && code != "000000" {
			t.Errorf("a wrong code: %d", a.status)
		}
	}
	if a := b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":%q}`, out.ID, code)); a.status != 200 {
		t.Errorf("the code: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":%q}`, out.ID, code)); a.status != 401 {
		t.Errorf("the code a second time: %d", a.status)
	}
	// On another device the link signs in there, and only there.
	other := p.browser()
	a = other.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q}`, link))
	if a.status != 200 || !strings.Contains(string(a.body), `"here":false`) {
		t.Errorf("the link: %d %s", a.status, a.body)
	}
	if a := other.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q}`, link)); a.status != 401 {
		t.Errorf("the link a second time: %d", a.status)
	}
	// Five wrong codes end it.
	a = b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`)
	a.into(t, &out)
	for range 5 {
		b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":"x"}`, out.ID))
	}
	mailedLinks(p, "magic", 2)
	code = mailedCode(t, p)
	if a := b.send("POST", "/auth/code", fmt.Sprintf(`{"id":%q,"code":%q}`, out.ID, code)); a.status != 401 {
		t.Errorf("the right code after five wrong ones: %d", a.status)
	}
}

func TestASecondFactor(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := signedIn(t, p, "ann@example.com")
	var begun struct{ Secret, Ticket string }
	b.send("POST", "/api/v1/me/second-factor", "{}").into(t, &begun)
	code, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var done struct {
		Codes []string `json:"recovery_codes"`
	}
	a := b.send("PUT", "/api/v1/me/second-factor", fmt.Sprintf(`{"ticket":%q,"code":%q}`, begun.Ticket, code))
	a.into(t, &done)
	if a.status != 200 || len(done.Codes) != 10 {
		t.Fatalf("switch on: %d %s", a.status, a.body)
	}
	login := func(code string) answer {
		return p.do("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":"ann@example.com","password":%q,"session":"token","code":%q}`, testPassword, code))
	}
	if a := login(""); a.status != 403 || !strings.Contains(string(a.body), `"second_factor"`) {
		t.Errorf("the password alone: %d %s", a.status, a.body)
	}
	if a := login(code); a.status != 401 {
		t.Errorf("a code that was used: %d", a.status)
	}
	if a := login("123"); a.status != 401 {
		t.Errorf("a wrong code: %d", a.status)
	}
	if a := login(done.Codes[0]); a.status != 200 {
		t.Errorf("a recovery code: %d %s", a.status, a.body)
	}
	if a := login(done.Codes[0]); a.status != 401 {
		t.Errorf("a recovery code a second time: %d", a.status)
	}
	// A mailed link alone opens nothing either, and is not used up by asking.
	x := p.browser()
	x.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`)
	link := mailedLink(p, "magic")
	if a := x.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q}`, link)); a.status != 403 || !strings.Contains(string(a.body), `"second_factor"`) {
		t.Errorf("the link alone: %d %s", a.status, a.body)
	}
	if a := x.send("POST", "/auth/magic", fmt.Sprintf(`{"token":%q,"second":%q}`, link, done.Codes[1])); a.status != 200 {
		t.Errorf("the link with a code: %d %s", a.status, a.body)
	}
}

func TestGuestsCommentsBecomeTheAccounts(t *testing.T) {
	p := newProgram(t)
	p.run("site", "set", "news", "--guests")
	p.start()
	a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"as a guest","guest":{"name":"Passer By"}}`, "Origin", testOrigin, "X-Parley", "1")
	if a.status != 201 {
		t.Fatalf("guest: %d %s", a.status, a.body)
	}
	cookie := ""
	for _, c := range a.header.Values("Set-Cookie") {
		if strings.HasPrefix(c, "__Host-parley-g=") {
			if !strings.Contains(c, "HttpOnly") || !strings.Contains(c, "Partitioned") {
				t.Errorf("the cookie is %s", c)
			}
			cookie, _, _ = strings.Cut(c, ";")
		}
	}
	// Another browser's guest of the same name stays who he is.
	p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"another guest","guest":{"name":"Passer By"}}`, "Origin", testOrigin, "X-Parley", "1")
	b := signedIn(t, p, "ann@example.com")
	w := b.opens()
	b.send("POST", "/auth/complete", fmt.Sprintf(`{"txn":%q}`, w.txn))
	if a := p.do("POST", "/api/v1/auth/claim", fmt.Sprintf(`{"txn":%q,"verifier":%q}`, w.txn, w.verifier), "Origin", testOrigin, "X-Parley", "1", "Cookie", cookie); a.status != 200 {
		t.Fatalf("claim: %d %s", a.status, a.body)
	}
	names := map[string]string{}
	for _, c := range p.page("thread=a").Comments {
		names[c.HTML] = c.Author.Name
	}
	if names["<p>as a guest</p>"] != "Ann Lee" || names["<p>another guest</p>"] != "Passer By" {
		t.Errorf("authors: %v", names)
	}
}

func TestFacebookAsksToForget(t *testing.T) {
	p, _ := newWorld(t)
	b := p.browser()
	w := b.opens()
	b.arrives(b.allows(b.goes("facebook", w.txn)))
	b.send("POST", "/auth/introduce", `{"name":"Ada Lovelace"}`)
	cookie := strings.SplitN(p.claims(w).header.Get("Set-Cookie"), ";", 2)[0]
	p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"to be forgotten"}`, "Origin", testOrigin, "X-Parley", "1", "Cookie", cookie)
	issued := time.Now().Unix()
	signed := func(secret string) string {
		payload := base64.RawURLEncoding.EncodeToString([]byte(fmt.Sprintf(`{"algorithm":"HMAC-SHA256","user_id":"fb-42","issued_at":%d}`, issued)))
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(payload))
		return url.Values{"signed_request": {base64.RawURLEncoding.EncodeToString(m.Sum(nil)) + "." + payload}}.Encode()
	}
	ask := func(path, body string) answer {
		return p.do("POST", path, body, "Content-Type", "application/x-www-form-urlencoded")
	}
	if a := ask("/auth/facebook/deletion", signed("another secret")); a.status != 422 {
		t.Errorf("forged: %d %s", a.status, a.body)
	}
	// What was asked before this account had the identity is not about it.
	issued -= 3600
	if a := ask("/auth/facebook/deauthorize", signed(appSecret)); a.status != 204 {
		t.Errorf("left long ago: %d %s", a.status, a.body)
	}
	if a := ask("/auth/facebook/deletion", signed(appSecret)); a.status != 200 {
		t.Errorf("deletion asked long ago: %d %s", a.status, a.body)
	}
	if a := b.own("/api/v1/me/account"); a.status != 200 {
		t.Errorf("the session after an old request: %d", a.status)
	}
	issued += 3600
	if a := ask("/auth/facebook/deauthorize", signed(appSecret)); a.status != 204 {
		t.Errorf("left: %d %s", a.status, a.body)
	}
	if a := b.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the session after he left: %d", a.status)
	}
	a := ask("/auth/facebook/deletion", signed(appSecret))
	var out struct {
		URL  string
		Code string `json:"confirmation_code"`
	}
	a.into(t, &out)
	if a.status != 200 || out.Code == "" || !strings.HasSuffix(out.URL, out.Code) {
		t.Fatalf("deletion: %d %s", a.status, a.body)
	}
	page := p.do("GET", strings.TrimPrefix(out.URL, p.base), "")
	if page.status != 200 || !strings.Contains(string(page.body), "Your data is") || !strings.Contains(page.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Errorf("the page: %d %s", page.status, page.body)
	}
	p.kill()
	p.start() // the sweep runs at once
	eventually(t, "the words are gone", func() bool { return len(p.page("thread=a").Comments) == 0 })
	eventually(t, "the page says so", func() bool {
		return strings.Contains(string(p.do("GET", strings.TrimPrefix(out.URL, p.base), "").body), "Your data is deleted")
	})
}

// Linking needs a session and a fresh proof; an identity is one account's.
func TestLinkingAnIdentity(t *testing.T) {
	p, o := newWorld(t)
	b := signedIn(t, p, "ann@example.com")
	a := b.send("POST", "/auth/link", `{"provider":"facebook"}`)
	var out struct{ URL string }
	a.into(t, &out)
	u, _ := url.Parse(out.URL)
	_, a = b.arrives(b.allows(u))
	if a.header.Get("Location") != "/account?identity=done" {
		t.Fatalf("link: %d %v %s", a.status, a.header, a.body)
	}
	// From now on Facebook opens Ann's account.
	again := p.browser()
	if step, _ := again.arrives(again.allows(again.goes("facebook", ""))); step != "done" {
		t.Errorf("step %q", step)
	}
	var me struct{ Name string }
	again.own("/api/v1/me/account").into(t, &me)
	if me.Name != "Ann Lee" {
		t.Errorf("it opened %q", me.Name)
	}
	// Somebody else cannot take it, nor add it without a session.
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	bo := signedIn(t, p, "bo@example.com")
	bo.send("POST", "/auth/link", `{"provider":"facebook"}`).into(t, &out)
	u, _ = url.Parse(out.URL)
	if _, a := bo.arrives(bo.allows(u)); a.header.Get("Location") != "/account?identity=taken" {
		t.Errorf("taken: %v", a.header)
	}
	if a := p.browser().send("POST", "/auth/link", `{"provider":"facebook"}`); a.status != 401 {
		t.Errorf("without a session: %d", a.status)
	}
	_ = o
	if a := b.send("DELETE", "/api/v1/me/identities/facebook", ""); a.status != 204 {
		t.Errorf("unlink: %d %s", a.status, a.body)
	}
}
