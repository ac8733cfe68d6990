package store_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/notify"
	"parley/internal/store"
)

// postbox is the teller on a real store, under a clock that the test moves.
type postbox struct {
	t    *testing.T
	c    *clock
	s    *store.Store
	site discuss.Site
	ann  auth.Account
	text *i18n.Catalogues
}

func newPostbox(t *testing.T) *postbox {
	t.Helper()
	c, s, _, site := eraseWorld(t)
	text, err := i18n.Load(os.DirFS("../../static/i18n"))
	if err != nil {
		t.Fatal(err)
	}
	return &postbox{t, c, s, site, account(t, s, site, "ann"), text}
}

// teller is one as the program makes it when it starts.
func (p *postbox) teller() *notify.Teller {
	return &notify.Teller{
		Audience: p.s, Bells: p.s, Texts: p.text, Now: p.c.now, Link: func(path string) string { return "https://talk.example" + path },
		Token: func(purpose string, author, _ discuss.ID, _ string) string { return fmt.Sprint(purpose, author) },
	}
}

// sent takes the mails that are owed to an address.
func (p *postbox) sent(to string) (out []notify.Message) {
	p.t.Helper()
	ctx := context.Background()
	jobs, err := p.s.ClaimJobs(ctx, 100, time.Second)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, j := range jobs {
		var m notify.Message
		if j.Kind == "mail" {
			if err := json.Unmarshal([]byte(j.Payload), &m); err != nil {
				p.t.Fatal(err)
			}
		}
		if m.To == to {
			out = append(out, m)
		}
		if err := p.s.FinishJob(ctx, j.ID); err != nil {
			p.t.Fatal(err)
		}
	}
	return out
}

// answered has bo answer ann, and the teller hear of it.
func (p *postbox) answered(bo auth.Account, root discuss.ID, text string) {
	p.t.Helper()
	c := writes(p.t, p.s, p.site, bo, root, text)
	if err := p.teller().Kinds()["tell"](context.Background(), fmt.Sprintf(`{"key":%d}`, int64(c.ID))); err != nil {
		p.t.Fatal(err)
	}
}

// digestOf is how the log of sent mail names an address.
func digestOf(email string) string {
	sum := sha256.Sum256([]byte(email))
	return hex.EncodeToString(sum[:12])
}

func (p *postbox) hourly() {
	p.t.Helper()
	if err := p.teller().Hourly(context.Background()); err != nil { // a new teller each time: nothing is kept in memory
		p.t.Fatal(err)
	}
}

// Once an hour is once an hour: what came since the clock struck waits, a
// restart sends nothing twice, and the caps of an address hold.
func TestMailOnceAnHour(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	bo := account(t, p.s, p.site, "bo")
	root := writes(t, p.s, p.site, p.ann, 0, "a question").ID
	hourly, off := "hourly", "off"
	if err := p.s.SetChoices(ctx, p.ann.ID, auth.Changes{MailReplies: &hourly}); err != nil {
		t.Fatal(err)
	}
	if o, err := p.s.Overview(ctx, p.ann.ID, p.c.now()); err != nil || o.MailReplies != "hourly" {
		t.Errorf("the account page says %q, %v", o.MailReplies, err)
	}
	to := p.ann.Email
	p.c.pass(20 * time.Minute) // 12:20
	p.answered(bo, root, "the first answer")
	p.c.pass(30 * time.Minute) // 12:50
	p.answered(bo, root, "the second answer")
	p.hourly()
	if m := p.sent(to); len(m) != 0 {
		t.Fatalf("%d mails within the hour", len(m))
	}
	p.c.pass(11 * time.Minute) // 13:01
	p.answered(bo, root, "after the hour")
	p.hourly()
	p.hourly()
	m := p.sent(to)
	if len(m) != 1 || !strings.Contains(m[0].Text, "the first answer") || !strings.Contains(m[0].Text, "the second answer") || strings.Contains(m[0].Text, "after the hour") {
		t.Fatalf("at one o'clock: %+v", m)
	}
	if err := p.teller().Daily(ctx); err != nil || len(p.sent(to)) != 0 {
		t.Errorf("the daily message takes what is for the hour: %v", err)
	}
	p.c.pass(time.Hour) // 14:01
	p.hourly()
	if m := p.sent(to); len(m) != 1 || !strings.Contains(m[0].Text, "after the hour") {
		t.Errorf("at two o'clock: %+v", m)
	}
	p.hourly()
	if m := p.sent(to); len(m) != 0 {
		t.Errorf("nothing came, and %d mails went", len(m))
	}
	// An address that has had its share waits, and loses nothing.
	for i := range notify.MaxPerHour {
		if _, _, err := p.s.Enqueue(ctx, fmt.Sprint("other", i), digestOf(to), `{}`, notify.MaxPerHour, notify.MaxPerDay); err != nil {
			t.Fatal(err)
		}
	}
	p.answered(bo, root, "over the cap")
	p.c.pass(59*time.Minute + 30*time.Second) // 15:00:30
	p.hourly()
	if m := p.sent(to); len(m) != 0 {
		t.Errorf("over the cap: %+v", m)
	}
	p.c.pass(time.Hour)
	p.hourly()
	if m := p.sent(to); len(m) != 1 || !strings.Contains(m[0].Text, "over the cap") {
		t.Errorf("an hour later: %+v", m)
	}
	// Who has had enough is not sent what was gathered before.
	p.answered(bo, root, "too late")
	if err := p.s.SetChoices(ctx, p.ann.ID, auth.Changes{MailReplies: &off}); err != nil {
		t.Fatal(err)
	}
	p.c.pass(time.Hour)
	p.hourly()
	if m := p.sent(to); len(m) != 0 {
		t.Errorf("after never: %+v", m)
	}
}

