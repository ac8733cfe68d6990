package notify

import (
	"context"
	"errors"
	"net/url"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
)

const (
	noticesAtOnce = 50
	// noticeWaits is how long after a decision the sender of a notice hears of
	// it: by then it can't be undone.
	noticeWaits = discuss.UndoWindow + 10*time.Second
)

// Notice is a notice of illegal content, as its sender is told of it.
type Notice struct {
	Receipt, Email, Lang string
	Outcome              string // "removed", "stays", "" while it is open
	Comment              discuss.ID
	Thread               discuss.Thread
	Site                 discuss.Site
}

// noticed gives a notice's sender its receipt. The address may be anybody's:
// nothing stands in the mail that whoever sent the notice has typed.
func (t *Teller) noticed(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	n, err := t.Audience.NoticeMail(ctx, p.Text)
	if err != nil || n.Email == "" {
		return gone(err)
	}
	m, err := t.aboutNotice(n, "noticed").render(n.Email)
	if err != nil {
		return err
	}
	return t.must(ctx, "noticed:"+n.Receipt, m)
}

// Notices tells those who sent notices what was decided, once it stands. It is
// asked by the clock and no job of a decision: a comment that its author
// deletes, or that is swept away, is an answer too.
func (t *Teller) Notices(ctx context.Context) error {
	list, err := t.Audience.AnsweredNotices(ctx, t.Now().Add(-noticeWaits), noticesAtOnce)
	if err != nil {
		return err
	}
	for _, n := range list {
		if err := t.answered(ctx, n); err != nil {
			var later *Later
			if errors.As(err, &later) {
				continue // its address has had its share
			}
			return err
		}
		if err := t.Audience.MarkNoticeTold(ctx, n.Receipt); err != nil {
			return err
		}
	}
	return nil
}

func (t *Teller) answered(ctx context.Context, n Notice) error {
	if n.Email == "" {
		return nil // it was erased
	}
	m, err := t.aboutNotice(n, "notice_"+n.Outcome).render(n.Email)
	if err != nil {
		return err
	}
	return t.must(ctx, "notice:"+n.Receipt, m)
}

func (t *Teller) aboutNotice(n Notice, kind string) letter {
	w := t.Texts.Words(n.Lang, "mail")
	v := i18n.Values{"site": n.Site.Name, "receipt": n.Receipt}
	return letter{
		Site: n.Site.Name, Lang: w.Lang, On: w.T("on"), Page: n.Thread.Called(n.Site), PageURL: n.Thread.URL,
		Heading: w.T(kind+"_heading", v), Subject: w.T(kind+"_subject", v), Lines: []string{w.T(kind+"_line", v), w.T("notice_number", v)},
		Button: w.T("notice_button"), Link: t.Link("/p/" + url.PathEscape(n.Site.Key) + "?" + url.Values{"thread": {n.Thread.Key}, "receipt": {n.Receipt}}.Encode()),
		Footer: w.T("notice_footer", v),
	}
}
