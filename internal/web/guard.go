package web

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/weburl"
)

// guard sets what every answer carries and refuses hosts that are not ours.
func (s *Server) guard(c *fiber.Ctx) error {
	req := c.Request()
	c.Response().Header.SetCanonical(hSniff, hNosniff)
	if host := req.Host(); !bytes.EqualFold(host, s.ownHost) && !weburl.Loopback(string(host)) && !probe(c.Path(), host) {
		return &discuss.Error{Kind: discuss.NotFound, Code: "misdirected", Detail: "This server does not answer for that host name."}
	}
	if packed(&req.Header) { // here, before any route: what is never unpacked can't grow
		return s.Fail(c, edge.ErrPacked)
	}
	if s.trouble.Load() != nil {
		if done, err := s.troubled(c); done {
			if err != nil {
				err = s.Fail(c, err)
			}
			return err
		}
	}
	if req.Header.IsGet() { // a page that is good needs no route: half of all requests end here
		if p := s.cache.Get(req.Header.RequestURI()); p != nil {
			s.meters.pages.Add(1)
			return s.public(c, p)
		}
	}
	began := time.Now()
	err := safely(c.Next)
	if err != nil {
		err = s.Fail(c, err)
	}
	s.meters.count(c, began)
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
