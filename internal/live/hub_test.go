package live

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const testWindow = 2 * time.Millisecond

// batch is a frame as these tests see it.
type batch struct {
	events  []happened
	readers int
}

// happened is an event of the tests: a room and a number.
type happened struct{ room, n int64 }

func (h happened) In() int64     { return h.room }
func (h happened) Number() int64 { return h.n }

func newHub() *Hub[int64, happened] {
	return &Hub[int64, happened]{
		Encode: func(e []happened, readers int) Frame { return batch{e, readers} }, Reset: "reset",
		Window: testWindow, Queue: 4,
	}
}

// peer is a subscriber that notes what it is sent.
type peer struct {
	mu     sync.Mutex
	seqs   []int64
	resets int
	frames int
	block  chan struct{} // send waits for it; nil never waits
}

func (p *peer) send(f Frame) error {
	if p.block != nil {
		<-p.block
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.frames++
	if f == "reset" {
		p.resets++
		return nil
	}
	for _, e := range f.(batch).events {
		p.seqs = append(p.seqs, e.n)
	}
	return nil
}

func (p *peer) got() (seqs []int64, frames, resets int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]int64(nil), p.seqs...), p.frames, p.resets
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never came true: %s", what)
}

func inOrder(t *testing.T, who string, seqs []int64, from, to int64) {
	t.Helper()
	if len(seqs) != int(to-from) {
		t.Errorf("%s got %d events, want %d", who, len(seqs), to-from)
		return
	}
	for i, n := range seqs {
		if n != from+1+int64(i) {
			t.Fatalf("%s: event %d came as number %d", who, n, i)
		}
	}
}

func TestEveryReaderGetsEveryEventInOrder(t *testing.T) {
	h := newHub()
	h.Queue = 1 << 20
	const all, readers = 2000, 20
	peers := make([]*peer, readers)
	var subs []*Sub[int64, happened]
	for i := range peers {
		peers[i] = &peer{}
		s := h.Subscribe(1, peers[i].send, func() {})
		s.Go(nil, 0)
		subs = append(subs, s)
	}
	for i := range all {
		h.Publish(happened{1, int64(i + 1)})
		if i%50 == 0 {
			time.Sleep(testWindow / 4)
		}
	}
	for i, p := range peers {
		eventually(t, "all events came", func() bool { s, _, _ := p.got(); return len(s) == all })
		seqs, frames, _ := p.got()
		inOrder(t, fmt.Sprint("reader ", i), seqs, 0, all)
		if frames >= all/4 {
			t.Errorf("%d events came in %d frames: the window gathers nothing", all, frames)
		}
	}
	for _, s := range subs {
		s.Close()
	}
	h.Wait()
}

// TestNothingFallsBetweenThePastAndThePresent: events committed after a reader
// subscribed and before it has read the past come once, whatever overlaps.
func TestNothingFallsBetweenThePastAndThePresent(t *testing.T) {
	for round := range 50 {
		h := newHub()
		h.Queue = 1 << 20
		p := &peer{}
		const all = 60
		var seq atomic.Int64
		var wg sync.WaitGroup
		wg.Go(func() {
			for range all {
				h.Publish(happened{1, seq.Add(1)})
				time.Sleep(time.Duration(rand.IntN(100)) * time.Microsecond)
			}
		})
		time.Sleep(time.Duration(rand.IntN(2000)) * time.Microsecond)
		s := h.Subscribe(1, p.send, func() {})
		past := seq.Load() // what a look into the database would give now
		var list []happened
		for i := range past {
			list = append(list, happened{1, i + 1})
		}
		s.Go([]Frame{batch{list, -1}}, past)
		wg.Wait()
		eventually(t, "all came", func() bool { got, _, _ := p.got(); return len(got) == all })
		seqs, _, _ := p.got()
		inOrder(t, fmt.Sprint("round ", round), seqs, 0, all)
		s.Close()
		h.Wait()
	}
}

func TestASlowReaderLosesItsBacklogAndSlowsNobody(t *testing.T) {
	h := newHub()
	slow, quick := &peer{block: make(chan struct{})}, &peer{}
	a, b := h.Subscribe(1, slow.send, func() {}), h.Subscribe(1, quick.send, func() {})
	a.Go(nil, 0)
	b.Go(nil, 0)
	const windows = 40
	for i := range windows {
		h.Publish(happened{1, int64(i + 1)})
		eventually(t, "the quick one has it", func() bool { s, _, _ := quick.got(); return len(s) == i+1 })
		a.mu.Lock()
		if n := len(a.q); n > h.Queue {
			t.Errorf("the slow reader holds %d frames, at most %d may wait", n, h.Queue)
		}
		a.mu.Unlock()
	}
	close(slow.block)
	eventually(t, "the slow one was told to fetch again", func() bool { _, _, r := slow.got(); return r > 0 })
	if s, _, _ := quick.got(); len(s) != windows {
		t.Errorf("the quick reader got %d", len(s))
	}
	a.Close()
	b.Close()
	h.Wait()
}

