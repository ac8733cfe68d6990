package socket

import (
	"bufio"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"parley/internal/web/edge"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
	"github.com/valyala/fasthttp"
)

const (
	handshakeBuffer = 512
	// idleReadBuffer is what each open socket keeps for reading: readers say
	// nothing but pings and goodbyes, at most 125 bytes and a head.
	idleReadBuffer = 256
)

func newUpgrader() websocket.Upgrader {
	return websocket.Upgrader{
		ReadBufferSize: idleReadBuffer, WriteBufferPool: &sync.Pool{}, EnableCompression: true,
		CheckOrigin: func(*http.Request) bool { return true }, // checked before, with the site at hand
	}
}

// upgrade runs gorilla's handshake inside a Fiber handler: Fiber's own adaptor
// has no Hijacker. A refusal becomes an ordinary answer. A success writes the
// 101 itself and takes the connection away from fasthttp, which with
// KeepHijackedConns keeps nothing for it: no goroutine, no context, no buffer.
// serve then owns ws, in a goroutine of its own; c must not outlive the call.
func upgrade(c *fiber.Ctx, u *websocket.Upgrader, serve func(ws *websocket.Conn)) error {
	fc := c.Context()
	if !fc.Request.Header.IsHTTP11() { // RFC 6455, 4.1
		return &edge.HTTPError{Status: fiber.StatusUpgradeRequired, Code: "upgrade", Detail: "A WebSocket needs HTTP/1.1."}
	}
	r := &http.Request{
		Method: c.Method(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Host: string(fc.Host()), RemoteAddr: fc.RemoteAddr().String(), Header: http.Header{},
	}
	for k, v := range fc.Request.Header.All() {
		switch key := http.CanonicalHeaderKey(string(k)); {
		case key == "Connection", key == "Upgrade", strings.HasPrefix(key, "Sec-Websocket-"):
			r.Header[key] = append(r.Header[key], string(v))
		}
	}
	w := &handshake{fc: fc, hdr: http.Header{}}
	ws, err := u.Upgrade(w, r, nil)
	if w.rw != nil {
		handshakes.Put(w.rw)
	}
	if err != nil {
		if w.hijacked { // the 101 could not be written
			fc.HijackSetNoResponse(true)
			fc.Hijack(func(hc net.Conn) { _ = hc.Close() })
			return nil
		}
		status := fc.Response.StatusCode() // gorilla's own answer is plain text
		fc.Response.ResetBody()
		return &edge.HTTPError{Status: status, Code: "upgrade", Detail: "This address is for WebSockets."}
	}
	ws.SetCompressionLevel(1)
	fc.SetStatusCode(fiber.StatusSwitchingProtocols) // for the log; never sent
	fc.HijackSetNoResponse(true)
	fc.Hijack(func(hc net.Conn) {
		// A client may send nothing before our 101 (RFC 6455, 4.1); what it sent
		// sits in fasthttp's reader and is lost. Look, without waiting.
		var b [1]byte
		_ = hc.SetReadDeadline(time.Unix(1, 0))
		if n, _ := hc.Read(b[:]); n > 0 {
			_ = ws.Close()
			return
		}
		_ = hc.SetReadDeadline(time.Time{})
		go func() { // ends with the socket; Shutdown closes it and waits
			defer func() {
				if p := recover(); p != nil { // a bug costs one reader the connection
					slog.Error("live socket", "panic", p, "stack", string(debug.Stack()))
					_ = ws.Close()
				}
			}()
			serve(ws)
		}()
	})
	return nil
}

// handshake is the little of http.ResponseWriter and Hijacker that gorilla needs.
type handshake struct {
	fc       *fasthttp.RequestCtx
	hdr      http.Header
	hijacked bool
	rw       *bufio.ReadWriter
}

func (w *handshake) Header() http.Header { return w.hdr }

func (w *handshake) WriteHeader(code int) {
	for k, vv := range w.hdr {
		for _, v := range vv {
			w.fc.Response.Header.Add(k, v)
		}
	}
	w.fc.SetStatusCode(code)
}

func (w *handshake) Write(p []byte) (int, error) {
	w.fc.Response.AppendBody(p)
	return len(p), nil
}

// handshakes lends the buffers of the 101. gorilla asks only whether bytes are
// buffered and gives them back, since it has a pool for its own writes.
var handshakes = sync.Pool{New: func() any {
	return bufio.NewReadWriter(bufio.NewReaderSize(strings.NewReader(""), 16), bufio.NewWriterSize(nil, handshakeBuffer))
}}

func (w *handshake) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.hijacked = true
	w.rw = handshakes.Get().(*bufio.ReadWriter)
	return &steadyConn{Conn: w.fc.Conn()}, w.rw, nil
}
