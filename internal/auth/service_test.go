package auth_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/store"
)

// door is the room over a real store, with a clock that the test sets and the
// mails that it owes.
type door struct {
	*auth.Service
	t    *testing.T
	db   *store.Store
	site discuss.Site
	now  time.Time
}

const (
	password = "a good password"
	other    = "another password"
)

func newDoor(t *testing.T) *door {
	t.Helper()
	d := &door{t: t, now: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return d.now }
	var err error
	if d.db, err = store.Open(filepath.Join(t.TempDir(), "p.db"), store.Options{Now: clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.db.Close() })
	d.Service = auth.New(d.db, clock)
	d.Params = &argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32} // fast: its strength is not what is tried here
	d.Name = func(s string) (string, error) { return s, nil }
	d.Skeleton, d.Link = strings.ToLower, func(p string) string { return "https://comments.example" + p }
	site, err := discuss.NewSite("news", "News", []string{"https://news.example"})
	if err != nil {
		t.Fatal(err)
	}
	if d.site, err = d.db.PutSite(t.Context(), site); err != nil {
		t.Fatal(err)
	}
	return d
}

// mail is the newest mail that is owed; what was owed before it is done with.
func (d *door) mail() (template, to, token string) {
	d.t.Helper()
	for {
		jobs, err := d.db.ClaimJobs(d.t.Context(), 1, time.Hour)
		if err != nil {
			d.t.Fatal(err)
		}
		if len(jobs) == 0 {
			return template, to, token
		}
		var m auth.Mail
		if err := json.Unmarshal([]byte(jobs[0].Payload), &m); err != nil {
			d.t.Fatal(err)
		}
		u, err := url.Parse(m.Link)
		if err != nil {
			d.t.Fatal(err)
		}
		template, to, token = m.Template, m.To, u.Fragment
	}
}

func (d *door) register(email, name, password string) (token string) {
	d.t.Helper()
	if err := d.Register(d.t.Context(), d.site, "en", name, email, password); err != nil {
		d.t.Fatal(err)
	}
	_, _, token = d.mail()
	return token
}

// want fails where an error has another code; "" wants none.
func want(t *testing.T, what string, err error, code string) {
	t.Helper()
	var e *discuss.Error
	got := ""
	switch {
	case errors.As(err, &e):
		got = e.Code
	case err != nil:
		got = err.Error()
	}
	if got != code {
		t.Errorf("%s: %q, want %q", what, got, code)
	}
}

func TestRegistering(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	token := d.register("ann@example.com", "Ann", password)
	_, err := d.Login(ctx, "ann@example.com", password)
	want(t, "before the address is proved", err, discuss.ErrUnverified.Code)
	acc, _, err := d.Verify(ctx, token)
	want(t, "the link of the mail", err, "")
	_, _, err = d.Verify(ctx, token)
	want(t, "the same link again", err, discuss.ErrNotFound.Code)
	got, err := d.Login(ctx, "Ann@Example.com", password)
	want(t, "logging in", err, "")
	if got.ID != acc.ID || got.Name != "Ann" {
		t.Errorf("logged in as %+v, want %+v", got, acc)
	}
	for _, wrong := range []string{other, "", strings.Repeat("x", auth.MaxPasswordBytes+1)} {
		_, err = d.Login(ctx, "ann@example.com", wrong)
		want(t, "a wrong password", err, auth.ErrLogin.Code)
	}
	_, err = d.Login(ctx, "nobody@example.com", password)
	want(t, "an unknown address", err, auth.ErrLogin.Code)
	if err := d.Register(ctx, d.site, "en", "Eve", "ann@example.com", other); err != nil {
		t.Errorf("a taken address is answered %v, want as a free one", err)
	}
	if template, to, _ := d.mail(); template != "exists" || to != "ann@example.com" {
		t.Errorf("its owner gets %q at %q, want exists", template, to)
	}
	d.now = d.now.Add(auth.VerifyLife + time.Minute)
	late := d.register("late@example.com", "Late", password)
	d.now = d.now.Add(auth.VerifyLife + time.Minute)
	_, _, err = d.Verify(ctx, late)
	want(t, "a link that is too old", err, discuss.ErrNotFound.Code)
}

