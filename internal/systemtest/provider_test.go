package systemtest

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func newWorld(t *testing.T) (*program, *outside) {
	t.Helper()
	p, o := newProgram(t), newOutside(t)
	p.env = append(p.env, o.env()...)
	p.start()
	return p, o
}

// The whole of it: a reader comes by Facebook, chooses a name, the widget
// claims its session and posts; the second time no question is asked.
func TestAReaderComesByFacebook(t *testing.T) {
	p, o := newWorld(t)
	var site struct {
		Site struct {
			Ways []struct{ ID, Label, Kind string }
		}
	}
	p.do("GET", "/api/v1/sites/news/comments?thread=a", "").into(t, &site)
	if got := fmt.Sprint(site.Site.Ways); got != "[{facebook Facebook provider} {oidc-acme Acme provider} {site News site}]" {
		t.Errorf("ways: %s", got)
	}
	b := p.browser()
	w := b.opens()
	step, a := b.arrives(b.allows(b.goes("facebook", w.txn)))
	if step != "name" {
		t.Fatalf("step %q: %d %s %s", step, a.status, a.body, p.log)
	}
	if got := o.requests(); strings.Join(got, ", ") != "GET /www.facebook.com/v24.0/dialog/oauth, POST /graph.facebook.com/v24.0/oauth/access_token, GET /graph.facebook.com/v24.0/me" {
		t.Errorf("Facebook was asked %v", got)
	}
	if a := b.send("POST", "/auth/introduce", `{"name":"Ann Lee"}`); a.status != 422 || !strings.Contains(string(a.body), `"name"`) {
		t.Errorf("a member's name: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/auth/introduce", `{"name":"Ada Lovelace","picture":true}`); a.status != 200 {
		t.Fatalf("introduce: %d %s", a.status, a.body)
	}
	a = p.claims(w)
	var got struct {
		User struct {
			ID, Name string
			Avatar   string `json:"avatar_url"`
		}
	}
	a.into(t, &got)
	if a.status != 200 || got.User.Name != "Ada Lovelace" {
		t.Fatalf("claim: %d %s", a.status, a.body)
	}
	if !strings.HasPrefix(got.User.Avatar, p.base+"/pictures/") {
		t.Errorf("avatar at %s", got.User.Avatar)
	}
	if pic := p.do("GET", strings.TrimPrefix(got.User.Avatar, p.base), ""); pic.status != 200 || pic.header.Get("Content-Type") != "image/jpeg" || pic.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("picture: %d %v", pic.status, pic.header)
	}
	cookie := strings.SplitN(a.header.Get("Set-Cookie"), ";", 2)[0]
	posted := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"By Facebook"}`, "Origin", testOrigin, "X-Parley", "1", "Cookie", cookie)
	if posted.status != 201 {
		t.Fatalf("post: %d %s", posted.status, posted.body)
	}
	if c := p.page("thread=a").Comments; len(c) != 1 || c[0].Author.Name != "Ada Lovelace" {
		t.Errorf("the page: %+v", c)
	}
	again := p.browser()
	w = again.opens()
	if step, _ := again.arrives(again.allows(again.goes("facebook", w.txn))); step != "done" {
		t.Errorf("the second time: step %q", step)
	}
	if a := p.claims(w); a.status != 200 {
		t.Errorf("the second claim: %d %s", a.status, a.body)
	}
	if strings.Contains(p.log.String(), appSecret) || strings.Contains(p.log.String(), "ada@example.com") {
		t.Error("the log holds a secret or an address")
	}
}

// Without its two variables a provider is not there and nothing else changes.
func TestAProviderWithoutKeysIsNotThere(t *testing.T) {
	p := newProgram(t)
	p.start()
	var out map[string]any
	p.do("GET", "/api/v1/sites/news/comments?thread=a", "").into(t, &out)
	if b, _ := json.Marshal(out["site"].(map[string]any)["ways"]); string(b) != `[{"id":"site","kind":"site","label":"News"}]` {
		t.Errorf("ways: %s", b)
	}
	b := p.browser()
	if a := b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"news","origin":%q,"provider":"facebook"}`, testOrigin)); a.status != 404 {
		t.Errorf("login: %d %s", a.status, a.body)
	}
}

