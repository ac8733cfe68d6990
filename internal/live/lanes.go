package live

import (
	"runtime"
	"sync"
	"time"
)

// stuckAfter is how long nobody may have been served before there are more lanes.
const stuckAfter = 3 * time.Millisecond

// lanesMin is how many goroutines carry frames as long as no socket holds one
// up. Half of the cores: the other half is for who posts and who reads, and
// sending from all of them costs more for each frame.
var lanesMin = max(1, runtime.GOMAXPROCS(0)/2)

// carried is a subscriber with frames to be sent.
type carried interface{ drain() }

// lanes are the goroutines that carry frames to subscribers. Nearly every
// socket takes a frame at once, so a few serve them all in turn; one goroutine
// for each would cost more than half of what the sending does, and stacks by
// the megabyte where thousands read. A socket that does not take its frame
// holds up the lane that tries, never the others: while somebody waits and
// nobody is served, the lanes double. None is there when there is nothing to do.
type lanes struct {
	wg *sync.WaitGroup

	mu      sync.Mutex
	waiting []carried // first come, first served; from head on
	head    int
	running int
	served  int // subscribers taken from waiting, ever
	watched bool
}

// carry has a subscriber's frames sent. A subscriber waits once at a time.
func (l *lanes) carry(s carried) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.head > len(l.waiting)/2 { // under steady load it is never empty
		l.waiting, l.head = l.waiting[:copy(l.waiting, l.waiting[l.head:])], 0
	}
	l.waiting = append(l.waiting, s)
	if l.running < lanesMin {
		l.running++
		l.wg.Go(l.lane)
		return
	}
	if !l.watched {
		l.watched = true
		l.wg.Go(l.watch)
	}
}

func (l *lanes) lane() {
	for {
		l.mu.Lock()
		if l.head == len(l.waiting) {
			l.waiting, l.head = l.waiting[:0], 0
			l.running--
			l.mu.Unlock()
			return
		}
		s := l.waiting[l.head]
		l.waiting[l.head] = nil
		l.head++
		l.served++
		l.mu.Unlock()
		s.drain()
	}
}

// watch opens lanes while those that are open stand still.
func (l *lanes) watch() {
	last := -1
	for {
		time.Sleep(stuckAfter)
		l.mu.Lock()
		if l.head == len(l.waiting) {
			l.watched = false
			l.mu.Unlock()
			return
		}
		if l.served == last {
			for range min(l.running, len(l.waiting)-l.head) {
				l.running++
				l.wg.Go(l.lane)
			}
		}
		last = l.served
		l.mu.Unlock()
	}
}
