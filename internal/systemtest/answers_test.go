package systemtest

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var recordAnswers = flag.Bool("record", false, "write testdata/answers.txt anew")

// rider is one kind of caller: what its requests carry.
type rider struct {
	name   string
	header []string
}

// routeBodies are the bodies that every unsafe route is sent by every caller,
// as content type and text.
var routeBodies = []struct{ name, kind, text string }{
	{"none", "", ""},
	{"{}", "application/json", "{}"},
	{"list", "application/json", "[]"},
	{"broken", "application/json", `{"a":`},
	{"mistyped", "application/json", `{"body":1,"value":"x","email":1,"name":[],"reason":{},"thread":2,"origins":"x","state":1,"text":3,"token":4,"scopes":"x","site":5,"undo":6}`},
	{"form", "application/x-www-form-urlencoded", "body=x&name=y"},
}

// moreRoutes are those that the API's description does not hold.
var moreRoutes = []string{
	"POST /auth/begin", "POST /auth/complete", "POST /auth/verify", "POST /auth/reset", "POST /auth/code", "POST /auth/magic", "POST /auth/email", "POST /auth/link", "POST /auth/invitation", "POST /auth/invite", "GET /auth/invite",
	"POST /auth/sso", "POST /auth/login", "POST /auth/introduce", "POST /auth/end", "POST /auth/facebook/callback", "POST /auth/facebook/deletion", "POST /auth/facebook/deauthorize",
	"GET /auth/facebook/deletion/x", "GET /auth/popup?site=news", "GET /auth/facebook/callback", "GET /auth/verify", "GET /auth/reset", "GET /auth/magic", "GET /auth/email", "GET /auth/sso?site=news",
	"POST /setup", "GET /setup", "GET /account", "GET /dashboard/", "POST /mail/unsubscribe?t=x", "GET /mail/unsubscribe?t=x", "POST /mail/decide?t=x", "GET /mail/decide?t=x",
	"GET /avatars/1.svg", "GET /pictures/x", "GET /media/x.jpg", "GET /p/news/people/1", "GET /embed.js", "GET /embed.d.ts", "GET /openapi.json", "GET /assets/nothing.js", "GET /c/{comment}", "GET /u/nothing", "GET /push", "GET /push.js", "GET /manifest.webmanifest", "GET /p/news?thread=a", "POST /p/news?thread=a",
	"GET /frame/news?thread=a", "GET /render/news?thread=a", "GET /docs/", "GET /docs/sso", "GET /feeds/news.atom", "GET /oembed?url=x", "GET /p/news?q=x", "GET /demo/", "GET /p/news/standards", "GET /p/news/privacy", "GET /", "GET /robots.txt", "GET /favicon.ico", "GET /compat.js", "GET /count.js", "GET /comentario.js", "GET /web/embed.mjs", "GET /js/embed.min.js", "GET /dist/Artalk.js", "GET /healthz", "GET /healthz/way", "GET /readyz", "GET /metrics", "GET /nothing", "POST /nothing",
	"OPTIONS /api/v1/sites/news/comments", "PUT /api/v1/sites/news/comments",
}

