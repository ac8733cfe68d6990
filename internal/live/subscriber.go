package live

import (
	"sync"
)

// idleQueue is the room for frames that a subscriber keeps while nothing comes.
const idleQueue = 4

// Sub is one subscriber. Events wait until Go says from which number on they
// are wanted, so nothing is missed between subscribing and reading the past.
type Sub[K comparable, E Event[K]] struct {
	hub  *Hub[K, E]
	room *room[K, E] // nil once it has left; this, in and at are the hub's
	in   K
	at   int // its place in the room
	send func(Frame) error
	stop func()

	mu    sync.Mutex
	held  []E // until Go
	live  bool
	lost  bool
	last  int64 // number of the newest event it was given
	q     []Frame
	busy  bool            // it waits for a lane or is in one
	wave  *sync.WaitGroup // of the window for which it waits
	ended bool
}

// deliver hands a window's frame over. wave is done with it when a lane has
// taken it up: one that stands still in a socket holds nobody else up.
func (s *Sub[K, E]) deliver(events []E, readers int, f Frame, wave *sync.WaitGroup) {
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
func (s *Sub[K, E]) fresh(events []E) []E {
	i := 0
	for i < len(events) && events[i].Number() <= s.last {
		i++
	}
	events = events[i:]
	if n := len(events); n > 0 {
		s.last = events[n-1].Number()
	}
	return events
}

// Go sends first and then every event with a number above after; with lost
// events in between it sends the reset frame.
func (s *Sub[K, E]) Go(first []Frame, after int64) {
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
	s.held, s.live, s.lost = nil, true, false
}

// push queues a frame; whoever is too far behind loses the backlog and is told
// to fetch again. Called with the lock held.
func (s *Sub[K, E]) push(f Frame, wave *sync.WaitGroup) {
	if f == nil {
		return
	}
	if len(s.q) >= s.hub.Queue {
		clear(s.q)
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

func (s *Sub[K, E]) drain() {
	s.mu.Lock()
	if s.wave != nil {
		s.wave.Done()
		s.wave = nil
	}
	for len(s.q) > 0 && !s.ended {
		f := s.q[0]
		n := copy(s.q, s.q[1:])
		s.q[n] = nil // a frame that was sent is nobody's
		s.q = s.q[:n]
		s.mu.Unlock()
		if s.send(f) != nil {
			s.end()
			s.stop()
		}
		s.mu.Lock()
	}
	s.busy = false
	if cap(s.q) > idleQueue { // it was behind, which happens seldom
		s.q = nil
	}
	s.mu.Unlock()
}

func (s *Sub[K, E]) end() {
	s.mu.Lock()
	s.ended, s.q, s.held = true, nil, nil
	s.mu.Unlock()
}

// Close removes the subscriber. Its owner calls it once, when it leaves.
func (s *Sub[K, E]) Close() {
	s.end()
	h := s.hub
	h.mu.Lock()
	others, in := h.leave(s), s.in
	h.mu.Unlock()
	if others {
		h.Announce(in)
	}
}

// Hold makes the subscriber wait again for Go, which says where it stands.
func (s *Sub[K, E]) Hold() {
	s.mu.Lock()
	s.live = false
	s.mu.Unlock()
}

// Begun reports whether Go was called.
func (s *Sub[K, E]) Begun() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live
}

// Stop makes the subscriber's owner leave.
func (s *Sub[K, E]) Stop() { s.stop() }
