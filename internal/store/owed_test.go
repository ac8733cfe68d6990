package store_test

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/moderation"
	"parley/internal/notify"
)

// round lets a real worker do all that is due, and returns the mails that left
// for an address.
func (p *postbox) round(to string) (out []notify.Message) {
	p.t.Helper()
	var mu sync.Mutex
	w := notify.Worker{Jobs: p.s, Now: p.c.now, Kinds: p.teller().Kinds(), Send: func(_ context.Context, m notify.Message) error {
		mu.Lock()
		defer mu.Unlock()
		if m.To == to {
			out = append(out, m)
		}
		return nil
	}}
	for range 3 { // a job may owe a mail
		w.Round(context.Background())
	}
	return out
}

func (p *postbox) moderator(name string) auth.Account {
	p.t.Helper()
	a, err := p.s.NewAccount(context.Background(), auth.Account{Email: name + "@example.com", Name: name, Verified: true}, p.site.ID, name, discuss.Moderator)
	if err != nil {
		p.t.Fatal(err)
	}
	return a
}

// share gives an address as much mail as it may have in an hour.
func (p *postbox) share(to string) {
	p.t.Helper()
	for i := range notify.MaxPerHour {
		if _, _, err := p.s.Enqueue(context.Background(), fmt.Sprint(to, i, p.c.now()), digestOf(to), `{"to":"nobody@example.com","ready":true}`, notify.MaxPerHour, notify.MaxPerDay); err != nil {
			p.t.Fatal(err)
		}
	}
}

// Whatever puts a comment before moderators owes them a mail: rules after an
// edit, a service that answers late, a report, a notice; and they get one an hour.
func TestModeratorsHearOfWhateverComesToWait(t *testing.T) {
	ctx := context.Background()
	for name, hold := range map[string]func(p *postbox, verbs *discuss.Service, c discuss.Comment) error{
		"an edit": func(p *postbox, verbs *discuss.Service, c discuss.Comment) error {
			_, err := verbs.Edit(ctx, p.site, discuss.Actor{Account: p.ann.ID, Name: "ann", Role: discuss.Member}, c.ID, `now with <a href="https://x.example/">a link</a>`, netip.Addr{})
			return err
		},
		"a late answer": func(p *postbox, verbs *discuss.Service, c discuss.Comment) error {
			return verbs.Rejudge(ctx, p.site, c.ID, c.Edited, discuss.Finding{Check: "hook", Suggested: discuss.SuggestHold}, moderation.Again)
		},
		"a report": func(p *postbox, verbs *discuss.Service, c discuss.Comment) error {
			bo := account(p.t, p.s, p.site, "bo")
			return verbs.Report(ctx, p.site, discuss.Actor{Account: bo.ID, Name: "bo", Role: discuss.Member}, c.ID, "spam", "", netip.Addr{})
		},
		"a notice": func(p *postbox, verbs *discuss.Service, c discuss.Comment) error {
			_, err := verbs.Notify(ctx, p.site, c.ID, discuss.Notice{Name: "A Citizen", Email: "c@example.com", Why: "Paragraph 7", GoodFaith: true})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPostbox(t)
			to := p.moderator("mo").Email
			verbs := &discuss.Service{Store: p.s, Gate: &moderation.Engine{Policy: p.s.PolicyOf, TrainingExamples: p.s.TrainingExamples}, Text: discuss.Text{
				Clean:  func(b string) (string, error) { return b, nil },
				Render: func(_ context.Context, b string) (string, error) { return "<p>" + b + "</p>", nil },
			}}
			c := writes(t, p.s, p.site, p.ann, 0, "nothing is wrong with it")
			p.c.pass(12 * time.Minute)
			if m := p.round(to); len(m) != 0 {
				t.Fatalf("nothing waits, and %d mails left", len(m))
			}
			if err := hold(p, verbs, c); err != nil {
				t.Fatal(err)
			}
			p.c.pass(15 * time.Minute)
			if m := p.round(to); len(m) != 1 || !strings.Contains(m[0].Subject, "1 comment") {
				t.Errorf("%d mails: %+v", len(m), m)
			}
		})
	}
}

// At most one an hour; what comes within the hour is told at its end.
func TestWhatComesToWaitWithinTheHourIsToldAfterIt(t *testing.T) {
	p := newPostbox(t)
	mo := p.moderator("mo")
	verbs := &discuss.Service{Store: p.s}
	held := func(body string) {
		t.Helper()
		c := writes(t, p.s, p.site, p.ann, 0, body)
		if err := verbs.Rejudge(context.Background(), p.site, c.ID, c.Edited, discuss.Finding{Check: "hook", Suggested: discuss.SuggestHold}, moderation.Again); err != nil {
			t.Fatal(err)
		}
	}
	step := func(d time.Duration, want int) {
		t.Helper()
		p.c.pass(d)
		if m := p.round(mo.Email); len(m) != want {
			t.Errorf("at %s %d mails left, want %d", p.c.now().Format("15:04"), len(m), want)
		}
	}
	held("first")
	step(15*time.Minute, 1) // 12:15
	held("second")
	held("third")
	step(15*time.Minute, 0)
	step(30*time.Minute, 0) // another hour of the clock, not of the mail
	step(15*time.Minute, 1) // 13:15
	step(2*time.Hour, 0)
	held("fourth")
	step(15*time.Minute, 1)
}