// SECURITY check 19: the state is ours, bound to the browser, single use.
func TestCheck19TheStateIsOursAndUsedOnce(t *testing.T) {
	p, _ := newWorld(t)
	b := p.browser()
	if a := b.send("POST", "/auth/login?state=fixed", fmt.Sprintf(`{"site":"news","origin":%q,"provider":"facebook","state":"fixed"}`, testOrigin)); a.status != 200 || strings.Contains(string(a.body), "fixed") {
		t.Errorf("a state from outside: %d %s", a.status, a.body)
	}
	callback := b.allows(b.goes("facebook", ""))
	for name, who := range map[string]*browser{"no cookie": p.browser(), "another browser": func() *browser { v := p.browser(); v.goes("facebook", ""); return v }()} {
		if _, a := who.arrives(callback); a.status != 400 || who.jar["__Host-parley"] != "" || who.jar["__Host-parley-new"] != "" {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	keep := b.jar["__Host-parley-login"]
	if _, a := b.arrives(strings.Replace(callback, "state=", "state=x", 1)); a.status != 400 {
		t.Errorf("a forged state: %d", a.status)
	}
	if _, a := b.arrives(strings.Replace(callback, "/facebook/", "/oidc-acme/", 1)); a.status != 400 {
		t.Errorf("another provider's callback: %d", a.status)
	}
	if step, a := b.arrives(callback); step != "name" {
		t.Errorf("the true one: %q %d", step, a.status)
	}
	b.jar["__Host-parley-login"] = keep
	if _, a := b.arrives(callback); a.status != 400 {
		t.Errorf("a second time: %d", a.status)
	}
}

// SECURITY check 22: PKCE, nonce, and everything an id_token must be.
func TestCheck22AWrongTokenIsRefused(t *testing.T) {
	p, o := newWorld(t)
	o.is(map[string]any{"sub": "u-1", "name": "Grace Hopper", "email": "grace@example.com", "email_verified": true})
	for _, twist := range []string{"nonce", "no nonce", "aud", "iss", "alg none", "hs swap", "other key", "expired", "future", "no exp", "token 500", "token garbage"} {
		o.goes(twist)
		b := p.browser()
		if step, a := b.arrives(b.allows(b.goes("oidc-acme", ""))); step != "failed" || b.jar["__Host-parley"] != "" {
			t.Errorf("%s: step %q, %d %s", twist, step, a.status, a.body)
		}
	}
	o.goes("")
	b := p.browser()
	to := b.goes("oidc-acme", "")
	for _, k := range []string{"code_challenge", "nonce", "state"} {
		if len(to.Query().Get(k)) < 40 {
			t.Errorf("%s is %q", k, to.Query().Get(k))
		}
	}
	// A code that was asked for with another challenge: the exchange fails.
	q := to.Query()
	q.Set("code_challenge", strings.Repeat("A", 43))
	to.RawQuery = q.Encode()
	if step, _ := b.arrives(b.allows(to)); step != "failed" {
		t.Errorf("another challenge: step %q", step)
	}
	b = p.browser()
	if step, a := b.arrives(b.allows(b.goes("oidc-acme", ""))); step != "name" {
		t.Errorf("the true one: step %q %s", step, a.body)
	}
}

// SECURITY check 20: an address proves nothing, and nobody is not somebody.
func TestCheck20NoLoginByAddressAndNoEmptySubject(t *testing.T) {
	p, o := newWorld(t)
	for name, person := range map[string]map[string]any{
		"the victim's address": {"id": "fb-1", "name": "Mallory", "email": "ann@example.com"},
		"no address":           {"id": "fb-2", "name": "Nomail"},
	} {
		o.is(person)
		b := p.browser()
		if step, _ := b.arrives(b.allows(b.goes("facebook", ""))); step != "name" {
			t.Errorf("%s: step %q", name, step)
		}
		if b.jar["__Host-parley"] != "" {
			t.Errorf("%s: signed in before saying who", name)
		}
		if a := b.send("POST", "/auth/introduce", fmt.Sprintf(`{"name":%q}`, person["name"])); a.status != 200 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
		var me struct{ User struct{ Name string } }
		b.send("GET", "/api/v1/me?site=news", "").into(t, &me)
		if me.User.Name != person["name"] {
			t.Errorf("%s: signed in as %q", name, me.User.Name)
		}
	}
	for name, person := range map[string]map[string]any{"empty": {"id": "", "name": "Nobody"}, "missing": {"name": "Nobody"}} {
		o.is(person)
		b := p.browser()
		if step, _ := b.arrives(b.allows(b.goes("facebook", ""))); step != "failed" {
			t.Errorf("%s subject: step %q", name, step)
		}
	}
	o.is(map[string]any{"sub": "", "name": "Nobody"})
	b := p.browser()
	if step, _ := b.arrives(b.allows(b.goes("oidc-acme", ""))); step != "failed" {
		t.Errorf("empty sub: step %q", step)
	}
	// A verified address of somebody else is no way into his account either.
	o.is(map[string]any{"sub": "m-1", "name": "Mallory Two", "email": "ann@example.com", "email_verified": true})
	b = p.browser()
	b.arrives(b.allows(b.goes("oidc-acme", "")))
	b.send("POST", "/auth/introduce", `{"name":"Mallory Two"}`)
	var me struct{ User struct{ Name string } }
	b.send("GET", "/api/v1/me?site=news", "").into(t, &me)
	if me.User.Name != "Mallory Two" {
		t.Errorf("signed in as %q", me.User.Name)
	}
}

// SECURITY check 21: whoever prepared an account with somebody's address, and
// never proved it, has lost it once its owner comes.
func TestCheck21APreparedAccountIsLost(t *testing.T) {
	p, o := newWorld(t)
	reg := p.do("POST", "/api/v1/sites/news/register", fmt.Sprintf(`{"name":"Grace H","email":"grace@example.com","password":%q}`, testPassword))
	if reg.status != 202 {
		t.Fatalf("register: %d %s", reg.status, reg.body)
	}
	o.is(map[string]any{"sub": "u-1", "name": "Grace Hopper", "email": "grace@example.com", "email_verified": true})
	b := p.browser()
	b.arrives(b.allows(b.goes("oidc-acme", "")))
	if a := b.send("POST", "/auth/introduce", `{"name":"Grace Hopper"}`); a.status != 200 {
		t.Fatalf("introduce: %d %s", a.status, a.body)
	}
	login := fmt.Sprintf(`{"email":"grace@example.com","password":%q,"session":"token"}`, testPassword)
	if a := p.do("POST", "/api/v1/sites/news/login", login); a.status != 401 {
		t.Errorf("the attacker's password: %d %s", a.status, a.body)
	}
	// The link that was mailed before is dead too.
	link := mailedLink(p, "verify")
	if a := b.send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, link)); a.status == 200 {
		t.Error("the attacker's link still verifies")
	}
	if a := p.do("POST", "/api/v1/sites/news/login", login); a.status != 401 {
		t.Errorf("after the link: %d %s", a.status, a.body)
	}
}

