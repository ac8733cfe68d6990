package edge

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// The cookies; see CONTRACT "Who may call".
const (
	WidgetCookie  = "__Host-parley-w"
	AccountCookie = "__Host-parley"
	DeviceCookie  = "__Host-parley-d" // a browser that an account has signed in with before
	GuestCookie   = "__Host-parley-g" // what guests of this browser wrote, until one of them has an account
	GuardHeader   = "X-Parley"
)

// Allow sets the CORS headers of a private route and says whether the origin
// may call for this site: one on its list, or our own.
func (d *Door) Allow(c *fiber.Ctx, site discuss.Site) (origin string, own, ok bool) {
	origin = c.Get("Origin")
	VaryByOrigin(c)
	if origin == "" {
		return "", false, false
	}
	if d.OwnOrigin(c, origin) {
		own, ok = true, true
	} else {
		for _, o := range site.Origins {
			if o == origin {
				ok = true
			}
		}
	}
	if ok {
		d.letOrigin(c, origin)
	}
	return origin, own, ok
}

// letOrigin lets pages of an origin read the answer, when to try again included.
func (*Door) letOrigin(c *fiber.Ctx, origin string) {
	c.Set("Access-Control-Allow-Origin", origin)
	c.Set("Access-Control-Allow-Credentials", "true")
	c.Set("Access-Control-Expose-Headers", "Retry-After")
}

// VaryByOrigin says, once, that the answer depends on who asks.
func VaryByOrigin(c *fiber.Ctx) {
	h := &c.Response().Header
	for _, v := range h.PeekAll("Vary") {
		if string(v) == "Origin" {
			return
		}
	}
	h.Add("Vary", "Origin")
}

// Identify finds out who calls a private route of a site. A signed-out caller
// is the zero actor: whether that is enough is the verb's business.
func (d *Door) Identify(ctx context.Context, c *fiber.Ctx, site discuss.Site) (Caller, error) {
	origin, own, ok := d.Allow(c, site)
	c.Set("Cache-Control", "no-store")
	bearer, hasBearer := strings.CutPrefix(c.Get("Authorization"), "Bearer ")
	if hasBearer {
		v, err := d.Auth.Who(ctx, bearer)
		if err != nil {
			return Caller{}, SignedOut(err)
		}
		if v.Kind == auth.ProgramSession {
			if safe := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead; !safe && !v.May("write") {
				return Caller{}, ErrScope
			}
			return d.Actor(ctx, site, v, bearer)
		}
		if v.Kind != auth.BearerSession || v.Site != site.ID {
			return Caller{}, discuss.ErrSignedOut
		}
		if !ok {
			return Caller{}, d.RefuseOrigin(c, site, origin)
		}
		return d.Actor(ctx, site, v, bearer)
	}
	safe := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if !ok && (origin != "" || !safe) {
		return Caller{}, d.RefuseOrigin(c, site, origin)
	}
	if !safe && c.Get(GuardHeader) != "1" {
		return Caller{}, &discuss.Error{Kind: discuss.Forbidden, Code: "origin", Detail: "The header X-Parley: 1 is missing."}
	}
	if own || origin == "" && safe && c.Get("Sec-Fetch-Site") != "cross-site" {
		if v, token, err := d.SessionOf(ctx, c, AccountCookie, auth.AccountSession); err == nil {
			return d.Actor(ctx, site, v, token)
		} else if discuss.KindOf(err) != discuss.NotFound {
			return Caller{}, err
		}
	}
	v, token, err := d.SessionOf(ctx, c, WidgetCookie, auth.WidgetSession)
	if discuss.KindOf(err) == discuss.NotFound || err == nil && v.Site != site.ID {
		return Caller{}, nil
	}
	if err == nil && Framed(v) && !own && (origin != "" || c.Get("Sec-Fetch-Site") != "same-origin") {
		return Caller{}, nil // the frame's own: no page around it may use it
	}
	if err != nil {
		return Caller{}, err
	}
	return d.Actor(ctx, site, v, token)
}

// Proved refuses a person whose session has not shown of late who they are: an
// unlocked screen gives no roles, takes nothing out and opens no other service.
// A program's token is its own proof.
func (d *Door) Proved(who Caller) error {
	if who.Session.Kind == auth.AccountSession && !d.Auth.Fresh(who.Session) {
		return auth.ErrProof
	}
	return nil
}

// SignedOut is what a caller is told whose session is not there.
func SignedOut(err error) error {
	if discuss.KindOf(err) == discuss.NotFound {
		return discuss.ErrSignedOut
	}
	return err
}

// FrameScope marks a widget session that our own frame has claimed: it may also
// moderate on its site, and only documents of our origin may use it.
const FrameScope = "frame"

// Framed reports whether a session is one that our own frame has claimed.
func Framed(v auth.Session) bool {
	return v.Kind == auth.WidgetSession && slices.Contains(v.Scopes, FrameScope)
}

