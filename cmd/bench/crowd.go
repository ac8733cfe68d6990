package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	crowdPerS = 20 // events
	crowdFor  = 10 * time.Second
	crowdFull = 60 * time.Second
	settling  = 20 * time.Second // at most, for what is on its way
	bareSends = 40
)

// hotRoom measures one story that everybody reads while 20 comments a second
// come: how late an event is, what is lost, how long who posts waits, what a
// delivery costs beside a bare broadcast of frames of that size.
func hotRoom(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if _, err := s.post(token, "crowd", "", "The thread is there."); err != nil {
		return err
	}
	span := crowdFor
	if long {
		span = crowdFull
	}
	n := room(manySockets)
	c := &listeners{sent: map[string]time.Time{}}
	defer c.close()
	began := time.Now()
	if err := c.dial(s.addr, "/api/v1/sites/news/live?thread=crowd", n); err != nil {
		return err
	}
	rep.add(figure{"10,000 sockets on one thread: connecting", "s", time.Since(began).Seconds(), 0, "<= 4 s"})
	c.quiet()
	c.frames.Store(0)
	c.bytes.Store(0)
	c.counts.Store(0)
	memory, cpu, own := s.anon(), s.cpu(), ownCPU()
	posts, err := c.posts(s, token, "crowd", span)
	if err != nil {
		return err
	}
	c.quiet()
	cpu, own = s.cpu()-cpu, ownCPU()-own
	after := s.anon()
	late, lost := c.late()
	if len(late) == 0 {
		return fmt.Errorf("no event came")
	}
	frames, bytes := c.frames.Load(), c.bytes.Load()
	if ended := c.ended.Load(); ended > 0 {
		return fmt.Errorf("the server closed %d sockets", ended)
	}
	rep.add(figure{"its events, 20/s: delivery, p50", "ms", percentile(late, 50), 0, ""})
	rep.add(figure{"its events, 20/s: delivery, p99", "ms", percentile(late, 99), 0, "<= 500 ms"})
	rep.add(figure{"its events: posting meanwhile, p99", "ms", percentile(posts, 99), 0, "<= 100 ms"})
	rep.add(figure{"its events that never came", "", float64(lost), 0, "0"})
	rep.add(figure{"its sockets told to fetch again", "", float64(c.resets.Load()), 0, "0"})
	rep.add(figure{"its frames that only count readers", "", float64(c.counts.Load()), 0, "<= 100000"})
	rep.add(figure{"its memory after (limit: before)", "MiB", after / (1 << 20), memory / (1 << 20), "<= 1.1"})
	rep.add(figure{"its clients' share of the CPU", "%", 100 * float64(own) / float64(own+cpu), 0, ""})
	c.close()

	// The posts alone are not deliveries.
	alone := s.cpu()
	few, err := (&listeners{sent: map[string]time.Time{}}).posts(s, token, "crowd", crowdFor/2)
	if err != nil {
		return err
	}
	each := float64(s.cpu()-alone) / float64(len(few))
	ours := (float64(cpu) - each*float64(len(posts))) / float64(frames)
	bare, err := bareDelivery(w, n, int(bytes/frames), span*time.Duration(n)/time.Duration(frames))
	if err != nil {
		return err
	}
	rep.add(figure{"its deliveries: CPU each", "µs", ours / 1000, bare / 1000, "<= 1.25"})
	return nil
}

// posts sends crowdPerS comments a second and notes who sent what when.
func (c *listeners) posts(s *server, token, thread string, span time.Duration) ([]time.Duration, error) {
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	tick := time.NewTicker(time.Second / crowdPerS)
	defer tick.Stop()
	n := int(span.Seconds() * crowdPerS)
	for i := range n {
		<-tick.C
		wg.Go(func() {
			at := time.Now()
			id, err := s.post(token, thread, "", fmt.Sprintf("Something new, number %d, for everybody who reads along.", i))
			if err != nil {
				return
			}
			c.mu.Lock()
			c.sent[id] = at
			c.mu.Unlock()
			mu.Lock()
			took = append(took, time.Since(at))
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(took) < n {
		return nil, fmt.Errorf("%d of %d posts were taken", len(took), n)
	}
	return took, nil
}

// bareDelivery is a bare server's CPU for one frame of that many bytes to one of
// n sockets, in ns, where one is sent in each step.
func bareDelivery(w *world, n, bytes int, step time.Duration) (float64, error) {
	b, err := w.bare("ws", []byte(`["`+strings.Repeat("x", max(0, bytes-4))+`"]`))
	if err != nil {
		return 0, err
	}
	defer b.stop()
	c := &listeners{}
	defer c.close()
	if err := c.dial(b.addr, "/live", n); err != nil {
		return 0, err
	}
	var spent time.Duration
	for i := range bareSends + 1 { // the first is taken for a hello
		if i == 1 {
			time.Sleep(time.Second)
			spent = b.cpu()
		}
		next := time.After(step)
		if err := b.call("POST", "/send", "", "", nil); err != nil {
			return 0, err
		}
		for until := time.Now().Add(patience); c.hellos.Load()+c.frames.Load() < int64((i+1)*n); time.Sleep(time.Millisecond) {
			if time.Now().After(until) {
				return 0, fmt.Errorf("only %d of %d deliveries came", c.hellos.Load()+c.frames.Load(), (i+1)*n)
			}
		}
		<-next
	}
	return float64(b.cpu()-spent) / float64(bareSends*n), nil
}
