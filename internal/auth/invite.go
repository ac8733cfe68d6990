package auth

import (
	"context"
	"time"

	"parley/internal/discuss"
)

// InviteLife is how long the link of an invitation works; the account that waits
// for it goes with it.
const InviteLife = UnverifiedLife

// Invited is whom an invitation is for.
type Invited struct {
	Account Account
	Fresh   bool // it had no account, and chooses a password by the mailed link
}

// Invite finds the account of an address, or makes one that waits for its owner.
// It tells nobody: SendInvitation does, once the account has its role.
func (a *Service) Invite(ctx context.Context, site discuss.Site, name, email string) (Invited, error) {
	email, err := Email(email)
	if err != nil {
		return Invited{}, err
	}
	acc, err := a.Store.AccountByEmail(ctx, email)
	if discuss.KindOf(err) != discuss.NotFound {
		return Invited{Account: acc, Fresh: err == nil && !acc.Verified}, err
	}
	if name, err = a.Name(name); err != nil {
		return Invited{}, err
	}
	acc, err = a.Store.NewAccount(ctx, Account{Email: email, Name: name}, site.ID, a.Skeleton(name), discuss.Member)
	return Invited{acc, true}, err
}

// SendInvitation mails a link to the dashboard, or to whoever has no account yet
// one that sets a password.
func (a *Service) SendInvitation(ctx context.Context, site discuss.Site, to Invited, lang string) error {
	if !to.Fresh {
		return a.Store.PutTicket(ctx, nil, Ticket{}, a.mail("staff", to.Account.Email, site.Name, lang, a.Link("/dashboard/?site="+site.Key), to.Account))
	}
	token, hash := NewToken()
	return a.Store.PutTicket(ctx, hash, Ticket{Kind: "reset", Account: to.Account.ID, Site: site.ID, Expires: a.Now().Add(InviteLife - time.Hour)},
		a.mail("invite", to.Account.Email, site.Name, lang, a.Link("/auth/reset#"+token), to.Account))
}
