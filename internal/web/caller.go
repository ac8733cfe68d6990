package web

import (
	"context"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// The cookies; see CONTRACT "Who may call".
const (
	widgetCookie  = "__Host-parley-w"
	accountCookie = "__Host-parley"
	deviceCookie  = "__Host-parley-d" // a browser that an account has signed in with before
	guestCookie   = "__Host-parley-g" // what guests of this browser wrote, until one of them has an account
	guardHeader   = "X-Parley"
)

// caller is who asks, on one site.
type caller struct {
	session auth.Session
	actor   discuss.Actor
	token   string
	weak    bool // has a role here that needs a second factor first
}

// allow sets the CORS headers of a private route and says whether the origin
// may call for this site: one on its list, or our own.
func (s *Server) allow(c *fiber.Ctx, site discuss.Site) (origin string, own, ok bool) {
	origin = c.Get("Origin")
	varyByOrigin(c)
	if origin == "" {
		return "", false, false
	}
	if s.ownOrigin(c, origin) {
		own, ok = true, true
	} else {
		for _, o := range site.Origins {
			if o == origin {
				ok = true
			}
		}
	}
	if ok {
		s.letOrigin(c, origin)
	}
	return origin, own, ok
}

// letOrigin lets pages of an origin read the answer, when to try again included.
func (*Server) letOrigin(c *fiber.Ctx, origin string) {
	c.Set("Access-Control-Allow-Origin", origin)
	c.Set("Access-Control-Allow-Credentials", "true")
	c.Set("Access-Control-Expose-Headers", "Retry-After")
}

// varyByOrigin says, once, that the answer depends on who asks.
func varyByOrigin(c *fiber.Ctx) {
	h := &c.Response().Header
	for _, v := range h.PeekAll("Vary") {
		if string(v) == "Origin" {
			return
		}
	}
	h.Add("Vary", "Origin")
}

// identify finds out who calls a private route of a site. A signed-out caller
// is the zero actor: whether that is enough is the verb's business.
func (s *Server) identify(ctx context.Context, c *fiber.Ctx, site discuss.Site) (caller, error) {
	origin, own, ok := s.allow(c, site)
	c.Set("Cache-Control", "no-store")
	bearer, hasBearer := strings.CutPrefix(c.Get("Authorization"), "Bearer ")
	if hasBearer {
		v, err := s.cfg.Auth.Who(ctx, bearer)
		if err != nil {
			return caller{}, signedOut(err)
		}
		if v.Kind == auth.ProgramSession {
			if safe := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead; !safe && !v.May("write") {
				return caller{}, errScope
			}
			return s.actor(ctx, site, v, bearer)
		}
		if v.Kind != auth.BearerSession || v.Site != site.ID {
			return caller{}, discuss.ErrSignedOut
		}
		if !ok {
			return caller{}, s.refuseOrigin(site, origin)
		}
		return s.actor(ctx, site, v, bearer)
	}
	safe := c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead
	if !ok && (origin != "" || !safe) {
		return caller{}, s.refuseOrigin(site, origin)
	}
	if !safe && c.Get(guardHeader) != "1" {
		return caller{}, &discuss.Error{Kind: discuss.Forbidden, Code: "origin", Detail: "The header X-Parley: 1 is missing."}
	}
	if own || origin == "" && safe && c.Get("Sec-Fetch-Site") != "cross-site" {
		if v, token, err := s.session(ctx, c, accountCookie, auth.AccountSession); err == nil {
			return s.actor(ctx, site, v, token)
		} else if discuss.KindOf(err) != discuss.NotFound {
			return caller{}, err
		}
	}
	v, token, err := s.session(ctx, c, widgetCookie, auth.WidgetSession)
	if discuss.KindOf(err) == discuss.NotFound || err == nil && v.Site != site.ID {
		return caller{}, nil
	}
	if err == nil && framed(v) && !own && (origin != "" || c.Get("Sec-Fetch-Site") != "same-origin") {
		return caller{}, nil // the frame's own: no page around it may use it
	}
	if err != nil {
		return caller{}, err
	}
	return s.actor(ctx, site, v, token)
}

// proved refuses a person whose session has not shown of late who they are: an
// unlocked screen gives no roles, takes nothing out and opens no other service.
// A program's token is its own proof.
func (s *Server) proved(who caller) error {
	if who.session.Kind == auth.AccountSession && !s.cfg.Auth.Fresh(who.session) {
		return auth.ErrProof
	}
	return nil
}

func signedOut(err error) error {
	if discuss.KindOf(err) == discuss.NotFound {
		return discuss.ErrSignedOut
	}
	return err
}

// frameScope marks a widget session that our own frame has claimed: it may also
// moderate on its site, and only documents of our origin may use it.
const frameScope = "frame"

func framed(v auth.Session) bool {
	return v.Kind == auth.WidgetSession && slices.Contains(v.Scopes, frameScope)
}

// session reads the session of one cookie.
func (s *Server) session(ctx context.Context, c *fiber.Ctx, cookie string, kind auth.Kind) (auth.Session, string, error) {
	token := c.Cookies(cookie)
	v, err := s.cfg.Auth.Who(ctx, token)
	if err == nil && v.Kind != kind {
		err = discuss.ErrNotFound
	}
	return v, token, err
}

// actor is the person of a session on a site. A widget session takes part and
// nothing more: it has no role, so that a script on the publisher's page can
// not moderate.
func (s *Server) actor(ctx context.Context, site discuss.Site, v auth.Session, token string) (caller, error) {
	if v.Account.Site != 0 && v.Account.Site != site.ID {
		return caller{}, nil // known on another site only: here he is nobody
	}
	if v.Kind == auth.ProgramSession && v.Site != 0 && v.Site != site.ID {
		return caller{}, errScope
	}
	out := caller{session: v, token: token}
	out.actor = discuss.Actor{Account: v.Account.ID, Name: v.Account.Name, Role: discuss.Member}
	a, err := s.cfg.Sites.MemberOf(ctx, site.ID, v.Account.ID)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return out, err
	}
	out.actor.Author = a
	if a.BannedAt(s.cfg.Now()) && !v.Account.Operator { // whoever is kept out has no say there either
		return out, nil
	}
	if framed(v) && a.ID != 0 {
		out.actor.Role = a.Role // on this site only; never the operator's powers
		if a.Role == discuss.Admin {
			out.actor.Role = discuss.Moderator // roles, settings and secrets are for the dashboard's own session
		}
		if site.Settings.SignIn.StaffSecond && !v.Second {
			out.weak = out.actor.Role.AtLeast(discuss.Moderator)
			out.actor.Role = discuss.Member
		}
	}
	if v.Kind == auth.AccountSession || v.Kind == auth.ProgramSession {
		out.actor.Operator = v.Account.Operator
		if a.ID != 0 {
			out.actor.Role = a.Role
		}
		if site.Settings.SignIn.StaffSecond && !v.Second {
			out.weak = out.actor.Operator || out.actor.Role.AtLeast(discuss.Moderator)
			out.actor.Operator, out.actor.Role = false, discuss.Member
		}
		narrow(&out.actor, v)
	}
	return out, nil
}

