package signin

import (
	"context"

	"parley/internal/web/edge"
)

// invitation is what an invited person is asked, before anything is done.
type invitationOut struct {
	Site  string `json:"site"` // its name
	Key   string `json:"site_key"`
	Role  string `json:"role" enum:"auditor,staff,moderator,admin"`
	Email string `json:"email"`
	Name  string `json:"name"`  // that is offered; "" none
	Fresh bool   `json:"fresh"` // there is no account yet: a name and a password are chosen

	Standards string `json:"standards"` // where those are that a new account agrees to; "" none
}

func (r Room) invitation(ctx context.Context, _ *edge.Request, in tokenIn) (invitationOut, error) {
	v, fresh, err := r.Auth.Invited(ctx, in.Token)
	return invitationOut{v.Site.Name, v.Site.Key, string(v.Role), v.Email, v.Name, fresh, v.Site.StandardsAt(r.Auth.Link)}, err
}

type acceptIn struct {
	tokenIn
	Name     string `json:"name,omitempty"`
	Password string `json:"password,omitempty"`
}

type acceptOut struct {
	Key string `json:"site_key"`
}

// accept makes whoever holds the link one of the team. A new account is signed
// in by it, as by a link that proves an address; one that was there is not: the
// link may have been passed on.
func (r Room) accept(ctx context.Context, q *edge.Request, in acceptIn) (acceptOut, error) {
	acc, v, fresh, err := r.Auth.Accept(ctx, in.Token, in.Name, in.Password)
	if err != nil {
		return acceptOut{}, err
	}
	if fresh {
		_, err = q.Door.StartSession(ctx, q.Ctx, acc, false)
	}
	return acceptOut{v.Site.Key}, err
}
