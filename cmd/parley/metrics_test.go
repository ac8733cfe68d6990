package main

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
	if a := p.do("GET", "/metrics", "", "X-Forwarded-For", "203.0.113.7"); a.status != 404 {
		t.Errorf("through a proxy: %d", a.status)
	}
	p.kill()
	p.env = append(p.env, "PARLEY_METRICS=off")
	p.start()
	if a := p.do("GET", "/metrics", ""); a.status != 404 {
		t.Errorf("switched off: %d", a.status)
	}
}
