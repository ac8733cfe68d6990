package auth

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"parley/internal/discuss"
)

// Limits of what people do with their account.
const (
	ProofLife      = 10 * time.Minute // how long a proof of who one is counts as fresh
	EraseWait      = 24 * time.Hour   // to think again
	UnverifiedLife = 7 * 24 * time.Hour
	seenEvery      = time.Hour // how exactly "last used" is kept
	SweepEvery     = time.Minute
	eraseChunk     = 200 // comments in one write
	MaxTokenName   = 60
)

// Errors of the account's own page.
var (
	ErrProof   = &discuss.Error{Kind: discuss.Forbidden, Code: "proof", Detail: "Confirm that it's you first: sign in again."}
	ErrLastWay = &discuss.Error{Kind: discuss.Conflict, Code: "last_way", Detail: "That is your only way to sign in. Add another one first."}
	// ErrNeeded says that a site, or the instance, would have nobody left to run it.
	ErrNeeded   = &discuss.Error{Kind: discuss.Conflict, Code: "state", Detail: "You are the only admin of a site, or the only operator here. Name another one first."}
	ErrPassword = &discuss.Error{Kind: discuss.Invalid, Code: "invalid", Detail: "Something in the request is not right.", Fields: []discuss.Field{{Name: "old", Message: "is not your password"}}}
)

// Identity is a provider's word for somebody, as his own list shows it.
type Identity struct {
	Scope         discuss.ID
	Provider      string
	Name          string
	Created, Used time.Time
}

// Listed is a session as its owner's list shows it.
type Listed struct {
	ID      string // of the token's hash; it opens nothing
	Kind    Kind
	Site    string // key
	Name    string
	Agent   string
	Scopes  []string
	Created time.Time
	Seen    time.Time
	Expires time.Time
}

// Membership is an account on one site.
type Membership struct {
	SiteID     discuss.ID
	Site, Name string
	Role       discuss.Role
	Comments   int
	Author     discuss.Author // id, role and warnings alone
	Ban        *discuss.Ban   // what keeps the person out; until when and why alone
}

// Overview is everything that an account's own page shows.
type Overview struct {
	Account     Account
	MailReplies string // "now", "hourly", "daily", "off": the same on all sites, or the loudest of them
	AuditMail   *bool  // hears of the head of the audit log; nil for who may not
	Password    bool
	Second      bool
	Identities  []Identity
	Passkeys    []Passkey
	Sessions    []Listed
	Memberships []Membership
}

// Fresh reports whether a session's person has just proved who he is.
func (a *Service) Fresh(s Session) bool { return a.Now().Sub(s.Proved) <= ProofLife }

// MayChangeWays reports, with ErrProof, that an account has a second factor or
// a passkey which this session has not shown: it must not take the place of
// either, nor open another way past them.
func (a *Service) MayChangeWays(ctx context.Context, s Session) error {
	if s.Second {
		return nil
	}
	sealed, _, _, err := a.Store.SecondOf(ctx, s.Account.ID)
	if err != nil {
		return err
	}
	keys, err := a.Store.Passkeys(ctx, s.Account.ID)
	if err != nil {
		return err
	}
	if sealed != nil || len(keys) > 0 {
		return ErrProof
	}
	return nil
}

// Changes are what somebody changes about himself; nil stays.
type Changes struct {
	Name        *string
	Lang        *string
	MailReplies *string // "now", "hourly", "daily", "off"
	AuditMail   *bool   // the head of the audit log; for operators and admins
}

// newName normalises the name that somebody takes instead of theirs: it is
// none that belongs to one of the sites they write on.
func (a *Service) newName(ctx context.Context, acc Account, name string) (string, error) {
	o, err := a.Store.Overview(ctx, acc.ID, a.Now())
	if err != nil {
		return "", err
	}
	var sites []string
	for _, m := range o.Memberships {
		sites = append(sites, m.Name)
	}
	return a.readerName(name, sites...)
}

