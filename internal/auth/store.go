package auth

import (
	"context"
	"time"

	"parley/internal/discuss"
)

// Store is what this room needs kept. Tokens arrive hashed.
type Store interface {
	AccountStore
	TicketStore
	InvitationStore
	SessionStore
	IdentityStore
	SiteProviderStore
	SSOStore
	SecondFactorStore
	PasskeyStore
	ErasureStore
}

// AccountStore keeps accounts.
type AccountStore interface {
	AccountByEmail(ctx context.Context, email string) (Account, error)
	AccountByID(ctx context.Context, id discuss.ID) (Account, error)
	// NewAccount adds an account with a ticket and the mail that carries it; an
	// address that is taken is discuss.ErrState.
	NewAccount(ctx context.Context, a Account, site discuss.ID, skeleton string, role discuss.Role) (Account, error)
	// VerifyAccount ends a verify ticket of an account that waits for one, and
	// gives the account the Registration that the ticket carries.
	VerifyAccount(ctx context.Context, ticket []byte, now time.Time) (Account, Ticket, error)
	// ProveAddress marks an account verified; one that was not loses its
	// password and its sessions.
	ProveAddress(ctx context.Context, account discuss.ID, now time.Time) (Account, error)
	// DropUnprovedPassword takes the password of an account that is not verified.
	DropUnprovedPassword(ctx context.Context, account discuss.ID) error
	SetPassword(ctx context.Context, ticket []byte, hash string, now time.Time) error
	ChangePassword(ctx context.Context, account discuss.ID, hash string, keep []byte) error
	TakeEmail(ctx context.Context, ticket []byte, now time.Time) error
	// Rename changes the name on every site; one that is taken on any of them
	// is a field error and changes nothing.
	Rename(ctx context.Context, account discuss.ID, name, skeleton string) error
	SetChoices(ctx context.Context, account discuss.ID, c Changes) error
	Overview(ctx context.Context, account discuss.ID, now time.Time) (Overview, error)
	PutPicture(ctx context.Context, account discuss.ID, p Picture, now time.Time) error
	ExportAccount(ctx context.Context, account discuss.ID) (Exported, error)
	SiteByID(ctx context.Context, site discuss.ID) (discuss.Site, error)
	// Standards is the newest version of a site's standards; ErrNotFound where it has no text of its own.
	Standards(ctx context.Context, site discuss.ID) (discuss.Standards, error)
}

// TicketStore keeps single-use secrets.
type TicketStore interface {
	PutTicket(ctx context.Context, token []byte, t Ticket, mail *Mail) error
	PeekTicket(ctx context.Context, token []byte, now time.Time) (Ticket, error)
	// SetTicketAccount says who signed in to a popup, whether by a second
	// factor ("second" in the ticket's data), and in which account session
	// ("from"); once.
	SetTicketAccount(ctx context.Context, token []byte, account discuss.ID, second bool, from string, now time.Time) error
	// TakeTicket ends a ticket; it succeeds once.
	TakeTicket(ctx context.Context, token []byte, now time.Time) (Ticket, error)
	// TryTicket counts one try of a code and reads its ticket.
	TryTicket(ctx context.Context, token []byte, kind string, now time.Time) (Ticket, int, error)
}

// InvitationStore keeps invitations to the teams of sites.
type InvitationStore interface {
	PutInvitation(ctx context.Context, token []byte, v Invitation, m *Mail) (Invitation, error)
	InvitationByToken(ctx context.Context, token []byte) (Invitation, error)
	Invitations(ctx context.Context, site discuss.ID) ([]Invitation, error)
	RevokeInvitation(ctx context.Context, site, id discuss.ID) (Invitation, error)
	// AcceptInvitation uses one up; fresh is who accepts it without an account,
	// and to what standards they agree by that.
	AcceptInvitation(ctx context.Context, token []byte, fresh Account, agreed Acceptance, now time.Time) (Account, error)
}

// SessionStore keeps sessions.
type SessionStore interface {
	PutSession(ctx context.Context, token []byte, s Session) error
	SessionByToken(ctx context.Context, token []byte, now time.Time) (Session, error)
	TouchSession(ctx context.Context, token []byte, now time.Time) error
	ProveSession(ctx context.Context, token []byte, second bool, now time.Time) error
	DropSession(ctx context.Context, token []byte) error
	// DropSessions ends sessions of an account: the one of an id as its list
	// has it, or with "" all but the one to keep.
	DropSessions(ctx context.Context, account discuss.ID, id string, keep []byte) error
	// DropBrowser ends a session, the account session that it came from, and
	// all that came from that one.
	DropBrowser(ctx context.Context, token []byte) error
	// ReplaceBrowser ends an account session in favour of another of the same
	// account, which takes over what was signed in with it.
	ReplaceBrowser(ctx context.Context, old, token []byte, account discuss.ID) error
}

