package systemtest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/valyala/fasthttp"

	"parley/internal/app"
	"parley/internal/discuss"
)

// served is the whole program inside this process, for profiles.
type served struct {
	b     *testing.B
	in    *app.Instance
	addr  string
	token string
}

func newServed(b *testing.B) *served {
	b.Helper()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	s := &app.Settings{Listen: addr, Database: "sqlite:" + filepath.Join(b.TempDir(), "parley.db"), RateLimits: "off"}
	in, err := app.Start(s)
	if err != nil {
		b.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	b.Cleanup(func() {
		stop()
		if err := in.Wait(ctx); err != nil {
			b.Error(err)
		}
	})
	site, err := app.AddSite(context.Background(), in.DB, "news", "News", []string{testOrigin}, func(v *discuss.Settings) error { v.Hold = ""; return nil })
	if err != nil {
		b.Fatal(err)
	}
	if err := app.AddUser(context.Background(), s, in.DB, site, "mo@example.com", "Mo", testPassword, discuss.Moderator); err != nil {
		b.Fatal(err)
	}
	v := &served{b: b, in: in, addr: addr}
	res, err := http.Post("http://"+addr+"/api/v1/sites/news/login", "application/json", strings.NewReader(fmt.Sprintf(`{"email":"mo@example.com","password":%q,"session":"token"}`, testPassword)))
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	var out struct{ Token string }
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil || out.Token == "" {
		b.Fatal(err, res.StatusCode)
	}
	v.token = "Bearer " + out.Token
	return v
}

func (v *served) request(method, path, body string) *fasthttp.Request {
	r := fasthttp.AcquireRequest()
	r.SetRequestURI("http://" + v.addr + path)
	r.Header.SetMethod(method)
	r.Header.Set("Authorization", v.token)
	r.Header.Set("Accept-Encoding", "gzip")
	if body != "" {
		r.Header.SetContentType("application/json")
		r.SetBodyString(body)
	}
	return r
}

func (v *served) send(c *fasthttp.HostClient, r *fasthttp.Request, res *fasthttp.Response, want int) {
	if err := c.Do(r, res); err != nil {
		v.b.Error(err)
	} else if res.StatusCode() != want {
		v.b.Errorf("%d %s", res.StatusCode(), res.Body())
	}
}

const (
	benchWriters = 64
	benchReaders = 16
	benchText    = "Boats will call at Eastgate, Customs Quay and the Lock; fares stay the same as by day."
)

// BenchmarkDurablePosts is posts over HTTP by 64 writers, client included;
// cmd/bench holds them against raw group commit.
func BenchmarkDurablePosts(b *testing.B) {
	v := newServed(b)
	c := &fasthttp.HostClient{Addr: v.addr, MaxConns: benchWriters}
	b.SetParallelism(benchWriters / 2)
	b.ReportAllocs()
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		r, res := v.request("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"writes","body":%q}`, benchText)), fasthttp.AcquireResponse()
		for pb.Next() {
			v.send(c, r, res, 201)
		}
	})
}

// BenchmarkPostsOverThreads is BenchmarkDurablePosts with texts of their own in 50 threads.
func BenchmarkPostsOverThreads(b *testing.B) {
	v := newServed(b)
	c := &fasthttp.HostClient{Addr: v.addr, MaxConns: benchWriters}
	b.SetParallelism(benchWriters / 2)
	b.ReportAllocs()
	var n atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		res := fasthttp.AcquireResponse()
		for pb.Next() {
			i := n.Add(1)
			r := v.request("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"writes %d","body":"Number %d: %s %s"}`, i%50, i, benchText, benchText))
			v.send(c, r, res, 201)
			fasthttp.ReleaseRequest(r)
		}
	})
}

// BenchmarkPageAfterAComment is a post and the page of 20 roots with replies
// that has to be made anew after it.
func BenchmarkPageAfterAComment(b *testing.B) {
	v := newServed(b)
	c := &fasthttp.HostClient{Addr: v.addr, MaxConns: 4}
	res := fasthttp.AcquireResponse()
	post := func(parent string) string {
		v.send(c, v.request("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"page","body":%q,"parent_id":%s}`, benchText, parent)), res, 201)
		var out struct{ Comment struct{ ID string } }
		if err := json.Unmarshal(res.Body(), &out); err != nil {
			b.Fatal(err)
		}
		return fmt.Sprintf("%q", out.Comment.ID)
	}
	var roots []string
	for range 20 {
		root := post("null")
		for range 3 {
			post(root)
		}
		roots = append(roots, root)
	}
	read := v.request("GET", "/api/v1/sites/news/comments?thread=page", "")
	for _, withRead := range []bool{false, true} {
		b.Run(map[bool]string{false: "post", true: "post+page"}[withRead], func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				post(roots[i%len(roots)])
				if withRead {
					v.send(c, read, res, 200)
				}
			}
		})
	}
}

// BenchmarkCachedPage is a page that is good, and the answer that says so;
// cmd/bench holds them against a bare handler.
func BenchmarkCachedPage(b *testing.B) {
	v := newServed(b)
	c := &fasthttp.HostClient{Addr: v.addr, MaxConns: benchReaders}
	res := fasthttp.AcquireResponse()
	for range 20 {
		v.send(c, v.request("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"page","body":%q}`, benchText)), res, 201)
	}
	read := v.request("GET", "/api/v1/sites/news/comments?thread=page", "")
	v.send(c, read, res, 200)
	etag := string(res.Header.Peek("Etag"))
	for name, want := range map[string]int{"page": 200, "304": 304} {
		b.Run(name, func(b *testing.B) {
			b.SetParallelism(benchReaders / 2)
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				r, res := v.request("GET", "/api/v1/sites/news/comments?thread=page", ""), fasthttp.AcquireResponse()
				if want == 304 {
					r.Header.Set("If-None-Match", etag)
				}
				for pb.Next() {
					v.send(c, r, res, want)
				}
			})
		})
	}
}
