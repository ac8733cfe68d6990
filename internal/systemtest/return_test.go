package systemtest

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// Whoever holds a sign-in's number and its verifier gets the session, and a
// link may name anybody's verifier: so the number goes back to no page but the
// one that asked, or one that comments stand under.
func TestTheWholePageIsNotLedOn(t *testing.T) {
	p, _ := newWorld(t)
	b := p.browser()
	under(p, testOrigin+"/known")
	challenge := strings.Repeat("A", 43)
	popup := func(page, referer, proof string) answer {
		q := url.Values{"site": {"news"}, "origin": {testOrigin}, "provider": {"facebook"}, "return": {page}, "challenge": {challenge}, "proof": {proof}}
		return b.send("GET", "/auth/popup?"+q.Encode(), "", "Referer", referer)
	}
	proofOf := func(a answer) string {
		t.Helper()
		m := regexp.MustCompile(`"proof":"([^"]+)"`).FindStringSubmatch(html.UnescapeString(string(a.body)))
		if m == nil {
			t.Fatalf("no proof in %s", a.body)
		}
		return m[1]
	}
	steps := func(page, proof string, want int) {
		t.Helper()
		if a := b.send("POST", "/auth/begin", fmt.Sprintf(`{"site":"news","origin":%q,"challenge":%q,"return":%q,"proof":%q}`, testOrigin, challenge, page, proof)); a.status != want {
			t.Errorf("%s: begin answers %d, want %d", page, a.status, want)
		}
		if a := b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"news","origin":%q,"provider":"facebook","return":%q,"proof":%q}`, testOrigin, page, proof)); a.status != want {
			t.Errorf("%s: login answers %d, want %d", page, a.status, want)
		}
	}
	asked := testOrigin + "/a?page=2"
	for _, c := range []struct {
		name, page, referer string
		want                int
	}{
		{"a page that asks", asked, asked, 200},
		{"a page that asks, with a parameter left out", asked, asked + "&to=https%3A%2F%2Fx.example", 200},
		{"a page that comments stand under", testOrigin + "/known", "", 200},
		{"the same, as a tracker spells it", testOrigin + "/known?utm_source=x", "https://elsewhere.example/", 200},
		{"a page that nobody knows", asked, "", 403},
		{"a page of which only the origin asks", asked, testOrigin + "/", 403},
		{"a page that another page asks for", asked, testOrigin + "/b?page=2", 403},
		{"the same page with another parameter", asked, testOrigin + "/a?page=3", 403},
		{"a page that another site asks for", asked, "https://evil.example/a?page=2", 403},
		{"a redirector by path", testOrigin + "/go/https%3A%2F%2Fevil.example", testOrigin + "/known", 403},
		{"a redirector by query", testOrigin + "/go?to=https://evil.example/", testOrigin + "/go?to=https://evil.example/", 403},
	} {
		a := popup(c.page, c.referer, "")
		if a.status != c.want {
			t.Errorf("%s: the window answers %d, want %d", c.name, a.status, c.want)
		}
		if c.want == 200 {
			steps(c.page, proofOf(a), 200)
		}
	}
	proof := proofOf(popup(asked, asked, ""))
	if a := popup(asked, "", proof); a.status != 200 {
		t.Errorf("back from the provider, by the proof: %d, want 200", a.status)
	}
	steps(asked, "", 403)
	steps(testOrigin+"/b", proof, 403)
	steps(asked, strings.Replace(proof, ".", "0.", 1), 403) // a later end
	// A redirector that somebody has posted "under" by a program is known to nobody.
	under(p, testOrigin+"/go/https%3A%2F%2Fevil.example")
	if a := popup(testOrigin+"/go/https%3A%2F%2Fevil.example", "", ""); a.status != 403 {
		t.Errorf("a redirector with a comment: %d, want 403", a.status)
	}
}

// under posts a comment under a page.
func under(p *program, page string) {
	p.t.Helper()
	a := p.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":%q,"url":%q,"body":"a comment under a page"}`, page, page), "Authorization", p.login("ann@example.com"))
	if a.status != 201 {
		p.t.Fatalf("post under %s: %d %s", page, a.status, a.body)
	}
}

// A comment cannot link the sign-in's own documents, nor tell where its reader
// comes from.
func TestCommentsDoNotLinkTheSignIn(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	for _, path := range []string{"/auth/popup?site=news", "/AUTH/popup", "/auth/../auth/popup", "/x/../auth/popup", "/%61uth/popup", "/auth/", "/auth", "//auth/popup"} {
		for _, body := range []string{p.base + path, "[look](" + p.base + path + ")", "<" + p.base + path + ">"} {
			if c := p.post(ann, "a", "", body); strings.Contains(c.HTML, "<a ") {
				t.Errorf("%s becomes %s", body, c.HTML)
			}
		}
	}
	host := strings.TrimPrefix(p.base, "http://")
	for _, href := range []string{"http://u@" + host + "/auth/popup", "http:" + host + "/auth/popup", "http:///" + host + "/auth/popup", `http:\\` + host + "/auth/popup", "HTTP://" + host + "/auth/popup"} {
		if c := p.post(ann, "a", "", "[look](<"+href+">)"); strings.Contains(c.HTML, "<a ") {
			t.Errorf("%s becomes %s", href, c.HTML)
		}
	}
	_, port, _ := strings.Cut(host, ":")
	for _, name := range []string{"localhost", "LOCALHOST", "localhost.", "x.localhost", "127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]"} {
		if c := p.post(ann, "a", "", "[look](http://"+name+":"+port+"/auth/popup)"); strings.Contains(c.HTML, "<a ") {
			t.Errorf("%s becomes %s", name, c.HTML)
		}
	}
	if c := p.post(ann, "a", "", "[x](https:evil.example)"); !strings.Contains(c.HTML, `href="https://evil.example/"`) {
		t.Errorf("an address without slashes becomes %s", c.HTML)
	}
	c := p.post(ann, "a", "", "[ours]("+p.base+"/p/news?thread=a) and https://other.example/auth/popup")
	if n := strings.Count(c.HTML, `rel="nofollow ugc noopener noreferrer"`); n != 2 {
		t.Errorf("%d links, want 2: %s", n, c.HTML)
	}
}
