package notify

import (
	"context"
	"fmt"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
)

// Digest is one person's message about what was gathered.
type Digest struct {
	Person Person
	Site   discuss.Site
	Items  []Delivery
	More   int        // comments beyond those
	Next   discuss.ID // the first of them
}

// Hourly sends what was gathered until the clock struck last, to those who
// hear every hour. What has come since waits, however often this is called:
// nobody gets two in an hour, nor after a restart.
func (t *Teller) Hourly(ctx context.Context) error {
	return t.gathered(ctx, true, t.Now().UTC().Truncate(time.Hour))
}

// Daily sends what was gathered until the hour at which daily messages leave,
// to everybody else.
func (t *Teller) Daily(ctx context.Context) error {
	now := t.Now().UTC()
	until := time.Date(now.Year(), now.Month(), now.Day(), DigestHour, 0, 0, 0, time.UTC)
	if now.Before(until) {
		until = until.AddDate(0, 0, -1)
	}
	return t.gathered(ctx, false, until)
}

func (t *Teller) gathered(ctx context.Context, hourly bool, until time.Time) error {
	for after := discuss.ID(0); ; {
		due, next, err := t.Audience.Digests(ctx, hourly, until, after, digestMost)
		if err != nil {
			return err
		}
		for _, d := range due {
			if err := t.digest(ctx, d, hourly, until); err != nil {
				return err
			}
		}
		if next == 0 {
			return nil
		}
		after = next
	}
}

// digest sends one message and forgets what it told or counted.
func (t *Teller) digest(ctx context.Context, d Digest, hourly bool, until time.Time) error {
	w := t.Texts.Words(d.Person.Lang, "mail")
	v := i18n.Values{"n": len(d.Items) + d.More, "site": d.Site.Name}
	l := letter{
		Site: d.Site.Name, Lang: d.Person.Lang, On: w.T("on"), Badge: w.T("staff"), Heading: w.T("digest_heading", v), Subject: w.T("digest_subject", v),
		Footer: w.T("digest_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("replies", d.Person.Author, 0, d.Person.Email),
	}
	if hourly {
		l.Footer, l.Daily, l.DayURL = w.T("hourly_footer", v), w.T("one_a_day"), t.stop("daily", d.Person.Author, 0, d.Person.Email)
	}
	last := discuss.ID(0)
	for _, told := range d.Items {
		e := entry(told, t.comment(told.Comment.ID))
		e.Page = told.Thread.Called(told.Site)
		l.Entries = append(l.Entries, e)
		last = max(last, told.Comment.ID)
	}
	if d.More > 0 {
		l.Button, l.Link = w.T("digest_more", i18n.Values{"n": d.More}), t.comment(d.Next)
	}
	m, err := l.render(d.Person.Email)
	if err != nil {
		return err
	}
	m.ListID = "digest." + d.Site.Key
	free, err := t.owe(ctx, fmt.Sprintf("digest:%s:%s", d.Person.Author, last), m)
	if err != nil || !free.IsZero() {
		return err // over its share: next time
	}
	return t.Audience.DropCollected(ctx, d.Person.Author, until)
}
