package web

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/internal/discuss"
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
		return s.fail(c, errPacked)
	}
	if s.trouble.Load() != nil {
		if done, err := s.troubled(c); done {
			if err != nil {
				err = s.fail(c, err)
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
		err = s.fail(c, err)
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

// ownOrigin reports whether origin is this server as the request names it.
func (s *Server) ownOrigin(c *fiber.Ctx, origin string) bool {
	if origin == s.own {
		return true
	}
	host := strings.ToLower(string(c.Request().Host()))
	return weburl.Loopback(host) && origin == "http://"+host
}

// clientIP names the caller's bucket. IPv6 is grouped by /64: one household,
// one bucket.
func (s *Server) clientIP(c *fiber.Ctx) string {
	ip := s.clientAddr(c)
	if !ip.IsValid() {
		return ""
	}
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// clientAddr is the peer's address, or behind trusted proxies the right-most
// one that is not a proxy.
func (s *Server) clientAddr(c *fiber.Ctx) netip.Addr {
	ip, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.Addr{}
	}
	ip = ip.Unmap()
	if len(s.cfg.Trusted) > 0 {
		var hops []string // a proxy may add a line of its own instead of lengthening the caller's
		for _, line := range c.Request().Header.PeekAll("X-Forwarded-For") {
			hops = append(hops, strings.Split(string(line), ",")...)
		}
		for i := len(hops) - 1; i >= 0 && s.trusted(ip); i-- {
			next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			ip = next.Unmap()
		}
	}
	return ip
}

func (s *Server) trusted(ip netip.Addr) bool {
	for _, p := range s.cfg.Trusted {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// problem is RFC 9457. A value that was sent is never echoed.
type problem struct {
	Type   string        `json:"type"`
	Title  string        `json:"title"`
	Status int           `json:"status"`
	Detail string        `json:"detail"`
	Code   string        `json:"code"`
	Errors []fieldError  `json:"errors,omitempty"`
	Puzzle *puzzleJSON   `json:"challenge,omitempty"` // with code "challenge"
	Unread []warningJSON `json:"warnings,omitempty"`  // with code "warned"
}

type fieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

var kindStatus = map[discuss.Kind]int{
	discuss.Internal: 500, discuss.Invalid: 422, discuss.NotFound: 404, discuss.Forbidden: 403, discuss.SignedOut: 401,
	discuss.Conflict: 409, discuss.TooMany: 429, discuss.Unavailable: 503,
}

// httpError is a failure of the protocol, not of the domain.
type httpError struct {
	status       int
	code, detail string
}

func (e *httpError) Error() string { return e.code }

var (
	errNotJSON = &httpError{400, "not_json", "The body is not the JSON that this route takes."}
	errType    = &httpError{415, "type", "Send application/json."}
	errNotForm = &httpError{400, "not_form", "The body is not the form that this route takes."}
	errForm    = &httpError{415, "type", "Send a form."}
	errPacked  = &httpError{415, "type", "Send the body as it is, without a Content-Encoding."}
	errLarge   = &httpError{413, "too_large", "The body is larger than this route takes."}
)

// fail turns an error into an answer. It is the only place that does, and the
// only one that logs what went wrong inside.
func (s *Server) fail(c *fiber.Ctx, err error) error {
	p := problem{Type: "about:blank", Status: 500, Code: "internal", Detail: "Something went wrong on our side."}
	var he *httpError
	var de *discuss.Error
	var fe *fiber.Error
	switch {
	case errors.As(err, &he):
		p.Status, p.Code, p.Detail = he.status, he.code, he.detail
	case errors.As(err, &de):
		p.Status, p.Code, p.Detail = kindStatus[de.Kind], de.Code, de.Detail
		if de.Code == "misdirected" {
			p.Status = 421
		}
		if de.RetryAfter > 0 {
			c.Set("Retry-After", strconv.Itoa(de.RetryAfter))
		}
		if de.Puzzle != nil {
			p.Puzzle = (*puzzleJSON)(de.Puzzle)
		}
		for _, n := range de.Warnings {
			p.Unread = append(p.Unread, warning(n))
		}
		for _, f := range de.Fields {
			p.Errors = append(p.Errors, fieldError{f.Name, f.Message})
		}
	case errors.As(err, &fe):
		p.Status, p.Code, p.Detail = fe.Code, "http", "The request could not be read."
		if fe.Code == fiber.StatusRequestEntityTooLarge {
			p.Code, p.Detail = "too_large", "The body is larger than 256 kB."
		}
	}
	if p.Status >= 500 {
		slog.Error("request failed", "route", c.Route().Path, "status", p.Status, "err", errorChain(err))
	}
	p.Title = statusText(p.Status)
	h := &c.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", apiCSP)
	if strings.HasPrefix(c.Path(), "/api/") {
		s.letRead(c, p.Code)
	}
	c.Status(p.Status)
	return sendJSON(c, p, "application/problem+json")
}

// letRead lets the page that asked read why it was refused, where the refusal
// came before its origin was looked at. A page whose origin is the reason, or
// is another site's, reads nothing.
func (s *Server) letRead(c *fiber.Ctx, code string) {
	h := &c.Response().Header
	if len(h.Peek("Access-Control-Allow-Origin")) > 0 {
		return
	}
	varyByOrigin(c)
	origin := c.Get("Origin")
	if origin == "" || code == discuss.ErrOrigin.Code {
		return
	}
	ctx, done := reqCtx()
	defer done()
	sites, err := s.cfg.Sites.Sites(ctx)
	if err != nil {
		return
	}
	key := routeSite(c)
	for _, site := range sites {
		if (key == "" || key == site.Key) && slices.Contains(site.Origins, origin) {
			s.letOrigin(c, origin)
			return
		}
	}
}

// routeSite is the site that the path names; "" where it names none.
func routeSite(c *fiber.Ctx) string {
	rest, _ := strings.CutPrefix(c.Path(), "/api/v1/sites/")
	if rest == c.Path() {
		return ""
	}
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// errorChain keeps the causes of an error readable in the log.
func errorChain(err error) string {
	var parts []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		parts = append(parts, e.Error())
	}
	return strings.Join(parts, ": ")
}

const apiCSP = "default-src 'none'; sandbox; frame-ancestors 'none'"

func statusText(n int) string {
	if t := fiber.NewError(n).Message; t != "" {
		return t
	}
	return "Error"
}
