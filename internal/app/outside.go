package app

import (
	"cmp"
	"net/http"

	"parley/internal/fetch"
)

// outsideClient reaches what a site's hooks and scorers may reach.
// Each question has its own time-out, so the client has none. It follows no
// redirects: a question carries a signature or a key, which are for the address
// that the owner named and for no other.
func (s *Settings) outsideClient() *http.Client {
	way := http.DefaultTransport
	if s.OutsideNets == "public" {
		way = fetch.Transport()
		if t, ok := way.(*http.Transport); ok {
			t.ResponseHeaderTimeout = 0
		}
	}
	c := fetch.Client(fetch.As(s.Agent(), way))
	c.Timeout = 0
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return c
}

// Agent is what this server calls itself where it asks others: with an address
// at which they find whom to ask back.
func (s *Settings) Agent() string {
	return "Parley/" + cmp.Or(s.Version, "dev") + " (+" + s.BaseURL() + ")"
}
