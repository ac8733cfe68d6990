package pages

import (
	"context"

	"parley/internal/web/edge"
)

// front says what this server is to whoever types its name.
func (r Room) front(_ context.Context, q *edge.Request) error {
	return edge.SendDocument(q.Ctx, documents, "front.html", map[string]any{"W": r.Texts.Words(edge.Wanted(q.Ctx), "account"), "Docs": r.Docs != nil})
}

// robots keep away from what is a person's own. The rest they need: a page's
// comments come from here.
const robots = `User-agent: *
Disallow: /account
Disallow: /auth/
Disallow: /dashboard/
Disallow: /mail/
Disallow: /setup
`

func (r Room) robots(_ context.Context, q *edge.Request) error {
	return small(q, "text/plain; charset=utf-8", robots)
}

// icon is a speech bubble.
const icon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2b59c9"/><path fill="#fff" d="M8 8h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-8l-6 5v-5H8a2 2 0 0 1-2-2v-9a2 2 0 0 1 2-2z"/></svg>`

func (r Room) icon(_ context.Context, q *edge.Request) error {
	return small(q, "image/svg+xml", icon)
}

// small sends a text that changes with releases alone.
func small(q *edge.Request, kind, text string) error {
	q.Set("Content-Type", kind)
	q.Set("Cache-Control", "public, max-age=86400")
	return q.SendString(text)
}
