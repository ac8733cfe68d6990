package signin

import (
	"context"
	"errors"
	"net/http"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

const (
	claimWait = 20 * time.Second
	claimPoll = 250 * time.Millisecond
)

type beginIn struct {
	Site      string `json:"site"`
	Origin    string `json:"origin"`
	Challenge string `json:"challenge"`
	Return    string `json:"return,omitempty"`
	Proof     string `json:"proof,omitempty"`
}

type txnOut struct {
	Txn string `json:"txn"`
}

// begin is the sign-in window telling us which widget it signs in for.
func (r Room) begin(ctx context.Context, q *edge.Request, in beginIn) (txnOut, error) {
	site, err := r.widgetSite(ctx, q, in.Site, in.Origin, in.Return, in.Proof)
	if err != nil {
		return txnOut{}, err
	}
	txn, err := r.Auth.BeginPopup(ctx, site.ID, in.Origin, in.Challenge)
	return txnOut{txn}, err
}

// widgetSite is the site whose widget a window signs in for: its page must be
// on the site's list, and the page to go back to one that may be led to.
func (r Room) widgetSite(ctx context.Context, q *edge.Request, key, origin, page, proof string) (discuss.Site, error) {
	site, err := q.Door.Site(ctx, key)
	if err != nil {
		return site, err
	}
	if !q.Door.Listed(q.Ctx, site, origin) {
		return site, q.Door.RefuseOrigin(q.Ctx, site, origin)
	}
	return site, r.mayReturn(ctx, q, site, origin, page, proof)
}

// complete is the sign-in window saying that its person has signed in.
func (r Room) complete(ctx context.Context, q *edge.Request, in txnOut) (none edge.None, err error) {
	return none, r.Auth.CompletePopup(ctx, in.Txn, q.Person.Account, q.Person.Second, auth.SessionRef(q.Cookies(edge.AccountCookie)))
}

type claimIn struct {
	Txn      string `json:"txn"`
	Verifier string `json:"verifier"`
	Bearer   bool   `json:"bearer,omitempty"`
}

type claimAnswer struct {
	User   shape.User `json:"user"`
	Bearer string     `json:"bearer,omitempty"`
}

// claim is the widget fetching its session: it waits until the person has
// signed in, so it works where the provider's COOP cut the window's opener.
func (r Room) claim(ctx context.Context, q *edge.Request, in claimIn) (claimAnswer, error) {
	origin := q.Get("Origin")
	for until := time.Now().Add(claimWait); ; time.Sleep(claimPoll) {
		v, ready, err := r.Auth.Claim(ctx, in.Txn, in.Verifier, origin, in.Bearer)
		if errors.Is(err, auth.ErrClaimExpired) {
			return claimAnswer{}, &edge.HTTPError{Status: http.StatusGone, Code: "expired", Detail: auth.ErrClaimExpired.Detail}
		}
		if err != nil {
			return claimAnswer{}, err
		}
		// The origin is the one the ticket was begun for: on the site's list then.
		q.Set("Access-Control-Allow-Origin", origin)
		q.Set("Access-Control-Allow-Credentials", "true")
		if !ready {
			if time.Now().After(until) {
				q.Accepted()
				return claimAnswer{}, nil
			}
			continue
		}
		if v.Kind == auth.WidgetSession && q.Door.OwnOrigin(q.Ctx, origin) {
			v.Scopes = []string{edge.FrameScope}
		} else {
			v.Second = false // on the publisher's page the second factor counts for nothing
		}
		return r.claimed(ctx, q, v)
	}
}

// claimed gives the caller the session that was claimed, by cookie or as a token.
func (r Room) claimed(ctx context.Context, q *edge.Request, v auth.Session) (claimAnswer, error) {
	site, err := q.Door.SiteByID(ctx, v.Site)
	if err != nil {
		return claimAnswer{}, err
	}
	if v.Kind != auth.BearerSession {
		acc, err := r.Auth.Account(ctx, v.Account.ID)
		if err != nil {
			return claimAnswer{}, err
		}
		user, err := r.widgetSession(ctx, q, site, acc, v)
		return claimAnswer{User: user}, err
	}
	token, _, err := r.Auth.Start(ctx, v)
	if err != nil {
		return claimAnswer{}, err
	}
	full, err := r.Auth.Who(ctx, token)
	if err != nil {
		return claimAnswer{}, err
	}
	user, err := r.user(ctx, q, site, full, token)
	return claimAnswer{User: user, Bearer: token}, err
}

// user is who a session makes of its account on a site.
func (r Room) user(ctx context.Context, q *edge.Request, site discuss.Site, v auth.Session, token string) (shape.User, error) {
	who, err := q.Door.Actor(ctx, site, v, token)
	a := who.Actor.Author
	return shape.User{ID: a.ID.String(), Name: v.Account.Name, Avatar: r.Shape.Avatar(a)}, err
}

// widgetSession gives the caller's browser a session on one site, with the
// scopes and the proof of like, and the account what guests of that browser
// wrote there.
func (r Room) widgetSession(ctx context.Context, q *edge.Request, site discuss.Site, acc auth.Account, like auth.Session) (shape.User, error) {
	if old := q.Cookies(edge.WidgetCookie); old != "" {
		if err := r.Auth.End(ctx, old); err != nil {
			return shape.User{}, err
		}
	}
	v := auth.Session{Kind: auth.WidgetSession, Site: site.ID, Account: acc, Agent: edge.Agent(q.Get("User-Agent")), Scopes: like.Scopes, Second: like.Second, From: like.From}
	token, _, err := r.Auth.Start(ctx, v)
	if err != nil {
		return shape.User{}, err
	}
	if guest := q.Cookies(edge.GuestCookie); guest != "" {
		if err := r.Auth.AdoptGuest(ctx, guest, site.ID, acc); err != nil {
			return shape.User{}, err
		}
		edge.SetCookie(q.Ctx, edge.GuestCookie, "", 0)
	}
	user, err := r.user(ctx, q, site, v, token)
	if err != nil {
		return shape.User{}, err
	}
	edge.SetCookie(q.Ctx, edge.WidgetCookie, token, int(auth.SessionLife.Seconds()))
	return user, nil
}
