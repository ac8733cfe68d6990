package socket

import (
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
	goodbye int // the close code it is sent away with
	mu      sync.Mutex
	sending sync.Mutex // a reader's thread and what is their own come from two hubs
	ws      *websocket.Conn
	gone    bool // sent away before the socket was there
}

// open gives the listener its socket; false if it was sent away meanwhile.
func (r *listener) open(ws *websocket.Conn) bool {
	if tcp, ok := ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(socketBuffer)
	}
	r.mu.Lock()
	r.ws = ws
	gone := r.gone
	r.mu.Unlock()
	if gone {
		r.hangUp()
	}
	return !gone
}

func (r *listener) conn() *websocket.Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ws
}

func (r *listener) send(f live.Frame) error {
	ws := r.conn()
	r.sending.Lock()
	defer r.sending.Unlock()
	_ = ws.SetWriteDeadline(time.Now().Add(socketWrite))
	return ws.WritePreparedMessage(f.(*websocket.PreparedMessage))
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
	extend := func() { _ = ws.SetReadDeadline(time.Now().Add(socketIdle)) }
	controls, messages := pace{most: controlsPer10s}, pace{most: messagesPer10s}
	ping := ws.PingHandler()
	ws.SetPingHandler(func(d string) error {
		if !controls.take() {
			return errTooMany
		}
		extend()
		return ping(d)
	})
	ws.SetPongHandler(func(string) error {
		if !controls.take() {
			return errTooMany
		}
		return nil
	})
	extend()
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
		said, err := io.ReadAll(io.LimitReader(part, socketRead+1))
		switch {
		case err != nil:
			return
		case len(said) > socketRead:
			goodbye(ws, websocket.CloseMessageTooBig, "too long")
			return
		case kind == websocket.TextMessage && !utf8.Valid(said): // RFC 6455, 8.1; gorilla leaves it to its user
			goodbye(ws, websocket.CloseInvalidFramePayloadData, "not UTF-8")
			return
		case !messages.take():
			goodbye(ws, websocket.ClosePolicyViolation, "too many messages")
			return
		}
		heard(said)
		extend()
	}
}

var errTooMany = errors.New("too many messages")

func goodbye(ws *websocket.Conn, code int, why string) {
	_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(goodbyePatience))
}

// pace counts what comes within ten seconds.
type pace struct {
	most, n int
	since   time.Time
}

func (p *pace) take() bool {
	if now := time.Now(); now.Sub(p.since) > 10*time.Second {
		p.n, p.since = 0, now
	}
	p.n++
	return p.n <= p.most
}
