package notify

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
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
	Follow  discuss.ID // guest: what the address follows
	Email   string
	Name    string
	Lang    string
	Why     string // "reply", "mention", "thread"
	Choice  string // "now", "hourly", "daily", "off"
}

// Delivery is a comment that people shall hear of.
type Delivery struct {
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
	Role   discuss.Role // of a member of staff
}

// Audience is who hears of what; the store knows.
type Audience interface {
	Delivery(ctx context.Context, comment discuss.ID) (Delivery, error)
	// AuthorOf returns the author of a comment; an empty address where there is none.
	AuthorOf(ctx context.Context, comment discuss.ID) (Person, discuss.Comment, discuss.Thread, discuss.Site, error)
	PersonOf(ctx context.Context, author discuss.ID) (Person, discuss.Site, error)
	// Decided is what was decided about an author of late.
	Decided(ctx context.Context, author discuss.ID) (discuss.Record, error)
	// Moderators is who on a site wants to hear that something waits, for the message with this text.
	Moderators(ctx context.Context, site discuss.ID, text string) (Watch, error)
	// Enqueue queues a mail unless one with this key was owed before, or the address
	// has had its share: then sent is false and free is when it may have more.
	Enqueue(ctx context.Context, key, email string, payload string, perHour, perDay int) (sent bool, free time.Time, err error)
	// EnqueueLater queues a mail for later unless one with this key was owed before.
	EnqueueLater(ctx context.Context, key, email string, payload string, at time.Time) error
	// Collect puts a comment into somebody's next message.
	Collect(ctx context.Context, author, comment discuss.ID, why string) error
	// Digests returns some messages, of those who hear every hour or of the others, with what was
	// gathered for them until before; Gathered forgets it. Next is where the others follow, 0 at the end.
	Digests(ctx context.Context, hourly bool, before time.Time, after discuss.ID, most int) (some []Digest, next discuss.ID, err error)
	DropCollected(ctx context.Context, author discuss.ID, before time.Time) error
	// HeadRecipients are those who shall keep the head of the audit log: operators and admins with a
	// proved address. Their Author is the id of the account: an operator need not be on any site.
	HeadRecipients(ctx context.Context) ([]Person, error)
	// Admins are those of a site, with a proved address, and the site.
	Admins(ctx context.Context, site discuss.ID) ([]Person, discuss.Site, error)
	// Operators are those who run the instance, with a proved address. Their Author is the id of the account.
	Operators(ctx context.Context) ([]Person, error)
	// StaffNews returns what members of staff have not been told of, for those whom due lets hear of
	// it now; MarkStaffTold notes that one was told of comments up to one.
	StaffNews(ctx context.Context, due func(choice string, sent time.Time) bool) ([]News, error)
	MarkStaffTold(ctx context.Context, author, upto discuss.ID) error
	// NoticeMail is what the sender of a notice of illegal content is told; AnsweredNotices are those
	// answered before a time whose senders do not know, and MarkNoticeTold notes that one does.
	NoticeMail(ctx context.Context, receipt string) (Notice, error)
	AnsweredNotices(ctx context.Context, before time.Time, most int) ([]Notice, error)
	MarkNoticeTold(ctx context.Context, receipt string) error
	// GuestAddress notes where a guest wants to hear of answers; ask is true if its owner has not confirmed it yet.
	GuestAddress(ctx context.Context, comment discuss.ID, email string) (ask bool, st discuss.Site, err error)
	// FollowToConfirm is what the owner of an address is asked that somebody wants to follow by;
	// ErrNotFound where there is nothing to ask.
	FollowToConfirm(ctx context.Context, follow discuss.ID) (email string, th discuss.Thread, st discuss.Site, err error)
}

// Bells is where people find in the page what they are told.
type Bells interface {
	// Ring tells those whom a comment concerns, or (named) whom it names, once.
	Ring(ctx context.Context, comment discuss.ID, named bool) error
	// RingAuthor tells the author of a comment what was decided about it.
	RingAuthor(ctx context.Context, comment discuss.ID, kind discuss.NotificationKind) error
	// MarkMentioned notes that those whom a comment names have been told.
	MarkMentioned(ctx context.Context, comment discuss.ID) error
}

// Teller writes the mails about comments. Link makes an address on our origin,
// Token signs what an unsubscribe link may do.
type Teller struct {
	Audience Audience
	Bells    Bells
	Texts    *i18n.Catalogues
	Link     func(path string) string
	Token    func(purpose string, author, comment discuss.ID, email string) string
	Now      func() time.Time
}

