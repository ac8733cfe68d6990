package notify

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
)

// Watch is who on a site wants to hear that something waits.
type Watch struct {
	Site    discuss.Site
	People  []Person
	Waiting int
	Hidden  int        // of these; the others are on the page, and reported
	Items   []Delivery // the newest of what waits
	Last    time.Time  // when the last message before this one left; zero for long ago
}

// WaitingKey names the mails of one message that something waits. Keys of one
// site are in the order of their messages.
func WaitingKey(site discuss.ID, text string) string { return "waiting:" + site.String() + ":" + text }

// hidden says how much of what waits readers do not see.
func hidden(w i18n.Words, watch Watch) string {
	switch v := (i18n.Values{"n": watch.Hidden}); watch.Hidden {
	case 0:
		return w.T("waiting_reported", v)
	case watch.Waiting:
		return w.T("waiting_line", v)
	default:
		return w.T("waiting_some", v)
	}
}

// waiting tells the moderators of a site how much waits, at most once an hour:
// what came to wait since the last message is told when its hour is over.
func (t *Teller) waiting(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	watch, err := t.Audience.Moderators(ctx, p.Site, p.Text)
	if err != nil || watch.Waiting == 0 {
		return gone(err)
	}
	if next := watch.Last.Add(time.Hour); t.Now().Before(next) {
		return &Later{next}
	}
	site := watch.Site
	for _, who := range watch.People {
		w := t.Texts.Words(who.Lang, "mail")
		v := i18n.Values{"n": watch.Waiting, "site": site.Name}
		l := letter{
			Site: site.Name, Lang: who.Lang, On: w.T("on"), Badge: w.T("staff"), Heading: w.T("waiting_heading", v), Subject: w.T("waiting_subject", v), Lines: []string{hidden(w, watch)}, Button: w.T("open_queue"),
			Link: t.Link("/dashboard/?site=" + site.Key), Footer: w.T("waiting_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("waiting", who.Author, 0, who.Email),
		}
		for _, told := range watch.Items {
			l.Entries = append(l.Entries, t.deciding(w, site, who, told))
		}
		m, err := l.render(who.Email)
		if err != nil {
			return err
		}
		m.ListID = "waiting." + site.Key
		if err := t.late(ctx, WaitingKey(site.ID, p.Text)+":", m); err != nil {
			return err
		}
	}
	return nil
}
