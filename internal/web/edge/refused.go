package edge

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/weburl"

	"github.com/gofiber/fiber/v2"
)

const (
	refusalFlush    = 2 * time.Second // how long what was refused may be known to this process alone
	refusalsPending = 200             // origins that are noted between two flushes
	refusalsLogged  = 20              // origins that the log names
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

// RefuseOrigin is ErrOrigin for a page that is not on the site's list, and notes
// it: whoever runs the page has no other way to learn why nothing works there.
func (d *Door) RefuseOrigin(c *fiber.Ctx, st discuss.Site, origin string) error {
	clean, err := weburl.Base(origin)
	if origin == "" || err != nil || clean.String() != origin { // a browser spells it so; the rest is nobody's page
		return discuss.ErrOrigin
	}
	if d.Limits.Take("refusal", d.ClientIP(c)) != nil { // who makes origins up must not crowd out the real one
		return discuss.ErrOrigin
	}
	k := refusalKey{st.ID, origin}
	r := &d.refused
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fresh == nil {
		r.fresh, r.logged = map[refusalKey]*discuss.RefusedOrigin{}, map[refusalKey]bool{}
	}
	now := d.Now()
	seen := r.fresh[k]
	if seen == nil {
		if len(r.fresh) >= refusalsPending {
			return discuss.ErrOrigin
		}
		seen = &discuss.RefusedOrigin{Site: st.ID, Origin: origin, First: now}
		r.fresh[k] = seen
	}
	seen.Last, seen.Count = now, seen.Count+1
	if !r.logged[k] && len(r.logged) < refusalsLogged {
		r.logged[k] = true
		slog.Warn("a page is refused: its origin is not on the site's list", "site", st.Key, "origin", origin, "add it by", "parley site set "+st.Key+" --add-origin "+origin)
	}
	return discuss.ErrOrigin
}

// NoteRefusals writes down what was refused, and which sites' pages were loaded,
// now and then, until stop is closed.
func (d *Door) NoteRefusals(stop <-chan struct{}) {
	tick := time.NewTicker(refusalFlush)
	defer tick.Stop()
	for ended := false; !ended; {
		select {
		case <-tick.C:
		case <-stop:
			ended = true
		}
		d.writeLoads()
		r := &d.refused
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
		if err := d.Refused.NoteRefused(context.Background(), list); err != nil {
			slog.Error("note refused origins", "err", err)
		}
	}
}
