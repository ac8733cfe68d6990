package web

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// listedJSON is a thread in the moderators' list.
type listedJSON struct {
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
}

type threadsJSON struct {
	Threads    []listedJSON `json:"threads"`
	NextCursor *string      `json:"next_cursor"`
}

func (s *Server) listThread(st discuss.Site, l discuss.Listed) listedJSON {
	out := listedJSON{
		ID: l.ID.String(), Key: l.Key, URL: l.URL, Title: l.Title, State: string(l.StateAt(st, s.cfg.Now())), Count: l.Count, Waiting: l.Waiting,
		Mode: l.Mode, Slow: l.Slow, Created: shape.Time(l.Created), Aliases: append([]string{}, l.Aliases...),
	}
	if at := l.ClosedAt(st); !at.IsZero() && l.State == discuss.Open {
		out.Closes = shape.Ptr(shape.Time(at))
	}
	if !l.Last.IsZero() {
		out.Last = shape.Ptr(shape.Time(l.Last))
	}
	return out
}

// getThreads is one page of a site's threads, newest first.
func (s *Server) getThreads(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	q := discuss.ThreadQuery{Site: st.ID, Filter: c.Query("filter"), Search: c.Query("q")}
	if q.Filter != "" && q.Filter != "open" && q.Filter != "closed" {
		return discuss.Bad("filter", "must be open or closed")
	}
	if len(q.Search) > maxSearch {
		return discuss.Bad("q", "must be at most 100 bytes")
	}
	if q.Limit, err = limit(c); err != nil {
		return err
	}
	if q.After, err = discuss.ParseCursor(c.Query("cursor"), discuss.SortNewest); err != nil {
		return err
	}
	n := q.Limit
	q.Limit++
	rows, err := s.cfg.Discuss.Store.Threads(ctx, q)
	if err != nil {
		return err
	}
	out := threadsJSON{Threads: []listedJSON{}}
	if len(rows) > n {
		rows = rows[:n]
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, Key: float64(rows[n-1].Created.UnixMilli()), ID: rows[n-1].ID})
	}
	for _, l := range rows {
		out.Threads = append(out.Threads, s.listThread(st, l))
	}
	return edge.SendJSON(c, out)
}

// threadIn changes what it names of a thread.
type threadIn struct {
	State   *string   `json:"state,omitempty"`
	Title   *string   `json:"title,omitempty"`
	URL     *string   `json:"url,omitempty"`
	Mode    *string   `json:"mode,omitempty"`
	Slow    *int      `json:"slow_seconds,omitempty"`
	Closes  *string   `json:"closes_at,omitempty"` // "" is as the site says
	Aliases *[]string `json:"aliases,omitempty"`
}

func (s *Server) patchThread(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActThread)
	if err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	var in threadIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	ch := discuss.ThreadChange{Title: in.Title, URL: in.URL, Mode: in.Mode, Slow: in.Slow, Aliases: in.Aliases}
	if in.State != nil {
		ch.State = shape.Ptr(discuss.ThreadState(*in.State))
	}
	if in.Closes != nil {
		at := time.Time{}
		if *in.Closes != "" {
			if at, err = time.Parse(time.RFC3339, *in.Closes); err != nil {
				return discuss.Bad("closes_at", "must be a time like 2026-11-25T08:00:00Z")
			}
		}
		ch.Closes = &at
	}
	th, aliases, err := s.cfg.Discuss.SetThread(ctx, st, who.Actor, id, ch)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, s.listThread(st, discuss.Listed{Thread: th, Aliases: aliases}))
}

// getFound searches the comments of a site, newest first.
func (s *Server) getFound(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	q := discuss.FindQuery{Site: st.ID, Text: strings.TrimSpace(c.Query("q")), Status: discuss.Status(c.Query("status"))}
	switch q.Status {
	case "", discuss.Published, discuss.Pending, discuss.Rejected, discuss.Spam, discuss.Deleted:
	default:
		return discuss.Bad("status", "must be published, pending, rejected, spam or deleted")
	}
	if len(q.Text) > maxSearch || !utf8.ValidString(q.Text) || strings.ContainsRune(q.Text, 0) {
		return discuss.Bad("q", "must be at most 100 bytes")
	}
	for _, p := range []struct {
		name string
		id   *discuss.ID
	}{{"thread", &q.Thread}, {"author", &q.Author}} {
		if v := c.Query(p.name); v != "" {
			if *p.id, err = discuss.ParseID(v); err != nil {
				return discuss.Bad(p.name, "is not an id")
			}
		}
	}
	for _, p := range []struct {
		name string
		t    *time.Time
	}{{"from", &q.From}, {"to", &q.To}} {
		if v := c.Query(p.name); v != "" {
			if *p.t, err = time.Parse(time.RFC3339, v); err != nil {
				return discuss.Bad(p.name, "must be a time like 2026-11-25T08:00:00Z")
			}
		}
	}
	if q.Limit, err = limit(c); err != nil {
		return err
	}
	if q.After, err = discuss.ParseCursor(c.Query("cursor"), discuss.SortNewest); err != nil {
		return err
	}
	n := q.Limit
	q.Limit++
	rows, err := s.cfg.Discuss.Store.Find(ctx, q)
	if err != nil {
		return err
	}
	var next discuss.Cursor
	if len(rows) > n {
		rows = rows[:n]
		next = discuss.Cursor{Sort: discuss.SortNewest, Key: float64(rows[n-1].Created.UnixMilli()), ID: rows[n-1].ID}
	}
	out, err := s.queueJSON(ctx, st, who.Actor, rows)
	if err != nil {
		return err
	}
	out.NextCursor = shape.Cursor(next)
	return edge.SendJSON(c, out)
}

// getFoundOne is one comment with its context, for a link from the page.
func (s *Server) getFoundOne(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	rows, err := s.cfg.Discuss.Store.Find(ctx, discuss.FindQuery{Site: st.ID, After: discuss.Cursor{Sort: discuss.SortNewest, ID: id + 1}, Limit: 1})
	if err != nil {
		return err
	}
	if len(rows) == 0 || rows[0].ID != id {
		return discuss.ErrNotFound
	}
	out, err := s.queueJSON(ctx, st, who.Actor, rows)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, out)
}
