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
	switch {
	case s.staging():
		way = s.nowhere()
	case s.OutsideNets == "public":
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

// outboundOff is said at the start of a server that stays by itself.
const outboundOff = "outbound is off: no mail leaves (it is printed to the log), and no hook, scorer, provider or page beyond this machine is reached"

// staging reports that this server is a copy to try things on: nothing it does
// may reach the people and services of the one it was copied from.
func (s *Settings) staging() bool { return s.Outbound == "off" }

// mails reports that mail leaves by a relay.
func (s *Settings) mails() bool { return s.SMTPURL != "" && !s.staging() }

// nowhere reaches this machine alone, and that only where outside-networks would
// let a site's owner reach it.
func (s *Settings) nowhere() http.RoundTripper {
	if s.OutsideNets == "any" {
		return fetch.Loopback()
	}
	return fetch.Nothing()
}

// Agent is what this server calls itself where it asks others: with an address
// at which they find whom to ask back.
func (s *Settings) Agent() string {
	return "Parley/" + cmp.Or(s.Version, "dev") + " (+" + s.BaseURL() + ")"
}
