package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
)

// Caps of what one address gets. What is over the hour's cap waits for the
// daily message; nothing is lost.
const (
	MaxPerHour = 10
	MaxPerDay  = 40
	digestMost = 30 // comments in one daily message
	DigestHour = 8  // of the day, UTC, at which daily messages leave
)

// Recipient is somebody who shall hear of a comment, and why.
type Recipient struct {
	Author  discuss.ID // 0 for a guest's confirmed address
	Comment discuss.ID // guest: the comment that the address belongs to
	Email   string
	Name    string
	Lang    string
	Why     string // "reply", "mention", "thread"
	Choice  string // "now", "hourly", "daily", "off"
}

// Told is a comment that people shall hear of.
type Told struct {
	Comment    discuss.Comment
	Parent     discuss.Comment // zero for a root
	Thread     discuss.Thread
	Site       discuss.Site
	Recipients []Recipient
}

// Person is the author of a comment, with the address that decisions go to.
type Person struct {
	Author discuss.ID
	Email  string
	Name   string
	Lang   string
	Choice string
}

// Audience is who hears of what; the store knows.
type Audience interface {
	Told(ctx context.Context, comment discuss.ID) (Told, error)
	// AuthorOf returns the author of a comment; an empty address where there is none.
	AuthorOf(ctx context.Context, comment discuss.ID) (Person, discuss.Comment, discuss.Thread, discuss.Site, error)
	PersonOf(ctx context.Context, author discuss.ID) (Person, discuss.Site, error)
	// Decided is what was decided about an author of late.
	Decided(ctx context.Context, author discuss.ID) (discuss.Record, error)
	// Moderators are those of a site who want to hear that something waits, and how much does.
	Moderators(ctx context.Context, site discuss.ID) (people []Person, waiting int, st discuss.Site, err error)
	// Owe queues a mail unless one with this key was owed before, or the address
	// has had its share: then sent is false and over says so.
	Owe(ctx context.Context, key, email string, payload string, perHour, perDay int) (sent, over bool, err error)
	// Gather puts a comment into somebody's next message.
	Gather(ctx context.Context, author, comment discuss.ID, why string) error
	// Digests returns the messages, of those who hear every hour or of the others, with what was
	// gathered for them until before; Gathered forgets it.
	Digests(ctx context.Context, hourly bool, before time.Time, most int) ([]Digest, error)
	Gathered(ctx context.Context, author discuss.ID, before time.Time) error
	// Keepers are those who shall keep the head of the audit log: operators and admins with a
	// proved address. Their Author is the id of the account: an operator need not be on any site.
	Keepers(ctx context.Context) ([]Person, error)
	// GuestAddress notes where a guest wants to hear of answers; ask is true if its owner has not confirmed it yet.
	GuestAddress(ctx context.Context, comment discuss.ID, email string) (ask bool, st discuss.Site, name string, err error)
}

// Digest is one person's message about what was gathered.
type Digest struct {
	Person Person
	Site   discuss.Site
	Items  []Told
}

// Teller writes the mails about comments. Link makes an address on our origin,
// Token signs what an unsubscribe link may do.
type Teller struct {
	Audience Audience
	Texts    *i18n.Catalogues
	Link     func(path string) string
	Token    func(purpose string, author, comment discuss.ID, email string) string
	Now      func() time.Time
}

// Kinds are the jobs that the teller does.
func (t *Teller) Kinds() map[string]func(ctx context.Context, payload string) error {
	return map[string]func(context.Context, string) error{
		"tell": t.tell, "outcome": t.outcome, "warned": t.warned, "demoted": t.demoted, "waiting": t.waiting, "guest": t.guest,
	}
}

type payload struct {
	Key  discuss.ID `json:"key"`
	Site discuss.ID `json:"site"`
	Text string     `json:"text"`
}

func read(s string) (payload, error) {
	var p payload
	err := json.Unmarshal([]byte(s), &p)
	return p, err
}

