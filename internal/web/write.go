package web

import (
	"context"
	"crypto/sha256"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type postIn struct {
	Thread string   `json:"thread"`
	URL    string   `json:"url,omitempty"`
	Title  string   `json:"title,omitempty"`
	Parent *string  `json:"parent_id,omitempty"`
	Body   string   `json:"body"`
	Guest  *guestIn `json:"guest,omitempty"`
}

type guestIn struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

type commentOut struct {
	Comment shape.Comment `json:"comment"`
}

// proofHeader carries the answer to a challenge: base64url of JSON.
const proofHeader = "X-Parley-Proof"

func (s *Server) postComment(c *fiber.Ctx) error {
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
	if err := s.Limits.Take("post", s.ClientIP(c)); err != nil {
		return err
	}
	var in postIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	d := discuss.Draft{ThreadKey: in.Thread, URL: in.URL, Title: in.Title, Body: in.Body, IP: s.ClientAddr(c), Agent: c.Get("User-Agent"), Proof: c.Get(proofHeader)}
	if in.Parent != nil {
		if d.Parent, err = discuss.ParseID(*in.Parent); err != nil {
			return discuss.Bad("parent_id", "is not a comment of this thread")
		}
	}
	if in.Guest != nil {
		d.GuestName = in.Guest.Name
		if in.Guest.Email != "" {
			if d.GuestEmail, err = auth.Email(in.Guest.Email); err != nil {
				return discuss.Bad("guest.email", "must be one e-mail address")
			}
		}
		if !who.Actor.SignedIn() {
			d.GuestMark = guestMark(c)
		}
	}
	digest := sha256.Sum256(c.Request().Body())
	made, again, err := s.cfg.Discuss.Post(ctx, st, who.Actor, d, discuss.Once{Key: c.Get("Idempotency-Key"), Digest: digest[:]})
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	stands := made.Status == discuss.Published || made.Status == discuss.Pending
	return edge.SendJSON(c, commentOut{s.shape.CommentOf(made, !again || stands)}) // a repeat is shown what became of it
}

// guestMark is the hash of what this guest's browser holds; it is given one
// where it has none. A program gets none: it has no browser to sign in with later.
func guestMark(c *fiber.Ctx) []byte {
	if c.Get("Origin") == "" {
		return nil
	}
	token := c.Cookies(edge.GuestCookie)
	if token == "" || len(token) > 64 {
		token, _ = auth.NewToken()
	}
	edge.SetCookie(c, edge.GuestCookie, token, int(auth.SessionLife.Seconds()))
	return auth.HashToken(token)
}

// onComment finds the comment of the route, its site, and who calls there.
func (s *Server) onComment(ctx context.Context, c *fiber.Ctx) (discuss.ID, discuss.Site, edge.Caller, error) {
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return 0, discuss.Site{}, edge.Caller{}, err
	}
	row, err := s.cfg.Discuss.Store.CommentByID(ctx, id)
	if err != nil {
		return 0, discuss.Site{}, edge.Caller{}, err
	}
	st, err := s.cfg.Sites.SiteByID(ctx, row.SiteID)
	if err != nil {
		return 0, discuss.Site{}, edge.Caller{}, err
	}
	who, err := s.Identify(ctx, c, st)
	return id, st, who, err
}

type editIn struct {
	Body string `json:"body"`
}

func (s *Server) patchComment(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	var in editIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	row, err := s.cfg.Discuss.Edit(ctx, st, who.Actor, id, in.Body, s.ClientAddr(c))
	if err != nil {
		return err
	}
	return edge.SendJSON(c, commentOut{s.shape.CommentOf(row, true)})
}

func (s *Server) deleteComment(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	if err := s.cfg.Discuss.Delete(ctx, st, who.Actor, id); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

type revisionsJSON struct {
	Revisions []revisionJSON `json:"revisions"` // newest first
}

type revisionJSON struct {
	HTML   string `json:"html"`
	At     string `json:"replaced_at"`
	Public bool   `json:"public"` // false: only its author and the moderators see it
}

func (s *Server) getRevisions(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	revs, err := s.cfg.Discuss.Revisions(ctx, st, who.Actor, id)
	if err != nil {
		return err
	}
	out := revisionsJSON{[]revisionJSON{}}
	for _, r := range revs {
		out.Revisions = append(out.Revisions, revisionJSON{r.HTML, shape.Time(r.At), r.Public})
	}
	return edge.SendJSON(c, out)
}

type sourceJSON struct {
	Body string `json:"body"`
}

// getSource is the text as it was written, for its author and the moderators.
func (s *Server) getSource(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	body, err := s.cfg.Discuss.Source(ctx, st, who.Actor, id)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, sourceJSON{body})
}

type voteIn struct {
	Value *int `json:"value"`
}

// voteJSON is the tally with the vote counted.
type voteJSON struct {
	Up    int `json:"up"`
	Down  int `json:"down"`
	Value int `json:"value"`
}

func (s *Server) putVote(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	if err := s.Limits.Take("vote", s.ClientIP(c)); err != nil {
		return err
	}
	var in voteIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if in.Value == nil {
		return discuss.Bad("value", "must be 1, 0 or -1")
	}
	up, down, err := s.cfg.Discuss.Vote(ctx, st, who.Actor, id, *in.Value, s.ClientAddr(c))
	if err != nil {
		return err
	}
	return edge.SendJSON(c, voteJSON{up, down, *in.Value})
}

