package systemtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/scorers"
)

// service is an outside service over real HTTP on loopback whose answer the
// test chooses.
type service struct {
	*httptest.Server
	mu     sync.Mutex
	answer func(w http.ResponseWriter, r *http.Request, body []byte)
	asked  int
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		answer := s.answer
		s.asked++
		s.mu.Unlock()
		answer(w, r, b)
	}))
	t.Cleanup(s.CloseClientConnections)
	t.Cleanup(s.Close)
	return s
}

func (s *service) set(f func(w http.ResponseWriter, r *http.Request, body []byte)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = f
}

func (d *desk) settings(t *testing.T, v map[string]any) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", string(b), "Authorization", d.ad); a.status != 200 {
		t.Fatalf("settings: %d %s", a.status, a.body)
	}
}

// TestOutsideServicesDecideLaterAndTheirFailureHoldsUpNobody asks every service
// after the answer; a hook that hangs, answers 500, HTML or 10 MB or points
// elsewhere changes nothing, unless the site wants it to hold.
func TestOutsideServicesDecideLaterAndTheirFailureHoldsUpNobody(t *testing.T) {
	p := newProgram(t)
	hook, akismet, scorer, elsewhere := newService(t), newService(t), newService(t), newService(t)
	elsewhere.set(func(w http.ResponseWriter, _ *http.Request, _ []byte) {
		_, _ = io.WriteString(w, `{"verdict":"publish"}`)
	})
	p.env = append(p.env, "PARLEY_OUTSIDE_NETWORKS=any", "PARLEY_AKISMET_URL="+akismet.URL)
	for _, u := range [][3]string{{"mo@example.com", "Mo Moderator", "moderator"}, {"ad@example.com", "Ada Admin", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	d := &desk{p, p.login("mo@example.com"), p.login("ad@example.com"), p.login("ann@example.com"), ""}

	d.settings(t, map[string]any{"hook_secret": "s3cret", "hook_url": hook.URL, "hook_seconds": 1})
	n := 0
	post := func(body string) string {
		n++
		begin := time.Now()
		id, status := d.write(t, d.ann, "a", fmt.Sprintf("%s, number %d", body, n))
		if status != "published" {
			t.Fatalf("%q is %s before anybody was asked", body, status)
		}
		t.Logf("posted in %v", time.Since(begin).Round(time.Millisecond))
		return id
	}
	hook.set(func(w http.ResponseWriter, r *http.Request, body []byte) {
		if got := r.Header.Get("webhook-signature"); got != "v1,"+scorers.Sign("s3cret", r.Header.Get("webhook-id"), r.Header.Get("webhook-timestamp"), body) {
			t.Errorf("signature %q", got)
		}
		_, _ = io.WriteString(w, `{"verdict":"hold","reason":"house rule 4"}`)
	})
	id := post("A remark that the hook minds")
	eventually(t, "the hook's verdict holds it", func() bool { return d.status(t, id) == "pending" })
	if q := d.queue(t, "state=pending"); len(q.Context[id].Findings) != 1 || q.Context[id].Findings[0].Detail != "house rule 4" {
		t.Errorf("findings %+v", q.Context[id].Findings)
	}

	for name, bad := range map[string]func(w http.ResponseWriter, r *http.Request, body []byte){
		"hangs":    func(_ http.ResponseWriter, r *http.Request, _ []byte) { <-r.Context().Done() },
		"says 500": func(w http.ResponseWriter, _ *http.Request, _ []byte) { w.WriteHeader(500) },
		"is HTML":  func(w http.ResponseWriter, _ *http.Request, _ []byte) { _, _ = io.WriteString(w, "<h1>hold</h1>") },
		"is 10 MB": func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			_, _ = io.WriteString(w, `{"verdict":"hold","reason":"`+strings.Repeat("x", 10<<20)+`"}`)
		},
		"points elsewhere": func(w http.ResponseWriter, _ *http.Request, _ []byte) {
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(http.StatusTemporaryRedirect) // with body and signature, if it is followed
		},
	} {
		hook.set(bad)
		d.settings(t, map[string]any{"hook_fail_closed": false, "hook_url": hook.URL + "/" + url.PathEscape(name)}) // an address that has not failed yet
		hook.mu.Lock()
		before := hook.asked
		hook.mu.Unlock()
		open := post("open when the hook " + name)
		eventually(t, "the hook is asked", func() bool { hook.mu.Lock(); defer hook.mu.Unlock(); return hook.asked > before })
		if s := d.status(t, open); s != "published" {
			t.Errorf("%s: the comment is %s where the site does not hold, want published", name, s)
		}
		d.settings(t, map[string]any{"hook_fail_closed": true})
		closed := post("closed when the hook " + name)
		eventually(t, "a hook that "+name+" holds where the site wants that", func() bool { return d.status(t, closed) == "pending" })
	}

	for _, name := range []string{p.database, p.database + "-wal"} { // whoever gets the file gets no secret
		if b, err := os.ReadFile(name); err != nil || bytes.Contains(b, []byte("s3cret")) {
			t.Errorf("%s holds the hook's secret as it was typed (%v)", filepath.Base(name), err)
		}
	}

	elsewhere.mu.Lock()
	if elsewhere.asked > 0 {
		t.Error("a signed question was carried on to where a redirect pointed")
	}
	elsewhere.mu.Unlock()

	d.settings(t, map[string]any{"hook_url": "", "akismet_key": "key", "scorer_url": scorer.URL})
	akismet.set(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		if strings.Contains(string(body), "pills") {
			w.Header().Set("X-akismet-pro-tip", "discard")
			_, _ = io.WriteString(w, "true")
			return
		}
		_, _ = io.WriteString(w, "false")
	})
	scorer.set(func(w http.ResponseWriter, _ *http.Request, body []byte) {
		score := 0.01
		if strings.Contains(string(body), "hateful") {
			score = 0.97
		}
		_, _ = fmt.Fprintf(w, `{"results":[{"category_scores":{"harassment":%v}}]}`, score)
	})
	fine, spam, hate := post("a fine remark"), post("cheap pills"), post("a hateful remark")
	eventually(t, "Akismet calls one spam", func() bool { return d.status(t, spam) == "spam" })
	eventually(t, "the endpoint holds one", func() bool { return d.status(t, hate) == "pending" })
	if s := d.status(t, fine); s != "published" {
		t.Errorf("the fine one is %s", s)
	}

	// A person's word stands whatever a service says afterwards.
	d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"approve"}]`, hate))
	time.Sleep(50 * time.Millisecond)
	if s := d.status(t, hate); s != "published" {
		t.Errorf("approved, then %s", s)
	}
}