// More sockets than lanes that take nothing hold nobody up, and who comes
// after them is served as before.
func TestManyStuckReadersSlowNobody(t *testing.T) {
	h := newHub()
	open := make(chan struct{})
	var stuck []*peer
	var subs []*Sub[int64, happened]
	for range 300 {
		p := &peer{block: open}
		s := h.Subscribe(1, p.send, func() {})
		s.Go(nil, 0)
		stuck, subs = append(stuck, p), append(subs, s)
	}
	quick := &peer{}
	s := h.Subscribe(1, quick.send, func() {})
	s.Go(nil, 0)
	subs = append(subs, s)
	for i := range 10 {
		h.Publish(happened{1, int64(i + 1)})
		eventually(t, "the quick one has it", func() bool { s, _, _ := quick.got(); return len(s) == i+1 })
	}
	close(open)
	for _, p := range stuck {
		eventually(t, "a stuck one goes on", func() bool { s, _, r := p.got(); return len(s) == 10 || r > 0 })
	}
	for _, s := range subs {
		s.Close()
	}
	h.Wait()
	if n := h.lanes.running; n != 0 {
		t.Errorf("%d lanes are open with nothing to do", n)
	}
}

func TestAReaderWhoseSocketFailsIsAskedToLeave(t *testing.T) {
	h := newHub()
	var stopped atomic.Bool
	s := h.Subscribe(1, func(Frame) error { return errors.New("broken pipe") }, func() { stopped.Store(true) })
	s.Go([]Frame{batch{}}, 0)
	eventually(t, "it was stopped", stopped.Load)
	s.Close()
	h.Wait()
}

func TestReadersAreCounted(t *testing.T) {
	h := newHub()
	var last atomic.Int64
	count := func(f Frame) error {
		if n := f.(batch).readers; n >= 0 {
			last.Store(int64(n))
		}
		return nil
	}
	a := h.Subscribe(7, count, func() {})
	a.Go(nil, 0)
	h.Announce(7)
	eventually(t, "one reader", func() bool { return last.Load() == 1 })
	b := h.Subscribe(7, func(Frame) error { return nil }, func() {})
	b.Go(nil, 0)
	h.Announce(7)
	eventually(t, "two readers", func() bool { return last.Load() == 2 })
	b.Close()
	eventually(t, "one again", func() bool { return last.Load() == 1 })
	if n := h.Readers(8); n != 0 {
		t.Errorf("another thread has %d", n)
	}
	a.Close()
	h.Wait()
	if len(h.rooms) != 0 {
		t.Errorf("%d rooms are left", len(h.rooms))
	}
}

func TestAfterShutdownNobodyComesIn(t *testing.T) {
	h := newHub()
	s := h.Subscribe(1, func(Frame) error { return nil }, func() {})
	s.Go(nil, 0)
	if got := h.Shutdown(); len(got) != 1 || got[0] != s {
		t.Errorf("asked to leave: %v", got)
	}
	if h.Subscribe(1, func(Frame) error { return nil }, func() {}) != nil {
		t.Error("somebody came in")
	}
	s.Close()
	h.Wait()
}

// BenchmarkBroadcast is the hub's own cost of one event to 1,000 readers whose
// sending costs nothing; compare with BenchmarkBareLoop.
func BenchmarkBroadcast(b *testing.B) {
	h := newHub()
	h.Window, h.Queue = 0, 1<<20
	var n atomic.Int64
	for range 1000 {
		s := h.Subscribe(1, func(Frame) error { n.Add(1); return nil }, func() {})
		s.Go(nil, 0)
	}
	b.ResetTimer()
	for i := range b.N {
		h.Publish(happened{1, int64(i + 1)})
		for n.Load() < int64(i+1)*1000 {
			time.Sleep(10 * time.Microsecond)
		}
	}
}

func BenchmarkBareLoop(b *testing.B) {
	var n atomic.Int64
	send := func() { n.Add(1) }
	for range b.N {
		for range 1000 {
			send()
		}
	}
}
