package web

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/internal/discuss"
	"parley/internal/web/cached"
	"parley/internal/web/edge"
	"parley/internal/web/health"
	"parley/internal/weburl"
)

var hSniff, hNosniff, hOrigin, hHSTS = []byte("X-Content-Type-Options"), []byte("nosniff"), []byte("Origin"), []byte("Strict-Transport-Security")

// guard is what stands before every route.
type guard struct {
	host    []byte                    // ours, lower case
	read    func(path, origin []byte) // is told of reads by pages
	pages   *cached.Pages
	meters  *health.Meters
	fail    func(c *fiber.Ctx, err error) error
	trouble *atomic.Pointer[Trouble]
	named   bool   // what a request came to is written down with its route
	hsts    []byte // said with every answer; nil says nothing
}

// hstsOf is what keeps browsers from plain HTTP for a time: at this host, never
// at those below it, which may not be ours.
func hstsOf(d time.Duration) []byte {
	if d <= 0 {
		return nil
	}
	return fmt.Appendf(nil, "max-age=%d", int(d.Seconds()))
}

// before answers what is kept; the rest goes on to Fiber. A page that is good
// needs no route and no look for one: half of all requests end here.
func (g *guard) before(rest fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		h := &c.Request.Header
		if g.hsts != nil {
			c.Response.Header.SetCanonical(hHSTS, g.hsts)
		}
		if h.IsGet() {
			if origin := h.PeekBytes(hOrigin); len(origin) > 0 {
				g.read(c.Path(), origin)
			}
		}
		if h.IsGet() && g.trouble.Load() == nil && bytes.EqualFold(h.Host(), g.host) && len(h.PeekAll("Content-Encoding")) == 0 {
			if p := g.pages.Get(h.RequestURI()); p != nil {
				c.Response.Header.SetCanonical(hSniff, hNosniff)
				g.meters.Page()
				if g.named {
					c.SetUserValue(routeValue, keptPage)
				}
				if g.pages.Send(c, p) == nil {
					return
				}
			}
		}
		rest(c)
	}
}

// handle sets what every answer carries, and refuses hosts that are not ours.
func (g *guard) handle(c *fiber.Ctx) error {
	req := c.Request()
	c.Response().Header.SetCanonical(hSniff, hNosniff)
	if host := req.Host(); !bytes.EqualFold(host, g.host) && !weburl.Loopback(string(host)) && !probe(c.Path(), host) {
		return &discuss.Error{Kind: discuss.NotFound, Code: "misdirected", Detail: "This server does not answer for that host name."}
	}
	if packed(&req.Header) { // here, before any route: what is never unpacked can't grow
		return g.fail(c, edge.ErrPacked)
	}
	if t := g.trouble.Load(); t != nil {
		if done, err := t.answer(c); done {
			if err != nil {
				err = g.fail(c, err)
			}
			return err
		}
	}
	began := time.Now()
	err := safely(c.Next)
	if err != nil {
		err = g.fail(c, err)
	}
	g.meters.Count(c, began)
	if g.named {
		c.Context().SetUserValue(routeValue, c.Route().Path)
	}
	return err
}

// safely runs a handler; a bug in one is that request's misfortune alone.
func safely(next func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return next()
}

// packed reports whether a body comes encoded in any way: gzip twice over makes
// 600 MB of one kilobyte. No route takes one; Fiber's c.Body, which unpacks, is
// not used here (TestNobodyUnpacks).
func packed(h *fasthttp.RequestHeader) bool {
	for _, line := range h.PeekAll("Content-Encoding") {
		if v := strings.TrimSpace(string(line)); v != "" && !strings.EqualFold(v, "identity") {
			return true
		}
	}
	return false
}

// probe reports a question about the server's health by its bare address, as
// whoever watches over it asks.
func probe(path string, host []byte) bool {
	if path != "/healthz" && path != "/readyz" {
		return false
	}
	name := string(host)
	if h, _, err := net.SplitHostPort(name); err == nil {
		name = h
	}
	_, err := netip.ParseAddr(strings.Trim(name, "[]"))
	return err == nil
}
