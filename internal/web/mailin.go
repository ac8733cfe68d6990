package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// magicCookie binds a sign-in by mail to the browser that asked for it.
const magicCookie = "__Host-parley-mail"

type magicOut struct {
	ID string `json:"id"` // what the code is typed with
}

// postMagic mails a link and a code. The answer says nothing about whether
// there is such an account.
func (s *Server) postMagic(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.identitySite(ctx, c)
	if err != nil {
		return err
	}
	var in struct{ Email string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("mail", s.ClientIP(c)); err != nil {
		return err
	}
	id, err := s.cfg.Auth.MagicLink(ctx, st, edge.Wanted(c), in.Email)
	if err != nil {
		return err
	}
	edge.SetCookie(c, magicCookie, id, int(auth.MagicLife.Seconds()))
	c.Status(fiber.StatusAccepted)
	return edge.SendJSON(c, magicOut{id})
}

// guessCode makes a try of a mailed code or link, and counts it by who tries
// and by the account it would open. When that has had enough, the answer is
// that of a wrong code, so that it does not tell which addresses have an account.
func (s *Server) guessCode(ctx context.Context, c *fiber.Ctx, token string, guess func() error) error {
	t, err := s.cfg.Auth.Store.PeekTicket(ctx, auth.HashToken(token), s.cfg.Now())
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	return s.Limits.Attempt([]edge.Try{{Purpose: "code", Key: s.ClientIP(c)}}, func() error {
		if t.Account == 0 {
			return guess()
		}
		err := s.Limits.Attempt([]edge.Try{{Purpose: "code", Key: "account " + t.Account.String()}}, guess, auth.WrongGuess)
		if discuss.KindOf(err) == discuss.TooMany {
			return auth.ErrCode
		}
		return err
	}, auth.WrongGuess)
}

// postCode is the code typed into the window that asked for it.
func (s *Server) postCode(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ ID, Code, Second string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	var acc auth.Account
	var second bool
	err := s.guessCode(ctx, c, in.ID, func() (err error) {
		acc, second, err = s.cfg.Auth.MagicCode(ctx, in.ID, in.Code, in.Second)
		return err
	})
	if err != nil {
		return err
	}
	edge.SetCookie(c, magicCookie, "", 0)
	if err := s.signedIn(ctx, c, acc, second); err != nil {
		return err
	}
	return edge.SendJSON(c, nameOut{acc.Name})
}

// postMagicToken is the mailed link, pressed on whatever device. here tells
// the page whether it is the browser that asked.
func (s *Server) postMagicToken(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Token, Second string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	var acc auth.Account
	var here, second bool
	err := s.guessCode(ctx, c, in.Token, func() (err error) {
		acc, here, second, err = s.cfg.Auth.MagicToken(ctx, in.Token, c.Cookies(magicCookie), in.Second)
		return err
	})
	if err != nil {
		return err
	}
	if err := s.signedIn(ctx, c, acc, second); err != nil {
		return err
	}
	return edge.SendJSON(c, map[string]any{"name": acc.Name, "here": here})
}

// postConfirmEmail is the link in the mail to a new address.
func (s *Server) postConfirmEmail(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Token string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.cfg.Auth.ConfirmEmail(ctx, in.Token); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

type (
	ssoIn struct {
		Token string `json:"token"`
	}
	ssoOut struct {
		User   shape.User `json:"user"`
		Bearer string     `json:"bearer"` // for 15 minutes, where the cookie does not come back
	}
)

// postSSO takes the token that a site has put into its page: the reader is
// signed in on that site without a window.
func (s *Server) postSSO(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	c.Set("Cache-Control", "no-store")
	if origin, _, ok := s.Allow(c, st); !ok {
		return s.RefuseOrigin(c, st, origin)
	}
	if c.Get(edge.GuardHeader) != "1" {
		return discuss.ErrOrigin
	}
	var in ssoIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("sso", s.ClientIP(c)); err != nil {
		return err
	}
	acc, err := s.cfg.Auth.SSO(ctx, st, in.Token)
	if err != nil {
		return err
	}
	bearer, _, err := s.cfg.Auth.Start(ctx, auth.Session{Kind: auth.BearerSession, Site: st.ID, Account: acc})
	if err != nil {
		return err
	}
	out := ssoOut{Bearer: bearer}
	if out.User, err = s.widgetSession(ctx, c, st, acc, auth.Session{}); err != nil {
		return err
	}
	return edge.SendJSON(c, out)
}

// postSSOReturn is the window coming back from the site's own log-in page.
func (s *Server) postSSOReturn(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Site, Token string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("sso", s.ClientIP(c)); err != nil {
		return err
	}
	st, err := s.Site(ctx, in.Site)
	if err != nil {
		return err
	}
	acc, err := s.cfg.Auth.SSO(ctx, st, in.Token)
	if err != nil {
		return err
	}
	if err := s.signedIn(ctx, c, acc, false); err != nil {
		return err
	}
	return edge.SendJSON(c, nameOut{acc.Name})
}
