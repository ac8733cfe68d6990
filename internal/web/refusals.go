package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
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
		_ = s.RefuseOrigin(st, origin)
	}
	return edge.SendJSON(c, out)
}

// refusedJSON is a page that was refused of late and is still not on the list.
type refusedJSON struct {
	Origin string `json:"origin"`
	First  string `json:"first_at"`
	Last   string `json:"last_at"`
	Count  int    `json:"count"`
}

func (s *Server) refusedOrigins(ctx context.Context, st discuss.Site) ([]refusedJSON, error) {
	list, err := s.cfg.Refused.RefusedOrigins(ctx, st)
	out := make([]refusedJSON, 0, len(list))
	for _, r := range list {
		out = append(out, refusedJSON{r.Origin, shape.Time(r.First), shape.Time(r.Last), r.Count})
	}
	return out, err
}
