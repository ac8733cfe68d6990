package app

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"

	"parley/internal/fetch"
	"parley/internal/installcheck"
)

// lookAtPage fetches a page as a reader's browser would ask for it, and once more
// past its cache where the tag is missing: a copy from before it was added looks
// the same to everybody but whoever is signed in there.
func (s *Settings) lookAtPage(ctx context.Context, page string) installcheck.Fetched {
	client := *s.outsideClient()
	client.CheckRedirect = fetch.Client(nil).CheckRedirect
	client.Timeout = fetch.Patience
	saw := lookOnce(ctx, &client, page)
	if saw.Failed != "" || saw.Status >= http.StatusBadRequest {
		return saw
	}
	u, err := url.Parse(page)
	if err != nil {
		return saw
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += installcheck.Parameter + "=fresh"
	past := lookOnce(ctx, &client, u.String())
	if past.Failed != "" || past.Status >= http.StatusBadRequest {
		return saw
	}
	past.Fresh = len(saw.Scripts) == 0 && len(past.Scripts) > 0
	if past.Kept == "" {
		past.Kept = saw.Kept
	}
	return past
}

func lookOnce(ctx context.Context, client *http.Client, page string) installcheck.Fetched {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		return installcheck.Fetched{Failed: installcheck.NoName}
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	res, err := client.Do(r)
	if err != nil {
		return installcheck.Fetched{Failed: whyNot(err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, fetch.MaxBytes))
	if err != nil && len(body) == 0 {
		return installcheck.Fetched{Failed: installcheck.NoAnswer}
	}
	saw := installcheck.ReadPage(res.Header, body, res.Request.URL.String())
	saw.Status = res.StatusCode
	return saw
}

// whyNot is why a page could not be had, as far as its owner is helped by it.
func whyNot(err error) string {
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	switch {
	case errors.Is(err, fetch.ErrRefused) && strings.Contains(err.Error(), "dial"):
		return installcheck.NotReached
	case errors.Is(err, fetch.ErrRefused): // by CheckRedirect
		return installcheck.TooMany
	case errors.As(err, &dns):
		return installcheck.NoName
	case errors.As(err, &cert):
		return installcheck.NoTrust
	}
	return installcheck.NoAnswer
}
