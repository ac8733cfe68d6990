package systemtest

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// Whose word makes a thread is the site's choice: anybody's, the page's own, or
// the publisher's. A key is a text that anybody may send.
func TestThreadsAreMadeByWhomTheSiteSays(t *testing.T) {
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/named":
			_, _ = w.Write([]byte(`<p>x</p><parley-comments site="news" thread="article-42"></parley-comments>`))
		case "/plain":
			_, _ = w.Write([]byte(`<link rel="canonical" href="/plain"><script async src="https://c.example/embed.js" data-site="news"></script>`))
		case "/other":
			_, _ = w.Write([]byte(`<parley-comments site="elsewhere" thread="article-43"></parley-comments>`))
		default:
			http.NotFound(w, r)
		}
	}))
	defer pages.Close()
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_OUTSIDE_NETWORKS=any")
	p.run("site", "set", "news", "--add-origin", pages.URL, "--threads", "fetched")
	p.start()
	ann := p.login("ann@example.com")
	post := func(who, key, url string) answer {
		return p.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":%q,"url":%q,"title":"T","body":"some words"}`, key, url), "Authorization", who)
	}
	for _, c := range []struct {
		key, url string
		status   int
	}{
		{"article-42", pages.URL + "/named", 201},
		{"article-42", "", 201}, // it is there now
		{pages.URL + "/plain", pages.URL + "/plain", 201},
		{"article-43", pages.URL + "/named", 404},
		{"article-43", pages.URL + "/other", 404},
		{"article-43", pages.URL + "/gone", 404},
		{"article-43", "https://evil.example/x", 404},
		{"article-43", "", 404},
	} {
		a := post(ann, c.key, c.url)
		if a.status != c.status || c.status == 404 && !strings.Contains(string(a.body), `"unknown_page"`) {
			t.Errorf("%s at %s: %d %s, want %d", c.key, c.url, a.status, a.body, c.status)
		}
	}
	if a := p.do("PUT", "/api/v1/sites/news/follow?thread=article-43", "", "Authorization", ann); a.status != 404 {
		t.Errorf("following a page nobody knows: %d", a.status)
	}
	p.run("site", "set", "news", "--threads", "announced")
	if a := post(ann, "article-44", pages.URL+"/named"); a.status != 404 {
		t.Errorf("not announced: %d", a.status)
	}
	p.run("user", "add", "--site", "news", "--email", "mod@example.com", "--name", "Mo Dera", "--password", testPassword, "--role", "moderator")
	mod := p.login("mod@example.com")
	announce := func(who, body string) answer {
		return p.do("POST", "/api/v1/sites/news/moderation/threads", body, "Authorization", who)
	}
	if a := announce(ann, `{"key":"article-44"}`); a.status != 403 {
		t.Errorf("announced by a member: %d", a.status)
	}
	for range 2 {
		if a := announce(mod, fmt.Sprintf(`{"key":"article-44","url":%q,"title":"The fourth"}`, pages.URL+"/44")); a.status != 200 || !strings.Contains(string(a.body), "The fourth") {
			t.Errorf("announced: %d %s", a.status, a.body)
		}
	}
	if a := announce(mod, `{"key":"article-45","url":"https://evil.example/"}`); a.status != 422 {
		t.Errorf("announced with another's page: %d", a.status)
	}
	if a := post(ann, "article-44", ""); a.status != 201 {
		t.Errorf("announced, and: %d %s", a.status, a.body)
	}
	if a := post(mod, "article-46", ""); a.status != 201 {
		t.Errorf("a moderator: %d %s", a.status, a.body)
	}
	if a := p.do("PATCH", "/api/v1/sites/news/settings", `{"threads":"mine"}`, "Authorization", mod); a.status != 422 && a.status != 403 {
		t.Errorf("a setting that is none: %d", a.status)
	}
}

// What a stranger calls a page is shown nowhere.
func TestNamesOfUnknownPagesAreNotPublic(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	const words = "Buy-cheap-pills-at-evil-example"
	shows := func(path string) bool {
		a := p.do("GET", path, "")
		head, _, _ := strings.Cut(string(a.body), "</h1>")
		head = strings.ReplaceAll(head, "?thread="+words, "") // addresses of its own
		return a.status == 200 && strings.Contains(head, words)
	}
	page := "/p/news?thread=" + words
	if shows(page) {
		t.Error("a page of ours says whatever its address says")
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":%q,"url":"https://evil.example/","title":%q,"body":"hello there"}`, words, words), "Authorization", ann); a.status != 201 {
		t.Fatalf("post: %d %s", a.status, a.body)
	}
	if shows(page) {
		t.Error("the page of a thread that a stranger made is called as the stranger says")
	}
	for _, path := range []string{"/feeds/news.atom", "/feeds/news.json", "/feeds/news.atom?thread=" + words} {
		if b := strings.ReplaceAll(string(p.do("GET", path, "").body), "thread="+words, ""); strings.Contains(b, words) {
			t.Errorf("%s: %s", path, b)
		}
	}
	p.post(ann, "known", "", "words about a page of the site")
	if b := string(p.do("GET", "/p/news?thread=known", "").body); !strings.Contains(b, ">T</a></h1>") {
		t.Error("a page of the site has lost its title")
	}
}