// IdentityStore keeps what ties accounts to providers.
type IdentityStore interface {
	// UseIdentity finds the account of an identity and notes that it was used.
	UseIdentity(ctx context.Context, scope discuss.ID, provider, subject string, now time.Time) (Account, error)
	// AddIdentity gives an account one more identity; a taken one is ErrLinkTaken.
	AddIdentity(ctx context.Context, account discuss.ID, who Profile, now time.Time) error
	DropIdentity(ctx context.Context, account discuss.ID, provider string) error
	IdentityAccount(ctx context.Context, scope discuss.ID, provider, subject string, before time.Time) (discuss.ID, error)
	// NewPerson makes an account of an identity, and a member of the site. An
	// address that nobody has proved is taken from whoever claimed it; one that
	// another account has proved stays there and this account has none.
	NewPerson(ctx context.Context, a Account, who Profile, in Place, now time.Time) (Account, error)
	AdoptGuest(ctx context.Context, token []byte, site discuss.ID, acc Account) (bool, error)
	PutDeletion(ctx context.Context, code, provider string, account discuss.ID, now, at time.Time) error
	Deletion(ctx context.Context, code string) (Deletion, error)
}

// SiteProviderStore keeps the sites' own keys at providers.
type SiteProviderStore interface {
	SiteWays(ctx context.Context, site discuss.ID) ([]SealedKeys, error)
	// WaysBy returns the sites' own keys at one provider, by site.
	WaysBy(ctx context.Context, provider string) (map[discuss.ID]SealedKeys, error)
	PutSiteWay(ctx context.Context, site discuss.ID, k SealedKeys, extra string) error
	DropSiteWay(ctx context.Context, site discuss.ID, provider string) error
}

// SSOStore keeps the keys of sites that sign their readers in themselves.
type SSOStore interface {
	SSOKeys(ctx context.Context, site discuss.ID) ([]SSOKey, error)
	// Subscribed notes the tier of a site's reader and which thread's page they wrote ("" none); it reports whether anything is new.
	Subscribed(ctx context.Context, site, account discuss.ID, name, tier, wrote string) (bool, error)
	// PutSSOKey adds a key and drops all but the newest keep.
	PutSSOKey(ctx context.Context, site discuss.ID, sealed []byte, keep int, now time.Time) error
	DropSSOKey(ctx context.Context, site, id discuss.ID) error
	// UseJTI remembers a token's number until it is too old anyway; a second
	// use is ErrSSO.
	UseJTI(ctx context.Context, site discuss.ID, jti []byte, until, now time.Time) error
	// RaiseRole gives a role to somebody who has less; it takes none away.
	RaiseRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error
}

// SecondFactorStore keeps second factors.
type SecondFactorStore interface {
	SecondOf(ctx context.Context, account discuss.ID) (sealed []byte, step int64, recovery []string, err error)
	SetSecond(ctx context.Context, account discuss.ID, sealed []byte, step int64, recovery []string) error
	// UseStep and UseRecovery succeed once; the second caller gets ErrSecondCode.
	UseStep(ctx context.Context, account discuss.ID, step int64) error
	UseRecovery(ctx context.Context, account discuss.ID, hash string) error
}

// PasskeyStore keeps passkeys.
type PasskeyStore interface {
	Passkeys(ctx context.Context, account discuss.ID) ([]Passkey, error)
	PutPasskey(ctx context.Context, account discuss.ID, p Passkey, credential string) error
	UsePasskey(ctx context.Context, id []byte, credential string, now time.Time) error
	DropPasskey(ctx context.Context, account discuss.ID, id []byte) error
}

// ErasureStore takes people out.
type ErasureStore interface {
	// SetErase says when an account will be erased; ErrNeeded for one that may not go.
	SetErase(ctx context.Context, account discuss.ID, at time.Time, text bool) error
	// ErasesTexts reports that an account is to be erased with its texts, as its person has asked.
	ErasesTexts(ctx context.Context, account discuss.ID) (bool, error)
	EraseDue(ctx context.Context, now time.Time) ([]discuss.ID, error)
	// EraseSome erases a part of an account; more says that it is not all. Who
	// is needed is ErrNeeded.
	EraseSome(ctx context.Context, account discuss.ID, limit int) (more bool, err error)
	DropStale(ctx context.Context, now, unverifiedBefore time.Time) error
}
