// Package storetest is what any discuss.Store must do, whatever it stands on:
// the suite that a second store has to pass before it may take the first one's
// place. It speaks only through the interface and the domain's verbs.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Bench is an empty store with a site and people who may take part there.
type Bench struct {
	Store discuss.Store
	Site  discuss.Site
	// People are signed in; the first moderates the site. At least five.
	People []discuss.Actor
	// Settle returns when votes have reached rank and public tally.
	Settle func()
}

// Run runs the suite; open makes a fresh bench for each test.
func Run(t *testing.T, open func(t *testing.T) Bench) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, b *bench)
	}{
		{"every sort pages without loss or repeat", everySort},
		{"a tombstone stands while something stands under it", tombstones},
		{"replies and their first few come oldest first", replies},
		{"ancestors come root first", ancestors},
		{"counts know what is public", counts},
		{"events are gapless and in order", events},
		{"a vote counts once", votes},
		{"a report counts once per person", reports},
		{"an answer is remembered by site, person and key", remembered},
		{"the overlay is the person's own", overlay},
		{"earlier texts come newest first", revisions},
		{"earlier texts are shown that were public and that nobody took away", publicRevisions},
		{"the queue is by state, oldest first", queue},
		{"what is new is new to each", looks},
		{"a search may name who, where, how and when", finding},
		{"nothing of a failed write stays", failing},
		{"what is unknown is not found", unknown},
		{"writers at the same time take turns", atOnce},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t)
			text := discuss.Text{
				Clean:    func(s string) (string, error) { return strings.TrimSpace(s), nil },
				Name:     func(s string) (string, error) { return s, nil },
				Render:   func(_ context.Context, s string) (string, error) { return "<p>" + s + "</p>", nil },
				Skeleton: strings.ToLower,
			}
			c.test(t, &bench{Bench: b, t: t, verbs: discuss.Service{Store: b.Store, Text: text}})
		})
	}
}

type bench struct {
	Bench
	t     *testing.T
	verbs discuss.Service
}

var ctx = context.Background()

func (b *bench) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) post(who int, thread string, parent discuss.ID) discuss.Comment {
	b.t.Helper()
	c, _, err := b.verbs.Post(ctx, b.Site, b.People[who], discuss.Draft{ThreadKey: thread, Parent: parent, Body: "some words"}, discuss.Once{})
	b.must(err)
	return c
}

func (b *bench) vote(who int, id discuss.ID, v int) (up, down int) {
	b.t.Helper()
	up, down, err := b.verbs.Vote(ctx, b.Site, b.People[who], id, v, netip.Addr{})
	b.must(err)
	return up, down
}

func (b *bench) decide(action string, ids ...discuss.ID) {
	b.t.Helper()
	for _, id := range ids {
		out, err := b.verbs.Decide(ctx, b.Site, b.People[0], []discuss.Decision{{Comment: id, Action: action}})
		b.must(errors.Join(append(out.Errors, err)...))
	}
}

func (b *bench) thread(key string) discuss.Thread {
	b.t.Helper()
	th, err := b.Store.ThreadByKey(ctx, b.Site.ID, key)
	b.must(err)
	return th
}

func (b *bench) flat(key string) []discuss.Comment {
	b.t.Helper()
	list, err := b.Store.List(ctx, discuss.ListQuery{Thread: b.thread(key).ID, View: discuss.ViewFlat, Sort: discuss.SortOldest, Limit: 100})
	b.must(err)
	return list
}

func ids(cs []discuss.Comment) []discuss.ID {
	out := make([]discuss.ID, len(cs))
	for i, c := range cs {
		out[i] = c.ID
	}
	return out
}

