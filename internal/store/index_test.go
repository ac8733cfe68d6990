package store

import (
	"context"
	"net/netip"
	"runtime"
	"testing"

	"parley/internal/discuss"
)

// A search finds what was said before it, whether or not the index had it; what
// is changed or removed before its words came there never comes there; and the
// index stays whole.
func TestWordsAreIndexedBesideThePosts(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	matches := func(word string) (n int) {
		t.Helper()
		if err := b.queryRow(ctx, `SELECT count(*) FROM comments_text WHERE comments_text MATCH ?1`, []any{word}, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	waiting := func() (n int) {
		t.Helper()
		if err := b.queryRow(ctx, `SELECT count(*) FROM unindexed`, nil, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	b.finds(t, "heron") // nothing, and nothing waits
	for range 3 {
		b.post(t, 1, "a", 0, "a heron by the lock")
	}
	list, err := b.Find(ctx, discuss.FindQuery{Site: b.site.ID, Text: "heron", Limit: 10})
	if err != nil || len(list) != 3 || waiting() != 0 {
		t.Fatalf("%d of three are found, %d wait, %v", len(list), waiting(), err)
	}

	edited, removed := b.post(t, 1, "a", 0, "an egret"), b.post(t, 1, "a", 0, "a bittern")
	for _, id := range []discuss.ID{edited.ID, list[0].Comment.ID} { // before and after its words are there
		if _, err := b.verbs.Edit(ctx, b.site, b.people[1], id, "a kingfisher", netip.Addr{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, id := range []discuss.ID{removed.ID, list[1].Comment.ID} {
		if err := b.update(ctx, b.w.ch, func(tx *Tx) error { return tx.eraseText(id) }); err != nil {
			t.Fatal(err)
		}
	}
	if n := matches("heron"); n != 1 {
		t.Errorf("%d texts with a word that was taken away are in the index before the next run", n-1)
	}
	b.indexed(ctx)
	for word, want := range map[string]int{"heron": 1, "egret": 0, "bittern": 0, "kingfisher": 2} {
		if n := matches(word); n != want {
			t.Errorf("%s is found %d times, want %d", word, n, want)
		}
	}
	if waiting() != 0 {
		t.Errorf("%d wait", waiting())
	}
	if err := b.update(ctx, b.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO comments_text (comments_text) VALUES ('integrity-check')`)
	}); err != nil {
		t.Errorf("the index: %v", err)
	}
}

// A step that fails between two of its writes takes nothing else of its batch
// with it, and leaves nothing.
func TestAStepThatFailsHalfwayLeavesNothing(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	block, running, done := make(chan struct{}), make(chan struct{}), make(chan error, 3)
	go func() { // the others gather meanwhile
		done <- b.update(ctx, b.w.ch, func(*Tx) error { close(running); <-block; return nil })
	}()
	<-running
	go func() {
		done <- b.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, _ error) {
			th := discuss.Thread{ID: r.NextID(), SiteID: b.site.ID, Key: "twice", State: discuss.Open, Created: r.Now()}
			ch.Add(discuss.NewThread{Thread: th}, discuss.NewThread{Thread: th}) // the second one has the first one's id
			return ch, nil
		})
	}()
	go func() {
		done <- b.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, _ error) {
			ch.Add(discuss.NewThread{Thread: discuss.Thread{ID: r.NextID(), SiteID: b.site.ID, Key: "once", State: discuss.Open, Created: r.Now()}})
			return ch, nil
		})
	}()
	for len(b.w.ch) < 2 {
		runtime.Gosched()
	}
	close(block)
	failed := 0
	for range 3 {
		if err := <-done; err != nil {
			failed++
		}
	}
	if failed != 1 || !b.has(t, "once") || b.has(t, "twice") {
		t.Errorf("%d failed; the good one is there: %v; of the bad one something is: %v", failed, b.has(t, "once"), b.has(t, "twice"))
	}
}
