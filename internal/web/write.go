package web

import (
	"context"
	"crypto/sha256"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
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
	Comment commentJSON `json:"comment"`
}

// proofHeader carries the answer to a challenge: base64url of JSON.
const proofHeader = "X-Parley-Proof"

// puzzleJSON has the names of ALTCHA's first version, so that its solvers work.
type puzzleJSON struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"`
	MaxNumber int    `json:"maxnumber"`
	Salt      string `json:"salt"`
	Signature string `json:"signature"`
}

func (s *Server) postComment(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.identify(ctx, c, st)
	if err != nil {
		return err
	}
	if err := s.limits.take("post", s.clientIP(c)); err != nil {
		return err
	}
	var in postIn
	if err := decode(c, &in); err != nil {
		return err
	}
	d := discuss.Draft{ThreadKey: in.Thread, URL: in.URL, Title: in.Title, Body: in.Body, IP: s.clientAddr(c), Agent: c.Get("User-Agent"), Proof: c.Get(proofHeader)}
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
		if !who.actor.SignedIn() {
			d.GuestMark = guestMark(c)
		}
	}
	digest := sha256.Sum256(c.Request().Body())
	made, again, err := s.cfg.Discuss.Post(ctx, st, who.actor, d, discuss.Once{Key: c.Get("Idempotency-Key"), Digest: digest[:]})
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	stands := made.Status == discuss.Published || made.Status == discuss.Pending
	return sendJSON(c, commentOut{s.comment(made, !again || stands)}) // a repeat is shown what became of it
}

// guestMark is the hash of what this guest's browser holds; it is given one
// where it has none. A program gets none: it has no browser to sign in with later.
func guestMark(c *fiber.Ctx) []byte {
	if c.Get("Origin") == "" {
		return nil
	}
	token := c.Cookies(guestCookie)
	if token == "" || len(token) > 64 {
		token, _ = auth.NewToken()
	}
	setCookie(c, guestCookie, token, int(auth.SessionLife.Seconds()))
	return auth.HashToken(token)
}

// onComment finds the comment of the route, its site, and who calls there.
func (s *Server) onComment(ctx context.Context, c *fiber.Ctx) (discuss.ID, discuss.Site, caller, error) {
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return 0, discuss.Site{}, caller{}, err
	}
	row, err := s.cfg.Discuss.Store.CommentByID(ctx, id)
	if err != nil {
		return 0, discuss.Site{}, caller{}, err
	}
	st, err := s.cfg.Sites.SiteByID(ctx, row.SiteID)
	if err != nil {
		return 0, discuss.Site{}, caller{}, err
	}
	who, err := s.identify(ctx, c, st)
	return id, st, who, err
}

type editIn struct {
	Body string `json:"body"`
}

func (s *Server) patchComment(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	var in editIn
	if err := decode(c, &in); err != nil {
		return err
	}
	row, err := s.cfg.Discuss.Edit(ctx, st, who.actor, id, in.Body, s.clientAddr(c))
	if err != nil {
		return err
	}
	return sendJSON(c, commentOut{s.comment(row, true)})
}

