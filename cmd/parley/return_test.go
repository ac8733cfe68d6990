package main

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
)

// A link that would lead a signed-in reader through a page of the site and on
// to somebody else, who holds the verifier, is refused at each step.
func TestTheWholePageIsNotLedOn(t *testing.T) {
	p, _ := newWorld(t)
	b := p.browser()
	challenge := strings.Repeat("A", 43)
	for ret, want := range map[string]int{testOrigin + "/a?page=2": 200, testOrigin + "/go?to=https://evil.example/": 403} {
		q := url.Values{"site": {"news"}, "origin": {testOrigin}, "provider": {"facebook"}, "return": {ret}, "challenge": {challenge}}
		if a := b.send("GET", "/auth/popup?"+q.Encode(), ""); a.status != want {
			t.Errorf("%s: the window answers %d", ret, a.status)
		}
		if a := b.send("POST", "/auth/begin", fmt.Sprintf(`{"site":"news","origin":%q,"challenge":%q,"return":%q}`, testOrigin, challenge, ret)); a.status != want {
			t.Errorf("%s: begin answers %d", ret, a.status)
		}
		if a := b.send("POST", "/auth/login", fmt.Sprintf(`{"site":"news","origin":%q,"provider":"facebook","return":%q}`, testOrigin, ret)); a.status != want {
			t.Errorf("%s: login answers %d", ret, a.status)
		}
	}
}
