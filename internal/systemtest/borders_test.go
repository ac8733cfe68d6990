package systemtest

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"
	"github.com/pquerna/otp/totp"
)

// file is where the test's program keeps everything.
func (p *program) file() string {
	p.t.Helper()
	for _, e := range p.env {
		if v, ok := strings.CutPrefix(e, "PARLEY_DATABASE=sqlite:"); ok {
			return v
		}
	}
	p.t.Fatal("no database")
	return ""
}

// tables is a digest of every row of every table.
func (p *program) tables() string {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.file()+"?mode=ro")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`)
	if err != nil {
		p.t.Fatal(err)
	}
	var names []string
	for rows.Next() {
		var n string
		if err := rows.Scan(&n); err != nil {
			p.t.Fatal(err)
		}
		names = append(names, n)
	}
	_ = rows.Close()
	h := sha256.New()
	for _, n := range names {
		rows, err := db.Query(`SELECT * FROM "` + n + `"`)
		if err != nil {
			continue // a table of a full-text index has no rows of its own
		}
		cols, _ := rows.Columns()
		for rows.Next() {
			cells := make([]any, len(cols))
			for i := range cells {
				cells[i] = new(any)
			}
			_ = rows.Scan(cells...)
			fmt.Fprint(h, n)
			for _, c := range cells {
				fmt.Fprint(h, *c.(*any), "|")
			}
		}
		_ = rows.Close()
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// SECURITY checks 10 and 11: only a listed origin gets in, exactly as it is
// written, and what is refused leaves no row.
func TestCheck10And11OriginsAreExact(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := signedIn(t, p, "ann@example.com")
	widget := b.widgetOf()
	before := p.tables()
	post := func(origin, contentType, body string) answer {
		h := []string{"Cookie", widget, "X-Parley", "1", "Content-Type", contentType}
		if origin != "-" {
			h = append(h, "Origin", origin)
		}
		return p.do("POST", "/api/v1/sites/news/comments", body, h...)
	}
	for _, origin := range []string{
		"-", "null", "https://evil.example", "http://news.example", "https://news.example:444", "https://news.example.evil.example", "https://evilnews.example", "https://sub.news.example",
		"https://news.example/", "https://NEWS.example", "https://news.example:443", "https://news.example@evil.example", "https://news.examplе", "https://news.example.", "file://", "https://", "*",
	} {
		a := post(origin, "application/json", `{"thread":"a","body":"from elsewhere"}`)
		if a.status != 403 || a.header.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%q: %d, allowed %q", origin, a.status, a.header.Get("Access-Control-Allow-Origin"))
		}
		if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
			t.Errorf("%q: Vary %v", origin, a.header.Values("Vary"))
		}
	}
	for _, ct := range []string{"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""} {
		if a := post(testOrigin, ct, `{"thread":"a","body":"by form"}`); a.status != 415 && a.status != 400 { // 400: not even a form
			t.Errorf("%q: %d", ct, a.status)
		}
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"without the header"}`, "Cookie", widget, "Origin", testOrigin); a.status != 403 {
		t.Errorf("without X-Parley: %d", a.status)
	}
	if p.tables() != before {
		t.Error("a refused write changed a row")
	}
	if a := post(testOrigin, "application/json", `{"thread":"a","body":"from home"}`); a.status != 201 || a.header.Get("Access-Control-Allow-Origin") != testOrigin {
		t.Errorf("the true one: %d %s", a.status, a.body)
	}
}

