// Package auth answers one question: who is this? It holds site accounts,
// their passwords, sessions of each kind, and the single-use tickets that
// mail and the sign-in window carry. It knows no HTTP.
package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/mail"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

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
	hashesAtOnce     = 4 // each takes 19 MiB; more at once would be the attack
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

// Ticket is a single-use secret's meaning.
type Ticket struct {
	Kind    string
	Account discuss.ID
	Site    discuss.ID
	Data    string
	Expires time.Time
}

// Store is what this room needs kept. Tokens arrive hashed.
type Store interface {
	AccountByEmail(ctx context.Context, email string) (Account, error)
	// NewAccount adds an account with a ticket and the mail that carries it; an
	// address that is taken is discuss.ErrState.
	NewAccount(ctx context.Context, a Account, site discuss.ID, skeleton string, role discuss.Role) (Account, error)
	// VerifyAccount ends a verify ticket of an account that waits for one, and
	// gives the account the Registration that the ticket carries.
	VerifyAccount(ctx context.Context, ticket []byte, now time.Time) (Account, Ticket, error)
	// DropUnprovedPassword takes the password of an account that is not verified.
	DropUnprovedPassword(ctx context.Context, account discuss.ID) error
	SetPassword(ctx context.Context, ticket []byte, hash string, now time.Time) error
	PutTicket(ctx context.Context, token []byte, t Ticket, mail *Mail) error
	PeekTicket(ctx context.Context, token []byte, now time.Time) (Ticket, error)
	// SetTicketAccount says who signed in to a popup, whether by a second
	// factor ("second" in the ticket's data), and in which account session
	// ("from"); once.
	SetTicketAccount(ctx context.Context, token []byte, account discuss.ID, second bool, from string, now time.Time) error
	// TakeTicket ends a ticket; it succeeds once.
	TakeTicket(ctx context.Context, token []byte, now time.Time) (Ticket, error)
	PutSession(ctx context.Context, token []byte, s Session) error
	SessionByToken(ctx context.Context, token []byte, now time.Time) (Session, error)
	DropSession(ctx context.Context, token []byte) error
	// DropBrowser ends a session, the account session that it came from, and
	// all that came from that one.
	DropBrowser(ctx context.Context, token []byte) error
	// ReplaceBrowser ends an account session in favour of another of the same
	// account, which takes over what was signed in with it.
	ReplaceBrowser(ctx context.Context, old, token []byte, account discuss.ID) error

	// UseIdentity finds the account of an identity and notes that it was used.
	UseIdentity(ctx context.Context, scope discuss.ID, provider, subject string, now time.Time) (Account, error)
	// AddIdentity gives an account one more identity; a taken one is ErrLinkTaken.
	AddIdentity(ctx context.Context, account discuss.ID, who Profile, now time.Time) error
	// NewPerson makes an account of an identity, and a member of the site. An
	// address that nobody has proved is taken from whoever claimed it; one that
	// another account has proved stays there and this account has none.
	NewPerson(ctx context.Context, a Account, who Profile, in Place, now time.Time) (Account, error)
	SiteWays(ctx context.Context, site discuss.ID) ([]SealedKeys, error)
	PutSiteWay(ctx context.Context, site discuss.ID, k SealedKeys, extra string) error
	DropSiteWay(ctx context.Context, site discuss.ID, provider string) error

	SSOKeys(ctx context.Context, site discuss.ID) ([]SSOKey, error)
	// PutSSOKey adds a key and drops all but the newest keep.
	PutSSOKey(ctx context.Context, site discuss.ID, sealed []byte, keep int, now time.Time) error
	DropSSOKey(ctx context.Context, site, id discuss.ID) error
	// UseJTI remembers a token's number until it is too old anyway; a second
	// use is ErrSSO.
	UseJTI(ctx context.Context, site discuss.ID, jti []byte, until, now time.Time) error
	// RaiseRole gives a role to somebody who has less; it takes none away.
	RaiseRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error

	// TryTicket counts one try of a code and reads its ticket.
	TryTicket(ctx context.Context, token []byte, kind string, now time.Time) (Ticket, int, error)
	// ProveAddress marks an account verified; one that was not loses its
	// password and its sessions.
	ProveAddress(ctx context.Context, account discuss.ID, now time.Time) (Account, error)
	AccountByID(ctx context.Context, id discuss.ID) (Account, error)

	SecondOf(ctx context.Context, account discuss.ID) (sealed []byte, step int64, recovery []string, err error)
	SetSecond(ctx context.Context, account discuss.ID, sealed []byte, step int64, recovery []string) error
	// UseStep and UseRecovery succeed once; the second caller gets ErrSecondCode.
	UseStep(ctx context.Context, account discuss.ID, step int64) error
	UseRecovery(ctx context.Context, account discuss.ID, hash string) error

	Passkeys(ctx context.Context, account discuss.ID) ([]Passkey, error)
	PutPasskey(ctx context.Context, account discuss.ID, p Passkey, credential string) error
	UsePasskey(ctx context.Context, id []byte, credential string, now time.Time) error
	DropPasskey(ctx context.Context, account discuss.ID, id []byte) error

	Overview(ctx context.Context, account discuss.ID, now time.Time) (Overview, error)
	// Rename changes the name on every site; one that is taken on any of them
	// is a field error and changes nothing.
	Rename(ctx context.Context, account discuss.ID, name, skeleton string) error
	SetChoices(ctx context.Context, account discuss.ID, lang, mailReplies *string) error
	ChangePassword(ctx context.Context, account discuss.ID, hash string, keep []byte) error
	TakeEmail(ctx context.Context, ticket []byte, now time.Time) error
	DropIdentity(ctx context.Context, account discuss.ID, provider string) error
	TouchSession(ctx context.Context, token []byte, now time.Time) error
	ProveSession(ctx context.Context, token []byte, second bool, now time.Time) error
	// DropSessions ends sessions of an account: the one of an id as its list
	// has it, or with "" all but the one to keep.
	DropSessions(ctx context.Context, account discuss.ID, id string, keep []byte) error
	// SetErase says when an account will be erased; ErrNeeded for one that may not go.
	SetErase(ctx context.Context, account discuss.ID, at time.Time, text bool) error
	EraseDue(ctx context.Context, now time.Time) ([]discuss.ID, error)
	// EraseSome erases a part of an account; more says that it is not all. Who
	// is needed is ErrNeeded.
	EraseSome(ctx context.Context, account discuss.ID, limit int) (more bool, err error)
	DropStale(ctx context.Context, now, unverifiedBefore time.Time) error
	AdoptGuest(ctx context.Context, token []byte, site discuss.ID, acc Account) (bool, error)
	IdentityAccount(ctx context.Context, scope discuss.ID, provider, subject string) (discuss.ID, error)
	// WaysBy returns the sites' own keys at one provider, by site.
	WaysBy(ctx context.Context, provider string) (map[discuss.ID]SealedKeys, error)
	PutDeletion(ctx context.Context, code, provider string, account discuss.ID, now, at time.Time) error
	Deletion(ctx context.Context, code string) (Deletion, error)
	ExportAccount(ctx context.Context, account discuss.ID) (Exported, error)
	PutPicture(ctx context.Context, account discuss.ID, p Picture, now time.Time) error
}