func (b *bench) same(what string, got, want any) {
	b.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		b.t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func everySort(t *testing.T, b *bench) {
	const all, size = 57, 10
	for i := range all {
		c := b.post(1+i%4, "a", 0)
		for v := range i % 5 {
			if v != 1+i%4 {
				b.vote(v, c.ID, 1-2*(i%2)*(v%2))
			}
		}
	}
	b.Settle()
	th := b.thread("a")
	for _, view := range []discuss.View{discuss.ViewThreads, discuss.ViewFlat} {
		for _, sort := range []discuss.Sort{discuss.SortBest, discuss.SortNewest, discuss.SortOldest, discuss.SortControversial} {
			t.Run(string(view)+"/"+string(sort), func(t *testing.T) {
				seen := map[discuss.ID]bool{}
				var last *discuss.Comment
				q := discuss.ListQuery{Thread: th.ID, View: view, Sort: sort, Limit: size}
				for {
					p, err := b.verbs.Page(ctx, q, 6)
					if err != nil {
						t.Fatal(err)
					}
					for i := range p.Comments {
						c := &p.Comments[i]
						if seen[c.ID] {
							t.Fatalf("%s came twice", c.ID)
						}
						seen[c.ID] = true
						if last != nil {
							k, l := discuss.CursorAt(*c, sort, view).Key, discuss.CursorAt(*last, sort, view).Key
							if sort == discuss.SortOldest && k < l || sort != discuss.SortOldest && k > l {
								t.Errorf("out of order: %v after %v", k, l)
							}
						}
						last = c
					}
					if p.Next.IsZero() {
						break
					}
					back, err := discuss.ParseCursor(p.Next.String(), sort)
					if err != nil || back != p.Next {
						t.Fatalf("cursor %q came back as %+v, %v", p.Next, back, err)
					}
					q.After = back
				}
				if len(seen) != all {
					t.Errorf("saw %d of %d", len(seen), all)
				}
			})
		}
	}
}

func tombstones(t *testing.T, b *bench) {
	a := b.post(1, "a", 0)
	c := b.post(2, "a", a.ID)
	d := b.post(3, "a", c.ID)
	for i, step := range []struct {
		who  int
		id   discuss.ID
		want int
	}{{1, a.ID, 3}, {2, c.ID, 3}, {0, d.ID, 0}} { // the last by a moderator
		b.must(b.verbs.Delete(ctx, b.Site, b.People[step.who], step.id))
		if got := len(b.flat("a")); got != step.want {
			t.Errorf("after %d deletions %d in view, want %d", i+1, got, step.want)
		}
	}
	b.decide("restore", d.ID)
	b.same("in view after the last came back", len(b.flat("a")), 3)
	b.same("public then", b.thread("a").Count, 1)
	for _, action := range []string{"restore", "approve", "reject", "spam", "delete"} {
		out, err := b.verbs.Decide(ctx, b.Site, b.People[0], []discuss.Decision{{Comment: a.ID, Action: action}})
		b.must(err)
		if !errors.Is(out.Errors[0], discuss.ErrWithdrawn) {
			b.t.Errorf("%s of what its author took away: %v", action, out.Errors[0])
		}
	}
	b.same("public still", b.thread("a").Count, 1)
	// Taken away after moderators had: that stays as well, whatever is undone.
	for _, action := range []string{"reject", "spam", "delete"} {
		e := b.post(1, "a", 0)
		first, err := b.verbs.Decide(ctx, b.Site, b.People[0], []discuss.Decision{{Comment: e.ID, Action: action}})
		b.must(err)
		b.must(b.verbs.Delete(ctx, b.Site, b.People[1], e.ID))
		out, err := b.verbs.Decide(ctx, b.Site, b.People[0], []discuss.Decision{{Comment: e.ID, Action: "approve", Override: true}})
		b.must(err)
		if !errors.Is(out.Errors[0], discuss.ErrWithdrawn) {
			b.t.Errorf("approved after a %s that its author followed: %v", action, out.Errors[0])
		}
		done, left, err := b.verbs.Undo(ctx, b.Site, b.People[0], first.Undo)
		b.must(err)
		b.same("undone of a "+action+" that its author followed", len(done), 0)
		b.same("left", len(left), 1)
		b.same("public after a "+action, b.thread("a").Count, 1)
	}
}

func replies(_ *testing.T, b *bench) {
	root, other := b.post(1, "a", 0), b.post(1, "a", 0)
	var want []discuss.ID
	for range 7 {
		want = append(want, b.post(2, "a", root.ID).ID)
	}
	second := b.post(3, "a", other.ID)
	first, err := b.Store.FirstReplies(ctx, []discuss.ID{root.ID, other.ID}, 3)
	b.must(err)
	b.same("the first of both", ids(first), append(append([]discuss.ID{}, want[:3]...), second.ID))
	var got []discuss.ID
	q := discuss.ListQuery{Parent: root.ID, Sort: discuss.SortOldest, View: discuss.ViewThreads, Limit: 3}
	for {
		p, err := b.verbs.Page(ctx, q, 6)
		b.must(err)
		got = append(got, ids(p.Comments)...)
		if p.Next.IsZero() {
			break
		}
		q.After = p.Next
	}
	b.same("all of one, by pages", got, want)
	c, err := b.Store.CommentByID(ctx, root.ID)
	b.must(err)
	b.same("counted replies", []int{c.Replies, c.Kids}, []int{7, 7})
}

func ancestors(_ *testing.T, b *bench) {
	var chain []discuss.ID
	parent := discuss.ID(0)
	for range 30 {
		c := b.post(1, "a", parent)
		chain, parent = append(chain, c.ID), c.ID
	}
	up, err := b.Store.Ancestors(ctx, parent)
	b.must(err)
	b.same("above the last", ids(up), chain[:29])
	for i, c := range up {
		if c.Depth != i || c.Root != chain[0] {
			b.t.Errorf("number %d has depth %d and root %s", i, c.Depth, c.Root)
		}
	}
}

func counts(_ *testing.T, b *bench) {
	one := b.post(1, "a", 0)
	b.post(1, "a", one.ID)
	gone := b.post(1, "a", 0)
	b.post(1, "b", 0)
	b.decide("reject", gone.ID)
	got, err := b.Store.Counts(ctx, b.Site.ID, []string{"a", "b", "nothing"})
	b.must(err)
	b.same("public", []int{got["a"], got["b"], got["nothing"]}, []int{2, 1, 0})
}

func events(_ *testing.T, b *bench) {
	c := b.post(1, "a", 0)
	_, err := b.verbs.Edit(ctx, b.Site, b.People[1], c.ID, "other words", netip.Addr{})
	b.must(err)
	b.vote(2, c.ID, 1)
	b.Settle()
	b.decide("spam", c.ID)
	b.decide("restore", c.ID)
	th := b.thread("a")
	list, complete, err := b.Store.EventsAfter(ctx, th.ID, 0, 100)
	b.must(err)
	var types []discuss.EventType
	for i, e := range list {
		types = append(types, e.Type)
		if e.Seq != int64(i+1) || e.ThreadID != th.ID || e.Comment != c.ID {
			b.t.Errorf("event %d: %+v", i, e)
		}
	}
	b.same("events", types, []discuss.EventType{discuss.CommentCreated, discuss.CommentUpdated, discuss.CommentVotes, discuss.CommentRemoved, discuss.CommentCreated})
	b.same("complete", complete, true)
	b.same("the thread's number", th.Seq, 5)
	some, complete, err := b.Store.EventsAfter(ctx, th.ID, 1, 2)
	b.must(err)
	b.same("a gap longer than the limit is complete", complete, false)
	_ = some
	none, complete, err := b.Store.EventsAfter(ctx, th.ID, th.Seq, 10)
	b.must(err)
	b.same("after the last", fmt.Sprint(len(none), complete), "0 true")
}

func votes(_ *testing.T, b *bench) {
	c := b.post(1, "a", 0)
	for _, step := range []struct{ who, v, up, down int }{
		{2, 1, 1, 0},
		{2, 1, 1, 0},
		{3, -1, 1, 1},
		{2, -1, 0, 2},
		{2, 0, 0, 1},
		{2, 0, 0, 1},
		{3, 0, 0, 0},
	} {
		up, down := b.vote(step.who, c.ID, step.v)
		b.same(fmt.Sprint(step), []int{up, down}, []int{step.up, step.down})
	}
}

func reports(_ *testing.T, b *bench) {
	c := b.post(1, "a", 0)
	for _, who := range []int{2, 3, 2} {
		b.must(b.verbs.Report(ctx, b.Site, b.People[who], c.ID, "spam", "", netip.Addr{}))
	}
	list, err := b.Store.OpenReports(ctx, []discuss.ID{c.ID})
	b.must(err)
	b.same("open", len(list[c.ID]), 2)
	b.decide("approve", c.ID)
	list, err = b.Store.OpenReports(ctx, []discuss.ID{c.ID})
	b.must(err)
	b.same("open after a decision", len(list[c.ID]), 0)
}

func remembered(_ *testing.T, b *bench) {
	ask := func(actor, key string) (out string) {
		b.must(b.Store.Write(ctx, func(r discuss.Reader) (discuss.Changes, error) {
			was, ok, err := r.Recall(b.Site.ID, actor, key)
			out = fmt.Sprint(was.Comment, " ", ok)
			return nil, err
		}))
		return out
	}
	b.same("before", ask("ann", "k"), "0 false")
	b.must(b.Store.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Remember{Site: b.Site.ID, Actor: "ann", Key: "k", Answer: discuss.Remembered{Digest: []byte{1}, Comment: 7}}}, nil
	}))
	b.same("the same", ask("ann", "k"), "7 true")
	b.same("another person", ask("bo", "k"), "0 false")
	b.same("another key", ask("ann", "l"), "0 false")
}