// SECURITY check 12: no GET changes a row, mailed links included: scanners
// follow them before their readers do.
func TestCheck12AGetChangesNothing(t *testing.T) {
	p, _ := newWorld(t)
	b := signedIn(t, p, "ann@example.com")
	b.send("POST", "/api/v1/sites/news/password-reset", `{"email":"ann@example.com"}`)
	b.send("POST", "/api/v1/sites/news/magic-link", `{"email":"ann@example.com"}`)
	reset, magic := mailedLink(p, "reset"), mailedLink(p, "magic")
	eventually(t, "the mail jobs are done", func() bool { a := p.tables(); time.Sleep(300 * time.Millisecond); return a == p.tables() })
	before := p.tables()
	for _, path := range []string{
		"/auth/verify?token=x", "/auth/reset?token=" + reset, "/auth/magic?token=" + magic, "/auth/email?token=x", "/auth/sso?site=news&token=x", "/auth/popup?site=news&origin=" + testOrigin,
		"/auth/popup?site=news&origin=" + testOrigin + "&provider=facebook&step=done", "/auth/facebook/callback?code=x&state=y", "/auth/facebook/deletion/x", "/account", "/account?identity=done",
		"/api/v1/me/account", "/api/v1/me/export", "/api/v1/me/sessions", "/api/v1/me/tokens", "/api/v1/me?site=news&thread=a", "/dashboard/", "/setup",
	} {
		b.own(path)
		b.send("HEAD", path, "")
	}
	if p.tables() != before {
		t.Error("reading changed a row")
	}
}

