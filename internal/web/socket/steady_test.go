package socket

import (
	"net"
	"testing"
	"time"
)

// timed notes the deadlines it is given.
type timed struct {
	net.Conn
	set []time.Time
}

func (c *timed) SetWriteDeadline(t time.Time) error {
	c.set = append(c.set, t)
	return nil
}

func TestWriteDeadlineMovesOnlyWhereItMatters(t *testing.T) {
	in := &timed{}
	c := &steadyConn{Conn: in}
	at := time.Now()
	for _, step := range []struct {
		what  string
		until time.Time
		moves bool
	}{
		{"the first", at.Add(socketWrite), true},
		{"the next frame", at.Add(socketWrite + time.Millisecond), false},
		{"a quarter later", at.Add(socketWrite + writeSlack), false},
		{"after that", at.Add(socketWrite + writeSlack + 1), true},
		{"a goodbye is in a hurry", at.Add(goodbyePatience), true},
		{"and what follows is not", at.Add(socketWrite), true},
		{"none at all", time.Time{}, true},
		{"and again one", at.Add(socketWrite), true},
	} {
		was := len(in.set)
		if err := c.SetWriteDeadline(step.until); err != nil {
			t.Fatal(err)
		}
		if moved := len(in.set) > was; moved != step.moves {
			t.Errorf("%s: moved %v", step.what, moved)
		} else if moved && !in.set[was].Equal(step.until) {
			t.Errorf("%s: %s instead of %s", step.what, in.set[was], step.until)
		}
	}
	// However many frames come, a write is given up within socketWrite, and not
	// much sooner.
	for now := at; now.Before(at.Add(time.Minute)); now = now.Add(50 * time.Millisecond) {
		_ = c.SetWriteDeadline(now.Add(socketWrite))
		if left := in.set[len(in.set)-1].Sub(now); left > socketWrite || left < socketWrite-writeSlack {
			t.Fatalf("a write has %s", left)
		}
	}
}

func TestPaceAllowsSoManyInTenSeconds(t *testing.T) {
	var p pace
	for i := range 20 {
		if ok := p.take(10); ok != (i < 10) {
			t.Errorf("number %d: %v", i, ok)
		}
	}
	p.since = p.since.Add(-11 * time.Second)
	if !p.take(10) {
		t.Error("ten seconds later: still refused")
	}
}