// Budget of one address: mails that anybody can have sent to it, of all kinds
// together. What is over it is not sent, and whoever asked is told nothing.
const (
	AccountMailsPerHour = 5
	AccountMailsPerDay  = 20
)

// Mail asks the notify room for a message; it becomes a job in the same write.
// Nothing in it was typed by whoever asked for it: the address may be anybody's.
type Mail struct {
	Template string `json:"template"` // "verify", "reset", "exists", "magic", "email", "email_old"
	To       string `json:"to"`
	Site     string `json:"site"` // its name
	Lang     string `json:"lang"` // BCP 47, or an Accept-Language header
	Link     string `json:"link"`
	Code     string `json:"code,omitempty"`
	// Limited says that the address's budget holds.
	Limited bool `json:"-"`
}

// mail is a message to an address, in its account's language, or else in that
// of whoever asks.
func (a *Service) mail(template, to, site, lang, link string, acc Account) *Mail {
	if acc.Lang != "" {
		lang = acc.Lang
	}
	return &Mail{Template: template, To: to, Site: site, Lang: lang, Link: link, Limited: a.Limits}
}

// Service is the verbs of this room.
type Service struct {
	Store    Store
	Now      func() time.Time
	Name     func(string) (string, error) // normalises display names
	Skeleton func(string) string
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

	hashing     chan struct{}
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
	a := &Service{Store: s, Now: now, hashing: make(chan struct{}, hashesAtOnce), Out: http.DefaultClient, Guarded: http.DefaultClient, Changed: func() {}}
	a.Params = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
	// What an unknown address is compared with, so that it takes as long; no
	// password hashes to it.
	a.dummy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	return a
}

