package public

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/cached"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type countsIn struct {
	Site   string   `path:"site" json:"-"`
	Thread []string `query:"thread" explode:"true" collectionFormat:"multi" required:"true" maxItems:"100" json:"-"`
}

type countsOut struct {
	Counts map[string]int `json:"counts"`
}

// counts answers for many threads at once. The answer is kept until any comment
// of the instance changes what is public.
func (r Room) counts(ctx context.Context, q *edge.Request, in countsIn) (int64, func() (countsOut, error), error) {
	if len(in.Thread) == 0 || len(in.Thread) > discuss.MaxCounts {
		return 0, nil, discuss.Bad("thread", "must be given 1 to 100 times")
	}
	return cached.AnyThread, func() (countsOut, error) {
		counts, err := r.Discuss.Counts(ctx, q.Site, in.Thread)
		return countsOut{counts}, err
	}, nil
}

type oldLinkIn struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
	Link   string         `query:"link" required:"true" maxLength:"200" json:"-"` // like comment-12
}

type oldLinkOut struct {
	Comment string `json:"comment"` // its id
}

// oldLink finds a comment by what named it in its page's address on another system.
func (r Room) oldLink(ctx context.Context, q *edge.Request, in oldLinkIn) (int64, func() (oldLinkOut, error), error) {
	return cached.AnyThread, func() (oldLinkOut, error) {
		id, err := r.Discuss.OldLink(ctx, q.Site, string(in.Thread), in.Link)
		return oldLinkOut{id.String()}, err
	}, nil
}

type latestIn struct {
	Site  string `path:"site" json:"-"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20" json:"-"`
}

type latestOut struct {
	Comments []shape.Comment `json:"comments"`
}

func (r Room) latest(ctx context.Context, q *edge.Request, in latestIn) (int64, func() (latestOut, error), error) {
	return cached.AnyThread, func() (latestOut, error) {
		rows, err := r.Discuss.Latest(ctx, q.Site, in.Limit)
		return latestOut{r.Shape.On(q.Site).CommentsOf(rows, false)}, err
	}, nil
}

type eventsIn struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
	After  edge.Seq       `query:"after" json:"-"`
}

// eventsOut is what a reader without a socket polls; reset says that the gap is
// too old to replay.
type eventsOut struct {
	Seq    int64         `json:"seq"`
	Events []shape.Event `json:"events"`
	Reset  bool          `json:"reset"`
}

// events is the live socket for those who have none. All readers of a thread
// that are equally far share one answer.
func (r Room) events(ctx context.Context, q *edge.Request, in eventsIn) (int64, func() (eventsOut, error), error) {
	th, err := r.Discuss.Thread(ctx, q.Site.ID, string(in.Thread))
	if discuss.KindOf(err) == discuss.NotFound {
		return cached.NewThreads, func() (eventsOut, error) { return eventsOut{Events: []shape.Event{}}, nil }, nil
	}
	if err != nil {
		return 0, nil, err
	}
	return int64(th.ID), func() (eventsOut, error) { return r.since(ctx, th.ID, int64(in.After)) }, nil
}

// since is what happened in a thread after a number; -1 asks only where it is.
func (r Room) since(ctx context.Context, id discuss.ID, from int64) (eventsOut, error) {
	th, err := r.Discuss.ThreadByID(ctx, id)
	out := eventsOut{Seq: th.Seq, Events: []shape.Event{}}
	if err != nil || from < 0 {
		return out, err
	}
	events, complete, err := r.Discuss.EventsSince(ctx, th, from)
	out.Reset = !complete
	for _, e := range events {
		out.Events = append(out.Events, shape.EventOf(e))
		out.Seq = max(out.Seq, e.Seq)
	}
	return out, err
}

type standardsQuery struct {
	Site string `path:"site" json:"-"`
	Lang string `query:"lang" json:"-"`
}

// standards is what the panel in the widget shows.
func (r Room) standards(ctx context.Context, q *edge.Request, in standardsQuery) (int64, func() (shape.Standards, error), error) {
	return cached.AnyThread, func() (shape.Standards, error) {
		out := shape.Standards{URL: q.Site.Settings.Standards}
		v, err := r.Discuss.StandardsShown(ctx, q.Site, r.Texts.Words(in.Lang, "page").T("standards"))
		out.Version, out.HTML = v.Version, v.HTML
		if v.Version > 0 {
			out.Updated = shape.Ptr(shape.Time(v.At))
		}
		return out, err
	}, nil
}
