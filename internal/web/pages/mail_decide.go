package pages

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// mailDecision is what a link in a mail to a member of staff may decide.
type mailDecision struct {
	site    discuss.Site
	who     discuss.Actor
	comment discuss.Comment
	thread  discuss.Thread
	action  string
	status  discuss.Status // of the comment when the mail was written
	edited  time.Time
}

var errMailLink = &discuss.Error{Kind: discuss.NotFound, Code: "link", Detail: "This link is too old, or is not whole."}

// mailDecision reads a link, and who it lets decide: a member of the staff of
// the comment's site, with the rights they have now.
func (r Room) mailDecision(ctx context.Context, q *edge.Request, token string) (d mailDecision, err error) {
	l, err := r.mailLink(token)
	parts := strings.Fields(l.purpose)
	if err != nil || len(parts) != 5 || parts[0] != "decide" {
		return d, errMailLink
	}
	edited, err1 := strconv.ParseInt(parts[3], 10, 64)
	until, err2 := strconv.ParseInt(parts[4], 10, 64)
	if err := errors.Join(err1, err2); err != nil || !r.Now().Before(time.Unix(until, 0)) {
		return d, errMailLink
	}
	d.action, d.status = parts[1], discuss.Status(parts[2])
	if edited != 0 {
		d.edited = time.UnixMilli(edited)
	}
	site, account, err := r.Discuss.AccountOf(ctx, l.author)
	if err != nil {
		return d, err
	}
	if d.site, err = q.Door.SiteByID(ctx, site); err != nil {
		return d, err
	}
	if d.who, err = q.Door.MemberOf(ctx, d.site, account); err != nil {
		return d, err
	}
	if d.who.Author.BannedAt(r.Now()) || d.site.Settings.SignIn.StaffSecond || !d.who.May(discuss.ActDecide) {
		return d, discuss.ErrRole
	}
	d.comment, d.thread, err = r.Discuss.ToDecide(ctx, d.site, d.who, l.comment)
	return d, err
}

// decidePage asks, with one button.
func (r Room) decidePage(ctx context.Context, q *edge.Request, in tokenIn) error {
	d, err := r.mailDecision(ctx, q, in.Token)
	if err != nil {
		return r.notDecided(q, d, err)
	}
	w := r.mailWords(q)
	return edge.SendDocument(q.Ctx, documents, "mail_decide.html", map[string]any{
		"Words": w, "Ask": "decide_" + d.action, "Button": "decide_" + d.action + "_do", "Token": in.Token,
		"By": w.T("decide_by", i18n.Values{"name": d.comment.Author.Name, "page": shape.TitleOf(d.thread)}), "Text": d.comment.Body,
	})
}

// decide carries the decision out.
func (r Room) decide(ctx context.Context, q *edge.Request, in tokenIn) error {
	d, err := r.mailDecision(ctx, q, in.Token)
	if err == nil && d.comment.Status != d.status {
		err = discuss.ErrState
	}
	if err != nil {
		return r.notDecided(q, d, err)
	}
	out, err := r.Discuss.Decide(ctx, d.site, d.who, []discuss.Decision{{Comment: d.comment.ID, Action: d.action, Note: "by a link in a mail", Read: &d.edited}})
	if err == nil {
		err = out.Errors[0]
	}
	if err != nil {
		return r.notDecided(q, d, err)
	}
	return edge.SendDocument(q.Ctx, documents, "mail_done.html", map[string]any{"Words": r.mailWords(q), "Said": "decide_done_" + d.action})
}

// notDecided says why a link does nothing; what went wrong inside is not its business.
func (r Room) notDecided(q *edge.Request, d mailDecision, err error) error {
	var de *discuss.Error
	if !errors.As(err, &de) || de.Kind == discuss.Internal || de.Kind == discuss.Unavailable {
		return err
	}
	q.Status(edge.KindStatus[de.Kind])
	return edge.SendDocument(q.Ctx, documents, "mail_not.html", map[string]any{"Words": r.mailWords(q), "Why": de.Detail, "Site": d.site.Key})
}
