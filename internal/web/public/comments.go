package public

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/cached"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type commentsIn struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
	Sort   string         `query:"sort" enum:"best,newest,oldest,controversial" json:"-"`
	View   string         `query:"view" enum:"threads,flat" json:"-"`
	Cursor string         `query:"cursor" json:"-"`
	Limit  int            `query:"limit" minimum:"1" maximum:"100" default:"20" json:"-"`
	Filter string         `query:"filter" enum:"picks" description:"Editors' picks alone, newest first, none below another." json:"-"`
}

const filterPicks = "picks"

// query is what is asked for, with the site's defaults.
func (in commentsIn) query(site discuss.Site) (q discuss.ListQuery, err error) {
	q = discuss.ListQuery{Sort: site.Settings.Sort, View: site.Settings.View, Limit: in.Limit}
	if in.Sort != "" {
		q.Sort = discuss.Sort(in.Sort)
	}
	switch q.Sort {
	case discuss.SortBest, discuss.SortNewest, discuss.SortOldest, discuss.SortControversial:
	default:
		return q, discuss.Bad("sort", "must be best, newest, oldest or controversial")
	}
	if in.View != "" {
		q.View = discuss.View(in.View)
	}
	if q.View != discuss.ViewThreads && q.View != discuss.ViewFlat {
		return q, discuss.Bad("view", "must be threads or flat")
	}
	if in.Filter != "" && in.Filter != filterPicks {
		return q, discuss.Bad("filter", "must be picks")
	}
	if in.Filter == filterPicks {
		q.Sort, q.View = discuss.SortNewest, discuss.ViewFlat
	}
	q.Picks = site.Settings.Picks == discuss.PicksFirst && q.Sort == discuss.SortBest
	q.After, err = discuss.ParseCursor(in.Cursor, q.Sort)
	return q, err
}

type commentsOut struct {
	Site     *shape.Site     `json:"site,omitempty"`
	Thread   *shape.Thread   `json:"thread"`
	Comments []shape.Comment `json:"comments"`
	Next     *string         `json:"next_cursor"`
}

// Until is when the thread closes, or the night is over that the page tells of.
func (p commentsOut) Until() time.Time {
	at := p.Thread.Until()
	if p.Site != nil && p.Site.Night != nil && (at.IsZero() || p.Site.Night.Ends().Before(at)) {
		return p.Site.Night.Ends()
	}
	return at
}

// comments is a page of a thread; its first page tells of the site too.
func (r Room) comments(ctx context.Context, q *edge.Request, in commentsIn) (int64, func() (commentsOut, error), error) {
	query, err := in.query(q.Site)
	if err != nil {
		return 0, nil, err
	}
	out := commentsOut{Comments: []shape.Comment{}}
	if query.After.IsZero() {
		ways, err := r.Auth.Ways(ctx, q.Site)
		if err != nil {
			return 0, nil, err
		}
		out.Site = r.Shape.SiteOf(q.Site, ways)
		out.Site.State = r.Shape.StateOf(q.Site, string(in.Thread))
	}
	th, err := r.Discuss.Thread(ctx, q.Site.ID, string(in.Thread))
	if discuss.KindOf(err) == discuss.NotFound {
		return cached.NewThreads, func() (commentsOut, error) { return out, nil }, nil
	}
	if err != nil {
		return 0, nil, err
	}
	query.Thread = th.ID
	return int64(th.ID), func() (commentsOut, error) { return r.page(ctx, q.Site, query, in.Filter == filterPicks, out) }, nil
}

// page fills out with what a query finds in a thread.
func (r Room) page(ctx context.Context, site discuss.Site, query discuss.ListQuery, picks bool, out commentsOut) (commentsOut, error) {
	th, err := r.Discuss.ThreadByID(ctx, query.Thread)
	if err != nil {
		return out, err
	}
	var p discuss.Page
	if picks {
		p, err = r.Discuss.Picks(ctx, th.ID, query.After, query.Limit)
	} else {
		p, err = r.Discuss.Page(ctx, query, site.Settings.MaxDepth)
	}
	if err != nil {
		return out, err
	}
	tab := false
	if site.Settings.Picks == discuss.PicksTab && query.After.IsZero() {
		if tab, err = r.Discuss.HasPicks(ctx, th.ID); err != nil {
			return out, err
		}
	}
	if out.Site != nil {
		out.Site.Night = r.Shape.NightOf(site, th)
	}
	out.Thread, out.Comments, out.Next = r.Shape.ThreadOf(th, site), r.Shape.On(site).CommentsOf(p.Comments, false), shape.Cursor(p.Next)
	out.Thread.Picks = tab
	return out, nil
}

type repliesIn struct {
	ID     discuss.ID `path:"id" json:"-"`
	Cursor string     `query:"cursor" json:"-"`
	Limit  int        `query:"limit" minimum:"1" maximum:"100" default:"20" json:"-"`
}

type commentList struct {
	Comments []shape.Comment `json:"comments"`
	Next     *string         `json:"next_cursor"`
}

func (r Room) replies(ctx context.Context, q *edge.Request, in repliesIn) (int64, func() (commentList, error), error) {
	parent, _, th, err := r.Discuss.Comment(ctx, in.ID)
	if err != nil {
		return 0, nil, err
	}
	query := discuss.ListQuery{Parent: in.ID, Sort: discuss.SortOldest, View: discuss.ViewThreads, Limit: in.Limit}
	if query.After, err = discuss.ParseCursor(in.Cursor, discuss.SortOldest); err != nil {
		return 0, nil, err
	}
	site, err := q.Door.SiteByID(ctx, parent.SiteID)
	if err != nil {
		return 0, nil, err
	}
	return int64(th.ID), func() (commentList, error) {
		p, err := r.Discuss.Page(ctx, query, site.Settings.MaxDepth)
		return commentList{r.Shape.On(site).CommentsOf(p.Comments, false), shape.Cursor(p.Next)}, err
	}, nil
}

type commentIn struct {
	ID discuss.ID `path:"id" json:"-"`
}

// commentInPlace is one comment with what stands above it, root first.
type commentInPlace struct {
	Comment   shape.Comment   `json:"comment"`
	Ancestors []shape.Comment `json:"ancestors"`
	Thread    *shape.Thread   `json:"thread"`
}

// Until is when the thread closes.
func (p commentInPlace) Until() time.Time { return p.Thread.Until() }

func (r Room) comment(ctx context.Context, q *edge.Request, in commentIn) (int64, func() (commentInPlace, error), error) {
	thread, err := r.Discuss.ThreadOfComment(ctx, in.ID)
	if err != nil {
		return 0, nil, err
	}
	return int64(thread), func() (commentInPlace, error) {
		one, above, th, err := r.Discuss.Comment(ctx, in.ID)
		if err != nil {
			return commentInPlace{}, err
		}
		site, err := q.Door.SiteByID(ctx, th.SiteID)
		return commentInPlace{r.Shape.On(site).CommentOf(one, false), r.Shape.On(site).CommentsOf(above, false), r.Shape.ThreadOf(th, site)}, err
	}, nil
}
