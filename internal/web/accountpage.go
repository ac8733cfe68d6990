package web

import (
	"encoding/json"
	"html/template"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// accountMeta is what the account's page knows when it opens.
type accountMeta struct {
	Signed   bool       `json:"signed"`
	Login    string     `json:"login"`    // a site whose sign-in window to use; accounts are the instance's
	Ways     []auth.Way `json:"ways"`     // providers that can be added
	Identity string     `json:"identity"` // how adding one ended
}

// pageAccount is where a person looks after his profile and his rights.
func (s *Server) pageAccount(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	m := accountMeta{Ways: []auth.Way{}, Identity: c.Query("identity")}
	v, _, err := s.SessionOf(ctx, c, edge.AccountCookie, auth.AccountSession)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	m.Signed = err == nil
	sites, err := s.cfg.Sites.Sites(ctx)
	if err != nil {
		return err
	}
	if len(sites) > 0 {
		m.Login = sites[0].Key
	}
	if v.Account.Site == 0 {
		for _, k := range s.cfg.Auth.Providers {
			m.Ways = append(m.Ways, auth.Way{ID: k.Provider, Label: s.Auth.ProviderLabel(k.Provider), Kind: "provider"})
		}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return s.page(c, accountPage, map[string]any{"Meta": string(b), "W": s.cfg.Texts.Words(edge.Wanted(c), "account")})
}

var accountPage = template.Must(template.New("account").Parse(`<!doctype html>
<html lang="{{.W.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{{.W.T "your_account"}}</title><meta name="parley" content="{{.Meta}}">
<link rel="stylesheet" href="/assets/signin.css"><link rel="stylesheet" href="/assets/account.css"><script type="module" src="/assets/account.js"></script></head>
<body class="account">` + sprite + `
<main id="main"><noscript><p>Your account needs JavaScript.</p></noscript></main></body></html>
`))