// SessionOf reads the session of one cookie.
func (d *Door) SessionOf(ctx context.Context, c *fiber.Ctx, cookie string, kind auth.Kind) (auth.Session, string, error) {
	token := c.Cookies(cookie)
	v, err := d.Auth.Who(ctx, token)
	if err == nil && v.Kind != kind {
		err = discuss.ErrNotFound
	}
	return v, token, err
}

// Actor is the person of a session on a site. A widget session takes part and
// nothing more: it has no role, so that a script on the publisher's page can
// not moderate.
func (d *Door) Actor(ctx context.Context, site discuss.Site, v auth.Session, token string) (Caller, error) {
	if v.Account.Site != 0 && v.Account.Site != site.ID {
		return Caller{}, nil // known on another site only: here he is nobody
	}
	if v.Kind == auth.ProgramSession && v.Site != 0 && v.Site != site.ID {
		return Caller{}, ErrScope
	}
	out := Caller{Session: v, Token: token}
	out.Actor = discuss.Actor{Account: v.Account.ID, Name: v.Account.Name, Role: discuss.Member}
	a, err := d.Sites.MemberOf(ctx, site.ID, v.Account.ID)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return out, err
	}
	out.Actor.Author = a
	if a.BannedAt(d.Now()) && !v.Account.Operator { // whoever is kept out has no say there either
		return out, nil
	}
	if Framed(v) && a.ID != 0 {
		out.Actor.Role = a.Role // on this site only; never the operator's powers
		if a.Role == discuss.Admin {
			out.Actor.Role = discuss.Moderator // roles, settings and secrets are for the dashboard's own session
		}
		if site.Settings.SignIn.StaffSecond && !v.Second {
			out.Weak = out.Actor.Role.AtLeast(discuss.Moderator)
			out.Actor.Role = discuss.Member
		}
	}
	if v.Kind == auth.AccountSession || v.Kind == auth.ProgramSession {
		out.Actor.Operator = v.Account.Operator
		if a.ID != 0 {
			out.Actor.Role = a.Role
		}
		if site.Settings.SignIn.StaffSecond && !v.Second {
			out.Weak = out.Actor.Operator || out.Actor.Role.AtLeast(discuss.Moderator)
			out.Actor.Operator, out.Actor.Role = false, discuss.Member
		}
		narrow(&out.Actor, v)
	}
	return out, nil
}

// ErrScope refuses a program whose token is for less.
var ErrScope = &discuss.Error{Kind: discuss.Forbidden, Code: "scope", Detail: "The token's scopes do not reach that far."}

// narrow takes from an actor what the scopes of a program's token do not hold.
func narrow(a *discuss.Actor, v auth.Session) {
	if !v.May("admin") {
		a.Operator = false
		if a.Role == discuss.Admin {
			a.Role = discuss.Moderator
		}
	}
	if !v.May("moderate") {
		a.Role = discuss.Member
	}
}

// FirstParty finds the account session of a page on our own origin.
func (d *Door) FirstParty(ctx context.Context, c *fiber.Ctx) (auth.Session, error) {
	if err := d.OwnOnly(c); err != nil {
		return auth.Session{}, err
	}
	v, _, err := d.SessionOf(ctx, c, AccountCookie, auth.AccountSession)
	return v, SignedOut(err)
}

// OwnOnly refuses a write that does not come from a document of our origin.
func (d *Door) OwnOnly(c *fiber.Ctx) error {
	VaryByOrigin(c)
	c.Set("Cache-Control", "no-store")
	if o := c.Get("Origin"); o == "" || !d.OwnOrigin(c, o) || c.Get(GuardHeader) != "1" {
		return discuss.ErrOrigin
	}
	return nil
}

// Preflight answers the browser's question before a private call: the origin
// must be on some site's list; the call itself is then checked for its own.
func (d *Door) Preflight(c *fiber.Ctx) error {
	ctx, done := Deadline()
	defer done()
	VaryByOrigin(c)
	sites, err := d.Sites.Sites(ctx)
	if err != nil {
		return err
	}
	key := routeSite(c)
	for _, site := range sites {
		if key != "" && site.Key != key {
			continue
		}
		if _, _, ok := d.Allow(c, site); ok {
			c.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
			c.Set("Access-Control-Allow-Headers", "Content-Type, X-Parley, Idempotency-Key, X-Parley-Proof, Authorization")
			c.Set("Access-Control-Max-Age", "600")
			return c.SendStatus(fiber.StatusNoContent)
		}
		if key != "" {
			return d.RefuseOrigin(c, site, c.Get("Origin"))
		}
	}
	return discuss.ErrOrigin
}

// SetCookie sets one of our cookies, or ends it with a maxAge of 0. Those of
// widgets come back to pages of other sites, in a partition of their own.
func SetCookie(c *fiber.Ctx, name, value string, maxAge int) {
	attrs := "; Path=/; Secure; HttpOnly; SameSite=Lax"
	if name == WidgetCookie || name == GuestCookie {
		attrs = "; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
	}
	c.Response().Header.Add("Set-Cookie", name+"="+value+attrs+"; Max-Age="+strconv.Itoa(maxAge))
}
