package web

import (
	"crypto/rand"
	"encoding/base64"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// page sends a document of our own origin. Nothing may frame it, it loads only
// our own files, and its one inline style carries the answer's nonce.
func (s *Server) page(c *fiber.Ctx, t *template.Template, data map[string]any) error {
	var n [16]byte
	_, _ = rand.Read(n[:])
	nonce := base64.RawStdEncoding.EncodeToString(n[:])
	data["Nonce"] = nonce
	var b strings.Builder
	if err := t.Execute(&b, data); err != nil {
		return err
	}
	h := &c.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+nonce+
		"'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
	h.SetContentType("text/html; charset=utf-8")
	return c.SendString(b.String())
}

// getPermalink leads to the comment on its page.
func (s *Server) getPermalink(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	_, _, th, err := s.cfg.Discuss.Comment(ctx, id)
	if err != nil {
		return err
	}
	st, err := s.cfg.Sites.SiteByID(ctx, th.SiteID)
	if err != nil {
		return err
	}
	to := th.URL
	for _, o := range st.Origins {
		if strings.HasPrefix(to, o+"/") || to == o {
			c.Set("Content-Security-Policy", edge.APICSP)
			return c.Redirect(to+"#parley-"+id.String(), fiber.StatusFound)
		}
	}
	return discuss.ErrNotFound // never a redirect to a place that is not the site's
}

// RedirectDemo makes /demo/ lead to the demo's news site.
func (s *Server) RedirectDemo(to string) { s.demo.Store(&to) }

func (s *Server) getDemo(c *fiber.Ctx) error {
	to := s.demo.Load()
	if to == nil {
		return discuss.ErrNotFound
	}
	c.Set("Content-Security-Policy", edge.APICSP)
	return c.Redirect(*to, fiber.StatusFound)
}

func (s *Server) getReady(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if _, err := s.cfg.Sites.Sites(ctx); err != nil {
		return discuss.Busy(err)
	}
	return c.SendString("ready\n")
}
