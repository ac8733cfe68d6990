package certs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/crypto/acme"
)

// How one proves to be the host: by what stands at a plain address, or by a
// certificate that is shown to the one who asks.
const (
	byHTTP = "http-01"
	byTLS  = "tls-alpn-01"
)

const (
	orderTimeout = 3 * time.Minute
	callTimeout  = 30 * time.Second
	callTries    = 3
	askEvery     = 6 * time.Hour // whether the server wants an earlier renewal
	leastWait    = time.Second
)

// waits is how long after a refusal it is asked again; the last one holds on.
// Four failed proofs in the first hour: Let's Encrypt allows five. The second
// follows at once, because it is made the other way.
var waits = []time.Duration{10 * time.Second, 15 * time.Minute, 30 * time.Minute, time.Hour}

// Auto is a certificate from an ACME server, for one host.
type Auto struct {
	host, directory, email, dir string
	methods                     []string // ways to prove, in turn
	agent                       string
	web                         *http.Client

	now     atomic.Pointer[tls.Certificate]
	again   chan struct{}
	client  *acme.Client
	failed  int       // refusals since the last success
	asked   time.Time // when it was asked whether to renew earlier
	window  [2]time.Time
	renewAt time.Time // in that window

	mu     sync.Mutex // guards what follows: proofs, while they are asked for
	tokens map[string]string
	proof  *tls.Certificate
}

// NewAuto has the certificate of host kept under dir, and asks the server at
// directory for one. plain says whether anything answers at port 80.
func NewAuto(host, directory, email, dir, agent string, plain bool) (*Auto, error) {
	a := &Auto{
		host: host, directory: directory, email: email, dir: place(dir, directory), agent: agent, methods: []string{byTLS},
		web: &http.Client{Timeout: callTimeout}, again: make(chan struct{}, 1), tokens: map[string]string{},
	}
	if plain {
		a.methods = []string{byHTTP, byTLS}
	}
	if err := os.MkdirAll(a.dir, 0o700); err != nil {
		return nil, fmt.Errorf("tls: %w", err)
	}
	c, _, err := Look(dir, directory, host)
	if err != nil {
		slog.Error("tls: the kept certificate cannot be read; another is asked for", "err", err)
	} else if c != nil && c.Leaf.VerifyHostname(host) == nil {
		a.now.Store(c)
	}
	return a, nil
}

// Get is the certificate, or that of the proof, to who asks for it.
func (a *Auto) Get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.proof == nil || hello.ServerName != a.host {
			return nil, ErrNone
		}
		return a.proof, nil
	}
	if c := a.now.Load(); c != nil {
		return c, nil
	}
	return nil, ErrNone
}

// Again asks at once, also after a refusal.
func (a *Auto) Again() { poke(a.again) }

func (a *Auto) none() bool { return a.now.Load() == nil }

// answer is what the ACME server reads at a plain address.
func (a *Auto) answer(path string) (string, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	v, ok := a.tokens[path]
	return v, ok
}

// Run has a certificate got and renewed until ctx ends.
func (a *Auto) Run(ctx context.Context) {
	for ctx.Err() == nil {
		wait := max(a.step(ctx), leastWait)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		case <-a.again:
			a.failed, a.asked = 0, time.Time{}
		}
	}
}

// step does what is due, and says how long there is nothing more to do.
func (a *Auto) step(ctx context.Context) time.Duration {
	if c := a.now.Load(); c != nil && a.failed == 0 {
		if time.Since(a.asked) >= askEvery { // never twice in a row: whoever always says "now" gets no loop
			a.ask(ctx, c.Leaf)
			a.asked = time.Now()
		}
		if until := time.Until(a.due(c.Leaf)); until > 0 {
			return min(until, askEvery)
		}
	}
	once, cancel := context.WithTimeout(ctx, orderTimeout)
	defer cancel()
	c, err := a.obtain(once, a.methods[a.failed%len(a.methods)])
	if ctx.Err() != nil {
		return 0
	}
	if err != nil {
		return a.refused(err)
	}
	a.failed, a.asked, a.renewAt = 0, time.Now(), time.Time{}
	a.now.Store(c)
	if err := os.Remove(a.file(".json")); err != nil && !os.IsNotExist(err) {
		slog.Error("tls", "err", err)
	}
	slog.Info("tls: a new certificate", "host", a.host, "until", c.Leaf.NotAfter.UTC().Format(time.DateTime))
	return 0
}

