package pages

import (
	"context"
	"encoding/json"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type dashboardMeta struct {
	User  *dashboardUser  `json:"user"`
	Sites []dashboardSite `json:"sites"` // those that the user moderates
	Login string          `json:"login"` // a site whose log-in route to use; accounts are the instance's
	Base  string          `json:"base"`  // the server's public address
	Mail  bool            `json:"mail"`  // a relay is set

	Operator bool     `json:"operator"` // the user runs the whole server
	Second   []string `json:"second"`   // names of sites that ask the user for a second factor first
}

type dashboardUser struct {
	Name   string `json:"name"`
	Avatar string `json:"avatar_url"`
}

type dashboardSite struct {
	Key    string `json:"key"`
	Name   string `json:"name"`
	Role   string `json:"role"`
	Origin string `json:"origin"`

	Team     string  `json:"team_name"` // that staff may answer under; "" none
	Archived *string `json:"archived_at"`
	Deletes  *string `json:"deletes_at"`
}

// dashboard is the moderators' document: the queue of one site at a time.
func (r Room) dashboard(ctx context.Context, q *edge.Request) error {
	sites, err := q.Door.AllSites(ctx)
	if err != nil {
		return err
	}
	meta := dashboardMeta{Sites: []dashboardSite{}, Second: []string{}, Base: r.Shape.Base, Mail: r.Relay, Login: firstKey(sites)}
	v, _, err := q.Door.SessionOf(ctx, q.Ctx, edge.AccountCookie, auth.AccountSession)
	switch {
	case err == nil:
		meta.User = &dashboardUser{v.Account.Name, r.Shape.Base + "/avatars/" + v.Account.ID.String() + ".svg"}
		meta.Operator = v.Account.Operator
		if err := meta.moderated(ctx, q, sites, v); err != nil {
			return err
		}
	case discuss.KindOf(err) != discuss.NotFound:
		return err
	}
	b, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	edge.Apart(q.Ctx)
	return edge.SendDocument(q.Ctx, documents, "dashboard.html", map[string]any{"Meta": string(b)})
}

// firstKey is the first site's, whose sign-in the instance's own documents use.
func firstKey(sites []discuss.Site) string {
	if len(sites) == 0 {
		return ""
	}
	return sites[0].Key
}

// moderated adds the sites that a session may see in the dashboard, and names
// those that would have it show a second factor first.
func (m *dashboardMeta) moderated(ctx context.Context, q *edge.Request, sites []discuss.Site, v auth.Session) error {
	for _, site := range sites {
		who, err := q.Door.Actor(ctx, site, v, "")
		if err != nil {
			return err
		}
		if who.Weak {
			m.Second = append(m.Second, site.Name)
		}
		if !who.Actor.May(discuss.ActRead) {
			continue
		}
		role, origin := string(who.Actor.Role), ""
		if who.Actor.Operator {
			role = "operator"
		}
		if len(site.Origins) > 0 {
			origin = site.Origins[0]
		}
		m.Sites = append(m.Sites, dashboardSite{site.Key, site.Name, role, origin, site.Settings.Team, shape.MaybeTime(site.Archived), shape.MaybeTime(site.Deletes)})
	}
	return nil
}