// Two who register one address prepare nothing for each other: the password
// that counts is that of the link which was used.
func TestWhoProvesAnAddressHasTheirOwnPassword(t *testing.T) {
	d := newDoor(t)
	d.register("ann@example.com", "Eve", other)
	token := d.register("ann@example.com", "Ann", password)
	acc, _, err := d.Verify(t.Context(), token)
	want(t, "her link", err, "")
	if acc.Name != "Ann" {
		t.Errorf("the account is called %q, want Ann", acc.Name)
	}
	_, err = d.Login(t.Context(), "ann@example.com", other)
	want(t, "the password of the first", err, auth.ErrLogin.Code)
	_, err = d.Login(t.Context(), "ann@example.com", password)
	want(t, "her own", err, "")
}

func TestResettingAPassword(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	acc, _, err := d.Verify(ctx, d.register("ann@example.com", "Ann", password))
	if err != nil {
		t.Fatal(err)
	}
	session, _, err := d.Start(ctx, auth.Session{Kind: auth.AccountSession, Account: acc})
	want(t, "a session", err, "")
	want(t, "asking for an unknown address", d.RequestReset(ctx, d.site, "en", "nobody@example.com"), "")
	if template, _, _ := d.mail(); template != "" {
		t.Errorf("an unknown address is sent %q", template)
	}
	want(t, "asking", d.RequestReset(ctx, d.site, "en", "ann@example.com"), "")
	_, _, token := d.mail()
	want(t, "a short password", d.Reset(ctx, token, "short"), "invalid")
	want(t, "resetting", d.Reset(ctx, token, other), "")
	want(t, "the same link again", d.Reset(ctx, token, password), discuss.ErrNotFound.Code)
	_, err = d.Who(ctx, session)
	want(t, "the session from before", err, discuss.ErrNotFound.Code)
	_, err = d.Login(ctx, "ann@example.com", other)
	want(t, "the new password", err, "")
}

func TestSessionsEnd(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	acc, _, err := d.Verify(ctx, d.register("ann@example.com", "Ann", password))
	if err != nil {
		t.Fatal(err)
	}
	for kind, life := range map[auth.Kind]time.Duration{auth.AccountSession: auth.SessionLife, auth.WidgetSession: auth.SessionLife, auth.BearerSession: auth.BearerLife} {
		begin := d.now
		token, until, err := d.Start(ctx, auth.Session{Kind: kind, Site: d.site.ID, Account: acc})
		if err != nil || !until.Equal(begin.Add(life)) {
			t.Fatalf("%s: until %v, %v, want %v", kind, until, err, begin.Add(life))
		}
		d.now = begin.Add(life - time.Second)
		_, err = d.Who(ctx, token)
		want(t, string(kind)+" in its last second", err, "")
		d.now = begin.Add(life)
		_, err = d.Who(ctx, token)
		want(t, string(kind)+" after it", err, discuss.ErrNotFound.Code)
		d.now = begin
	}
	account, _, _ := d.Start(ctx, auth.Session{Kind: auth.AccountSession, Account: acc})
	widget, _, _ := d.Start(ctx, auth.Session{Kind: auth.WidgetSession, Site: d.site.ID, Account: acc, From: auth.SessionRef(account)})
	want(t, "signing out in the widget", d.SignOut(ctx, widget), "")
	for name, token := range map[string]string{"the widget": widget, "the account session that it came from": account, "no token": "", "a long one": strings.Repeat("x", 200)} {
		_, err := d.Who(ctx, token)
		want(t, name, err, discuss.ErrNotFound.Code)
	}
}

// A window's sign-in is handed to the page that opened it, by a secret that
// never leaves that page, and once.
func TestClaimsNeedTheVerifier(t *testing.T) {
	d := newDoor(t)
	ctx := t.Context()
	acc, _, err := d.Verify(ctx, d.register("ann@example.com", "Ann", password))
	if err != nil {
		t.Fatal(err)
	}
	const origin = "https://news.example"
	verifier, challenge := pair()
	txn, err := d.BeginPopup(ctx, d.site.ID, origin, challenge)
	want(t, "opening the window", err, "")
	if _, ready, err := d.Claim(ctx, txn, verifier, origin, false); err != nil || ready {
		t.Errorf("before the sign-in: ready %v, %v", ready, err)
	}
	want(t, "signing in", d.CompletePopup(ctx, txn, acc, false, ""), "")
	stranger, _ := pair()
	for what, c := range map[string][2]string{"another verifier": {stranger, origin}, "another page": {verifier, "https://evil.example"}} {
		if _, ready, err := d.Claim(ctx, txn, c[0], c[1], false); err == nil || ready {
			t.Errorf("%s is given the session: ready %v, %v", what, ready, err)
		}
	}
	s, ready, err := d.Claim(ctx, txn, verifier, origin, false)
	if err != nil || !ready || s.Account.ID != acc.ID || s.Site != d.site.ID || s.Kind != auth.WidgetSession {
		t.Fatalf("the page itself: %+v, ready %v, %v", s, ready, err)
	}
	if _, ready, err := d.Claim(ctx, txn, verifier, origin, false); ready && err == nil {
		t.Error("the claim is good twice")
	}
}