// Kinds are the jobs that the teller does.
func (t *Teller) Kinds() map[Kind]func(ctx context.Context, payload string) error {
	return map[Kind]func(context.Context, string) error{
		KindTell: t.tell, KindMentioned: t.mentioned, KindNoticed: t.noticed, KindOutcome: t.outcome, KindWarned: t.warned, KindDemoted: t.demoted, KindWaiting: t.waiting, KindGuest: t.guest, KindFollow: t.follow, KindSite: t.site,
	}
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

func entry(told Delivery, link string) Entry {
	return Entry{About: told.Comment.ID, Name: told.Comment.Author.Name, Staff: staff(told.Comment.Author), At: told.Comment.Created, Text: excerpt(told.Comment), Link: link}
}

// tell says to everybody whom a comment concerns that it is there: in their
// bells, by a mail at once, or by one for the day.
func (t *Teller) tell(ctx context.Context, job string) error { return t.told(ctx, job, false) }

// mentioned says it to those whom a comment names since it was edited.
func (t *Teller) mentioned(ctx context.Context, job string) error { return t.told(ctx, job, true) }

func (t *Teller) told(ctx context.Context, job string, named bool) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	told, err := t.Audience.Delivery(ctx, p.Key)
	if err != nil || told.Comment.Status != discuss.Published {
		return gone(err)
	}
	if err := t.Bells.Ring(ctx, p.Key, named); err != nil {
		return gone(err)
	}
	for _, r := range told.Recipients {
		if !told.Site.Settings.Moderation.MailReplies || named && r.Why != "mention" {
			continue
		}
		if err := t.one(ctx, told, r); err != nil {
			return err
		}
	}
	return t.Bells.MarkMentioned(ctx, p.Key)
}

func (t *Teller) one(ctx context.Context, told Delivery, r Recipient) error {
	if r.Choice == "off" {
		return nil
	}
	if (r.Choice == "hourly" || r.Choice == "daily") && r.Author != 0 {
		return t.Audience.Collect(ctx, r.Author, told.Comment.ID, r.Why)
	}
	m, err := t.replied(told, r).render(r.Email)
	if err != nil {
		return err
	}
	m.ListID, m.Thread = r.Why+"."+told.Site.Key, told.Thread.ID.String()
	free, err := t.owe(ctx, fmt.Sprintf("%s:%s", told.Comment.ID, AddressDigest(r.Email)), m)
	if err == nil && !free.IsZero() && r.Author != 0 {
		return t.Audience.Collect(ctx, r.Author, told.Comment.ID, r.Why)
	}
	return err
}

// owe queues a finished message, once. Where its address has had its share
// nothing is queued, and free is when it may have more.
func (t *Teller) owe(ctx context.Context, key string, m Message) (free time.Time, err error) {
	b, err := json.Marshal(finished{Message: m, Ready: true})
	if err != nil {
		return free, err
	}
	_, free, err = t.Audience.Enqueue(ctx, key, AddressDigest(m.To), string(b), MaxPerHour, MaxPerDay)
	return free, err
}

// late is owe for what would be owed again and again to an address that has had
// its share: one mail when it may have more, however often it is owed meanwhile.
func (t *Teller) late(ctx context.Context, key string, m Message) error {
	free, err := t.owe(ctx, key+AddressDigest(m.To), m)
	if err != nil || free.IsZero() {
		return err
	}
	b, err := json.Marshal(finished{Message: m, Ready: true})
	if err != nil {
		return err
	}
	return t.Audience.EnqueueLater(ctx, fmt.Sprintf("late:%s:%d:%s", m.ListID, free.UnixMilli(), AddressDigest(m.To)), AddressDigest(m.To), string(b), free)
}

// must is owe for what somebody has a right to hear, however much mail there
// is: where the address has had its share the job waits for the next one.
func (t *Teller) must(ctx context.Context, key string, m Message) error {
	free, err := t.owe(ctx, key, m)
	if err == nil && !free.IsZero() {
		return &Later{free}
	}
	return err
}

// AddressDigest names an address without holding it.
func AddressDigest(email string) string {
	sum := sha256.Sum256([]byte(strings.ToLower(email)))
	return hex.EncodeToString(sum[:12])
}

func (t *Teller) replied(told Delivery, r Recipient) letter {
	w := t.Texts.Words(r.Lang, "mail")
	v := i18n.Values{"name": told.Comment.Author.Name, "page": told.Thread.Called(told.Site), "site": told.Site.Name}
	l := letter{
		Site: told.Site.Name, Lang: r.Lang, On: w.T("on"), Page: told.Thread.Called(told.Site), PageURL: told.Thread.URL, Badge: w.T("staff"),
		Heading: w.T(r.Why+"_heading", v), Subject: w.T(r.Why+"_subject", v), Entries: []Entry{entry(told, "")},
		Button: w.T("read_and_reply"), Link: t.comment(told.Comment.ID), Footer: w.T(r.Why+"_footer", v), Stop: w.T("unsubscribe"),
		StopURL: t.stop("replies", r.Author, r.Comment, r.Email),
	}
	if r.Follow != 0 {
		l.StopURL = t.stop("unfollow", 0, r.Follow, r.Email)
	}
	if r.Why == "reply" && r.Follow == 0 {
		l.Quote, l.Quoted = excerpt(told.Parent), w.T("you_wrote")
	}
	if r.Author != 0 {
		l.Daily, l.DayURL = w.T("one_a_day"), t.stop("daily", r.Author, 0, r.Email)
	}
	return l
}