func gone(err error) error {
	if discuss.KindOf(err) == discuss.NotFound {
		return nil // what it was about is no more: nothing to tell
	}
	return err
}

func staff(a discuss.Author) bool {
	return a.Role.AtLeast(discuss.Moderator) || a.Role == discuss.Staff
}

func (t *Teller) comment(id discuss.ID) string { return t.Link("/c/" + id.String()) }

func entry(told Told, link string) Entry {
	return Entry{Name: told.Comment.Author.Name, Staff: staff(told.Comment.Author), At: told.Comment.Created, Text: excerpt(told.Comment.Body), Link: link}
}

// tell owes a mail to everybody who shall hear of a comment at once, and
// gathers the rest for the day.
func (t *Teller) tell(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	told, err := t.Audience.Told(ctx, p.Key)
	if err != nil || told.Comment.Status != discuss.Published {
		return gone(err)
	}
	for _, r := range told.Recipients {
		if err := t.one(ctx, told, r); err != nil {
			return err
		}
	}
	return nil
}

func (t *Teller) one(ctx context.Context, told Told, r Recipient) error {
	if r.Choice == "off" {
		return nil
	}
	if (r.Choice == "hourly" || r.Choice == "daily") && r.Author != 0 {
		return t.Audience.Gather(ctx, r.Author, told.Comment.ID, r.Why)
	}
	m, err := t.replied(told, r).render(r.Email)
	if err != nil {
		return err
	}
	m.ListID, m.Thread = r.Why+"."+told.Site.Key, told.Thread.ID.String()
	over, err := t.owe(ctx, fmt.Sprintf("%s:%s", told.Comment.ID, digest(r.Email)), m)
	if err == nil && over && r.Author != 0 {
		return t.Audience.Gather(ctx, r.Author, told.Comment.ID, r.Why)
	}
	return err
}

// owe queues a finished message, once.
func (t *Teller) owe(ctx context.Context, key string, m Message) (over bool, err error) {
	b, err := json.Marshal(finished{Message: m, Ready: true})
	if err != nil {
		return false, err
	}
	_, over, err = t.Audience.Owe(ctx, key, digest(m.To), string(b), MaxPerHour, MaxPerDay)
	return over, err
}

// digest names an address without holding it.
func digest(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return hex.EncodeToString(sum[:12])
}

func (t *Teller) replied(told Told, r Recipient) letter {
	w := t.Texts.Words(r.Lang, "mail")
	v := i18n.Values{"name": told.Comment.Author.Name, "page": title(told.Thread), "site": told.Site.Name}
	l := letter{
		Site: told.Site.Name, Lang: r.Lang, On: w.T("on"), Page: title(told.Thread), PageURL: told.Thread.URL, Badge: w.T("staff"),
		Heading: w.T(r.Why+"_heading", v), Subject: w.T(r.Why+"_subject", v), Entries: []Entry{entry(told, "")},
		Button: w.T("read_and_reply"), Link: t.comment(told.Comment.ID), Footer: w.T(r.Why+"_footer", v), Stop: w.T("unsubscribe"),
		StopURL: t.stop("replies", r.Author, r.Comment, r.Email),
	}
	if r.Why == "reply" {
		l.Quote, l.Quoted = excerpt(told.Parent.Body), w.T("you_wrote")
	}
	if r.Author != 0 {
		l.Daily, l.DayURL = w.T("one_a_day"), t.stop("daily", r.Author, 0, r.Email)
	}
	return l
}

func (t *Teller) stop(purpose string, author, comment discuss.ID, email string) string {
	return t.Link("/mail/unsubscribe?t=" + t.Token(purpose, author, comment, email))
}

func title(th discuss.Thread) string {
	if th.Title != "" {
		return th.Title
	}
	return th.Key
}

