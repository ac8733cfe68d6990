package scorers

import (
	"sync"
	"time"

	"parley/internal/discuss"
)

const (
	breakAfter  = 5 // failures in a row after which a service is left alone
	firstRest   = 30 * time.Second
	longestRest = 30 * time.Minute
)

// place is one service of one site at one address: an owner who mends the
// address is not kept waiting for the old one's rest.
type place struct {
	site    discuss.ID
	service string
	address string
}

// breaker leaves a service alone that fails again and again. While it rests
// nobody asks it, but for one who tries at the end of each rest: that one's
// failure makes the next rest twice as long, anybody's success ends it.
type breaker struct {
	mu    sync.Mutex
	state map[place]*rests
}

type rests struct {
	failures int // in a row
	until    time.Time
	last     time.Duration // 0 before the first rest
}

// ask reports whether a service may be asked now, and whether that is the trial
// at the end of a rest.
func (b *breaker) ask(p place, now time.Time) (may, trial bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	r := b.state[p]
	if r == nil || r.last == 0 {
		return true, false
	}
	if now.Before(r.until) {
		return false, false
	}
	// This one tries; the others rest on, and if it never comes back they rest once more.
	r.until = now.Add(r.last)
	return true, true
}

// tell puts down what came of it. Only the trial says anything about a service
// that rests: others were asked before, and are back only now.
func (b *breaker) tell(p place, ok, trial bool, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ok {
		delete(b.state, p)
		return
	}
	r := b.state[p]
	if r == nil {
		if b.state == nil {
			b.state = map[place]*rests{}
		}
		r = &rests{}
		b.state[p] = r
	}
	r.failures++
	switch {
	case r.failures < breakAfter:
		return
	case r.last == 0:
		r.last = firstRest
	case trial:
		r.last = min(2*r.last, longestRest)
	default:
		return
	}
	r.until = now.Add(r.last)
}
