package systemtest

import (
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// An owner learns that a page of theirs has shown the comments; a page that is
// not on the list, and our own, are none.
func TestTheFirstPageLoadIsNoted(t *testing.T) {
	d := newDesk(t)
	var set struct {
		First *string `json:"first_seen_at"`
		Last  *string `json:"last_seen_at"`
	}
	read := func() *string {
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &set)
		return set.First
	}
	for _, o := range []string{"https://other.test", d.base, "null", ""} {
		if a := d.do("GET", "/api/v1/sites/news/comments?thread=a", "", "Origin", o); a.status != 200 {
			t.Fatalf("a read by %q: %d", o, a.status)
		}
	}
	d.do("GET", "/api/v1/sites/nosuch/comments?thread=a", "", "Origin", testOrigin)
	d.do("GET", "/api/v1/sites/news/origin", "", "Origin", "https://other.test") // is written by a flush, after those above
	eventually(t, "a flush", func() bool {
		var s struct {
			Refused []any `json:"refused_origins"`
		}
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &s)
		return len(s.Refused) == 1
	})
	if v := read(); v != nil {
		t.Fatalf("seen at %s, and no page of the list was", *v)
	}
	// what is answered from what is kept counts too: the answer to thread a is
	d.do("GET", "/api/v1/sites/news/comments?thread=a", "", "Origin", testOrigin)
	eventually(t, "the page load is noted", func() bool { return read() != nil })
	if set.Last == nil || *set.Last != *set.First {
		t.Errorf("first %v, last %v", *set.First, set.Last)
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"first_seen_at":null}`, "Authorization", d.ad); a.status != 422 {
		t.Errorf("a change of it: %d", a.status)
	}
}

// What a frame reads has our own origin: its document counts for its page.
func TestAPageWithAFrameIsNotedToo(t *testing.T) {
	d := newDesk(t)
	seen := func() bool {
		var set struct {
			First *string `json:"first_seen_at"`
		}
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &set)
		return set.First != nil
	}
	if a := d.do("GET", "/frame/news?thread=a&origin="+url.QueryEscape(testOrigin), ""); a.status != 200 || seen() {
		t.Fatalf("the frame: %d", a.status)
	}
	eventually(t, "the page load is noted", seen)
}

// checked is how a check of a page stands.
type checked struct {
	Token, Page, Address, State, Verdict string
	By                                   string  `json:"reported_by"`
	Looked                               *string `json:"looked_at"`
	Findings                             []struct{ Code, Level, Sentence, Do, Copy string }
}

func (c checked) has(code string) bool {
	for _, f := range c.Findings {
		if f.Code == code {
			return true
		}
	}
	return false
}

func (d *desk) check(t *testing.T, page string) (c checked) {
	t.Helper()
	a := d.do("POST", "/api/v1/sites/news/checks", fmt.Sprintf(`{"page":%q}`, page), "Authorization", d.ad)
	if a.status != 201 {
		t.Fatalf("check %s: %d %s", page, a.status, a.body)
	}
	a.into(t, &c)
	return c
}

func (d *desk) checked(t *testing.T, token string) (c checked) {
	t.Helper()
	d.do("GET", "/api/v1/sites/news/checks/"+token, "", "Authorization", d.ad).into(t, &c)
	return c
}

// What a page says of itself arrives, from wherever it is, and is told to the
// site's admins alone.
func TestAPageReportsToItsCheck(t *testing.T) {
	d := newDesk(t)
	for who, token := range map[string]string{"a member": d.bo, "a moderator": d.mo} {
		if a := d.do("POST", "/api/v1/sites/news/checks", `{}`, "Authorization", token); a.status != 403 {
			t.Errorf("%s begins: %d", who, a.status)
		}
	}
	for _, page := range []string{"ftp://news.test/", "/articles", "https://me:secret@news.test/", "https://news.test/" + strings.Repeat("a", 3_000)} {
		if a := d.do("POST", "/api/v1/sites/news/checks", fmt.Sprintf(`{"page":%q}`, page), "Authorization", d.ad); a.status != 422 || !strings.Contains(string(a.body), `"field":"page"`) {
			t.Errorf("%.40s: %d %s", page, a.status, a.body)
		}
	}
	c := d.check(t, testOrigin+"/a?id=7&parley-check=old#x")
	if c.State != "waiting" || c.Page != testOrigin+"/a?id=7" || c.Address != testOrigin+"/a?id=7&parley-check="+c.Token {
		t.Fatalf("begun: %+v", c)
	}
	at := "/api/v1/sites/news/checks/" + c.Token
	if a := d.do("GET", at, "", "Authorization", d.mo); a.status != 403 {
		t.Errorf("a moderator reads it: %d", a.status)
	}
	report := fmt.Sprintf(`{"base":%q,"page":%q,"elements":[{"site":"news"}],"api":"ok","socket":"open","by":"script"}`, d.base, c.Address)
	say := func(site, body string, header ...string) answer {
		return d.wrong("POST", "/api/v1/sites/"+site+"/checks/"+c.Token, body, append(header, "Content-Type", "text/plain")...)
	}
	hello := say("news", "", "Origin", testOrigin)
	cookie, attrs, _ := strings.Cut(hello.header.Get("Set-Cookie"), ";")
	if hello.status != 200 || hello.header.Get("Access-Control-Allow-Origin") != testOrigin || !strings.Contains(attrs, "Partitioned") || !strings.Contains(string(hello.body), `"listed":true,"cookie":false`) {
		t.Errorf("a page of the list: %d %v %s", hello.status, hello.header, hello.body)
	}
	if v := d.checked(t, c.Token); v.State != "waiting" {
		t.Errorf("nothing was said yet: %+v", v)
	}
	if a := say("news", report, "Origin", testOrigin, "Cookie", cookie); !strings.Contains(string(a.body), `"cookie":true`) {
		t.Errorf("the cookie came back: %s", a.body)
	}
	v := d.checked(t, c.Token)
	if v.State != "arrived" || v.By != testOrigin+"/a?id=7" || !v.has("origin_listed") || !v.has("cookie") || !v.has("socket") || v.Verdict == "bad" {
		t.Errorf("reported: %+v", v)
	}
	a := say("nosuch", strings.Replace(report, `"news"`, `"nosuch"`, 1), "Origin", "https://www.news.test")
	if a.status != 200 || a.header.Get("Access-Control-Allow-Origin") != "*" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("a page of no list with another site: %d %v", a.status, a.header)
	}
	if v = d.checked(t, c.Token); !v.has("origin_not_listed") || !v.has("wrong_site") || v.Verdict != "bad" {
		t.Errorf("reported from elsewhere: %+v", v)
	}
	r := base64.RawURLEncoding.EncodeToString([]byte(`{"base":"` + d.base + `","elements":[{"site":"news"}],"api":"failed","policy":[{"directive":"connect-src","blocked":"` + d.base + `/api"}]}`))
	if a := d.do("GET", at+"/report.js?r="+r, "", "Origin", testOrigin); a.status != 200 || !strings.HasPrefix(a.header.Get("Content-Type"), "text/javascript") || a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("as a script: %d %v", a.status, a.header)
	}
	if v = d.checked(t, c.Token); !v.has("csp_connect") || v.has("origin_not_listed") {
		t.Errorf("reported as a script: %+v", v)
	}
	for name, c := range map[string]struct {
		a    answer
		want int
	}{
		"broken":        {say("news", `{"a`, "Origin", testOrigin), 422},
		"large":         {say("news", `{"base":"`+strings.Repeat("a", 40<<10)+`"}`, "Origin", testOrigin), 413},
		"unknown":       {d.wrong("POST", "/api/v1/sites/news/checks/nothing", report, "Origin", testOrigin), 404},
		"broken script": {d.wrong("GET", at+"/report.js?r=%25%25", "", "Origin", testOrigin), 422},
	} {
		if c.a.status != c.want {
			t.Errorf("%s: %d, want %d", name, c.a.status, c.want)
		}
	}
	d.run("site", "add", "blog", "--name", "Blog", "--origin", "https://blog.test")
	d.run("user", "operator", "ad@example.com")
	if a := d.do("GET", "/api/v1/sites/blog/checks/"+c.Token, "", "Authorization", d.login("ad@example.com")); a.status != 404 {
		t.Errorf("the check of another site: %d", a.status)
	}
}

