package web

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	siteWayJSON struct {
		Provider string     `json:"provider"`
		Client   string     `json:"client"`
		Issuer   string     `json:"issuer"`
		Label    string     `json:"label"`
		Team     string     `json:"team"`
		KeyID    string     `json:"key_id"`
		Callback string     `json:"callback_url"` // what to register at the provider
		Secret   secretJSON `json:"secret"`
		wayHealthJSON
	}
	// wayHealthJSON is what sign-ins came to since the server started.
	wayHealthJSON struct {
		State  string  `json:"state"`        // connected or failing
		Used   *string `json:"last_used_at"` // null: nobody yet
		Failed *string `json:"failed_at"`
		Step   string  `json:"failed_step"` // begin, answer, token, profile or read
		Why    string  `json:"failure"`
	}
	// knownWayJSON is a provider that a site can set up, or has from the instance.
	knownWayJSON struct {
		Provider string `json:"provider"`
		Label    string `json:"label"`
		Callback string `json:"callback_url"`
		Instance bool   `json:"instance"` // the instance's keys serve where the site has none
		wayHealthJSON
	}
	siteWaysJSON struct {
		Ways  []siteWayJSON  `json:"ways"`
		Known []knownWayJSON `json:"known"`
	}
	siteWayIn struct {
		Client string `json:"client"`
		Secret string `json:"secret,omitempty"` // "" keeps the one that is set
		Issuer string `json:"issuer,omitempty"`
		Label  string `json:"label,omitempty"`
		Team   string `json:"team,omitempty"`
		KeyID  string `json:"key_id,omitempty"`
		Check  bool   `json:"check,omitempty"` // ask the issuer first whether it is one
	}
	ssoKeyOut struct {
		Secret string `json:"secret"` // shown once
	}
	ssoKeyJSON struct {
		ID      string `json:"id"`
		Created string `json:"created_at"`
	}
	ssoKeysJSON struct {
		Keys []ssoKeyJSON `json:"keys"` // newest first; at most two
	}
)

// siteAdmin finds a site that the caller administers, and the caller.
func (s *Server) siteAdmin(ctx context.Context, c *fiber.Ctx) (discuss.Site, discuss.Actor, error) {
	p, err := s.Account(ctx, c)
	if err != nil {
		return discuss.Site{}, discuss.Actor{}, err
	}
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return st, discuss.Actor{}, err
	}
	who, err := s.Actor(ctx, st, p.Session, p.Token)
	if err != nil {
		return st, who.Actor, err
	}
	if !who.Actor.Can(discuss.Admin) {
		return st, who.Actor, discuss.ErrRole
	}
	if c.Method() != fiber.MethodGet {
		err = s.Proved(who)
	}
	return st, who.Actor, err
}

func (s *Server) wayHealth(scope discuss.ID, provider string) wayHealthJSON {
	h := s.cfg.Auth.Health(scope, provider)
	out := wayHealthJSON{State: "connected", Step: h.Step, Why: h.Why}
	if h.Failing() {
		out.State = "failing"
	}
	if !h.Used.IsZero() {
		out.Used = shape.Ptr(shape.Time(h.Used))
	}
	if !h.Failed.IsZero() {
		out.Failed = shape.Ptr(shape.Time(h.Failed))
	}
	return out
}

// known lists the catalogue and the instance's issuers.
func (s *Server) knownWays() []knownWayJSON {
	has := map[string]bool{}
	out := []knownWayJSON{}
	add := func(id, label string) {
		out = append(out, knownWayJSON{id, label, s.cfg.Auth.Link("/auth/" + id + "/callback"), has[id], s.wayHealth(0, id)})
	}
	for _, k := range s.cfg.Auth.Providers {
		has[k.Provider] = true
	}
	for _, id := range auth.ProviderIDs() {
		add(id, auth.ProviderLabel(id))
	}
	for _, k := range s.cfg.Auth.Providers {
		if k.Issuer != "" {
			add(k.Provider, k.Label)
		}
	}
	return out
}

// getSiteWays lists a site's own registrations, never their secrets.
func (s *Server) getSiteWays(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	list, err := s.cfg.Auth.SiteWayList(ctx, st.ID)
	if err != nil {
		return err
	}
	out := siteWaysJSON{[]siteWayJSON{}, s.knownWays()}
	for _, k := range list {
		out.Ways = append(out.Ways, siteWayJSON{
			k.Provider, k.Client, k.Issuer, k.Label, k.Team, k.KeyID, s.cfg.Auth.Link("/auth/" + k.Provider + "/callback"),
			secretJSON{k.HasSecret},
			s.wayHealth(st.ID, k.Provider),
		})
	}
	return edge.SendJSON(c, out)
}

func (s *Server) putSiteWay(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	var in siteWayIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	k := auth.Keys{Provider: c.Params("provider"), Client: in.Client, Secret: in.Secret, Issuer: in.Issuer, Label: in.Label, Team: in.Team, KeyID: in.KeyID}
	if err := s.cfg.Auth.PutSiteWay(ctx, st.ID, k, in.Check); err != nil {
		return err
	}
	return s.waysChanged(ctx, c, st, who, "way set", k.Provider)
}

// waysChanged writes the change down; pages say which ways there are.
func (s *Server) waysChanged(ctx context.Context, c *fiber.Ctx, st discuss.Site, who discuss.Actor, action, what string) error {
	s.Foreign()
	if err := s.cfg.Discuss.Note(ctx, st, who, action, what); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) deleteSiteWay(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	if err := s.cfg.Auth.DropSiteWay(ctx, st.ID, c.Params("provider")); err != nil {
		return err
	}
	return s.waysChanged(ctx, c, st, who, "way removed", c.Params("provider"))
}

// getSSOKeys lists the keys for the site's own tokens, never what they are.
func (s *Server) getSSOKeys(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	keys, err := s.cfg.Auth.SSOKeyList(ctx, st.ID)
	if err != nil {
		return err
	}
	out := ssoKeysJSON{[]ssoKeyJSON{}}
	for _, k := range keys {
		out.Keys = append(out.Keys, ssoKeyJSON{k.ID.String(), shape.Time(k.Created)})
	}
	return edge.SendJSON(c, out)
}

// postSSOKey makes a key for the site's own tokens.
func (s *Server) postSSOKey(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	secret, err := s.cfg.Auth.NewSSOKey(ctx, st.ID)
	if err != nil {
		return err
	}
	if err := s.cfg.Discuss.Note(ctx, st, who, "sso key made", ""); err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	return edge.SendJSON(c, ssoKeyOut{secret})
}

// deleteSSOKey revokes one of them.
func (s *Server) deleteSSOKey(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.siteAdmin(ctx, c)
	if err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.cfg.Auth.DropSSOKey(ctx, st.ID, id); err != nil {
		return err
	}
	return s.waysChanged(ctx, c, st, who, "sso key revoked", id.String())
}
