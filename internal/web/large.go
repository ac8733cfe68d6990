package web

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/valyala/fasthttp"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// largeBodyTimeout is how long a part of a file may take: 8 MiB at half a megabit a second.
const largeBodyTimeout = 130 * time.Second

// bodyLimit says how large the body of a request may be whose head has come; 0
// where nothing is said. A body is held in memory, and this is before any gate:
// what is larger than others is read from whoever may send it, and from nobody else.
func (s *Server) bodyLimit() func(h *fasthttp.RequestHeader) int {
	type route struct {
		method string
		parts  []string
		member bool
		most   int
	}
	var routes []route
	for _, r := range s.table {
		if r.Large {
			routes = append(routes, route{r.Method, strings.Split(r.Path, "/"), r.Member, r.Limit})
		}
	}
	return func(h *fasthttp.RequestHeader) int {
		if h.IsGet() || h.ContentLength() >= 0 && h.ContentLength() <= edge.MaxBody {
			return 0
		}
		path, _, _ := bytes.Cut(h.RequestURI(), []byte("?"))
		parts := strings.Split(string(path), "/")
		for _, r := range routes {
			if site, ok := siteOf(r.parts, parts); ok && r.method == string(h.Method()) && (r.member && s.isMember(h, site) || !r.member && s.mayImport(h, site)) {
				return r.most
			}
		}
		return 0
	}
}

// siteOf gives the site of a path that is a route's.
func siteOf(route, path []string) (site string, ok bool) {
	if len(route) != len(path) {
		return "", false
	}
	for i, part := range route {
		switch {
		case part == ":site":
			site = path[i]
		case !strings.HasPrefix(part, ":") && part != path[i]:
			return "", false
		}
	}
	return site, site != ""
}

// isMember reports whether the head of a request names somebody who is signed in
// on the site, where that takes images. The gate asks again, and for more.
func (s *Server) isMember(h *fasthttp.RequestHeader, site string) bool {
	tokens := []string{string(h.Cookie(edge.WidgetCookie)), string(h.Cookie(edge.AccountCookie))}
	if bearer, ok := strings.CutPrefix(string(h.Peek("Authorization")), "Bearer "); ok {
		tokens = []string{bearer}
	}
	tokens = slices.DeleteFunc(tokens, func(t string) bool { return t == "" })
	if len(tokens) == 0 || s.Auth == nil {
		return false
	}
	ctx, done := edge.Deadline()
	defer done()
	on, err := s.Site(ctx, site)
	if err != nil || on.Settings.Images == discuss.ImagesOff {
		return false
	}
	for _, token := range tokens {
		if v, err := s.Auth.Who(ctx, token); err == nil && (v.Site == 0 || v.Site == on.ID) {
			return true
		}
	}
	return false
}

// mayImport reports whether the head of a request names somebody who may change
// the site. The gate asks again, and for more.
func (s *Server) mayImport(h *fasthttp.RequestHeader, site string) bool {
	ctx, done := edge.Deadline()
	defer done()
	token, kind := string(h.Cookie(edge.AccountCookie)), auth.AccountSession
	if bearer, ok := strings.CutPrefix(string(h.Peek("Authorization")), "Bearer "); ok {
		token, kind = bearer, auth.ProgramSession
	}
	if token == "" || s.Auth == nil {
		return false
	}
	v, err := s.Auth.Who(ctx, token)
	if err != nil || v.Kind != kind {
		return false
	}
	on, err := s.Site(ctx, site)
	if err != nil {
		return false
	}
	who, err := s.Actor(ctx, on, v, token)
	return err == nil && who.Actor.May(discuss.ActSettings)
}
