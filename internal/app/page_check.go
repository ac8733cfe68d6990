package app

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/fetch"
	"parley/internal/weburl"
)

// Bounds of a check of a site's pages.
const (
	pagePace    = time.Second // between two requests to one host
	pageHops    = 4           // that a page may lead on
	checkedKept = 1000        // rows of one report
)

// pageAsker asks pages of a site whether they still answer: the headers alone,
// or where those say that nothing is there the page, from the site's own origins
// and no others.
type pageAsker struct {
	verbs   *discuss.Service
	way     http.RoundTripper // to the public internet
	private http.RoundTripper // to an origin of the site's that is an address of its own network; nil: not reached
	pause   func(ctx context.Context, d time.Duration)
	now     func() time.Time

	last map[string]time.Time // by host
}

// pageAsker makes one that says who asks.
func (s *Settings) pageAsker(verbs *discuss.Service) *pageAsker {
	a := &pageAsker{verbs: verbs, pause: pause, now: time.Now, way: fetch.As(s.Agent(), fetch.Transport()), private: fetch.As(s.Agent(), &http.Transport{
		DialContext: (&net.Dialer{Timeout: fetch.Patience}).DialContext, TLSHandshakeTimeout: fetch.Patience, ResponseHeaderTimeout: fetch.Patience,
		IdleConnTimeout: time.Minute,
	})}
	if s.staging() {
		a.way, a.private = s.nowhere(), s.nowhere()
	} else if s.OutsideNets != "public" {
		a.way = a.private
	}
	return a
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// check asks page after page. told is given how many were asked, and what one of
// them did not answer as it should.
func (a *pageAsker) check(ctx context.Context, site discuss.Site, list []discuss.Thread, told func(done int, p *discuss.CheckedPage)) error {
	for i, th := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := discuss.CheckedPage{Thread: th.ID, Key: th.Key, Title: th.Title, Comments: th.Count, Page: discuss.PageToAsk(site, th)}
		if err := a.ask(ctx, site, &p); err != nil {
			return err
		}
		if p.Answer == "" {
			told(i+1, nil)
		} else {
			told(i+1, &p)
		}
	}
	return nil
}

// ask follows a page to where it leads, as far as that is on the site.
func (a *pageAsker) ask(ctx context.Context, site discuss.Site, p *discuss.CheckedPage) error {
	at := p.Page
	for hop := 0; ; hop++ {
		status, to := a.once(ctx, http.MethodHead, at)
		if status == 0 || status >= http.StatusBadRequest && status != http.StatusTooManyRequests { // some servers know no HEAD
			status, to = a.once(ctx, http.MethodGet, at)
		}
		p.Status = status
		switch {
		case status == http.StatusNotFound || status == http.StatusGone:
			p.Answer = discuss.PageGone
			return nil
		case status == 0 || status >= http.StatusInternalServerError || status == http.StatusTooManyRequests:
			p.Answer = discuss.PageFailed
			return nil
		case to == "":
			if at == p.Page {
				return nil // it answers
			}
			p.To = at
			return a.verbs.Leads(ctx, site, p)
		case hop == pageHops:
			p.Answer = discuss.PageFailed
			return nil
		}
		if at = to; discuss.PageToAsk(site, discuss.Thread{URL: to}) == "" {
			p.Answer, p.To = discuss.PageElsewhere, to
			return nil
		}
	}
}

// once makes one request, not sooner than the last to that host allows. to is
// where it leads; "" nowhere.
func (a *pageAsker) once(ctx context.Context, method, page string) (status int, to string) {
	u, err := url.Parse(page)
	if err != nil {
		return 0, ""
	}
	if a.last == nil {
		a.last = map[string]time.Time{}
	}
	if rest := pagePace - a.now().Sub(a.last[u.Host]); rest > 0 {
		a.pause(ctx, rest)
	}
	a.last[u.Host] = a.now()
	ctx, cancel := context.WithTimeout(ctx, fetch.Patience)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, method, page, nil)
	if err != nil {
		return 0, ""
	}
	r.Header.Set("Accept", "text/html,application/xhtml+xml")
	way := a.way
	if ownNetwork(u.Hostname()) {
		way = a.private // it is one of the site's origins, or would not be asked
	}
	res, err := way.RoundTrip(r) // redirects are followed one by one, each at its pace
	if err != nil {
		return 0, ""
	}
	res.Body.Close()
	if res.StatusCode < 300 || res.StatusCode >= 400 {
		return res.StatusCode, ""
	}
	next, err := res.Location()
	if err != nil {
		return res.StatusCode, ""
	}
	next.Fragment, next.RawFragment = "", ""
	if next.String() == page {
		return res.StatusCode, "" // to itself, with a cookie: it is there
	}
	return res.StatusCode, next.String()
}

// ownNetwork reports that a host is written as an address of no public network.
func ownNetwork(host string) bool {
	if weburl.Loopback(host) {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && !fetch.Public(ip)
}

// pageChecks are the checks of sites' pages that moderators have begun. They are
// kept in memory: a check is asked for and looked at in one sitting.
type pageChecks struct {
	verbs *discuss.Service
	asker func() *pageAsker
	now   func() time.Time
	ctx   context.Context // ends with the server
	run   *sync.WaitGroup

	mu    sync.Mutex
	sites map[discuss.ID]*siteCheck
}

type siteCheck struct {
	at   discuss.PageCheck
	stop func()
}

// Start begins a check of a site's pages; one that runs goes on.
func (c *pageChecks) Start(site discuss.Site) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if was := c.sites[site.ID]; was != nil && was.at.Running || c.ctx.Err() != nil {
		return
	}
	ctx, stop := context.WithCancel(c.ctx)
	one := &siteCheck{at: discuss.PageCheck{Running: true, Began: c.now()}, stop: stop}
	if c.sites == nil {
		c.sites = map[discuss.ID]*siteCheck{}
	}
	c.sites[site.ID] = one
	c.run.Go(func() {
		defer stop()
		err := c.check(ctx, site, one)
		c.mu.Lock()
		defer c.mu.Unlock()
		one.at.Running, one.at.End, one.at.Stopped = false, c.now(), err != nil
		if err != nil && ctx.Err() == nil {
			slog.Error("check the pages of a site", "site", site.Key, "err", err)
		}
	})
}

func (c *pageChecks) check(ctx context.Context, site discuss.Site, one *siteCheck) error {
	list, unasked, cut, err := c.verbs.PagesToAsk(ctx, site)
	if err != nil {
		return err
	}
	c.mu.Lock()
	one.at.Total, one.at.Unasked, one.at.Cut = len(list), unasked, cut
	c.mu.Unlock()
	return c.asker().check(ctx, site, list, func(done int, p *discuss.CheckedPage) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if one.at.Done = done; p != nil && len(one.at.Rows) < checkedKept {
			one.at.Rows = append(one.at.Rows, *p)
		}
	})
}

// Stop ends a check; what it has found stays.
func (c *pageChecks) Stop(site discuss.ID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.sites[site]; one != nil {
		one.stop()
	}
}

// State is how far a check is.
func (c *pageChecks) State(site discuss.ID) (at discuss.PageCheck) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if one := c.sites[site]; one != nil {
		at = one.at
		at.Rows = slices.Clone(at.Rows)
	}
	return at
}