func (t *Teller) stop(purpose string, author, comment discuss.ID, email string) string {
	return t.Link("/mail/unsubscribe?t=" + t.Token(purpose, author, comment, email))
}

// outcome tells an author what was decided, and why.
func (t *Teller) outcome(ctx context.Context, job string) error {
	p, err := read(job)
	if err != nil {
		return err
	}
	who, c, th, site, err := t.Audience.AuthorOf(ctx, p.Key)
	if err != nil {
		return gone(err)
	}
	if p.Action == "feature" {
		if !c.Featured {
			return nil
		}
		return gone(t.Bells.RingAuthor(ctx, c.ID, discuss.NotifyPicked))
	}
	kind := "removed"
	if p.Action == "approve" || p.Action == "restore" {
		kind = "published"
	}
	if (kind == "published") != (c.Status == discuss.Published) {
		return nil // decided again since: that decision has its own notice
	}
	if kind == "removed" && p.Held {
		kind = "refused"
	}
	if err := t.Bells.RingAuthor(ctx, c.ID, discuss.NotificationKind(kind)); err != nil {
		return gone(err)
	}
	if !site.Settings.Moderation.MailOutcomes || who.Email == "" || who.Choice == "off" {
		return nil
	}
	w := t.Texts.Words(who.Lang, "mail", "reasons")
	v := i18n.Values{"page": th.Called(site), "site": site.Name, "reason": reason(w, p.Reason)}
	l := letter{
		Site: site.Name, Lang: who.Lang, On: w.T("on"), Page: th.Called(site), PageURL: th.URL, Heading: w.T(kind+"_heading", v), Subject: w.T(kind+"_subject", v),
		About: c.ID, Quote: excerpt(c), Quoted: w.T("you_wrote"), Footer: w.T("outcome_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("outcomes", who.Author, 0, who.Email),
	}
	if p.Reason != "" {
		l.Lines = append(l.Lines, w.T("reason_is", v))
	}
	switch {
	case kind == "published":
		l.Button, l.Link = w.T("see_comment"), t.comment(c.ID)
	default:
		l.Lines = append(l.Lines, w.T("by_standards", v))
		l.Button, l.Link = w.T("read_standards"), site.StandardsAt(t.Link)
	}
	m, err := l.render(who.Email)
	if err != nil {
		return err
	}
	m.ListID, m.Thread = "decisions."+site.Key, th.ID.String()
	return t.must(ctx, fmt.Sprintf("outcome:%s:%s:%d", c.ID, kind, p.At), m)
}

// reason is why something was decided, in the language of who is told: the
// clause that was named by its key, or what a moderator typed.
func reason(w i18n.Words, kept string) string {
	if slices.Contains(discuss.Reasons, kept) {
		return w.T("reason_"+kept, nil)
	}
	return kept
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
	return t.must(ctx, fmt.Sprintf("warned:%s:%x:%d", p.Key, sum[:6], p.At), m)
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
	w := t.Texts.Words(who.Lang, "mail", "reasons")
	v := i18n.Values{"site": site.Name, "date": record.Lifts().UTC().Format(time.DateOnly)}
	l := letter{
		Site: site.Name, Lang: who.Lang, Heading: w.T("demoted_heading", v), Subject: w.T("demoted_subject", v), Lines: []string{w.T("demoted_why", v), w.T("demoted_line", v)},
		Footer: w.T("outcome_footer", v), Stop: w.T("unsubscribe"), StopURL: t.stop("outcomes", who.Author, 0, who.Email),
	}
	l.Button, l.Link = w.T("read_standards"), site.StandardsAt(t.Link)
	m, err := l.render(who.Email)
	if err != nil {
		return err
	}
	m.ListID = "decisions." + site.Key
	return t.must(ctx, fmt.Sprintf("demoted:%s:%d", p.Key, p.At), m)
}

// Head mails the newest row of the audit log to those who keep it, once on
// the day of now: a copy outside the server is what proves the log against
// whoever runs it.
func (t *Teller) Head(ctx context.Context, rows int64, hash string) error {
	people, err := t.Audience.HeadRecipients(ctx)
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
		if _, err := t.owe(ctx, fmt.Sprintf("head:%s:%s", AddressDigest(who.Email), now.Format(time.DateOnly)), m); err != nil {
			return err
		}
	}
	return nil
}
