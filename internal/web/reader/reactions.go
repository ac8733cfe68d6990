package reader

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

type reactIn struct {
	onComment
	Name string `path:"name" json:"-"`
	On   *bool  `json:"on" nullable:"false"`
}

type reactToPageIn struct {
	Site   string `path:"site" json:"-"`
	Name   string `path:"name" json:"-"`
	Thread string `query:"thread" required:"true" json:"-"`
	On     *bool  `json:"on" nullable:"false"`
}

// reactOut is how many there are of each with the caller's counted.
type reactOut struct {
	Reactions discuss.Reactions `json:"reactions"`
}

func (r Room) react(ctx context.Context, q *edge.Request, in reactIn) (reactOut, error) {
	if in.On == nil {
		return reactOut{}, discuss.Bad("on", "must be true or false")
	}
	now, err := r.Discuss.React(ctx, q.Site, q.Who, in.ID, in.Name, *in.On, q.Addr())
	return reactOut{now}, err
}

func (r Room) reactToPage(ctx context.Context, q *edge.Request, in reactToPageIn) (reactOut, error) {
	if in.On == nil {
		return reactOut{}, discuss.Bad("on", "must be true or false")
	}
	now, err := r.Discuss.ReactToPage(ctx, q.Site, q.Who, in.Thread, in.Name, *in.On, q.Addr())
	return reactOut{now}, err
}