// SECURITY checks 14 and 16: nobody frames what people sign in with, and the
// cookies are what they must be, each useless in the other's place.
func TestCheck14And16FramesAndCookies(t *testing.T) {
	p, _ := newWorld(t)
	for _, path := range []string{"/account", "/dashboard/", "/setup", "/auth/popup?site=news&origin=" + testOrigin, "/auth/verify", "/auth/magic", "/auth/nowhere", "/auth/facebook/callback", "/nothing"} {
		a := p.do("GET", path, "")
		if !strings.Contains(a.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %d, policy %q", path, a.status, a.header.Get("Content-Security-Policy"))
		}
	}
	b := p.browser()
	a := b.signsIn("ann@example.com", testPassword)
	if c := a.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-parley=") || !hasAll(c, "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax") || strings.Contains(c, "Domain") {
		t.Errorf("account cookie: %s", c)
	}
	w := b.opens()
	b.send("POST", "/auth/complete", fmt.Sprintf(`{"txn":%q}`, w.txn))
	a = p.claims(w)
	c := a.header.Get("Set-Cookie")
	if !strings.HasPrefix(c, "__Host-parley-w=") || !hasAll(c, "; Path=/", "; Secure", "; HttpOnly", "; SameSite=None", "; Partitioned") {
		t.Errorf("widget cookie: %s", c)
	}
	value, _, _ := strings.Cut(strings.TrimPrefix(c, "__Host-parley-w="), ";")
	x := p.browser()
	x.jar["__Host-parley"] = value
	if a := x.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the widget's session in the account's cookie: %d", a.status)
	}
	var me struct{ User *struct{ Name string } }
	p.do("GET", "/api/v1/me?site=news", "", "Origin", testOrigin, "Cookie", "__Host-parley-w="+b.jar["__Host-parley"]).into(t, &me)
	if me.User != nil {
		t.Error("the account's session works in the widget's cookie")
	}
	a = b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"news","origin":%q,"provider":"facebook"}`, testOrigin))
	if c := a.header.Get("Set-Cookie"); !strings.HasPrefix(c, "__Host-parley-login=") || !hasAll(c, "; Secure", "; HttpOnly", "; SameSite=Lax") {
		t.Errorf("login cookie: %s", c)
	}
}

func hasAll(s string, parts ...string) bool {
	for _, p := range parts {
		if !strings.Contains(s, p) {
			return false
		}
	}
	return true
}

// SECURITY check 17, without a browser: a claim needs the verifier and the
// origin, and works once.
func TestCheck17AClaimNeedsItsVerifier(t *testing.T) {
	p := newProgram(t)
	p.start()
	b := signedIn(t, p, "ann@example.com")
	w := b.opens()
	b.send("POST", "/auth/complete", fmt.Sprintf(`{"txn":%q}`, w.txn))
	for name, x := range map[string]widget{
		"another verifier": {w.txn, strings.Repeat("0", 64), w.origin}, "no verifier": {w.txn, "", w.origin}, "another origin": {w.txn, w.verifier, "https://evil.example"},
		"our own origin": {w.txn, w.verifier, p.base}, "another number": {strings.Repeat("A", 43), w.verifier, w.origin},
	} {
		if a := p.claims(x); a.status != 410 || a.header.Get("Set-Cookie") != "" {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if a := p.claims(w); a.status != 200 {
		t.Errorf("the true one: %d %s", a.status, a.body)
	}
	if a := p.claims(w); a.status != 410 {
		t.Errorf("a second time: %d", a.status)
	}
}

// SECURITY checks 29, 31 and 32: what is another's or another site's is not
// there, and a body changes only what it may.
func TestCheck29To32AnothersThingsAreNotThere(t *testing.T) {
	p := newProgram(t)
	p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Dee", "--password", testPassword, "--role", "moderator")
	p.run("user", "add", "--site", "other", "--email", "ad@example.com", "--name", "Ad Min", "--password", testPassword, "--role", "admin")
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.start()
	ann, bo, mo, ad := p.login("ann@example.com"), p.login("bo@example.com"), p.login("mo@example.com"), p.login("ad@example.com")
	c := p.post(ann, "a", "", "by ann")
	for name, r := range map[string]struct{ method, path, body, who string }{
		"edit of another's":         {"PATCH", "/api/v1/comments/" + c.ID, `{"body":"changed"}`, bo},
		"source of another's":       {"GET", "/api/v1/comments/" + c.ID + "/source", "", bo},
		"delete by another's admin": {"DELETE", "/api/v1/comments/" + c.ID, "", ad},
		"ways by a moderator":       {"GET", "/api/v1/sites/news/settings/ways", "", mo},
		"keys by a moderator":       {"POST", "/api/v1/sites/news/settings/sso-keys", "", mo},
		"ways by another's admin":   {"PUT", "/api/v1/sites/news/settings/ways/facebook", `{"client":"1","secret":"2"}`, ad},
		"queue by another's admin":  {"GET", "/api/v1/sites/news/moderation/queue", "", ad},
		"another's session":         {"DELETE", "/api/v1/me/sessions/000000000000000000000000", "", bo},
		"another's passkey":         {"DELETE", "/api/v1/passkeys/00ff", "", bo},
	} {
		if a := p.do(r.method, r.path, r.body, "Authorization", r.who); a.status != 403 && a.status != 404 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	a := p.do("PATCH", "/api/v1/me", `{"name":"Bo Borg","role":"admin","operator":true,"email":"ann@example.com","site_id":0,"verified":true,"id":"1"}`, "Authorization", bo)
	if a.status != 422 || !strings.Contains(string(a.body), `"role"`) { // said, not swallowed
		t.Errorf("change: %d %s", a.status, a.body)
	}
	if a := p.do("PATCH", "/api/v1/me", `{"name":"Bo Borg"}`, "Authorization", bo); a.status != 200 {
		t.Errorf("the name alone: %d %s", a.status, a.body)
	}
	var me struct {
		Email string
		Sites []struct{ Role string }
	}
	p.do("GET", "/api/v1/me/account", "", "Authorization", bo).into(t, &me)
	if me.Email != "bo@example.com" || len(me.Sites) != 1 || me.Sites[0].Role != "member" {
		t.Errorf("after it: %+v", me)
	}
	if got := p.page("thread=a").Comments[0]; got.HTML != "<p>by ann</p>" {
		t.Errorf("the comment is %q", got.HTML)
	}
}

// A site's own keys: sealed in the file, good on that site alone, and its
// people are nobody elsewhere.
func TestASitesOwnKeysAreSealedAndItsOwn(t *testing.T) {
	p := newProgram(t)
	o := newOutside(t)
	p.env = append(p.env, "PARLEY_PROVIDERS_VIA="+o.URL, "PARLEY_WAY_SECRET="+appSecret)
	p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example", "--guests")
	p.run("way", "set", "news", "facebook", "--client", appID)
	if out := p.run("way", "list", "news"); !strings.Contains(out, "the site's own keys") || strings.Contains(out, appSecret) {
		t.Errorf("list: %s", out)
	}
	for _, f := range []string{p.file(), p.file() + "-wal"} {
		if b, err := os.ReadFile(f); err == nil && strings.Contains(string(b), appSecret) {
			t.Errorf("%s holds the secret", filepath.Base(f))
		}
	}
	info, err := os.Stat(filepath.Join(filepath.Dir(p.file()), "parley.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file: %v %v", info, err)
	}
	p.start()
	ways := func(site string) string {
		var out struct {
			Site struct{ Ways []struct{ ID string } }
		}
		p.do("GET", "/api/v1/sites/"+site+"/comments?thread=a", "").into(t, &out)
		return fmt.Sprint(out.Site.Ways)
	}
	if ways("news") != "[{facebook} {site}]" || ways("other") != "[{site} {guest}]" {
		t.Errorf("ways: %s and %s", ways("news"), ways("other"))
	}
	b := p.browser()
	w := b.opens()
	if step, a := b.arrives(b.allows(b.goes("facebook", w.txn))); step != "name" {
		t.Fatalf("step %q %s", step, a.body)
	}
	b.send("POST", "/auth/introduce", `{"name":"Ada Lovelace"}`)
	if a := p.claims(w); a.status != 200 {
		t.Errorf("claim: %d %s", a.status, a.body)
	}
	var me struct{ User *struct{ Name string } }
	b.send("GET", "/api/v1/me?site=news", "", "Sec-Fetch-Site", "same-origin").into(t, &me)
	if me.User == nil || me.User.Name != "Ada Lovelace" {
		t.Errorf("on its own site: %+v", me)
	}
	me.User = nil
	b.send("GET", "/api/v1/me?site=other", "", "Sec-Fetch-Site", "same-origin").into(t, &me)
	if me.User != nil {
		t.Errorf("on another site it is %s", me.User.Name)
	}
	if a := b.send("POST", "/api/v1/sites/other/comments", `{"thread":"a","body":"hello there"}`); a.status != 401 {
		t.Errorf("a comment elsewhere: %d %s", a.status, a.body)
	}
	// Facebook's request to forget names no app: the site's own is found too.
	payload := base64.RawURLEncoding.EncodeToString([]byte(`{"algorithm":"HMAC-SHA256","user_id":"fb-42"}`))
	mac := hmac.New(sha256.New, []byte(appSecret))
	mac.Write([]byte(payload))
	signed := url.Values{"signed_request": {base64.RawURLEncoding.EncodeToString(mac.Sum(nil)) + "." + payload}}.Encode()
	if a := p.do("POST", "/auth/facebook/deauthorize", signed, "Content-Type", "application/x-www-form-urlencoded"); a.status != 204 {
		t.Errorf("left: %d %s", a.status, a.body)
	}
	if a := b.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the session after he left: %d", a.status)
	}
	// Over the API, by an admin, without the secret coming back.
	p.run("user", "add", "--site", "other", "--email", "ad@example.com", "--name", "Ad Min", "--password", testPassword, "--role", "admin")
	ad := p.login("ad@example.com")
	if a := p.do("PUT", "/api/v1/sites/other/settings/ways/google", `{"client":"c","secret":"very-secret"}`, "Authorization", ad); a.status != 204 {
		t.Errorf("put: %d %s", a.status, a.body)
	}
	if a := p.do("GET", "/api/v1/sites/other/settings/ways", "", "Authorization", ad); a.status != 200 || strings.Contains(string(a.body), "very-secret") || !strings.Contains(string(a.body), "/auth/google/callback") {
		t.Errorf("get: %d %s", a.status, a.body)
	}
	if ways("other") != "[{google} {site} {guest}]" {
		t.Errorf("the page says %s", ways("other"))
	}
	// In the owner's order; what it does not name follows.
	if a := p.do("PATCH", "/api/v1/sites/other/settings", `{"ways_order":["guest","oidc-later","google"]}`, "Authorization", ad); a.status != 200 {
		t.Errorf("order: %d %s", a.status, a.body)
	}
	if ways("other") != "[{guest} {google} {site}]" {
		t.Errorf("the page says %s", ways("other"))
	}
	for _, list := range []string{`["guest","guest"]`, `["Not An Id"]`, `"guest"`, `[1]`} {
		if a := p.do("PATCH", "/api/v1/sites/other/settings", `{"ways_order":`+list+`}`, "Authorization", ad); a.status != 422 || !strings.Contains(string(a.body), "ways_order") {
			t.Errorf("%s: %d %s", list, a.status, a.body)
		}
	}
	for body, field := range map[string]string{`{"secret":"c"}`: "client", `{"client":"c","secret":"s","issuer":"http://127.0.0.1/","label":"X Y"}`: "issuer"} {
		path := "/api/v1/sites/other/settings/ways/google"
		if field == "issuer" {
			path = "/api/v1/sites/other/settings/ways/oidc-x"
		}
		if a := p.do("PUT", path, body, "Authorization", ad); a.status != 422 || !strings.Contains(string(a.body), field) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}

// Where a site asks its staff for a second factor, a password alone moderates
// nothing.
func TestStaffNeedASecondFactorWhereTheSiteSaysSo(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Dee", "--password", testPassword, "--role", "moderator")
	p.run("site", "set", "news", "--staff-second")
	p.start()
	b := signedIn(t, p, "mo@example.com")
	const queue = "/api/v1/sites/news/moderation/queue"
	if a := b.own(queue); a.status != 403 || !strings.Contains(string(a.body), `"second_factor"`) {
		t.Errorf("by password: %d %s", a.status, a.body)
	}
	var begun struct{ Secret, Ticket string }
	b.send("POST", "/api/v1/me/second-factor", "{}").into(t, &begun)
	code, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if a := b.send("PUT", "/api/v1/me/second-factor", fmt.Sprintf(`{"ticket":%q,"code":%q}`, begun.Ticket, code)); a.status != 200 {
		t.Fatalf("switch on: %d %s", a.status, a.body)
	}
	if a := b.own(queue); a.status != 200 {
		t.Errorf("with it: %d %s", a.status, a.body)
	}
}

func TestATokenReachesAsFarAsItSays(t *testing.T) {
	p := newProgram(t)
	p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Dee", "--password", testPassword, "--role", "moderator")
	p.start()
	b := signedIn(t, p, "mo@example.com")
	makes := func(body string) string {
		a := b.send("POST", "/api/v1/me/tokens", body)
		var out struct{ Token string }
		a.into(t, &out)
		if a.status != 201 {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
		return "Bearer " + out.Token
	}
	read, there := makes(`{"name":"reader","scopes":["read"]}`), makes(`{"name":"one site","scopes":["write"],"site":"news"}`)
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"by a reader"}`, "Authorization", read); a.status != 403 {
		t.Errorf("a reader writes: %d", a.status)
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"there"}`, "Authorization", there); a.status != 201 {
		t.Errorf("there: %d %s", a.status, a.body)
	}
	if a := p.do("POST", "/api/v1/sites/other/comments", `{"thread":"a","body":"elsewhere"}`, "Authorization", there); a.status != 403 {
		t.Errorf("elsewhere: %d %s", a.status, a.body)
	}
	if a := p.do("GET", "/api/v1/sites/news/moderation/queue", "", "Authorization", there); a.status != 403 {
		t.Errorf("moderates with write: %d", a.status)
	}
	if a := p.do("PATCH", "/api/v1/me", `{"name":"Mo Doe"}`, "Authorization", there); a.status != 403 {
		t.Errorf("changes the account with write: %d", a.status)
	}
	var list struct {
		Tokens []struct {
			ID, Name string
			Scopes   []string
		}
	}
	b.own("/api/v1/me/tokens").into(t, &list)
	if len(list.Tokens) != 2 {
		t.Fatalf("tokens: %+v", list)
	}
	if out := p.run("token", "list", "mo@example.com"); !strings.Contains(out, "one site") || !strings.Contains(out, "news") {
		t.Errorf("list: %s", out)
	}
	for _, k := range list.Tokens {
		if k.Name == "one site" {
			p.run("token", "revoke", "mo@example.com", k.ID)
		}
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"revoked"}`, "Authorization", there); a.status != 401 {
		t.Errorf("revoked: %d", a.status)
	}
	for body, field := range map[string]string{`{"name":"","scopes":["read"]}`: "name", `{"name":"x","scopes":[]}`: "scopes", `{"name":"x","scopes":["everything"]}`: "scopes", `{"name":"x","scopes":["read"],"site":"nowhere"}`: "site", `{"name":"x","scopes":["read"],"days":99999}`: "days"} {
		if a := b.send("POST", "/api/v1/me/tokens", body); a.status != 422 || !strings.Contains(string(a.body), fmt.Sprintf(`"field":%q`, field)) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
}
