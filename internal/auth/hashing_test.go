package auth

import (
	"runtime"
	"sync"
	"testing"
	"time"
)

// Forty people who sign in at the same moment take no more memory than the
// arena says, however long the collector would have waited.
func TestManyPasswordsAtOnceStayWithinTheArena(t *testing.T) {
	a := New(nil, time.Now)
	hash, err := a.Hash("a ferry to the islands")
	if err != nil {
		t.Fatal(err)
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var most uint64
	done, seen := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(seen)
		for {
			runtime.ReadMemStats(&now)
			most = max(most, now.HeapAlloc)
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
			}
		}
	}()
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			if !a.compare("a ferry to the islands", hash) {
				t.Error("the right password is wrong")
			}
		})
	}
	wg.Wait()
	close(done)
	<-seen
	if grown := int64(most) - int64(before.HeapAlloc); grown > HashMemory+8<<20 {
		t.Errorf("40 passwords at once took %d MB, want at most %d", grown>>20, HashMemory>>20)
	}
}