func overlay(_ *testing.T, b *bench) {
	mine, yours := b.post(1, "a", 0), b.post(2, "a", 0)
	elsewhere := b.post(2, "b", 0)
	b.vote(1, yours.ID, -1)
	b.vote(1, elsewhere.ID, 1)
	o, err := b.Store.Overlay(ctx, mine.Author.ID, mine.ThreadID, time.Now())
	b.must(err)
	b.same("votes", fmt.Sprint(len(o.Votes), o.Votes[yours.ID]), "1 -1")
	b.same("mine", o.Mine, []discuss.ID{mine.ID})
	b.same("pending", len(o.Pending), 0)

	// Whoever reads their own comment that waits finds why, as whoever has just posted it.
	b.verbs.Gate = holding{}
	held := b.post(1, "a", 0)
	o, err = b.Store.Overlay(ctx, mine.Author.ID, mine.ThreadID, time.Now())
	b.must(err)
	b.same("pending", ids(o.Pending), []discuss.ID{held.ID})
	for _, c := range o.Pending {
		b.same("why it waits", c.Trace, held.Trace)
	}
	alone, err := b.Store.CommentByID(ctx, held.ID)
	b.must(err)
	b.same("why it waits, alone", alone.Trace, held.Trace)
	edited, err := b.verbs.Edit(ctx, b.Site, b.People[1], held.ID, "other words", netip.Addr{})
	b.must(err)
	b.same("why it waits, edited", edited.Trace, held.Trace)
	edited, err = b.verbs.Edit(ctx, b.Site, b.People[1], held.ID, "other words", netip.Addr{})
	b.must(err)
	b.same("why it waits, edited into what it is", edited.Trace, held.Trace)
	b.must(b.verbs.Delete(ctx, b.Site, b.People[1], held.ID))
	back, err := b.verbs.Restore(ctx, b.Site, b.People[1], held.ID, netip.Addr{})
	b.must(err)
	b.same("why it waits, back again", back.Trace, held.Trace)
}