// A page that says nothing is fetched, and that says why.
func TestASilentPageIsLookedAt(t *testing.T) {
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_OUTSIDE_NETWORKS=any")
	for _, u := range [][3]string{{"bo@example.com", "Bo Berg", "member"}, {"mo@example.com", "Mo Moderator", "moderator"}, {"ad@example.com", "Ada Admin", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	d := &desk{program: p, ad: p.login("ad@example.com")}
	tag := `<script src="` + p.base + `/embed.js"></script><parley-comments site="news"></parley-comments>`
	pages := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/bare":
			_, _ = io.WriteString(w, "<p>An article")
		case "/kept": // a cache that knows the address alone
			if r.URL.RawQuery != "" {
				_, _ = io.WriteString(w, tag)
			} else {
				w.Header().Set("X-Cache", "HIT")
			}
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/on":
			http.Redirect(w, r, "/fine", http.StatusFound)
		case "/locked":
			w.WriteHeader(http.StatusUnauthorized)
		case "/fine":
			_, _ = io.WriteString(w, tag)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	})
	plain, closed, secure := httptest.NewServer(pages), httptest.NewServer(pages), httptest.NewTLSServer(pages)
	t.Cleanup(plain.Close)
	t.Cleanup(secure.Close)
	closed.Close()
	if u, err := url.Parse(plain.URL); err != nil || u.Hostname() != "127.0.0.1" {
		t.Fatal(plain.URL, err)
	}
	for page, want := range map[string]string{
		plain.URL + "/bare": "no_tag", plain.URL + "/kept": "stale_cache", plain.URL + "/round": "page_redirects", plain.URL + "/on": "token_dropped", plain.URL + "/locked": "page_refuses",
		plain.URL + "/gone": "page_missing", closed.URL + "/": "page_unreachable", secure.URL + "/fine": "page_tls", "https://nothing.invalid/": "page_no_name", plain.URL + "/fine": "origin_not_listed",
	} {
		c := d.check(t, page)
		eventually(t, "the page was looked at", func() bool { c = d.checked(t, c.Token); return c.Looked != nil })
		if !c.has(want) || c.State != "waiting" {
			t.Errorf("%s: want %s, got %+v", page, want, c.Findings)
		}
	}
}

