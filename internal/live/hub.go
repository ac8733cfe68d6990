// Package live carries committed events to whoever is reading. A hub of rooms,
// such as one per thread, hands each subscriber the same frames; it has never heard of
// WebSockets: how a frame is made and sent are functions given to it.
package live

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Defaults of a hub.
const (
	DefaultWindow = 60 * time.Millisecond
	DefaultQueue  = 32   // frames a subscriber may be behind
	heldMax       = 1024 // events a subscriber may miss while it is catching up

	// crowd is how many readers make a room large.
	crowd = 1000

	restMax = 500 * time.Millisecond // between two windows of a room, for the sake of others
)

// Frame is an encoded batch; only the maker and the sender look inside. One that
// is nil says nothing, and is not sent.
type Frame any

// Event is what a hub hands on: it has happened in a room, and carries a number
// that rises there.
type Event[K comparable] interface {
	In() K
	Number() int64
}

// Hub fans events out. Cost is one send per subscriber and window however many
// events fall into it: a room's next window opens when the frame of the last
// one is on its way to everybody, so a hot room slows its own clock instead of
// queueing.
type Hub[K comparable, E Event[K]] struct {
	// Encode makes the frame of a batch; readers is negative if unchanged.
	Encode func(events []E, readers int) Frame
	// Reset is the frame that tells a subscriber to fetch again.
	Reset  Frame
	Window time.Duration
	Queue  int

	mu    sync.RWMutex
	rooms map[K]*room[K, E]
	gone  bool
	wg    sync.WaitGroup
	lanes lanes
}

type room[K comparable, E Event[K]] struct {
	mu      sync.Mutex
	subs    []*Sub[K, E] // each knows its place
	pending []E
	told    int // readers last announced
	toldAt  time.Time
	ticking bool
}

// Subscribe adds a subscriber to a room. send is called by one goroutine at
// a time; stop must make the owner leave. nil means the hub is closing.
func (h *Hub[K, E]) Subscribe(in K, send func(Frame) error, stop func()) *Sub[K, E] {
	s := &Sub[K, E]{hub: h, in: in, send: send, stop: stop}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gone {
		return nil
	}
	if h.rooms == nil {
		h.rooms = map[K]*room[K, E]{}
		h.lanes.wg = &h.wg
	}
	h.enter(s, in)
	return s
}

// enter puts a subscriber into a room. Called with the hub's lock held.
func (h *Hub[K, E]) enter(s *Sub[K, E], in K) {
	r := h.rooms[in]
	if r == nil {
		r = &room[K, E]{}
		h.rooms[in] = r
	}
	r.mu.Lock()
	s.room, s.in, s.at = r, in, len(r.subs)
	r.subs = append(r.subs, s)
	r.mu.Unlock()
}

// Readers is how many subscribers a room has.
func (h *Hub[K, E]) Readers(in K) int {
	h.mu.RLock()
	r := h.rooms[in]
	h.mu.RUnlock()
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.subs)
}

// Rooms are those that have a subscriber.
func (h *Hub[K, E]) Rooms() []K {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.Collect(maps.Keys(h.rooms))
}

// Announce lets the room tell its readers how many they are.
func (h *Hub[K, E]) Announce(in K) { h.publish(in, nil) }

// Publish hands e to every subscriber of its room and never blocks.
func (h *Hub[K, E]) Publish(e E) { h.publish(e.In(), &e) }

func (h *Hub[K, E]) publish(in K, e *E) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r := h.rooms[in]
	if r == nil || h.gone {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if e != nil {
		r.pending = append(r.pending, *e)
	}
	if !r.ticking {
		r.ticking = true
		h.wg.Go(func() { r.tick(h) })
	}
}

func (r *room[K, E]) tick(h *Hub[K, E]) {
	var to []*Sub[K, E]
	var wave sync.WaitGroup
	rest := h.Window // what comes into a quiet room waits no longer, however large it is
	for {
		time.Sleep(rest)
		closing := h.closing()
		r.mu.Lock()
		events := r.pending
		r.pending = nil
		readers, later := r.readers(time.Now(), len(events) > 0)
		rest = window(h.Window, len(r.subs))
		if len(events) == 0 && readers < 0 {
			if later && !closing {
				r.mu.Unlock()
				continue
			}
			r.ticking = false
			r.mu.Unlock()
			return
		}
		to = append(to[:0], r.subs...)
		r.mu.Unlock()
		began := time.Now()
		f := h.Encode(events, readers)
		for _, s := range to {
			s.deliver(events, readers, f, &wave)
		}
		wave.Wait()
		// As long as that took, the others have the machine: who posts, who reads.
		took := time.Since(began)
		rest = max(rest-took, min(took, restMax), h.Window)
	}
}

func (h *Hub[K, E]) closing() bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.gone
}

// Move lets a subscriber follow another room from now on.
func (h *Hub[K, E]) Move(s *Sub[K, E], in K) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.room == nil || s.in == in {
		return
	}
	h.leave(s)
	h.enter(s, in)
}

// leave takes a subscriber out of its room; it reports whether others are
// still there. Called with the hub's lock held.
func (h *Hub[K, E]) leave(s *Sub[K, E]) bool {
	r := s.room
	if r == nil {
		return false
	}
	r.mu.Lock()
	last := len(r.subs) - 1
	moved := r.subs[last]
	r.subs[s.at], moved.at = moved, s.at
	r.subs[last] = nil
	r.subs = r.subs[:last]
	r.mu.Unlock()
	s.room = nil
	if last == 0 && h.rooms[s.in] == r {
		delete(h.rooms, s.in)
	}
	return last > 0
}

// Shutdown refuses new subscribers and asks those there to leave; it returns
// them so that the owner can say goodbye in its own words.
func (h *Hub[K, E]) Shutdown() []*Sub[K, E] {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = true
	var out []*Sub[K, E]
	for _, r := range h.rooms {
		r.mu.Lock()
		out = append(out, r.subs...)
		r.mu.Unlock()
	}
	return out
}

// Room returns the subscribers of a room.
func (h *Hub[K, E]) Room(in K) []*Sub[K, E] {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r := h.rooms[in]
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.subs)
}

// Wait returns when the hub's own goroutines have ended.
func (h *Hub[K, E]) Wait() { h.wg.Wait() }
