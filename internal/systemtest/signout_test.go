package systemtest

import (
	"fmt"
	"strings"
	"testing"
)

// Signing out in a widget ends what that browser has: the account's own
// session and every widget it signed in. Another browser of the same person,
// and the ones of others, go on.
func TestSignOutEndsTheBrowsersSessions(t *testing.T) {
	p, _ := newWorld(t)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	here, elsewhere, bo := signedIn(t, p, "ann@example.com"), signedIn(t, p, "ann@example.com"), signedIn(t, p, "bo@example.com")
	first, second, away, others := here.widgetOf(), here.widgetOf(), elsewhere.widgetOf(), bo.widgetOf()
	who := func(cookie string) string {
		t.Helper()
		var me struct{ User *struct{ Name string } }
		p.do("GET", "/api/v1/me?site=news&thread=x", "", "Origin", testOrigin, "X-Parley", "1", "Cookie", cookie).into(t, &me)
		if me.User == nil {
			return ""
		}
		return me.User.Name
	}
	logout := func(cookie string) {
		t.Helper()
		if a := p.do("POST", "/api/v1/sites/news/logout", "", "Origin", testOrigin, "X-Parley", "1", "Cookie", cookie); a.status != 204 {
			t.Fatalf("logout: %d %s", a.status, a.body)
		}
	}
	if list := here.own("/api/v1/me/sessions"); list.status != 200 || !strings.Contains(string(list.body), `"name":""`) || strings.Count(string(list.body), `"name":""`) != strings.Count(string(list.body), `"name":`) {
		t.Errorf("a list of sessions tells what they came from: %s", list.body)
	}
	logout(first)
	for cookie, want := range map[string]string{first: "", second: "", away: "Ann Lee", others: "Bo Berg"} {
		if got := who(cookie); got != want {
			t.Errorf("after signing out: %q, want %q", got, want)
		}
	}
	if a := here.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the account of that browser: %d", a.status)
	}
	for _, b := range []*browser{elsewhere, bo} {
		if a := b.own("/api/v1/me/account"); a.status != 200 {
			t.Errorf("the account of another browser: %d", a.status)
		}
	}
	// The other way round: signing out of the account ends its widgets.
	if a := elsewhere.send("POST", "/api/v1/sites/news/logout", ""); a.status != 204 {
		t.Fatalf("logout of the account: %d %s", a.status, a.body)
	}
	if got := who(away); got != "" {
		t.Errorf("a widget outlives its account's session: %q", got)
	}
}

// Every way out of the account is out in this browser: the account's page and
// the dashboard end the widgets too, and a comment from one is refused. Who
// signs in once more keeps them until then; whoever else signs in does not.
func TestSignOutOfTheAccountEndsItsWidgets(t *testing.T) {
	p, _ := newWorld(t)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	n := 0
	post := func(cookie string) int {
		t.Helper()
		n++
		return p.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"/out","url":"%s/out","title":"Out","body":"Written from a widget, number %d"}`, testOrigin, n),
			"Origin", testOrigin, "X-Parley", "1", "Cookie", cookie, "Content-Type", "application/json", "Idempotency-Key", fmt.Sprintf("out-%d", n)).status
	}
	end := func(b *browser) {
		t.Helper()
		if a := b.send("POST", "/auth/end", "{}"); a.status != 204 {
			t.Fatalf("sign out: %d %s", a.status, a.body)
		}
	}
	here, elsewhere := signedIn(t, p, "ann@example.com"), signedIn(t, p, "ann@example.com")
	first, away := here.widgetOf(), elsewhere.widgetOf()
	here.signsIn("ann@example.com", testPassword) // once more, as before a change of the password
	second := here.widgetOf()
	for what, cookie := range map[string]string{"first": first, "second": second} {
		if got := post(cookie); got != 201 {
			t.Fatalf("%s widget before signing out: %d", what, got)
		}
	}
	end(here)
	for what, cookie := range map[string]string{"first": first, "second": second} {
		if got := post(cookie); got != 401 {
			t.Errorf("%s widget after signing out of the account: %d", what, got)
		}
	}
	if got := post(away); got != 201 {
		t.Errorf("a widget of another browser: %d", got)
	}
	elsewhere.signsIn("bo@example.com", testPassword) // somebody else, without a word before
	if got := post(away); got != 401 {
		t.Errorf("Ann's widget after Bo has signed in in her browser: %d", got)
	}
}

// By a provider it is the same: the popup is completed in the session that
// the callback has begun.
func TestSignOutAfterAProvider(t *testing.T) {
	p, _ := newWorld(t)
	b := p.browser()
	w := b.opens()
	step, a := b.arrives(b.allows(b.goes("facebook", w.txn)))
	if step == "name" {
		if a = b.send("POST", "/auth/introduce", `{"name":"Faye Book"}`); a.status != 200 {
			t.Fatalf("introduce: %d %s", a.status, a.body)
		}
	}
	c := p.claims(w)
	if c.status != 200 {
		t.Fatalf("claim: %d %s", c.status, c.body)
	}
	cookie, _, _ := strings.Cut(c.header.Get("Set-Cookie"), ";")
	if a := b.own("/api/v1/me/account"); a.status != 200 {
		t.Fatalf("the account: %d %s", a.status, a.body)
	}
	if a := p.do("POST", "/api/v1/sites/news/logout", "", "Origin", testOrigin, "X-Parley", "1", "Cookie", cookie); a.status != 204 {
		t.Fatalf("logout: %d %s", a.status, a.body)
	}
	if a := b.own("/api/v1/me/account"); a.status != 401 {
		t.Errorf("the account after signing out in the widget: %d", a.status)
	}
}
