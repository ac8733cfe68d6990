package pages

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

func (r Room) setupPage(_ context.Context, q *edge.Request) error {
	return edge.SendDocument(q.Ctx, documents, "setup.html", map[string]any{})
}

type setupIn struct {
	Token    string `json:"token"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Site     struct {
		Key    string `json:"key"`
		Name   string `json:"name"`
		Origin string `json:"origin"`
	} `json:"site"`
}

type setupOut struct {
	Snippet string `json:"snippet"` // to paste where comments belong
}

// setup is the one-time form: the operator's account, the first site, and the
// snippet to paste.
func (r Room) setup(ctx context.Context, q *edge.Request, in setupIn) (setupOut, error) {
	site, err := discuss.NewSite(in.Site.Key, in.Site.Name, []string{in.Site.Origin})
	if err != nil {
		return setupOut{}, prefixFields("site.", err)
	}
	acc, err := r.Auth.Prepare(in.Name, in.Email, in.Password)
	if err != nil {
		return setupOut{}, err
	}
	acc, site, err = r.Setup.Setup(ctx, auth.HashToken(in.Token), acc, site, r.Now())
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
	return setupOut{r.snippet(site)}, nil
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
