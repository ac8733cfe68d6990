package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/web/edge"
)

type passwordIn struct {
	Old string `json:"old,omitempty"`
	New string `json:"new"`
}

func (s *Server) postPassword(c *fiber.Ctx) error {
	return s.forAccount(c, false, func(ctx context.Context, p edge.Person) error {
		var in passwordIn
		if err := edge.Decode(c, &in); err != nil {
			return err
		}
		return s.Limits.Attempt([]edge.Try{{Purpose: "login", Key: "password " + p.Account.ID.String()}}, func() error {
			return s.cfg.Auth.ChangePassword(ctx, p.Session, p.Token, in.Old, in.New)
		}, auth.WrongGuess)
	})
}

type emailIn struct {
	Email string `json:"email"`
}

func (s *Server) postEmail(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	var in emailIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("mail", s.ClientIP(c)); err != nil {
		return err
	}
	if err := s.cfg.Auth.ChangeEmail(ctx, p.Session, wanted(c), in.Email); err != nil {
		return err
	}
	return accepted(c)
}

type proofIn struct {
	Password string `json:"password,omitempty"`
	Code     string `json:"code,omitempty"` // of the second factor
}

// postProof is somebody with an open session proving that it's him.
func (s *Server) postProof(c *fiber.Ctx) error {
	return s.forAccount(c, false, func(ctx context.Context, p edge.Person) error {
		var in proofIn
		if err := edge.Decode(c, &in); err != nil {
			return err
		}
		second := false
		err := s.Limits.Attempt([]edge.Try{{Purpose: "login", Key: "account " + p.Account.ID.String()}}, func() (err error) {
			if in.Password != "" {
				if _, err = s.cfg.Auth.Login(ctx, p.Account.Email, in.Password); err != nil {
					return err
				}
			}
			if in.Code != "" || in.Password != "" {
				second, err = s.cfg.Auth.Second(ctx, p.Account.ID, in.Code)
			}
			return err
		}, auth.WrongGuess)
		if err != nil {
			return err
		}
		if in.Password == "" && !second {
			return auth.ErrProof
		}
		return s.cfg.Auth.Store.ProveSession(ctx, auth.HashToken(p.Token), second, s.cfg.Now())
	})
}

func (s *Server) deleteIdentity(c *fiber.Ctx) error {
	provider := c.Params("provider")
	return s.forAccount(c, true, func(ctx context.Context, p edge.Person) error { return s.cfg.Auth.Unlink(ctx, p.Session, provider) })
}

// postLink begins adding an identity to the account whose session this is.
func (s *Server) postLink(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	p, err := s.Guarded(ctx, c)
	if err != nil {
		return err
	}
	var in struct{ Provider string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if p.Account.Site != 0 {
		return auth.ErrLinkSite
	}
	return s.toProvider(ctx, c, 0, in.Provider, auth.Trip{Link: p.Account.ID, Account: true})
}

type (
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

func (s *Server) postSecond(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Guarded(ctx, c)
	if err != nil {
		return err
	}
	secret, uri, ticket, err := s.cfg.Auth.BeginSecond(ctx, p.Account)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, secondOut{secret, uri, ticket})
}

func (s *Server) putSecond(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Guarded(ctx, c)
	if err != nil {
		return err
	}
	var in secondIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	codes, err := s.cfg.Auth.ConfirmSecond(ctx, p.Account, in.Ticket, in.Code)
	if err != nil {
		return err
	}
	if p.Kind == auth.AccountSession {
		if err := s.cfg.Auth.Store.ProveSession(ctx, auth.HashToken(p.Token), true, s.cfg.Now()); err != nil {
			return err
		}
	}
	return edge.SendJSON(c, recoveryOut{codes})
}

func (s *Server) deleteSecond(c *fiber.Ctx) error {
	return s.forAccount(c, true, func(ctx context.Context, p edge.Person) error {
		if err := s.cfg.Auth.MayChangeWays(ctx, p.Session); err != nil {
			return err
		}
		return s.cfg.Auth.Store.SetSecond(ctx, p.Account.ID, nil, 0, nil)
	})
}
