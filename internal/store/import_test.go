package store

import (
	"context"
	"slices"
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

// Wherever a run is cut short the counters are right, and the rest makes of it
// what one run alone would have: also where replies stand before what they answer.
func TestAnImportIsRightWhereverItEnds(t *testing.T) {
	ctx := context.Background()
	a := archiveOf(600)
	for i := range a.Comments { // some answer what was written after them
		if c := &a.Comments[i]; i%7 == 0 && c.Parent != "" {
			c.Created = c.Created.Add(-time.Duration(i) * time.Hour)
		}
	}
	rows := func(b *bench) (out []string) {
		if err := b.dumpRows(ctx, `SELECT c.foreign_id, p.foreign_id AS above, r.foreign_id AS root, c.depth, c.kids, c.replies, c.shown, c.branch, c.rank, c.featured, c.low, c.decided, c.waiting_since
			FROM comments c LEFT JOIN comments p ON p.id = c.parent_id JOIN comments r ON r.id = c.root_id ORDER BY c.foreign_id`, func(line string) { out = append(out, line) }); err != nil {
			t.Fatal(err)
		}
		return out
	}
	whole := newBench(t, Options{})
	whole.imports(t, a, fileRun)
	recountImported(t, whole)
	want := rows(whole)
	for _, at := range []int{1, 30, 200, 599} {
		b := newBench(t, Options{})
		b.served = true // in small chunks
		cut, stop := context.WithCancel(ctx)
		_, moved, err := b.RunImport(cut, b.site, spooled(t, a), fileRun, func(comments int) {
			if comments >= at {
				stop()
			}
		})
		stop()
		if err == nil && at < 599 || moved.Comments == 0 {
			t.Fatalf("cut at %d: %+v, %v", at, moved, err)
		}
		recountImported(t, b)
		b.imports(t, a, fileRun)
		recountImported(t, b)
		if got := rows(b); !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Errorf("cut at %d and gone on with, it is\n%s\nnot\n%s", at, got[i], want[i])
					break
				}
			}
		}
	}
}
