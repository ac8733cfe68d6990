package systemtest

import (
	"strings"
	"testing"
)

type wayRow struct {
	Provider, Label, Client, State string
	Callback                       string `json:"callback_url"`
	Secret                         struct{ Set bool }
	Instance                       bool
	Used                           *string `json:"last_used_at"`
}

// A site's admin sets up ways and keys over the API, as the dashboard does.
func TestASitesOwnWaysAndKeys(t *testing.T) {
	d := newDesk(t)
	const base = "/api/v1/sites/news/settings"
	do := func(method, path, body string) answer { return d.do(method, base+path, body, "Authorization", d.ad) }
	ways := func() (own, known []wayRow) {
		t.Helper()
		var out struct{ Ways, Known []wayRow }
		a := do("GET", "/ways", "")
		if a.into(t, &out); a.status != 200 || strings.Contains(string(a.body), "very-secret") {
			t.Fatalf("ways: %d %s", a.status, a.body)
		}
		return out.Ways, out.Known
	}
	if own, known := ways(); len(own) != 0 || len(known) != 11 || known[0].Provider != "facebook" || known[0].Instance || !strings.HasSuffix(known[0].Callback, "/auth/facebook/callback") {
		t.Fatalf("%+v %+v", own, known)
	}
	const acme = `{"client":"parley","secret":"very-secret","issuer":"https://login.example.com/.well-known/openid-configuration","label":"Acme"}`
	for path, body := range map[string]string{"/ways/google": `{"client":"c","secret":"very-secret"}`, "/ways/oidc-acme": acme} {
		if a := do("PUT", path, body); a.status != 204 {
			t.Fatalf("%s: %d %s", path, a.status, a.body)
		}
	}
	for body, want := range map[string][2]string{
		`{"client":"c","secret":"s"}`:                                           {"/ways/nobody", "provider"},
		`{"client":"c","secret":"s","issuer":"https://a.example","label":"Up"}`: {"/ways/oidc-Not-So", "provider"},
		`{"secret":"s"}`: {"/ways/github", "client"},
		`{"client":"c"}`: {"/ways/github", "secret"},
		`{"client":"c","secret":"s","key_id":"k"}`:                                          {"/ways/apple", "team"},
		`{"client":"c","issuer":"http://a.example","label":"Acme"}`:                         {"/ways/oidc-b", "issuer"},
		`{"client":"c","issuer":"https://a.example","label":"A"}`:                           {"/ways/oidc-b", "label"},
		`{"client":"c","issuer":"https://127.0.0.1:1","label":"Nobody there","check":true}`: {"/ways/oidc-b", "issuer"},
	} {
		if a := do("PUT", want[0], body); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+want[1]+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	// Without a secret the one that is set stays; another issuer does not get it.
	if a := do("PUT", "/ways/google", `{"client":"another"}`); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	own, _ := ways()
	if len(own) != 2 || own[0].Client != "another" || !own[0].Secret.Set || own[0].State != "connected" || own[0].Used != nil || own[1].Label != "Acme" || !own[1].Secret.Set {
		t.Errorf("%+v", own)
	}
	do("PUT", "/ways/oidc-acme", `{"client":"parley","issuer":"https://elsewhere.example","label":"Acme"}`)
	if own, _ := ways(); own[1].Secret.Set {
		t.Error("another issuer was given the secret")
	}

	var keys struct{ Keys []struct{ ID string } }
	var made struct{ Secret string }
	for range 3 {
		if a := do("POST", "/sso-keys", ""); a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		} else {
			a.into(t, &made)
		}
	}
	a := do("GET", "/sso-keys", "")
	if a.into(t, &keys); len(keys.Keys) != 2 || made.Secret == "" || strings.Contains(string(a.body), made.Secret) {
		t.Fatalf("%s", a.body)
	}
	if a := do("DELETE", "/sso-keys/"+keys.Keys[1].ID, ""); a.status != 204 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := do("DELETE", "/sso-keys/"+keys.Keys[1].ID, ""); a.status != 404 {
		t.Errorf("revoked twice: %d", a.status)
	}
	for _, what := range []string{"/ways", "/sso-keys"} {
		if a := d.do("GET", base+what, "", "Authorization", d.mo); a.status != 403 {
			t.Errorf("%s for a moderator: %d", what, a.status)
		}
	}
	if a := d.do("DELETE", base+"/sso-keys/"+keys.Keys[0].ID, "", "Authorization", d.mo); a.status != 403 {
		t.Errorf("a moderator revokes a key: %d", a.status)
	}
	log := string(d.do("GET", "/api/v1/sites/news/moderation/audit?kind=settings", "", "Authorization", d.ad).body)
	for _, want := range []string{`"way set"`, `"sso key made"`, `"sso key revoked"`, `oidc-acme`} {
		if !strings.Contains(log, want) {
			t.Errorf("the audit log has no %s: %s", want, log)
		}
	}
	if strings.Contains(log, "very-secret") || strings.Contains(log, made.Secret) {
		t.Error("the audit log tells a secret")
	}
}

// The site's own account can be taken off the offer, but never as the last way in.
func TestTheSitesOwnAccountCanBeTurnedOff(t *testing.T) {
	d := newDesk(t)
	const base = "/api/v1/sites/news/settings"
	offered := func() string {
		var out struct {
			Site struct{ Ways []struct{ ID string } }
		}
		d.do("GET", "/api/v1/sites/news/comments?thread=a", "").into(t, &out)
		ids := []string{}
		for _, w := range out.Site.Ways {
			ids = append(ids, w.ID)
		}
		return strings.Join(ids, " ")
	}
	set := func(body string) {
		t.Helper()
		if a := d.do("PATCH", base, body, "Authorization", d.ad); a.status != 200 {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
	}
	set(`{"accounts":false}`)
	if got := offered(); got != "site" {
		t.Errorf("the last way in is gone: %q", got)
	}
	set(`{"guests":true}`)
	if got := offered(); got != "guest" {
		t.Errorf("with guests: %q", got)
	}
	if a := d.do("PUT", base+"/ways/google", `{"client":"c","secret":"s"}`, "Authorization", d.ad); a.status != 204 {
		t.Fatal(a.status)
	}
	if got := offered(); got != "google guest" {
		t.Errorf("with a provider: %q", got)
	}
	if a := d.do("POST", "/api/v1/sites/news/register", `{"name":"Cy Dee","email":"cy@example.com","password":"long enough"}`); a.status != 403 {
		t.Errorf("an account is made where none is offered: %d", a.status)
	}
	set(`{"sso_login_url":"https://news.example/login"}`)
	if got := offered(); got != "google sso guest" {
		t.Errorf("with the site's own log-in: %q", got)
	}
	if a := d.do("PATCH", base, `{"sso_login_url":"javascript:alert(1)"}`, "Authorization", d.ad); a.status != 422 || !strings.Contains(string(a.body), "sso_login_url") {
		t.Errorf("%d %s", a.status, a.body)
	}
	d.login("mo@example.com") // whoever looks after the site still gets in
}
