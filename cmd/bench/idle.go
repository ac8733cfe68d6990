package main

import (
	"fmt"
	"time"

	"github.com/gorilla/websocket"
)

const (
	manySockets  = 10_000
	warmSockets  = 500 // opened and closed before the first weighing
	spokenWithin = 20 * time.Second
)

// holding is what one open socket that says nothing costs its server, in kB.
type holding struct{ rss, stack, heap float64 }

// idleSockets weighs a reader who is there and says nothing, beside a socket of
// a bare gorilla server. Each has spoken once before (a stack that has grown
// stays), each is still open afterwards, and garbage has been collected.
func idleSockets(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if _, err := s.post(token, "idle", "", "The thread is there."); err != nil {
		return err
	}
	n := room(manySockets)
	ours, err := s.hold("/api/v1/sites/news/live?thread=idle", n)
	if err != nil {
		return err
	}
	b, err := w.bare("ws", []byte("[]"))
	if err != nil {
		return err
	}
	defer b.stop()
	bare, err := b.hold("/live", n)
	if err != nil {
		return err
	}
	rep.add(figure{"10,000 idle sockets: RSS each", "kB", ours.rss, bare.rss, "<= 1.3"})
	rep.add(figure{"10,000 idle sockets: stack each", "kB", ours.stack, bare.stack, ""})
	rep.add(figure{"10,000 idle sockets: live heap each", "kB", ours.heap, bare.heap, ""})
	return nil
}

func (s *server) hold(path string, n int) (h holding, err error) {
	weigh := func() (w holding) {
		if err == nil {
			w.stack, w.heap, err = s.collected()
		}
		w.rss = s.rss()
		return w
	}
	warm := &listeners{}
	defer warm.close()
	if err := warm.dial(s.addr, path, warmSockets); err != nil {
		return h, err
	}
	if err := warm.speak(); err != nil {
		return h, err
	}
	warm.close()
	without := weigh()
	c := &listeners{}
	defer c.close()
	if err := c.dial(s.addr, path, n); err != nil {
		return h, err
	}
	if err := c.speak(); err != nil {
		return h, err
	}
	with := weigh()
	if err != nil {
		return h, err
	}
	if err := c.speak(); err != nil { // who does not answer was not weighed
		return h, fmt.Errorf("after the weighing: %w", err)
	}
	each := func(with, without float64) float64 { return (with - without) / float64(n) / 1024 }
	return holding{each(with.rss, without.rss), each(with.stack, without.stack), each(with.heap, without.heap)}, nil
}

// speak has every socket say something and waits until the server has heard all.
func (c *listeners) speak() error {
	heard := c.pongs.Load() + int64(len(c.all))
	for i, ws := range c.all {
		until := time.Now().Add(patience)
		_ = ws.SetWriteDeadline(until)
		if err := ws.WriteMessage(websocket.TextMessage, []byte("{}")); err != nil {
			return fmt.Errorf("socket %d: %w", i, err)
		}
		if err := ws.WriteControl(websocket.PingMessage, nil, until); err != nil {
			return fmt.Errorf("socket %d: %w", i, err)
		}
	}
	for until := time.Now().Add(spokenWithin); c.pongs.Load() < heard; time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			return fmt.Errorf("%d of %d sockets were not answered", heard-c.pongs.Load(), len(c.all))
		}
	}
	return nil
}
