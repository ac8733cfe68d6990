package desk

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type inviteIn struct {
	onSite
	Email string `json:"email"`
	Name  string `json:"name"` // of whoever has no account yet
	Role  string `json:"role"`
}

type inviteOut struct {
	ID    string `json:"id"`    // of the person
	Fresh bool   `json:"fresh"` // there was no account: the mail asks for a password
}

// invite gives somebody a role and tells them by mail.
func (r Room) invite(ctx context.Context, q *edge.Request, in inviteIn) (out inviteOut, err error) {
	if !r.Relay {
		return out, errMailOff
	}
	if role := discuss.Role(in.Role); !role.Valid() || role == discuss.Member { // before an account is made
		return out, discuss.Bad("role", "must be auditor, staff, moderator or admin")
	}
	to, err := r.Auth.Invite(ctx, q.Site, in.Name, in.Email)
	if err != nil {
		return out, err
	}
	id, err := r.Discuss.Invite(ctx, q.Site, q.Who, to.Account.ID, to.Account.Name, discuss.Role(in.Role))
	if err != nil {
		return out, err
	}
	return inviteOut{id.String(), to.Fresh}, r.Auth.SendInvitation(ctx, q.Site, to, q.Get("Accept-Language"))
}
