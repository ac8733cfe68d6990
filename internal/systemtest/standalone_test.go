package systemtest

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// form posts a form as a browser does from a page of the server itself.
func (p *program) form(client *http.Client, path, origin string, values url.Values) (int, string, string) {
	p.t.Helper()
	r, err := http.NewRequest("POST", p.base+path, strings.NewReader(values.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if origin != "" {
		r.Header.Set("Origin", origin)
	}
	res, err := client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	a := readAll(p.t, res)
	return res.StatusCode, res.Header.Get("Location"), a
}

func readAll(t *testing.T, res *http.Response) string {
	t.Helper()
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A whole conversation without JavaScript: read, page, sign in, post, reply.
func TestStandalonePage(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	root := p.post(ann, "k", "", "A **root** with <script>alert(1)</script>")
	for range 5 {
		p.post(ann, "k", root.ID, "reply")
	}
	for range 25 {
		p.post(ann, "k", "", "another root")
	}
	has := func(what, body string, parts ...string) {
		t.Helper()
		for _, s := range parts {
			if !strings.Contains(body, s) {
				t.Fatalf("%s lacks %s:\n%s", what, s, body)
			}
		}
	}

	a := p.do("GET", "/p/news?thread=k&sort=oldest", "")
	has("the page", string(a.body), "<strong>root</strong>", "Show 2 more replies", `rel="canonical" href="`+testOrigin+`/k"`, "/feeds/news.atom?thread=k", "/feeds/news.json?thread=k", `rel="next"`, "Sign in to News")
	if !regexp.MustCompile(`>\d{1,2} [A-Z][a-z]+ \d{4}, \d\d:\d\d UTC</time>`).Match(a.body) {
		t.Error("the times name no zone")
	}
	if strings.Contains(string(a.body), "<script>alert") {
		t.Error("a comment's script stands in the page")
	}
	if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'self' "+testOrigin) || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(string(a.body))
	for _, path := range []string{"/p/news?thread=k&sort=x", "/render/news?thread=k&sort=x%27"} {
		if a := p.do("GET", path, ""); a.status != 200 {
			t.Errorf("a bent order: %s: %d %s", path, a.status, a.body)
		}
	}
	second := p.do("GET", "/p/news"+strings.ReplaceAll(next[1], "&amp;", "&"), "")
	if n := strings.Count(string(second.body), "another root</p>"); n != 6 {
		t.Errorf("%d roots on the second page, want 6", n)
	}
	under := p.do("GET", "/p/news?thread=k&under="+root.ID, "")
	if n := strings.Count(string(under.body), "<p>reply</p>"); n != 5 {
		t.Errorf("%d replies of the branch, want 5", n)
	}
	if got := p.do("GET", "/p/news?thread=unknown", ""); got.status != 200 || !strings.Contains(string(got.body), "No comments yet.") {
		t.Errorf("an unknown thread: %d", got.status)
	}
	if got := p.do("GET", "/p/nosite?thread=k", ""); got.status != 404 {
		t.Errorf("an unknown site: %d", got.status)
	}

	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	post := url.Values{"act": {"post"}, "body": {"By a form"}, "key": {"one"}}
	if status, _, _ := p.form(client, "/p/news?thread=k", testOrigin, post); status != 403 {
		t.Errorf("a form of another origin: %d", status)
	}
	if status, _, _ := p.form(client, "/p/news?thread=k", "", post); status != 403 {
		t.Errorf("a form without origin: %d", status)
	}
	if status, _, body := p.form(client, "/p/news?thread=k", p.base, post); status != 401 || !strings.Contains(body, "Sign in first.") {
		t.Errorf("signed out: %d %s", status, body)
	}
	if status, _, body := p.form(client, "/p/news?thread=k", p.base, url.Values{"act": {"login"}, "email": {"ann@example.com"}, "password": {"wrong password"}}); status != 401 || !strings.Contains(body, "ann@example.com") || strings.Contains(body, "wrong password") {
		t.Errorf("a wrong password: %d", status)
	}
	// The session cookie is Secure, which Go's jar keeps back on loopback http: carry it by hand.
	r, _ := http.NewRequest("POST", p.base+"/p/news?thread=k", strings.NewReader(url.Values{"act": {"login"}, "email": {"ann@example.com"}, "password": {testPassword}}.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", p.base)
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	cookie := strings.Split(res.Header.Get("Set-Cookie"), ";")[0]
	if res.StatusCode != 303 || !strings.HasPrefix(cookie, "__Host-parley=") {
		t.Fatalf("log in: %d %q", res.StatusCode, cookie)
	}
	send := func(v url.Values) answer {
		return p.do("POST", "/p/news?thread=k", v.Encode(), "Origin", p.base, "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
	}
	first, again := send(post), send(post)
	if first.status != 303 && first.status != 200 || first.header.Get("Location") != again.header.Get("Location") {
		t.Errorf("twice: %d %q, %d %q", first.status, first.header.Get("Location"), again.status, again.header.Get("Location"))
	}
	reply := send(url.Values{"act": {"post"}, "body": {"A reply by a form"}, "parent_id": {root.ID}, "key": {"two"}})
	_ = reply
	short := send(url.Values{"act": {"post"}, "body": {"x"}, "key": {"three"}})
	if short.status != 422 || !strings.Contains(string(short.body), ">x</textarea>") || !strings.Contains(string(short.body), "too short") {
		t.Errorf("too short: %d", short.status)
	}
	all := p.do("GET", "/p/news?thread=k&under="+root.ID, "", "Cookie", cookie)
	has("the branch", string(all.body), "A reply by a form", "Commenting as Ann Lee")
	if n := strings.Count(string(p.do("GET", "/feeds/news.atom?thread=k", "").body), "By a form"); n != 1 {
		t.Errorf("posted %d times", n)
	}
}

func TestRenderAndFeeds(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	root := p.post(ann, "k", "", "First **words** & more")
	p.post(ann, "k", root.ID, "An answer")

	a := p.do("GET", "/render/news?thread=k", "")
	if a.status != 200 || a.header.Get("Access-Control-Allow-Origin") != "*" || strings.Contains(string(a.body), "<html") || strings.Contains(string(a.body), "<form") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	m := regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`).FindSubmatch(a.body)
	if m == nil {
		t.Fatal("no JSON-LD")
	}
	var ld struct {
		Context string `json:"@context"`
		URL     string
		Count   int `json:"commentCount"`
		Comment []struct {
			Type    string `json:"@type"`
			Text    string
			Author  struct{ Name string }
			Comment []struct{ Text string }
		}
	}
	if err := json.Unmarshal(m[1], &ld); err != nil {
		t.Fatal(err)
	}
	if ld.Context != "https://schema.org" || ld.URL != testOrigin+"/k" || ld.Count != 2 || len(ld.Comment) != 1 || ld.Comment[0].Type != "Comment" ||
		ld.Comment[0].Text != "First words & more" || ld.Comment[0].Author.Name != "Ann Lee" || len(ld.Comment[0].Comment) != 1 || ld.Comment[0].Comment[0].Text != "An answer" {
		t.Errorf("JSON-LD %+v", ld)
	}

	for _, query := range []string{"", "?thread=k"} {
		atom := p.do("GET", "/feeds/news.atom"+query, "")
		var f struct {
			Entries []struct {
				Content string `xml:"content"`
				Author  string `xml:"author>name"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal(atom.body, &f); err != nil || len(f.Entries) != 2 || f.Entries[0].Content != "<p>An answer</p>\n" && f.Entries[0].Content != "<p>An answer</p>" || f.Entries[0].Author != "Ann Lee" {
			t.Errorf("atom%s: %v %+v", query, err, f)
		}
		var j struct {
			Version string
			Items   []struct{ URL string }
		}
		p.do("GET", "/feeds/news.json"+query, "").into(t, &j)
		if j.Version != "https://jsonfeed.org/version/1.1" || len(j.Items) != 2 || j.Items[1].URL != p.base+"/c/"+root.ID {
			t.Errorf("json%s: %+v", query, j)
		}
		if got := p.do("GET", "/feeds/news.atom"+query, "", "If-None-Match", atom.header.Get("ETag")); got.status != 304 {
			t.Errorf("unchanged feed: %d", got.status)
		}
	}
	for _, path := range []string{"/feeds/news.rss", "/feeds/nosite.atom", "/feeds/news.atom?thread=unknown"} {
		if got := p.do("GET", path, ""); got.status != 404 || !strings.Contains(got.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s: %d %s", path, got.status, got.header.Get("Content-Security-Policy"))
		}
	}
}

// The documentation is on the server, with its own address in the examples.
func TestDocs(t *testing.T) {
	p := newProgram(t)
	p.start()
	for _, path := range []string{"/docs/", "/docs/script", "/docs/style", "/docs/frame"} {
		a := p.do("GET", path, "")
		if a.status != 200 || strings.Contains(string(a.body), "{{") {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		// A live example would be a public thread on the owner's site.
		if strings.Contains(string(a.body), "<parley-") || strings.Contains(string(a.body), "embed.js\"></script></head>") {
			t.Errorf("%s has a live example: %s", path, a.body)
		}
		if csp := a.header.Get("Content-Security-Policy"); !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: %s", path, csp)
		}
		for _, m := range regexp.MustCompile(`href="(/[^"#]*)"`).FindAllStringSubmatch(string(a.body), -1) {
			if got := p.do("GET", m[1], ""); got.status != 200 {
				t.Errorf("%s links %s: %d", path, m[1], got.status)
			}
		}
	}
	if got := p.do("GET", "/docs/nothing", ""); got.status != 404 {
		t.Errorf("an unknown page: %d", got.status)
	}
	p.kill()
	p.env = append(p.env, "PARLEY_DOCS=off")
	p.start()
	if got := p.do("GET", "/docs/", ""); got.status != 404 {
		t.Errorf("switched off: %d", got.status)
	}
}

// Where nothing can be written, nothing offers to answer: not on the page, not
// below one comment.
func TestAPageOfAClosedDiscussionOffersNoReply(t *testing.T) {
	d := newDesk(t)
	root := d.post(d.ann, "k", "", "A root")
	d.post(d.bo, "k", root.ID, "A reply")
	var at struct{ Thread struct{ ID string } }
	d.do("GET", "/api/v1/sites/news/comments?thread=k", "").into(t, &at)
	pages := func(want bool) {
		t.Helper()
		for _, path := range []string{"/p/news?thread=k", "/p/news?thread=k&under=" + root.ID} {
			a := d.do("GET", path, "")
			if strings.Contains(string(a.body), "reply="+root.ID) != want || !strings.Contains(string(a.body), "notice="+root.ID) {
				t.Errorf("%s: want a way to answer: %v\n%s", path, want, a.body)
			}
		}
	}
	pages(true)
	for _, state := range []string{"closed", "read_only", "open"} {
		if a := d.do("PATCH", "/api/v1/sites/news/moderation/threads/"+at.Thread.ID, `{"state":"`+state+`"}`, "Authorization", d.mo); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		pages(state == "open")
	}
}

// A guest whom the site takes no more since the form was opened is told that,
// and finds the text.
func TestAPageSaysThatGuestsAreTakenNoMore(t *testing.T) {
	d := newDesk(t)
	d.post(d.ann, "k", "", "A root")
	post := func() (int, string) {
		status, _, body := d.form(http.DefaultClient, "/p/news?thread=k", d.base, url.Values{"act": {"post"}, "body": {"Half an hour's <work>"}, "name": {"Gus"}, "key": {"a"}})
		return status, body
	}
	if status, body := post(); status != 401 || !strings.Contains(body, "no longer takes comments from guests") || !strings.Contains(body, "Half an hour&#39;s &lt;work&gt;</textarea>") {
		t.Errorf("%d %s", status, body)
	}
}
