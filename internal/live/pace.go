package live

import (
	"math"
	"time"
)

// A large room is told less often: what it costs is one send per reader and
// window, and nobody among thousands reads comments as fast as they come.
// windowGrowth has it four windows (250 ms) at 10,000 readers, and sixteen (a
// second) at 100,000.
const windowGrowth = .61

// window is how long a room of n readers gathers events.
func window(base time.Duration, n int) time.Duration {
	if n <= crowd {
		return base
	}
	return time.Duration(float64(base) * math.Pow(float64(n)/crowd, windowGrowth))
}

// How many readers there are is news in a small room. In a large one people
// come and go all the time, and to tell everybody of each would be most of what
// is sent: it is told once in readersEvery for every crowd of people, and there
// by itself only when it has changed by a part of readersPart.
const (
	smallRoom    = 50
	readersEvery = time.Second
	readersMax   = 30 * time.Second
	readersPart  = 50 // 2 %
)

// readers is the number to be told now, -1 for none; later says that there is
// one to be told when its time has come. What goes along with events costs no
// send of its own. Called with the lock held.
func (r *room[K, E]) readers(now time.Time, along bool) (n int, later bool) {
	n = len(r.subs)
	changed := max(n-r.told, r.told-n)
	switch {
	case changed == 0:
		return -1, false
	case n > crowd && !along && changed*readersPart <= n:
		return -1, false
	case n > smallRoom && now.Sub(r.toldAt) < min(readersMax, readersEvery*time.Duration(1+n/crowd)):
		return -1, true
	}
	r.told, r.toldAt = n, now
	return n, false
}
