package socket

import (
	"net"
	"time"
)

// writeSlack is how much sooner than asked for a write may be given up.
const writeSlack = socketWrite / 4

// steadyConn is a connection whose write deadline is left alone while the one
// that stands will nearly do: to move a timer before each frame to each of
// thousands of sockets costs a twentieth of what sending the frames does.
type steadyConn struct {
	net.Conn
	until time.Time // the write deadline that stands; gorilla sets it with its own lock held
}

// SetWriteDeadline moves the deadline forward if it gains more than writeSlack,
// and back in any case.
func (c *steadyConn) SetWriteDeadline(t time.Time) error {
	if gains := t.Sub(c.until); !c.until.IsZero() && gains >= 0 && gains <= writeSlack {
		return nil
	}
	c.until = t
	return c.Conn.SetWriteDeadline(t)
}
