package pages

import (
	"context"
	"encoding/json"
	"html/template"
	"net/url"
	"strings"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// The stand-alone page of a thread: readable, paged and postable without
// JavaScript. With it, the same widget takes its place.

// plainComment is a comment as the templates show it.
type plainComment struct {
	ID, Name, Avatar, Status string
	When                     string // RFC 3339
	Date                     string
	Edited                   bool
	Badges                   []string
	Score, Reactions         string // "" where readers do not vote, or react
	HTML                     template.HTML
	Kids                     []plainComment
	NoticeLink               string // to the form about illegal content
	More                     int    // replies that are not here
	MoreLink, ReplyLink      string // "" where there is none
	Permalink                string
	Words                    i18n.Words
}

// plainPage is everything that one answer shows.
type plainPage struct {
	Words                        i18n.Words
	Site                         *shape.Site
	Thread                       *shape.Thread
	Key, Title, Home, Self, Base string
	Comments                     []plainComment
	Above                        []plainComment // of a branch: the comments that lead to it
	Next, Atom, JSON, Whole      string
	Data                         template.JS // JSON-LD
	User                         *shape.User
	Standards                    string          // that the user has to accept: where they are; "" none
	Warnings                     []shape.Warning // that the user has to acknowledge
	MayPost, MayGuest            bool
	Closing, ClosedOn            string // what is said of the end of the discussion; "" nothing
	Waits                        string // why comments wait at this hour
	Form                         plainForm
	Notice                       *noticeForm // of illegal content, where one is being written
	NoticeSaid                   string      // what became of one
	CSP                          string
	Build                        string
}

// plainForm is the form with what has been typed so far.
type plainForm struct {
	Parent, ParentName, Body, Name, Key, Problem, Said, Login string
	Code                                                      bool // the sign-in asks for a second factor too
}

// plainQuery is what is asked for: a page of roots, or the replies under one comment.
type plainQuery struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
	Sort   string         `query:"sort" json:"-"`
	Under  string         `query:"under" json:"-"`
	Cursor string         `query:"cursor" json:"-"`

	site discuss.Settings // what comments are shown with
}

// link is an address of the page, relative to it, with more in its query.
func (in plainQuery) link(more ...string) string {
	v := url.Values{"thread": {string(in.Thread)}}
	for i := 0; i+1 < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	return "?" + v.Encode()
}

// plain are comments as the templates show them; may says whether they can be answered.
func (r Room) plain(words i18n.Words, rows []discuss.Comment, in plainQuery, may bool) []plainComment {
	out := make([]plainComment, 0, len(rows))
	for _, c := range rows {
		p := plainComment{
			ID: c.ID.String(), Status: string(c.Status), When: shape.Time(c.Created), Date: plainTime(words, c.Created), Edited: !c.Edited.IsZero(),
			Permalink: r.Shape.Base + "/c/" + c.ID.String(), Words: words,
			Kids: r.plain(words, c.Children, in, may),
		}
		if in.site.Vote() != "off" {
			p.Score = words.T("score", i18n.Values{"n": c.Up - c.Down})
		}
		p.Reactions = r.reactions(words.Lang, c.Reactions.Offered(in.site.Reactions))
		if !c.Tombstone() {
			p.Name, p.Avatar, p.HTML = c.Author.Name, r.Shape.Avatar(c.Author), template.HTML(r.Shape.Plain(c.HTML)) // canonical HTML of our own renderer
			if badges := shape.BadgesOf(c.Author); len(badges) > 0 {
				p.Badges = append(p.Badges, words.T(badges[0])) // the highest
			}
			if c.Featured {
				p.Badges = append(p.Badges, words.T("pick"))
			}
			if c.Pinned {
				p.Badges = append(p.Badges, words.T("pinned"))
			}
			p.NoticeLink = in.link("notice", p.ID) + "#notice"
			if may {
				p.ReplyLink = in.link("reply", p.ID) + "#write"
			}
		}
		if n := c.Kids - len(c.Children); n > 0 {
			p.More, p.MoreLink = n, in.link("under", p.ID)
		}
		out = append(out, p)
	}
	return out
}

// reactions are counts in words.
func (r Room) reactions(lang string, now discuss.Reactions) string {
	if now == "" {
		return ""
	}
	w, counts := r.Texts.Words(lang, "reactions"), now.Counts()
	var out []string
	for _, name := range discuss.ReactionNames {
		if n := counts[name]; n > 0 {
			out = append(out, w.T("n_of", i18n.Values{"name": w.T(name), "n": n}))
		}
	}
	return strings.Join(out, " · ")
}

