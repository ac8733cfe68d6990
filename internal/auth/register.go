package auth

import (
	"context"
	"encoding/json"
	"net/mail"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/cleantext"
	"parley/internal/discuss"
)

// Limits of an address beside MaxEmailBytes, as RFC 5321 and 1035 have them.
const (
	maxLocalBytes = 64
	maxLabelBytes = 63
)

// Email normalises an address: exactly one, without a display name, nothing in
// it that is not seen, at a domain by its name.
func Email(s string) (string, error) {
	bad := discuss.Bad("email", "must be one email address")
	unseen := func(r rune) bool { return unicode.IsSpace(r) || unicode.In(r, unicode.C) || r == utf8.RuneError }
	if len(s) > MaxEmailBytes || strings.ContainsAny(s, "%*<>(),;:\"") || strings.ContainsFunc(s, unseen) {
		return "", bad
	}
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s {
		return "", bad
	}
	at := strings.LastIndexByte(s, '@')
	if at > maxLocalBytes || !mailDomain(s[at+1:]) {
		return "", bad
	}
	return strings.ToLower(s), nil
}

// mailDomain reports whether mail may go to a domain: a name in two or more
// labels, or this machine. An address by numbers, in brackets or not, is nobody's
// mailbox, and may be that of a machine in this server's own network.
func mailDomain(domain string) bool {
	labels := strings.Split(domain, ".")
	odd := func(r rune) bool { return r != '-' && r != '_' && !unicode.In(r, unicode.L, unicode.M, unicode.N) }
	for _, l := range labels {
		if l == "" || len(l) > maxLabelBytes || l[0] == '-' || l[len(l)-1] == '-' || strings.ContainsFunc(l, odd) {
			return false
		}
	}
	top := labels[len(labels)-1]
	digits := strings.Trim(top, "0123456789") == "" || strings.HasPrefix(strings.ToLower(top), "0x")
	return len(labels) > 1 && !digits || strings.EqualFold(domain, "localhost")
}

// Prepare checks what makes an account and hashes its password.
func (a *Service) Prepare(name, email, password string) (Account, error) {
	acc, err := a.PrepareWithoutPassword(name, email)
	if err != nil {
		return Account{}, err
	}
	acc.Password, err = a.Hash(password, acc.Name, acc.Email)
	return acc, err
}

// PrepareWithoutPassword is Prepare for somebody who will sign in by a passkey.
func (a *Service) PrepareWithoutPassword(name, email string) (Account, error) {
	name, err := a.Name(name)
	if err != nil {
		return Account{}, err
	}
	if cleantext.Address(name) {
		return Account{}, discuss.Bad("name", "must be a name, not an address")
	}
	email, err = Email(email)
	return Account{Email: email, Name: name}, err
}

// SetupTicket returns the secret of a one-time setup link.
func (a *Service) SetupTicket(ctx context.Context) (string, error) {
	token, hash := NewToken()
	return token, a.Store.PutTicket(ctx, hash, Ticket{Kind: "setup", Expires: a.Now().Add(SetupLife)}, nil)
}

// readerName normalises the name that a reader chooses.
func (a *Service) readerName(name string, more ...string) (string, error) {
	name, err := a.Name(name)
	if err == nil && cleantext.Address(name) {
		err = discuss.Bad("name", "must be a name, not an address")
	}
	if err == nil && a.Reserved != nil && a.Reserved(name, more...) {
		err = ErrReserved
	}
	return name, err
}

// ErrReserved refuses a name that would be taken for the staff's.
var ErrReserved = discuss.Bad("name", "is kept for those who run the site; please choose another")

// Register makes an account that its mail must verify first. The answer is the
// same whether the address was free or not; the mail tells its owner.
func (a *Service) Register(ctx context.Context, site discuss.Site, lang, name, email, password string) error {
	name, err := a.readerName(name, site.Name)
	if err != nil {
		return err
	}
	fresh, err := a.Prepare(name, email, password)
	if err != nil {
		return err
	}
	accepted, err := a.accept(ctx, site.ID)
	if err != nil {
		return err
	}
	registered := Registration{fresh.Name, fresh.Password, accepted}
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
			return a.sendVerify(ctx, old, site, lang, &registered)
		}
		return a.Store.PutTicket(ctx, nil, Ticket{}, a.mail("exists", old.Email, site.Name, lang, "", old))
	}
	if err != nil {
		return err
	}
	return a.sendVerify(ctx, acc, site, lang, &registered)
}

// Acceptance is what somebody agreed to when the account was made: a version
// of the site's standards, or the page that the site has instead.
type Acceptance struct {
	Version int       `json:"version"` // 0 is Parley's own text, or the page
	URL     string    `json:"url,omitempty"`
	At      time.Time `json:"at"`
}

// accept notes that somebody agrees to a site's standards as they stand.
func (a *Service) accept(ctx context.Context, id discuss.ID) (Acceptance, error) {
	site, err := a.Store.SiteByID(ctx, id)
	if err != nil {
		return Acceptance{}, err
	}
	out := Acceptance{URL: site.Settings.Standards, At: a.Now()}
	v, err := a.Store.Standards(ctx, id)
	if discuss.KindOf(err) == discuss.NotFound {
		return out, nil
	}
	out.Version = v.Version
	return out, err
}

// Registration is what somebody chose when he registered. It waits in the data
// of the verify ticket mailed for it, so that nobody can prepare a password for
// an address that is not his: the one that counts is that of the link used.
type Registration struct {
	Name     string `json:"name"`
	Password string `json:"password"` // argon2id hash

	Accepted Acceptance `json:"accepted"`
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