func (s *Server) deleteComment(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	if err := s.cfg.Discuss.Delete(ctx, st, who.actor, id); err != nil {
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
	ctx, done := reqCtx()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	revs, err := s.cfg.Discuss.Revisions(ctx, st, who.actor, id)
	if err != nil {
		return err
	}
	out := revisionsJSON{[]revisionJSON{}}
	for _, r := range revs {
		out.Revisions = append(out.Revisions, revisionJSON{r.HTML, rfc3339(r.At), r.Public})
	}
	return sendJSON(c, out)
}

type sourceJSON struct {
	Body string `json:"body"`
}

// getSource is the text as it was written, for its author and the moderators.
func (s *Server) getSource(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	body, err := s.cfg.Discuss.Source(ctx, st, who.actor, id)
	if err != nil {
		return err
	}
	return sendJSON(c, sourceJSON{body})
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
	ctx, done := reqCtx()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	if err := s.limits.take("vote", s.clientIP(c)); err != nil {
		return err
	}
	var in voteIn
	if err := decode(c, &in); err != nil {
		return err
	}
	if in.Value == nil {
		return discuss.Bad("value", "must be 1, 0 or -1")
	}
	up, down, err := s.cfg.Discuss.Vote(ctx, st, who.actor, id, *in.Value, s.clientAddr(c))
	if err != nil {
		return err
	}
	return sendJSON(c, voteJSON{up, down, *in.Value})
}

type reportIn struct {
	Reason string `json:"reason"`
	Note   string `json:"note,omitempty"`
}

func (s *Server) postReport(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	id, st, who, err := s.onComment(ctx, c)
	if err != nil {
		return err
	}
	if err := s.limits.take("report", s.clientIP(c)); err != nil {
		return err
	}
	var in reportIn
	if err := decode(c, &in); err != nil {
		return err
	}
	if err := s.cfg.Discuss.Report(ctx, st, who.actor, id, in.Reason, in.Note, s.clientAddr(c)); err != nil {
		return err
	}
	c.Status(fiber.StatusAccepted)
	return nil
}

type meJSON struct {
	User    *meUser        `json:"user"`
	Roles   []string       `json:"roles"`
	Desk    string         `json:"desk"` // the dashboard of this site, for those who have a role here; else ""
	Votes   map[string]int `json:"votes"`
	Pending []commentJSON  `json:"pending"`
	Mine    []string       `json:"mine"`

	Mutes     []string `json:"mutes"`     // authors
	Following bool     `json:"following"` // the thread
	Follows   []string `json:"follows"`   // comments whose replies the person is told of

	Warnings []warningJSON `json:"warnings"` // to be acknowledged before the person can write here
	Waits    *waitsJSON    `json:"waits"`    // null where what the person writes need not wait
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
	return &waitsJSON{"demoted", ptr(rfc3339(r.Lifts()))}, nil
}

// warningJSON is what a moderator of the site asks of a person.
type warningJSON struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	At   string `json:"created_at"`
}

func warning(n discuss.Note) warningJSON { return warningJSON{n.ID.String(), n.Text, rfc3339(n.At)} }

// warnings are those that an author has to acknowledge; for nearly everybody
// that takes no look at the store.
func (s *Server) warnings(ctx context.Context, a discuss.Author) ([]warningJSON, error) {
	out := []warningJSON{}
	if !a.Warned() {
		return out, nil
	}
	list, err := s.cfg.Discuss.Store.UnreadWarnings(ctx, a.ID)
	for _, n := range list {
		out = append(out, warning(n))
	}
	return out, err
}

// putWarningSeen is the person's word that a warning has been read.
func (s *Server) putWarningSeen(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	who, err := s.identify(ctx, c, st)
	if err != nil {
		return err
	}
	if err := s.limits.take("keep", s.clientIP(c)); err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.cfg.Discuss.Acknowledge(ctx, st, who.actor, id); err != nil {
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
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Query("site"))
	if err != nil {
		return err
	}
	who, err := s.identify(ctx, c, st)
	if err != nil {
		return err
	}
	out := meJSON{
		Roles: []string{}, Votes: map[string]int{}, Pending: []commentJSON{}, Mine: []string{}, Mutes: []string{}, Follows: []string{}, Warnings: []warningJSON{},
	}
	if !who.actor.SignedIn() {
		return sendJSON(c, out)
	}
	a := who.actor.Author
	out.User = &meUser{ID: a.ID.String(), Name: who.actor.Name, Avatar: s.avatar(a)}
	for _, r := range []discuss.Role{discuss.Moderator, discuss.Admin} {
		if who.actor.Can(r) {
			out.Roles = append(out.Roles, string(r))
		}
	}
	if as := (discuss.Actor{Account: who.actor.Account, Role: a.Role}); as.May(discuss.ActRead) || who.actor.Operator {
		out.Desk = s.cfg.PublicURL + "/dashboard/?site=" + st.Key // a link, no power: the dashboard asks for its own session
	}
	if !who.actor.Can(discuss.Moderator) {
		if out.Warnings, err = s.warnings(ctx, a); err != nil {
			return err
		}
	}
	if a.ID != 0 && !who.actor.Can(discuss.Moderator) && !a.Role.AtLeast(discuss.Moderator) {
		if out.Waits, err = s.waits(ctx, a); err != nil {
			return err
		}
	}
	key := c.Query("thread")
	if key == "" || a.ID == 0 {
		return sendJSON(c, out)
	}
	th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
	if discuss.KindOf(err) == discuss.NotFound {
		return sendJSON(c, out)
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
	out.Pending = s.comments(o.Pending, true)
	return sendJSON(c, out)
}
