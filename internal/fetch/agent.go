package fetch

import "net/http"

// As lets every request of a transport say who asks, unless it says so itself.
func As(agent string, next http.RoundTripper) http.RoundTripper { return named{agent, next} }

type named struct {
	agent string
	next  http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (n named) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("User-Agent") == "" {
		r = r.Clone(r.Context()) // it is not ours to change
		r.Header.Set("User-Agent", n.agent)
	}
	return n.next.RoundTrip(r)
}
