package certs

import (
	"context"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/acme"
)

const (
	renewPart   = 3        // of its life is left when a certificate is renewed
	infoBytes   = 16 << 10 // of an answer about renewal
	reasonRunes = 300      // of what a server says
)

// due is when a certificate is renewed: when the server says so, and at the
// latest when a third of its life is left.
func (a *Auto) due(leaf *x509.Certificate) time.Time {
	at := leaf.NotAfter.Add(-leaf.NotAfter.Sub(leaf.NotBefore) / renewPart)
	if !a.renewAt.IsZero() && a.renewAt.Before(at) {
		return a.renewAt
	}
	return at
}

// ask asks when the server wants the certificate renewed (RFC 9773): before it
// withdraws it, or when it has time. A moment in its window is drawn once. That
// it cannot say is no trouble.
func (a *Auto) ask(ctx context.Context, leaf *x509.Certificate) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	var dir struct {
		RenewalInfo string `json:"renewalInfo"`
	}
	if a.read(ctx, a.directory, &dir) != nil || dir.RenewalInfo == "" || len(leaf.AuthorityKeyId) == 0 {
		return
	}
	id := base64.RawURLEncoding
	serial := leaf.SerialNumber.Bytes()
	if len(serial) > 0 && serial[0] >= 0x80 { // as in DER
		serial = append([]byte{0}, serial...)
	}
	var info struct {
		Window struct{ Start, End time.Time } `json:"suggestedWindow"`
	}
	if a.read(ctx, strings.TrimSuffix(dir.RenewalInfo, "/")+"/"+id.EncodeToString(leaf.AuthorityKeyId)+"."+id.EncodeToString(serial), &info) != nil {
		return
	}
	w := [2]time.Time{info.Window.Start, info.Window.End}
	if !w[1].After(w[0]) || a.window == w && !a.renewAt.IsZero() {
		return
	}
	a.window, a.renewAt = w, w[0].Add(rand.N(w[1].Sub(w[0])))
}

// read reads a small JSON document.
func (a *Auto) read(ctx context.Context, at string, v any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", a.agent)
	res, err := a.web.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %d", at, res.StatusCode)
	}
	return json.NewDecoder(io.LimitReader(res.Body, infoBytes)).Decode(v)
}

// hints are what to do about what an ACME server says, by the ends of its types.
var hints = map[string]string{
	"connection":              "ports 80 and 443 of %s must lead to this server, through every firewall",
	"dns":                     "%s needs a DNS entry that leads to this server",
	"unauthorized":            "another server answers at %s; its DNS entry must lead here",
	"incorrectResponse":       "another server answers at %s; its DNS entry must lead here",
	"tls":                     "another server answers at %s; its DNS entry must lead here",
	"caa":                     "the CAA entry of %s names other issuers",
	"rejectedIdentifier":      "it gives none for a name like %s; check public-url",
	"rateLimited":             "too many were asked for",
	"externalAccountRequired": "it wants an account that is made beforehand; name another server in acme-directory",
	"invalidContact":          "check acme-email",
	"unsupportedContact":      "check acme-email",
}

// reason is in half a sentence why there is no certificate, and what to do.
func reason(err error, host string) string {
	var problem *acme.Error
	var proof *acme.AuthorizationError
	if errors.As(err, &proof) && len(proof.Errors) > 0 {
		err = errors.Join(proof.Errors...)
	}
	if !errors.As(err, &problem) {
		return oneLine(unreachable(err))
	}
	kind := problem.ProblemType[strings.LastIndexByte(problem.ProblemType, ':')+1:]
	said := fmt.Sprintf("the server refuses (%s): %s", kind, problem.Detail)
	for _, sub := range problem.Subproblems {
		said += "; " + sub.Detail
	}
	hint := hints[kind]
	if hint == "" && proof != nil {
		hint = hints["dns"] + ", with ports 80 and 443"
	}
	if hint != "" {
		return oneLine(said) + "; " + strings.ReplaceAll(hint, "%s", host)
	}
	return oneLine(said)
}

// unreachable says what is between us and a server that gave no answer.
func unreachable(err error) string {
	var dns *net.DNSError
	var u *url.Error
	switch {
	case errors.As(err, &dns):
		return fmt.Sprintf("%s has no address here; check acme-directory, and this machine's DNS", dns.Name)
	case errors.As(err, &u):
		return fmt.Sprintf("%s does not answer (%v); check acme-directory, and whether this machine reaches the internet", u.URL, u.Err)
	case errors.Is(err, context.DeadlineExceeded):
		return "the server did not come to an end in time"
	}
	return err.Error()
}

// oneLine makes of what a server says something for a line of a log.
func oneLine(s string) string {
	r := []rune(strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }), " "))
	return string(slices.Clip(r[:min(len(r), reasonRunes)]))
}
