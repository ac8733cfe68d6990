package web

import (
	"encoding/json"

	"github.com/gofiber/fiber/v2"

	"parley/internal/web/edge"
)

type (
	ceremonyOut struct {
		Ticket  string `json:"ticket"`
		Options any    `json:"options"` // for navigator.credentials
	}
	ceremonyIn struct {
		Ticket string          `json:"ticket"`
		Answer json.RawMessage `json:"answer"`
	}
)

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
