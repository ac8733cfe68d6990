package signin

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	ssoIn struct {
		siteIn
		Token string `json:"token"`
	}
	ssoOut struct {
		User   shape.User `json:"user"`
		Bearer string     `json:"bearer"` // for 15 minutes, where the cookie does not come back
	}
)

// sso takes the token that a site has put into its page: the reader is signed
// in on that site without a window.
func (r Room) sso(ctx context.Context, q *edge.Request, in ssoIn) (out ssoOut, err error) {
	acc, err := r.signed(ctx, q.Site, in.Token)
	if err != nil {
		return out, err
	}
	if out.Bearer, _, err = r.Auth.Start(ctx, auth.Session{Kind: auth.BearerSession, Site: q.Site.ID, Account: acc}); err != nil {
		return out, err
	}
	out.User, err = r.widgetSession(ctx, q, q.Site, acc, auth.Session{})
	return out, err
}

// signed is the account that a site's token speaks for; the thread that it names
// is one from then on.
func (r Room) signed(ctx context.Context, site discuss.Site, token string) (auth.Account, error) {
	acc, thread, err := r.Auth.SSO(ctx, site, token)
	if err == nil && thread != "" {
		err = r.Pages.AnnounceSigned(ctx, site, thread)
	}
	return acc, err
}

type ssoReturnIn struct {
	tokenIn
	Site string `json:"site"`
}

// ssoReturn is the window coming back from the site's own log-in page.
func (r Room) ssoReturn(ctx context.Context, q *edge.Request, in ssoReturnIn) (nameOut, error) {
	site, err := q.Door.Site(ctx, in.Site)
	if err != nil {
		return nameOut{}, err
	}
	acc, err := r.signed(ctx, site, in.Token)
	if err != nil {
		return nameOut{}, err
	}
	_, err = q.Door.StartSession(ctx, q.Ctx, acc, false)
	return nameOut{acc.Name}, err
}