type reportIn struct {
	Reason string `json:"reason"`
	Note   string `json:"note,omitempty"`
}

func (s *Server) postReport(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	if err := s.Limits.Take("report", s.ClientIP(c)); err != nil {
		return err
	}
	var in reportIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	if err := s.cfg.Discuss.Report(ctx, st, who.Actor, id, in.Reason, in.Note, s.ClientAddr(c)); err != nil {
		return err
	}
	c.Status(fiber.StatusAccepted)
	return nil
}

type meJSON struct {
	User    *meUser         `json:"user"`
	Roles   []string        `json:"roles"`
	Desk    string          `json:"desk"` // the dashboard of this site, for those who have a role here; else ""
	Votes   map[string]int  `json:"votes"`
	Pending []shape.Comment `json:"pending"`
	Mine    []string        `json:"mine"`

	Mutes     []string `json:"mutes"`     // authors
	Following bool     `json:"following"` // the thread
	Follows   []string `json:"follows"`   // comments whose replies the person is told of

	Warnings []shape.Warning `json:"warnings"` // to be acknowledged before the person can write here
	Waits    *waitsJSON      `json:"waits"`    // null where what the person writes need not wait
}

// waitsJSON is why everything that a person writes waits for a moderator.
type waitsJSON struct {
	Reason string  `json:"reason" enum:"demoted"`
	Until  *string `json:"until"` // null: nobody knows
}

// waits looks whether much of an author's was removed of late.
func (s *Server) waits(ctx context.Context, a discuss.Author) (*waitsJSON, error) {
	r, err := s.cfg.Discuss.Store.Decided(ctx, a.ID)
	if err != nil || !r.Demoted(s.cfg.Now()) {
		return nil, err
	}
	return &waitsJSON{"demoted", shape.Ptr(shape.Time(r.Lifts()))}, nil
}

// warnings are those that an author has to acknowledge; for nearly everybody
// that takes no look at the store.
func (s *Server) warnings(ctx context.Context, a discuss.Author) ([]shape.Warning, error) {
	out := []shape.Warning{}
	if !a.Warned() {
		return out, nil
	}
	list, err := s.cfg.Discuss.Store.UnreadWarnings(ctx, a.ID)
	for _, n := range list {
		out = append(out, shape.WarningOf(n))
	}
	return out, err
}

// putWarningSeen is the person's word that a warning has been read.
func (s *Server) putWarningSeen(c *fiber.Ctx) error {
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
	if err := s.Limits.Take("keep", s.ClientIP(c)); err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.cfg.Discuss.Acknowledge(ctx, st, who.Actor, id); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

type meUser struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Avatar string `json:"avatar_url"`
}

func (s *Server) getMe(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Query("site"))
	if err != nil {
		return err
	}
	who, err := s.Identify(ctx, c, st)
	if err != nil {
		return err
	}
	out := meJSON{
		Roles: []string{}, Votes: map[string]int{}, Pending: []shape.Comment{}, Mine: []string{}, Mutes: []string{}, Follows: []string{}, Warnings: []shape.Warning{},
	}
	if !who.Actor.SignedIn() {
		return edge.SendJSON(c, out)
	}
	a := who.Actor.Author
	out.User = &meUser{ID: a.ID.String(), Name: who.Actor.Name, Avatar: s.shape.Avatar(a)}
	for _, r := range []discuss.Role{discuss.Moderator, discuss.Admin} {
		if who.Actor.Can(r) {
			out.Roles = append(out.Roles, string(r))
		}
	}
	if as := (discuss.Actor{Account: who.Actor.Account, Role: a.Role}); as.May(discuss.ActRead) || who.Actor.Operator {
		out.Desk = s.cfg.PublicURL + "/dashboard/?site=" + st.Key // a link, no power: the dashboard asks for its own session
	}
	if !who.Actor.Can(discuss.Moderator) {
		if out.Warnings, err = s.warnings(ctx, a); err != nil {
			return err
		}
	}
	if a.ID != 0 && !who.Actor.Can(discuss.Moderator) && !a.Role.AtLeast(discuss.Moderator) {
		if out.Waits, err = s.waits(ctx, a); err != nil {
			return err
		}
	}
	key := c.Query("thread")
	if key == "" || a.ID == 0 {
		return edge.SendJSON(c, out)
	}
	th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
	if discuss.KindOf(err) == discuss.NotFound {
		return edge.SendJSON(c, out)
	}
	if err != nil {
		return err
	}
	o, err := s.cfg.Discuss.Store.Overlay(ctx, a.ID, th.ID)
	if err != nil {
		return err
	}
	if err := s.keep(ctx, &out, a.ID, th.ID); err != nil {
		return err
	}
	for id, v := range o.Votes {
		out.Votes[id.String()] = v
	}
	for _, id := range o.Mine {
		out.Mine = append(out.Mine, id.String())
	}
	out.Pending = s.shape.CommentsOf(o.Pending, true)
	return edge.SendJSON(c, out)
}
