package web

import (
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/web/edge"
)

// postFacebookDeletion is Facebook asking us to forget somebody. It answers
// with a page that tells how that stands, as Facebook wants it.
func (s *Server) postFacebookDeletion(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	c.Set("Cache-Control", "no-store")
	if err := s.Limits.Take("provider", s.ClientIP(c)); err != nil {
		return err
	}
	form, err := edge.Form(c, maxCallback)
	if err != nil {
		return err
	}
	code, err := s.cfg.Auth.FacebookDeletes(ctx, form.Get("signed_request"))
	if err != nil {
		return err
	}
	return edge.SendJSON(c, map[string]string{"url": s.cfg.Auth.Link("/auth/facebook/deletion/" + code), "confirmation_code": code})
}

// postFacebookLeft is Facebook saying that somebody has removed the app.
func (s *Server) postFacebookLeft(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.Limits.Take("provider", s.ClientIP(c)); err != nil {
		return err
	}
	form, err := edge.Form(c, maxCallback)
	if err != nil {
		return err
	}
	if err := s.cfg.Auth.FacebookLeaves(ctx, form.Get("signed_request")); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// pageDeletion tells anybody with the code how a deletion stands.
func (s *Server) pageDeletion(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	d, err := s.cfg.Auth.Store.Deletion(ctx, c.Params("code"))
	if err != nil {
		return err
	}
	data := map[string]any{"Provider": auth.ProviderLabel(d.Provider), "Asked": d.Asked.Format(time.RFC1123), "Code": c.Params("code")}
	if !d.Done.IsZero() {
		data["Done"] = d.Done.Format(time.RFC1123)
	}
	return s.page(c, deletionPage, data)
}

var deletionPage = template.Must(template.New("deletion").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Deletion of your data</title><link rel="stylesheet" href="/assets/signin.css"></head>
<body class="popup">` + sprite + `<main class="box"><section class="step">
{{if .Done}}<span class="ic ok"><svg class="i" aria-hidden="true"><use href="#i-check"/></svg></span><h1>Your data is deleted</h1>
<p class="lead">On {{.Done}} we removed what {{.Provider}} had told us: your sign-in by it, and your account with the words of your comments. An account that you open in another way too stays, without {{.Provider}}; you can delete it on its own page.</p>
{{else}}<span class="ic"><svg class="i" aria-hidden="true"><use href="#i-lock"/></svg></span><h1>Your data is being deleted</h1>
<p class="lead">{{.Provider}} passed your request on at {{.Asked}}. It is done within minutes; this page will say so.</p>{{end}}
<p class="hint">Confirmation code: {{.Code}}</p></section></main></body></html>
`))