// mailedLink is the secret of the last link of a kind in the log.
func mailedLink(p *program, kind string) string {
	p.t.Helper()
	var out string
	eventually(p.t, "the mail is there", func() bool {
		parts := strings.Split(p.log.String(), "/auth/"+kind+"#")
		out, _, _ = strings.Cut(parts[len(parts)-1], "\n")
		return len(parts) > 1
	})
	return strings.TrimSpace(out)
}

// A provider that is down, slow or speaks nonsense: the window says so, the
// log has one line without secrets, and the attempt can be made again.
func TestAProviderThatFailsIsSaidSo(t *testing.T) {
	p, o := newWorld(t)
	for _, twist := range []string{"token 500", "token garbage", "profile 500", "token slow"} {
		o.goes(twist)
		before := len(p.log.String())
		b := p.browser()
		callback := b.allows(b.goes("facebook", ""))
		if step, a := b.arrives(callback); step != "failed" {
			t.Errorf("%s: step %q %d", twist, step, a.status)
		}
		eventually(t, "the log has its line", func() bool { return strings.Contains(p.log.String()[before:], "\n") })
		line := strings.TrimSpace(p.log.String()[before:])
		if strings.Count(line, "\n") != 0 || !strings.Contains(line, "sign-in by a provider failed") || strings.Contains(line, "at-") {
			t.Errorf("%s: the log says %q", twist, line)
		}
		code, _ := url.ParseQuery(callback[strings.Index(callback, "?")+1:])
		if strings.Contains(line, code.Get("code")) {
			t.Errorf("%s: the log holds the code", twist)
		}
	}
	o.goes("discovery 500")
	b := p.browser()
	a := b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"news","origin":%q,"provider":"oidc-acme"}`, testOrigin))
	if a.status != 503 || !strings.Contains(string(a.body), `"provider"`) {
		t.Errorf("an issuer that is down: %d %s", a.status, a.body)
	}
}

func TestACancelledSignInIsSaidSo(t *testing.T) {
	p, _ := newWorld(t)
	b := p.browser()
	state := b.goes("facebook", "").Query().Get("state")
	if step, _ := b.arrives("/auth/facebook/callback?error=access_denied&error_reason=user_denied&state=" + state); step != "denied" {
		t.Errorf("step %q", step)
	}
}
