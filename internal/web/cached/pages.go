// Package cached keeps the answers that are the same for everyone encoded, until
// what they are about changes.
package cached

import (
	"bytes"
	"context"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/internal/discuss"
	"parley/internal/pagecache"
)

// What a cached answer follows, where it is no thread by its id.
const (
	NewThreads = -1 // threads that do not exist yet
	AnyThread  = -2 // many threads
)

// Values of Cache-Control of cached answers.
const (
	Revalidate = "public, max-age=0, must-revalidate"
	Short      = "public, max-age=5"
)

const cacheBytes = 64 << 20

// Headers of cached answers, written once: setting them by name would
// normalise and copy each at every request.
var (
	hOrigin, hAny         = []byte("Access-Control-Allow-Origin"), []byte("*")
	hETag                 = []byte("Etag")
	hCache                = []byte("Cache-Control")
	hVary, hAccept        = []byte("Vary"), []byte("Accept-Encoding")
	hEncoding, hGzip, hBr = []byte("Content-Encoding"), []byte("gzip"), []byte("br")
)

// Pages are the answers that are the same for everyone and kept encoded.
type Pages struct {
	cache    *pagecache.Cache
	building chan struct{} // pages being made
}

// New keeps nothing yet.
func New(now func() time.Time) *Pages {
	p := &Pages{cache: pagecache.New(cacheBytes), building: make(chan struct{}, 2*runtime.NumCPU())}
	p.cache.Now = now
	return p
}

// Get is the answer to a target that is still right; nil if there is none.
func (p *Pages) Get(target []byte) *pagecache.Page { return p.cache.Get(target) }

// Changed makes the answers stale that events are about.
func (p *Pages) Changed(events []discuss.Event) {
	p.cache.Version(AnyThread).Bump()
	for _, e := range events {
		p.cache.Version(int64(e.ThreadID)).Bump()
		if e.Seq == 1 || e.Type == discuss.ThreadUpdated || e.Type == discuss.ThreadReset { // born, or found by another name
			p.cache.Version(NewThreads).Bump()
		}
	}
}

// Forget drops all answers: something that stands on many has changed.
func (p *Pages) Forget() { p.cache.Clear() }

// Wait returns when nothing is being compressed any more.
func (p *Pages) Wait() { p.cache.Wait() }

// Send sends an encoded answer: the same for everyone, cookies ignored.
func (p *Pages) Send(c *fasthttp.RequestCtx, page *pagecache.Page) error {
	res, req := &c.Response, &c.Request
	h := &res.Header
	h.SetCanonical(hOrigin, hAny)
	h.SetCanonical(hETag, page.ETag)
	h.SetCanonical(hCache, page.Control)
	h.SetCanonical(hVary, hAccept)
	if inm := req.Header.Peek("If-None-Match"); len(inm) > 0 && bytes.Contains(inm, page.ETag[len("W/"):]) { // compared weakly, RFC 9110 13.1.2
		res.SetStatusCode(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType("application/json")
	return p.body(c, page)
}

// body sends an answer in the best encoding that is asked for and made.
func (p *Pages) body(c *fasthttp.RequestCtx, page *pagecache.Page) error {
	res, h := &c.Response, &c.Response.Header
	accept := c.Request.Header.PeekBytes(hAccept)
	if bytes.Contains(accept, hBr) {
		if b := p.cache.Brotli(page); b != nil {
			h.SetCanonical(hEncoding, hBr)
			res.SetBodyRaw(b)
			return nil
		}
	}
	if bytes.Contains(accept, hGzip) {
		h.SetCanonical(hEncoding, hGzip)
		res.SetBodyRaw(p.cache.Gzip(page))
		return nil
	}
	res.SetBodyRaw(page.Raw)
	return nil
}

// ServeCached answers from what is kept, where a request says the same as another in
// other words.
func (p *Pages) ServeCached(c *fiber.Ctx) (done bool, err error) {
	c.Response().Header.SetCanonical(hOrigin, hAny)
	page := p.cache.Get(target(c))
	if page == nil {
		return false, nil
	}
	return true, p.Send(c.Context(), page)
}

// Marks are the versions that an answer is made of. They are taken before
// anything is looked at: a thread may be born while we find that there is none.
type Marks struct{ fresh, any pagecache.Mark }

// Marks takes them.
func (p *Pages) Marks() Marks { return Marks{p.cache.Mark(NewThreads), p.cache.Mark(AnyThread)} }

func (p *Pages) since(m Marks, follows int64) pagecache.Mark {
	switch follows {
	case AnyThread:
		return m.any
	case NewThreads:
		return m.fresh
	}
	return p.cache.Mark(follows).Since(m.fresh)
}

// Answer makes the answer to a request, keeps and sends it. It follows a thread
// (or NewThreads, AnyThread) and is sent with a Cache-Control. One may be large,
// so only so many are made at once; until is when an answer ends by itself.
func (p *Pages) Answer(ctx context.Context, c *fiber.Ctx, m Marks, follows int64, control []byte, make func() (body []byte, until time.Time, err error)) error {
	page, err := p.fill(ctx, string(target(c)), p.since(m, follows), control, make)
	if err != nil {
		return err
	}
	return p.Send(c.Context(), page)
}

func (p *Pages) fill(ctx context.Context, key string, m pagecache.Mark, control []byte, make func() ([]byte, time.Time, error)) (*pagecache.Page, error) {
	return p.cache.Fill(key, m, control, func() ([]byte, time.Time, error) {
		select {
		case p.building <- struct{}{}:
			defer func() { <-p.building }()
		case <-ctx.Done():
			return nil, time.Time{}, discuss.Busy(ctx.Err())
		}
		return make()
	})
}

// parameters are those that public answers depend on, in the order in which
// the widget sends them.
var parameters = []string{"thread", "sort", "view", "limit", "cursor", "after", "lang", "link", "filter", "q", "url", "format", "maxwidth", "maxheight"}

// Knows says whether answers are kept apart by a parameter.
func Knows(parameter string) bool { return slices.Contains(parameters, parameter) }

// target is the request's target in one wording, so that what does not matter
// (other parameters, their order, how they are escaped) makes no second page.
func target(c *fiber.Ctx) []byte {
	out := append([]byte(nil), c.Request().URI().Path()...)
	args, sep := c.Request().URI().QueryArgs(), byte('?')
	for _, name := range parameters {
		for _, v := range args.PeekMulti(name) {
			out = append(append(append(out, sep), name...), '=')
			out = append(out, inQuery.Replace(url.QueryEscape(string(v)))...)
			sep = '&'
		}
	}
	return out
}

// inQuery escapes as browsers do where Go does not.
var inQuery = strings.NewReplacer("~", "%7E", "%2A", "*")
