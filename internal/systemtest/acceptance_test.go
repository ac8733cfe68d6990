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
