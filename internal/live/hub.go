// Package live carries committed events to whoever is reading. A hub of rooms,
// one per thread, hands each subscriber the same frames; it has never heard of
// WebSockets: how a frame is made and sent are functions given to it.
package live

import (
	"maps"
	"slices"
	"sync"
	"time"

	"parley/internal/discuss"
)

// Defaults of a hub.
const (
	DefaultWindow = 60 * time.Millisecond
	DefaultQueue  = 32   // frames a subscriber may be behind
	heldMax       = 1024 // events a subscriber may miss while it is catching up

	// How many readers there are is news in a small room. In a large one people
	// come and go all the time, and to tell everybody of each would be most of
	// what is sent: it is told once in readersEvery for every crowd of people.
	crowd        = 1000
	smallRoom    = 50
	readersEvery = time.Second
	readersMax   = 30 * time.Second

	restMax = 500 * time.Millisecond // between two windows of a room
)

// Frame is an encoded batch; only the maker and the sender look inside.
type Frame any

// Hub fans events out. Cost is one send per subscriber and window however many
// events fall into it: a room's next window opens when the frame of the last
// one is on its way to everybody, so a hot room slows its own clock instead of
// queueing.
type Hub struct {
	// Encode makes the frame of a batch; readers is negative if unchanged.
	Encode func(events []discuss.Event, readers int) Frame
	// Reset is the frame that tells a subscriber to fetch again.
	Reset  Frame
	Window time.Duration
	Queue  int

	mu    sync.RWMutex
	rooms map[discuss.ID]*room
	subs  map[*Sub]struct{}
	gone  bool
	wg    sync.WaitGroup
	lanes lanes
}

type room struct {
	mu      sync.Mutex
	subs    map[*Sub]struct{}
	pending []discuss.Event
	told    int // readers last announced
	toldAt  time.Time
	ticking bool
}

// Sub is one subscriber. Events wait until Go says from which number on they
// are wanted, so nothing is missed between subscribing and reading the past.
type Sub struct {
	hub    *Hub
	room   *room
	thread discuss.ID
	send   func(Frame) error
	stop   func()

	mu    sync.Mutex
	held  []discuss.Event // until Go
	live  bool
	lost  bool
	last  int64 // number of the newest event it was given
	q     []Frame
	busy  bool            // it waits for a lane or is in one
	wave  *sync.WaitGroup // of the window for which it waits
	ended bool
}

// Subscribe adds a subscriber to a thread. send is called by one goroutine at
// a time; stop must make the owner leave. nil means the hub is closing.
func (h *Hub) Subscribe(thread discuss.ID, send func(Frame) error, stop func()) *Sub {
	s := &Sub{hub: h, thread: thread, send: send, stop: stop}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gone {
		return nil
	}
	if h.rooms == nil {
		h.rooms, h.subs = map[discuss.ID]*room{}, map[*Sub]struct{}{}
		h.lanes.wg = &h.wg
	}
	r := h.rooms[thread]
	if r == nil {
		r = &room{subs: map[*Sub]struct{}{}}
		h.rooms[thread] = r
	}
	s.room = r
	r.mu.Lock()
	r.subs[s] = struct{}{}
	r.mu.Unlock()
	h.subs[s] = struct{}{}
	return s
}

// Readers is how many subscribers a thread has.
func (h *Hub) Readers(thread discuss.ID) int {
	h.mu.RLock()
	r := h.rooms[thread]
	h.mu.RUnlock()
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.subs)
}

// Threads are those that have a subscriber.
func (h *Hub) Threads() []discuss.ID {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return slices.Collect(maps.Keys(h.rooms))
}

// Announce lets the room tell its readers how many they are.
func (h *Hub) Announce(thread discuss.ID) { h.publish(thread, nil) }

// Publish hands e to every subscriber of its thread and never blocks.
func (h *Hub) Publish(e discuss.Event) { h.publish(e.ThreadID, &e) }

func (h *Hub) publish(thread discuss.ID, e *discuss.Event) {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r := h.rooms[thread]
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

func (r *room) tick(h *Hub) {
	var to []*Sub
	var wave sync.WaitGroup
	rest := h.Window
	for {
		time.Sleep(rest)
		rest = h.Window
		closing := h.closing()
		r.mu.Lock()
		events := r.pending
		r.pending = nil
		readers, later := r.readers(time.Now())
		if len(events) == 0 && readers < 0 {
			if later && !closing {
				r.mu.Unlock()
				continue
			}
			r.ticking = false
			r.mu.Unlock()
			return
		}
		to = to[:0]
		for s := range r.subs {
			to = append(to, s)
		}
		r.mu.Unlock()
		began := time.Now()
		f := h.Encode(events, readers)
		for _, s := range to {
			s.deliver(events, readers, f, &wave)
		}
		wave.Wait()
		// As long as that took, the others have the machine: who posts, who reads.
		rest = max(rest, min(time.Since(began), restMax))
	}
}

// readers is the number to be told now, -1 for none; later says that there is
// one to be told when its time has come. Called with the lock held.
func (r *room) readers(now time.Time) (n int, later bool) {
	n = len(r.subs)
	switch {
	case n == r.told:
		return -1, false
	case n > smallRoom && now.Sub(r.toldAt) < min(readersMax, readersEvery*time.Duration(1+n/crowd)):
		return -1, true
	}
	r.told, r.toldAt = n, now
	return n, false
}

func (h *Hub) closing() bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return h.gone
}

