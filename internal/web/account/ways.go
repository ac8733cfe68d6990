package account

import (
	"context"

	"parley/internal/auth"
	"parley/internal/web/edge"
	"parley/internal/web/rates"
)

type (
	passwordIn struct {
		Old string `json:"old,omitempty"`
		New string `json:"new"`
	}
	emailIn struct {
		Email string `json:"email"`
	}
	proofIn struct {
		Password string `json:"password,omitempty"`
		Code     string `json:"code,omitempty"` // of the second factor
	}
	providerIn struct {
		Provider string `path:"provider" json:"-"`
	}
	secondOut struct {
		Secret string `json:"secret"`
		URI    string `json:"uri"`
		Ticket string `json:"ticket"`
	}
	secondIn struct {
		Ticket string `json:"ticket"`
		Code   string `json:"code"`
	}
	recoveryOut struct {
		Codes []string `json:"recovery_codes"` // shown once
	}
)

func (r Room) setPassword(ctx context.Context, q *edge.Request, in passwordIn) (none edge.None, err error) {
	return none, q.Door.Limits.Attempt([]rates.Try{{Purpose: "login", Key: "password " + q.Person.Account.ID.String()}}, func() error {
		return r.Auth.ChangePassword(ctx, q.Person.Session, q.Person.Token, in.Old, in.New)
	}, auth.WrongGuess)
}

func (r Room) setEmail(ctx context.Context, q *edge.Request, in emailIn) (none edge.None, err error) {
	if err := q.Door.Limits.Take("mail", q.Door.ClientIP(q.Ctx)); err != nil {
		return none, err
	}
	return none, r.Auth.ChangeEmail(ctx, q.Person.Session, edge.Wanted(q.Ctx), in.Email)
}

// prove is somebody with an open session proving that it's him.
func (r Room) prove(ctx context.Context, q *edge.Request, in proofIn) (none edge.None, err error) {
	p, second := q.Person, false
	err = q.Door.Limits.Attempt([]rates.Try{{Purpose: "login", Key: "account " + p.Account.ID.String()}}, func() (err error) {
		if in.Password != "" {
			if _, err = r.Auth.Login(ctx, p.Account.Email, in.Password); err != nil {
				return err
			}
		}
		if in.Code != "" || in.Password != "" {
			second, err = r.Auth.Second(ctx, p.Account.ID, in.Code)
		}
		return err
	}, auth.WrongGuess)
	if err != nil {
		return none, err
	}
	if in.Password == "" && !second {
		return none, auth.ErrProof
	}
	return none, r.Auth.Prove(ctx, p.Token, second)
}

func (r Room) unlink(ctx context.Context, q *edge.Request, in providerIn) (none edge.None, err error) {
	return none, r.Auth.Unlink(ctx, q.Person.Session, in.Provider)
}

func (r Room) beginSecond(ctx context.Context, q *edge.Request, _ edge.None) (secondOut, error) {
	secret, uri, ticket, err := r.Auth.BeginSecond(ctx, q.Person.Account)
	return secondOut{secret, uri, ticket}, err
}

func (r Room) confirmSecond(ctx context.Context, q *edge.Request, in secondIn) (recoveryOut, error) {
	codes, err := r.Auth.ConfirmSecond(ctx, q.Person.Account, in.Ticket, in.Code)
	if err == nil && q.Person.Kind == auth.AccountSession {
		err = r.Auth.Prove(ctx, q.Person.Token, true)
	}
	return recoveryOut{codes}, err
}

func (r Room) dropSecond(ctx context.Context, q *edge.Request, _ edge.None) (none edge.None, err error) {
	return none, r.Auth.DropSecond(ctx, q.Person.Account.ID)
}
