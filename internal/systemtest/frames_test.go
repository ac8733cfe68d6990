package systemtest

import (
	be "encoding/binary"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"
)

// handshake is an upgrade with some of its lines changed; "" takes one away.
func handshake(p *program, change map[string]string) string {
	head := fmt.Sprintf("GET /api/v1/sites/news/live?thread=a HTTP/1.1\r\nHost: %s\r\n", strings.TrimPrefix(p.base, "http://"))
	for _, line := range [][2]string{
		{"Origin", testOrigin}, {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Version", "13"}, {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
	} {
		if v, ok := change[line[0]]; ok {
			line[1] = v
		}
		if line[1] != "" {
			head += line[0] + ": " + line[1] + "\r\n"
		}
	}
	return head + "\r\n"
}

// A handshake that is not one opens nothing.
func TestOddHandshakes(t *testing.T) {
	p := newProgram(t)
	p.start()
	for what, c := range map[string]struct {
		change map[string]string
		want   string
	}{
		"a proper one":       {nil, " 101 "},
		"no version":         {map[string]string{"Sec-WebSocket-Version": ""}, " 4"},
		"an old version":     {map[string]string{"Sec-WebSocket-Version": "8"}, " 4"},
		"no key":             {map[string]string{"Sec-WebSocket-Key": ""}, " 4"},
		"a short key":        {map[string]string{"Sec-WebSocket-Key": "c2hvcnQ="}, " 4"},
		"no upgrade":         {map[string]string{"Upgrade": ""}, " 4"},
		"another protocol":   {map[string]string{"Upgrade": "h2c"}, " 4"},
		"no connection line": {map[string]string{"Connection": ""}, " 4"},
		"no origin":          {map[string]string{"Origin": ""}, " 403 "},
		"another's origin":   {map[string]string{"Origin": "https://evil.example"}, " 403 "},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			got, _ := p.raw(func(c2 net.Conn) error {
				_, err := c2.Write([]byte(handshake(p, c.change)))
				return err
			})
			status, _, _ := strings.Cut(string(got), "\r\n")
			if !strings.Contains(status, c.want) {
				t.Errorf("%s: %q, want%s", what, status, c.want)
			}
		})
	}
}

// frame is one frame as bytes, masked with zeros where a client must mask.
func frame(first byte, masked bool, body []byte) []byte {
	out := []byte{first}
	bit := byte(0)
	if masked {
		bit = 0x80
	}
	if n := len(body); n < 126 {
		out = append(out, bit|byte(n))
	} else {
		out = be.BigEndian.AppendUint16(append(out, bit|126), uint16(n))
	}
	if masked {
		out = append(out, 0, 0, 0, 0)
	}
	return append(out, body...)
}

// Frames that RFC 6455 forbids end the socket they came by, at once and with a
// code, and no other.
func TestOddFrames(t *testing.T) {
	p := newProgram(t)
	p.start()
	other := p.follow("a", "")
	huge := be.BigEndian.AppendUint64([]byte{0x81, 0x80 | 127}, 1<<62)
	for what, bytes := range map[string][]byte{
		"not masked":                         frame(0x81, false, []byte("hello")),
		"a reserved bit":                     frame(0x81|0x20, true, []byte("hello")),
		"a reserved kind":                    frame(0x83, true, nil),
		"a reserved kind of control":         frame(0x8b, true, nil),
		"a long ping":                        frame(0x89, true, make([]byte, 126)),
		"a ping in pieces":                   frame(0x09, true, []byte("x")),
		"the rest of nothing":                frame(0x80, true, []byte("x")),
		"a message within another":           append(frame(0x01, true, []byte("a")), frame(0x81, true, []byte("b"))...),
		"a packed frame of no packing":       frame(0x81|0x40, true, []byte{0xff, 0xff, 0xff}),
		"a length of exabytes":               append(huge, 0, 0, 0, 0),
		"a close of one byte":                frame(0x88, true, []byte{3}),
		"a close with a code that is no one": frame(0x88, true, []byte{0, 1}),
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			got, _ := p.raw(func(c net.Conn) error {
				if _, err := c.Write([]byte(handshake(p, nil))); err != nil {
					return err
				}
				_, err := c.Write(bytes)
				return err
			})
			_, frames, ok := strings.Cut(string(got), "\r\n\r\n")
			if !ok || !strings.Contains(string(got), " 101 ") {
				t.Errorf("%s: no socket: %.100q", what, got)
				return
			}
			at := strings.LastIndexByte(frames, 0x88) // the server's close
			if at < 0 && time.Since(began) > 1900*time.Millisecond {
				t.Errorf("%s: the socket stays open", what)
			}
		})
	}
	t.Cleanup(func() { // after those in parallel, before the program ends
		p.post(p.login("ann@example.com"), "a", "", "the others read on")
		next(t, other, "hello")
		if strings.Contains(p.log.String(), "panic") {
			t.Errorf("the log has a panic:\n%s", p.log)
		}
	})
}
