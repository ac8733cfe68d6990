package store

import (
	"context"
	"fmt"
	"testing"

	"parley/internal/discuss"
)

// otherArchive is an export of the same source with pages, people and comments
// of its own.
func otherArchive(comments int) *discuss.Archive {
	a := archiveOf(comments)
	for i := range a.Threads {
		t := &a.Threads[i]
		t.Foreign, t.Aliases = "other-"+t.Foreign, nil
		t.Key = fmt.Sprint("https://news.example/other/", i)
		t.URL = t.Key
	}
	for i := range a.People {
		a.People[i].Foreign = "other-" + a.People[i].Foreign
	}
	for i := range a.Comments {
		c := &a.Comments[i]
		c.Foreign, c.Thread, c.Person = "other-"+c.Foreign, "other-"+c.Thread, "other-"+c.Person
		if c.Parent != "" {
			c.Parent = "other-" + c.Parent
		}
	}
	return a
}

// What another import of the same source brought between two runs of one that was
// cut short is the other's.
func TestAnUndoLeavesWhatCameBetweenTwoRuns(t *testing.T) {
	for name, byNumber := range map[string]bool{"by its file": false, "by its number": true} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			empty := b.dump(t)
			others := discuss.ImportRun{Name: "other.xml", Digest: []byte("other")}
			cut, stop := context.WithCancel(context.Background())
			n, _, err := b.RunImport(cut, b.site, spooled(t, archiveOf(3000)), fileRun, func(comments int) {
				if comments >= 400 {
					stop()
				}
			})
			if err == nil {
				t.Fatal("it was not cut short")
			}
			mine := b.dump(t)
			m := b.imports(t, otherArchive(300), others)
			between := b.dump(t)
			on := fileRun
			if byNumber {
				on.ID = n
			}
			if again := b.imports(t, archiveOf(3000), on); again != n || m == n {
				t.Fatalf("it went on as import %d, and was %d; the other is %d", again, n, m)
			}
			if u := b.undoes(t, n); u.Comments != 3000 || len(u.Stays) != 0 {
				t.Errorf("%+v", u)
			}
			after := b.dump(t)
			for _, table := range []string{"comments", "threads", "authors", "aliases"} {
				if len(after[table]) != len(between[table])-len(mine[table])+len(empty[table]) {
					t.Errorf("%s: %d rows, after %d, %d and %d", table, len(after[table]), len(empty[table]), len(mine[table]), len(between[table]))
				}
				was := map[string]bool{}
				for _, row := range between[table] {
					was[row] = true
				}
				for _, row := range after[table] {
					if !was[row] {
						t.Errorf("%s: %s was not so before", table, row)
					}
				}
			}
			recountImported(t, b)
			if u := b.undoes(t, m); u.Comments != 300 || len(u.Stays) != 0 {
				t.Errorf("of the other: %+v", u)
			}
			same(t, empty, b.dump(t))
		})
	}
}

// What one import made and another's comments have kept goes with the last of them.
func TestTheLastUndoTakesWhatEarlierOnesLeft(t *testing.T) {
	for name, source := range map[string]string{"of one source": "disqus", "of two sources": "wxr"} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			b.post(t, 1, "https://news.example/0", 0, "the first word here")
			b.settled(t)
			empty := b.dump(t)
			n := b.imports(t, archiveOf(300), fileRun)
			second := archiveOf(300) // of the same pages and people
			second.Source = source
			for i := range second.Comments {
				c := &second.Comments[i]
				c.Foreign = "later-" + c.Foreign
				if c.Parent != "" {
					c.Parent = "later-" + c.Parent
				}
			}
			for i := range second.Threads {
				second.Threads[i].Aliases = append(second.Threads[i].Aliases, fmt.Sprint("later:", i))
			}
			m := b.imports(t, second, discuss.ImportRun{Name: "later.xml", Digest: []byte("later")})
			u := b.undoes(t, n)
			if u.Comments != 300 || u.Threads != 0 || u.Stayed.Threads != 5 {
				t.Errorf("of the first: %+v", u.Moved)
			}
			if u := b.undoes(t, m); u.Comments != 300 || u.Threads != 5 || u.People != 15 || len(u.Stays) != 0 {
				t.Errorf("of the last: %+v, %+v", u.Moved, u.Stays)
			}
			same(t, empty, b.dump(t))
			recountImported(t, b)
		})
	}
}