// The daily message is one a day, whenever the program starts again.
func TestMailOnceADay(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	bo := account(t, p.s, p.site, "bo")
	root := writes(t, p.s, p.site, p.ann, 0, "a question").ID
	daily := "daily"
	if err := p.s.SetChoices(ctx, p.ann.ID, auth.Changes{MailReplies: &daily}); err != nil {
		t.Fatal(err)
	}
	run := func() []notify.Message {
		t.Helper()
		if err := p.teller().Daily(ctx); err != nil {
			t.Fatal(err)
		}
		return p.sent(p.ann.Email)
	}
	p.answered(bo, root, "an answer at noon")
	p.c.pass(3 * time.Hour)
	if m := run(); len(m) != 0 {
		t.Errorf("on the same day: %+v", m)
	}
	p.c.pass(18 * time.Hour) // 9:00
	p.answered(bo, root, "an answer at nine")
	if m := run(); len(m) != 1 || strings.Contains(m[0].Text, "at nine") {
		t.Errorf("in the morning: %+v", m)
	}
	p.c.pass(6 * time.Hour)
	if m := run(); len(m) != 0 {
		t.Errorf("a second one after a restart: %+v", m)
	}
}

// The author is told once that all of theirs waits, and not of what was undone.
func TestADemotionIsToldOnce(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	mo := account(t, p.s, p.site, "mo")
	mod := discuss.Actor{Account: mo.ID, Name: "mo", Role: discuss.Moderator}
	verbs := &discuss.Service{Store: p.s}
	decide := func(action string, n int) string {
		t.Helper()
		var ds []discuss.Decision
		for i := range n {
			ds = append(ds, discuss.Decision{Comment: writes(t, p.s, p.site, p.ann, 0, fmt.Sprint("comment ", i)).ID, Action: action})
		}
		out, err := verbs.Decide(ctx, p.site, mod, ds)
		if err != nil {
			t.Fatal(err)
		}
		return out.Undo
	}
	// told does what is due, and returns the mails about a demotion.
	told := func() (out []notify.Message) {
		t.Helper()
		p.c.pass(discuss.UndoWindow + 6*time.Second) // and what other notices wait longer
		jobs, err := p.s.ClaimJobs(ctx, 100, time.Second)
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			for range 2 { // a job may run twice
				if err := p.teller().Kinds()[j.Kind](ctx, j.Payload); err != nil {
					t.Fatal(err)
				}
			}
			if err := p.s.FinishJob(ctx, j.ID); err != nil {
				t.Fatal(err)
			}
		}
		for _, m := range p.sent(p.ann.Email) {
			if strings.Contains(m.Subject, "wait for a moderator") {
				out = append(out, m)
			}
		}
		return out
	}
	decide("reject", 2)
	if m := told(); len(m) != 0 {
		t.Errorf("two rejections: %+v", m)
	}
	undo := decide("reject", 2)
	if _, _, err := verbs.Undo(ctx, p.site, mod, undo); err != nil {
		t.Fatal(err)
	}
	if m := told(); len(m) != 0 {
		t.Errorf("it was undone: %+v", m)
	}
	decide("reject", 2)
	if m := told(); len(m) != 1 || !strings.Contains(m[0].Text, "Until 2026-11-27") {
		t.Fatalf("four rejections of four: %+v", m)
	}
	decide("spam", 2)
	if m := told(); len(m) != 0 {
		t.Errorf("demoted already, and told again: %+v", m)
	}
	p.c.pass(8 * 24 * time.Hour)
	decide("reject", 1)
	if m := told(); len(m) != 0 {
		t.Errorf("one rejection in a clean week: %+v", m)
	}
	decide("reject", 2)
	if m := told(); len(m) != 1 {
		t.Errorf("demoted a second time: %+v", m)
	}
}
