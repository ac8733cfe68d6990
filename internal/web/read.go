package web

import (
	"bytes"
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/pagecache"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Headers of cached answers, written once: setting them by name would
// normalise and copy each at every request.
var (
	hOrigin, hAny         = []byte("Access-Control-Allow-Origin"), []byte("*")
	hETag                 = []byte("Etag")
	hCache, hRevalidate   = []byte("Cache-Control"), []byte("public, max-age=0, must-revalidate")
	hShort                = []byte("public, max-age=5")
	hVary, hAccept        = []byte("Vary"), []byte("Accept-Encoding")
	hEncoding, hGzip, hBr = []byte("Content-Encoding"), []byte("gzip"), []byte("br")
	hSniff, hNosniff      = []byte("X-Content-Type-Options"), []byte("nosniff")
)

// public sends an encoded page: the same for everyone, cookies ignored.
func (s *Server) public(c *fiber.Ctx, p *pagecache.Page) error {
	res, req := c.Response(), c.Request()
	h := &res.Header
	h.SetCanonical(hOrigin, hAny)
	h.SetCanonical(hETag, p.ETag)
	h.SetCanonical(hCache, p.Control)
	h.SetCanonical(hVary, hAccept)
	if inm := req.Header.Peek("If-None-Match"); len(inm) > 0 && bytes.Contains(inm, p.ETag[len("W/"):]) { // compared weakly, RFC 9110 13.1.2
		res.SetStatusCode(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType("application/json")
	accept := req.Header.PeekBytes(hAccept)
	if bytes.Contains(accept, hBr) {
		if b := s.cache.Brotli(p); b != nil {
			h.SetCanonical(hEncoding, hBr)
			res.SetBodyRaw(b)
			return nil
		}
	}
	if bytes.Contains(accept, hGzip) {
		h.SetCanonical(hEncoding, hGzip)
		res.SetBodyRaw(s.cache.Gzip(p))
		return nil
	}
	res.SetBodyRaw(p.Raw)
	return nil
}

// cached serves the page of the request's target, building it if it is stale.
// plan names the thread whose changes it follows (or newThreads, anyThread) and
// how to build it; control is the Cache-Control it is sent with.
func (s *Server) cached(c *fiber.Ctx, control []byte, plan func(ctx context.Context) (int64, func() (any, error), error)) error {
	c.Set("Access-Control-Allow-Origin", "*")
	key := target(c)
	if p := s.cache.Get(key); p != nil { // asked for in other words than ours
		return s.public(c, p)
	}
	// Before anything is looked at: a thread may be born while we find that there is none.
	fresh, mark := s.cache.Mark(newThreads), s.cache.Mark(anyThread)
	ctx, done := edge.Deadline()
	defer done()
	thread, build, err := plan(ctx)
	if err != nil {
		return err
	}
	switch thread {
	case anyThread:
	case newThreads:
		mark = fresh
	default:
		mark = s.cache.Mark(thread).Since(fresh)
	}
	p, err := s.cache.Fill(string(key), mark, control, func() ([]byte, time.Time, error) {
		select { // a page may be large: only so many are made at once
		case s.building <- struct{}{}:
			defer func() { <-s.building }()
		case <-ctx.Done():
			return nil, time.Time{}, discuss.Busy(ctx.Err())
		}
		out, err := build()
		if err != nil {
			return nil, time.Time{}, err
		}
		var until time.Time
		if p, ok := out.(page); ok {
			until = p.until()
		}
		b, err := edge.Encode(out)
		return b, until, err
	})
	if err != nil {
		return err
	}
	return s.public(c, p)
}

// page is an answer about one thread: it ends when that closes, or when the
// night that it tells of is over.
type page interface{ until() time.Time }

func (p commentInPlace) until() time.Time { return p.Thread.Until() }

func (p commentsJSON) until() time.Time {
	at := p.Thread.Until()
	if p.Site != nil && p.Site.Night != nil && (at.IsZero() || p.Site.Night.Ends().Before(at)) {
		return p.Site.Night.Ends()
	}
	return at
}

// parameters are those that public answers depend on, in the order in which
// the widget sends them.
var parameters = []string{"thread", "sort", "view", "limit", "cursor", "after", "lang"}

// target is the request's target in one wording, so that what does not matter
// (other parameters, their order, how they are escaped) makes no second page.
func target(c *fiber.Ctx) []byte {
	out := append([]byte(nil), c.Request().URI().Path()...)
	args, sep := c.Request().URI().QueryArgs(), byte('?')
	for _, name := range parameters {
		for _, v := range args.PeekMulti(name) {
			out = append(append(append(out, sep), name...), '=')
			out = append(out, inQuery.Replace(url.QueryEscape(string(v)))...)
			sep = '&'
		}
	}
	return out
}

// inQuery escapes as browsers do where Go does not.
var inQuery = strings.NewReplacer("~", "%7E", "%2A", "*")

// limit reads the page size of a query.
func limit(c *fiber.Ctx) (int, error) {
	q := c.Query("limit")
	if q == "" {
		return discuss.DefaultPageSize, nil
	}
	n, err := strconv.Atoi(q)
	if err != nil || n < 1 || n > discuss.MaxPageSize {
		return 0, discuss.Bad("limit", "must be a number from 1 to 100")
	}
	return n, nil
}

// threadKey reads the thread of a query.
func threadKey(c *fiber.Ctx) (string, error) {
	k := c.Query("thread")
	if k == "" || len(k) > discuss.MaxKeyBytes {
		return "", discuss.Bad("thread", "must be a key of 1 to 2048 bytes")
	}
	return k, nil
}

// listQuery reads sort, view, cursor and limit, with the site's defaults.
func listQuery(c *fiber.Ctx, site discuss.Site) (q discuss.ListQuery, err error) {
	q.Sort, q.View = site.Settings.Sort, site.Settings.View
	if v := c.Query("sort"); v != "" {
		q.Sort = discuss.Sort(v)
	}
	switch q.Sort {
	case discuss.SortBest, discuss.SortNewest, discuss.SortOldest, discuss.SortControversial:
	default:
		return q, discuss.Bad("sort", "must be best, newest, oldest or controversial")
	}
	if v := c.Query("view"); v != "" {
		q.View = discuss.View(v)
	}
	if q.View != discuss.ViewThreads && q.View != discuss.ViewFlat {
		return q, discuss.Bad("view", "must be threads or flat")
	}
	if q.Limit, err = limit(c); err != nil {
		return q, err
	}
	q.After, err = discuss.ParseCursor(c.Query("cursor"), q.Sort)
	return q, err
}

// siteOut is a site as the first page of a thread tells it.
func (s *Server) siteOut(ctx context.Context, v discuss.Site) (*shape.Site, error) {
	ways, err := s.Auth.Ways(ctx, v)
	return s.shape.SiteOf(v, ways), err
}

type commentsJSON struct {
	Site     *shape.Site     `json:"site,omitempty"`
	Thread   *shape.Thread   `json:"thread"`
	Comments []shape.Comment `json:"comments"`
	Next     *string         `json:"next_cursor"`
}

func (s *Server) getComments(c *fiber.Ctx) error {
	return s.cached(c, hRevalidate, func(ctx context.Context) (int64, func() (any, error), error) {
		st, err := s.Site(ctx, c.Params("site"))
		if err != nil {
			return 0, nil, err
		}
		key, err := threadKey(c)
		if err != nil {
			return 0, nil, err
		}
		q, err := listQuery(c, st)
		if err != nil {
			return 0, nil, err
		}
		out := commentsJSON{Comments: []shape.Comment{}}
		if q.After.IsZero() {
			if out.Site, err = s.siteOut(ctx, st); err != nil {
				return 0, nil, err
			}
		}
		th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
		if discuss.KindOf(err) == discuss.NotFound {
			return newThreads, func() (any, error) { return out, nil }, nil
		}
		if err != nil {
			return 0, nil, err
		}
		q.Thread = th.ID
		return int64(th.ID), func() (any, error) {
			if th, err = s.cfg.Discuss.Store.ThreadByID(ctx, th.ID); err != nil {
				return nil, err
			}
			p, err := s.cfg.Discuss.Page(ctx, q, st.Settings.MaxDepth)
			if err != nil {
				return nil, err
			}
			if out.Site != nil {
				out.Site.Night = s.shape.NightOf(st, th)
			}
			out.Thread, out.Comments, out.Next = s.shape.ThreadOf(th, st), s.shape.CommentsOf(p.Comments, false), shape.Cursor(p.Next)
			return out, nil
		}, nil
	})
}

func (s *Server) getReplies(c *fiber.Ctx) error {
	return s.cached(c, hRevalidate, func(ctx context.Context) (int64, func() (any, error), error) {
		id, err := discuss.ParseID(c.Params("id"))
		if err != nil {
			return 0, nil, err
		}
		parent, _, th, err := s.cfg.Discuss.Comment(ctx, id)
		if err != nil {
			return 0, nil, err
		}
		q := discuss.ListQuery{Parent: id, Sort: discuss.SortOldest, View: discuss.ViewThreads}
		if q.Limit, err = limit(c); err != nil {
			return 0, nil, err
		}
		if q.After, err = discuss.ParseCursor(c.Query("cursor"), discuss.SortOldest); err != nil {
			return 0, nil, err
		}
		st, err := s.cfg.Sites.SiteByID(ctx, parent.SiteID)
		if err != nil {
			return 0, nil, err
		}
		return int64(th.ID), func() (any, error) {
			p, err := s.cfg.Discuss.Page(ctx, q, st.Settings.MaxDepth)
			return commentList{s.shape.CommentsOf(p.Comments, false), shape.Cursor(p.Next)}, err
		}, nil
	})
}

type commentList struct {
	Comments []shape.Comment `json:"comments"`
	Next     *string         `json:"next_cursor"`
}

// commentInPlace is one comment with what stands above it, root first.
type commentInPlace struct {
	Comment   shape.Comment   `json:"comment"`
	Ancestors []shape.Comment `json:"ancestors"`
	Thread    *shape.Thread   `json:"thread"`
}

func (s *Server) getComment(c *fiber.Ctx) error {
	return s.cached(c, hRevalidate, func(ctx context.Context) (int64, func() (any, error), error) {
		id, err := discuss.ParseID(c.Params("id"))
		if err != nil {
			return 0, nil, err
		}
		row, err := s.cfg.Discuss.Store.CommentByID(ctx, id)
		if err != nil {
			return 0, nil, err
		}
		return int64(row.ThreadID), func() (any, error) {
			one, above, th, err := s.cfg.Discuss.Comment(ctx, id)
			if err != nil {
				return nil, err
			}
			st, err := s.cfg.Sites.SiteByID(ctx, th.SiteID)
			return commentInPlace{s.shape.CommentOf(one, false), s.shape.CommentsOf(above, false), s.shape.ThreadOf(th, st)}, err
		}, nil
	})
}

type countsJSON struct {
	Counts map[string]int `json:"counts"`
}

// getCounts answers for many threads at once. The answer is kept until any
// comment of the instance changes what is public.
func (s *Server) getCounts(c *fiber.Ctx) error {
	return s.cached(c, hShort, func(ctx context.Context) (int64, func() (any, error), error) {
		st, err := s.Site(ctx, c.Params("site"))
		if err != nil {
			return 0, nil, err
		}
		raw := c.Context().QueryArgs().PeekMulti("thread")
		if len(raw) == 0 || len(raw) > discuss.MaxCounts {
			return 0, nil, discuss.Bad("thread", "must be given 1 to 100 times")
		}
		keys := make([]string, len(raw))
		for i, k := range raw {
			keys[i] = string(k)
		}
		return anyThread, func() (any, error) {
			counts, err := s.cfg.Discuss.Store.Counts(ctx, st.ID, keys)
			return countsJSON{counts}, err
		}, nil
	})
}

func (s *Server) getLatest(c *fiber.Ctx) error {
	return s.cached(c, hShort, func(ctx context.Context) (int64, func() (any, error), error) {
		st, err := s.Site(ctx, c.Params("site"))
		if err != nil {
			return 0, nil, err
		}
		n, err := limit(c)
		if err != nil {
			return 0, nil, err
		}
		return anyThread, func() (any, error) {
			rows, err := s.cfg.Discuss.Store.Latest(ctx, st.ID, n)
			return latestJSON{s.shape.CommentsOf(rows, false)}, err
		}, nil
	})
}

type latestJSON struct {
	Comments []shape.Comment `json:"comments"`
}

// eventsJSON is what a reader without a socket polls; reset says that the gap
// is too old to replay.
type eventsJSON struct {
	Seq    int64       `json:"seq"`
	Events []eventJSON `json:"events"`
	Reset  bool        `json:"reset"`
}

func after(c *fiber.Ctx) (int64, error) {
	q := c.Query("after")
	if q == "" {
		return -1, nil
	}
	n, err := strconv.ParseInt(q, 10, 64)
	if err != nil || n < 0 {
		return 0, discuss.Bad("after", "must be a sequence number")
	}
	return n, nil
}

// getEvents is the live socket for those who have none. All readers of a
// thread that are equally far share one answer.
func (s *Server) getEvents(c *fiber.Ctx) error {
	return s.cached(c, hRevalidate, func(ctx context.Context) (int64, func() (any, error), error) {
		st, err := s.Site(ctx, c.Params("site"))
		if err != nil {
			return 0, nil, err
		}
		key, err := threadKey(c)
		if err != nil {
			return 0, nil, err
		}
		from, err := after(c)
		if err != nil {
			return 0, nil, err
		}
		th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
		if discuss.KindOf(err) == discuss.NotFound {
			return newThreads, func() (any, error) { return eventsJSON{Events: []eventJSON{}}, nil }, nil
		}
		if err != nil {
			return 0, nil, err
		}
		return int64(th.ID), func() (any, error) { return s.since(ctx, th.ID, from) }, nil
	})
}

// since is what happened in a thread after a number; -1 asks only where it is.
func (s *Server) since(ctx context.Context, id discuss.ID, from int64) (eventsJSON, error) {
	th, err := s.cfg.Discuss.Store.ThreadByID(ctx, id)
	if err != nil {
		return eventsJSON{}, err
	}
	out := eventsJSON{Seq: th.Seq, Events: []eventJSON{}}
	if from < 0 {
		return out, nil
	}
	events, complete, err := s.past(ctx, th, from)
	if err != nil {
		return out, err
	}
	out.Reset = !complete
	for _, e := range events {
		out.Events = append(out.Events, event(e))
		out.Seq = max(out.Seq, e.Seq)
	}
	return out, nil
}

// past returns the events after a number; complete is false where the client
// must fetch again instead.
func (s *Server) past(ctx context.Context, th discuss.Thread, from int64) ([]discuss.Event, bool, error) {
	if from > th.Seq {
		return nil, false, nil // from another life of this database
	}
	events, complete, err := s.cfg.Discuss.Store.EventsAfter(ctx, th.ID, from, discuss.MaxReplayEvents)
	if !complete || err != nil || len(events) == 0 && from < th.Seq {
		return nil, false, err
	}
	return events, true, nil
}
