package socket

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"parley/internal/live"
)

// listener is the socket's side of a subscription.
type listener struct {
	goodbye            int // the close code it is sent away with
	mu                 sync.Mutex
	sending            sync.Mutex      // a reader's thread and what is their own come from two hubs
	ws                 *websocket.Conn // written under both
	gone               bool            // sent away before the socket was there
	controls, messages pace
}

// open gives the listener its socket; false if it was sent away meanwhile.
func (r *listener) open(ws *websocket.Conn) bool {
	if c, ok := ws.NetConn().(*steadyConn); ok {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetWriteBuffer(socketBuffer)
		}
	}
	r.sending.Lock()
	r.mu.Lock()
	r.ws = ws
	gone := r.gone
	r.mu.Unlock()
	r.sending.Unlock()
	if gone {
		r.hangUp()
	}
	return !gone
}

func (r *listener) send(f live.Frame) error {
	r.sending.Lock()
	defer r.sending.Unlock()
	_ = r.ws.SetWriteDeadline(time.Now().Add(socketWrite))
	return r.ws.WritePreparedMessage(f.(*websocket.PreparedMessage))
}

func (r *listener) hangUp() { r.hangUpWith(r.goodbye, "come back") }

// hangUpWith closes the socket, or keeps it from opening, and says why.
func (r *listener) hangUpWith(code int, why string) {
	r.mu.Lock()
	ws := r.ws
	r.gone = true
	r.mu.Unlock()
	if ws != nil {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(goodbyePatience))
		_ = ws.Close()
	}
}

// listen reads until the other side goes, and passes on what it says; whoever
// says more than messagesPer10s is closed.
func (r *listener) listen(ws *websocket.Conn, heard func([]byte)) {
	defer ws.Close()
	ws.SetReadLimit(socketRead)
	ws.SetPingHandler(r.pinged)
	ws.SetPongHandler(r.ponged)
	extend(ws)
	for {
		kind, part, err := ws.NextReader()
		if err != nil {
			if errors.Is(err, errTooMany) {
				goodbye(ws, websocket.ClosePolicyViolation, "too many messages")
			}
			return
		}
		// A message that comes in parts must be whole soon, however small they
		// are; and what counts is what a packed one unpacks to.
		_ = ws.SetReadDeadline(time.Now().Add(socketMessage))
		if !r.message(ws, kind, part, heard) {
			return
		}
		extend(ws)
	}
}

// heardBuffers lend what a message is read into: thousands of readers say every
// half minute that they are there.
var heardBuffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// message reads one whole message and passes it on; heard must not keep it.
// False if the socket is to be closed.
func (r *listener) message(ws *websocket.Conn, kind int, part io.Reader, heard func([]byte)) bool {
	buf := heardBuffers.Get().(*bytes.Buffer)
	defer heardBuffers.Put(buf)
	buf.Reset()
	_, err := buf.ReadFrom(io.LimitReader(part, socketRead+1))
	said := buf.Bytes()
	switch {
	case err != nil:
		return false
	case len(said) > socketRead:
		goodbye(ws, websocket.CloseMessageTooBig, "too long")
		return false
	case kind == websocket.TextMessage && !utf8.Valid(said): // RFC 6455, 8.1; gorilla leaves it to its user
		goodbye(ws, websocket.CloseInvalidFramePayloadData, "not UTF-8")
		return false
	case !r.messages.take(messagesPer10s):
		goodbye(ws, websocket.ClosePolicyViolation, "too many messages")
		return false
	}
	heard(said)
	return true
}

func extend(ws *websocket.Conn) { _ = ws.SetReadDeadline(time.Now().Add(socketIdle)) }

// pinged answers, as RFC 6455 5.5.2 wants it; who is slow to take it, or has
// gone, is found out elsewhere.
func (r *listener) pinged(said string) error {
	if !r.controls.take(controlsPer10s) {
		return errTooMany
	}
	extend(r.ws)
	_ = r.ws.WriteControl(websocket.PongMessage, []byte(said), time.Now().Add(goodbyePatience))
	return nil
}

func (r *listener) ponged(string) error {
	if !r.controls.take(controlsPer10s) {
		return errTooMany
	}
	return nil
}

var errTooMany = errors.New("too many messages")

func goodbye(ws *websocket.Conn, code int, why string) {
	_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(goodbyePatience))
}

// pace counts what comes within ten seconds.
type pace struct {
	n     int
	since time.Time
}

func (p *pace) take(most int) bool {
	if now := time.Now(); now.Sub(p.since) > 10*time.Second {
		p.n, p.since = 0, now
	}
	p.n++
	return p.n <= most
}