// refused says why there is no certificate, and keeps it for the doctor.
func (a *Auto) refused(err error) time.Duration {
	wait := waits[min(a.failed, len(waits)-1)]
	if limit, ok := acme.RateLimit(err); ok {
		wait = max(wait, limit)
	}
	a.failed++
	st := State{Refused: reason(err, a.host), At: time.Now(), Next: time.Now().Add(wait)}
	serves := "nobody can connect until there is one"
	if c := a.now.Load(); c != nil {
		serves = "the one before serves on; it ends on " + c.Leaf.NotAfter.UTC().Format(time.DateTime) + " UTC"
	}
	slog.Error(fmt.Sprintf("tls: no certificate for %s: %s; %s; asked again in %v, or at once on SIGHUP", a.host, st.Refused, serves, wait))
	b, err := json.Marshal(st)
	if err == nil {
		err = write(a.file(".json"), b)
	}
	if err != nil {
		slog.Error("tls", "err", err)
	}
	return wait
}

func (a *Auto) file(ending string) string { return filepath.Join(a.dir, a.host+ending) }

// obtain gets a certificate, proving one way to be the host.
func (a *Auto) obtain(ctx context.Context, method string) (*tls.Certificate, error) {
	c, err := a.registered(ctx)
	if err != nil {
		return nil, err
	}
	o, err := c.AuthorizeOrder(ctx, acme.DomainIDs(a.host))
	if err != nil {
		return nil, err
	}
	for _, u := range o.AuthzURLs {
		if err := a.prove(ctx, c, u, method); err != nil {
			return nil, err
		}
	}
	ready, err := c.WaitOrder(ctx, o.URI)
	if err != nil {
		return nil, err
	}
	ready.URI = o.URI
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{a.host}}, key)
	if err != nil {
		return nil, err
	}
	chain, _, err := c.CreateCertFromOrder(ctx, ready, csr, true)
	if err != nil {
		return nil, err
	}
	b, err := pack(key, chain)
	if err != nil {
		return nil, err
	}
	got, err := tls.X509KeyPair(b, b)
	if err != nil {
		return nil, err
	}
	if err := Check(&got, a.host, time.Now()); err != nil {
		return nil, fmt.Errorf("what it gave is no certificate for now: %w", err)
	}
	return &got, write(a.file(".pem"), b)
}

// registered is the client, with an account.
func (a *Auto) registered(ctx context.Context) (*acme.Client, error) {
	if a.client != nil {
		return a.client, nil
	}
	key, err := account(filepath.Join(a.dir, "account.key"))
	if err != nil {
		return nil, err
	}
	c := &acme.Client{
		Key: key, DirectoryURL: a.directory, HTTPClient: a.web, UserAgent: a.agent,
		RetryBackoff: func(n int, _ *http.Request, res *http.Response) time.Duration {
			if n > callTries || res != nil && res.StatusCode == http.StatusTooManyRequests {
				return 0 // the next try is a new order
			}
			return time.Duration(n) * time.Second
		},
	}
	who := &acme.Account{}
	if a.email != "" {
		who.Contact = []string{"mailto:" + a.email}
	}
	if _, err := c.Register(ctx, who, acme.AcceptTOS); err != nil && err != acme.ErrAccountAlreadyExists {
		return nil, err
	}
	a.client = c
	return c, nil
}

// prove answers what the server asks about one name.
func (a *Auto) prove(ctx context.Context, c *acme.Client, authorization, method string) error {
	z, err := c.GetAuthorization(ctx, authorization)
	if err != nil || z.Status == acme.StatusValid {
		return err
	}
	i := slices.IndexFunc(z.Challenges, func(q *acme.Challenge) bool { return q.Type == method })
	if i < 0 {
		return fmt.Errorf("it offers no %s", method)
	}
	q := z.Challenges[i]
	if err := a.show(c, q); err != nil {
		return err
	}
	defer a.hide()
	if _, err := c.Accept(ctx, q); err != nil {
		return err
	}
	_, err = c.WaitAuthorization(ctx, z.URI)
	return err
}

// show puts the proof where the server looks for it.
func (a *Auto) show(c *acme.Client, q *acme.Challenge) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if q.Type == byHTTP {
		answer, err := c.HTTP01ChallengeResponse(q.Token)
		a.tokens[c.HTTP01ChallengePath(q.Token)] = answer
		return err
	}
	cert, err := c.TLSALPN01ChallengeCert(q.Token, a.host)
	a.proof = &cert
	return err
}

func (a *Auto) hide() {
	a.mu.Lock()
	defer a.mu.Unlock()
	clear(a.tokens)
	a.proof = nil
}
