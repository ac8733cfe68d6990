package web

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/feed"
	"parley/internal/web/edge"
)

// feedLength is how many comments a feed carries.
const feedLength = 50

// getFeed is /feeds/{site}.atom and /feeds/{site}.json, of one thread with thread=K.
func (s *Server) getFeed(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	write, kind := feed.Atom, feed.AtomType
	key, ok := strings.CutSuffix(c.Params("name"), ".atom")
	if !ok {
		if key, ok = strings.CutSuffix(c.Params("name"), ".json"); !ok {
			return discuss.ErrNotFound
		}
		write, kind = feed.JSON, feed.JSONType
	}
	st, err := s.Site(ctx, key)
	if err != nil {
		return err
	}
	f, err := s.feedOf(ctx, st, c.Query("thread"))
	if err != nil {
		return err
	}
	f.Self = s.cfg.PublicURL + c.OriginalURL()
	f.ID = s.cfg.PublicURL + "/feeds/" + st.Key + "?" + url.Values{"thread": {c.Query("thread")}}.Encode()
	b, err := write(f)
	if err != nil {
		return err
	}
	return s.sendPublic(c, b, kind)
}

// feedOf gathers the newest comments of a site, or of one of its threads.
func (s *Server) feedOf(ctx context.Context, st discuss.Site, key string) (feed.Feed, error) {
	words := s.cfg.Texts.Words("", "page")
	f := feed.Feed{Title: words.T("feed_site", map[string]any{"site": st.Name}), Lang: words.Lang, Updated: st.Created}
	var rows []discuss.Comment
	threads := map[discuss.ID]discuss.Thread{}
	if key == "" {
		var err error
		if rows, err = s.cfg.Discuss.Store.Latest(ctx, st.ID, feedLength); err != nil {
			return f, err
		}
	} else {
		th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
		if err != nil {
			return f, err
		}
		threads[th.ID] = th
		f.Title, f.Home, f.Updated = words.T("feed_thread", map[string]any{"title": titleOf(th)}), s.homeOf(st, th), th.Created
		if rows, err = s.cfg.Discuss.Store.List(ctx, discuss.ListQuery{Thread: th.ID, View: discuss.ViewFlat, Sort: discuss.SortNewest, Limit: feedLength}); err != nil {
			return f, err
		}
	}
	for _, r := range rows {
		if r.Status != discuss.Published {
			continue
		}
		th, ok := threads[r.ThreadID]
		if !ok {
			var err error
			if th, err = s.cfg.Discuss.Store.ThreadByID(ctx, r.ThreadID); err != nil {
				return f, err
			}
			threads[r.ThreadID] = th
		}
		link := s.cfg.PublicURL + "/c/" + r.ID.String()
		e := feed.Entry{
			ID: link, Link: link, Author: r.Author.Name, HTML: r.HTML, Published: r.Created, Updated: r.Created,
			Title: words.T("feed_entry", map[string]any{"name": r.Author.Name, "title": titleOf(th)}),
		}
		if !r.Edited.IsZero() {
			e.Updated = r.Edited
		}
		if r.Parent != 0 {
			e.ReplyTo = s.cfg.PublicURL + "/c/" + r.Parent.String()
		}
		f.Entries = append(f.Entries, e)
		f.Updated = latestOf(f.Updated, e.Updated)
	}
	return f, nil
}

func latestOf(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

func titleOf(th discuss.Thread) string {
	if th.Title != "" {
		return th.Title
	}
	return th.Key
}

// homeOf is the page of a thread, if it stands on one of the site's origins.
func (s *Server) homeOf(st discuss.Site, th discuss.Thread) string {
	for _, o := range st.Origins {
		if strings.HasPrefix(th.URL, o+"/") || th.URL == o {
			return th.URL
		}
	}
	return ""
}

// sendPublic sends what is the same for everyone, for a short while.
func (s *Server) sendPublic(c *fiber.Ctx, b []byte, kind string) error {
	sum := sha256.Sum256(b)
	etag := `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`
	h := &c.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=30")
	h.Set("ETag", etag)
	h.Set("Content-Security-Policy", edge.APICSP)
	if c.Get("If-None-Match") == etag {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType(kind)
	c.Response().SetBodyRaw(b)
	return nil
}
