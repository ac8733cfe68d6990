package signin

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type registerIn struct {
	siteIn
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

func (r Room) register(ctx context.Context, q *edge.Request, in registerIn) (none edge.None, err error) {
	if !q.Site.Settings.Registration || q.Site.Settings.SignIn.NoAccounts {
		return none, discuss.ErrRole
	}
	return none, r.Auth.Register(ctx, q.Site, edge.Wanted(q.Ctx), in.Name, in.Email, in.Password)
}

type mailIn struct {
	siteIn
	Email string `json:"email"`
}

// resend sends the mail again that confirms an address.
func (r Room) resend(ctx context.Context, q *edge.Request, in mailIn) (none edge.None, err error) {
	return none, r.Auth.ResendVerification(ctx, q.Site, edge.Wanted(q.Ctx), in.Email)
}

func (r Room) requestReset(ctx context.Context, q *edge.Request, in mailIn) (none edge.None, err error) {
	return none, r.Auth.RequestReset(ctx, q.Site, edge.Wanted(q.Ctx), in.Email)
}

// verify ends the registration: the mailed link signs in too.
func (r Room) verify(ctx context.Context, q *edge.Request, in tokenIn) (nameOut, error) {
	acc, _, err := r.Auth.Verify(ctx, in.Token)
	if err != nil {
		return nameOut{}, err
	}
	_, err = q.Door.StartSession(ctx, q.Ctx, acc, false)
	return nameOut{acc.Name}, err
}

type resetIn struct {
	tokenIn
	Password string `json:"password"`
}

func (r Room) reset(ctx context.Context, _ *edge.Request, in resetIn) (none edge.None, err error) {
	return none, r.Auth.Reset(ctx, in.Token, in.Password)
}

// confirmEmail is the link in the mail to a new address.
func (r Room) confirmEmail(ctx context.Context, _ *edge.Request, in tokenIn) (none edge.None, err error) {
	return none, r.Auth.ConfirmEmail(ctx, in.Token)
}
