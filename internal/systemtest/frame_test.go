package systemtest

import (
	"strings"
	"testing"
)

// The frame's own session moderates from our origin and is nobody elsewhere.
func TestFrameSession(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Mod", "--password", testPassword, "--role", "moderator")
	p.start()
	c := p.post(p.login("ann@example.com"), "k", "", "hello there")
	in := p.do("POST", "/api/v1/sites/news/login", `{"email":"mo@example.com","password":"`+testPassword+`","session":"frame"}`, "Origin", p.base, "X-Parley", "1")
	cookie, attrs, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	if in.status != 200 || !strings.HasPrefix(cookie, "__Host-parley-w=") || !strings.Contains(attrs, "Partitioned") {
		t.Fatalf("%d %s %s", in.status, in.body, in.header.Get("Set-Cookie"))
	}
	if got := p.do("POST", "/api/v1/sites/news/login", `{"email":"mo@example.com","password":"`+testPassword+`","session":"frame"}`, "Origin", testOrigin, "X-Parley", "1"); got.status != 403 {
		t.Errorf("a page of the site asks for the frame's session: %d", got.status)
	}
	me := func(header ...string) string {
		return string(p.do("GET", "/api/v1/me?site=news&thread=k", "", append(header, "Cookie", cookie, "X-Parley", "1")...).body)
	}
	for _, own := range [][]string{{"Origin", p.base}, {"Sec-Fetch-Site", "same-origin"}} {
		if got := me(own...); !strings.Contains(got, `"moderator"`) {
			t.Errorf("from our origin by %v: %s", own, got)
		}
	}
	for _, other := range [][]string{{"Origin", testOrigin}, {"Sec-Fetch-Site", "cross-site"}, {}} {
		if got := me(other...); !strings.Contains(got, `"user":null`) {
			t.Errorf("from elsewhere by %v: %s", other, got)
		}
	}
	decide := func(origin string) answer {
		return p.do("POST", "/api/v1/sites/news/moderation/decisions", `[{"comment_id":"`+c.ID+`","action":"reject","reason":"","note":""}]`, "Origin", origin, "X-Parley", "1", "Cookie", cookie)
	}
	if got := decide(testOrigin); got.status != 401 && got.status != 403 {
		t.Errorf("a page of the site moderates: %d %s", got.status, got.body)
	}
	if got := decide(p.base); got.status != 200 || !strings.Contains(string(got.body), `"ok":true`) {
		t.Errorf("the frame moderates: %d %s", got.status, got.body)
	}
	// Account routes want the account's own session.
	if got := p.do("GET", "/api/v1/me/sessions", "", "Origin", p.base, "X-Parley", "1", "Cookie", cookie); got.status != 403 && got.status != 401 {
		t.Errorf("account routes: %d", got.status)
	}
}
