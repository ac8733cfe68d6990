package systemtest

import (
	"encoding/json"
	"strings"
	"testing"
)

// Without a terminal the log is JSON; a request is one line when that is asked
// for, by its route: no ticket, no address, no query.
func TestTheLogHasALineForEachRequest(t *testing.T) {
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_LOG_REQUESTS=on")
	p.start()
	before := len(p.log.String())
	for range 3 { // the second is kept, and answered ahead of every route
		p.do("GET", "/api/v1/sites/news/comments?thread=secret-thread", "", "X-Forwarded-For", "203.0.113.9")
	}
	p.do("GET", "/api/v1/comments/zzzz", "")
	p.do("GET", "/nothing/secret-path", "")
	type line struct {
		Msg, Method, Route string
		Status             int
		MS                 float64
	}
	var lines []line
	eventually(t, "five lines", func() bool {
		lines = nil
		for _, text := range strings.Split(p.log.String()[before:], "\n") {
			var l line
			if json.Unmarshal([]byte(text), &l) == nil && l.Msg == "request" {
				lines = append(lines, l)
			}
		}
		return len(lines) >= 5
	})
	routes := map[string]int{}
	for _, l := range lines {
		routes[l.Method+" "+l.Route]++
	}
	if routes["GET /api/v1/sites/:site/comments"]+routes["GET a kept page"] != 3 || routes["GET a kept page"] == 0 || routes["GET /api/v1/comments/:id"] != 1 {
		t.Errorf("the lines: %v", routes)
	}
	for _, secret := range []string{"secret", "203.0.113.9", "127.0.0.1"} {
		if strings.Contains(p.log.String()[before:], secret) {
			t.Errorf("the log holds %q:\n%s", secret, p.log.String()[before:])
		}
	}
}
