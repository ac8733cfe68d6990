package signin

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type loginIn struct {
	siteIn
	Email    string `json:"email"`
	Password string `json:"password"`
	Session  string `json:"session,omitempty" enum:"cookie,token,frame" default:"cookie"`
	Code     string `json:"code,omitempty"` // of the second factor, where it is on
}

type loginAnswer struct {
	Token   string      `json:"token,omitempty"`
	Expires string      `json:"expires_at,omitempty"`
	User    *shape.User `json:"user,omitempty"`
	Site    string      `json:"site,omitempty"`
}

// mayHold refuses a kind of session to callers that it is not for.
func mayHold(q *edge.Request, kind string) error {
	switch kind {
	case "token":
		if q.Get("Origin") != "" {
			return discuss.ErrFirstParty
		}
		return nil
	case "cookie", "", "frame":
		return q.Door.OwnOnly(q.Ctx)
	}
	return discuss.Bad("session", "must be cookie, token or frame")
}

func (r Room) login(ctx context.Context, q *edge.Request, in loginIn) (loginAnswer, error) {
	if err := mayHold(q, in.Session); err != nil {
		return loginAnswer{}, err
	}
	acc, second, err := q.Door.CheckPassword(ctx, q.Ctx, in.Email, in.Password, in.Code)
	if err != nil {
		return loginAnswer{}, err
	}
	agent := edge.Agent(q.Get("User-Agent"))
	switch in.Session {
	case "token":
		token, expires, err := r.Auth.Start(ctx, auth.Session{Kind: auth.ProgramSession, Account: acc, Name: "login", Agent: agent, Second: second})
		return loginAnswer{Token: token, Expires: shape.Time(expires)}, err
	case "frame": // the panel of our own frame: a session for this site, in the frame's partition
		out, err := r.claimed(ctx, q, auth.Session{Kind: auth.WidgetSession, Site: q.Site.ID, Account: acc, Scopes: []string{edge.FrameScope}, Agent: agent, Second: second})
		return loginAnswer{User: &out.User}, err
	}
	if _, err := q.Door.StartSession(ctx, q.Ctx, acc, second); err != nil {
		return loginAnswer{}, err
	}
	edge.SetCookie(q.Ctx, edge.DeviceCookie, r.Auth.Device(acc.Email), int(auth.DeviceLife.Seconds()))
	return loginAnswer{User: &shape.User{ID: acc.ID.String(), Name: acc.Name}, Site: q.Site.Key}, nil
}

// logout ends the session that the caller came with.
func (r Room) logout(ctx context.Context, q *edge.Request, _ siteIn) (none edge.None, err error) {
	if q.Caller.Token == "" {
		return none, nil
	}
	if err := r.Auth.SignOut(ctx, q.Caller.Token); err != nil {
		return none, err
	}
	switch q.Caller.Session.Kind {
	case auth.WidgetSession:
		edge.SetCookie(q.Ctx, edge.WidgetCookie, "", 0)
	case auth.AccountSession:
		edge.SetCookie(q.Ctx, edge.AccountCookie, "", 0)
	}
	return none, nil
}

// end ends the account session of our own origin.
func (r Room) end(ctx context.Context, q *edge.Request, _ edge.None) (none edge.None, err error) {
	if token := q.Cookies(edge.AccountCookie); token != "" {
		if err := r.Auth.SignOut(ctx, token); err != nil {
			return none, err
		}
	}
	edge.SetCookie(q.Ctx, edge.AccountCookie, "", 0)
	return none, nil
}
