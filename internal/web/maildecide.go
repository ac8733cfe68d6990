package web

import (
	"context"
	"errors"
	"html/template"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
)

// mailDecision is what a link in a mail to a member of staff may decide.
type mailDecision struct {
	site    discuss.Site
	who     discuss.Actor
	comment discuss.Comment
	action  string
	status  discuss.Status // of the comment when the mail was written
	edited  time.Time
}

var errMailLink = &discuss.Error{Kind: discuss.NotFound, Code: "link", Detail: "This link is too old, or is not whole."}

// mailDecision reads a link, and who it lets decide: a member of the staff of
// the comment's site, with the rights they have now.
func (s *Server) mailDecision(ctx context.Context, token string) (mailDecision, error) {
	var d mailDecision
	l, err := s.mailLink(token)
	parts := strings.Fields(l.purpose)
	if err != nil || len(parts) != 5 || parts[0] != "decide" {
		return d, errMailLink
	}
	edited, err1 := strconv.ParseInt(parts[3], 10, 64)
	until, err2 := strconv.ParseInt(parts[4], 10, 64)
	if err := errors.Join(err1, err2); err != nil || !s.cfg.Now().Before(time.Unix(until, 0)) {
		return d, errMailLink
	}
	d.action, d.status = parts[1], discuss.Status(parts[2])
	if edited != 0 {
		d.edited = time.UnixMilli(edited)
	}
	person, err := s.cfg.Discuss.Store.AuthorByID(ctx, l.author)
	if err != nil {
		return d, err
	}
	if d.site, err = s.cfg.Sites.SiteByID(ctx, person.SiteID); err != nil {
		return d, err
	}
	member, err := s.cfg.Sites.MemberOf(ctx, d.site.ID, person.Account)
	if err != nil {
		return d, err
	}
	d.who = discuss.Actor{Account: person.Account, Name: member.Name, Role: member.Role, Author: member}
	if member.BannedAt(s.cfg.Now()) || d.site.Settings.SignIn.StaffSecond || !d.who.May(discuss.ActDecide) {
		return d, discuss.ErrRole
	}
	if d.comment, err = s.cfg.Discuss.Store.CommentByID(ctx, l.comment); err != nil {
		return d, err
	}
	if d.comment.SiteID != d.site.ID {
		return d, discuss.ErrNotFound
	}
	return d, nil
}

// pageMailDecision asks, with one button: programs that scan mail open every link.
func (s *Server) pageMailDecision(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	d, err := s.mailDecision(ctx, c.Query("t"))
	if err != nil {
		return s.notDecided(c, d, err)
	}
	th, err := s.cfg.Discuss.Store.ThreadByID(ctx, d.comment.ThreadID)
	if err != nil {
		return err
	}
	page := th.Title
	if page == "" {
		page = th.Key
	}
	w := s.cfg.Texts.Words(edge.Wanted(c), "page")
	return s.page(c, mailDecide, map[string]any{
		"Words": w, "Ask": "decide_" + d.action, "Button": "decide_" + d.action + "_do", "Token": c.Query("t"),
		"By": w.T("decide_by", i18n.Values{"name": d.comment.Author.Name, "page": page}), "Text": d.comment.Body,
	})
}

// postMailDecision carries the decision out.
func (s *Server) postMailDecision(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	if err := s.Limits.Take("report", s.ClientIP(c)); err != nil {
		return err
	}
	d, err := s.mailDecision(ctx, c.Query("t"))
	if err != nil {
		return s.notDecided(c, d, err)
	}
	if d.comment.Status != d.status {
		return s.notDecided(c, d, discuss.ErrState)
	}
	out, err := s.cfg.Discuss.Decide(ctx, d.site, d.who, []discuss.Decision{{Comment: d.comment.ID, Action: d.action, Note: "by a link in a mail", Read: &d.edited}})
	if err == nil {
		err = out.Errors[0]
	}
	if err != nil {
		return s.notDecided(c, d, err)
	}
	return s.page(c, mailDone, map[string]any{"Words": s.cfg.Texts.Words(edge.Wanted(c), "page"), "Said": "decide_done_" + d.action})
}

// notDecided says why a link does nothing; what went wrong inside is not its business.
func (s *Server) notDecided(c *fiber.Ctx, d mailDecision, err error) error {
	var de *discuss.Error
	if !errors.As(err, &de) || de.Kind == discuss.Internal || de.Kind == discuss.Unavailable {
		return err
	}
	c.Status(edge.KindStatus[de.Kind])
	return s.page(c, mailNot, map[string]any{"Words": s.cfg.Texts.Words(edge.Wanted(c), "page"), "Why": de.Detail, "Site": d.site.Key})
}

var (
	mailDecide = template.Must(template.New("decide").Parse(mailHead + `<h1>{{.Words.T .Ask}}</h1><p>{{.By}}</p><blockquote dir="auto">{{.Text}}</blockquote>
<form method="post" action="/mail/decide?t={{.Token}}"><button>{{.Words.T .Button}}</button></form></main></body></html>`))
	mailNot = template.Must(template.New("not").Parse(mailHead + `<h1>{{.Words.T "decide_not"}}</h1><p>{{.Why}}</p>{{if .Site}}<p><a href="/dashboard/?site={{.Site}}">{{.Words.T "decide_dashboard"}}</a></p>{{end}}</main></body></html>`))
)
