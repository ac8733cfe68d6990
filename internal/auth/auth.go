// Package auth answers one question: who is this? It holds site accounts,
// their passwords, sessions of each kind, and the single-use tickets that
// mail and the sign-in window carry. It knows no HTTP.
package auth

import (
	"context"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"parley/internal/discuss"
)

// Limits of accounts and sessions.
const (
	MinPasswordRunes = 8
	MaxPasswordBytes = 256
	MaxEmailBytes    = 254
	SessionLife      = 30 * 24 * time.Hour
	BearerLife       = 15 * time.Minute
	SecondClaimLife  = time.Minute // to ask for a bearer after a cookie that did not come back
	VerifyLife       = 24 * time.Hour
	ResetLife        = 30 * time.Minute
	PopupLife        = 10 * time.Minute
	SetupLife        = 24 * time.Hour
	hashKiB          = 19 << 10 // of memory for one hash of a password
)

// Account is a person on this instance.
type Account struct {
	ID       discuss.ID
	Email    string // "" for a person who came by a provider and gave none
	Name     string
	Password string // argon2id hash; "" for none
	Verified bool
	Operator bool
	Site     discuss.ID // the only site it is known on; 0: the whole instance
	Avatar   string     // id of its picture; "" for none
	Lang     string     // BCP 47; "" as the browser says
	Erase    time.Time  // when it will be erased; zero: it will not
}

// Ticket is a single-use secret's meaning.
type Ticket struct {
	Kind    string
	Account discuss.ID
	Site    discuss.ID
	Data    string
	Expires time.Time
}

// Service is the verbs of this room.
type Service struct {
	Store    Store
	Now      func() time.Time
	Name     func(string) (string, error) // normalises display names
	Skeleton func(string) string
	// Reserved reports that a reader may not have a name, which staff have or
	// which is one of those given.
	Reserved func(name string, more ...string) bool
	Link     func(path string) string // makes a link on our origin
	Params   *argon2id.Params
	Limits   bool // of time and count: the budget of mails

	Providers []Keys       // the instance's own, by variables
	Out       *http.Client // to providers that the operator named
	Guarded   *http.Client // to addresses that a site's owner or a stranger named
	Via       string       // see Via; "" for the real world
	Seal      *Sealer
	// Changed is called when names or pictures that pages show have changed.
	Changed func()
	Host    string   // of our origin, for passkeys
	Origins []string // that passkeys may be used on
	// Fetch gets a stranger's picture, Redraw makes one of ours of it.
	Fetch  func(ctx context.Context, url string) ([]byte, error)
	Redraw func(ctx context.Context, raw []byte) (img []byte, kind string, err error)

	hashing     *arena
	dummy       string
	issuers     sync.Map     // of the instance: issuer → metadata
	siteIssuers sync.Map     // of sites
	turn        atomic.Int64 // moves when what is kept of sites is forgotten
	ways        sync.Map     // site → []Keys
	health      sync.Map     // healthKey → Health
	needed      sync.Map     // account → true: its erasure waits, and the log says so
	seen        sync.Map     // hash of a session's token → when it was used
}

// New returns a service with OWASP's minimum for argon2id: 19 MiB, two passes.
func New(s Store, now func() time.Time) *Service {
	a := &Service{Store: s, Now: now, hashing: newArena(hashKiB << 10), Out: http.DefaultClient, Guarded: http.DefaultClient, Changed: func() {}}
	a.Params = &argon2id.Params{Memory: hashKiB, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	// What an unknown address is compared with, so that it takes as long; no
	// password hashes to it.
	a.dummy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	return a
}
