package store

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
)

// TestWorkNobodyWaitsForGetsItsTurn: tallies and sweeps are not put off for as
// long as people post.
func TestWorkNobodyWaitsForGetsItsTurn(t *testing.T) {
	b := newBench(t, Options{})
	b.post(t, 1, "a", 0, "the first")
	var stop atomic.Bool
	var wg sync.WaitGroup
	for w := range 200 {
		wg.Go(func() {
			for !stop.Load() {
				_, _, _ = b.verbs.Post(context.Background(), b.site, b.people[1+w%5], discuss.Draft{ThreadKey: "a", Body: "words"}, discuss.Once{})
			}
		})
	}
	time.Sleep(50 * time.Millisecond)
	turns := 0
	for range 4 {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		if err := b.updateBulk(ctx, func(*Tx) error { turns++; return nil }); err != nil {
			t.Errorf("under load: %v", err)
		}
		cancel()
	}
	stop.Store(true)
	wg.Wait()
	if turns != 4 {
		t.Errorf("%d of 4 came to their turn", turns)
	}
}

// TestOtherProcessesAreHeardAfterASweep: the events of a quiet site are all
// old; what another process does next must still be newer than they were.
func TestOtherProcessesAreHeardAfterASweep(t *testing.T) {
	var ahead atomic.Int64
	b := newBench(t, Options{Now: func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }})
	for i := range 20 {
		b.post(t, 1, "a", 0, fmt.Sprint("old ", i))
	}
	ahead.Store(int64(30 * 24 * time.Hour))
	if err := b.Sweep(context.Background()); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	b.events = nil
	b.mu.Unlock()
	other, err := Open(b.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	verbs := discuss.Service{Store: other, Text: plainText()}
	for range 3 {
		if _, _, err := verbs.Post(context.Background(), b.site, b.people[2], discuss.Draft{ThreadKey: "a", Body: "from elsewhere"}, discuss.Once{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		b.mu.Lock()
		n := len(b.events)
		b.mu.Unlock()
		if n == 3 {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("%d of 3 events of another process were heard", n)
		}
	}
}

func TestAServedDatabaseIsKnownToOthers(t *testing.T) {
	b := newBench(t, Options{})
	other, err := Open(b.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if other.servedElsewhere() {
		t.Error("nobody serves it yet")
	}
	stop, err := b.Serve(nil)
	if err != nil {
		t.Fatal(err)
	}
	if !other.servedElsewhere() || b.servedElsewhere() {
		t.Errorf("served elsewhere: for the other %v, for the server itself %v", other.servedElsewhere(), b.servedElsewhere())
	}
	stop()
	if other.servedElsewhere() {
		t.Error("it is served no more")
	}
}
