package pages

import (
	"context"
	"net/http"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type commentIn struct {
	ID discuss.ID `path:"id" json:"-"`
}

// permalink leads to the comment on its page.
func (r Room) permalink(ctx context.Context, q *edge.Request, in commentIn) error {
	_, _, th, err := r.Discuss.Comment(ctx, in.ID)
	if err != nil {
		return err
	}
	site, err := q.Door.SiteByID(ctx, th.SiteID)
	if err != nil {
		return err
	}
	home := shape.HomeOf(site, th)
	if home == "" {
		return discuss.ErrNotFound // never a redirect to a place that is not the site's
	}
	q.Set("Content-Security-Policy", edge.APICSP)
	q.Set("Link", r.Shape.Oembed(in.ID))
	return q.Redirect(home+"#parley-"+in.ID.String(), http.StatusFound)
}

// person leads to what somebody wrote last: where the link of a mention goes.
func (r Room) person(ctx context.Context, q *edge.Request, in commentIn) error {
	id, err := r.Discuss.PersonAt(ctx, in.ID)
	if err != nil {
		return err
	}
	return r.permalink(ctx, q, commentIn{id})
}

// demo leads to the demo's news site.
func (r Room) demo(_ context.Context, q *edge.Request) error {
	to := r.Demo()
	if to == "" {
		return discuss.ErrNotFound
	}
	q.Set("Content-Security-Policy", edge.APICSP)
	return q.Redirect(to, http.StatusFound)
}
