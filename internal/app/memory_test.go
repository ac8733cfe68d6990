package app

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestMemoryIsGivenBackWhenItIsQuiet(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		what          string
		before, after usage
		want          bool
	}{
		{"nothing to give", usage{100 * mib, 5 * mib, 5 * mib, mib}, usage{100 * mib, 5 * mib, 5 * mib, mib}, false},
		{"quiet, much is free", usage{100 * mib, 5 * mib, 5 * mib, 20 * mib}, usage{101 * mib, 6 * mib, 5 * mib, 19 * mib}, true},
		{"quiet, much is dead", usage{100 * mib, 19 * mib, 5 * mib, 0}, usage{100 * mib, 19 * mib, 5 * mib, 0}, true},
		{"busy", usage{100 * mib, 5 * mib, 5 * mib, 20 * mib}, usage{103 * mib, 8 * mib, 5 * mib, 17 * mib}, false},
		{"little beside what is alive", usage{100 * mib, 50 * mib, 50 * mib, 10 * mib}, usage{100 * mib, 50 * mib, 50 * mib, 10 * mib}, false},
		{"more alive than there are objects now", usage{0, 4 * mib, 5 * mib, 0}, usage{0, 4 * mib, 5 * mib, 0}, false},
	} {
		if got := giveBack(c.before, c.after); got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}

func TestMemoryIsGivenBackOnceAfterWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var mu sync.Mutex
		var now usage
		given := 0
		locked := func(f func()) {
			mu.Lock()
			defer mu.Unlock()
			f()
		}
		look := func() (u usage) { locked(func() { u = now }); return u }
		done := make(chan struct{})
		go func() {
			staySmall(ctx, look, func() { locked(func() { given++; now.free = 0 }) })
			close(done)
		}()
		time.Sleep(lookEvery / 2)
		for range 3 { // work goes on
			locked(func() { now.allocated += 64 << 20; now.free += 32 << 20 })
			time.Sleep(lookEvery)
		}
		locked(func() {
			if given != 0 {
				t.Errorf("given back %d times under load", given)
			}
		})
		time.Sleep(10 * lookEvery)
		locked(func() {
			if given != 1 {
				t.Errorf("given back %d times, not once", given)
			}
		})
		cancel()
		<-done
	})
}

func TestHeapIsSeen(t *testing.T) {
	u := heapUsage()
	if u.allocated == 0 || u.objects == 0 || u.objects > u.allocated {
		t.Errorf("%+v", u)
	}
}
