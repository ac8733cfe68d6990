package cached

import (
	"bytes"
	"context"
	"time"

	"github.com/gofiber/fiber/v2"
)

// Document is an answer that is no JSON and the same for everyone who asks in
// the same words.
type Document struct {
	Key  string // all that it depends on
	Type string
	Vary string // request headers in Key, beside Accept-Encoding
}

// documentControl is the Cache-Control of documents.
var documentControl = []byte("public, max-age=30")

// DocumentAge is how long a kept document is right at most: some say how long
// something will last.
const DocumentAge = 30 * time.Second

// SendDocument sends a document that is kept, or plans, makes and keeps it. It
// follows a thread (or NewThreads, AnyThread).
func (p *Pages) SendDocument(ctx context.Context, c *fiber.Ctx, d Document, now time.Time, plan func() (follows int64, build func() ([]byte, error), err error)) error {
	page := p.cache.Get([]byte(d.Key))
	if page == nil {
		m := p.Marks()
		follows, build, err := plan()
		if err != nil {
			return err
		}
		page, err = p.fill(ctx, d.Key, p.since(m, follows), documentControl, func() ([]byte, time.Time, error) {
			b, err := build()
			return b, now.Add(DocumentAge), err
		})
		if err != nil {
			return err
		}
	}
	h := &c.Response().Header
	h.SetCanonical(hOrigin, hAny)
	h.SetCanonical(hETag, page.ETag)
	h.SetCanonical(hCache, page.Control)
	h.Add("Vary", "Accept-Encoding")
	if d.Vary != "" {
		h.Add("Vary", d.Vary)
	}
	if inm := c.Request().Header.Peek("If-None-Match"); len(inm) > 0 && bytes.Contains(inm, page.ETag[len("W/"):]) {
		c.Response().SetStatusCode(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType(d.Type)
	return p.body(c.Context(), page)
}
