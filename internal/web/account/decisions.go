package account

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	decisionsOut struct {
		Decisions  []decision `json:"decisions"`   // newest first
		NextCursor *string    `json:"next_cursor"` // null: there are no more than these
	}
	// decisionsIn narrows them to one site, which is all that its widget may see.
	decisionsIn struct {
		Site   string        `query:"site" json:"-"`
		Cursor edge.NoCursor `query:"cursor" json:"-"`
	}
	// decision is a comment that moderators removed, and why.
	decision struct {
		Comment shape.Comment `json:"comment"`
		Site    decidedSite   `json:"site"`
		Title   string        `json:"title"` // of the page
		URL     string        `json:"url"`
	}
	decidedSite struct {
		Key   string `json:"key"`
		Name  string `json:"name"`
		Rules string `json:"rules_url"` // its standards
	}
)

// decisions are what moderators decided about the caller's comments, in the
// words that they are told by mail.
func (r Room) decisions(ctx context.Context, q *edge.Request, _ decisionsIn) (decisionsOut, error) {
	out := decisionsOut{Decisions: []decision{}}
	account := q.Person.Account.ID
	if q.Site.ID != 0 {
		if account = q.Who.Account; account == 0 {
			return out, discuss.ErrSignedOut
		}
	}
	removed, err := r.Discuss.RemovedOf(ctx, account)
	if err != nil || len(removed) == 0 {
		return out, err
	}
	all, err := q.Door.AllSites(ctx)
	sites := map[discuss.ID]discuss.Site{}
	for _, site := range all {
		sites[site.ID] = site
	}
	for _, c := range removed {
		if q.Site.ID != 0 && c.SiteID != q.Site.ID {
			continue
		}
		on := sites[c.SiteID]
		d := decision{Comment: r.Shape.RemovedOf(c), Site: decidedSite{on.Key, on.Name, on.StandardsAt(r.Auth.Link)}, Title: c.Title, URL: c.URL}
		if d.Title == "" {
			d.Title = c.Key
		}
		out.Decisions = append(out.Decisions, d)
	}
	return out, err
}
