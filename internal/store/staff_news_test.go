package store

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Staff are told of what was published since, by others; whoever is banned or
// no longer on the staff is told nothing.
func TestStaffNewsAreForStaff(t *testing.T) {
	a := newArchive(t)
	ctx := t.Context()
	all := func(string, time.Time) bool { return true }
	account, err := a.NewAccount(ctx, auth.Account{Email: "mo@example.com", Name: "Mo", Verified: true}, a.site.ID, "mo", discuss.Moderator)
	if err != nil {
		t.Fatal(err)
	}
	mod, err := a.memberOf(ctx, a.site.ID, account.ID)
	if err != nil {
		t.Fatal(err)
	}
	a.people[0] = discuss.Actor{Account: account.ID, Author: mod, Name: "Mo", Role: discuss.Moderator}
	first, own := a.post(t, 1, "a", 0, "by a reader"), a.post(t, 0, "a", 0, "by the moderator")
	news, err := a.StaffNews(ctx, all)
	if err != nil {
		t.Fatal(err)
	}
	if len(news) != 1 || len(news[0].Items) != 1 || news[0].Items[0].Comment.ID != first.ID || news[0].Person.Role != discuss.Moderator {
		t.Fatalf("news %+v, want the reader's comment and not %s", news, own.ID)
	}
	if err := a.MarkStaffTold(ctx, mod.ID, news[0].Upto); err != nil {
		t.Fatal(err)
	}
	if news, err = a.StaffNews(ctx, all); err != nil || len(news) != 0 {
		t.Errorf("told twice: %+v %v", news, err)
	}
	a.post(t, 1, "a", 0, "another")
	if err := a.update(ctx, a.w.ch, func(tx *Tx) error {
		return tx.insertBan(discuss.Ban{ID: tx.NextID(), Site: a.site.ID, Author: mod.ID, Reason: "Gone rogue"})
	}); err != nil {
		t.Fatal(err)
	}
	if news, err = a.StaffNews(ctx, all); err != nil || len(news) != 0 {
		t.Errorf("somebody banned is told: %+v %v", news, err)
	}
}

// A real page is not crowded out by made-up ones.
func TestRefusedOriginsKeepTheRealOne(t *testing.T) {
	a := newArchive(t)
	ctx := t.Context()
	note := func(origin string, n int) {
		t.Helper()
		now := time.Now()
		if err := a.NoteRefused(ctx, []discuss.RefusedOrigin{{Site: a.site.ID, Origin: origin, First: now, Last: now, Count: n}}); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 * refusedMost {
		note(fmt.Sprintf("https://made-up-%d.example", i), 1)
		if i%10 == 0 {
			note("https://www.news.test", 1)
		}
	}
	list, err := a.RefusedOrigins(ctx, a.site)
	if err != nil || len(list) != refusedMost {
		t.Fatalf("%d origins, want %d (%v)", len(list), refusedMost, err)
	}
	for _, r := range list {
		if r.Origin == "https://www.news.test" {
			if r.Count != 3*refusedMost/10 {
				t.Errorf("it counts %d, want %d", r.Count, 3*refusedMost/10)
			}
			return
		}
	}
	t.Error("the real page is not among them")
}
