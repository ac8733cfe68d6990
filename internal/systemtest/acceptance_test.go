package systemtest

import (
	"database/sql"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// Whoever makes an account agrees to the site's standards: the window says to
// which, the page that it names shows them, and the version that stood there is
// what is written down, also where the mailed link is used after a change.
func TestWhatWasAcceptedIsKnown(t *testing.T) {
	p, _ := newWorld(t)
	p.run("user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", testPassword, "--role", "admin")
	ad := p.login("ad@example.com")
	page := func(lang string) string {
		t.Helper()
		a := p.do("GET", "/p/news/standards", "", "Accept-Language", lang)
		if a.status != 200 {
			t.Fatalf("the page: %d %s", a.status, a.body)
		}
		return string(a.body)
	}
	if en := page("en"); !strings.Contains(en, "No harassment") || strings.Contains(en, "Version") || !strings.Contains(page("ru"), "Правила сообщества") {
		t.Errorf("Parley's own text: %s", en)
	}
	put := func(body string) {
		t.Helper()
		if a := p.do("PUT", "/api/v1/sites/news/standards", fmt.Sprintf(`{"body":%q}`, body), "Authorization", ad); a.status != 200 {
			t.Fatalf("standards: %d %s", a.status, a.body)
		}
	}
	put("Be *kind*. <script>alert(1)</script>")
	if now := page("en"); !strings.Contains(now, "<em>kind</em>") || !strings.Contains(now, "Version 1, ") || strings.Contains(now, "<script>alert") {
		t.Errorf("the site's text: %s", now)
	}

	b := p.browser()
	if window := b.own("/auth/popup?site=news&step=register&origin=" + testOrigin); !strings.Contains(string(window.body), "/p/news/standards") {
		t.Errorf("the window does not name the page: %s", window.body)
	}
	if a := p.do("POST", "/api/v1/sites/news/register", fmt.Sprintf(`{"name":"Grace H","email":"grace@example.com","password":%q}`, testPassword)); a.status != 202 {
		t.Fatalf("register: %d %s", a.status, a.body)
	}
	link := mailedLink(p, "verify")
	put("Be *kinder*.")
	if a := b.send("POST", "/auth/verify", fmt.Sprintf(`{"token":%q}`, link)); a.status != 200 {
		t.Fatalf("verify: %d %s", a.status, a.body)
	}
	if a := p.do("PATCH", "/api/v1/sites/news/settings", `{"rules_url":"https://news.example/rules"}`, "Authorization", ad); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := b.own("/p/news/standards"); a.status != http.StatusFound || a.header.Get("Location") != "https://news.example/rules" {
		t.Errorf("the site's own page: %d %s", a.status, a.header.Get("Location"))
	}
	by := p.browser()
	w := by.opens()
	by.arrives(by.allows(by.goes("facebook", w.txn)))
	if a := by.send("POST", "/auth/introduce", `{"name":"Ada Lovelace"}`); a.status != 200 {
		t.Fatalf("introduce: %d %s", a.status, a.body)
	}

	db, err := sql.Open("sqlite3", p.database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, want := range map[string]string{"Grace H": "1 ", "Ada Lovelace": "2 https://news.example/rules", "Ada Admin": ""} {
		var got string
		if err := db.QueryRow(`SELECT coalesce((SELECT c.version || ' ' || c.url FROM acceptances c WHERE c.account_id = a.id AND c.at > 0), '') FROM accounts a WHERE name = ?`, name).Scan(&got); err != nil || got != want {
			t.Errorf("%s agreed to %q, want %q: %v", name, got, want, err)
		}
	}
	exported := b.own("/api/v1/me/export")
	if exported.status != 200 {
		t.Errorf("export: %d", exported.status)
	}
}

// Where a site asks for an agreement, nobody writes without one, is asked again
// when another version stands, and loses nothing by it; the site's own sign-on
// speaks for its readers.
func TestAnAgreementIsAskedFor(t *testing.T) {
	d := newDesk(t)
	key := strings.Fields(d.run("sso", "key", "news"))[0]
	const post = `{"thread":"t","body":"Some words"}`
	write := func(token string) answer {
		return d.do("POST", "/api/v1/sites/news/comments", post, "Authorization", token)
	}
	if a := write(d.bo); a.status != 201 {
		t.Fatalf("where nothing is asked: %d %s", a.status, a.body)
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"ask_standards":true}`, "Authorization", d.ad); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	asked := func(token string) bool {
		return strings.Contains(string(d.do("GET", "/api/v1/me?site=news&thread=t", "", "Authorization", token).body), `"accept":"`+d.base+`/p/news/standards"`)
	}
	for _, version := range []string{"first", "second"} {
		if a := d.do("PUT", "/api/v1/sites/news/standards", `{"body":"`+version+`"}`, "Authorization", d.ad); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a := write(d.bo); a.status != 403 || !strings.Contains(string(a.body), `"standards"`) || !asked(d.bo) {
			t.Errorf("%s version: %d %s, asked %v", version, a.status, a.body, asked(d.bo))
		}
		for range 2 {
			if a := d.do("PUT", "/api/v1/sites/news/standards/accepted", "", "Authorization", d.bo); a.status != 204 {
				t.Errorf("%s version accepted: %d %s", version, a.status, a.body)
			}
		}
		if a := write(d.bo); a.status != 201 || asked(d.bo) {
			t.Errorf("%s version, accepted: %d %s", version, a.status, a.body)
		}
	}
	var out struct{ Bearer string }
	d.do("POST", "/api/v1/sites/news/sso", `{"token":"`+sso(key, nil)+`"}`, "Origin", testOrigin, "X-Parley", "1").into(t, &out)
	if a := d.do("POST", "/api/v1/sites/news/comments", post, "Authorization", "Bearer "+out.Bearer, "Origin", testOrigin, "X-Parley", "1"); a.status != 201 {
		t.Errorf("a reader of the site's own sign-on: %d %s", a.status, a.body)
	}
}

// Somebody whom a provider brings ticks the box, or no account is made.
func TestANewPersonAgrees(t *testing.T) {
	p, _ := newWorld(t)
	p.run("site", "set", "news", "--ask-standards")
	b := p.browser()
	w := b.opens()
	b.arrives(b.allows(b.goes("facebook", w.txn)))
	if page := b.own("/auth/popup?site=news&step=name&origin=" + testOrigin); !strings.Contains(string(page.body), `&#34;asks&#34;:true`) {
		t.Errorf("the window does not ask: %s", page.body)
	}
	if a := b.send("POST", "/auth/introduce", `{"name":"Ada Lovelace"}`); a.status != 422 || !strings.Contains(string(a.body), "accepted") {
		t.Errorf("without: %d %s", a.status, a.body)
	}
	if a := b.send("POST", "/auth/introduce", `{"name":"Ada Lovelace","accepted":true}`); a.status != 200 {
		t.Errorf("with: %d %s", a.status, a.body)
	}
}