// What somebody has a right to hear waits where their address has had its
// share, and is not lost.
func TestANoticeWaitsForItsTurn(t *testing.T) {
	ctx := context.Background()
	mod := func(p *postbox) discuss.Actor {
		return discuss.Actor{Account: p.moderator("mo").ID, Name: "mo", Role: discuss.Moderator}
	}
	for name, decide := range map[string]func(p *postbox, verbs *discuss.Service) error{
		"of a decision": func(p *postbox, verbs *discuss.Service) error {
			c := writes(p.t, p.s, p.site, p.ann, 0, "off topic")
			_, err := verbs.Decide(ctx, p.site, mod(p), []discuss.Decision{{Comment: c.ID, Action: "reject", Reason: "Off topic"}})
			return err
		},
		"of a warning": func(p *postbox, verbs *discuss.Service) error {
			c := writes(p.t, p.s, p.site, p.ann, 0, "rude")
			return verbs.AddNote(ctx, p.site, mod(p), c.Author.ID, "warning", "Stay on topic, please.")
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPostbox(t)
			p.share(p.ann.Email)
			p.round(p.ann.Email)
			if err := decide(p, &discuss.Service{Store: p.s}); err != nil {
				t.Fatal(err)
			}
			p.c.pass(30 * time.Minute)
			if m := p.round(p.ann.Email); len(m) != 0 {
				t.Fatalf("over the share of its address: %+v", m)
			}
			p.c.pass(31 * time.Minute)
			if m := p.round(p.ann.Email); len(m) != 1 {
				t.Errorf("%d mails when there was room again", len(m))
			}
		})
	}
}

// A message that gathers more than it shows says how much more, and what it
// counted does not come again.
func TestAGatheredMessageCountsTheRest(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	bo := account(t, p.s, p.site, "bo")
	root := writes(t, p.s, p.site, p.ann, 0, "a question").ID
	hourly := "hourly"
	if err := p.s.SetChoices(ctx, p.ann.ID, auth.Changes{MailReplies: &hourly}); err != nil {
		t.Fatal(err)
	}
	for i := range 42 {
		p.answered(bo, root, fmt.Sprint("answer number ", i, "."))
	}
	p.c.pass(61 * time.Minute)
	p.hourly()
	m := p.sent(p.ann.Email)
	if len(m) != 1 {
		t.Fatalf("%d messages", len(m))
	}
	for text, want := range map[string]bool{"answer number 29.": true, "answer number 30.": false, "And 12 more: https://talk.example/c/": true} {
		if strings.Contains(m[0].Text, text) != want {
			t.Errorf("%q in the message: %v, want %v\n%s", text, !want, want, m[0].Text)
		}
	}
	if !strings.Contains(m[0].Subject, "42 comments") {
		t.Errorf("subject %q", m[0].Subject)
	}
	p.c.pass(time.Hour)
	p.hourly()
	if m := p.sent(p.ann.Email); len(m) != 0 {
		t.Errorf("an hour later again: %+v", m)
	}
}

// Who sends a notice of illegal content has a receipt at once, and the decision
// once it stands: not what was undone, once each, and also where the comment's
// author was faster than the moderators.
func TestWhoSendsANoticeIsTold(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	verbs := &discuss.Service{Store: p.s}
	mo := p.moderator("mo")
	mod := discuss.Actor{Account: mo.ID, Name: "mo", Role: discuss.Moderator}
	const sender = "citizen@example.com"
	send := func(text, lang string) (discuss.Comment, string) {
		t.Helper()
		c := writes(t, p.s, p.site, p.ann, 0, text)
		receipt, err := verbs.Notify(ctx, p.site, c.ID, discuss.Notice{Name: "Zq Citizen", Email: sender, Why: "zqparagraph", GoodFaith: true, Lang: lang})
		if err != nil {
			t.Fatal(err)
		}
		return c, receipt
	}
	told := func() []notify.Message {
		t.Helper()
		for range 2 { // the clock strikes twice
			if err := p.teller().Notices(ctx); err != nil {
				t.Fatal(err)
			}
		}
		return p.round(sender)
	}
	decide := func(c discuss.Comment, action string) string {
		t.Helper()
		out, err := verbs.Decide(ctx, p.site, mod, []discuss.Decision{{Comment: c.ID, Action: action}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Undo
	}
	one := func(what string, got []notify.Message, subject, receipt string) {
		t.Helper()
		if len(got) != 1 || !strings.Contains(got[0].Subject, subject) || !strings.Contains(got[0].Subject, receipt) || !strings.Contains(got[0].Text, "receipt="+receipt) || strings.Contains(got[0].Text+got[0].HTML, "zq") || strings.Contains(got[0].Text, "Zq") {
			t.Fatalf("%s: %+v", what, got)
		}
	}
	c, receipt := send("said to be illegal", "")
	one("the receipt", told(), "has been received", receipt)
	undo := decide(c, "reject")
	if m := told(); len(m) != 0 {
		t.Fatalf("a decision that can be undone is told: %+v", m)
	}
	if _, _, err := verbs.Undo(ctx, p.site, mod, undo); err != nil {
		t.Fatal(err)
	}
	p.c.pass(time.Hour)
	if m := told(); len(m) != 0 {
		t.Fatalf("what was undone is told: %+v", m)
	}
	decide(c, "approve")
	p.c.pass(time.Minute)
	one("it stays", told(), "the comment stays", receipt)

	gone, receipt := send("taken away", "ru")
	one("the receipt in Russian", told(), "получено", receipt)
	ann := discuss.Actor{Account: p.ann.ID, Name: p.ann.Name, Author: gone.Author}
	if err := verbs.Delete(ctx, p.site, ann, gone.ID); err != nil {
		t.Fatal(err)
	}
	p.c.pass(2 * time.Hour)
	if err := p.s.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	p.c.pass(time.Minute)
	one("it is gone", told(), "комментарий удалён", receipt)
	p.c.pass(24 * time.Hour)
	if m := told(); len(m) != 0 {
		t.Fatalf("told again: %+v", m)
	}
}
