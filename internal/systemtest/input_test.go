package systemtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestBadInputNamesItsField(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	root := p.post(ann, "a", "", "the root")
	gone := p.post(ann, "a", "", "soon gone")
	if a := p.do("DELETE", "/api/v1/comments/"+gone.ID, "", "Authorization", ann); a.status != 204 {
		t.Fatalf("delete: %d %s", a.status, a.body)
	}
	body := func(s string) string {
		b, _ := json.Marshal(map[string]any{"thread": "a", "body": s})
		return string(b)
	}
	const comments = "/api/v1/sites/news/comments"
	for _, c := range []struct {
		name, method, path, body string
		status                   int
		field                    string
	}{
		{"empty", "POST", comments, body(""), 422, "body"},
		{"blank look-alikes", "POST", comments, body("\u3164\u2800\u00a0\u200b"), 422, "body"},
		{"one character", "POST", comments, body("x"), 422, "body"},
		{"too long", "POST", comments, body(strings.Repeat("a", 3001)), 422, "body"},
		{"over 10,000 bytes", "POST", comments, body(strings.Repeat("я", 6000)), 422, "body"},
		{"NUL", "POST", comments, `{"thread":"a","body":"a\u0000b"}`, 422, "body"},
		{"invalid UTF-8", "POST", comments, "{\"thread\":\"a\",\"body\":\"a\xffb\"}", 422, "body"},
		{"no thread", "POST", comments, `{"body":"hello"}`, 422, "thread"},
		{"not JSON", "POST", comments, `{"thread":`, 400, ""},
		{"two documents", "POST", comments, `{"thread":"a","body":"hello"}{}`, 400, ""},
		{"deep array", "POST", comments, strings.Repeat("[", 100_000), 400, ""},
		{"wrong type", "POST", comments, `{"thread":"a","body":["hello"]}`, 422, "body"},
		{"null body", "POST", comments, `{"thread":"a","body":null}`, 422, "body"},
		{"parent of no thread", "POST", comments, `{"thread":"a","body":"hello","parent_id":"zzz"}`, 422, "parent_id"},
		{"parent of another thread", "POST", comments, fmt.Sprintf(`{"thread":"b","body":"hello","parent_id":%q}`, root.ID), 422, "parent_id"},
		{"removed parent", "POST", comments, fmt.Sprintf(`{"thread":"a","body":"hello","parent_id":%q}`, gone.ID), 409, ""},
		{"unknown site", "POST", "/api/v1/sites/nope/comments", body("hello"), 404, ""},
		{"unknown comment", "PATCH", "/api/v1/comments/zzz", `{"body":"hello"}`, 404, ""},
		{"own vote", "PUT", "/api/v1/comments/" + root.ID + "/vote", `{"value":1}`, 409, ""},
		{"vote of 2", "PUT", "/api/v1/comments/" + root.ID + "/vote", `{"value":2}`, 422, "value"},
		{"no vote", "PUT", "/api/v1/comments/" + root.ID + "/vote", `{}`, 422, "value"},
		{"own report", "POST", "/api/v1/comments/" + root.ID + "/reports", `{"reason":"spam"}`, 409, ""},
		{"report without a reason", "POST", "/api/v1/comments/" + root.ID + "/reports", `{}`, 422, "reason"},
		{"limit 0", "GET", comments + "?thread=a&limit=0", "", 422, "limit"},
		{"limit 101", "GET", comments + "?thread=a&limit=101", "", 422, "limit"},
		{"odd sort", "GET", comments + "?thread=a&sort=hot", "", 422, "sort"},
		{"odd view", "GET", comments + "?thread=a&view=list", "", 422, "view"},
		{"stale cursor", "GET", comments + "?thread=a&cursor=zz", "", 422, "cursor"},
		{"no thread to read", "GET", comments, "", 422, "thread"},
		{"moderation by a member", "GET", "/api/v1/sites/news/moderation/queue", "", 403, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := p.do(c.method, c.path, c.body, "Authorization", ann)
			if a.status != c.status {
				t.Fatalf("got %d, want %d: %s", a.status, c.status, a.body)
			}
			if ct := a.header.Get("Content-Type"); ct != "application/problem+json" {
				t.Errorf("Content-Type %q", ct)
			}
			var pr struct {
				Title  string
				Errors []struct{ Field string }
			}
			a.into(t, &pr)
			if c.field != "" && (len(pr.Errors) == 0 || pr.Errors[0].Field != c.field) {
				t.Errorf("want field %q: %s", c.field, a.body)
			}
		})
	}
	if a := p.do("POST", comments, body("hello"), "Authorization", ann, "Content-Type", "text/plain"); a.status != 415 {
		t.Errorf("text/plain: %d", a.status)
	}
	if a, err := p.try("POST", comments, strings.Repeat("a", 300<<10), "Authorization", ann); err == nil && a.status != 413 {
		t.Errorf("300 kB: %d", a.status)
	}
	if n := p.page("thread=a").Thread.CommentCount; n != 1 {
		t.Errorf("bad input left %d comments, want 1", n)
	}
	if got := p.page("thread=b"); got.Thread != nil {
		t.Errorf("bad input made a thread: %+v", got.Thread)
	}
}