// pair is a verifier and its challenge.
func pair() (verifier, challenge string) {
	verifier, _ = auth.NewToken()
	sum := sha256.Sum256([]byte(verifier))
	return verifier, base64.RawURLEncoding.EncodeToString(sum[:])
}

func TestScopes(t *testing.T) {
	for _, c := range []struct {
		have []string
		may  []string
	}{
		{nil, auth.Scopes},
		{[]string{"read"}, []string{"read"}},
		{[]string{"write"}, []string{"read", "write"}},
		{[]string{"moderate"}, []string{"read", "write", "moderate"}},
		{[]string{"read", "admin"}, auth.Scopes},
		{[]string{"bogus"}, nil},
	} {
		for _, scope := range auth.Scopes {
			if got := (auth.Session{Scopes: c.have}).May(scope); got != slices.Contains(c.may, scope) {
				t.Errorf("%v may %s: %v, want %v", c.have, scope, got, !got)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	for in, ok := range map[string]bool{
		"ann@example.com": true, "Ann.Lee+x@Example.COM": true, "ann@localhost": true, "ann@host": false, "": false, "ann": false, "@example.com": false,
		"Ann <ann@example.com>": false, "a@b.example,c@d.example": false, "ann@example.com\r\nBcc: x@y.example": false, "ann%evil@example.com": false, "ann @example.com": false,
		strings.Repeat("a", 250) + "@x.example": false, strings.Repeat("a", 65) + "@x.example": false,
		"a\x01b@example.com": false, "ann\u200b@example.com": false, "ann\u202e@example.com": false, "ann\x7f@example.com": false, "ann@exa\u00admple.com": false, "ann@example.com\u0085": false,
		"a@[127.0.0.1]": false, "a@127.0.0.1": false, "a@[IPv6:::1]": false, "a@10.1": false, "a@1.2.0x7f": false, "a@-x.example": false, "a@x..example": false, "a@x.example.": false,
		"jörg@münchen.example": true, "a@пример.рф": true, "a@1.example": true,
	} {
		got, err := auth.Email(in)
		if (err == nil) != ok || ok && got != strings.ToLower(in) {
			t.Errorf("Email(%q) = %q, %v, want it to be one: %v", in, got, err, ok)
		}
	}
}

// What somebody is called is what anybody would try first.
func TestAPasswordIsNotOnesOwnName(t *testing.T) {
	d := newDoor(t)
	for in, ok := range map[string]bool{
		"ann.lee@example.com": false, "Ann.Lee@Example.com": false, "ANN LEE 1": false, "annlee99": false, "lee ann lee": false, "ann.lee!!": false,
		"ann lee 2031": true, "example.com": true, "leeward wind": true,
	} {
		if _, err := d.Prepare("Ann Lee", "ann.lee@example.com", in); (err == nil) != ok || err != nil && !strings.Contains(err.Error(), "password") {
			t.Errorf("%q: %v, want it to be taken: %v", in, err, ok)
		}
	}
	if _, err := d.Hash("Ann Lee 1"); err != nil { // nobody's
		t.Error(err)
	}
}

func TestPasswordsHaveBounds(t *testing.T) {
	d := newDoor(t)
	for in, ok := range map[string]bool{
		"seven77": false, "eight888": true, strings.Repeat("kw7 Qp?b", auth.MaxPasswordBytes/8): true, strings.Repeat("kw7 Qp?b", auth.MaxPasswordBytes/8) + "x": false,
		"12345678": false, "password1": false, "qwertyuiop": false, "iloveyou": false, "aaaaaaaaaaaa": false, "abcdefgh": false, "QWERTZUIOP": false, "87654321!": false, "abcabcabc": false, "password99!": false, "Sunshine1": false, "йцукенгш": false, "пароль88": true, "hunter2hunter2": true, "a good password": true,
	} {
		hash, err := d.Hash(in)
		if (err == nil) != ok || ok && (!strings.HasPrefix(hash, "$argon2id$") || strings.Contains(hash, in)) {
			t.Errorf("%.20q: %q, %v, want it to be taken: %v", in, hash, err, ok)
		}
	}
}
