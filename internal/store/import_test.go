package store

import (
	"context"
	"testing"
	"time"

	"parley/internal/discuss"
)

// A second run that tells of a move finds the threads of the first, and brings
// nothing twice; its plan says the same.
func TestAnImportThatMovedBringsNothingTwice(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	archive := func(key string) *discuss.Archive {
		return &discuss.Archive{
			Source: "disqus", Threads: []discuss.ArchiveThread{{Foreign: "t1", Key: key, State: discuss.Open, Created: time.Unix(1e9, 0)}},
			People:   []discuss.ArchivePerson{{Foreign: "p", Name: "Ann"}},
			Comments: []discuss.ArchiveComment{{Foreign: "1", Thread: "t1", Person: "p", Body: "an old word", Status: discuss.Published, Created: time.Unix(1e9, 0)}},
		}
	}
	if m, err := b.ImportArchive(ctx, b.site, archive("https://old.example/a")); err != nil || m != (discuss.Moved{Threads: 1, Comments: 1, People: 1}) {
		t.Fatal(m, err)
	}
	moved := archive("https://news.example/a")
	if m, joined, err := b.ImportPlan(ctx, b.site, spooled(t, moved)); err != nil || m != (discuss.Moved{}) || joined != 1 {
		t.Errorf("the plan of the second run: %+v, %d joined, %v", m, joined, err)
	}
	if m, err := b.ImportArchive(ctx, b.site, moved); err != nil || m != (discuss.Moved{}) {
		t.Errorf("the second run: %+v, %v", m, err)
	}
	if old, now := thread(t, b, "https://old.example/a"), thread(t, b, "https://news.example/a"); old.ID != now.ID || now.Count != 1 {
		t.Errorf("the addresses lead to %v with %d and to %v with %d", old.ID, old.Count, now.ID, now.Count)
	}
}

// A site's own export, which has no texts of what was deleted, adds no rows to it.
func TestOnesOwnDeletedRowsAreKnown(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "it goes again")
	if err := b.verbs.Delete(ctx, b.site, b.people[1], c.ID); err != nil {
		t.Fatal(err)
	}
	a := &discuss.Archive{
		Source: "parley", Threads: []discuss.ArchiveThread{{Foreign: c.ThreadID.String(), Key: "a", State: discuss.Open}},
		People:   []discuss.ArchivePerson{{Foreign: c.Author.ID.String(), Name: c.Author.Name}},
		Comments: []discuss.ArchiveComment{{Foreign: c.ID.String(), Thread: c.ThreadID.String(), Person: c.Author.ID.String(), Status: discuss.Deleted, Created: c.Created}},
	}
	if m, err := b.ImportArchive(ctx, b.site, a); err != nil || m != (discuss.Moved{}) {
		t.Errorf("the site's own export adds %+v, %v", m, err)
	}
}

// spooled is an archive in a spool of its own.
func spooled(t testing.TB, a *discuss.Archive) *Spool {
	t.Helper()
	sp, err := SpoolOf(context.Background(), t.TempDir(), a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sp.Remove() })
	return sp
}
