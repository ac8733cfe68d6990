package edge

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"parley/internal/discuss"
)

const (
	loadEvery    = time.Hour // how often a site's last page load is written down
	loadsPending = 200       // pages that are noted between two flushes
)

// PageLoads is where it is noted that pages of a site have shown its comments.
type PageLoads interface {
	NotePageLoads(ctx context.Context, seen []discuss.PageLoad) error
	PageLoad(ctx context.Context, site discuss.ID) (discuss.PageLoad, error)
}

// pageLoads are the pages that have asked for comments and are not written down
// yet, and when each site's were.
type pageLoads struct {
	mu    sync.RWMutex
	noted map[string]time.Time // by the site's key
	fresh map[pageLoad]time.Time
}

type pageLoad struct{ site, origin string }

var pathSites, pathComments = []byte("/api/v1/sites/"), []byte("/comments")

// NoteRead is told of every read with an Origin, before it is answered from what
// is kept: so it costs next to nothing, and looks nothing up. Whether there is
// such a site, and the page is on its list, is asked by the flush.
func (d *Door) NoteRead(path, origin []byte) {
	key, ok := bytes.CutPrefix(path, pathSites)
	if key, ok2 := bytes.CutSuffix(key, pathComments); ok && ok2 && len(origin) > 0 {
		l, now := &d.loads, d.Now()
		l.mu.RLock()
		at, known := l.noted[string(key)]
		l.mu.RUnlock()
		if !known || now.Sub(at) >= loadEvery {
			d.NoteLoad(string(key), string(origin))
		}
	}
}

// NoteLoad notes that a page of an origin shows a site's comments.
func (d *Door) NoteLoad(site, origin string) {
	l, now := &d.loads, d.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	if at, known := l.noted[site]; known && now.Sub(at) < loadEvery || origin == d.Own || len(l.fresh) >= loadsPending {
		return
	}
	if l.fresh == nil {
		l.fresh = map[pageLoad]time.Time{}
	}
	l.fresh[pageLoad{site, origin}] = now
}

// writeLoads writes down the page loads of sites that there are, by pages of
// their lists.
func (d *Door) writeLoads() {
	l := &d.loads
	l.mu.Lock()
	fresh := l.fresh
	l.fresh = nil
	l.mu.Unlock()
	if len(fresh) == 0 || d.Loads == nil {
		return
	}
	ctx, done := Deadline()
	defer done()
	var list []discuss.PageLoad
	noted := map[string]time.Time{}
	for v, at := range fresh {
		site, err := d.Site(ctx, v.site)
		if err != nil || !slices.Contains(site.Origins, v.origin) {
			continue
		}
		if _, already := noted[v.site]; !already {
			noted[v.site] = at
			list = append(list, discuss.PageLoad{Site: site.ID, Origin: v.origin, First: at, Last: at})
		}
	}
	if len(list) == 0 {
		return
	}
	if err := d.Loads.NotePageLoads(context.WithoutCancel(ctx), list); err != nil {
		slog.Error("note page loads", "err", err)
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.noted == nil {
		l.noted = map[string]time.Time{}
	}
	for key, at := range noted {
		l.noted[key] = at
	}
}

// forget has the next load of every site written down again: a site may have
// been removed, and made anew.
func (l *pageLoads) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.noted = nil
}
