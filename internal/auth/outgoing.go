package auth

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// ProviderPatience is how long a provider may take for one answer. A second
// try, which x/oauth2 makes to find out how to show the secret, must begin
// within it too.
const ProviderPatience = 10 * time.Second

// Limits of what we ask providers.
const (
	providerBytes = 1 << 20  // of one answer
	formBytes     = 64 << 10 // of one of our questions
)

// loginClient is the client of one login: it adds what goth leaves out of the
// token request, holds every answer to a size and a time, and pins Facebook's
// version.
type loginClient struct {
	verifier string
	until    time.Time // no request begins after it
	next     http.RoundTripper
}

var errLate = &url.Error{Op: "ask", Err: context.DeadlineExceeded}

// client wraps base for one login.
func (a *Service) client(base *http.Client, verifier string) *http.Client {
	next := base.Transport
	if next == nil {
		next = http.DefaultTransport
	}
	return &http.Client{Timeout: ProviderPatience, CheckRedirect: base.CheckRedirect, Transport: loginClient{verifier, time.Now().Add(ProviderPatience), next}}
}

// RoundTrip sends one request.
func (l loginClient) RoundTrip(r *http.Request) (*http.Response, error) {
	if time.Now().After(l.until) {
		return nil, errLate
	}
	r = r.Clone(r.Context())
	if r.URL.Host == "graph.facebook.com" {
		r.URL.Path = "/" + GraphVersion + r.URL.Path
	}
	if r.URL.Opaque != "" {
		r.URL.Opaque = ""
	}
	if r.Method == http.MethodPost && r.Body != nil && l.verifier != "" {
		b, err := io.ReadAll(io.LimitReader(r.Body, formBytes))
		_ = r.Body.Close()
		if err != nil {
			return nil, err
		}
		if form, err := url.ParseQuery(string(b)); err == nil && form.Get("grant_type") == "authorization_code" && form.Get("code_verifier") == "" {
			form.Set("code_verifier", l.verifier)
			b = []byte(form.Encode())
		}
		r.Body, r.ContentLength, r.GetBody = io.NopCloser(bytes.NewReader(b)), int64(len(b)), nil
	}
	res, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(res.Body, providerBytes), res.Body}
	return res, nil
}

// Via sends every request to base instead, with the real host as the first
// part of the path: to the fake world of a test, or through a gateway where a
// server may not reach the outside. Hosts in plain are left alone.
func Via(base string, next http.RoundTripper) http.RoundTripper {
	if next == nil {
		next = http.DefaultTransport
	}
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		u, err := via(base, r.URL)
		if err != nil {
			return nil, err
		}
		r = r.Clone(r.Context())
		r.URL, r.Host = u, u.Host
		return next.RoundTrip(r)
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

// RoundTrip calls f.
func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// via rewrites an https address to one on base; others stay as they are.
func via(base string, u *url.URL) (*url.URL, error) {
	if base == "" || u.Scheme != "https" {
		return u, nil
	}
	b, err := url.Parse(strings.TrimRight(base, "/"))
	if err != nil {
		return nil, err
	}
	out := *u
	out.Scheme, out.Host, out.Path, out.RawPath = b.Scheme, b.Host, b.Path+"/"+u.Host+u.Path, ""
	return &out, nil
}
