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
	dialers   = 16
	noteEvery = 10 // one listener in so many notes what it is told
)

// listeners are open sockets; some of them note when each event came.
type listeners struct {
	dialers int // at once; 0: as many as dialers
	mu      sync.Mutex
	all     []*websocket.Conn
	sent    map[string]time.Time
	came    []arrival
	noting  int          // how many note
	frames  atomic.Int64 // everything that came but hello
	bytes   atomic.Int64 // of them
	hellos  atomic.Int64
	pongs   atomic.Int64
	resets  atomic.Int64
	counts  atomic.Int64 // frames that only count readers
	ended   atomic.Int64 // sockets that the server has closed
	closing atomic.Bool
}

type arrival struct {
	id string
	at time.Time
}

func (c *listeners) dial(addr, path string, n int) error {
	d := websocket.Dialer{ReadBufferSize: 512, WriteBufferPool: &sync.Pool{}}
	at := c.dialers
	if at == 0 {
		at = dialers
	}
	c.noting += n / noteEvery
	var wg sync.WaitGroup
	errs := make(chan error, at)
	for k := range at {
		wg.Go(func() {
			for i := k; i < n; i += at {
				ws, _, err := d.Dial("ws://"+addr+path, http.Header{"Origin": {origin}})
				if err != nil {
					errs <- fmt.Errorf("socket %d: %w", i, err)
					return
				}
				ws.SetPongHandler(func(string) error { c.pongs.Add(1); return nil })
				c.mu.Lock()
				c.all = append(c.all, ws)
				c.mu.Unlock()
				go c.listen(ws, i%noteEvery == 0)
			}
		})
	}
	wg.Wait()
	close(errs)
	return <-errs
}

func (c *listeners) listen(ws *websocket.Conn, notes bool) {
	hello := false
	for {
		_, b, err := ws.ReadMessage()
		if err != nil {
			if !c.closing.Load() {
				c.ended.Add(1)
			}
			return
		}
		at := time.Now()
		if !hello {
			hello = true
			c.hellos.Add(1)
			continue
		}
		c.bytes.Add(int64(len(b)))
		c.frames.Add(1)
		if !notes && len(b) > 60 { // an event, and not one of ours to note
			continue
		}
		var list []struct{ Type, ID string }
		if json.Unmarshal(b, &list) != nil {
			continue
		}
		for _, e := range list {
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
		}
	}
}

// quiet waits until nothing more comes, for settling at most.
func (c *listeners) quiet() {
	for last, until := int64(-1), time.Now().Add(settling); time.Now().Before(until) && c.frames.Load() != last; time.Sleep(time.Second) {
		last = c.frames.Load()
	}
}

// late is how long after its post was sent each event came, and how many never did.
func (c *listeners) late() (out []time.Duration, lost int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range c.came {
		if at, ok := c.sent[a.id]; ok {
			out = append(out, a.at.Sub(at))
		}
	}
	return out, len(c.sent)*c.noting - len(out)
}

func (c *listeners) close() {
	c.closing.Store(true)
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, ws := range c.all {
		_ = ws.Close()
	}
	c.all = nil
}

func percentile(v []time.Duration, p int) float64 {
	slices.Sort(v)
	return float64(v[min(len(v)-1, len(v)*p/100)].Microseconds()) / 1000
}
