package desk

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// handOver gives a site to another of its team.
func (r Room) handOver(ctx context.Context, q *edge.Request, in oneIn) (personOut, error) {
	if err := q.Door.Proved(q.Caller); err != nil {
		return personOut{}, err
	}
	if err := r.Discuss.HandOver(ctx, q.Site, q.Who, in.ID); err != nil {
		return personOut{}, err
	}
	r.Forget()
	return r.person(ctx, q, in)
}

// staffSession is where a member of staff is signed in.
type staffSession struct {
	ID      string `json:"id"`
	Kind    string `json:"kind" enum:"account,widget,bearer,program"`
	Agent   string `json:"agent"`
	Name    string `json:"name"` // of a program's token
	Created string `json:"created_at"`
	Used    string `json:"used_at"`
	Expires string `json:"expires_at"`
}

type staffSessions struct {
	Sessions []staffSession `json:"sessions"`
	Second   bool           `json:"second_factor"` // the account has a passkey or a second factor
}

// staffMember is the account of one of a site's team. Of others an admin learns
// nothing, and of whoever runs the server operators alone.
func (r Room) staffMember(ctx context.Context, q *edge.Request, id discuss.ID) (auth.Account, error) {
	p, err := r.Discuss.Person(ctx, q.Site, q.Who, id)
	if err != nil {
		return auth.Account{}, err
	}
	if p.Role == discuss.Member || p.Account == 0 {
		return auth.Account{}, discuss.ErrNotFound
	}
	acc, err := r.Auth.Store.AccountByID(ctx, p.Account)
	if err == nil && acc.Operator && !q.Who.Operator {
		err = discuss.ErrRole
	}
	return acc, err
}

// sessions are where a member of staff is signed in on this site: by an account
// session, on its pages, or with a token that reaches it.
func (r Room) sessions(ctx context.Context, q *edge.Request, in oneIn) (staffSessions, error) {
	out := staffSessions{Sessions: []staffSession{}}
	acc, err := r.staffMember(ctx, q, in.ID)
	if err != nil {
		return out, err
	}
	o, err := r.Auth.Overview(ctx, acc.ID)
	if err != nil {
		return out, err
	}
	out.Second = o.Second || len(o.Passkeys) > 0
	for _, l := range o.Sessions {
		if l.Site != "" && l.Site != q.Site.Key {
			continue
		}
		out.Sessions = append(out.Sessions, staffSession{l.ID, string(l.Kind), l.Agent, l.Name, shape.Time(l.Created), shape.Time(l.Seen), shape.Time(l.Expires)})
	}
	return out, nil
}

// endSessions ends all of them, so that a lost laptop opens nothing; programs'
// tokens too.
func (r Room) endSessions(ctx context.Context, q *edge.Request, in oneIn) (none edge.None, err error) {
	if err := q.Door.Proved(q.Caller); err != nil {
		return none, err
	}
	acc, err := r.staffMember(ctx, q, in.ID)
	if err != nil {
		return none, err
	}
	list, err := r.sessions(ctx, q, in)
	if err != nil {
		return none, err
	}
	for _, l := range list.Sessions {
		if err := r.Auth.EndSessions(ctx, acc.ID, l.ID, ""); err != nil && discuss.KindOf(err) != discuss.NotFound {
			return none, err
		}
	}
	return none, r.Discuss.NoteOn(ctx, q.Site, q.Who, in.ID, "sessions ended")
}
