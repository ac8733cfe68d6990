package web

import (
	"context"
	"errors"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// The cookies of a login on its way: the first binds it to the browser that
// began, the second to the step that asks a new person for a name.
const (
	loginCookie    = "__Host-parley-login"
	newcomerCookie = "__Host-parley-new"
)

// postProviderLogin is the sign-in window asking where a provider's own
// sign-in is. The state is made here and bound to this browser.
func (s *Server) postProviderLogin(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Site, Origin, Provider, Txn, Return, Proof string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("provider", s.ClientIP(c)); err != nil {
		return err
	}
	st, err := s.Site(ctx, in.Site)
	if err != nil {
		return err
	}
	if !s.Listed(c, st, in.Origin) {
		return s.RefuseOrigin(c, st, in.Origin)
	}
	if err := s.mayReturn(ctx, c, st, in.Origin, in.Return, in.Proof); err != nil {
		return err
	}
	return s.toProvider(ctx, c, st.ID, in.Provider, auth.Trip{Txn: in.Txn, Origin: in.Origin, Return: in.Return})
}

func (s *Server) toProvider(ctx context.Context, c *fiber.Ctx, site discuss.ID, provider string, trip auth.Trip) error {
	to, browser, err := s.cfg.Auth.BeginLogin(ctx, site, provider, trip)
	if err != nil {
		return err
	}
	edge.SetCookie(c, loginCookie, browser, int(auth.PopupLife.Seconds()))
	return edge.SendJSON(c, map[string]string{"url": to})
}

// maxCallback is the size in bytes of the longest form that a provider sends:
// a code, a state and Apple's JSON about the person, or Facebook's signed request.
const maxCallback = 16 << 10

// postCallback is an answer by form, as Apple sends it: from another site, so
// that no cookie comes along. It is turned into the same question by GET.
func (s *Server) postCallback(c *fiber.Ctx) error {
	if err := s.Limits.Take("provider", s.ClientIP(c)); err != nil {
		return err
	}
	form, err := edge.Form(c, maxCallback)
	if err != nil {
		return err
	}
	q := url.Values{}
	for _, k := range []string{"code", "state", "error", "user", "iss"} {
		if v := form.Get(k); v != "" {
			q.Set(k, v)
		}
	}
	c.Set("Content-Security-Policy", edge.APICSP)
	c.Set("Cache-Control", "no-store")
	c.Set("Referrer-Policy", "no-referrer")
	return c.Redirect("/auth/"+url.PathEscape(c.Params("provider"))+"/callback?"+q.Encode(), fiber.StatusSeeOther)
}

// getCallback is where a provider sends the browser back to. Whatever comes of
// it, the window says so and the address loses the code.
func (s *Server) getCallback(c *fiber.Ctx) error {
	ctx, done := context.WithTimeout(context.Background(), edge.RequestTimeout+2*auth.ProviderPatience)
	defer done()
	q, err := url.ParseQuery(string(c.Request().URI().QueryString()))
	if err != nil {
		return edge.ErrNotJSON
	}
	provider := c.Params("provider")
	at, err := s.cfg.Auth.EndLogin(ctx, provider, c.Cookies(loginCookie), q)
	if errors.Is(err, auth.ErrAttempt) {
		c.Status(fiber.StatusBadRequest)
		return s.popup(c, popupMeta{Step: "expired"}, "Parley", "")
	}
	edge.SetCookie(c, loginCookie, "", 0)
	step := "done"
	switch {
	case errors.Is(err, auth.ErrDenied):
		step = "denied"
	case errors.Is(err, auth.ErrProvider), errors.Is(err, auth.ErrWay):
		step = "failed"
	case errors.Is(err, auth.ErrLinkTaken), errors.Is(err, auth.ErrLinkSite):
		step = "taken"
	case errors.Is(err, auth.ErrClaimExpired):
		step = "expired"
	case err != nil:
		return err
	case at.SignUp != "":
		edge.SetCookie(c, newcomerCookie, at.SignUp, int(auth.SignUpLife.Seconds()))
		step = "name"
	case !at.Linked:
		acc, err := s.cfg.Auth.Store.AccountByID(ctx, at.Account)
		if err != nil {
			return err
		}
		err = s.arrived(ctx, c, acc, at.Trip)
		if errors.Is(err, auth.ErrClaimExpired) {
			step = "expired"
		} else if err != nil {
			return err
		}
	}
	return s.goOn(ctx, c, at, provider, step)
}

// goOn leads the window to its next step, or the account's page back to itself.
func (s *Server) goOn(ctx context.Context, c *fiber.Ctx, at auth.Arrival, provider, step string) error {
	c.Set("Content-Security-Policy", edge.APICSP)
	c.Set("Cache-Control", "no-store")
	c.Set("Referrer-Policy", "no-referrer")
	if at.Trip.Account && step != "name" {
		return c.Redirect("/account?"+url.Values{"identity": {step}}.Encode(), fiber.StatusSeeOther)
	}
	st, err := s.cfg.Sites.SiteByID(ctx, at.Site)
	if err != nil {
		return err
	}
	to := url.Values{"site": {st.Key}, "origin": {at.Trip.Origin}, "provider": {provider}, "step": {step}}
	if at.Trip.Return != "" {
		to.Set("return", at.Trip.Return)
		to.Set("proof", s.returnProof(st, at.Trip.Origin, at.Trip.Return))
	}
	return c.Redirect("/auth/popup?"+to.Encode(), fiber.StatusSeeOther)
}

// arrived starts the session of who comes back from a provider, and completes
// the popup that sent them there.
func (s *Server) arrived(ctx context.Context, c *fiber.Ctx, acc auth.Account, trip auth.Trip) error {
	token, err := s.startAccount(ctx, c, acc, false)
	if err != nil || trip.Txn == "" {
		return err
	}
	return s.cfg.Auth.CompletePopup(ctx, trip.Txn, acc, false, auth.SessionRef(token))
}

// signedIn starts the session of our own origin. second says that a passkey or
// a second factor was part of the proof.
func (s *Server) signedIn(ctx context.Context, c *fiber.Ctx, acc auth.Account, second bool) error {
	_, err := s.startAccount(ctx, c, acc, second)
	return err
}

func (s *Server) startAccount(ctx context.Context, c *fiber.Ctx, acc auth.Account, second bool) (token string, err error) {
	token, _, err = s.cfg.Auth.Start(ctx, auth.Session{Kind: auth.AccountSession, Account: acc, Agent: edge.Agent(c.Get("User-Agent")), Second: second})
	if err != nil {
		return "", err
	}
	if old := c.Cookies(edge.AccountCookie); old != "" {
		if err := s.cfg.Auth.Replace(ctx, old, token, acc.ID); err != nil {
			return "", err
		}
	}
	edge.SetCookie(c, edge.AccountCookie, token, int(auth.SessionLife.Seconds()))
	return token, nil
}

// postIntroduce is a new person saying how to be shown.
func (s *Server) postIntroduce(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct {
		Name        string
		Picture     bool
		MailReplies bool `json:"mail_replies"`
	}
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("register", s.ClientIP(c)); err != nil {
		return err
	}
	acc, trip, err := s.cfg.Auth.Introduce(ctx, c.Cookies(newcomerCookie), auth.Introduction{Name: in.Name, Picture: in.Picture, MailReplies: in.MailReplies})
	if err != nil {
		return err
	}
	edge.SetCookie(c, newcomerCookie, "", 0)
	if err := s.arrived(ctx, c, acc, trip); err != nil {
		return err
	}
	return edge.SendJSON(c, map[string]string{"name": acc.Name})
}

// getPicture serves a picture that we have drawn.
func (s *Server) getPicture(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.cfg.Pictures.PictureByID(ctx, c.Params("id"))
	if err != nil {
		return err
	}
	h := &c.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.SetContentType(p.Type)
	c.Response().SetBodyRaw(p.Image)
	return nil
}
