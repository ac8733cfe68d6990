package web

import (
	"encoding/json"
	"html/template"
	"strings"

	"parley/internal/web/edge"

	"github.com/gofiber/fiber/v2"
)

// getFrame is the document that mode="frame" shows: the same widget on our
// origin. Only the page whose origin asks for it may frame it, and only if it
// is on the site's list.
func (s *Server) getFrame(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	origin := c.Query("origin")
	if !s.Listed(c, st, origin) {
		return s.RefuseOrigin(c, st, origin)
	}
	key, err := threadKey(c)
	if err != nil {
		return err
	}
	meta := map[string]string{"site": st.Key, "name": st.Name, "thread": key, "origin": origin}
	for _, name := range []string{"url", "title", "lang", "sort", "view", "max-depth", "page-size", "live", "read-only", "theme"} {
		meta[name] = c.Query(name)
	}
	b, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	// A frame is transparent only where its document and the element in the page
	// have the same color-scheme; the page's side says which one it has given it.
	canvas := "light dark"
	if c.Query("canvas") == "light" {
		canvas = "light"
	}
	live := "ws" + strings.TrimPrefix(s.Own, "http")
	h := &c.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "+s.Own+"; connect-src 'self' "+s.Own+" "+live+
		"; form-action 'self'; base-uri 'none'; frame-ancestors "+origin+"; require-trusted-types-for 'script'; trusted-types 'none'")
	h.SetContentType("text/html; charset=utf-8")
	var out strings.Builder
	if err := framePage.Execute(&out, map[string]string{"Meta": string(b), "Build": s.build, "Base": s.cfg.PublicURL, "Canvas": canvas, "Lang": s.cfg.Texts.Match(edge.Wanted(c))}); err != nil {
		return err
	}
	return c.SendString(out.String())
}

var framePage = template.Must(template.New("frame").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Comments</title><meta name="parley" content="{{.Meta}}"><meta name="color-scheme" content="{{.Canvas}}">
<link rel="stylesheet" href="/assets/frame.css">
<script type="module" src="/assets/{{.Build}}/frame.js"></script></head>
<body><noscript><p>The comments need JavaScript here.</p></noscript></body></html>
`))