// TestWhoMayCall is the contract's table for callers with a cookie or none.
func TestWhoMayCall(t *testing.T) {
	p := newProgram(t)
	p.run("site", "set", "news", "--guests")
	p.start()
	const path, guest = "/api/v1/sites/news/comments", `{"thread":"a","body":"hello","guest":{"name":"Visitor"}}`
	for _, c := range []struct {
		name   string
		header []string
		status int
	}{
		{"listed origin", []string{"Origin", testOrigin, "X-Parley", "1"}, 201},
		{"own origin", []string{"Origin", p.base, "X-Parley", "1"}, 201},
		{"no origin", []string{"X-Parley", "1"}, 403},
		{"null origin", []string{"Origin", "null", "X-Parley", "1"}, 403},
		{"foreign origin", []string{"Origin", "https://evil.example", "X-Parley", "1"}, 403},
		{"suffix", []string{"Origin", testOrigin + ".evil.example", "X-Parley", "1"}, 403},
		{"other scheme", []string{"Origin", "http://news.example", "X-Parley", "1"}, 403},
		{"other port", []string{"Origin", testOrigin + ":8443", "X-Parley", "1"}, 403},
		{"no header", []string{"Origin", testOrigin}, 403},
		{"bad bearer", []string{"Authorization", "Bearer nonsense"}, 401},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := p.do("POST", path, guest, c.header...)
			if a.status != c.status {
				t.Errorf("got %d, want %d: %s", a.status, c.status, a.body)
			}
			if !strings.Contains(strings.Join(a.header.Values("Vary"), ","), "Origin") {
				t.Error("no Vary: Origin")
			}
			want := ""
			if c.status == 201 || c.name == "no header" {
				want = c.header[1]
			}
			if got := a.header.Get("Access-Control-Allow-Origin"); got != want {
				t.Errorf("Access-Control-Allow-Origin %q, want %q", got, want)
			}
		})
	}
	if a := p.do("POST", path, `{"thread":"a","body":"hello","guest":{"name":"\u0430nn Lee"}}`, "Origin", testOrigin, "X-Parley", "1"); a.status != 422 || !strings.Contains(string(a.body), "guest.name") {
		t.Errorf("a guest with a member's look-alike name: %d %s", a.status, a.body)
	}
	a := p.do("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":"ann@example.com","password":%q,"session":"token"}`, testPassword), "Origin", testOrigin)
	if a.status != http.StatusForbidden || !strings.Contains(string(a.body), "first_party_required") {
		t.Errorf("a page asks for a token: %d %s", a.status, a.body)
	}
	r, _ := http.NewRequest("GET", p.base+"/healthz", nil)
	r.Host = "evil.example"
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 421 {
		t.Errorf("a foreign host name: %d, want 421", res.StatusCode)
	}
}

func TestSetupWorksOnce(t *testing.T) {
	p := newEmptyProgram(t)
	p.start()
	var token string
	eventually(t, "the link is printed", func() bool {
		_, after, ok := strings.Cut(p.log.String(), "/setup#")
		token, _, _ = strings.Cut(after, "\n")
		return ok && token != ""
	})
	_, again, _ := strings.Cut(strings.TrimSpace(p.run("setup-link")), "/setup#") // the log may be far away by now
	if again == "" || again == token {
		t.Fatalf("another link: %q", again)
	}
	token = again
	form := func(origin string) string {
		return fmt.Sprintf(`{"token":%q,"name":"Olga","email":"olga@example.com","password":%q,"site":{"key":"news","name":"News","origin":%q}}`, token, testPassword, origin)
	}
	own := []string{"Origin", p.base, "X-Parley", "1"}
	if a := p.do("POST", "/setup", form("nonsense"), own...); a.status != 422 || !strings.Contains(string(a.body), "site.origin") {
		t.Errorf("a wrong origin: %d %s", a.status, a.body)
	}
	if a := p.do("POST", "/setup", form(testOrigin), "Origin", testOrigin, "X-Parley", "1"); a.status != 403 {
		t.Errorf("from another page: %d", a.status)
	}
	a := p.do("POST", "/setup", form(testOrigin), own...)
	if a.status != 201 || !strings.Contains(string(a.body), "parley-comments") {
		t.Fatalf("setup: %d %s", a.status, a.body)
	}
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-parley=", "Secure", "HttpOnly", "Path=/", "SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("cookie without %s: %s", want, cookie)
		}
	}
	if a := p.do("POST", "/setup", form(testOrigin), own...); a.status != 404 {
		t.Errorf("a second time: %d %s", a.status, a.body)
	}
	if out := p.refused("setup-link"); !strings.Contains(out, "somebody has an account already") || !strings.Contains(out, "/dashboard/") {
		t.Errorf("a link to a set-up that is done: %s", out)
	}
	olga := p.login("olga@example.com")
	if a := p.do("GET", "/api/v1/sites/news/moderation/queue", "", "Authorization", olga); a.status != 200 {
		t.Errorf("the owner's queue: %d %s", a.status, a.body)
	}
}

// A key that repeats are known by is text.
func TestAKeyOfRepeatsIsText(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	for _, key := range []string{"\xff", "a\xc3", "a\tb", strings.Repeat("k", 65)} {
		a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"hello"}`, "Authorization", ann, "Idempotency-Key", key)
		if a.status != 422 || !strings.Contains(string(a.body), `"field":"Idempotency-Key"`) {
			t.Errorf("%q: %d %s", key, a.status, a.body)
		}
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"hello"}`, "Authorization", ann, "Idempotency-Key", "ключ"); a.status != 201 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// Every list refuses a cursor that is none of its own, and names it.
func TestACursorOfNothingIsRefusedEverywhere(t *testing.T) {
	p := newProgram(t)
	p.start()
	ada := p.admin()
	root := p.post(ada, "a", "", "a root")
	var api struct {
		Paths map[string]map[string]struct {
			Parameters []struct{ Name, In string }
			Responses  map[string]json.RawMessage
		}
	}
	p.do("GET", "/openapi.json", "").into(t, &api)
	lists := 0
	for path, methods := range api.Paths {
		for _, in := range methods["get"].Parameters {
			if in.Name != "cursor" || in.In != "query" {
				continue
			}
			lists++
			at := strings.NewReplacer("{site}", "news", "{id}", root.ID).Replace(path)
			for _, cursor := range []string{"zz", "nzz_", "%00", "n1_" + strings.Repeat("9", 80)} {
				a := p.do("GET", at+"?thread=a&q=words&cursor="+cursor, "", "Authorization", ada)
				if strings.HasPrefix(path, "/api/") && (a.status != 422 || !strings.Contains(string(a.body), `"field":"cursor"`)) || a.status != 422 {
					t.Errorf("%s with %s: %d %s", at, cursor, a.status, a.body)
				}
			}
		}
	}
	if lists < 8 {
		t.Errorf("looked at %d lists only", lists)
	}
}
