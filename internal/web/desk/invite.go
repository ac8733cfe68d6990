package desk

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type inviteIn struct {
	onSite
	Email string `json:"email"`
	Name  string `json:"name"` // that is offered to whoever has no account yet; may be empty
	Role  string `json:"role"`
}

// invitation is one that waits for its answer.
type invitation struct {
	ID      string `json:"id"`
	Email   string `json:"email"`
	Name    string `json:"name"` // that is offered
	Role    string `json:"role"`
	By      string `json:"by"` // "" for a command on the server, and for somebody who is gone
	Created string `json:"created_at"`
	Expires string `json:"expires_at"`
	Late    bool   `json:"expired"`
}

type invitations struct {
	Invitations []invitation `json:"invitations"`
}

func (r Room) invitationOf(v auth.Invitation) invitation {
	return invitation{v.ID.String(), v.Email, v.Name, string(v.Role), v.By, shape.Time(v.Created), shape.Time(v.Expires), !r.Now().Before(v.Expires)}
}

// invite asks somebody by mail to help with a role. They have it once they accept.
func (r Room) invite(ctx context.Context, q *edge.Request, in inviteIn) (out invitation, err error) {
	if !r.Relay {
		return out, errMailOff
	}
	by, err := r.Discuss.Inviter(ctx, q.Site, q.Who)
	if err != nil {
		return out, err
	}
	v, err := r.Auth.Invite(ctx, q.Site, by, in.Name, in.Email, discuss.Role(in.Role), q.Get("Accept-Language"))
	if err != nil {
		return out, err
	}
	v.By = q.Who.Name
	return r.invitationOf(v), r.Discuss.NoteInvitation(ctx, q.Site, q.Who, "invite", v.Role)
}

// invitations are those of a site that nobody has accepted or taken back.
func (r Room) invitations(ctx context.Context, q *edge.Request, _ onSite) (invitations, error) {
	out := invitations{[]invitation{}}
	list, err := r.Auth.Store.Invitations(ctx, q.Site.ID)
	for _, v := range list {
		out.Invitations = append(out.Invitations, r.invitationOf(v))
	}
	return out, err
}

// uninvite takes an invitation back: its link says so from then on.
func (r Room) uninvite(ctx context.Context, q *edge.Request, in oneIn) (none edge.None, err error) {
	v, err := r.Auth.Store.RevokeInvitation(ctx, q.Site.ID, in.ID)
	if err != nil {
		return none, err
	}
	return none, r.Discuss.NoteInvitation(ctx, q.Site, q.Who, "uninvite", v.Role)
}
