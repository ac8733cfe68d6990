package systemtest

import (
	"strings"
	"testing"
)

func TestMetricsAreForThisMachine(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "to be counted")
	p.page("thread=a")
	p.page("thread=a")
	p.do("GET", "/no/such/page", "")
	a := p.do("GET", "/metrics", "")
	for _, want := range []string{
		`parley_requests_total{method="POST",route="/api/v1/sites/:site/comments",status="201"} 1`,
		`parley_requests_total{method="GET",route="none",status="404"} 1`,
		"parley_pages_from_cache_total 1", "parley_live_sockets 0", "parley_commits_total", "go_goroutines",
	} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("no line %s", want)
		}
	}
	if strings.Contains(string(a.body), "ann") {
		t.Error("a person is named")
	}
	for _, h := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP", "True-Client-IP", "X-Forwarded-Proto", "X-Forwarded", "Fly-Client-IP", "X-Azure-ClientIP", "X-Amzn-Trace-Id", "X-Request-Start", "CDN-Loop"} {
		if a := p.do("GET", "/metrics", "", h, "203.0.113.7"); a.status != 404 {
			t.Errorf("through a proxy that adds %s: %d, want 404", h, a.status)
		}
	}
	// Where browsers reach the server by a name there is a proxy, and one as
	// simple as nginx's proxy_pass says nothing of itself.
	p.kill()
	p.env = append(p.env, "PARLEY_PUBLIC_URL=https://comments.example.com")
	p.start()
	if a := p.do("GET", "/metrics", ""); a.status != 404 {
		t.Errorf("by a public address: %d, want 404", a.status)
	}
	for setting, want := range map[string]int{"loopback": 200, "on": 200} {
		p.kill()
		p.env = append(p.env, "PARLEY_METRICS="+setting)
		p.start()
		if a := p.do("GET", "/metrics", ""); a.status != want {
			t.Errorf("set to %s: %d, want %d", setting, a.status, want)
		}
	}
	p.kill()
	p.env = append(p.env, "PARLEY_METRICS=off")
	p.start()
	if a := p.do("GET", "/metrics", ""); a.status != 404 {
		t.Errorf("switched off: %d", a.status)
	}
}
