package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
)

type (
	siteWayJSON struct {
		Provider string `json:"provider"`
		Client   string `json:"client"`
		Issuer   string `json:"issuer"`
		Label    string `json:"label"`
		Team     string `json:"team"`
		KeyID    string `json:"key_id"`
		Callback string `json:"callback_url"` // what to register at the provider
	}
	siteWaysJSON struct {
		Ways []siteWayJSON `json:"ways"`
	}
	siteWayIn struct {
		Client string `json:"client"`
		Secret string `json:"secret"`
		Issuer string `json:"issuer,omitempty"`
		Label  string `json:"label,omitempty"`
		Team   string `json:"team,omitempty"`
		KeyID  string `json:"key_id,omitempty"`
	}
	ssoKeyOut struct {
		Secret string `json:"secret"` // shown once
	}
)

// siteAdmin finds a site that the caller administers.
func (s *Server) siteAdmin(ctx context.Context, c *fiber.Ctx) (discuss.Site, error) {
	p, err := s.account(ctx, c)
	if err != nil {
		return discuss.Site{}, err
	}
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return st, err
	}
	who, err := s.actor(ctx, st, p.Session, p.token)
	if err != nil {
		return st, err
	}
	if !who.actor.Can(discuss.Admin) {
		return st, discuss.ErrRole
	}
	if p.Kind == auth.AccountSession && c.Method() != fiber.MethodGet && !s.cfg.Auth.Fresh(p.Session) {
		return st, auth.ErrProof
	}
	return st, nil
}

// getSiteWays lists a site's own registrations, never their secrets.
func (s *Server) getSiteWays(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	list, err := s.cfg.Auth.SiteWayList(ctx, st.ID)
	if err != nil {
		return err
	}
	out := siteWaysJSON{[]siteWayJSON{}}
	for _, k := range list {
		out.Ways = append(out.Ways, siteWayJSON{k.Provider, k.Client, k.Issuer, k.Label, k.Team, k.KeyID, s.cfg.Auth.Link("/auth/" + k.Provider + "/callback")})
	}
	return sendJSON(c, out)
}

func (s *Server) putSiteWay(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	var in siteWayIn
	if err := decode(c, &in); err != nil {
		return err
	}
	k := auth.Keys{Provider: c.Params("provider"), Client: in.Client, Secret: in.Secret, Issuer: in.Issuer, Label: in.Label, Team: in.Team, KeyID: in.KeyID}
	if err := s.cfg.Auth.PutSiteWay(ctx, st.ID, k); err != nil {
		return err
	}
	s.Foreign() // pages say which ways there are
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) deleteSiteWay(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	if err := s.cfg.Auth.DropSiteWay(ctx, st.ID, c.Params("provider")); err != nil {
		return err
	}
	s.Foreign()
	return c.SendStatus(fiber.StatusNoContent)
}

// postSSOKey makes a key for the site's own tokens.
func (s *Server) postSSOKey(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	secret, err := s.cfg.Auth.NewSSOKey(ctx, st.ID)
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	return sendJSON(c, ssoKeyOut{secret})
}
