package doctor

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"

	"parley/internal/app"
)

// client reaches the server as browsers do, and goes nowhere else.
func client() *http.Client {
	return &http.Client{Timeout: doctorTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

// why says in a sentence's half why nothing came, and what to do.
func why(err error) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var plain tls.RecordHeaderError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return "its name has no address here; check how it is written, and its DNS entry"
	case errors.As(err, &cert):
		return fmt.Sprintf("its certificate is not good (%v); renew it, with all certificates in between", cert.Err)
	case errors.As(err, &plain), errors.Is(err, http.ErrSchemeMismatch):
		return "it speaks no TLS there; check the port, and whether the address is meant to be encrypted"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "nothing listens there; start it, or check host and port"
	case errors.As(err, &timeout) && timeout.Timeout():
		return "no answer came in time; a firewall may be in between"
	}
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err // without the address, which may hold a secret
	}
	return err.Error()
}

// readyBytes is what of an answer tells whose it is.
const readyBytes = 64

// whose says what is wrong with an answer to /readyz, "" if it is ours.
func whose(res *http.Response, base string) string {
	b, _ := io.ReadAll(io.LimitReader(res.Body, readyBytes))
	switch to := res.Header.Get("Location"); {
	case res.StatusCode >= 300 && res.StatusCode < 400 && to != "":
		if u, err := res.Request.URL.Parse(to); err == nil {
			to = u.Scheme + "://" + u.Host
		}
		return fmt.Sprintf("server: %s leads on to %s; public-url must be the address where it ends", base, to)
	case res.StatusCode == http.StatusMisdirectedRequest:
		return fmt.Sprintf("server: a proxy changes the Host header; it must pass on %s", strings.TrimPrefix(base, "https://"))
	case res.StatusCode == http.StatusBadGateway || res.StatusCode == http.StatusGatewayTimeout:
		return fmt.Sprintf("server: the proxy at %s does not reach Parley (%d); check where it passes requests on to, and whether Parley runs", base, res.StatusCode)
	case res.StatusCode != http.StatusOK:
		return fmt.Sprintf("server: %s/readyz answers %d", base, res.StatusCode)
	case !strings.HasPrefix(string(b), "ready"):
		return fmt.Sprintf("server: another program answers at %s; check public-url, and where the proxy passes requests on to", base)
	}
	return ""
}

// lookAtWay asks the running server how the doctor's own request arrived.
func lookAtWay(ctx context.Context, s *app.Settings) []Finding {
	if s.CheckPublicURL() != nil {
		return nil // lookAtAddress says so
	}
	db, err := s.OpenExisting()
	if err != nil {
		return nil // lookAtDatabase says so
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	w, ok, err := s.AskWay(ctx, db, client())
	if err != nil || !ok {
		return nil // lookAtServer says that there is no server, or another one
	}
	if s.Encrypts() && len(s.TrustedProxies) == 0 {
		return nil // nothing stands in between
	}
	return sayWay(w, s.BaseURL())
}

// sayWay is what is to be said of how a request arrived.
func sayWay(w app.Way, base string) (out []Finding) {
	u, err := url.Parse(base)
	if err != nil {
		return nil
	}
	peer, err := netip.ParseAddr(w.Peer)
	near := err == nil && (peer.Unmap().IsLoopback() || peer.Unmap().IsPrivate())
	host := strings.EqualFold(w.Host, u.Host)
	if !host {
		out = append(out, poor("proxy: it asks for %q and not for %s: what tells sites apart by their address goes wrong; let it pass the Host header on (nginx: proxy_set_header Host $http_host)", w.Host, u.Host))
	}
	switch {
	case len(w.Forwarded) > 0 && !w.Trusted:
		out = append(out, poor("trusted-proxies: requests come by %s, which is not among them, so every reader counts as that one address; set PARLEY_TRUSTED_PROXIES=%s if it is your proxy", w.Peer, w.Peer))
	case len(w.Forwarded) == 0 && u.Scheme == "https" && (near || w.Trusted):
		out = append(out, poor("proxy: it does not say for whom it asks, so every reader counts as %s; let it send X-Forwarded-For (nginx: proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for)", w.Peer))
	case len(w.Forwarded) > 0 && w.Client == w.Peer && !strings.Contains(strings.Join(w.Forwarded, ","), w.Peer):
		out = append(out, poor("proxy: what it says in X-Forwarded-For cannot be read (%q); it must be addresses, with commas between", strings.Join(w.Forwarded, ", ")))
	case len(w.Forwarded) > 0 && host:
		out = append(out, good("proxy: Host and addresses come through; this machine is %s to the server", w.Client))
	}
	return out
}
