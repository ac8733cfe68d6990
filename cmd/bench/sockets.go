package main

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

const (
	hotSockets = 1000
	broadcasts = 40
	gathering  = 60 * time.Millisecond // what our server gathers before it sends
)

// sockets measures what telling 1,000 readers of one event costs.
func sockets(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if _, err := s.post(token, "hot", "", "The thread is there."); err != nil {
		return err
	}
	crowd, err := dial(s.addr, "/api/v1/sites/news/live?thread=hot", hotSockets)
	if err != nil {
		return err
	}
	time.Sleep(time.Second)

	post := func() error {
		_, err := s.post(token, "hot", "", "Something new for everybody who reads along.")
		return err
	}
	ours, err := crowd.cost(s, post)
	if err != nil {
		return err
	}
	crowd.keep(0)
	time.Sleep(500 * time.Millisecond)
	before2 := s.cpu() // the posts alone are not deliveries
	for range broadcasts {
		if err := post(); err != nil {
			return err
		}
	}
	ours -= float64(s.cpu()-before2) / broadcasts / hotSockets

	b, err := w.bare("ws", []byte(`[{"seq":123456,"type":"comment.created","id":"3gv9bly76oeq","root_id":"3gv9bly76oeq","comment_count":1234}]`))
	if err != nil {
		return err
	}
	defer b.stop()
	plain, err := dial(b.addr, "/live", hotSockets)
	if err != nil {
		return err
	}
	defer plain.keep(0)
	bare, err := plain.cost(b, func() error {
		time.Sleep(gathering) // the same rhythm: who sends without a rest finds everything still in the caches
		return b.call("POST", "/send", "", "", nil)
	})
	if err != nil {
		return err
	}
	rep.add(figure{"one event to 1,000 sockets, CPU each", "µs", ours / 1000, bare / 1000, "<= 1.25"})
	return nil
}

type crowd struct {
	all []*websocket.Conn
	got atomic.Int64
}

func dial(addr, path string, n int) (*crowd, error) {
	c := &crowd{}
	d := websocket.Dialer{ReadBufferSize: 1024, WriteBufferSize: 256}
	for range n {
		ws, _, err := d.Dial("ws://"+addr+path, http.Header{"Origin": {origin}})
		if err != nil {
			return nil, fmt.Errorf("socket %d: %w", len(c.all), err)
		}
		c.all = append(c.all, ws)
		go func() {
			for {
				_, b, err := ws.ReadMessage()
				if err != nil {
					return
				}
				if len(b) > 60 { // an event, not hello or a readers' count
					c.got.Add(1)
				}
			}
		}()
	}
	return c, nil
}

// keep closes all but n.
func (c *crowd) keep(n int) {
	for _, ws := range c.all[n:] {
		_ = ws.Close()
	}
	c.all = c.all[:n]
}

// cost is the server's CPU per delivery, in ns.
func (c *crowd) cost(s *server, tell func() error) (float64, error) {
	c.got.Store(0)
	before := s.cpu()
	for i := range broadcasts {
		if err := tell(); err != nil {
			return 0, err
		}
		for until := time.Now().Add(patience); c.got.Load() < int64((i+1)*len(c.all)); time.Sleep(time.Millisecond) {
			if time.Now().After(until) {
				return 0, fmt.Errorf("only %d of %d deliveries came", c.got.Load(), (i+1)*len(c.all))
			}
		}
	}
	return float64(s.cpu()-before) / float64(broadcasts*len(c.all)), nil
}
