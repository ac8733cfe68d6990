package web

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"html/template"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
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

// pagePopup is the sign-in window of one site, for a widget on one origin.
func (s *Server) pagePopup(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Query("site"))
	if err != nil {
		return err
	}
	origin := c.Query("origin")
	if !s.listed(c, st, origin) {
		return discuss.ErrOrigin
	}
	meta := map[string]any{"site": st.Key, "origin": origin, "registration": st.Settings.Registration}
	if v, _, err := s.session(ctx, c, accountCookie, auth.AccountSession); err == nil {
		meta["user"] = map[string]string{"name": v.Account.Name}
	}
	b, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	return s.page(c, popupPage, map[string]any{"Meta": string(b), "Site": st.Name, "Registration": st.Settings.Registration})
}

// pageTicket is where a mailed link leads. The link's secret stands behind the
// #, so no log and no scanner that follows links ever sends it; the page's
// button does, by POST.
func (s *Server) pageTicket(step string) fiber.Handler {
	return func(c *fiber.Ctx) error {
		return s.page(c, popupPage, map[string]any{"Meta": `{"step":"` + step + `"}`, "Site": "Parley", "Step": step})
	}
}

// getPermalink leads to the comment on its page.
func (s *Server) getPermalink(c *fiber.Ctx) error {
	ctx, done := reqCtx()
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
			c.Set("Content-Security-Policy", apiCSP)
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
	c.Set("Content-Security-Policy", apiCSP)
	return c.Redirect(*to, fiber.StatusFound)
}

func (s *Server) getReady(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	if _, err := s.cfg.Sites.Sites(ctx); err != nil {
		return discuss.Busy(err)
	}
	return c.SendString("ready\n")
}

var popupPage = template.Must(template.New("popup").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in to {{.Site}}</title><meta name="parley" content="{{.Meta}}">
<link rel="stylesheet" href="/assets/popup.css"><script type="module" src="/assets/popup.js"></script></head>
<body class="parley"><main>
<h1>{{.Site}}</h1>
<p role="alert" id="error" hidden></p>
<section data-step="continue" hidden><h2>Welcome back</h2><button type="button" id="continue"></button><button type="button" class="link" data-go="login">Use another account</button></section>
<section data-step="login" hidden><h2>Sign in</h2><form id="login">
<label>E-mail <input name="email" type="email" autocomplete="username" required></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button></form>
<p>{{if .Registration}}<button type="button" class="link" data-go="register">Create an account</button> · {{end}}<button type="button" class="link" data-go="reset">Forgot your password?</button></p></section>
<section data-step="register" hidden><h2>Create an account</h2><form id="register">
<label>Name, shown with your comments <input name="name" autocomplete="nickname" minlength="2" maxlength="40" required></label>
<label>E-mail, never shown <input name="email" type="email" autocomplete="username" required></label>
<label>Password, at least 8 characters <input name="password" type="password" autocomplete="new-password" minlength="8" required></label>
<button>Create account</button></form><p><button type="button" class="link" data-go="login">I have an account</button></p></section>
<section data-step="reset" hidden><h2>New password</h2><form id="reset">
<label>E-mail <input name="email" type="email" autocomplete="username" required></label><button>Send the link</button></form>
<p><button type="button" class="link" data-go="login">Back</button></p></section>
<section data-step="unverified" hidden><h2>Confirm your address</h2><p>Open the link we sent you, then sign in here.</p><button type="button" id="resend">Send it again</button><p><button type="button" class="link" data-go="login">Back</button></p></section>
<section data-step="sent" hidden><h2>Check your mail</h2><p>We sent you a link. Open it on any device, then come back here.</p><p><button type="button" class="link" data-go="login">Sign in</button></p></section>
<section data-step="verify" hidden><h2>Confirm your address</h2><button type="button" id="verify">Confirm</button></section>
<section data-step="newpassword" hidden><h2>Choose a new password</h2><form id="newpassword">
<label>Password, at least 8 characters <input name="password" type="password" autocomplete="new-password" minlength="8" required></label><button>Save</button></form></section>
<section data-step="done" hidden><h2>Done</h2><p id="done-text">You can close this window.</p></section>
</main></body></html>
`))
