package desk

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type lifeIn struct {
	onSite
	Act     string `json:"act" enum:"archive,reopen,delete,keep"`
	Confirm string `json:"confirm,omitempty"` // the site's key, to delete it
}

// life archives a site or opens it again, has it deleted after a day or calls
// that off. Deleting asks for a fresh proof: an unlocked screen shall not do it.
func (r Room) life(ctx context.Context, q *edge.Request, in lifeIn) (settingsOut, error) {
	act := discuss.SiteAct(in.Act)
	if act == discuss.SiteDelete {
		if err := q.Door.Proved(q.Caller); err != nil {
			return settingsOut{}, err
		}
	}
	if err := r.Discuss.ActOnSite(ctx, q.Site.ID, q.Who, act, in.Confirm); err != nil {
		return settingsOut{}, err
	}
	return r.changed(ctx, q)
}

type newSiteIn struct {
	Key     string   `json:"key"`
	Name    string   `json:"name"`
	Origins []string `json:"origins"`
	Preset  string   `json:"preset,omitempty" enum:"blog,newsroom"` // what to begin with; else newcomers wait, and no guests
}

// newSite makes a site, of which the operator who asks is an admin.
func (r Room) newSite(ctx context.Context, q *edge.Request, in newSiteIn) (settingsOut, error) {
	site, err := r.Discuss.AddSite(ctx, q.Who, in.Key, in.Name, in.Origins, in.Preset)
	if err != nil {
		return settingsOut{}, err
	}
	q.Door.ForgetSites()
	r.ForgetAll()
	return r.settingsOf(ctx, site)
}
