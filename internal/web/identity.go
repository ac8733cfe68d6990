package web

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

const (
	claimWait = 20 * time.Second
	claimPoll = 250 * time.Millisecond
)

// identitySite is the site of an identity route. Passwords are typed only in
// documents of our origin: a browser on any other is refused, and a program,
// which sends no Origin, gets no cookie here.
func (s *Server) identitySite(ctx context.Context, c *fiber.Ctx) (discuss.Site, error) {
	c.Set("Cache-Control", "no-store")
	edge.VaryByOrigin(c)
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return st, err
	}
	if o := c.Get("Origin"); o != "" && !s.OwnOrigin(c, o) {
		return st, discuss.ErrFirstParty
	}
	return st, nil
}

func (s *Server) postRegister(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.identitySite(ctx, c)
	if err != nil {
		return err
	}
	if !st.Settings.Registration || st.Settings.SignIn.NoAccounts {
		return discuss.ErrRole
	}
	var in struct{ Name, Email, Password string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("register", s.ClientIP(c)); err != nil {
		return err
	}
	if err := s.cfg.Auth.Register(ctx, st, edge.Wanted(c), in.Name, in.Email, in.Password); err != nil {
		return err
	}
	return accepted(c)
}

// accepted answers 202 without a body.
func accepted(c *fiber.Ctx) error {
	c.Status(fiber.StatusAccepted)
	return nil
}

func (s *Server) postVerification(c *fiber.Ctx) error {
	return s.mailTo(c, s.cfg.Auth.ResendVerification)
}

func (s *Server) postPasswordReset(c *fiber.Ctx) error { return s.mailTo(c, s.cfg.Auth.RequestReset) }

func (s *Server) mailTo(c *fiber.Ctx, verb func(ctx context.Context, site discuss.Site, lang, email string) error) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.identitySite(ctx, c)
	if err != nil {
		return err
	}
	var in struct{ Email string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("mail", s.ClientIP(c)); err != nil {
		return err
	}
	if err := verb(ctx, st, edge.Wanted(c), in.Email); err != nil {
		return err
	}
	return accepted(c)
}

func (s *Server) postLogin(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	var in struct{ Email, Password, Session, Code string }
	st, err := s.identitySite(ctx, c)
	if err != nil {
		return err
	}
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	switch in.Session {
	case "token":
		if c.Get("Origin") != "" {
			return discuss.ErrFirstParty
		}
	case "cookie", "", "frame":
		if err := s.OwnOnly(c); err != nil {
			return err
		}
	default:
		return discuss.Bad("session", "must be cookie, token or frame")
	}
	acc, second, err := s.checkLogin(ctx, c, in.Email, in.Password, in.Code)
	if err != nil {
		return err
	}
	if in.Session == "token" {
		token, expires, err := s.cfg.Auth.Start(ctx, auth.Session{Kind: auth.ProgramSession, Account: acc, Name: "login", Agent: edge.Agent(c.Get("User-Agent")), Second: second})
		if err != nil {
			return err
		}
		return edge.SendJSON(c, map[string]string{"token": token, "expires_at": shape.Time(expires)})
	}
	if in.Session == "frame" { // the panel of our own frame: a session for this site, in the frame's partition
		return s.claimed(ctx, c, auth.Session{Kind: auth.WidgetSession, Site: st.ID, Account: acc, Scopes: []string{edge.FrameScope}, Agent: edge.Agent(c.Get("User-Agent")), Second: second})
	}
	if err := s.signedIn(ctx, c, acc, second); err != nil {
		return err
	}
	edge.SetCookie(c, edge.DeviceCookie, s.cfg.Auth.Device(acc.Email), int(auth.DeviceLife.Seconds()))
	return edge.SendJSON(c, map[string]any{"user": shape.User{ID: acc.ID.String(), Name: acc.Name}, "site": st.Key})
}

// checkLogin checks a password and, where the account has one, its second
// factor, within the budget of tries. second says that a factor was checked.
func (s *Server) checkLogin(ctx context.Context, c *fiber.Ctx, email, password, code string) (acc auth.Account, second bool, err error) {
	tries := []edge.Try{{Purpose: "logins", Key: s.ClientIP(c)}, {Purpose: "login", Key: "account " + strings.ToLower(email)}}
	if s.cfg.Auth.KnownDevice(c.Cookies(edge.DeviceCookie), email) {
		// Whoever guesses from elsewhere must not lock out the person themselves.
		tries = []edge.Try{{Purpose: "login", Key: "device " + c.Cookies(edge.DeviceCookie)}}
	}
	err = s.Limits.Attempt(tries, func() (err error) {
		if acc, err = s.cfg.Auth.Login(ctx, email, password); err == nil {
			second, err = s.cfg.Auth.Second(ctx, acc.ID, code)
		}
		return err
	}, auth.WrongGuess)
	return acc, second, err
}

func (s *Server) postLogout(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.Identify(ctx, c, st)
	if err != nil {
		return err
	}
	if who.Token != "" {
		if err := s.cfg.Auth.SignOut(ctx, who.Token); err != nil {
			return err
		}
		switch who.Session.Kind {
		case auth.WidgetSession:
			edge.SetCookie(c, edge.WidgetCookie, "", 0)
		case auth.AccountSession:
			edge.SetCookie(c, edge.AccountCookie, "", 0)
		}
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// postBegin is the sign-in window telling us which widget it signs in for.
func (s *Server) postBegin(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Site, Origin, Challenge, Return, Proof string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("begin", s.ClientIP(c)); err != nil {
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
	txn, err := s.cfg.Auth.BeginPopup(ctx, st.ID, in.Origin, in.Challenge)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, map[string]string{"txn": txn})
}

// postComplete is the sign-in window saying that its person has signed in.
func (s *Server) postComplete(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	v, err := s.FirstParty(ctx, c)
	if err != nil {
		return err
	}
	var in struct{ Txn string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.cfg.Auth.CompletePopup(ctx, in.Txn, v.Account, v.Second, auth.SessionRef(c.Cookies(edge.AccountCookie))); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// postClaim is the widget fetching its session: it waits until the person has
// signed in, so it works where the provider's COOP cut the window's opener.
func (s *Server) postClaim(c *fiber.Ctx) error {
	var in struct {
		Txn, Verifier string
		Bearer        bool
	}
	origin := c.Get("Origin")
	c.Set("Cache-Control", "no-store")
	edge.VaryByOrigin(c)
	if origin == "" || c.Get(edge.GuardHeader) != "1" {
		return discuss.ErrOrigin
	}
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("claim", s.ClientIP(c)); err != nil {
		return err
	}
	ctx, done := context.WithTimeout(context.Background(), claimWait+edge.RequestTimeout)
	defer done()
	for until := time.Now().Add(claimWait); ; time.Sleep(claimPoll) {
		v, ready, err := s.cfg.Auth.Claim(ctx, in.Txn, in.Verifier, origin, in.Bearer)
		if errors.Is(err, auth.ErrClaimExpired) {
			return &edge.HTTPError{Status: fiber.StatusGone, Code: "expired", Detail: auth.ErrClaimExpired.Detail}
		}
		if err != nil {
			return err
		}
		// The origin is the one the ticket was begun for: on the site's list then.
		c.Set("Access-Control-Allow-Origin", origin)
		c.Set("Access-Control-Allow-Credentials", "true")
		if !ready {
			if time.Now().After(until) {
				return accepted(c)
			}
			continue
		}
		if v.Kind == auth.WidgetSession && s.OwnOrigin(c, origin) {
			v.Scopes = []string{edge.FrameScope}
		} else {
			v.Second = false // on the publisher's page the second factor counts for nothing
		}
		return s.claimed(ctx, c, v)
	}
}

func (s *Server) claimed(ctx context.Context, c *fiber.Ctx, v auth.Session) error {
	st, err := s.cfg.Sites.SiteByID(ctx, v.Site)
	if err != nil {
		return err
	}
	if v.Kind != auth.BearerSession {
		acc, err := s.cfg.Auth.Store.AccountByID(ctx, v.Account.ID)
		if err != nil {
			return err
		}
		user, err := s.widgetSession(ctx, c, st, acc, v)
		if err != nil {
			return err
		}
		return edge.SendJSON(c, claimAnswer{User: user})
	}
	token, _, err := s.cfg.Auth.Start(ctx, v)
	if err != nil {
		return err
	}
	full, err := s.cfg.Auth.Who(ctx, token)
	if err != nil {
		return err
	}
	who, err := s.Actor(ctx, st, full, token)
	if err != nil {
		return err
	}
	a := who.Actor.Author
	return edge.SendJSON(c, claimAnswer{User: shape.User{ID: a.ID.String(), Name: full.Account.Name, Avatar: s.shape.Avatar(a)}, Bearer: token})
}

type claimAnswer struct {
	User   shape.User `json:"user"`
	Bearer string     `json:"bearer,omitempty"`
}

// widgetSession gives the caller's browser a session on one site, with the
// scopes and the proof of like, and the
// account what guests of that browser wrote there.
func (s *Server) widgetSession(ctx context.Context, c *fiber.Ctx, st discuss.Site, acc auth.Account, like auth.Session) (shape.User, error) {
	if old := c.Cookies(edge.WidgetCookie); old != "" {
		if err := s.cfg.Auth.End(ctx, old); err != nil {
			return shape.User{}, err
		}
	}
	v := auth.Session{Kind: auth.WidgetSession, Site: st.ID, Account: acc, Agent: edge.Agent(c.Get("User-Agent")), Scopes: like.Scopes, Second: like.Second, From: like.From}
	token, _, err := s.cfg.Auth.Start(ctx, v)
	if err != nil {
		return shape.User{}, err
	}
	if guest := c.Cookies(edge.GuestCookie); guest != "" {
		if err := s.cfg.Auth.AdoptGuest(ctx, guest, st.ID, acc); err != nil {
			return shape.User{}, err
		}
		edge.SetCookie(c, edge.GuestCookie, "", 0)
	}
	who, err := s.Actor(ctx, st, v, token)
	if err != nil {
		return shape.User{}, err
	}
	edge.SetCookie(c, edge.WidgetCookie, token, int(auth.SessionLife.Seconds()))
	a := who.Actor.Author
	return shape.User{ID: a.ID.String(), Name: acc.Name, Avatar: s.shape.Avatar(a)}, nil
}

func (s *Server) postVerify(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Token string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	acc, _, err := s.cfg.Auth.Verify(ctx, in.Token)
	if err != nil {
		return err
	}
	if err := s.signedIn(ctx, c, acc, false); err != nil {
		return err
	}
	return edge.SendJSON(c, map[string]string{"name": acc.Name})
}

func (s *Server) postReset(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.OwnOnly(c); err != nil {
		return err
	}
	var in struct{ Token, Password string }
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.cfg.Auth.Reset(ctx, in.Token, in.Password); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
