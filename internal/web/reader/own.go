package reader

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type meIn struct {
	Site   string `query:"site" required:"true" json:"-"`
	Thread string `query:"thread" json:"-"`
}

type meOut struct {
	User    *shape.User         `json:"user"`
	Roles   []string            `json:"roles"`
	Desk    string              `json:"desk"` // the dashboard of this site, for those who have a role here; else ""
	Votes   map[string]int      `json:"votes"`
	Reacted map[string][]string `json:"reactions"` // to comments, by id
	ToPage  []string            `json:"page_reactions"`
	Pending []shape.Comment     `json:"pending"`
	Removed []shape.Comment     `json:"removed"` // by moderators, of late, with why
	Mine    []string            `json:"mine"`
	Live    string              `json:"live"` // said on the live socket, as {"own": LIVE}, it is told there when something of the caller's was decided

	Mutes     []string `json:"mutes"`     // authors
	Following bool     `json:"following"` // the thread
	Follows   []string `json:"follows"`   // comments whose replies the person is told of
	Unread    int      `json:"unread"`    // of what the bell says on this site; counted no further than 100

	Warnings []shape.Warning `json:"warnings"`         // to be acknowledged before the person can write here
	Ban      *ban            `json:"ban"`              // null where the person may write here
	Waits    *waits          `json:"waits"`            // null where what the person writes need not wait
	Accept   string          `json:"accept,omitempty"` // the address of the standards, where the person has to accept them before they write
	Tier     bool            `json:"tier,omitempty"`   // the person's subscription is none that may write here
	Images   bool            `json:"images,omitempty"` // the person may add images
}

// ban is why somebody cannot write here, and until when.
type ban struct {
	Reason string  `json:"reason"` // a clause's key, or what a moderator typed
	Until  *string `json:"until"`  // null: for good
}

// waits is why everything that a person writes waits for a moderator.
type waits struct {
	Reason string  `json:"reason" enum:"demoted"`
	Until  *string `json:"until"` // null: nobody knows
}

// me is what a page that is the same for everyone does not say.
func (r Room) me(ctx context.Context, q *edge.Request, in meIn) (meOut, error) {
	out := meOut{Roles: []string{}, Votes: map[string]int{}, Reacted: map[string][]string{}, ToPage: []string{}, Pending: []shape.Comment{}, Removed: []shape.Comment{}, Mine: []string{}, Mutes: []string{}, Follows: []string{}, Warnings: []shape.Warning{}}
	if !q.Who.SignedIn() {
		return out, nil
	}
	r.person(&out, q)
	if agreed, err := r.Discuss.Agreed(ctx, q.Site, q.Who); err != nil {
		return out, err
	} else if !agreed {
		out.Accept = q.Site.StandardsAt(func(path string) string { return r.Shape.Base + path })
	}
	out.Tier = !q.Site.Settings.MayWrite(q.Who, q.Who.Author)
	own, err := r.Discuss.Own(ctx, q.Site, q.Who, in.Thread, r.Now())
	if err != nil {
		return out, err
	}
	out.Warnings, out.Unread = shape.Warnings(own.Warnings), own.Unread
	if b := own.Ban; b != nil {
		out.Ban = &ban{Reason: b.Reason}
		if !b.Until.IsZero() {
			out.Ban.Until = shape.Ptr(shape.Time(b.Until))
		}
	}
	if !own.Lifts.IsZero() {
		out.Waits = &waits{"demoted", shape.Ptr(shape.Time(own.Lifts))}
	}
	if out.Images, err = r.Discuss.MayAddImages(ctx, q.Site, q.Who); err != nil {
		return out, err
	}
	for id, v := range own.Votes {
		out.Votes[id.String()] = v
	}
	for id, names := range own.Reacted {
		if id == 0 {
			out.ToPage = names
			continue
		}
		out.Reacted[id.String()] = names
	}
	out.Pending = r.Shape.On(q.Site).CommentsOf(own.Pending, true)
	for _, c := range own.Removed {
		out.Removed = append(out.Removed, r.Shape.RemovedOf(c))
	}
	out.Mine, out.Mutes = texts(own.Mine), texts(own.Mutes)
	for _, id := range own.Follows {
		if id == 0 {
			out.Following = true
			continue
		}
		out.Follows = append(out.Follows, id.String())
	}
	return out, nil
}

// person says who the caller is there.
func (r Room) person(out *meOut, q *edge.Request) {
	a := q.Who.Author
	if a.ID != 0 {
		out.Live = r.Ticket(q.Site.ID, a.ID)
	}
	out.User = &shape.User{ID: a.ID.String(), Name: q.Who.Name, Avatar: r.Shape.Avatar(a)}
	for _, role := range []discuss.Role{discuss.Moderator, discuss.Admin} {
		if q.Who.Can(role) {
			out.Roles = append(out.Roles, string(role))
		}
	}
	if as := (discuss.Actor{Account: q.Who.Account, Role: a.Role}); as.May(discuss.ActRead) || q.Who.Operator {
		out.Desk = r.Shape.Base + "/dashboard/?site=" + q.Site.Key // a link, no power: the dashboard asks for its own session
	}
}

func texts(ids []discuss.ID) []string {
	out := make([]string, 0, len(ids))
	for _, id := range ids {
		out = append(out, id.String())
	}
	return out
}
