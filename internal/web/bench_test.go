package web

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/internal/discuss"
	"parley/internal/pagecache"
	"parley/internal/web/cached"
	"parley/internal/web/edge"
)

// BenchmarkCached is what an answer from the cache costs beside the same bytes
// from a bare Fiber handler: by the address that the widget sends, by one that
// says the same in other words, and where the browser has it already.
func BenchmarkCached(b *testing.B) {
	s, err := New(Config{PublicURL: "http://127.0.0.1:8080", Now: time.Now})
	if err != nil {
		b.Fatal(err)
	}
	const (
		page   = "/api/v1/sites/news/comments?thread=a&sort=best"
		counts = "/api/v1/sites/news/counts?thread=a&thread=b"
	)
	answers := func(path string, out any) edge.Route {
		return edge.Cached(edge.Route{Method: "GET", Path: path, Gate: edge.Anybody}, cached.Revalidate,
			func(context.Context, *edge.Request, edge.None) (int64, func() (any, error), error) {
				return 1, func() (any, error) { return out, nil }, nil
			})
	}
	app := newApp(s.Fail, func(*fasthttp.RequestHeader) int { return 0 })
	first := guard{host: []byte("127.0.0.1:8080"), pages: s.Pages, meters: s.meters, fail: s.Fail, trouble: &s.trouble}
	app.Use(first.handle)
	s.Door.Serve(app, []edge.Route{
		answers("/api/v1/sites/:site/comments", somePage()),
		answers("/api/v1/sites/:site/counts", map[string]any{"counts": map[string]int{"a": 12, "b": 3}}),
	})
	body, err := edge.Encode(somePage())
	if err != nil {
		b.Fatal(err)
	}
	handler := first.before(app.Handler())
	for _, target := range []string{page, counts} { // kept from here on
		var ctx fasthttp.RequestCtx
		ctx.Request.SetRequestURI(target)
		ctx.Request.SetHost("127.0.0.1:8080")
		handler(&ctx)
	}
	kept := s.Pages.Get([]byte(page))
	if kept == nil {
		b.Fatal("the page is not kept")
	}
	packed := pagecache.Gzip(body)
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bare.Get("/api/v1/sites/:site/comments", func(c *fiber.Ctx) error {
		h := &c.Response().Header
		h.SetCanonical([]byte("Etag"), kept.ETag)
		h.SetCanonical([]byte("Content-Encoding"), []byte("gzip"))
		h.SetContentType("application/json")
		c.Response().SetBodyRaw(packed)
		return nil
	})
	for _, c := range []struct {
		name, target, etag string
		handler            fasthttp.RequestHandler
		status             int
	}{
		{"bare", page, "", bare.Handler(), 200},
		{"page", page, "", handler, 200},
		{"304", page, string(kept.ETag), handler, 304},
		{"counts", counts, "", handler, 200},
		{"other words", page + "&utm_source=x", "", handler, 200},
	} {
		var ctx fasthttp.RequestCtx
		var req fasthttp.Request
		req.Header.SetMethod("GET")
		req.Header.SetRequestURI(c.target)
		req.Header.SetHost("127.0.0.1:8080")
		req.Header.Set("Accept-Encoding", "gzip")
		if c.etag != "" {
			req.Header.Set("If-None-Match", c.etag)
		}
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				ctx.Init(&req, nil, nil)
				c.handler(&ctx)
				if ctx.Response.StatusCode() != c.status || c.status == 200 && !bytes.Equal(ctx.Response.Header.Peek("Content-Encoding"), []byte("gzip")) {
					b.Fatalf("answers %d", ctx.Response.StatusCode())
				}
			}
		})
	}
}

func somePage() []discuss.Comment {
	at := time.Date(2026, 11, 14, 8, 0, 0, 0, time.UTC)
	one := func(i int, parent discuss.ID) discuss.Comment {
		return discuss.Comment{
			ID: discuss.ID(1<<50 + i), ThreadID: 1 << 49, Parent: parent, Root: 1 << 50, Status: discuss.Published, Created: at, Up: i, Replies: 3, Kids: 3,
			Author: discuss.Author{ID: discuss.ID(1<<48 + i), Name: fmt.Sprint("Reader ", i)},
			HTML:   "<p>Boats will call at Eastgate, Customs Quay &amp; the Lock; fares stay the same as by day.</p>",
		}
	}
	var out []discuss.Comment
	for i := range 20 {
		c := one(i, 0)
		for j := range 3 {
			c.Children = append(c.Children, one(100+3*i+j, c.ID))
		}
		out = append(out, c)
	}
	return out
}
