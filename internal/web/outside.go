package web

import (
	"context"
	"log/slog"
	"reflect"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/desk"
	"parley/internal/web/edge"
)

// outsideRest is how long what is open is left alone after it was told that
// another process has changed the file: an import commits many times a second.
const outsideRest = 2 * time.Second

// ChangedOutside drops everything kept in memory and has what is open follow:
// another process has changed the file. It never blocks.
func (s *Server) ChangedOutside() {
	s.InvalidateCaches()
	select {
	case s.outside <- struct{}{}:
	default: // what is told next covers it
	}
}

// followOutside tells dashboards to fetch their lists again, and the open pages
// of a site whose settings another process has changed, until stop is closed.
func (s *Server) followOutside(stop <-chan struct{}) {
	if s.cfg.Sites == nil { // nothing is behind this server
		return
	}
	was := s.onPages()
	for {
		select {
		case <-s.outside:
		case <-stop:
			return
		}
		s.sockets.ResetDashboards()
		is := s.onPages()
		for id, page := range is {
			if before, ok := was[id]; !ok || reflect.DeepEqual(before, page) {
				continue
			}
			if err := s.cfg.Discuss.Touch(context.Background(), id, s.sockets.Watched()); err != nil {
				slog.Error("tell pages what another process has changed", "err", err)
			}
		}
		if is != nil {
			was = is
		}
		select {
		case <-time.After(outsideRest):
		case <-stop:
			return
		}
	}
}

// onPages is what open pages show of each site; nil if that is not known just now.
func (s *Server) onPages() map[discuss.ID]desk.OnPage {
	ctx, done := edge.Deadline()
	defer done()
	sites, err := s.AllSites(ctx)
	out := map[discuss.ID]desk.OnPage{}
	for _, site := range sites {
		if err == nil {
			out[site.ID], err = s.desk.OnPages(ctx, site)
		}
	}
	if err != nil {
		slog.Error("look at what another process has changed", "err", err)
		return nil
	}
	return out
}
