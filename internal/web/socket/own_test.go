package socket

import (
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/live"
)

// However many bells ring for one person, their page is told once a window; what
// rings for others is none of its business, nor of the moderators'.
func TestManyBellsAreOneFrame(t *testing.T) {
	const window = 100 * time.Millisecond
	r := &Room{}
	r.owners = &live.Hub[discuss.ID, hinted]{Encode: encodeOwn, Reset: ownFrame(), Window: window, Queue: live.DefaultQueue}
	r.moderators = &live.Hub[discuss.ID, hinted]{Encode: encodeHints, Reset: resetFrame(), Window: window, Queue: live.DefaultQueue}
	var mine, theirs, desk atomic.Int64
	count := func(n *atomic.Int64) func(live.Frame) error {
		return func(live.Frame) error { n.Add(1); return nil }
	}
	for author, n := range map[discuss.ID]*atomic.Int64{7: &mine, 8: &theirs} {
		sub := r.owners.Subscribe(author, count(n), func() {})
		if sub == nil {
			t.Fatal("no room")
		}
		sub.Go(nil, -1)
		defer sub.Close()
	}
	sub := r.moderators.Subscribe(1, count(&desk), func() {})
	sub.Go(nil, -1)
	defer sub.Close()
	time.Sleep(2 * window) // what is said at the beginning
	began, before, deskBefore, theirsBefore := time.Now(), mine.Load(), desk.Load(), theirs.Load()
	for range 10_000 {
		r.Hinted([]discuss.Hint{{Site: 1, Type: discuss.HintBell, Author: 7}})
	}
	took := time.Since(began)
	time.Sleep(3 * window)
	if n, most := mine.Load()-before, int64(took/window)+2; n < 1 || n > most {
		t.Errorf("%d frames in %s, want at most %d", n, took, most)
	}
	if desk.Load() != deskBefore || theirs.Load() != theirsBefore {
		t.Errorf("%d frames for the moderators, %d for somebody else", desk.Load()-deskBefore, theirs.Load()-theirsBefore)
	}
}
