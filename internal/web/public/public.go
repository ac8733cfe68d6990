// Package public is the door of everybody: what is the same for all readers and
// needs no session. Most of its answers are kept encoded.
package public

import (
	"context"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/cached"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Threads is what this room reads of threads.
type Threads interface {
	Thread(ctx context.Context, site discuss.ID, key string) (discuss.Thread, error)
	ThreadByID(ctx context.Context, id discuss.ID) (discuss.Thread, error)
	ThreadOfComment(ctx context.Context, id discuss.ID) (discuss.ID, error)
	Picks(ctx context.Context, thread discuss.ID, after discuss.Cursor, limit int) (discuss.Page, error)
	HasPicks(ctx context.Context, thread discuss.ID) (bool, error)
	Page(ctx context.Context, q discuss.ListQuery, depth int) (discuss.Page, error)
	Comment(ctx context.Context, id discuss.ID) (discuss.Comment, []discuss.Comment, discuss.Thread, error)
	Counts(ctx context.Context, site discuss.Site, keys []string) (map[string]int, error)
	OldLink(ctx context.Context, site discuss.Site, thread, link string) (discuss.ID, error)
	Latest(ctx context.Context, site discuss.Site, limit int) ([]discuss.Comment, error)
	Newest(ctx context.Context, thread discuss.ID, limit int) ([]discuss.Comment, error)
	Search(ctx context.Context, q discuss.SearchQuery) ([]discuss.Found, discuss.Cursor, error)
	EventsSince(ctx context.Context, th discuss.Thread, after int64) ([]discuss.Event, bool, error)
	Card(ctx context.Context, id discuss.ID) (discuss.Card, discuss.Site, error)
	StandardsShown(ctx context.Context, site discuss.Site, otherwise string) (discuss.Standards, error)
}

// Providers is how this room learns how people sign in on a site.
type Providers interface {
	Ways(ctx context.Context, site discuss.Site) ([]auth.Way, error)
}

// Room is what this audience is served with.
type Room struct {
	Discuss Threads
	Auth    Providers
	Texts   *i18n.Catalogues
	Shape   shape.Shaper
	Text    func(html string) string // what readers see of a comment, spoilers covered
}

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	const site, comment = "/api/v1/sites/:site/", "/api/v1/comments/:id"
	get := func(path, summary string, gate edge.Gate, errors ...int) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: gate, Errors: errors}
	}
	searched := get(site+"search", "Published comments that hold words", edge.PublicSite, 404, 422, 429)
	searched.Rate = "search"
	feed := get("/feeds/:name", "The newest comments of a site, or of a thread, as Atom or JSON Feed", edge.Anybody, 404, 429, 503)
	feed.Kind = "application/atom+xml"
	return []edge.Route{
		edge.Cached(get(site+"comments", "A page of a thread", edge.PublicSite, 404, 422), cached.Revalidate, r.comments),
		edge.Cached(get(site+"counts", "Published comments of up to 100 threads", edge.PublicSite, 404, 422), cached.Short, r.counts),
		edge.Cached(get(site+"old-link", "The comment that a link from before an import leads to", edge.PublicSite, 404, 422), cached.Short, r.oldLink),
		edge.Cached(get(site+"events", "What happened in a thread after a number", edge.PublicSite, 404, 422), cached.Revalidate, r.events),
		edge.Cached(get(site+"latest", "The newest comments of a site", edge.PublicSite, 404, 422), cached.Short, r.latest),
		edge.Cached(searched, cached.Short, r.search),
		edge.Cached(get("/oembed", "A comment for other pages, as oEmbed has it", edge.Anybody, 404, 422), cached.Short, r.oembed),
		edge.Cached(get(site+"standards", "The site's community standards", edge.PublicSite, 404), cached.Short, r.standards),
		edge.Cached(get(comment+"/replies", "More direct replies", edge.Anybody, 404, 422), cached.Revalidate, r.replies),
		edge.Cached(get(comment, "A comment with those above it", edge.Anybody, 404), cached.Revalidate, r.comment),
		edge.JSON(get("/api/v1/users/:id", "What a name leads to: who somebody is on a site", edge.Anybody, 404), r.card),
		edge.JSON(get(site+"origin", "Whether the page that asks is on the site's list of origins", edge.AnyPage, 404), r.origin),
		edge.Answer(feed, r.feed),
		edge.Raw(edge.Route{Method: "OPTIONS", Path: "/api/v1/*", Summary: "Whether a page may make a call", Gate: edge.AnyPreflight, Status: 204, Errors: []int{403}}, r.preflight),
	}
}

// preflight answers what a browser asks before a private call.
func (Room) preflight(_ context.Context, q *edge.Request) error { return q.Door.Preflight(q.Ctx) }

type siteIn struct {
	Site string `path:"site" json:"-"`
}

type originOut struct {
	Origin  string `json:"origin"`  // of the page that asks, as its browser says
	Allowed bool   `json:"allowed"` // it may write here
}

// origin tells a widget that nothing works for whether its page is on the
// site's list. It says no more than a write would, and any page may read it.
func (Room) origin(_ context.Context, q *edge.Request, _ siteIn) (originOut, error) {
	origin := q.Get("Origin")
	q.Set("Access-Control-Allow-Origin", "*")
	q.Set("Cache-Control", "no-store")
	edge.VaryByOrigin(q.Ctx)
	out := originOut{Origin: origin, Allowed: q.Door.Listed(q.Ctx, q.Site, origin)}
	if !out.Allowed {
		_ = q.Door.RefuseOrigin(q.Ctx, q.Site, origin)
	}
	return out, nil
}
