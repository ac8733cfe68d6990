package pages

import (
	"context"
	"net/url"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// noticeQuery is what of the page's address is about notices of illegal content.
type noticeQuery struct {
	Notice  string `query:"notice" json:"-"`  // the comment that one is being written about
	Receipt string `query:"receipt" json:"-"` // of one that was sent
}

// noticeFields are the fields of its form.
type noticeFields struct {
	About     string `form:"about" json:"-"` // the comment
	Why       string `form:"why" json:"-"`
	GoodFaith string `form:"good_faith" json:"-"` // "1": ticked
}

// noticeForm is the form with what has been typed so far.
type noticeForm struct {
	Comment, Author           string
	Name, Email, Why, Problem string
	GoodFaith                 bool
}

// about names the author of the comment that a notice is written about; where
// there is no such comment here, there is no form.
func (r Room) about(ctx context.Context, p *plainPage) error {
	if p.Notice == nil {
		return nil
	}
	id, err := discuss.ParseID(p.Notice.Comment)
	if err != nil {
		return err
	}
	one, _, at, err := r.Discuss.Comment(ctx, id)
	if err == nil && p.Thread != nil && at.ID.String() == p.Thread.ID && !one.Tombstone() {
		p.Notice.Author = one.Author.Name
	} else {
		p.Notice = nil
	}
	return nil
}

// noticeSaid says what became of a notice, to whoever has its receipt.
func (r Room) noticeSaid(ctx context.Context, q *edge.Request, receipt string) (string, error) {
	if receipt == "" {
		return "", nil
	}
	words := r.Texts.Words(edge.Wanted(q.Ctx), "page")
	outcome, err := r.Discuss.NoticeOutcome(ctx, q.Site, receipt)
	if discuss.KindOf(err) == discuss.NotFound {
		return words.T("notice_unknown"), nil
	}
	if err != nil {
		return "", err
	}
	key := "notice_open"
	if outcome != "" {
		key = "notice_" + outcome
	}
	return words.T(key, dict("receipt", receipt)), nil
}

// sendNotice takes the form about illegal content; it needs no account.
func (r Room) sendNotice(ctx context.Context, q *edge.Request, in standaloneForm, here string) error {
	receipt, err := r.takeNotice(ctx, q, in)
	if err == nil {
		return seeOther(q, here+"&"+url.Values{"receipt": {receipt}}.Encode())
	}
	de, err := refusal(err)
	if err != nil {
		return err
	}
	form := &noticeForm{Comment: in.About, Name: in.Name, Email: in.Email, Why: in.Why, GoodFaith: in.GoodFaith != "", Problem: de.Detail}
	if len(de.Fields) > 0 {
		form.Problem = de.Fields[0].Name + " " + de.Fields[0].Message
	}
	q.Status(edge.KindStatus[de.Kind])
	return r.show(ctx, q, in.plainQuery, plainForm{}, func(p *plainPage) { p.Notice = form })
}

func (r Room) takeNotice(ctx context.Context, q *edge.Request, in standaloneForm) (receipt string, err error) {
	if err := q.Door.Limits.Take("report", q.Door.ClientIP(q.Ctx)); err != nil { // here, so that the page comes back with what was typed
		return "", err
	}
	id, err := discuss.ParseID(in.About)
	if err != nil {
		return "", err
	}
	email, err := auth.Email(in.Email)
	if err != nil {
		return "", err
	}
	return r.Discuss.Notify(ctx, q.Site, id, discuss.Notice{Name: in.Name, Email: email, Why: in.Why, GoodFaith: in.GoodFaith != "", Lang: edge.Wanted(q.Ctx)})
}
