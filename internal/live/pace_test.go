package live

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestWindowGrowsWithTheRoom(t *testing.T) {
	for _, c := range []struct {
		readers     int
		least, most time.Duration
	}{
		{0, DefaultWindow, DefaultWindow},
		{1, DefaultWindow, DefaultWindow},
		{1000, DefaultWindow, DefaultWindow},
		{10_000, 230 * time.Millisecond, 270 * time.Millisecond},
		{100_000, 950 * time.Millisecond, 1050 * time.Millisecond},
	} {
		if got := window(DefaultWindow, c.readers); got < c.least || got > c.most {
			t.Errorf("%d readers: %s, not between %s and %s", c.readers, got, c.least, c.most)
		}
	}
	for n := 1; n < 200_000; n += 500 {
		if window(DefaultWindow, n) > window(DefaultWindow, n+500) {
			t.Fatalf("the window of %d readers is longer than that of more", n)
		}
	}
}

// TestLargeRoomGathersLonger: a quiet large room is told as soon as a small
// one; one where much happens, in fewer and larger frames.
func TestLargeRoomGathersLonger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // the clock of a bubble: windows pass at once
		h := newHub()
		h.Window = DefaultWindow
		const readers = 4000
		var frames, events atomic.Int64
		var subs []*Sub[int64, happened]
		for i := range readers {
			s := h.Subscribe(1, func(f Frame) error {
				if b := f.(batch); i == 0 && len(b.events) > 0 {
					frames.Add(1)
					events.Add(int64(len(b.events)))
				}
				return nil
			}, func() {})
			s.Go(nil, 0)
			subs = append(subs, s)
		}
		began := time.Now()
		h.Publish(happened{1, 1})
		for events.Load() == 0 {
			time.Sleep(time.Millisecond)
		}
		if took := time.Since(began); took > 2*DefaultWindow {
			t.Errorf("the first event took %s", took)
		}
		time.Sleep(time.Minute)
		frames.Store(0)
		const all, every = 200, 10 * time.Millisecond
		for i := range all {
			h.Publish(happened{1, int64(i + 2)})
			time.Sleep(every)
		}
		time.Sleep(time.Minute)
		if n := events.Load(); n != all+1 {
			t.Errorf("%d events came, not %d", n, all+1)
		}
		if n, most := frames.Load(), int64(all*every/window(DefaultWindow, readers))+2; n > most {
			t.Errorf("%d frames, where %d windows fit", n, most)
		}
		for _, s := range subs {
			s.Close()
		}
		h.Wait()
	})
}

func TestLargeRoomHearsOfChangesThatMatter(t *testing.T) {
	now := time.Now()
	in := func(n, told int) *room[int64, happened] {
		return &room[int64, happened]{subs: make([]*Sub[int64, happened], n), told: told, toldAt: now}
	}
	long := now.Add(time.Hour)
	for _, c := range []struct {
		what    string
		n, told int
		at      time.Time
		along   bool
		want    int
		later   bool
	}{
		{"nobody came or went", 5000, 5000, long, true, -1, false},
		{"a small room hears of everybody", 40, 39, now, false, 40, false},
		{"one of 800 is news, in its time", 800, 799, long, false, 800, false},
		{"and is told later before it", 800, 799, now, false, -1, true},
		{"2 % of a large room are none", 5000, 4900, long, false, -1, false},
		{"more are", 5000, 4899, long, false, 5000, false},
		{"those who left, too", 5000, 5101, long, false, 5000, false},
		{"once it is time", 5000, 4000, now, false, -1, true},
		{"any goes along with an event", 5000, 4999, long, true, 5000, false},
		{"but not with each", 5000, 4999, now, true, -1, true},
	} {
		r := in(c.n, c.told)
		if n, later := r.readers(c.at, c.along); n != c.want || later != c.later {
			t.Errorf("%s: %d, later %v", c.what, n, later)
		}
		if c.want >= 0 && (r.told != c.n || r.toldAt != c.at) {
			t.Errorf("%s: it is not noted", c.what)
		}
	}
}

// TestEverySubscriberKnowsItsPlace: people leave and move in any order, and
// who is still there is told of everything.
func TestEverySubscriberKnowsItsPlace(t *testing.T) {
	h := newHub()
	var subs []*Sub[int64, happened]
	var got [30]atomic.Int64
	for i := range got {
		s := h.Subscribe(1, func(f Frame) error {
			if b := f.(batch); len(b.events) > 0 {
				got[i].Add(1)
			}
			return nil
		}, func() {})
		s.Go(nil, 0)
		subs = append(subs, s)
	}
	for _, i := range []int{0, 29, 13, 14, 1} {
		subs[i].Close()
	}
	for _, i := range []int{2, 28, 20} {
		h.Move(subs[i], 2)
		h.Move(subs[i], 2)
	}
	h.Move(subs[0], 2) // has left
	if a, b := h.Readers(1), h.Readers(2); a != 22 || b != 3 {
		t.Fatalf("%d and %d are there, not 22 and 3", a, b)
	}
	for _, in := range []int64{1, 2} {
		for i, s := range h.Room(in) {
			if s.at != i || s.in != in {
				t.Errorf("room %d, place %d: it believes to be in %d at %d", in, i, s.in, s.at)
			}
		}
	}
	h.Publish(happened{1, 1})
	eventually(t, "all 22 are told", func() bool {
		n := int64(0)
		for i := range got {
			n += got[i].Load()
		}
		return n == 22
	})
	if n := len(h.Shutdown()); n != 25 {
		t.Errorf("%d are asked to leave", n)
	}
	for i, s := range subs {
		if s.room != nil {
			subs[i].Close()
		}
	}
	h.Wait()
	if len(h.rooms) != 0 {
		t.Errorf("%d rooms are left", len(h.rooms))
	}
}