// outcome tells an author what was decided, and why.
func (t *Teller) outcome(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	who, c, th, site, err := t.Audience.AuthorOf(ctx, p.Key)
	if err != nil || who.Email == "" || who.Choice == "off" {
		return gone(err)
	}
	action, reason, _ := strings.Cut(p.Text, "\x1f")
	kind := "removed"
	if action == "approve" || action == "restore" {
		kind = "published"
	}
	if (kind == "published") != (c.Status == discuss.Published) {
		return nil // decided again since: that decision has its own notice
	}
	w := t.Texts.Words(who.Lang, "mail")
	v := i18n.Values{"page": title(th), "site": site.Name, "reason": reason}
	l := letter{
		Site: site.Name, Lang: who.Lang, On: w.T("on"), Page: title(th), PageURL: th.URL, Heading: w.T(kind+"_heading", v), Subject: w.T(kind+"_subject", v),
		Quote: excerpt(c.Body), Quoted: w.T("you_wrote"), Footer: w.T("outcome_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("outcomes", who.Author, 0, who.Email),
	}
	if reason != "" {
		l.Lines = append(l.Lines, w.T("reason_is", v))
	}
	if kind == "published" {
		l.Button, l.Link = w.T("see_comment"), t.comment(c.ID)
	}
	m, err := l.render(who.Email)
	if err != nil {
		return err
	}
	m.ListID, m.Thread = "decisions."+site.Key, th.ID.String()
	_, err = t.owe(ctx, fmt.Sprintf("outcome:%s:%s:%s", c.ID, kind, t.Now().UTC().Format("2006-01-02T15:04")), m)
	return err
}

// warned tells a person what moderators ask of them.
func (t *Teller) warned(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	who, site, err := t.Audience.PersonOf(ctx, p.Key)
	if err != nil || who.Email == "" {
		return gone(err)
	}
	w := t.Texts.Words(who.Lang, "mail")
	v := i18n.Values{"site": site.Name}
	m, err := letter{
		Site: site.Name, Lang: who.Lang, Heading: w.T("warned_heading", v), Subject: w.T("warned_subject", v), Quote: p.Text, Quoted: w.T("warned_quoted"),
		Lines: []string{w.T("warned_line", v)}, Button: w.T("warned_button"), Link: t.Link("/account"), Footer: w.T("warned_footer", v),
	}.render(who.Email)
	if err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(p.Text))
	_, err = t.owe(ctx, fmt.Sprintf("warned:%s:%x", p.Key, sum[:6]), m)
	return err
}

