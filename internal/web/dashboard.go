package web

import (
	"context"
	"encoding/json"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type dashboardMeta struct {
	User  *dashboardUser  `json:"user"`
	Sites []dashboardSite `json:"sites"` // those that the user moderates
	Login string          `json:"login"` // a site whose log-in route to use; accounts are the instance's
	Base  string          `json:"base"`  // the server's public address
	Mail  bool            `json:"mail"`  // a relay is set
}

type dashboardUser struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar_url"`
}

type dashboardSite struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Role   string `json:"role"`
	Origin string `json:"origin"`
}

// pageDashboard is the moderators' document: the queue of one site at a time.
func (s *Server) pageDashboard(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	sites, err := s.cfg.Sites.Sites(ctx)
	if err != nil {
		return err
	}
	meta := dashboardMeta{Sites: []dashboardSite{}, Base: s.cfg.PublicURL, Mail: s.cfg.Mail}
	if len(sites) > 0 {
		meta.Login = sites[0].Key
	}
	v, _, err := s.SessionOf(ctx, c, edge.AccountCookie, auth.AccountSession)
	switch {
	case err == nil:
		meta.User = &dashboardUser{v.Account.Name, s.cfg.PublicURL + "/avatars/" + v.Account.ID.String() + ".svg"}
		if meta.Sites, err = s.moderated(ctx, sites, v); err != nil {
			return err
		}
	case discuss.KindOf(err) != discuss.NotFound:
		return err
	}
	b, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	return s.page(c, dashboardPage, map[string]any{"Meta": string(b)})
}

func (s *Server) moderated(ctx context.Context, sites []discuss.Site, v auth.Session) ([]dashboardSite, error) {
	out := []dashboardSite{}
	for _, site := range sites {
		who, err := s.Actor(ctx, site, v, "")
		if err != nil {
			return nil, err
		}
		if who.Actor.May(discuss.ActRead) {
			role := string(who.Actor.Role)
			if who.Actor.Operator {
				role = "operator"
			}
			origin := ""
			if len(site.Origins) > 0 {
				origin = site.Origins[0]
			}
			out = append(out, dashboardSite{site.Key, site.Name, role, origin})
		}
	}
	return out, nil
}

// postEnd ends the account session of our own origin.
func (s *Server) postEnd(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	if token := c.Cookies(edge.AccountCookie); token != "" {
		if err := s.cfg.Auth.SignOut(ctx, token); err != nil {
			return err
		}
	}
	edge.SetCookie(c, edge.AccountCookie, "", 0)
	return c.SendStatus(fiber.StatusNoContent)
}

var dashboardPage = template.Must(template.New("dashboard").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Parley dashboard</title><meta name="parley" content="{{.Meta}}">
<link rel="stylesheet" href="/assets/dashboard.css"><script type="module" src="/assets/dashboard.js"></script></head>
<body class="w"><noscript><p>The dashboard needs JavaScript.</p></noscript></body></html>
`))