// Change does it; errors name the field.
func (a *Service) Change(ctx context.Context, acc Account, c Changes) error {
	if c.Name != nil {
		name, err := a.Name(*c.Name)
		if err == nil && a.Skeleton(name) != a.Skeleton(acc.Name) {
			name, err = a.newName(ctx, acc, name)
		}
		if err != nil {
			return err
		}
		if err := a.Store.Rename(ctx, acc.ID, name, a.Skeleton(name)); err != nil {
			return err
		}
		a.Changed()
	}
	if c.Lang != nil && (len(*c.Lang) > 35 || !tagLike(*c.Lang)) {
		return discuss.Bad("lang", "must be a language tag like en or pt-BR")
	}
	if m := c.MailReplies; m != nil {
		if !slices.Contains([]string{"now", "hourly", "daily", "off"}, *m) {
			return discuss.Bad("mail_replies", "must be now, hourly, daily or off")
		}
		if *m != "off" && acc.Email == "" {
			return discuss.Bad("mail_replies", "needs an email address first")
		}
	}
	if c.AuditMail != nil {
		o, err := a.Store.Overview(ctx, acc.ID, a.Now())
		if err != nil {
			return err
		}
		if o.AuditMail == nil {
			return discuss.Bad("audit_mail", "is for operators and admins with an email address")
		}
	}
	if c.Lang == nil && c.MailReplies == nil && c.AuditMail == nil {
		return nil
	}
	return a.Store.SetChoices(ctx, acc.ID, c)
}

// tagLike reports whether s has the letters of a BCP 47 tag; "" is none.
func tagLike(s string) bool {
	for _, r := range s {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-') {
			return false
		}
	}
	return true
}

// ChangePassword sets a new password and ends every other session. The old one
// is asked for unless there is none or the proof is fresh.
func (a *Service) ChangePassword(ctx context.Context, s Session, token, old, next string) error {
	acc, err := a.Store.AccountByID(ctx, s.Account.ID)
	if err != nil {
		return err
	}
	if acc.Email == "" {
		return discuss.Bad("password", "needs an email address first: it is what you sign in with")
	}
	if acc.Password != "" && !a.compare(old, acc.Password) {
		return ErrPassword
	}
	if acc.Password == "" && !a.Fresh(s) {
		return ErrProof
	}
	hash, err := a.Hash(next, acc.Name, acc.Email)
	if e := (*discuss.Error)(nil); errors.As(err, &e) && len(e.Fields) == 1 {
		return discuss.Bad("new", e.Fields[0].Message)
	}
	if err != nil {
		return err
	}
	return a.Store.ChangePassword(ctx, acc.ID, hash, HashToken(token))
}

// ChangeEmail mails a link to a new address; the old one is told. The change
// happens when the link is used.
func (a *Service) ChangeEmail(ctx context.Context, s Session, lang, email string) error {
	if !a.Fresh(s) {
		return ErrProof
	}
	email, err := Email(email)
	if err != nil {
		return err
	}
	if s.Account.Site != 0 {
		return discuss.ErrState
	}
	token, hash := NewToken()
	t := Ticket{Kind: "email", Account: s.Account.ID, Data: email, Expires: a.Now().Add(VerifyLife)}
	if err := a.Store.PutTicket(ctx, hash, t, a.mail("email", email, "Parley", lang, a.Link("/auth/email#"+token), s.Account)); err != nil {
		return err
	}
	if s.Account.Email == "" {
		return nil
	}
	warning := a.mail("email_old", s.Account.Email, "Parley", lang, "", s.Account)
	warning.Warning = true
	return a.Store.PutTicket(ctx, nil, Ticket{}, warning)
}

// ConfirmEmail ends a change of address.
func (a *Service) ConfirmEmail(ctx context.Context, token string) error {
	return a.Store.TakeEmail(ctx, HashToken(token), a.Now())
}

// Erase asks for an account to be erased after EraseWait; text says that its
// comments' words go too, else they stay without their name.
func (a *Service) Erase(ctx context.Context, account discuss.ID, text bool) (time.Time, error) {
	at := a.Now().Add(EraseWait)
	return at, a.Store.SetErase(ctx, account, at, text)
}

