package signin

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/rates"
)

// magicCookie binds a sign-in by mail to the browser that asked for it.
const magicCookie = "__Host-parley-mail"

type magicOut struct {
	ID string `json:"id"` // what the code is typed with
}

// magicLink mails a link and a code. The answer says nothing about whether
// there is such an account.
func (r Room) magicLink(ctx context.Context, q *edge.Request, in mailIn) (magicOut, error) {
	id, err := r.Auth.MagicLink(ctx, q.Site, edge.Wanted(q.Ctx), in.Email)
	if err == nil {
		edge.SetCookie(q.Ctx, magicCookie, id, int(auth.MagicLife.Seconds()))
	}
	return magicOut{id}, err
}

// guessCode makes a try of a mailed code or link, and counts it by who tries
// and by the account it would open. When that has had enough, the answer is
// that of a wrong code, so that it does not tell which addresses have an account.
func (r Room) guessCode(ctx context.Context, q *edge.Request, token string, guess func() error) error {
	account, err := r.Auth.CodeAccount(ctx, token)
	if err != nil {
		return err
	}
	limits := q.Door.Limits
	return limits.Attempt([]rates.Try{{Purpose: "code", Key: q.Door.ClientIP(q.Ctx)}}, func() error {
		if account == 0 {
			return guess()
		}
		err := limits.Attempt([]rates.Try{{Purpose: "code", Key: "account " + account.String()}}, guess, auth.WrongGuess)
		if discuss.KindOf(err) == discuss.TooMany {
			return auth.ErrCode
		}
		return err
	}, auth.WrongGuess)
}

type codeIn struct {
	ID     string `json:"id"`
	Code   string `json:"code"`
	Second string `json:"second,omitempty"`
}

// code is the code typed into the window that asked for it.
func (r Room) code(ctx context.Context, q *edge.Request, in codeIn) (nameOut, error) {
	var acc auth.Account
	var second bool
	err := r.guessCode(ctx, q, in.ID, func() (err error) {
		acc, second, err = r.Auth.MagicCode(ctx, in.ID, in.Code, in.Second)
		return err
	})
	if err != nil {
		return nameOut{}, err
	}
	edge.SetCookie(q.Ctx, magicCookie, "", 0)
	_, err = q.Door.StartSession(ctx, q.Ctx, acc, second)
	return nameOut{acc.Name}, err
}

type magicTokenIn struct {
	tokenIn
	Second string `json:"second,omitempty"`
}

type magicTokenOut struct {
	nameOut
	Here bool `json:"here"` // this is the browser that asked
}

// magicToken is the mailed link, pressed on whatever device.
func (r Room) magicToken(ctx context.Context, q *edge.Request, in magicTokenIn) (magicTokenOut, error) {
	var acc auth.Account
	var here, second bool
	err := r.guessCode(ctx, q, in.Token, func() (err error) {
		acc, here, second, err = r.Auth.MagicToken(ctx, in.Token, q.Cookies(magicCookie), in.Second)
		return err
	})
	if err != nil {
		return magicTokenOut{}, err
	}
	_, err = q.Door.StartSession(ctx, q.Ctx, acc, second)
	return magicTokenOut{nameOut{acc.Name}, here}, err
}