// holding is a gate by which everything waits, as by night.
type holding struct{}

func (holding) Read(context.Context, discuss.Site, string, string) (discuss.Reading, error) {
	return discuss.Reading{}, nil
}

func (holding) Judge(discuss.Case, discuss.Reading) discuss.Judgement {
	night := []discuss.Finding{{Check: "night", Suggested: discuss.SuggestHold}}
	return discuss.Judgement{Status: discuss.Pending, Trace: discuss.Trace{Verdict: discuss.Pending, Findings: night}}
}
func (holding) Check(discuss.Policy) error                  { return nil }
func (holding) Train(discuss.ID, []discuss.TrainingExample) {}
func (holding) Forget(discuss.ID)                           {}

func revisions(_ *testing.T, b *bench) {
	c := b.post(1, "a", 0)
	b.edit(1, c.ID, "second")
	b.edit(1, c.ID, "third")
	b.history(c.ID, "<p>second</p>", "<p>some words</p>")
}

func (b *bench) edit(who int, id discuss.ID, text string) {
	b.t.Helper()
	_, err := b.verbs.Edit(ctx, b.Site, b.People[who], id, text, netip.Addr{})
	b.must(err)
}

// history is what readers, other members among them, are shown of a comment's earlier texts.
func (b *bench) history(id discuss.ID, want ...string) {
	b.t.Helper()
	for _, who := range []discuss.Actor{{}, b.People[3]} {
		list, err := b.verbs.Revisions(ctx, b.Site, who, id)
		b.must(err)
		b.same("earlier texts", texts(list), want)
	}
}

func texts(list []discuss.Revision) (out []string) {
	for _, r := range list {
		out = append(out, r.HTML)
	}
	return out
}

