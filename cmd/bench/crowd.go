package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	crowdSockets = 10_000
	crowdPerS    = 20 // events
	crowdEvents  = 120
	dialers      = 16
	settling     = 20 * time.Second // at most, for what is on its way
)

// hotStory measures one story that everybody reads: what connecting costs, how
// late an event comes, how long who posts waits.
func hotStory(w *world, rep *report) error {
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
	c := &listeners{sent: map[string]time.Time{}}
	defer c.close()
	began := time.Now()
	if err := c.dial(s.addr, "/api/v1/sites/news/live?thread=crowd", crowdSockets); err != nil {
		return err
	}
	rep.add(figure{"10,000 sockets on one thread: connecting", "s", time.Since(began).Seconds(), 0, "<= 4"})
	var mu sync.Mutex
	var posts []time.Duration
	var wg sync.WaitGroup
	tick := time.NewTicker(time.Second / crowdPerS)
	defer tick.Stop()
	for i := range crowdEvents {
		<-tick.C
		wg.Go(func() {
			at := time.Now()
			id, err := s.post(token, "crowd", "", fmt.Sprintf("Something new, number %d, for everybody who reads along.", i))
			if err != nil {
				return
			}
			c.mu.Lock()
			c.sent[id] = at
			c.mu.Unlock()
			mu.Lock()
			posts = append(posts, time.Since(at))
			mu.Unlock()
		})
	}
	wg.Wait()
	if len(posts) < crowdEvents {
		return fmt.Errorf("%d of %d posts were taken", len(posts), crowdEvents)
	}
	for last, until := int64(-1), time.Now().Add(settling); time.Now().Before(until) && c.events.Load() != last; time.Sleep(time.Second) {
		last = c.events.Load()
	}
	late := c.late()
	if len(late) == 0 {
		return fmt.Errorf("no event came")
	}
	rep.add(figure{"its events, 20/s: delivery, p99", "ms", percentile(late, 99), 0, "<= 500"})
	rep.add(figure{"its events: posting meanwhile, p99", "ms", percentile(posts, 99), 0, "<= 100"})
	rep.add(figure{"its sockets told to fetch again", "", float64(c.resets.Load()), 0, "0"})
	rep.add(figure{"its frames that only count readers", "", float64(c.counts.Load()), 0, "<= 100000"})
	return nil
}

func percentile(v []time.Duration, p int) float64 {
	slices.Sort(v)
	return float64(v[min(len(v)-1, len(v)*p/100)].Microseconds()) / 1000
}

// listeners note when each event came, to one in ten of them.
type listeners struct {
	mu     sync.Mutex
	all    []*websocket.Conn
	sent   map[string]time.Time
	came   []arrival
	events atomic.Int64
	resets atomic.Int64
	counts atomic.Int64
}

type arrival struct {
	id string
	at time.Time
}

func (c *listeners) dial(addr, path string, n int) error {
	d := websocket.Dialer{ReadBufferSize: 1024, WriteBufferSize: 256}
	var wg sync.WaitGroup
	errs := make(chan error, dialers)
	for k := range dialers {
		wg.Go(func() {
			for i := k; i < n; i += dialers {
				ws, _, err := d.Dial("ws://"+addr+path, http.Header{"Origin": {origin}})
				if err != nil {
					errs <- fmt.Errorf("socket %d: %w", i, err)
					return
				}
				c.mu.Lock()
				c.all = append(c.all, ws)
				c.mu.Unlock()
				go c.listen(ws, i%10 == 0)
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

func (c *listeners) listen(ws *websocket.Conn, notes bool) {
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			return
		}
		at := time.Now()
		var list []struct{ Type, ID string }
		if !notes && len(b) > 60 {
			c.events.Add(1)
			continue
		}
		if json.Unmarshal(b, &list) != nil {
			continue
		}
		for i, e := range list {
			switch {
			case e.Type == "reset":
				c.resets.Add(1)
			case e.Type == "readers" && len(list) == 1:
				c.counts.Add(1)
			case e.Type == "comment.created" && notes:
				c.mu.Lock()
				c.came = append(c.came, arrival{e.ID, at})
				c.mu.Unlock()
			}
			if i == 0 {
				c.events.Add(1)
			}
		}
	}
}

// late is how long after its post was sent each event came.
func (c *listeners) late() (out []time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.came {
		if at, ok := c.sent[a.id]; ok {
			out = append(out, a.at.Sub(at))
		}
	}
	return out
}

func (c *listeners) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ws := range c.all {
		_ = ws.Close()
	}
}
