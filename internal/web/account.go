package web

import (
	"context"
	"encoding/hex"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	overviewJSON struct {
		ID          string           `json:"id"`
		Name        string           `json:"name"`
		Email       string           `json:"email"`
		Avatar      string           `json:"avatar_url"`
		Lang        string           `json:"lang"`
		MailReplies string           `json:"mail_replies" enum:"now,hourly,daily,off"`
		Password    bool             `json:"password"`
		Second      bool             `json:"second_factor"`
		Erase       *string          `json:"erase_at"`
		Fresh       bool             `json:"fresh"` // the last proof is new enough for what needs one
		Identities  []identityJSON   `json:"identities"`
		Passkeys    []passkeyJSON    `json:"passkeys"`
		Sites       []membershipJSON `json:"sites"`
	}
	identityJSON struct {
		Provider string `json:"provider"`
		Label    string `json:"label"`
		Name     string `json:"name"`
		Created  string `json:"created_at"`
		Used     string `json:"used_at"`
	}
	passkeyJSON struct {
		ID      string  `json:"id"`
		Name    string  `json:"name"`
		Created string  `json:"created_at"`
		Used    *string `json:"used_at"`
	}
	membershipJSON struct {
		Site     string          `json:"site"`
		Name     string          `json:"name"`
		Role     string          `json:"role"`
		Comments int             `json:"comments"`
		Warnings []shape.Warning `json:"warnings"` // to be acknowledged before the person can write there
	}
	sessionJSON struct {
		ID      string   `json:"id"`
		Kind    string   `json:"kind"`
		Current bool     `json:"current"`
		Site    string   `json:"site"`
		Agent   string   `json:"agent"`
		Name    string   `json:"name"`
		Scopes  []string `json:"scopes"`
		Created string   `json:"created_at"`
		Used    string   `json:"used_at"`
		Expires string   `json:"expires_at"`
	}
	sessionsJSON struct {
		Sessions []sessionJSON `json:"sessions"`
	}
	tokensJSON struct {
		Tokens []sessionJSON `json:"tokens"`
	}
)

func (s *Server) getAccount(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	o, err := s.cfg.Auth.Store.Overview(ctx, p.Account.ID, s.cfg.Now())
	if err != nil {
		return err
	}
	out := overviewJSON{
		ID: o.Account.ID.String(), Name: o.Account.Name, Email: o.Account.Email, Avatar: s.shape.Avatar(discuss.Author{ID: o.Account.ID, Avatar: o.Account.Avatar}),
		Lang: o.Account.Lang, MailReplies: o.MailReplies, Password: o.Password, Second: o.Second, Fresh: s.cfg.Auth.Fresh(p.Session),
		Identities: []identityJSON{}, Passkeys: []passkeyJSON{}, Sites: []membershipJSON{},
	}
	if !o.Account.Erase.IsZero() {
		out.Erase = shape.Ptr(shape.Time(o.Account.Erase))
	}
	for _, i := range o.Identities {
		out.Identities = append(out.Identities, identityJSON{i.Provider, s.Auth.ProviderLabel(i.Provider), i.Name, shape.Time(i.Created), shape.Time(i.Used)})
	}
	for _, k := range o.Passkeys {
		j := passkeyJSON{ID: hex.EncodeToString(k.ID), Name: k.Name, Created: shape.Time(k.Created)}
		if !k.Used.IsZero() {
			j.Used = shape.Ptr(shape.Time(k.Used))
		}
		out.Passkeys = append(out.Passkeys, j)
	}
	for _, m := range o.Memberships {
		j := membershipJSON{Site: m.Site, Name: m.Name, Role: string(m.Role), Comments: m.Comments}
		if j.Warnings, err = s.warnings(ctx, m.Author); err != nil {
			return err
		}
		out.Sites = append(out.Sites, j)
	}
	return edge.SendJSON(c, out)
}

type meChange struct {
	Name        *string `json:"name,omitempty"`
	Lang        *string `json:"lang,omitempty"`
	MailReplies *string `json:"mail_replies,omitempty" enum:"now,hourly,daily,off"`
}

func (s *Server) patchMe(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	var in meChange
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.Limits.Take("account", p.Account.ID.String()); err != nil {
		return err
	}
	if err := s.cfg.Auth.Change(ctx, p.Account, auth.Changes{Name: in.Name, Lang: in.Lang, MailReplies: in.MailReplies}); err != nil {
		return err
	}
	o, err := s.cfg.Auth.Store.Overview(ctx, p.Account.ID, s.cfg.Now())
	if err != nil {
		return err
	}
	return edge.SendJSON(c, meAnswer{o.Account.Name, o.Account.Lang, o.MailReplies})
}

