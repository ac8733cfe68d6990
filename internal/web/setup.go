package web

import (
	"context"
	"html/template"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// SetupStore makes the first account and site.
type SetupStore interface {
	Setup(ctx context.Context, ticket []byte, a auth.Account, site discuss.Site, now time.Time) (auth.Account, discuss.Site, error)
}

func (s *Server) pageSetup(c *fiber.Ctx) error { return s.page(c, setupPage, map[string]any{}) }

// postSetup is the one-time form: the operator's account, the first site, and
// the snippet to paste.
func (s *Server) postSetup(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct {
		Token, Name, Email, Password string
		Site                         struct{ Key, Name, Origin string }
	}
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("logins", s.ClientIP(c)); err != nil {
		return err
	}
	site, err := discuss.NewSite(in.Site.Key, in.Site.Name, []string{in.Site.Origin})
	if err != nil {
		return under("site.", err)
	}
	acc, err := s.cfg.Auth.Prepare(in.Name, in.Email, in.Password)
	if err != nil {
		return err
	}
	acc, site, err = s.cfg.Setup.Setup(ctx, auth.HashToken(in.Token), acc, site, s.cfg.Now())
	if err != nil {
		return err
	}
	token, _, err := s.cfg.Auth.Start(ctx, auth.Session{Kind: auth.AccountSession, Account: acc})
	if err != nil {
		return err
	}
	edge.SetCookie(c, edge.AccountCookie, token, int(auth.SessionLife.Seconds()))
	c.Status(fiber.StatusCreated)
	return edge.SendJSON(c, map[string]string{"snippet": s.snippet(site)})
}

func (s *Server) snippet(site discuss.Site) string {
	return `<script async src="` + s.cfg.PublicURL + `/embed.js"></script>` + "\n" + `<parley-comments site="` + site.Key + `"></parley-comments>`
}

// under puts a prefix before the fields of an error.
func under(prefix string, err error) error {
	e, ok := err.(*discuss.Error)
	if !ok {
		return err
	}
	out := *e
	out.Fields = nil
	for _, f := range e.Fields {
		out.Fields = append(out.Fields, discuss.Field{Name: prefix + f.Name, Message: f.Message})
	}
	return &out
}

var setupPage = template.Must(template.New("setup").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Set up Parley</title>
<link rel="stylesheet" href="/assets/popup.css"><script type="module" src="/assets/setup.js"></script></head>
<body class="parley"><main>
<h1>Set up Parley</h1>
<p role="alert" id="error" hidden></p>
<form id="setup">
<h2>You</h2>
<label>Name <input name="name" autocomplete="name" minlength="2" maxlength="40" required></label>
<label>E-mail <input name="email" type="email" autocomplete="username" required></label>
<label>Password, at least 8 characters <input name="password" type="password" autocomplete="new-password" minlength="8" required></label>
<h2>Your site</h2>
<label>Name, as readers know it <input name="siteName" maxlength="100" required></label>
<label>Key, for the embed code <input name="siteKey" pattern="[a-z0-9\-]{1,64}" placeholder="news" required></label>
<label>Address of its pages <input name="siteOrigin" type="url" placeholder="https://www.example.com" required></label>
<button>Create</button>
</form>
<section id="installed" hidden><h2>Paste this where comments belong</h2>
<pre tabindex="0"><code id="snippet"></code></pre>
<p><button type="button" id="copy">Copy</button></p>
<p>Best is an address of this server under your own domain, like comments.example.com: then sign-in works the same in every browser.</p>
<p><a href="/dashboard/">Go to the dashboard</a></p></section>
</main></body></html>
`))