// empty is the page of a thread that has no comments yet.
func (r Room) empty(ctx context.Context, q *edge.Request, in plainQuery) (*plainPage, error) {
	ways, err := r.Auth.Ways(ctx, q.Site)
	if err != nil {
		return nil, err
	}
	base, query := r.Shape.Base, in.link()
	p := &plainPage{
		Words: r.Texts.Words(edge.Wanted(q.Ctx), "page"), Site: r.Shape.SiteOf(q.Site, ways), Key: string(in.Thread), Title: discuss.Thread{Key: string(in.Thread)}.Called(q.Site),
		Base: base, Build: r.Build, MayPost: r.Shape.StateOf(q.Site, string(in.Thread)) == "", MayGuest: q.Site.Settings.TakesGuests(), Whole: query,
		Self: base + "/p/" + q.Site.Key + query,
		Atom: base + "/feeds/" + q.Site.Key + ".atom" + query,
		JSON: base + "/feeds/" + q.Site.Key + ".json" + query,
	}
	p.tellNight(p.Site.Night, r.Now())
	return p, nil
}

// gather fills a page from a query.
func (r Room) gather(ctx context.Context, q *edge.Request, in plainQuery, limit int) (*plainPage, error) {
	p, err := r.empty(ctx, q, in)
	if err != nil {
		return nil, err
	}
	site, now := q.Site, r.Now()
	in.site = site.Settings
	th, err := r.Discuss.Thread(ctx, site.ID, p.Key)
	if discuss.KindOf(err) == discuss.NotFound {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.Thread, p.Title, p.Home, p.MayPost = r.Shape.ThreadOf(th, site), th.Called(site), shape.HomeOf(site, th), th.StateAt(site, now) == discuss.Open
	p.tellEnd(th.ClosesAt(site, now), now)
	p.tellNight(r.Shape.NightOf(site, th), now)
	query := discuss.ListQuery{Thread: th.ID, Sort: site.Settings.Sort, View: discuss.ViewThreads, Limit: limit}
	if !discuss.Sort(in.Sort).Known() {
		in.Sort = "" // a link that somebody has bent still shows the page
	}
	if in.Sort != "" {
		query.Sort = discuss.Sort(in.Sort)
	}
	query.Picks = site.Settings.Picks == discuss.PicksFirst && query.Sort == discuss.SortBest
	if in.Under != "" {
		if err := r.under(ctx, p, th, in, &query); err != nil {
			return nil, err
		}
	}
	if query.After, err = discuss.ParseCursor(in.Cursor, query.Sort); err != nil {
		return nil, err
	}
	return p, r.fill(ctx, p, site, query, in)
}

// fill puts the comments of a query into a page.
func (r Room) fill(ctx context.Context, p *plainPage, site discuss.Site, query discuss.ListQuery, in plainQuery) error {
	page, err := r.Discuss.Page(ctx, query, site.Settings.MaxDepth)
	if err != nil {
		return err
	}
	p.Comments = r.plain(p.Words, page.Comments, in, p.MayPost)
	if !page.Next.IsZero() {
		more := []string{"cursor", page.Next.String()}
		if in.Sort != "" {
			more = append(more, "sort", in.Sort)
		}
		if in.Under != "" {
			more = append(more, "under", in.Under)
		}
		p.Next = in.link(more...)
	}
	data, err := json.Marshal(linked(p, page.Comments)) // escapes <, > and &
	p.Data = template.JS(data)
	return err
}

// under turns a query into that for the replies of one comment.
func (r Room) under(ctx context.Context, p *plainPage, th discuss.Thread, in plainQuery, query *discuss.ListQuery) error {
	id, err := discuss.ParseID(in.Under)
	if err != nil {
		return err
	}
	one, above, at, err := r.Discuss.Comment(ctx, id)
	if err != nil {
		return err
	}
	if at.ID != th.ID {
		return discuss.ErrNotFound
	}
	one.Kids, one.Children = 0, nil
	for i := range above {
		above[i].Kids = 0
	}
	p.Above = r.plain(p.Words, append(above, one), in, p.MayPost)
	query.Parent, query.Sort = id, discuss.SortOldest
	return nil
}
