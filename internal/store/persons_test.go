package store

import (
	"context"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// A person's line says by which provider they came last; nobody else's does.
func TestPeopleSayWhichWayTheyCame(t *testing.T) {
	b := newBench(t, Options{})
	ctx, now := context.Background(), time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	acc, err := b.NewPerson(ctx, auth.Account{Name: "Gullwing", Verified: true}, auth.Profile{Provider: "facebook", Subject: "1"}, auth.Place{Site: b.site.ID, Skeleton: "gullwing"}, now)
	if err != nil {
		t.Fatal(err)
	}
	if err := b.AddIdentity(ctx, acc.ID, auth.Profile{Provider: "github", Subject: "7"}, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	b.people = append(b.people, discuss.Actor{Account: acc.ID, Name: acc.Name, Role: discuss.Member})
	b.post(t, len(b.people)-1, "a", 0, "By GitHub.")
	b.post(t, 1, "a", 0, "With a password.")
	people, err := b.People(ctx, discuss.PeopleQuery{Site: b.site.ID, Limit: 10}, now)
	if err != nil || len(people) != 2 {
		t.Fatalf("%d people, %v", len(people), err)
	}
	for _, p := range people {
		want := map[string]string{"Gullwing": "github"}[p.Name]
		if p.Via != want {
			t.Errorf("%s came by %q, want %q", p.Name, p.Via, want)
		}
	}
}
