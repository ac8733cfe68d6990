package account

import (
	"context"
	"encoding/hex"
	"slices"
	"time"

	"parley/internal/auth"
	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	session struct {
		ID      string   `json:"id"`
		Kind    string   `json:"kind"`
		Current bool     `json:"current"`
		Site    string   `json:"site"`
		Agent   string   `json:"agent"`
		Name    string   `json:"name"`
		Scopes  []string `json:"scopes"`
		Created string   `json:"created_at"`
		Used    string   `json:"used_at"`
		Expires string   `json:"expires_at"`
	}
	sessions struct {
		Sessions []session `json:"sessions"`
	}
	tokens struct {
		Tokens []session `json:"tokens"`
	}
	tokenIn struct {
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
		Site   string   `json:"site,omitempty"` // the only one it reaches; absent: all
		Days   int      `json:"days,omitempty" minimum:"1" maximum:"3650" default:"365"`
	}
	tokenOut struct {
		Token   string `json:"token"` // shown once
		Expires string `json:"expires_at"`
	}
)

// Limits of a token's life, in days.
const (
	defaultTokenDays = 365
	maxTokenDays     = 3650
)

func (r Room) sessions(ctx context.Context, q *edge.Request, _ edge.None) (sessions, error) {
	list, err := r.sessionsOf(ctx, q.Person, false)
	return sessions{list}, err
}

func (r Room) tokens(ctx context.Context, q *edge.Request, _ edge.None) (tokens, error) {
	list, err := r.sessionsOf(ctx, q.Person, true)
	return tokens{list}, err
}

// sessionsOf are an account's sessions, or its tokens.
func (r Room) sessionsOf(ctx context.Context, p edge.Person, tokens bool) ([]session, error) {
	o, err := r.Auth.Overview(ctx, p.Account.ID)
	if err != nil {
		return nil, err
	}
	mine := hex.EncodeToString(auth.HashToken(p.Token)[:12])
	out := []session{}
	for _, l := range o.Sessions {
		if (l.Kind == auth.ProgramSession && l.Name != "login") != tokens {
			continue
		}
		scopes := l.Scopes
		if scopes == nil {
			scopes = []string{}
		}
		out = append(out, session{l.ID, string(l.Kind), l.ID == mine, l.Site, l.Agent, l.Name, scopes, shape.Time(l.Created), shape.Time(l.Seen), shape.Time(l.Expires)})
	}
	return out, nil
}

// endOthers ends all sessions but the caller's.
func (r Room) endOthers(ctx context.Context, q *edge.Request, _ edge.None) (edge.None, error) {
	return r.end(ctx, q, idIn{})
}

func (r Room) end(ctx context.Context, q *edge.Request, in idIn) (none edge.None, err error) {
	return none, r.Auth.EndSessions(ctx, q.Person.Account.ID, in.ID, q.Person.Token)
}

func (r Room) makeToken(ctx context.Context, q *edge.Request, in tokenIn) (tokenOut, error) {
	p := q.Person
	v := auth.Session{Kind: auth.ProgramSession, Account: p.Account, Name: cleantext.Line(in.Name), Scopes: in.Scopes, Second: p.Second}
	if v.Name == "" || v.Name == "login" || len(v.Name) > auth.MaxTokenName {
		return tokenOut{}, discuss.Bad("name", "must be 1 to 60 characters, and not login")
	}
	if len(in.Scopes) == 0 || slices.ContainsFunc(in.Scopes, func(x string) bool { return !slices.Contains(auth.Scopes, x) || !p.May(x) }) {
		return tokenOut{}, discuss.Bad("scopes", "must be some of read, write, moderate, admin")
	}
	if in.Site != "" {
		st, err := q.Door.Site(ctx, in.Site)
		if err != nil {
			return tokenOut{}, discuss.Bad("site", "is not known")
		}
		v.Site = st.ID
	}
	if in.Days == 0 {
		in.Days = defaultTokenDays
	}
	if in.Days < 1 || in.Days > maxTokenDays {
		return tokenOut{}, discuss.Bad("days", "must be 1 to 3650")
	}
	v.Expires = r.Now().Add(time.Duration(in.Days) * 24 * time.Hour)
	if p.Kind == auth.ProgramSession && v.Expires.After(p.Expires) { // no token lives on in another
		v.Expires = p.Expires
	}
	token, until, err := r.Auth.Start(ctx, v)
	return tokenOut{token, shape.Time(until)}, err
}