// publicRevisions goes through every way in which a text is never public, or
// is taken away.
func publicRevisions(_ *testing.T, b *bench) {
	open := b.Site
	held := open
	held.Settings.Hold = discuss.ModeAll

	b.Site = held
	c := b.post(1, "a", 0)
	b.edit(1, c.ID, "approved")
	for _, who := range []discuss.Actor{{}, b.People[3]} {
		if _, err := b.verbs.Revisions(ctx, b.Site, who, c.ID); !errors.Is(err, discuss.ErrNotFound) {
			b.t.Errorf("a comment that waits shows its history: %v", err)
		}
	}
	b.decide("approve", c.ID)
	b.history(c.ID) // what waited was never public
	b.Site = open
	b.edit(1, c.ID, "later")
	b.history(c.ID, "<p>approved</p>")
	for _, who := range []discuss.Actor{b.People[1], b.People[0]} { // its author, a moderator
		list, err := b.verbs.Revisions(ctx, b.Site, who, c.ID)
		b.must(err)
		b.same("all of them", texts(list), []string{"<p>approved</p>", "<p>some words</p>"})
		b.same("said to be public", fmt.Sprint(list[0].Public, list[1].Public), "true false")
	}

	c = b.post(1, "a", 0)
	b.edit(1, c.ID, "a name and more")
	b.edit(1, c.ID, "a name, put better")
	b.edit(0, c.ID, "redacted")
	b.history(c.ID) // the name stands in all of them
	if _, err := b.verbs.Edit(ctx, b.Site, b.People[1], c.ID, "a name again", netip.Addr{}); !errors.Is(err, discuss.ErrRedacted) {
		b.t.Errorf("its author puts back what was taken out: %v", err)
	}

	for _, action := range []string{"reject", "spam", "delete"} {
		c = b.post(1, "a", 0)
		b.edit(1, c.ID, "second")
		b.decide(action, c.ID)
		for _, who := range []discuss.Actor{{}, b.People[3]} {
			if _, err := b.verbs.Revisions(ctx, b.Site, who, c.ID); !errors.Is(err, discuss.ErrNotFound) {
				b.t.Errorf("after %s: %v", action, err)
			}
		}
		b.decide("approve", c.ID)
		b.history(c.ID) // the one that came back is the text that was looked at
	}

	c = b.post(1, "a", 0)
	b.edit(1, c.ID, "second")
	out, err := b.verbs.Decide(ctx, b.Site, b.People[0], []discuss.Decision{{Comment: c.ID, Action: "reject"}})
	b.must(err)
	_, _, err = b.verbs.Undo(ctx, b.Site, b.People[0], out.Undo)
	b.must(err)
	b.history(c.ID, "<p>some words</p>") // as if it had not been

	b.must(b.verbs.Delete(ctx, b.Site, b.People[1], c.ID))
	if _, err := b.verbs.Revisions(ctx, b.Site, discuss.Actor{}, c.ID); !errors.Is(err, discuss.ErrNotFound) {
		b.t.Errorf("a deleted comment shows its history: %v", err)
	}
	_, err = b.verbs.Restore(ctx, b.Site, b.People[1], c.ID, netip.Addr{})
	b.must(err)
	b.history(c.ID, "<p>some words</p>")

	guests := open
	guests.Settings.Guests = true
	b.Site = guests
	g, _, err := b.verbs.Post(ctx, b.Site, discuss.Actor{}, discuss.Draft{ThreadKey: "a", GuestName: "Gus", Body: "a guest's words"}, discuss.Once{})
	b.must(err)
	b.edit(0, g.ID, "a moderator's words")
	b.history(g.ID) // no account is nobody, not everybody
	if _, err := b.verbs.Source(ctx, b.Site, discuss.Actor{}, g.ID); !errors.Is(err, discuss.ErrSignedOut) {
		b.t.Errorf("the source of a guest's comment, signed out: %v", err)
	}

	elsewhere := b.Site
	elsewhere.ID++
	if _, err := b.verbs.Revisions(ctx, elsewhere, b.People[0], g.ID); !errors.Is(err, discuss.ErrNotFound) {
		b.t.Errorf("a moderator of another site: %v", err)
	}
}

func queue(_ *testing.T, b *bench) {
	var all []discuss.ID
	for range 5 {
		all = append(all, b.post(1, "a", 0).ID)
	}
	b.decide("spam", all[3], all[1])
	b.decide("reject", all[0])
	for state, want := range map[discuss.QueueState][]discuss.ID{
		discuss.QueueSpam: {all[3], all[1]}, discuss.QueueRejected: {all[0]}, discuss.QueuePending: {}, discuss.QueueDeleted: {},
		discuss.QueueRefused: {all[3], all[1], all[0]}, discuss.QueueUnseen: {}, discuss.QueueNew: {all[4], all[2]},
	} {
		got, err := b.Store.Queue(ctx, discuss.QueueQuery{Site: b.Site.ID, State: state, Limit: 10})
		b.must(err)
		var rows []discuss.Comment
		for _, q := range got {
			rows = append(rows, q.Comment)
		}
		b.same(string(state), ids(rows), want)
	}
}

