package web

import (
	"context"
	"encoding/hex"
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type (
	ceremonyOut struct {
		Ticket  string `json:"ticket"`
		Options any    `json:"options"` // for navigator.credentials
	}
	ceremonyIn struct {
		Ticket string          `json:"ticket"`
		Name   string          `json:"name,omitempty"` // what its owner calls a new one
		Txn    string          `json:"txn,omitempty"`  // of the widget that waits
		Answer json.RawMessage `json:"answer"`
	}
)

// holder is who may get a passkey: a person before a browser, never a program,
// whose token would live on in it.
func (s *Server) holder(ctx context.Context, c *fiber.Ctx) (edge.Person, error) {
	p, err := s.Guarded(ctx, c)
	if err == nil && p.Kind != auth.AccountSession {
		err = discuss.ErrFirstParty
	}
	return p, err
}

func (s *Server) postPasskeyNew(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.holder(ctx, c)
	if err != nil {
		return err
	}
	opts, ticket, err := s.cfg.Auth.BeginPasskey(ctx, p.Account)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, ceremonyOut{ticket, opts})
}

func (s *Server) postPasskeyMade(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.holder(ctx, c)
	if err != nil {
		return err
	}
	var in ceremonyIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	name := cleantext.Line(in.Name)
	if name == "" {
		name = agent(c.Get("User-Agent"))
	}
	if err := s.cfg.Auth.EndPasskey(ctx, p.Account, in.Ticket, name, in.Answer); err != nil {
		return err
	}
	// Whoever has just made one has shown it.
	if err := s.cfg.Auth.Store.ProveSession(ctx, auth.HashToken(p.Token), true, s.cfg.Now()); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusCreated)
}

func (s *Server) postPasskeyAsk(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	if err := s.Limits.Take("passkey", s.ClientIP(c)); err != nil {
		return err
	}
	opts, ticket, err := s.cfg.Auth.BeginPasskeyLogin(ctx)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, ceremonyOut{ticket, opts})
}

func (s *Server) postPasskeyLogin(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in ceremonyIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	acc, err := s.cfg.Auth.EndPasskeyLogin(ctx, in.Ticket, in.Answer)
	if err != nil {
		return err
	}
	if err := s.signedIn(ctx, c, acc, true); err != nil {
		return err
	}
	return edge.SendJSON(c, nameOut{acc.Name})
}

type nameOut struct {
	Name string `json:"name"`
}

func (s *Server) deletePasskey(c *fiber.Ctx) error {
	id, err := hex.DecodeString(c.Params("id"))
	if err != nil {
		return discuss.ErrNotFound
	}
	return s.forAccount(c, true, func(ctx context.Context, p edge.Person) error {
		if err := s.cfg.Auth.MayChangeWays(ctx, p.Session); err != nil {
			return err
		}
		return s.cfg.Auth.Store.DropPasskey(ctx, p.Account.ID, id)
	})
}
