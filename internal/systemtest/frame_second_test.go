package systemtest

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

// opensAt begins a sign-in for a widget on an origin.
func (b *browser) opensAt(origin string) widget {
	b.t.Helper()
	w := widget{verifier: hexRandom() + hexRandom(), origin: origin}
	sum := sha256.Sum256([]byte(w.verifier))
	a := b.send("POST", "/auth/begin", fmt.Sprintf(`{"site":"news","origin":%q,"challenge":%q}`, origin, base64.RawURLEncoding.EncodeToString(sum[:])))
	var out struct{ Txn string }
	a.into(b.t, &out)
	w.txn = out.Txn
	return w
}

// Where staff need a second factor, the frame has what its window has proved;
// a widget on the publisher's page, whose scripts we don't know, never does.
func TestTheFrameKeepsTheSecondFactor(t *testing.T) {
	p := newProgram(t)
	p.run("user", "role", "ann@example.com", "moderator", "--site", "news")
	p.run("site", "set", "news", "--staff-second")
	p.start()
	queue := func(origin string, b *browser) int {
		t.Helper()
		w := b.opensAt(origin)
		if a := b.send("POST", "/auth/complete", fmt.Sprintf(`{"txn":%q}`, w.txn)); a.status != 204 {
			t.Fatalf("complete: %d %s", a.status, a.body)
		}
		a := p.claims(w)
		cookie, _, _ := strings.Cut(a.header.Get("Set-Cookie"), ";")
		if a.status != 200 || cookie == "" {
			t.Fatalf("claim: %d %s", a.status, a.body)
		}
		return p.do("GET", "/api/v1/sites/news/moderation/queue?state=pending", "", "Origin", origin, "X-Parley", "1", "Cookie", cookie).status
	}
	b := signedIn(t, p, "ann@example.com")
	if got := queue(p.base, b); got != 403 {
		t.Errorf("the frame without a second factor: %d", got)
	}
	var begun struct{ Secret, Ticket string }
	b.send("POST", "/api/v1/me/second-factor", "{}").into(t, &begun)
	digits, err := totp.GenerateCode(begun.Secret, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if a := b.send("PUT", "/api/v1/me/second-factor", fmt.Sprintf(`{"ticket":%q,"code":%q}`, begun.Ticket, digits)); a.status != 200 {
		t.Fatalf("second factor: %d %s", a.status, a.body)
	}
	if got := queue(p.base, b); got != 200 {
		t.Errorf("the frame with a second factor: %d", got)
	}
	if got := queue(testOrigin, b); got == 200 {
		t.Errorf("a widget on the publisher's page moderates: %d", got)
	}
}

// Beginning and claiming have a limit of their own.
func TestSignInsAreLimited(t *testing.T) {
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_RATE_LIMITS=on")
	p.start()
	b := p.browser()
	begin := fmt.Sprintf(`{"site":"news","origin":%q,"challenge":%q}`, testOrigin, strings.Repeat("A", 43))
	statuses := func(send func() answer) (ok, slow int) {
		for range 90 {
			switch a := send(); a.status {
			case 429:
				slow++
			default:
				ok++
			}
		}
		return ok, slow
	}
	if ok, slow := statuses(func() answer { return b.send("POST", "/auth/begin", begin) }); ok < 60 || slow == 0 {
		t.Errorf("begin: %d let through, %d not", ok, slow)
	}
	w := widget{txn: "none", verifier: "v", origin: testOrigin}
	if ok, slow := statuses(func() answer { return p.claims(w) }); ok < 60 || slow == 0 {
		t.Errorf("claim: %d let through, %d not", ok, slow)
	}
}