// KeepAccount takes that back.
func (a *Service) KeepAccount(ctx context.Context, account discuss.ID) error {
	return a.Store.SetErase(ctx, account, time.Time{}, false)
}

// Run erases accounts whose time has come and drops those that nobody
// verified, until ctx ends.
func (a *Service) Run(ctx context.Context, failed func(error)) {
	t := time.NewTicker(SweepEvery)
	defer t.Stop()
	for {
		if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Sweep is one round of Run.
func (a *Service) Sweep(ctx context.Context) error {
	var failed error
	a.seen.Range(func(token, at any) bool {
		a.seen.Delete(token)
		failed = a.Store.TouchSession(ctx, []byte(token.(string)), at.(time.Time))
		return failed == nil
	})
	if failed != nil {
		return failed
	}
	if err := a.Store.DropStale(ctx, a.Now(), a.Now().Add(-UnverifiedLife)); err != nil {
		return err
	}
	due, err := a.Store.EraseDue(ctx, a.Now())
	if err != nil {
		return err
	}
	if len(due) > 0 {
		defer a.Changed()
	}
	for _, id := range due {
		for more := true; more && ctx.Err() == nil; {
			more, err = a.Store.EraseSome(ctx, id, eraseChunk)
			if errors.Is(err, ErrNeeded) { // the others have gone since: it waits until somebody else is named
				if _, said := a.needed.LoadOrStore(id, true); !said {
					slog.Warn("an account is not erased: it is a site's only admin or the only operator", "account", id.String())
				}
				break
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// EraseNow erases an account, with its texts or without, and waits for nothing.
// Who has asked for their texts to go keeps that wish. with says whether they went.
func (a *Service) EraseNow(ctx context.Context, account discuss.ID, text bool) (with bool, err error) {
	asked, err := a.Store.ErasesTexts(ctx, account)
	if err != nil {
		return false, err
	}
	text = text || asked
	if err := a.Store.SetErase(ctx, account, a.Now(), text); err != nil {
		return false, err
	}
	defer a.Changed()
	for {
		more, err := a.Store.EraseSome(ctx, account, eraseChunk)
		if err != nil || !more {
			return text, err
		}
	}
}

// Unlink takes an identity away, unless nothing else would open the account.
func (a *Service) Unlink(ctx context.Context, s Session, provider string) error {
	if !a.Fresh(s) {
		return ErrProof
	}
	return a.Store.DropIdentity(ctx, s.Account.ID, provider)
}

// AdoptGuest gives an account what guests of its browser wrote on a site.
func (a *Service) AdoptGuest(ctx context.Context, token string, site discuss.ID, acc Account) error {
	if token == "" || len(token) > 128 {
		return nil
	}
	adopted, err := a.Store.AdoptGuest(ctx, HashToken(token), site, acc)
	if adopted {
		a.Changed()
	}
	return err
}

// DeviceLife is how long a browser counts as known to an account.
const DeviceLife = 180 * 24 * time.Hour

const devicePurpose = "device"

// Device is what a browser keeps that an address has signed in with. It opens
// nothing: it only sets its bearer apart from those who guess.
func (a *Service) Device(email string) string {
	if a.Seal == nil || email == "" {
		return ""
	}
	return b64(a.Seal.Seal(a.Now().Add(DeviceLife).UTC().Format(time.RFC3339)+" "+email, devicePurpose))
}

// KnownDevice reports whether token was given to a browser for this address.
func (a *Service) KnownDevice(token, email string) bool {
	raw, err := unb64(token)
	if a.Seal == nil || token == "" || err != nil {
		return false
	}
	text, err := a.Seal.Open(raw, devicePurpose)
	if err != nil {
		return false
	}
	until, whose, _ := strings.Cut(text, " ")
	at, err := time.Parse(time.RFC3339, until)
	return err == nil && a.Now().Before(at) && whose == strings.ToLower(email)
}

// unb64 reads base64url without padding.
func unb64(s string) ([]byte, error) { return base64.RawURLEncoding.DecodeString(s) }
