package pages

import (
	"context"
	"encoding/json"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// setupMeta is what the set-up knows of the server before anybody has an account.
type setupMeta struct {
	Base  string `json:"base"`  // the server's public address
	Mail  bool   `json:"mail"`  // a mail server is set
	Fresh bool   `json:"fresh"` // nobody has an account
}

func (r Room) setupPage(ctx context.Context, q *edge.Request) error {
	fresh, err := r.Setup.Fresh(ctx)
	if err != nil {
		return err
	}
	b, err := json.Marshal(setupMeta{r.Shape.Base, r.Relay, fresh})
	if err != nil {
		return err
	}
	edge.Apart(q.Ctx)
	return edge.SendDocument(q.Ctx, documents, "setup.html", map[string]any{"Meta": string(b)})
}

type setupIn struct {
	Token    string `json:"token"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password,omitempty"`
	Passkey  bool   `json:"passkey,omitempty"` // no password: a passkey is made next, in the session that this begins
	// Site is the first one, where it is made at once; else the set-up goes on with it.
	Site *struct {
		Key    string `json:"key"`
		Name   string `json:"name"`
		Origin string `json:"origin"`
	} `json:"site,omitempty"`
}

type setupOut struct {
	Snippet string `json:"snippet"` // to paste where comments belong; "" without a site
}

// setup is what the one-time link is for: the operator's account, and a first
// site if one is given.
func (r Room) setup(ctx context.Context, q *edge.Request, in setupIn) (setupOut, error) {
	var site *discuss.Site
	if in.Site != nil {
		v, err := discuss.NewSite(in.Site.Key, in.Site.Name, []string{in.Site.Origin})
		if err != nil {
			return setupOut{}, prefixFields("site.", err)
		}
		site = &v
	}
	prepare := func() (auth.Account, error) { return r.Auth.Prepare(in.Name, in.Email, in.Password) }
	if in.Passkey && in.Password == "" {
		prepare = func() (auth.Account, error) { return r.Auth.PrepareWithoutPassword(in.Name, in.Email) }
	}
	acc, err := prepare()
	if err != nil {
		return setupOut{}, err
	}
	acc, err = r.Setup.Setup(ctx, auth.HashToken(in.Token), acc, site, r.Now())
	if discuss.KindOf(err) == discuss.NotFound {
		return setupOut{}, &discuss.Error{Kind: discuss.NotFound, Code: "not_found", Detail: "This link has been used, is too old, or the server is set up already. Sign in at /dashboard/."}
	}
	if err != nil {
		return setupOut{}, err
	}
	token, _, err := r.Auth.Start(ctx, auth.Session{Kind: auth.AccountSession, Account: acc})
	if err != nil {
		return setupOut{}, err
	}
	edge.SetCookie(q.Ctx, edge.AccountCookie, token, int(auth.SessionLife.Seconds()))
	if site == nil {
		return setupOut{}, nil
	}
	return setupOut{r.snippet(*site)}, nil
}

func (r Room) snippet(site discuss.Site) string {
	return `<script async src="` + r.Shape.Base + `/embed.js"></script>` + "\n" + `<parley-comments site="` + site.Key + `"></parley-comments>`
}

// prefixFields puts a prefix before the fields of an error.
func prefixFields(prefix string, err error) error {
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
