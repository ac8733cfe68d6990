package socket

import (
	"sync"

	"parley/internal/discuss"
)

// waitingRooms gives threads without an id a room: negative numbers, which no
// thread has. A room is there while somebody is in it.
type waitingRooms struct {
	mu   sync.Mutex
	next discuss.ID
	ids  map[string]*waitingRoom
}

type waitingRoom struct {
	id     discuss.ID
	people int
}

func (w *waitingRooms) room(site discuss.ID, key string) discuss.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := site.String() + "\x00" + key
	r := w.ids[name]
	if r == nil {
		if w.ids == nil {
			w.ids = map[string]*waitingRoom{}
		}
		w.next--
		r = &waitingRoom{id: w.next}
		w.ids[name] = r
	}
	r.people++
	return r.id
}

// some reports whether anybody waits for a thread.
func (w *waitingRooms) some() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.ids) > 0
}

func (w *waitingRooms) leave(site discuss.ID, key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := site.String() + "\x00" + key
	if r := w.ids[name]; r != nil {
		if r.people--; r.people == 0 {
			delete(w.ids, name)
		}
	}
}

// born returns the waiting room of a thread that has just got its id, or 0.
func (w *waitingRooms) born(site discuss.ID, key string) discuss.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.ids[site.String()+"\x00"+key]; r != nil {
		return r.id
	}
	return 0
}
