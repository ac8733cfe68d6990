package desk

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// claimed is somebody who says that imported comments are theirs.
type claimed struct {
	ID       string              `json:"id"`
	Person   string              `json:"person"` // id of the imported author
	Name     string              `json:"name"`   // under which the comments were written
	Source   string              `json:"source"` // the system that they are from
	By       string              `json:"by"`     // who asks
	Asked    string              `json:"asked_at"`
	Comments int                 `json:"comment_count"`
	First    string              `json:"first_at"`
	Last     string              `json:"last_at"`
	Sample   []shape.ClaimSample `json:"sample"` // the newest ones
}

type claims struct {
	Claims []claimed `json:"claims"`
}

// claims are those that wait for the site.
func (r Room) claims(ctx context.Context, q *edge.Request, _ onSite) (claims, error) {
	out := claims{[]claimed{}}
	list, err := r.Discuss.Claims(ctx, q.Site, q.Who)
	for _, c := range list {
		out.Claims = append(out.Claims, claimed{
			c.ID.String(), c.Person.String(), c.Name, c.Source, c.By, shape.Time(c.Asked), c.Comments, shape.Time(c.First), shape.Time(c.Last), shape.ClaimSamples(c.Sample, markup.Plain),
		})
	}
	return out, err
}

type claimDecision struct {
	oneIn
	Approve *bool `json:"approve"`
}

// decideClaim says for the site whether they are.
func (r Room) decideClaim(ctx context.Context, q *edge.Request, in claimDecision) (none edge.None, err error) {
	if in.Approve == nil {
		return none, discuss.Bad("approve", "must be true or false")
	}
	return none, r.Discuss.DecideClaim(ctx, q.Site, q.Who, in.ID, *in.Approve)
}
