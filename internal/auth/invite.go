package auth

import (
	"context"
	"fmt"
	"time"

	"parley/internal/discuss"
)

// InviteLife is how long the link of an invitation works.
const InviteLife = 7 * 24 * time.Hour

// Invitation asks somebody to help run a site. It gives nothing until whoever
// reads the mailbox has accepted it.
type Invitation struct {
	ID      discuss.ID
	Site    discuss.Site
	Email   string
	Name    string // that is offered to whoever has no account; "" none
	Role    discuss.Role
	ByID    discuss.ID // who invites, on the site; 0 for a command on the server
	By      string     // his name; "" for a command, and for somebody who is gone
	Created time.Time
	Expires time.Time
	Used    time.Time
	Revoked time.Time
	Void    bool // whoever invited may not give a role any more
}

// Errors of invitations, each one sentence that says what to do.
var (
	ErrInviteUsed    = &discuss.Error{Kind: discuss.Conflict, Code: "used", Detail: "This invitation has been accepted already. Open the dashboard and sign in there; if it was not you who accepted it, tell the person who invited you."}
	ErrInviteRevoked = &discuss.Error{Kind: discuss.Conflict, Code: "revoked", Detail: "This invitation was taken back. Ask the person who invited you."}
	ErrInviteVoid    = &discuss.Error{Kind: discuss.Conflict, Code: "inviter", Detail: "The person who invited you doesn't run this site any more. Ask another of its admins."}
	ErrInviteExpired = &discuss.Error{Kind: discuss.Conflict, Code: "expired", Detail: "This invitation is too old. Ask the person who invited you for a new one."}
	ErrInviteFull    = &discuss.Error{Kind: discuss.TooMany, Code: "mail_limit", RetryAfter: 3600, Detail: "That address has been sent several emails of late, so no other one goes out now. An invitation it has stays good; try again in an hour."}
	ErrInviteHas     = &discuss.Error{Kind: discuss.Conflict, Code: "has_role", Detail: "This person has that role already, or a higher one."}
)

// Open says why an invitation cannot be accepted any more.
func (v Invitation) Open(now time.Time) error {
	switch {
	case !v.Used.IsZero():
		return ErrInviteUsed
	case !v.Revoked.IsZero():
		return ErrInviteRevoked
	case v.Void:
		return ErrInviteVoid
	case !now.Before(v.Expires):
		return ErrInviteExpired
	}
	return nil
}

// Invite mails an invitation; an earlier one of the same address to the same
// site is taken back by it. by is the member who invites, 0 for a command.
func (a *Service) Invite(ctx context.Context, site discuss.Site, by discuss.ID, name, email string, role discuss.Role, lang string) (v Invitation, err error) {
	if email, err = Email(email); err != nil {
		return v, err
	}
	if !role.Valid() || role == discuss.Member {
		return v, discuss.Bad("role", "must be auditor, staff, moderator or admin")
	}
	if name != "" {
		if name, err = a.Name(name); err != nil {
			return v, err
		}
	}
	acc, err := a.Store.AccountByEmail(ctx, email)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return v, err
	}
	token, hash := NewToken()
	v = Invitation{Site: site, Email: email, Name: name, Role: role, ByID: by, Created: a.Now(), Expires: a.Now().Add(InviteLife)}
	v, err = a.Store.PutInvitation(ctx, hash, v, a.mail("invite", email, site.Name, lang, a.Link("/auth/invite#"+token), acc))
	return v, err
}

// Invited is what an invitation's link leads to, before anything is done; fresh
// says that its address has no account, so that a name and a password are
// chosen first.
func (a *Service) Invited(ctx context.Context, token string) (v Invitation, fresh bool, err error) {
	if v, err = a.Store.InvitationByToken(ctx, HashToken(token)); err != nil {
		return v, false, err
	}
	if err := v.Open(a.Now()); err != nil {
		return v, false, err
	}
	acc, err := a.Store.AccountByEmail(ctx, v.Email)
	if discuss.KindOf(err) == discuss.NotFound {
		return v, true, nil
	}
	return v, err == nil && !acc.Verified, err
}

// Accept makes whoever reads the mailbox of an invitation one of the site's
// team. Without an account they choose a name and a password.
func (a *Service) Accept(ctx context.Context, token, name, password string) (acc Account, v Invitation, fresh bool, err error) {
	if v, fresh, err = a.Invited(ctx, token); err != nil {
		return acc, v, fresh, err
	}
	acc = Account{Email: v.Email}
	var agreed Acceptance
	if fresh {
		if agreed, err = a.accept(ctx, v.Site.ID); err != nil {
			return acc, v, fresh, err
		}
		if acc.Name, err = a.Name(name); err != nil {
			return acc, v, fresh, err
		}
		if acc.Password, err = a.Hash(password, acc.Name, acc.Email); err != nil {
			return acc, v, fresh, err
		}
	}
	acc, err = a.Store.AcceptInvitation(ctx, HashToken(token), acc, agreed, a.Now())
	if err == nil && a.Changed != nil {
		a.Changed()
	}
	return acc, v, fresh, err
}

// ErrDisabled says that an account was switched off.
var ErrDisabled = &discuss.Error{Kind: discuss.Forbidden, Code: "disabled", Detail: "This account was switched off by those who run this server."}

// Describe says of an invitation in a line whom it asks to what, for the
// program's own output.
func (v Invitation) Describe() string {
	return fmt.Sprintf("%s is asked to be %s of %s; the link works once, until %s.", v.Email, v.Role, v.Site.Key, v.Expires.UTC().Format("2006-01-02 15:04 UTC"))
}
