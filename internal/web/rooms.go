package web

import (
	"slices"

	"parley/internal/web/account"
	"parley/internal/web/assets"
	"parley/internal/web/checks"
	"parley/internal/web/desk"
	"parley/internal/web/edge"
	"parley/internal/web/health"
	"parley/internal/web/pages"
	"parley/internal/web/public"
	"parley/internal/web/reader"
	"parley/internal/web/shape"
	"parley/internal/web/signin"
	"parley/internal/weburl"
)

// rooms makes the rooms and puts their routes into one table.
func (s *Server) rooms(as shape.Shaper, host string) []edge.Route {
	cfg := s.cfg
	documents := pages.Room{
		Discuss: cfg.Discuss, Auth: cfg.Auth, Setup: cfg.Setup, Mails: cfg.Mails, Texts: cfg.Texts, Shape: as, Key: cfg.MailKey, Relay: cfg.Mail, Now: cfg.Now,
		Retention: cfg.Retention, Build: s.files.Build, Document: cfg.Document, Demo: func() string {
			if to := s.demo.Load(); to != nil {
				return *to
			}
			return ""
		},
	}
	if cfg.Docs {
		documents.Docs = cfg.Files
	}
	s.desk = desk.New(desk.Room{
		Discuss: cfg.Discuss, Auth: cfg.Auth, Engine: cfg.Engine, Mails: cfg.Mails, Relay: cfg.Mail, Send: cfg.Send, Known: cfg.Known, Refused: cfg.Refused, Loads: cfg.Loads, Texts: cfg.Texts, Shape: as, Now: cfg.Now, Server: cfg.Operations, Retention: cfg.Retention,
		Merges: cfg.Merges, Checks: cfg.PageChecks, Imports: cfg.Imports, Forget: s.Pages.Forget, ForgetAll: s.InvalidateCaches, Watched: s.sockets.Watched,
	})
	return slices.Concat(
		public.Room{Discuss: cfg.Discuss, Auth: cfg.Auth, Texts: cfg.Texts, Shape: as, Text: func(html string) string { return cfg.Discuss.Text.Plain(html) }}.Routes(),
		reader.Room{Discuss: cfg.Discuss, Mails: cfg.Mails, Shape: as, Ticket: s.sockets.Ticket, Now: cfg.Now}.Routes(),
		s.sockets.Routes(),
		signin.Room{Auth: cfg.Auth, Pages: cfg.Discuss, Texts: cfg.Texts, Shape: as, Key: cfg.MailKey, Now: cfg.Now}.Routes(),
		account.Room{Push: cfg.Push, Auth: cfg.Auth, Discuss: cfg.Discuss, Shape: as, Now: cfg.Now}.Routes(),
		s.desk.Routes(),
		checks.New(checks.Room{Base: cfg.PublicURL, Build: s.files.Build, Look: cfg.Look, Loads: cfg.Loads, Now: cfg.Now}).Routes(),
		documents.Routes(),
		assets.Room{Files: s.files, Pictures: cfg.Pictures, Avatar: cfg.Avatar, Images: cfg.Images, Key: cfg.MailKey, Now: cfg.Now}.Routes(),
		health.Room{Meters: s.meters, Doctor: cfg.DoctorKey, Now: cfg.Now, Allow: cfg.Metrics, Local: weburl.Loopback(host)}.Routes(),
	)
}