// deliver hands a window's frame over. wave is done with it when a lane has
// taken it up: one that stands still in a socket holds nobody else up.
func (s *Sub) deliver(events []discuss.Event, readers int, f Frame, wave *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.ended:
	case s.live:
		if fresh := s.fresh(events); len(fresh) == len(events) {
			s.push(f, wave) // the frame that all share
		} else if len(fresh) > 0 || readers >= 0 {
			s.push(s.hub.Encode(fresh, readers), wave)
		}
	case len(s.held)+len(events) > heldMax:
		s.held, s.lost = nil, true
	default:
		s.held = append(s.held, events...)
	}
}

// fresh is what of events the subscriber has not had: it may have read in the
// past what the room hands out only when its window closes.
func (s *Sub) fresh(events []discuss.Event) []discuss.Event {
	i := 0
	for i < len(events) && events[i].Seq <= s.last {
		i++
	}
	events = events[i:]
	if n := len(events); n > 0 {
		s.last = events[n-1].Seq
	}
	return events
}

// Go sends first and then every event with a number above after; with lost
// events in between it sends the reset frame.
func (s *Sub) Go(first []Frame, after int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range first {
		s.push(f, nil)
	}
	s.last = after
	if s.lost {
		s.push(s.hub.Reset, nil)
	} else if late := s.fresh(s.held); len(late) > 0 {
		s.push(s.hub.Encode(late, -1), nil)
	}
	s.held, s.live = nil, true
}

// push queues a frame; whoever is too far behind loses the backlog and is told
// to fetch again. Called with the lock held.
func (s *Sub) push(f Frame, wave *sync.WaitGroup) {
	if len(s.q) >= s.hub.Queue {
		s.q = append(s.q[:0], s.hub.Reset)
	} else {
		s.q = append(s.q, f)
	}
	if !s.busy && !s.ended {
		s.busy = true
		if s.wave = wave; wave != nil {
			wave.Add(1)
		}
		s.hub.lanes.carry(s)
	}
}

func (s *Sub) drain() {
	s.mu.Lock()
	if s.wave != nil {
		s.wave.Done()
		s.wave = nil
	}
	s.mu.Unlock()
	for {
		s.mu.Lock()
		if len(s.q) == 0 || s.ended {
			s.busy = false
			s.mu.Unlock()
			return
		}
		f := s.q[0]
		s.q = s.q[:copy(s.q, s.q[1:])]
		s.mu.Unlock()
		if s.send(f) != nil {
			s.end()
			s.stop()
		}
	}
}

func (s *Sub) end() {
	s.mu.Lock()
	s.ended, s.q, s.held = true, nil, nil
	s.mu.Unlock()
}

// Close removes the subscriber. Its owner calls it once, when it leaves.
func (s *Sub) Close() {
	s.end()
	h := s.hub
	h.mu.Lock()
	delete(h.subs, s)
	others, thread := h.leave(s), s.thread
	h.mu.Unlock()
	if others {
		h.Announce(thread)
	}
}

// Hold makes the subscriber wait again for Go, which says where it stands.
func (s *Sub) Hold() {
	s.mu.Lock()
	s.live = false
	s.mu.Unlock()
}

// Begun reports whether Go was called.
func (s *Sub) Begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

// Move lets a subscriber follow another thread from now on.
func (h *Hub) Move(s *Sub, thread discuss.ID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, here := h.subs[s]; !here || s.thread == thread {
		return
	}
	h.leave(s)
	r := h.rooms[thread]
	if r == nil {
		r = &room{subs: map[*Sub]struct{}{}}
		h.rooms[thread] = r
	}
	r.mu.Lock()
	r.subs[s] = struct{}{}
	r.mu.Unlock()
	s.room, s.thread = r, thread
}

// leave takes a subscriber out of its room; it reports whether others are
// still there. Called with the hub's lock held.
func (h *Hub) leave(s *Sub) bool {
	s.room.mu.Lock()
	delete(s.room.subs, s)
	empty := len(s.room.subs) == 0
	s.room.mu.Unlock()
	if empty && h.rooms[s.thread] == s.room {
		delete(h.rooms, s.thread)
	}
	return !empty
}

// Shutdown refuses new subscribers and asks those there to leave; it returns
// them so that the owner can say goodbye in its own words.
func (h *Hub) Shutdown() []*Sub {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = true
	out := make([]*Sub, 0, len(h.subs))
	for s := range h.subs {
		out = append(out, s)
	}
	return out
}

// Room returns the subscribers of a thread.
func (h *Hub) Room(thread discuss.ID) []*Sub {
	h.mu.RLock()
	defer h.mu.RUnlock()
	r := h.rooms[thread]
	if r == nil {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*Sub, 0, len(r.subs))
	for s := range r.subs {
		out = append(out, s)
	}
	return out
}

// Stop makes the subscriber's owner leave.
func (s *Sub) Stop() { s.stop() }

// Wait returns when the hub's own goroutines have ended.
func (h *Hub) Wait() { h.wg.Wait() }
