package edge

import (
	"context"
	"net/netip"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/cached"
)

// Request is one request on its way: what its gate has found out is filled in
// before the route's function sees it.
type Request struct {
	*fiber.Ctx
	Deadline context.Context // ends with RequestTimeout; bounds reads alone
	Door     *Door

	Site   discuss.Site // that the path, its comment or its person names
	ID     discuss.ID   // of the comment or the person that the path names
	Caller Caller
	Who    discuss.Actor // of caller, on Site
	Person Person        // of an account route

	marks    cached.Marks // of a cached route
	strict   bool         // the body may hold nothing that the route does not know
	answered bool
}

// Accepted answers 202 with nothing, where a success has more to say.
func (q *Request) Accepted() {
	q.Status(fiber.StatusAccepted)
	q.answered = true
}

// NoContent answers 204, where a success has more to say.
func (q *Request) NoContent() {
	q.Status(fiber.StatusNoContent)
	q.answered = true
}

// Caller is who asks, on one site.
type Caller struct {
	Session auth.Session
	Actor   discuss.Actor
	Token   string
	Weak    bool // has a role here that needs a second factor first
}

// Person is who calls an account route.
type Person struct {
	auth.Session
	Token string
}

// Addr is the caller's address.
func (q *Request) Addr() netip.Addr { return q.Door.ClientAddr(q.Ctx) }

// Wanted is the language of the page: asked for, or as the browser says.
func Wanted(c *fiber.Ctx) string {
	if v := c.Query("lang"); v != "" {
		return v
	}
	return c.Get("Accept-Language")
}
