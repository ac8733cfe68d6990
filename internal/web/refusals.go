package web

import (
	"github.com/gofiber/fiber/v2"

	"parley/internal/web/edge"
)

type originJSON struct {
	Origin  string `json:"origin"`  // of the page that asks, as its browser says
	Allowed bool   `json:"allowed"` // it may write here
}

// getOrigin tells a widget that nothing works for whether its page is on the
// site's list. It says no more than a write would, and any page may read it.
func (s *Server) getOrigin(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	origin := c.Get("Origin")
	c.Set("Access-Control-Allow-Origin", "*")
	c.Set("Cache-Control", "no-store")
	edge.VaryByOrigin(c)
	out := originJSON{Origin: origin, Allowed: s.Listed(c, st, origin)}
	if !out.Allowed {
		_ = s.RefuseOrigin(c, st, origin)
	}
	return edge.SendJSON(c, out)
}
