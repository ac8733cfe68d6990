package systemtest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// Whoever forgot an address on the list learns it: from the page, the log,
// doctor and the settings, and can add it there.
func TestARefusedPageIsNamed(t *testing.T) {
	d := newDesk(t)
	const page = "https://www.news.test"
	if a := d.do("GET", "/api/v1/sites/news/origin", "", "Origin", page); a.status != 200 || string(a.body) != `{"origin":"https://www.news.test","allowed":false}`+"\n" || a.header.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("the page asks: %d %s", a.status, a.body)
	}
	if a := d.do("GET", "/api/v1/sites/news/origin", "", "Origin", testOrigin); string(a.body) != `{"origin":"`+testOrigin+`","allowed":true}`+"\n" {
		t.Errorf("a page of the list asks: %s", a.body)
	}
	url := strings.Replace(d.base, "http", "ws", 1) + "/api/v1/sites/news/live?thread=a"
	for range 3 {
		if _, res, err := websocket.DefaultDialer.Dial(url, map[string][]string{"Origin": {page}}); err == nil || res.StatusCode != 403 {
			t.Fatalf("live: %v", err)
		}
	}
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"hello"}`, "Origin", page, "X-Parley", "1"); a.status != 403 {
		t.Errorf("post: %d", a.status)
	}
	for _, odd := range []string{"null", "https://evil.example/with/path", "javascript:alert(1)", "https://" + strings.Repeat("a", 300) + ".example"} {
		d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"hello"}`, "Origin", odd, "X-Parley", "1")
	}
	if a := d.do("GET", "/auth/popup?site=news&origin="+page, ""); a.status != 403 || !strings.Contains(string(a.body), "&#34;step&#34;:&#34;origin&#34;") || !strings.Contains(a.header.Get("Content-Type"), "text/html") {
		t.Errorf("the sign-in window: %d %s %s", a.status, a.header.Get("Content-Type"), a.body)
	}
	type settings struct {
		Origins []string
		Refused []struct {
			Origin string
			Count  int
			First  string `json:"first_at"`
		} `json:"refused_origins"`
	}
	var set settings
	eventually(t, "the refusals are written down", func() bool {
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &set)
		return len(set.Refused) == 1 && set.Refused[0].Count == 6
	})
	if got := fmt.Sprint(set.Refused[0].Origin); got != page {
		t.Errorf("refused: %s, want %s", got, page)
	}
	if n := strings.Count(d.log.String(), "a page is refused"); n != 1 || !strings.Contains(d.log.String(), "--add-origin "+page) {
		t.Errorf("%d lines in the log, want 1:\n%s", n, d.log)
	}
	if out := d.says("doctor"); !strings.Contains(out, "BAD  site news: pages of "+page+" were refused 6 times since") {
		t.Errorf("doctor:\n%s", out)
	}
	d.run("site", "set", "news", "--add-origin", page)
	eventually(t, "the page is on the list", func() bool {
		set = settings{}
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &set)
		return len(set.Origins) == 2 && len(set.Refused) == 0
	})
	if out := d.says("doctor"); strings.Contains(out, "were refused") {
		t.Errorf("doctor afterwards:\n%s", out)
	}
	d.run("site", "set", "news", "--remove-origin", page)
	if out := d.run("site", "list"); out != "news\tNews\t"+testOrigin+"\n" {
		t.Errorf("taken off again: %q", out)
	}
	d.refused("site", "set", "news", "--remove-origin", page)
}