// By itself the server looks at pages of the public internet alone.
func TestAPageOfOurOwnNetworkIsNotLookedAt(t *testing.T) {
	d := newDesk(t)
	var asked atomic.Bool
	own := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true) }))
	t.Cleanup(own.Close)
	c := d.check(t, own.URL)
	eventually(t, "the page was looked at", func() bool { c = d.checked(t, c.Token); return c.Looked != nil })
	if !c.has("page_private") || asked.Load() {
		t.Errorf("asked: %v, %+v", asked.Load(), c.Findings)
	}
}

// Every cause is provoked once in Chromium, and named. The server looks at the
// newspaper too: by a proxy, since its name is known to the browser alone.
func TestBrowserCheck(t *testing.T) {
	parallel(t)
	root := filepath.Join(t.TempDir(), "root.pem")
	var s *stage
	way := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		to := map[string]string{"news.test:443": s.news, "other.test:443": s.news}[r.Host]
		if r.Method != http.MethodConnect {
			to = map[string]string{"news.test": s.plain}[r.Host]
		}
		connected(w, r, to)
	}))
	t.Cleanup(way.Close)
	s = newStage(t, false, "PARLEY_OUTSIDE_NETWORKS=any", "HTTPS_PROXY="+way.URL, "HTTP_PROXY="+way.URL, "SSL_CERT_FILE="+root)
	if err := os.WriteFile(root, s.pem, 0o600); err != nil { // is read at the first TLS connection
		t.Fatal(err)
	}
	out, err := s.play(t, "check.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, s.p.log)
	}
	t.Logf("%s", out)
}

// connected is what a proxy does with one request.
func connected(w http.ResponseWriter, r *http.Request, to string) {
	if to == "" {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	if r.Method != http.MethodConnect {
		u := *r.URL
		u.Host = to
		req, err := http.NewRequestWithContext(r.Context(), r.Method, u.String(), nil)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		res, err := http.DefaultTransport.RoundTrip(req)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		defer res.Body.Close()
		w.WriteHeader(res.StatusCode)
		_, _ = io.Copy(w, res.Body)
		return
	}
	far, err := net.Dial("tcp", to)
	if err != nil {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	near, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		_ = far.Close()
		return
	}
	_, _ = io.WriteString(near, "HTTP/1.1 200 OK\r\n\r\n")
	go func() {
		_, _ = io.Copy(far, near)
		_ = far.Close()
	}()
	_, _ = io.Copy(near, far)
	_ = near.Close()
}