// demoted tells a person that all they write waits for a moderator, and until
// when: once for a demotion, and not at all if it is over.
func (t *Teller) demoted(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	who, site, err := t.Audience.PersonOf(ctx, p.Key)
	if err != nil || who.Email == "" || who.Choice == "off" {
		return gone(err)
	}
	record, err := t.Audience.Decided(ctx, p.Key)
	if err != nil || !record.Demoted(t.Now()) {
		return err
	}
	w := t.Texts.Words(who.Lang, "mail")
	v := i18n.Values{"site": site.Name, "date": record.Lifts().UTC().Format(time.DateOnly)}
	l := letter{
		Site: site.Name, Lang: who.Lang, Heading: w.T("demoted_heading", v), Subject: w.T("demoted_subject", v), Lines: []string{w.T("demoted_why", v), w.T("demoted_line", v)},
		Footer: w.T("outcome_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("outcomes", who.Author, 0, who.Email),
	}
	if site.Settings.Standards != "" {
		l.Button, l.Link = w.T("read_standards"), site.Settings.Standards
	}
	m, err := l.render(who.Email)
	if err != nil {
		return err
	}
	m.ListID = "decisions." + site.Key
	_, err = t.owe(ctx, fmt.Sprintf("demoted:%s:%s", p.Key, p.Text), m)
	return err
}

// waiting tells the moderators of a site how much waits, at most once an hour.
func (t *Teller) waiting(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	people, n, site, err := t.Audience.Moderators(ctx, p.Site)
	if err != nil || n == 0 {
		return gone(err)
	}
	for _, who := range people {
		w := t.Texts.Words(who.Lang, "mail")
		v := i18n.Values{"n": n, "site": site.Name}
		m, err := letter{
			Site: site.Name, Lang: who.Lang, Heading: w.T("waiting_heading", v), Subject: w.T("waiting_subject", v), Lines: []string{w.T("waiting_line", v)}, Button: w.T("open_queue"),
			Link: t.Link("/dashboard/?site=" + site.Key), Footer: w.T("waiting_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("waiting", who.Author, 0, who.Email),
		}.render(who.Email)
		if err != nil {
			return err
		}
		m.ListID = "waiting." + site.Key
		if _, err := t.owe(ctx, fmt.Sprintf("waiting:%s:%s:%s", site.ID, digest(who.Email), t.Now().UTC().Format("2006-01-02T15")), m); err != nil {
			return err
		}
	}
	return nil
}

// Head mails the newest row of the audit log to those who keep it, once on
// the day of now: a copy outside the server is what proves the log against
// whoever runs it.
func (t *Teller) Head(ctx context.Context, rows int64, hash string) error {
	people, err := t.Audience.Keepers(ctx)
	if err != nil {
		return err
	}
	now := t.Now().UTC()
	for _, who := range people {
		w := t.Texts.Words(who.Lang, "mail")
		v := i18n.Values{"n": int(rows), "date": now.Format(time.DateOnly), "time": now.Format("15:04"), "hash": hash}
		m, err := letter{
			Site: "Parley", Lang: who.Lang, Heading: w.T("head_heading", v), Subject: w.T("head_subject", v), Lines: []string{w.T("head_line", v)},
			Quoted: w.T("head_row", v), Quote: hash, After: w.T("head_check"), Command: "parley doctor --head " + hash,
			Footer: w.T("head_footer"), Stop: w.T("unsubscribe"), StopURL: t.stop("heads", who.Author, 0, who.Email),
		}.render(who.Email)
		if err != nil {
			return err
		}
		m.ListID = "audit.parley"
		if _, err := t.owe(ctx, fmt.Sprintf("head:%s:%s", digest(who.Email), now.Format(time.DateOnly)), m); err != nil {
			return err
		}
	}
	return nil
}

// guest asks the owner of an address whether a guest's comment is theirs.
func (t *Teller) guest(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	ask, site, name, err := t.Audience.GuestAddress(ctx, p.Key, p.Text)
	if err != nil || !ask {
		return gone(err)
	}
	w := t.Texts.Words("", "mail")
	v := i18n.Values{"site": site.Name, "name": name}
	m, err := letter{
		Site: site.Name, Heading: w.T("confirm_heading", v), Subject: w.T("confirm_subject", v), Lines: []string{w.T("confirm_line", v)}, Button: w.T("confirm_button"),
		Link: t.stop("confirm", 0, p.Key, p.Text), Footer: w.T("confirm_footer", v),
	}.render(p.Text)
	if err != nil {
		return err
	}
	_, err = t.owe(ctx, fmt.Sprintf("confirm:%s:%s:%s", site.ID, digest(p.Text), t.Now().UTC().Format("2006-01-02")), m)
	return err
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
	due, err := t.Audience.Digests(ctx, hourly, until, digestMost)
	if err != nil {
		return err
	}
	for _, d := range due {
		w := t.Texts.Words(d.Person.Lang, "mail")
		v := i18n.Values{"n": len(d.Items), "site": d.Site.Name}
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
			e.Page = title(told.Thread)
			l.Entries = append(l.Entries, e)
			last = max(last, told.Comment.ID)
		}
		m, err := l.render(d.Person.Email)
		if err != nil {
			return err
		}
		m.ListID = "digest." + d.Site.Key
		over, err := t.owe(ctx, fmt.Sprintf("digest:%s:%s", d.Person.Author, last), m)
		if err != nil {
			return err
		}
		if over {
			continue // next time
		}
		if err := t.Audience.Gathered(ctx, d.Person.Author, until); err != nil {
			return err
		}
	}
	return nil
}
