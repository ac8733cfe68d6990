package public

import (
	"context"
	"net/url"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/feed"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// feedLength is how many comments a feed carries.
const feedLength = 50

type feedIn struct {
	Name   string `path:"name" json:"-"` // {site}.atom or {site}.json
	Thread string `query:"thread" json:"-"`
}

// feed is /feeds/{site}.atom and /feeds/{site}.json, of one thread with thread=K.
func (r Room) feed(ctx context.Context, q *edge.Request, in feedIn) error {
	write, kind := feed.Atom, feed.AtomType
	key, ok := strings.CutSuffix(in.Name, ".atom")
	if !ok {
		if key, ok = strings.CutSuffix(in.Name, ".json"); !ok {
			return discuss.ErrNotFound
		}
		write, kind = feed.JSON, feed.JSONType
	}
	site, err := q.Door.Site(ctx, key)
	if err != nil {
		return err
	}
	return q.SendPublic("/feeds/\x00"+in.Name+"\x00"+in.Thread, kind, "", func() (follows int64, build func() ([]byte, error), err error) {
		return edge.AnyThread, func() ([]byte, error) {
			f, err := r.feedOf(ctx, site, in.Thread)
			if err != nil {
				return nil, err
			}
			query := ""
			if in.Thread != "" {
				query = "?" + url.Values{"thread": {in.Thread}}.Encode()
			}
			f.Self = r.Shape.Base + "/feeds/" + in.Name + query
			f.ID = r.Shape.Base + "/feeds/" + site.Key + "?" + url.Values{"thread": {in.Thread}}.Encode()
			return write(f)
		}, nil
	})
}

// feedOf collects the newest comments of a site, or of one of its threads.
func (r Room) feedOf(ctx context.Context, site discuss.Site, key string) (feed.Feed, error) {
	words := r.Texts.Words("", "page")
	f := feed.Feed{Title: words.T("feed_site", i18n.Values{"site": site.Name}), Lang: words.Lang, Updated: site.Created}
	threads := map[discuss.ID]discuss.Thread{}
	var rows []discuss.Comment
	var err error
	if key == "" {
		rows, err = r.Discuss.Latest(ctx, site, feedLength)
	} else {
		var th discuss.Thread
		if th, err = r.Discuss.Thread(ctx, site.ID, key); err != nil {
			return f, err
		}
		threads[th.ID] = th
		f.Title, f.Home, f.Updated = words.T("feed_thread", i18n.Values{"title": th.Called(site)}), shape.HomeOf(site, th), th.Created
		rows, err = r.Discuss.Newest(ctx, th.ID, feedLength)
	}
	if err != nil {
		return f, err
	}
	for _, c := range rows {
		th, ok := threads[c.ThreadID]
		if !ok {
			if th, err = r.Discuss.ThreadByID(ctx, c.ThreadID); err != nil {
				return f, err
			}
			threads[c.ThreadID] = th
		}
		e := r.entry(words, site, th, c)
		f.Entries = append(f.Entries, e)
		f.Updated = later(f.Updated, e.Updated)
	}
	return f, nil
}

// entry is one comment in a feed.
func (r Room) entry(words i18n.Words, site discuss.Site, th discuss.Thread, c discuss.Comment) feed.Entry {
	link := r.Shape.Base + "/c/" + c.ID.String()
	e := feed.Entry{
		ID: link, Link: link, Author: c.Author.Name, HTML: r.Shape.Plain(c.HTML), Published: c.Created, Updated: later(c.Created, c.Edited),
		Title: words.T("feed_entry", i18n.Values{"name": c.Author.Name, "title": th.Called(site)}),
	}
	if c.Parent != 0 {
		e.ReplyTo = r.Shape.Base + "/c/" + c.Parent.String()
	}
	return e
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
