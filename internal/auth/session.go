package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"time"

	"parley/internal/discuss"
)

// Kind is which caller of the contract's table a session is.
type Kind string

// The kinds: first party, bound to one site by cookie, the same by bearer, and
// a program's token.
const (
	AccountSession Kind = "account"
	WidgetSession  Kind = "widget"
	BearerSession  Kind = "bearer"
	ProgramSession Kind = "program"
)

// Session is a proven caller.
type Session struct {
	Kind    Kind
	Site    discuss.ID // widget and bearer: the site it is for; program: the only site it reaches, 0 for all
	Account Account
	Expires time.Time
	Scopes  []string  // program only: what the token may do; none means all that the account may
	Name    string    // program only: what its owner calls it
	Agent   string    // browser and system, in words for the list of sessions
	Seen    time.Time // last used, to the hour
	Proved  time.Time // when the person last proved who he is
	Second  bool      // a passkey or a second factor was part of that
	From    string    // widget and bearer: the account session of the same browser that it came from, by the text of its hash
}

// SessionRef is how a session names the account session that it came from.
func SessionRef(token string) string {
	if token == "" {
		return ""
	}
	return hex.EncodeToString(HashToken(token))
}

// Scopes are what a program's token can be narrowed to; each holds the ones before it.
var Scopes = []string{"read", "write", "moderate", "admin"}

// May reports whether the session's scopes reach as far as scope.
func (s Session) May(scope string) bool {
	if len(s.Scopes) == 0 {
		return true
	}
	need := slices.Index(Scopes, scope)
	return slices.ContainsFunc(s.Scopes, func(have string) bool { return slices.Index(Scopes, have) >= need })
}

// Start makes a session and returns its token, which is kept nowhere. It ends
// after its kind's life, or when s.Expires says.
func (a *Service) Start(ctx context.Context, s Session) (token string, expires time.Time, err error) {
	life := SessionLife
	if s.Kind == BearerSession {
		life = BearerLife
	}
	token, hash := NewToken()
	if s.Expires.IsZero() {
		s.Expires = a.Now().Add(life)
	}
	return token, s.Expires, a.Store.PutSession(ctx, hash, s)
}

// Who returns the session of a token; a stale or unknown one is ErrNotFound.
func (a *Service) Who(ctx context.Context, token string) (Session, error) {
	if token == "" || len(token) > 128 {
		return Session{}, discuss.ErrNotFound
	}
	s, err := a.Store.SessionByToken(ctx, HashToken(token), a.Now())
	if err == nil && a.Now().Sub(s.Seen) > seenEvery {
		a.seen.Store(string(HashToken(token)), a.Now()) // written down by the next Sweep: reading writes nothing
	}
	return s, err
}

// End ends a session.
func (a *Service) End(ctx context.Context, token string) error {
	return a.Store.DropSession(ctx, HashToken(token))
}

// SignOut ends a session for good: also the account session of the same
// browser that it came from, or one click would sign the same person in again.
func (a *Service) SignOut(ctx context.Context, token string) error {
	return a.Store.DropBrowser(ctx, HashToken(token))
}

// Replace ends the session of whoever was in a browser before token: who signs
// in once more keeps their widgets, and signs out of all of them later;
// somebody else finds none of them open.
func (a *Service) Replace(ctx context.Context, old, token string, account discuss.ID) error {
	if err := a.Store.ReplaceBrowser(ctx, HashToken(old), HashToken(token), account); err != nil {
		return err
	}
	return a.SignOut(ctx, old)
}

// NewToken returns 256 random bits as text, and the hash that is stored.
func NewToken() (token string, hash []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails; crashes the program instead
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// IsToken reports whether a text can be one of NewToken's.
func IsToken(s string) bool {
	b, err := base64.RawURLEncoding.DecodeString(s)
	return err == nil && len(b) == 32
}

// HashToken is how tokens stand in the database.
func HashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
