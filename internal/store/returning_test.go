package store_test

import (
	"context"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Erasing oneself ends no ban: who comes back by the same address or the same
// provider is kept away as long as the ban holds, and not a day longer.
func TestErasingEndsNoBan(t *testing.T) {
	c, s, _, site := eraseWorld(t)
	ctx := context.Background()
	facebook := func(name string) auth.Account {
		t.Helper()
		a, err := s.NewPerson(ctx, auth.Account{Name: name, Verified: true}, auth.Profile{Provider: "facebook", Subject: "1"}, auth.Place{Site: site.ID, Skeleton: name}, c.now())
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	ban := func(a auth.Account, everywhere bool, until time.Time) discuss.ID {
		t.Helper()
		author := writes(t, s, site, a, 0, "words of "+a.Name).Author
		row := discuss.Ban{Site: site.ID, Author: author.ID, Reason: "insults", Until: until}
		if everywhere {
			row.Site, row.Account = 0, a.ID
		}
		err := s.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, err error) {
			row.ID = r.NextID()
			ch.Add(discuss.NewBan{Ban: row})
			return ch, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return row.ID
	}
	erase := func(a auth.Account) {
		t.Helper()
		if more, err := s.EraseSome(ctx, a.ID, 100); err != nil || more {
			t.Fatal(more, err)
		}
	}
	banned := func(a auth.Account) bool {
		t.Helper()
		m, err := memberOf(s, site, a)
		if err != nil {
			t.Fatal(err)
		}
		b, err := s.BanOf(ctx, site.ID, m.ID, a.ID, c.now())
		if err != nil {
			t.Fatal(err)
		}
		return b != nil
	}

	ann, fay, dan, kim := account(t, s, site, "ann"), facebook("fay"), account(t, s, site, "dan"), account(t, s, site, "kim")
	ban(ann, false, time.Time{})
	ban(fay, true, time.Time{})
	ban(dan, false, c.now().Add(time.Hour))
	for _, a := range []auth.Account{ann, fay, dan, kim} {
		erase(a)
	}
	annAgain, fayAgain, other := account(t, s, site, "ann"), facebook("fay2"), account(t, s, site, "other")
	if !banned(annAgain) || !banned(fayAgain) {
		t.Error("an erased person is free by coming back")
	}
	if banned(other) || banned(account(t, s, site, "kim")) {
		t.Error("somebody who was never banned is")
	}
	// Once more, after a second erasure.
	erase(annAgain)
	if !banned(account(t, s, site, "ann")) {
		t.Error("a second erasure ended it")
	}
	c.pass(2 * time.Hour)
	if err := s.DropStale(ctx, c.now(), c.now()); err != nil {
		t.Fatal(err)
	}
	if banned(account(t, s, site, "dan")) {
		t.Error("a ban that is over came back")
	}
}

func memberOf(s interface {
	Write(context.Context, discuss.Step) error
}, site discuss.Site, a auth.Account,
) (m discuss.Author, err error) {
	err = s.Write(context.Background(), func(r discuss.Reader) (discuss.Changes, error) {
		m, err = r.Member(site.ID, a.ID)
		return nil, err
	})
	return m, err
}
