package systemtest

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var docHref = regexp.MustCompile(`href="(/docs/[^"#]*|[a-z-]+(?:\.md)?)(?:#[^"]*)?"`)

// Every link from one page of the documentation to another leads somewhere.
func TestTheDocumentationsLinksLeadSomewhere(t *testing.T) {
	p := newProgram(t)
	p.start()
	seen, todo := map[string]bool{}, []string{"/docs/"}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		a := p.do("GET", at, "")
		if a.status != 200 {
			t.Errorf("%s: %d", at, a.status)
			continue
		}
		here, _ := url.Parse(at)
		for _, m := range docHref.FindAllStringSubmatch(string(a.body), -1) {
			to, err := here.Parse(m[1])
			if err != nil || seen[to.Path] || !strings.HasPrefix(to.Path, "/docs/") {
				continue
			}
			seen[to.Path] = true
			todo = append(todo, to.Path)
		}
	}
	if !seen["/docs/sso"] || !seen["/docs/export"] || len(seen) < 9 {
		t.Errorf("only %d pages are linked: %v", len(seen), seen)
	}
}