// Email normalises an address: exactly one, without a display name.
func Email(s string) (string, error) {
	bad := discuss.Bad("email", "must be one e-mail address")
	if len(s) > MaxEmailBytes || strings.ContainsAny(s, "\r\n\x00%*<>(),;: \t\"") {
		return "", bad
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || !strings.Contains(s[strings.LastIndexByte(s, '@')+1:], ".") && !strings.HasSuffix(s, "@localhost") {
		return "", bad
	}
	return strings.ToLower(s), nil
}

// Hash makes the stored form of a password.
func (a *Service) Hash(password string) (string, error) {
	if utf8.RuneCountInString(password) < MinPasswordRunes || len(password) > MaxPasswordBytes {
		return "", discuss.Bad("password", "must have at least 8 characters and at most 256 bytes")
	}
	a.hashing <- struct{}{}
	defer func() { <-a.hashing }()
	return argon2id.CreateHash(password, a.Params)
}

func (a *Service) compare(password, hash string) bool {
	if len(password) > MaxPasswordBytes {
		password = ""
	}
	a.hashing <- struct{}{}
	defer func() { <-a.hashing }()
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return err == nil && ok
}

// Prepare checks what makes an account and hashes its password.
func (a *Service) Prepare(name, email, password string) (Account, error) {
	name, err := a.Name(name)
	if err != nil {
		return Account{}, err
	}
	email, err = Email(email)
	if err != nil {
		return Account{}, err
	}
	hash, err := a.Hash(password)
	return Account{Email: email, Name: name, Password: hash}, err
}

// SetupTicket returns the secret of a one-time setup link.
func (a *Service) SetupTicket(ctx context.Context) (string, error) {
	token, hash := NewToken()
	return token, a.Store.PutTicket(ctx, hash, Ticket{Kind: "setup", Expires: a.Now().Add(SetupLife)}, nil)
}

// Register makes an account that its mail must verify first. The answer is the
// same whether the address was free or not; the mail tells its owner.
func (a *Service) Register(ctx context.Context, site discuss.Site, lang, name, email, password string) error {
	fresh, err := a.Prepare(name, email, password)
	if err != nil {
		return err
	}
	acc, err := a.Store.NewAccount(ctx, fresh, site.ID, a.Skeleton(fresh.Name), discuss.Member)
	if discuss.KindOf(err) == discuss.Conflict {
		old, err := a.Store.AccountByEmail(ctx, fresh.Email)
		if err != nil {
			return err
		}
		if !old.Verified {
			// Two registrations wait, and only the mailbox can tell whose is
			// whose: each link carries its own, the account neither.
			if err := a.Store.DropUnprovedPassword(ctx, old.ID); err != nil {
				return err
			}
			return a.sendVerify(ctx, old, site, lang, &Registration{fresh.Name, fresh.Password})
		}
		return a.Store.PutTicket(ctx, nil, Ticket{}, a.mail("exists", old.Email, site.Name, lang, "", old))
	}
	if err != nil {
		return err
	}
	return a.sendVerify(ctx, acc, site, lang, &Registration{fresh.Name, fresh.Password})
}

// Registration is what somebody chose when he registered. It waits in the data
// of the verify ticket mailed for it, so that nobody can prepare a password for
// an address that is not his: the one that counts is that of the link used.
type Registration struct {
	Name     string `json:"name"`
	Password string `json:"password"` // argon2id hash
}

// sendVerify mails a link that verifies the account with what r says, or with
// nil as it is.
func (a *Service) sendVerify(ctx context.Context, acc Account, site discuss.Site, lang string, r *Registration) error {
	t := Ticket{Kind: "verify", Account: acc.ID, Site: site.ID, Expires: a.Now().Add(VerifyLife)}
	if r != nil {
		data, err := json.Marshal(r)
		if err != nil {
			return err
		}
		t.Data = string(data)
	}
	token, hash := NewToken()
	return a.Store.PutTicket(ctx, hash, t, a.mail("verify", acc.Email, site.Name, lang, a.Link("/auth/verify#"+token), acc))
}

// ResendVerification mails a new link to an account that waits for one; it
// says nothing about whether there is such an account.
func (a *Service) ResendVerification(ctx context.Context, site discuss.Site, lang, email string) error {
	email, err := Email(email)
	if err != nil {
		return err
	}
	acc, err := a.Store.AccountByEmail(ctx, email)
	if discuss.KindOf(err) == discuss.NotFound || err == nil && acc.Verified {
		return nil
	}
	if err != nil {
		return err
	}
	return a.sendVerify(ctx, acc, site, lang, nil)
}

// Verify ends a verify ticket: the account may log in from now on.
func (a *Service) Verify(ctx context.Context, token string) (Account, Ticket, error) {
	return a.Store.VerifyAccount(ctx, HashToken(token), a.Now())
}

// RequestReset mails a reset link, if there is such an account.
func (a *Service) RequestReset(ctx context.Context, site discuss.Site, lang, email string) error {
	email, err := Email(email)
	if err != nil {
		return err
	}
	acc, err := a.Store.AccountByEmail(ctx, email)
	if discuss.KindOf(err) == discuss.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	token, hash := NewToken()
	return a.Store.PutTicket(ctx, hash, Ticket{Kind: "reset", Account: acc.ID, Site: site.ID, Expires: a.Now().Add(ResetLife)},
		a.mail("reset", email, site.Name, lang, a.Link("/auth/reset#"+token), acc))
}

// Reset sets a new password and ends every session of the account.
func (a *Service) Reset(ctx context.Context, token, password string) error {
	hash, err := a.Hash(password)
	if err != nil {
		return err
	}
	return a.Store.SetPassword(ctx, HashToken(token), hash, a.Now())
}

// ErrLogin says that address and password do not belong together, nothing more.
var ErrLogin = &discuss.Error{Kind: discuss.SignedOut, Code: "login", Detail: "That e-mail address and password don't match."}

// Login checks a password. An unknown address takes as long as a known one.
func (a *Service) Login(ctx context.Context, email, password string) (Account, error) {
	email, err := Email(email)
	if err != nil {
		return Account{}, err
	}
	acc, err := a.Store.AccountByEmail(ctx, email)
	if discuss.KindOf(err) == discuss.NotFound || err == nil && acc.Password == "" {
		a.compare(password, a.dummy)
		return Account{}, ErrLogin
	}
	if err != nil {
		return Account{}, err
	}
	if !a.compare(password, acc.Password) {
		return Account{}, ErrLogin
	}
	if !acc.Verified {
		return Account{}, discuss.ErrUnverified
	}
	return acc, nil
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

// popup is what a sign-in window's ticket holds.
type popup struct {
	Challenge string `json:"challenge"` // base64url of the verifier's SHA-256
	Origin    string `json:"origin"`
	From      string `json:"from,omitempty"`   // the account session that completed it, see SessionRef
	Second    bool   `json:"second,omitempty"` // a passkey or a second factor was part of the proof; set when it is completed
}

// BeginPopup starts the hand-over from the sign-in window to the widget that
// holds the verifier. origin must already be known to be the site's.
func (a *Service) BeginPopup(ctx context.Context, site discuss.ID, origin, challenge string) (string, error) {
	if raw, err := base64.RawURLEncoding.DecodeString(challenge); err != nil || len(raw) != sha256.Size {
		return "", discuss.Bad("challenge", "must be a SHA-256 in base64url")
	}
	data, err := json.Marshal(popup{Challenge: challenge, Origin: origin})
	if err != nil {
		return "", err
	}
	token, hash := NewToken()
	return token, a.Store.PutTicket(ctx, hash, Ticket{Kind: "popup", Site: site, Data: string(data), Expires: a.Now().Add(PopupLife)}, nil)
}

// CompletePopup says who signed in, whether by a second factor, and in which
// account session.
func (a *Service) CompletePopup(ctx context.Context, txn string, acc Account, second bool, from string) error {
	t, err := a.Store.PeekTicket(ctx, HashToken(txn), a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && (t.Kind != "popup" || acc.Site != 0 && acc.Site != t.Site) {
		return ErrClaimExpired
	}
	if err != nil {
		return err
	}
	return a.Store.SetTicketAccount(ctx, HashToken(txn), acc.ID, second, from, a.Now())
}

// secondClaim stands before a transaction's number for its second claim.
const secondClaim = "bearer "

// ErrClaimExpired says that a claim came too late, a second time, or never was.
var ErrClaimExpired = &discuss.Error{Kind: discuss.NotFound, Code: "expired", Detail: "This sign-in has expired. Start again."}

// Claim ends a popup: the holder of the verifier, on the origin it was begun
// for, gets a session bound to the site. ready is false while nobody has
// signed in yet. Within a minute of the first claim a second one may ask for a
// bearer: the browser has kept the cookie of the first to itself.
func (a *Service) Claim(ctx context.Context, txn, verifier, origin string, bearer bool) (s Session, ready bool, err error) {
	key := HashToken(txn)
	if bearer {
		key = HashToken(secondClaim + txn)
	}
	t, err := a.Store.PeekTicket(ctx, key, a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && t.Kind != "popup" {
		return s, false, ErrClaimExpired
	}
	if err != nil {
		return s, false, err
	}
	var p popup
	if err := json.Unmarshal([]byte(t.Data), &p); err != nil {
		return s, false, err
	}
	sum := sha256.Sum256([]byte(verifier))
	if p.Origin != origin || subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(p.Challenge)) != 1 {
		return s, false, ErrClaimExpired
	}
	if t.Account == 0 {
		return s, false, nil
	}
	if t, err = a.Store.TakeTicket(ctx, key, a.Now()); err != nil {
		return s, false, ErrClaimExpired
	}
	if bearer {
		return Session{Kind: BearerSession, Site: t.Site, Account: Account{ID: t.Account}, From: p.From}, true, nil
	}
	t.Expires = a.Now().Add(SecondClaimLife)
	if err := a.Store.PutTicket(ctx, HashToken(secondClaim+txn), t, nil); err != nil {
		return s, false, err
	}
	return Session{Kind: WidgetSession, Site: t.Site, Account: Account{ID: t.Account}, Second: p.Second, From: p.From}, true, nil
}

// NewToken returns 256 random bits as text, and the hash that is stored.
func NewToken() (token string, hash []byte) {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails; crashes the program instead
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// HashToken is how tokens stand in the database.
func HashToken(token string) []byte {
	h := sha256.Sum256([]byte(token))
	return h[:]
}