// What is new is new to each member of staff apart, from the day before they
// look for the first time.
func looks(_ *testing.T, b *bench) {
	first, second := b.post(1, "a", 0), b.post(1, "a", 0)
	mod := b.People[0]
	count := func(now time.Time) int {
		counts, err := b.verbs.QueueCounts(ctx, b.Site, mod, now)
		b.must(err)
		return counts[discuss.QueueNew]
	}
	b.same("who never looked", count(second.Created), 2)
	b.same("two days on", count(second.Created.Add(48*time.Hour)), 0)
	_, err := b.verbs.Look(ctx, b.Site, mod, first.Created.Add(-time.Hour))
	b.must(err)
	at, err := b.verbs.Look(ctx, b.Site, mod, second.Created)
	b.must(err)
	b.same("until what was read", at.UnixMilli(), second.Created.UnixMilli())
	b.must(b.Store.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, err error) {
		mod.Author, err = r.Member(b.Site.ID, mod.Account)
		return nil, err
	}))
	b.same("all is read", count(second.Created), 0)
	_, err = b.verbs.Look(ctx, b.Site, mod, first.Created.Add(-time.Hour))
	b.must(err)
	b.same("a mark never moves back", count(second.Created), 0)
	_, err = b.verbs.Look(ctx, b.Site, b.People[1], first.Created)
	b.same("readers have none", errors.Is(err, discuss.ErrRole), true)
	_, err = b.verbs.Look(ctx, b.Site, mod, time.Time{})
	b.same("no time", discuss.KindOf(err), discuss.Invalid)
}

// What is looked for may name who wrote it, where, how it stands and when.
func finding(_ *testing.T, b *bench) {
	first, second := b.post(1, "a", 0), b.post(2, "b", 0)
	b.decide("reject", second.ID)
	name := second.Author.Name
	for text, want := range map[string][]discuss.ID{
		"words":                              {second.ID, first.ID},
		`user:"` + name + `"`:                {second.ID},
		`user:"` + name + `" is:published`:   nil,
		"page:b some":                        {second.ID},
		"is:rejected":                        {second.ID},
		"is:held":                            nil,
		"user:nobody-of-this-name":           nil,
		"before:1999-01-01":                  nil,
		"after:1999-01-01 before:2999-01-01": {second.ID, first.ID},
	} {
		rows, err := b.verbs.Find(ctx, b.People[0], discuss.FindQuery{Site: b.Site.ID, Text: text, Limit: 10}, first.Created)
		b.must(err)
		var got []discuss.ID
		for _, r := range rows {
			got = append(got, r.ID)
		}
		b.same(text, got, want)
	}
}

func failing(_ *testing.T, b *bench) {
	b.post(1, "a", 0)
	before := b.thread("a")
	sorry := errors.New("no")
	err := b.Store.Write(ctx, func(r discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{
			discuss.Event{ThreadID: before.ID, Type: discuss.ThreadUpdated, At: r.Now()},
			discuss.Then(func(discuss.Reader) (discuss.Changes, error) { return nil, sorry }),
		}, nil
	})
	if !errors.Is(err, sorry) {
		b.t.Errorf("got %v", err)
	}
	b.same("the thread", b.thread("a"), before)
}

func unknown(_ *testing.T, b *bench) {
	for what, ask := range map[string]func() error{
		"site":    func() error { _, err := b.Store.SiteByKey(ctx, "nope"); return err },
		"thread":  func() error { _, err := b.Store.ThreadByKey(ctx, b.Site.ID, "nope"); return err },
		"id":      func() error { _, err := b.Store.ThreadByID(ctx, 1); return err },
		"comment": func() error { _, err := b.Store.CommentByID(ctx, 1); return err },
		"in a write": func() error {
			return b.Store.Write(ctx, func(r discuss.Reader) (discuss.Changes, error) { _, err := r.Comment(1); return nil, err })
		},
	} {
		if err := ask(); !errors.Is(err, discuss.ErrNotFound) {
			b.t.Errorf("%s: %v", what, err)
		}
	}
}

func atOnce(_ *testing.T, b *bench) {
	b.post(1, "a", 0)
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for range 25 {
				if _, _, err := b.verbs.Post(ctx, b.Site, b.People[1+w%4], discuss.Draft{ThreadKey: "a", Body: "some words"}, discuss.Once{}); err != nil {
					b.t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	th := b.thread("a")
	b.same("count and number", []int64{int64(th.Count), th.Seq}, []int64{101, 101})
}
