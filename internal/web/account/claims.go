package account

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	claimsOut struct {
		Claims []claim `json:"claims"`
	}
	// claim is somebody whose comments were imported, and who may be the caller.
	claim struct {
		ID       string              `json:"id"`
		Site     claimSite           `json:"site"`
		Name     string              `json:"name"`   // under which they wrote
		Source   string              `json:"source"` // the system that the comments are from
		State    string              `json:"state" enum:"open,asked,declined"`
		Comments int                 `json:"comment_count"`
		First    string              `json:"first_at"`
		Last     string              `json:"last_at"`
		Sample   []shape.ClaimSample `json:"sample"` // the newest ones
	}
	claimSite struct {
		Key  string `json:"key"`
		Name string `json:"name"`
	}
	claimIn struct {
		ID   discuss.ID `path:"id" json:"-"`
		Mine *bool      `json:"mine"`
	}
)

// claims are the imported comments that the caller has proved to be known by.
func (r Room) claims(ctx context.Context, q *edge.Request, _ edge.None) (claimsOut, error) {
	out := claimsOut{[]claim{}}
	list, err := r.Discuss.ClaimsOf(ctx, q.Person.Account.ID)
	if err != nil || len(list) == 0 {
		return out, err
	}
	all, err := q.Door.AllSites(ctx)
	sites := map[discuss.ID]discuss.Site{}
	for _, site := range all {
		sites[site.ID] = site
	}
	for _, c := range list {
		state := string(c.State)
		if c.State == discuss.ClaimOpen {
			state = "open"
		}
		on := sites[c.Site]
		out.Claims = append(out.Claims, claim{
			c.Person.String(), claimSite{on.Key, on.Name}, c.Name, c.Source, state, c.Comments, shape.Time(c.First), shape.Time(c.Last), shape.ClaimSamples(c.Sample, markup.Plain),
		})
	}
	return out, err
}

// answerClaim is the caller saying whether they are theirs; the site is asked.
func (r Room) answerClaim(ctx context.Context, q *edge.Request, in claimIn) (none edge.None, err error) {
	if in.Mine == nil {
		return none, discuss.Bad("mine", "must be true or false")
	}
	return none, r.Discuss.AnswerClaim(ctx, q.Person.Account.ID, in.ID, *in.Mine)
}
