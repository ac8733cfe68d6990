// Package fetch is the one client for addresses that strangers name: pictures
// of people, issuers of a site's owner. It reaches the public internet and
// nothing of the network that the server itself stands in.
package fetch

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

// Limits of one fetch.
const (
	Patience     = 5 * time.Second
	MaxBytes     = 1 << 20
	MaxRedirects = 3
)

// ErrRefused is the one error of an address that may not be fetched, whatever
// the reason: a caller learns nothing about what stands behind it.
var ErrRefused = errors.New("the address can't be fetched")

// closed are the networks that are not the public internet: RFC 6890 and its
// successors. The translations of IPv4 into IPv6 are closed as a whole.
var closed = func() (out []netip.Prefix) {
	for _, s := range []string{
		"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
		"192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
		"::/128", "::1/128", "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
	} {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}()

// Public reports whether ip is an address of the public internet.
func Public(ip netip.Addr) bool {
	if !ip.IsValid() || ip.Zone() != "" {
		return false
	}
	if ip.Is4In6() { // ::ffff:127.0.0.1 is 127.0.0.1
		ip = ip.Unmap()
	}
	for _, p := range closed {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// control looks at the address that is about to be dialled, after every name
// has been resolved: what was checked is what is reached.
func control(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !Public(at.Addr()) || at.Port() != 80 && at.Port() != 443 {
		return ErrRefused
	}
	return nil
}

// Transport reaches the public internet only, without proxies of the environment.
func Transport() http.RoundTripper {
	d := &net.Dialer{Timeout: Patience, Control: control}
	return &http.Transport{
		DialContext: d.DialContext, TLSHandshakeTimeout: Patience, ResponseHeaderTimeout: Patience,
		MaxIdleConns: 16, IdleConnTimeout: time.Minute, ForceAttemptHTTP2: true,
	}
}

// Loopback reaches this machine only, on any port, without proxies of the
// environment.
func Loopback() http.RoundTripper {
	d := &net.Dialer{Timeout: Patience, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !at.Addr().Unmap().IsLoopback() {
			return ErrRefused
		}
		return nil
	}}
	return &http.Transport{DialContext: d.DialContext, TLSHandshakeTimeout: Patience, MaxIdleConns: 16, IdleConnTimeout: time.Minute}
}

// Nothing reaches nothing.
func Nothing() http.RoundTripper { return nothing{} }

type nothing struct{}

// RoundTrip refuses.
func (nothing) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
	return nil, ErrRefused
}

// Client is a client over a transport that follows few redirects, each of them
// to http or https only; the transport checks where they lead.
func Client(t http.RoundTripper) *http.Client {
	return &http.Client{Transport: t, Timeout: Patience, CheckRedirect: func(r *http.Request, via []*http.Request) error {
		if len(via) > MaxRedirects || r.URL.Scheme != "http" && r.URL.Scheme != "https" || r.URL.User != nil {
			return ErrRefused
		}
		return nil
	}}
}

// Get returns what stands at an address, at most MaxBytes. Every failure is
// ErrRefused.
func Get(ctx context.Context, c *http.Client, url string) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil || r.URL.Scheme != "http" && r.URL.Scheme != "https" || r.URL.User != nil {
		return nil, ErrRefused
	}
	res, err := c.Do(r)
	if err != nil {
		return nil, ErrRefused
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK || res.ContentLength > MaxBytes {
		return nil, ErrRefused
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, MaxBytes+1))
	if err != nil || len(b) > MaxBytes {
		return nil, ErrRefused
	}
	return b, nil
}
