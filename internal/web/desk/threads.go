package desk

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// listed is a thread in the moderators' list.
type listed struct {
	ID      string   `json:"id"`
	Key     string   `json:"key"`
	URL     string   `json:"url"`
	Title   string   `json:"title"`
	State   string   `json:"state"`
	Count   int      `json:"comment_count"`
	Waiting int      `json:"waiting"`
	Mode    string   `json:"mode"` // "" is the site's
	Slow    int      `json:"slow_seconds"`
	Closes  *string  `json:"closes_at"`
	Last    *string  `json:"last_comment_at"`
	Created string   `json:"created_at"`
	Aliases []string `json:"aliases"`
	Authors []named  `json:"authors"` // of the article, as staff or the site's tokens say
}

type named struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type threads struct {
	Threads    []listed `json:"threads"`
	NextCursor *string  `json:"next_cursor"`
	Alike      []alike  `json:"alike"` // pairs that look like one page; on the first page alone
}

// alike are the keys of two threads that look like one page.
type alike struct {
	Key    string `json:"key"`
	Like   string `json:"like"`
	ID     string `json:"id"` // of the younger thread
	LikeID string `json:"like_id"`
}

func (r Room) listedOf(st discuss.Site, l discuss.Listed) listed {
	out := listed{
		ID: l.ID.String(), Key: l.Key, URL: l.URL, Title: l.Title, State: string(l.StateAt(st, r.Now())), Count: l.Count, Waiting: l.Waiting,
		Mode: l.Mode, Slow: l.Slow, Created: shape.Time(l.Created), Aliases: append([]string{}, l.Aliases...), Authors: []named{},
	}
	if at := l.ClosedAt(st); !at.IsZero() && l.State == discuss.Open {
		out.Closes = shape.Ptr(shape.Time(at))
	}
	if !l.Last.IsZero() {
		out.Last = shape.Ptr(shape.Time(l.Last))
	}
	return out
}

type threadsIn struct {
	Site   string `path:"site" json:"-"`
	Filter string `query:"filter" json:"-" enum:"open,closed"`
	Search string `query:"q" json:"-" maxLength:"100"`
	Cursor string `query:"cursor" json:"-"`
	Limit  int    `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
}

func (in threadsIn) query(site discuss.ID) (q discuss.ThreadQuery, err error) {
	q = discuss.ThreadQuery{Site: site, Filter: in.Filter, Search: in.Search, Limit: in.Limit + 1}
	if q.Filter != "" && q.Filter != "open" && q.Filter != "closed" {
		return q, discuss.Bad("filter", "must be open or closed")
	}
	if len(q.Search) > maxSearch {
		return q, discuss.Bad("q", "must be at most 100 bytes")
	}
	q.After, err = discuss.ParseCursor(in.Cursor, discuss.SortNewest)
	return q, err
}

// threads is one page of a site's threads, newest first.
func (r Room) threads(ctx context.Context, q *edge.Request, in threadsIn) (threads, error) {
	out := threads{Threads: []listed{}, Alike: []alike{}}
	query, err := in.query(q.Site.ID)
	if err != nil {
		return out, err
	}
	rows, err := r.Discuss.Threads(ctx, q.Who, query)
	if err != nil {
		return out, err
	}
	rows, last := edge.Page(rows, in.Limit)
	if last != nil {
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, Key: float64(last.Created.UnixMilli()), ID: last.ID})
	}
	var keys []string
	for _, l := range rows {
		keys = append(keys, l.Key)
	}
	wrote, err := r.Discuss.Wrote(ctx, q.Site, q.Who, keys)
	if err != nil {
		return out, err
	}
	for _, l := range rows {
		one := r.listedOf(q.Site, l)
		for _, a := range wrote[l.Key] {
			one.Authors = append(one.Authors, named{a.ID.String(), a.Name})
		}
		out.Threads = append(out.Threads, one)
	}
	if in.Cursor != "" {
		return out, nil
	}
	pairs, err := r.Discuss.AlikeThreads(ctx, q.Site, q.Who, r.Now())
	for _, p := range pairs {
		out.Alike = append(out.Alike, alike{p.Key, p.Like, p.ID.String(), p.LikeID.String()})
	}
	return out, err
}

type announceIn struct {
	Site  string `path:"site" json:"-"`
	Key   string `json:"key"`
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
}

// announce makes a thread by the publisher's word.
func (r Room) announce(ctx context.Context, q *edge.Request, in announceIn) (listed, error) {
	th, err := r.Discuss.Announce(ctx, q.Site, q.Who, in.Key, discuss.PageName{URL: in.URL, Title: in.Title})
	return r.listedOf(q.Site, discuss.Listed{Thread: th}), err
}

// threadIn changes what it names of a thread.
type threadIn struct {
	oneIn
	State   *string   `json:"state,omitempty"`
	Title   *string   `json:"title,omitempty"`
	URL     *string   `json:"url,omitempty"`
	Mode    *string   `json:"mode,omitempty"`
	Slow    *int      `json:"slow_seconds,omitempty"`
	Closes  *string   `json:"closes_at,omitempty"` // "" is as the site says
	Aliases *[]string `json:"aliases,omitempty"`
	Authors *[]string `json:"authors,omitempty"` // ids of the people who wrote the article
}

func (r Room) setThread(ctx context.Context, q *edge.Request, in threadIn) (listed, error) {
	if in.Authors != nil {
		var ids []discuss.ID
		for _, text := range *in.Authors {
			id, err := discuss.ParseID(text)
			if err != nil {
				return listed{}, discuss.Bad("authors", "must be ids of people of this site")
			}
			ids = append(ids, id)
		}
		if err := r.Discuss.ArticleAuthors(ctx, q.Site, q.Who, in.ID, ids); err != nil {
			return listed{}, err
		}
	}
	ch := discuss.ThreadChange{Title: in.Title, URL: in.URL, Mode: in.Mode, Slow: in.Slow, Aliases: in.Aliases}
	if in.State != nil {
		ch.State = shape.Ptr(discuss.ThreadState(*in.State))
	}
	if in.Closes != nil {
		at, err := moment("closes_at", *in.Closes)
		if err != nil {
			return listed{}, err
		}
		ch.Closes = &at
	}
	th, aliases, err := r.Discuss.SetThread(ctx, q.Site, q.Who, in.ID, ch)
	if err != nil {
		return listed{}, err
	}
	out := r.listedOf(q.Site, discuss.Listed{Thread: th, Aliases: aliases})
	wrote, err := r.Discuss.Wrote(ctx, q.Site, q.Who, []string{th.Key})
	for _, a := range wrote[th.Key] {
		out.Authors = append(out.Authors, named{a.ID.String(), a.Name})
	}
	return out, err
}

// moment reads a time of the API; "" is none.
func moment(field, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, discuss.Bad(field, "must be a time like 2026-11-25T08:00:00Z")
	}
	return at, nil
}
