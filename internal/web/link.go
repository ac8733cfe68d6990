package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/web/edge"
)

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
