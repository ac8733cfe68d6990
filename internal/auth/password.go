package auth

import (
	"context"
	"unicode/utf8"

	"parley/internal/discuss"
)

// Hash makes the stored form of a password. own are names and addresses of whom
// it is for: what is little more than one of those is refused.
func (a *Service) Hash(password string, own ...string) (string, error) {
	if err := fit(password, own...); err != nil {
		return "", err
	}
	return a.hashOf(password)
}

// fit says why a password is none for whoever has own for names and addresses.
func fit(password string, own ...string) error {
	switch {
	case utf8.RuneCountInString(password) < MinPasswordRunes || len(password) > MaxPasswordBytes:
		return discuss.Bad("password", "must have at least 8 characters and at most 256 bytes")
	case easy(password):
		return discuss.Bad("password", "is one of the first that anybody would try; please choose another")
	case isOwn(password, own):
		return discuss.Bad("password", "is little more than your own name or address; please choose another")
	}
	return nil
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
	if err := fit(password); err != nil { // what was sent comes before what is there
		return err
	}
	t, err := a.Store.PeekTicket(ctx, HashToken(token), a.Now())
	if err != nil {
		return err
	}
	acc, err := a.Store.AccountByID(ctx, t.Account)
	if err != nil {
		return err
	}
	hash, err := a.Hash(password, acc.Name, acc.Email)
	if err != nil {
		return err
	}
	return a.Store.SetPassword(ctx, HashToken(token), hash, a.Now())
}

// ErrLogin says that address and password do not belong together, nothing more.
var ErrLogin = &discuss.Error{Kind: discuss.SignedOut, Code: "login", Detail: "That email address and password don't match."}

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
