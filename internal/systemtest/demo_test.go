package systemtest

import (
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"parley/internal/demo"
)

// TestDemo runs the demo twice on one folder: the second run finds what the
// first one made.
func TestDemo(t *testing.T) {
	p := newEmptyProgram(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	news := ln.Addr().String()
	_ = ln.Close()
	p.env = append(p.env, "PARLEY_DEMO_LISTEN="+news)
	page := strings.Replace("http://"+news, "127.0.0.1", "localhost", 1)
	get := func(url string) (int, string) {
		r, err := http.Get(url)
		if err != nil {
			return 0, ""
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		return r.StatusCode, string(b)
	}
	bin, err := p.bin()
	if err != nil {
		t.Fatal(err)
	}
	for run := range 2 {
		cmd := exec.Command(bin, "demo")
		cmd.Env, cmd.Stdout, cmd.Stderr = p.env, p.log, p.log
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		eventually(t, "the demo shows its article", func() bool { n, b := get(p.base + "/demo/"); return n == 200 && strings.Contains(b, "parley-comments") })
		if got := p.do("GET", "/api/v1/sites/lantern/counts?thread=ferries&thread=budget&thread=museum&thread=/2012/01/post-0/", ""); !strings.Contains(string(got.body), `"budget":600,"ferries":10`) {
			t.Errorf("run %d: %s", run, got.body)
		}
		var list page5
		p.do("GET", "/api/v1/sites/lantern/comments?thread=ferries&view=flat&sort=newest&limit=5", "").into(t, &list)
		if len(list.Comments) != 5 || list.Comments[0].To == nil || list.Comments[0].To.Name == nil || *list.Comments[0].To.Name != "Marta Vance" {
			t.Fatalf("run %d: the newest comment answers %+v", run, list.Comments)
		}
		for _, c := range list.Comments {
			if c.ID == list.Comments[0].To.ID {
				t.Error("its parent is on the same page")
			}
		}
		if run == 0 {
			standInSignsIn(t, p, page)
		}
		for _, path := range []string{"/", "/budget", "/museum", "/archive", "/2012/01/post-0/", "/%D0%BF%D1%80%D0%B8%D0%B2%D0%B5%D1%82/"} {
			if n, b := get(page + path); n != 200 || !strings.Contains(b, "/embed.js") {
				t.Errorf("run %d: %s is %d", run, path, n)
			}
		}
		// The switches make trouble that a reader's widget must bear, and end it.
		turn := func(origin string, v url.Values) int {
			r, err := http.NewRequest("POST", page+"/control", strings.NewReader(v.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", origin)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			return res.StatusCode
		}
		if n := turn("https://evil.example", url.Values{"server": {"down"}}); n != 403 {
			t.Errorf("a stranger's page may switch: %d", n)
		}
		for server, want := range map[string]int{"down": 503, "garbage": 200, "none": 200} {
			if n := turn(page, url.Values{"server": {server}}); n != 200 {
				t.Errorf("switch to %s: %d", server, n)
			}
			r, err := http.Get(p.base + "/api/v1/sites/lantern/counts?thread=ferries")
			if err != nil {
				t.Fatal(err)
			}
			_ = r.Body.Close()
			if html := strings.HasPrefix(r.Header.Get("Content-Type"), "text/html"); r.StatusCode != want || html != (server == "garbage") {
				t.Errorf("%s: %d %s", server, r.StatusCode, r.Header.Get("Content-Type"))
			}
		}
		turn(page, url.Values{"server": {"none"}, "ines": {"moderator"}, "hold": {"none"}})
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := cmd.Wait(); err != nil {
			t.Errorf("run %d ended with %v\n%s", run, err, p.log)
		}
		if run == 0 {
			p.run("site", "set", "lantern", "--add-origin", "https://added.example")
		} else if list := p.run("site", "list"); !strings.Contains(list, "https://added.example") || !strings.Contains(list, page) {
			t.Errorf("the second run keeps not what was added, or not its own page: %s", list)
		}
	}
	for _, want := range []string{page + "/budget", "oona@demo.example", demo.Password} {
		if !strings.Contains(p.log.String(), want) {
			t.Errorf("the demo does not print %s", want)
		}
	}
}

type page5 struct {
	Comments []struct {
		ID string
		To *struct {
			ID   string
			Name *string `json:"author_name"`
		} `json:"in_reply_to"`
	}
}

// standInSignsIn goes the whole way through the demo's stand-in provider, as a
// newcomer without any keys does.
func standInSignsIn(t *testing.T, p *program, page string) {
	t.Helper()
	b := p.browser()
	a := b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"lantern","origin":%q,"provider":"oidc-stand-in"}`, page))
	var out struct{ URL string }
	a.into(t, &out)
	if a.status != 200 || !strings.HasPrefix(out.URL, page+"/stand-in/authorize?") {
		t.Fatalf("the stand-in: %d %s", a.status, a.body)
	}
	res, err := http.Get(out.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, _ := io.ReadAll(res.Body)
	if !strings.Contains(string(raw), "A stand-in on this machine") {
		t.Errorf("it does not say what it is: %s", raw)
	}
	_, link, _ := strings.Cut(string(raw), `<a href="`)
	link, _, _ = strings.Cut(link, `"`)
	back, err := url.Parse(html.UnescapeString(link))
	if err != nil {
		t.Fatal(err)
	}
	if step, a := b.arrives(back.RequestURI()); step != "name" {
		t.Fatalf("step %q: %d %s\n%s", step, a.status, a.body, p.log)
	}
	if a := b.send("POST", "/auth/introduce", `{"name":"Rosa Lindqvist"}`); a.status != 200 {
		t.Errorf("introduce: %d %s", a.status, a.body)
	}
}