var errScope = &discuss.Error{Kind: discuss.Forbidden, Code: "scope", Detail: "The token's scopes do not reach that far."}

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

// firstParty finds the account session of a page on our own origin.
func (s *Server) firstParty(ctx context.Context, c *fiber.Ctx) (auth.Session, error) {
	if err := s.ownOnly(c); err != nil {
		return auth.Session{}, err
	}
	v, _, err := s.session(ctx, c, accountCookie, auth.AccountSession)
	return v, signedOut(err)
}

// ownOnly refuses a write that does not come from a document of our origin.
func (s *Server) ownOnly(c *fiber.Ctx) error {
	varyByOrigin(c)
	c.Set("Cache-Control", "no-store")
	if o := c.Get("Origin"); o == "" || !s.ownOrigin(c, o) || c.Get(guardHeader) != "1" {
		return discuss.ErrOrigin
	}
	return nil
}

// preflight answers the browser's question before a private call: the origin
// must be on some site's list; the call itself is then checked for its own.
func (s *Server) preflight(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	varyByOrigin(c)
	sites, err := s.cfg.Sites.Sites(ctx)
	if err != nil {
		return err
	}
	key := routeSite(c)
	for _, site := range sites {
		if key != "" && site.Key != key {
			continue
		}
		if _, _, ok := s.allow(c, site); ok {
			c.Set("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE")
			c.Set("Access-Control-Allow-Headers", "Content-Type, X-Parley, Idempotency-Key, X-Parley-Proof, Authorization")
			c.Set("Access-Control-Max-Age", "600")
			return c.SendStatus(fiber.StatusNoContent)
		}
		if key != "" {
			return s.refuseOrigin(site, c.Get("Origin"))
		}
	}
	return discuss.ErrOrigin
}

func setCookie(c *fiber.Ctx, name, value string, maxAge int) {
	attrs := "; Path=/; Secure; HttpOnly; SameSite=Lax"
	if name == widgetCookie || name == guestCookie {
		attrs = "; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
	}
	c.Response().Header.Add("Set-Cookie", name+"="+value+attrs+"; Max-Age="+itoa(maxAge))
}
