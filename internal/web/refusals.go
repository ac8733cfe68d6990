package web

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/weburl"
)

const (
	refusalFlush    = 2 * time.Second // how long what was refused may be known to this process alone
	refusalsPending = 200             // origins that are noted between two flushes
)

// RefusedOrigins is where pages that are not on a site's list are noted.
type RefusedOrigins interface {
	NoteRefused(ctx context.Context, seen []discuss.RefusedOrigin) error
	RefusedOrigins(ctx context.Context, site discuss.Site) ([]discuss.RefusedOrigin, error)
}

// refusals are the origins that were refused of late and are not written down
// yet, and those that the log has named.
type refusals struct {
	mu     sync.Mutex
	fresh  map[refusalKey]*discuss.RefusedOrigin
	logged map[refusalKey]bool
}

type refusalKey struct {
	site   discuss.ID
	origin string
}

// refuseOrigin is ErrOrigin for a page that is not on the site's list, and notes
// it: whoever runs the page has no other way to learn why nothing works there.
func (s *Server) refuseOrigin(st discuss.Site, origin string) error {
	clean, err := weburl.Base(origin)
	if origin == "" || err != nil || clean.String() != origin { // a browser spells it so; the rest is nobody's page
		return discuss.ErrOrigin
	}
	k := refusalKey{st.ID, origin}
	r := &s.refused
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fresh == nil {
		r.fresh, r.logged = map[refusalKey]*discuss.RefusedOrigin{}, map[refusalKey]bool{}
	}
	now := s.cfg.Now()
	seen := r.fresh[k]
	if seen == nil {
		if len(r.fresh) >= refusalsPending {
			return discuss.ErrOrigin
		}
		seen = &discuss.RefusedOrigin{Site: st.ID, Origin: origin, First: now}
		r.fresh[k] = seen
	}
	seen.Last, seen.Count = now, seen.Count+1
	if !r.logged[k] && len(r.logged) < refusalsPending {
		r.logged[k] = true
		slog.Warn("a page is refused: its origin is not on the site's list", "site", st.Key, "origin", origin, "add it by", "parley site set "+st.Key+" --add-origin "+origin)
	}
	return discuss.ErrOrigin
}

// noteRefusals writes down what was refused, now and then, until stop is closed.
func (s *Server) noteRefusals(stop <-chan struct{}) {
	tick := time.NewTicker(refusalFlush)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-tick.C:
		case <-stop:
			ended = true
		}
		r := &s.refused
		r.mu.Lock()
		list := make([]discuss.RefusedOrigin, 0, len(r.fresh))
		for _, v := range r.fresh {
			list = append(list, *v)
		}
		clear(r.fresh)
		r.mu.Unlock()
		if len(list) == 0 {
			continue
		}
		if err := s.cfg.Refused.NoteRefused(context.Background(), list); err != nil {
			slog.Error("note refused origins", "err", err)
		}
	}
}

type originJSON struct {
	Origin  string `json:"origin"`  // of the page that asks, as its browser says
	Allowed bool   `json:"allowed"` // it may write here
}

// getOrigin tells a widget that nothing works for whether its page is on the
// site's list. It says no more than a write would, and any page may read it.
func (s *Server) getOrigin(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	origin := c.Get("Origin")
	c.Set("Access-Control-Allow-Origin", "*")
	c.Set("Cache-Control", "no-store")
	varyByOrigin(c)
	out := originJSON{Origin: origin, Allowed: s.listed(c, st, origin)}
	if !out.Allowed {
		_ = s.refuseOrigin(st, origin)
	}
	return sendJSON(c, out)
}

// refusedJSON is a page that was refused of late and is still not on the list.
type refusedJSON struct {
	Origin string `json:"origin"`
	First  string `json:"first_at"`
	Last   string `json:"last_at"`
	Count  int    `json:"count"`
}

func (s *Server) refusedOrigins(ctx context.Context, st discuss.Site) ([]refusedJSON, error) {
	list, err := s.cfg.Refused.RefusedOrigins(ctx, st)
	out := make([]refusedJSON, 0, len(list))
	for _, r := range list {
		out = append(out, refusedJSON{r.Origin, rfc3339(r.First), rfc3339(r.Last), r.Count})
	}
	return out, err
}
