package notify

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
)

// How often a member of staff hears of new comments.
const (
	NewsEach   = "each"   // as they come
	NewsHourly = "hourly" // at once, then at most once an hour
	NewsDaily  = "daily"
	NewsNever  = "never"
)

// NewsChoices are those, as the settings list them.
var NewsChoices = []string{NewsEach, NewsHourly, NewsDaily, NewsNever}

// DecisionLife is how long the links of a mail decide about a comment.
const DecisionLife = 7 * 24 * time.Hour

// News is what one member of staff has not been told of.
type News struct {
	Person Person
	Site   discuss.Site
	Items  []Delivery
	More   int        // comments beyond those
	Upto   discuss.ID // the newest of all; 0: there are none
}

// due reports whether somebody may hear of new comments at a time. Daily
// messages leave at DigestHour, as the others do.
func due(now time.Time) func(choice string, sent time.Time) bool {
	return func(choice string, sent time.Time) bool {
		switch choice {
		case NewsEach:
			return true
		case NewsHourly:
			return now.Sub(sent) >= time.Hour
		case NewsDaily:
			struck := time.Date(now.Year(), now.Month(), now.Day(), DigestHour, 0, 0, 0, time.UTC)
			return !now.Before(struck) && sent.Before(struck)
		}
		return false
	}
}

// News tells members of staff of the comments that were published since they
// were told last.
func (t *Teller) News(ctx context.Context) error {
	all, err := t.Audience.StaffNews(ctx, due(t.Now().UTC()))
	if err != nil {
		return err
	}
	for _, n := range all {
		if err := t.news(ctx, n); err != nil {
			return err
		}
	}
	return nil
}

func (t *Teller) news(ctx context.Context, n News) error {
	w := t.Texts.Words(n.Person.Lang, "mail")
	v := i18n.Values{"n": len(n.Items) + n.More, "site": n.Site.Name}
	l := letter{
		Site: n.Site.Name, Lang: n.Person.Lang, On: w.T("on"), Badge: w.T("staff"), Heading: w.T("new_heading", v), Subject: w.T("new_subject", v),
		Button: w.T("open_dashboard"), Link: t.Link("/dashboard/?site=" + n.Site.Key + "&screen=comments"),
		Footer: w.T("new_footer_"+n.Person.Choice, v), Stop: w.T("unsubscribe"), StopURL: t.stop("news-never", n.Person.Author, 0, n.Person.Email),
	}
	if n.Person.Choice != NewsDaily {
		l.Daily, l.DayURL = w.T("one_a_day"), t.stop("news-daily", n.Person.Author, 0, n.Person.Email)
	}
	for _, told := range n.Items {
		l.Entries = append(l.Entries, t.deciding(w, n.Site, n.Person, told))
	}
	if n.More > 0 {
		l.More = w.T("digest_more", i18n.Values{"n": n.More})
	}
	m, err := l.render(n.Person.Email)
	if err != nil {
		return err
	}
	m.ListID = "new." + n.Site.Key
	free, err := t.owe(ctx, fmt.Sprintf("news:%s:%s", n.Person.Author, n.Upto), m)
	if err != nil || !free.IsZero() {
		return err // over its share: later, with what comes until then
	}
	return t.Audience.MarkStaffTold(ctx, n.Person.Author, n.Upto)
}

// deciding is a comment in a mail to somebody who may decide about it: with a
// link for each thing to do. A link only asks; what it is for happens when its
// page's button is pressed.
func (t *Teller) deciding(w i18n.Words, site discuss.Site, who Person, told Delivery) Entry {
	c := told.Comment
	e := entry(told, t.comment(c.ID))
	e.Page = told.Thread.Called(told.Site)
	if c.Status != discuss.Published {
		e.Link = ""
	}
	if site.Settings.SignIn.StaffSecond || !who.Role.AtLeast(discuss.Moderator) { // a link alone is no second factor, nor a right
		return e
	}
	act := func(label, action string) {
		e.Acts = append(e.Acts, Act{w.T(label), t.Link("/mail/decide?t=" + t.Token(DecisionPurpose(action, c, t.Now()), who.Author, c.ID, who.Email))})
	}
	if c.Status == discuss.Published {
		e.Acts = append(e.Acts, Act{w.T("do_reply"), t.comment(c.ID)})
		act("do_remove", "reject")
	} else {
		act("do_approve", "approve")
		act("do_reject", "reject")
	}
	act("do_spam", "spam")
	return e
}

// DecisionPurpose is what one link in one mail may decide, and until when, about
// a comment as it was read.
func DecisionPurpose(action string, c discuss.Comment, now time.Time) string {
	edited := int64(0)
	if !c.Edited.IsZero() {
		edited = c.Edited.UnixMilli()
	}
	return "decide " + action + " " + string(c.Status) + " " + strconv.FormatInt(edited, 10) + " " + strconv.FormatInt(now.Add(DecisionLife).Unix(), 10)
}
