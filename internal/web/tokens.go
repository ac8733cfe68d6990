package web

import (
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

func (s *Server) getTokens(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	list, err := s.sessionsOf(ctx, p, true)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, tokensJSON{list})
}

type (
	tokenIn struct {
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
		Site   string   `json:"site,omitempty"` // the only one it reaches; absent: all
		Days   int      `json:"days,omitempty" minimum:"1" maximum:"3650" default:"365"`
	}
	tokenOut struct {
		Token   string `json:"token"` // shown once
		Expires string `json:"expires_at"`
	}
)

// Limits of a token's life, in days.
const (
	defaultTokenDays = 365
	maxTokenDays     = 3650
)

func (s *Server) postToken(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Fresh(ctx, c)
	if err != nil {
		return err
	}
	var in tokenIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	v := auth.Session{Kind: auth.ProgramSession, Account: p.Account, Name: cleantext.Line(in.Name), Scopes: in.Scopes, Second: p.Second}
	if v.Name == "" || v.Name == "login" || len(v.Name) > auth.MaxTokenName {
		return discuss.Bad("name", "must be 1 to 60 characters, and not login")
	}
	if len(in.Scopes) == 0 || slices.ContainsFunc(in.Scopes, func(x string) bool { return !slices.Contains(auth.Scopes, x) || !p.May(x) }) {
		return discuss.Bad("scopes", "must be some of read, write, moderate, admin")
	}
	if in.Site != "" {
		st, err := s.Site(ctx, in.Site)
		if err != nil {
			return discuss.Bad("site", "is not known")
		}
		v.Site = st.ID
	}
	if in.Days == 0 {
		in.Days = defaultTokenDays
	}
	if in.Days < 1 || in.Days > maxTokenDays {
		return discuss.Bad("days", "must be 1 to 3650")
	}
	v.Expires = s.cfg.Now().Add(time.Duration(in.Days) * 24 * time.Hour)
	if p.Kind == auth.ProgramSession && v.Expires.After(p.Expires) { // no token lives on in another
		v.Expires = p.Expires
	}
	token, until, err := s.cfg.Auth.Start(ctx, v)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	return edge.SendJSON(c, tokenOut{token, shape.Time(until)})
}