// answers asks every route by every caller with every kind of body, and says
// status and code of each answer: route, body, then the callers.
func answers(t *testing.T, p *program) []string {
	t.Helper()
	ids := map[string]string{}
	token := map[string]string{}
	for _, email := range []string{"ann", "mo", "ad"} {
		token[email] = p.login(email + "@example.com")
	}
	var riders []rider
	signIn := func() {
		own := func(email string) []string {
			b := signedIn(t, p, email+"@example.com")
			return []string{"Origin", p.base, "X-Parley", "1", "Cookie", "__Host-parley=" + b.jar["__Host-parley"]}
		}
		ann := signedIn(t, p, "ann@example.com")
		widget := ann.widgetOf()
		mo := own("mo")
		frame := p.do("POST", "/api/v1/sites/news/login", `{"email":"mo@example.com","password":"`+testPassword+`","session":"frame"}`, "Origin", p.base, "X-Parley", "1")
		framed, _, _ := strings.Cut(strings.TrimPrefix(frame.header.Get("Set-Cookie"), ""), ";")
		riders = []rider{
			{"nobody", nil},
			{"page", []string{"Origin", testOrigin, "X-Parley", "1"}},
			{"stranger", []string{"Origin", "https://evil.example", "X-Parley", "1"}},
			{"widget", []string{"Origin", testOrigin, "X-Parley", "1", "Cookie", widget}},
			{"frame", []string{"Origin", p.base, "X-Parley", "1", "Cookie", framed}},
			{"member", []string{"Authorization", token["ann"]}},
			{"moderator", []string{"Authorization", token["mo"]}},
			{"admin", []string{"Authorization", token["ad"]}},
			{"reads", []string{"Authorization", "Bearer " + strings.Fields(p.run("token", "add", "--email", "ad@example.com", "--scope", "read"))[0]}},
			{"account", own("ann")},
			{"desk", mo},
			{"owner", own("ad")},
			{"desk elsewhere", []string{"Origin", testOrigin, "X-Parley", "1", "Cookie", mo[5]}},
			{"no header", []string{"Origin", p.base, "Cookie", mo[5]}},
		}
	}
	signIn()
	k, err := published()
	if err != nil {
		t.Fatal(err)
	}
	routes := slices.Clone(moreRoutes)
	for path, at := range k.doc["paths"].(map[string]any) {
		for m := range at.(map[string]any) {
			if !strings.HasSuffix(path, "/live") { // sockets have tests of their own
				routes = append(routes, strings.ToUpper(m)+" "+path)
			}
		}
	}
	slices.Sort(routes)
	var out []string
	for _, route := range routes {
		method, path, _ := strings.Cut(route, " ")
		if strings.Contains(path, "sessions") || strings.Contains(path, "/auth/claim") { // a claim waits; sessions end everybody's
			continue
		}
		for _, body := range routeBodies {
			if (method == http.MethodGet || method == http.MethodOptions) && body.name != "none" {
				continue
			}
			if slices.ContainsFunc(riders[3:12], func(r rider) bool {
				return !strings.Contains(string(p.wrong("GET", "/api/v1/me?site=news", "", r.header...).body), `"user":{`)
			}) { // a route has ended a session
				for _, email := range []string{"ann", "mo", "ad"} {
					token[email] = p.login(email + "@example.com")
				}
				signIn()
			}
			// What a route is about is made anew, so that what one did to it is not seen by the next.
			ids["comment"] = p.post(token["ann"], "a", "", "about "+route+" "+body.name).ID
			said := map[string][]string{}
			for _, r := range riders {
				at := fill(path, ids)
				header := r.header
				if body.kind != "" {
					header = append(slices.Clone(header), "Content-Type", body.kind)
				}
				a := p.wrong(method, at, body.text, header...)
				var problem struct{ Code string }
				_ = json.Unmarshal(a.body, &problem)
				what := strings.TrimSpace(fmt.Sprint(a.status, " ", problem.Code))
				said[what] = append(said[what], r.name)
			}
			var parts []string
			for _, what := range slices.Sorted(maps.Keys(said)) {
				parts = append(parts, what+": "+strings.Join(said[what], ", "))
			}
			out = append(out, route+" ["+body.name+"] "+strings.Join(parts, "; "))
		}
	}
	return out
}

// fill puts what exists into a route's parameters.
func fill(path string, ids map[string]string) string {
	if strings.HasPrefix(path, "/api/v1/comments/") {
		path = strings.ReplaceAll(path, "{id}", ids["comment"])
	}
	path = strings.NewReplacer("{site}", "news", "{comment}", ids["comment"], "{id}", "nothing", "{act}", "note", "{provider}", "facebook", "{receipt}", "nothing", "{token}", "nothing").Replace(path)
	if !strings.Contains(path, "?") {
		path += "?" + url.Values{"site": {"news"}, "thread": {"a"}}.Encode()
	}
	return path
}

// wrong is try without the check against the description: what is sent here is
// wrong on purpose. It follows no redirect.
func (p *program) wrong(method, path, body string, header ...string) answer {
	p.t.Helper()
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.Do(r)
	if err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{res.StatusCode, res.Header, []byte(readAll(p.t, res))}
}

// Every route answers every caller and every kind of body as it did when the
// record was made. What changes on purpose is recorded anew, and read.
func TestEveryAnswerIsAsRecorded(t *testing.T) {
	parallel(t)
	p := newProgram(t)
	for _, u := range [][3]string{{"mo@example.com", "Mo Moderator", "moderator"}, {"ad@example.com", "Ada Admin", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	p.post(p.login("ann@example.com"), "a", "", "the first of the thread")
	got := answers(t, p)
	file := filepath.Join("testdata", "answers.txt")
	if *recordAnswers {
		if err := os.WriteFile(file, []byte(strings.Join(got, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		name, rest, _ := strings.Cut(line, "] ")
		want[name+"]"] = rest
	}
	for _, line := range got {
		name, rest, _ := strings.Cut(line, "] ")
		name += "]"
		switch w, ok := want[name]; {
		case !ok:
			t.Errorf("%s is not recorded: it answers %s", name, rest)
		case w != rest:
			t.Errorf("%s answers\n  %s, recorded is\n  %s", name, rest, w)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is recorded and was not asked", name)
	}
}