type meAnswer struct {
	Name        string `json:"name"`
	Lang        string `json:"lang"`
	MailReplies string `json:"mail_replies" enum:"now,hourly,daily,off"`
}

type (
	eraseIn struct {
		Text string `json:"text,omitempty" enum:"keep,remove" default:"keep"` // of the comments
	}
	eraseOut struct {
		At string `json:"erase_at"`
	}
)

// deleteMe asks for the account to be erased once there was time to think again.
func (s *Server) deleteMe(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Fresh(ctx, c)
	if err != nil {
		return err
	}
	var in eraseIn
	if len(c.Request().Body()) > 0 {
		if err := edge.Decode(c, &in); err != nil {
			return err
		}
	}
	if in.Text != "" && in.Text != "keep" && in.Text != "remove" {
		return discuss.Bad("text", "must be keep or remove")
	}
	at, err := s.cfg.Auth.Erase(ctx, p.Account.ID, in.Text == "remove")
	if err != nil {
		return err
	}
	c.Status(fiber.StatusAccepted)
	return edge.SendJSON(c, eraseOut{shape.Time(at)})
}

// postKeep takes that back.
func (s *Server) postKeep(c *fiber.Ctx) error {
	return s.forAccount(c, false, func(ctx context.Context, p edge.Person) error { return s.cfg.Auth.KeepAccount(ctx, p.Account.ID) })
}

// forAccount runs an act that answers nothing.
func (s *Server) forAccount(c *fiber.Ctx, fresh bool, act func(context.Context, edge.Person) error) error {
	ctx, done := edge.Deadline()
	defer done()
	find := s.Account
	if fresh {
		find = s.Fresh
	}
	p, err := find(ctx, c)
	if err != nil {
		return err
	}
	if err := act(ctx, p); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

func (s *Server) getExport(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	if !p.May("admin") { // it is all that there is about the person, the address included
		return edge.ErrScope
	}
	if err := s.Limits.Take("export", p.Account.ID.String()); err != nil {
		return err
	}
	b, err := s.cfg.Auth.Export(ctx, p.Account.ID)
	if err != nil {
		return err
	}
	c.Response().Header.SetContentType("application/zip")
	c.Set("Content-Disposition", `attachment; filename="parley-`+s.cfg.Now().UTC().Format(time.DateOnly)+`.zip"`)
	c.Response().SetBodyRaw(b)
	return nil
}

// listed are an account's sessions, or its tokens.
func (s *Server) sessionsOf(ctx context.Context, p edge.Person, tokens bool) ([]sessionJSON, error) {
	o, err := s.cfg.Auth.Store.Overview(ctx, p.Account.ID, s.cfg.Now())
	if err != nil {
		return nil, err
	}
	mine := hex.EncodeToString(auth.HashToken(p.Token)[:12])
	out := []sessionJSON{}
	for _, l := range o.Sessions {
		if (l.Kind == auth.ProgramSession && l.Name != "login") != tokens {
			continue
		}
		scopes := l.Scopes
		if scopes == nil {
			scopes = []string{}
		}
		out = append(out, sessionJSON{l.ID, string(l.Kind), l.ID == mine, l.Site, l.Agent, l.Name, scopes, shape.Time(l.Created), shape.Time(l.Seen), shape.Time(l.Expires)})
	}
	return out, nil
}

func (s *Server) getSessions(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	list, err := s.sessionsOf(ctx, p, false)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, sessionsJSON{list})
}

// deleteSessions ends all sessions but the caller's, or the one of the route.
func (s *Server) deleteSessions(c *fiber.Ctx) error {
	id := c.Params("id")
	return s.forAccount(c, false, func(ctx context.Context, p edge.Person) error {
		return s.cfg.Auth.Store.DropSessions(ctx, p.Account.ID, id, auth.HashToken(p.Token))
	})
}

// putPicture takes a picture as it is; it is drawn anew.
func (s *Server) putPicture(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	p, err := s.Account(ctx, c)
	if err != nil {
		return err
	}
	if err := s.Limits.Take("account", p.Account.ID.String()); err != nil {
		return err
	}
	if !strings.HasPrefix(c.Get("Content-Type"), "image/") {
		return &edge.HTTPError{Status: 415, Code: "type", Detail: "Send a picture."}
	}
	id, err := s.cfg.Auth.SetPicture(ctx, p.Account.ID, c.Request().Body())
	if err != nil {
		return err
	}
	return edge.SendJSON(c, pictureOut{s.shape.Avatar(discuss.Author{Avatar: id})})
}

type pictureOut struct {
	Avatar string `json:"avatar_url"`
}

func (s *Server) deletePicture(c *fiber.Ctx) error {
	return s.forAccount(c, false, func(ctx context.Context, p edge.Person) error { return s.cfg.Auth.DropPicture(ctx, p.Account.ID) })
}
