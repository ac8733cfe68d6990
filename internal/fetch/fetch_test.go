package fetch

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
)

func TestOnlyThePublicInternetIsReached(t *testing.T) {
	for _, s := range []string{
		"127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.168.1.1", "192.0.0.8", "198.18.0.1",
		"224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fc00::1", "fd12::1", "fe80::1",
		"ff02::1", "2001::1", "2001:db8::1", "fec0::1",
	} {
		if Public(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as public", s)
		}
	}
	for _, s := range []string{"1.1.1.1", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8"} {
		if !Public(netip.MustParseAddr(s)) {
			t.Errorf("%s counts as closed", s)
		}
	}
}

// SECURITY check 36: whatever form an address of our own network takes, the
// canary on loopback sees no connection, and all errors are the same.
func TestCheck36TheCanarySeesNothing(t *testing.T) {
	var seen atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { seen.Add(1) }))
	defer canary.Close()
	_, port, _ := net.SplitHostPort(canary.Listener.Addr().String())
	c := Client(Transport())
	for _, u := range []string{
		"http://127.0.0.1:PORT/", "http://localhost:PORT/", "http://[::1]:PORT/", "http://0:PORT/", "http://0.0.0.0:PORT/", "http://127.1:PORT/", "http://2130706433:PORT/", "http://0x7f000001:PORT/",
		"http://017700000001:PORT/", "http://[::ffff:127.0.0.1]:PORT/", "http://[::127.0.0.1]:PORT/", "http://[0:0:0:0:0:0:0:1]:PORT/", "http://127.0.0.1.:PORT/", "http://user@127.0.0.1:PORT/",
		"http://127.0.0.1:80@127.0.0.1:PORT/", "http://localhost.:PORT/", "http://LOCALHOST:PORT/", "http://127.0.0.1:PORT#@example.com/", "http://127.0.0.1%00:PORT/", "ftp://127.0.0.1:PORT/", "file:///etc/passwd",
		"gopher://127.0.0.1:PORT/", "http://127。0。0。1:PORT/", "//127.0.0.1:PORT/", "http:///127.0.0.1:PORT/", "http://[fe80::1%25lo]:PORT/", "http://[64:ff9b::7f00:1]:PORT/", "javascript:alert(1)", "data:text/plain,x", "", "http://",
	} {
		_, err := Get(context.Background(), c, strings.ReplaceAll(u, "PORT", port))
		if !errors.Is(err, ErrRefused) || err.Error() != ErrRefused.Error() {
			t.Errorf("%q: %v", u, err)
		}
	}
	if n := seen.Load(); n != 0 {
		t.Errorf("the canary saw %d requests", n)
	}
}

// A redirect is looked at like a first address, and an answer is only so large.
func TestRedirectsAndSizesAreLimited(t *testing.T) {
	var canaried atomic.Int32
	canary := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { canaried.Add(1) }))
	defer canary.Close()
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/large":
			_, _ = w.Write(make([]byte, MaxBytes+1))
		case "/loop":
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			http.Redirect(w, r, canary.URL, http.StatusFound)
		}
	}))
	defer away.Close()
	// The first hop is let through, as if away stood on the public internet.
	guarded, first := Transport(), away.Client().Transport
	c := Client(hop(func(r *http.Request) (*http.Response, error) {
		if "http://"+r.URL.Host == away.URL {
			return first.RoundTrip(r)
		}
		return guarded.RoundTrip(r)
	}))
	for _, path := range []string{"/", "/large", "/loop"} {
		if _, err := Get(context.Background(), c, away.URL+path); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if canaried.Load() != 0 {
		t.Error("a redirect reached the canary")
	}
}

type hop func(*http.Request) (*http.Response, error)

func (h hop) RoundTrip(r *http.Request) (*http.Response, error) { return h(r) }
