package live

import (
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestNextWindowWaitsForTheLast: sending takes longer than a window. Without a
// wait every subscriber falls behind and is told to fetch again.
func TestNextWindowWaitsForTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock of a bubble: windows pass at once
		h := newHub()
		const readers, all = 60, 300
		var resets, frames atomic.Int64
		var last sync.Map
		var subs []*Sub[int64, happened]
		for i := range readers {
			s := h.Subscribe(1, func(f Frame) error {
				time.Sleep(testWindow / 2) // 60 of them by two lanes: fifteen windows
				if f == "reset" {
					resets.Add(1)
					return nil
				}
				frames.Add(1)
				for _, e := range f.(batch).events {
					if was, _ := last.Swap(i, e.n); was != nil && was.(int64)+1 != e.n {
						t.Errorf("reader %d: %d after %d", i, e.n, was)
					}
				}
				return nil
			}, func() {})
			s.Go(nil, 0)
			subs = append(subs, s)
		}
		for i := range all {
			h.Publish(happened{1, int64(i + 1)})
			time.Sleep(testWindow)
		}
		for i := range readers {
			eventually(t, "the last event came", func() bool { v, _ := last.Load(i); return v == int64(all) })
		}
		if n := resets.Load(); n != 0 {
			t.Errorf("%d times a reader was told to fetch again", n)
		}
		if n := frames.Load(); n > readers*all/4 {
			t.Errorf("%d frames for %d events: the room's clock is not its own", n, all)
		}
		for _, s := range subs {
			s.Close()
		}
		h.Wait()
	})
}

// TestStalledReaderHoldsNoWindowUp: the room waits for frames to be on their
// way, not for a socket that takes none.
func TestStalledReaderHoldsNoWindowUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock of a bubble: windows pass at once
		h := newHub()
		h.Queue = 1 << 10
		stalled, quick := &peer{block: make(chan struct{})}, &peer{}
		a, b := h.Subscribe(1, stalled.send, func() {}), h.Subscribe(1, quick.send, func() {})
		a.Go(nil, 0)
		b.Go(nil, 0)
		for i := range 50 {
			h.Publish(happened{1, int64(i + 1)})
			eventually(t, "the other is told", func() bool { s, _, _ := quick.got(); return len(s) == i+1 })
		}
		close(stalled.block)
		eventually(t, "and the stalled one has lost nothing", func() bool { s, _, _ := stalled.got(); return len(s) == 50 })
		a.Close()
		b.Close()
		h.Wait()
	})
}

// TestReadersAreToldSeldom: in a small room each is news; into a large one
// people come by the hundred, and what is told in the end is how many they are.
func TestReadersAreToldSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock of a bubble: windows pass at once
		h := newHub()
		const all = 400
		var told, frames atomic.Int64
		var subs []*Sub[int64, happened]
		join := func() {
			s := h.Subscribe(1, func(f Frame) error {
				if b := f.(batch); b.readers >= 0 {
					told.Store(int64(b.readers))
					frames.Add(1)
				}
				return nil
			}, func() {})
			s.Go(nil, 0)
			subs = append(subs, s)
			h.Announce(1)
		}
		for i := range 3 {
			join()
			eventually(t, "a small room is told at once", func() bool { return told.Load() == int64(i+1) })
		}
		for range all - 3 {
			join()
			time.Sleep(testWindow / 4)
		}
		eventually(t, "the number in the end", func() bool { return told.Load() == all })
		if n := frames.Load(); n > 6*all {
			t.Errorf("%d frames to tell %d readers how many they are", n, all)
		}
		for _, s := range subs {
			s.Close()
		}
		h.Wait() // nobody is left to be told: no clock goes on
	})
}
