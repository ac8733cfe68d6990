package store_test

import (
	"context"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// A guest is a browser with a name: a ban meets the browser, whatever it calls
// itself, and nobody else who has the name.
func TestAGuestIsABrowserWithAName(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	p.site.Settings.Guests = true
	verbs := &discuss.Service{Store: p.s, Text: discuss.Text{
		Clean:  func(b string) (string, error) { return b, nil },
		Render: func(_ context.Context, b string) (string, error) { return "<p>" + b + "</p>", nil },
		Name:   func(n string) (string, error) { return n, nil }, Skeleton: func(n string) string { return n },
	}}
	write := func(browser, name string) (discuss.Comment, error) {
		d := discuss.Draft{ThreadKey: "t", Body: "a guest's words", GuestName: name}
		if browser != "" {
			d.GuestMark = auth.HashToken(browser)
		}
		c, _, err := verbs.Post(ctx, p.site, discuss.Actor{}, d, discuss.Once{})
		return c, err
	}
	must := func(browser, name string) discuss.Comment {
		t.Helper()
		c, err := write(browser, name)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	first, again, other, program := must("one", "Anna"), must("one", "Anna"), must("two", "Anna"), must("", "Anna")
	if first.Author.ID != again.Author.ID {
		t.Error("one browser under one name is two people")
	}
	if first.Author.ID == other.Author.ID || first.Author.ID == program.Author.ID || other.Author.ID == program.Author.ID {
		t.Error("three who share a name are one person")
	}
	// Their pace is the browser's, whatever it calls itself.
	err := p.s.Write(ctx, func(r discuss.Reader) (discuss.Changes, error) {
		th, err := r.ThreadByKey(p.site.ID, "t")
		if err != nil {
			return nil, err
		}
		for browser, want := range map[string]bool{"one": true, "three": false} {
			rec, err := r.Record(discuss.Author{ID: r.NextID(), SiteID: p.site.ID, Name: "Zoe", Guest: true, Mark: string(auth.HashToken(browser))}, th.ID, 0)
			if discuss.KindOf(err) == discuss.NotFound {
				err = nil
			}
			if err != nil || rec.LastInHere.IsZero() == want || rec.LastPost.IsZero() == want {
				t.Errorf("%s under another name wrote last at %v, here at %v: %v", browser, rec.LastPost, rec.LastInHere, err)
			}
		}
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ban := func(author discuss.ID) {
		t.Helper()
		err := p.s.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, err error) {
			ch.Add(discuss.NewBan{Ban: discuss.Ban{ID: r.NextID(), Site: p.site.ID, Author: author, Reason: "spam"}})
			return ch, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := func(browser, name string, want bool) {
		t.Helper()
		if _, err := write(browser, name); (discuss.KindOf(err) == discuss.Forbidden) != want {
			t.Errorf("%q as %s: %v", browser, name, err)
		}
	}
	ban(first.Author.ID)
	refused("one", "Anna", true)
	refused("one", "Berta", true)
	refused("two", "Anna", false)
	refused("", "Anna", false)
	ban(program.Author.ID)
	refused("", "Anna", true)
	refused("", "Clara", false)

	// Who has not written for a month is forgotten, but for who is banned.
	later := time.Now().Add(31 * 24 * time.Hour)
	if err := p.s.DropStale(ctx, later, later); err != nil {
		t.Fatal(err)
	}
	if back := must("two", "Anna"); back.Author.ID == other.Author.ID {
		t.Error("a browser is known after a month without a comment")
	}
	refused("one", "Dora", true)
}
