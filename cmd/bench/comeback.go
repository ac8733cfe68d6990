package main

import (
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	comebackSockets = 5_000
	comebackPosts   = 2_000 // before the kill
	comebackWriters = 16
	comebackReads   = 100 // a second, while the sockets come back
)

// comeback kills the server while it writes, starts it again, and has all of
// its readers come back at once: what the start costs, and what who reads and
// who posts meanwhile feels of it.
func comeback(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	token, err := s.login()
	if err != nil {
		s.stop()
		return err
	}
	var n atomic.Int64
	var load sync.WaitGroup
	stop := make(chan struct{})
	for range comebackWriters {
		load.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if _, err := s.post(token, "comeback", "", fmt.Sprintf("Before the lights went out, number %d.", n.Add(1))); err != nil {
					return
				}
			}
		})
	}
	for until := time.Now().Add(patience); n.Load() < comebackPosts && time.Now().Before(until); {
		time.Sleep(time.Millisecond)
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	close(stop)
	load.Wait()

	began := time.Now()
	if s, err = w.serve(); err != nil {
		return err
	}
	defer s.stop()
	rep.add(figure{"start after a kill under load", "ms", float64(time.Since(began).Microseconds()) / 1000, 0, "<= 200"})
	if token, err = s.login(); err != nil {
		return err
	}
	read := func() (time.Duration, error) {
		at := time.Now()
		r, err := http.Get("http://" + s.addr + "/api/v1/sites/news/comments?thread=comeback&limit=20")
		if err != nil {
			return 0, err
		}
		defer r.Body.Close()
		if r.StatusCode != http.StatusOK {
			return 0, fmt.Errorf("a page: %s", r.Status)
		}
		return time.Since(at), nil
	}
	quiet, err := paced(100, time.Second/comebackReads, read, func() bool { return true })
	if err != nil {
		return err
	}
	c := &listeners{sent: map[string]time.Time{}}
	defer c.close()
	var back atomic.Bool
	dialed := make(chan error, 1)
	began = time.Now()
	go func() {
		err := c.dial(s.addr, "/api/v1/sites/news/live?thread=comeback", comebackSockets)
		back.Store(true)
		dialed <- err
	}()
	var posts []time.Duration
	var refused error
	var posted sync.WaitGroup
	posted.Go(func() {
		posts, refused = paced(1<<20, time.Second/20, func() (time.Duration, error) {
			at := time.Now()
			_, err := s.post(token, "comeback", "", fmt.Sprintf("And back again, number %d.", n.Add(1)))
			return time.Since(at), err
		}, func() bool { return !back.Load() })
	})
	busy, err := paced(1<<20, time.Second/comebackReads, read, func() bool { return !back.Load() })
	posted.Wait()
	if failed := <-dialed; failed != nil {
		return failed
	}
	if err := errors.Join(err, refused); err != nil {
		return err
	}
	rep.add(figure{"5,000 sockets come back: until all have", "s", time.Since(began).Seconds(), 0, "<= 4"})
	rep.add(figure{"a page meanwhile, p99 (limit: quiet)", "ms", percentile(busy, 99), percentile(quiet, 99), "<= 250 ms"})
	rep.add(figure{"a post meanwhile, p99", "ms", percentile(posts, 99), 0, ""})
	return nil
}

// paced does something once a step, each on its own, until it has been done
// most times or go says no; it returns how long each took.
func paced(most int, step time.Duration, do func() (time.Duration, error), on func() bool) ([]time.Duration, error) {
	var mu sync.Mutex
	var took []time.Duration
	var failed error
	var wg sync.WaitGroup
	tick := time.NewTicker(step)
	defer tick.Stop()
	for range most {
		<-tick.C
		if !on() {
			break
		}
		wg.Go(func() {
			d, err := do()
			mu.Lock()
			defer mu.Unlock()
			if took = append(took, d); err != nil {
				failed = err
			}
		})
	}
	wg.Wait()
	return took, failed
}
