package edge

import (
	"context"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Account finds the caller of an account route: the session of a document of
// our own origin, or a program. A widget session is told that this is not for
// it, whatever else is wrong: what holds it runs on a publisher's page.
func (d *Door) Account(ctx context.Context, c *fiber.Ctx) (Person, error) {
	c.Set("Cache-Control", "no-store")
	VaryByOrigin(c)
	safe := c.Method() == fiber.MethodGet
	if bearer, ok := strings.CutPrefix(c.Get("Authorization"), "Bearer "); ok {
		v, err := d.Auth.Who(ctx, bearer)
		if err != nil {
			return Person{}, SignedOut(err)
		}
		if v.Kind != auth.ProgramSession {
			return Person{}, discuss.ErrFirstParty
		}
		if !safe && !v.May("admin") || v.Site != 0 {
			return Person{}, ErrScope
		}
		return Person{v, bearer}, nil
	}
	o := c.Get("Origin")
	if o == "" && safe && c.Get("Sec-Fetch-Site") == "same-origin" {
		o = d.Own // a browser sends no Origin with a GET of its own page, and says this instead
	}
	if o == "" || o != d.Own && !d.OwnOrigin(c, o) || c.Get(GuardHeader) != "1" {
		return Person{}, discuss.ErrFirstParty
	}
	v, token, err := d.SessionOf(ctx, c, AccountCookie, auth.AccountSession)
	if discuss.KindOf(err) == discuss.NotFound && c.Cookies(WidgetCookie) != "" {
		return Person{}, discuss.ErrFirstParty
	}
	return Person{v, token}, SignedOut(err)
}

// Fresh is account for what must not be done with a session that somebody has
// left open. A program has just shown its token.
func (d *Door) Fresh(ctx context.Context, c *fiber.Ctx) (Person, error) {
	p, err := d.Account(ctx, c)
	if err == nil && p.Kind == auth.AccountSession && !d.Auth.Fresh(p.Session) {
		err = auth.ErrProof
	}
	return p, err
}

// Guarded is fresh for what changes the ways into an account.
func (d *Door) Guarded(ctx context.Context, c *fiber.Ctx) (Person, error) {
	p, err := d.Fresh(ctx, c)
	if err == nil {
		err = d.Auth.MayChangeWays(ctx, p.Session)
	}
	return p, err
}
