// Package seldom keeps what happens thousands of times from being said as often.
package seldom

import (
	"sync"
	"time"
)

// Every is the shortest time between two sayings.
const Every = time.Minute

// Voice says one kind of thing at most once in Every. The zero value is ready.
type Voice struct {
	mu     sync.Mutex
	last   time.Time
	unsaid int
}

// Due reports whether it may be said now, and how often it was not said since
// it last was.
func (v *Voice) Due(now time.Time) (unsaid int, yes bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if !v.last.IsZero() && now.Sub(v.last) < Every {
		v.unsaid++
		return 0, false
	}
	unsaid, v.unsaid, v.last = v.unsaid, 0, now
	return unsaid, true
}
