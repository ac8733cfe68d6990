package systemtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	hugeBody  = 100 << 20
	rssMargin = 40 << 20 // what a race build may grow by for reasons of its own
)

// rss is the program's resident memory in bytes.
func (p *program) rss() int64 {
	p.t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "VmRSS:")
	n, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
	if err != nil {
		p.t.Fatal(err)
	}
	return n << 10
}

// raw sends bytes as they are and returns what came back before the server
// closed or a second passed without more.
func (p *program) raw(send func(c net.Conn) error) (got []byte, sent int64) {
	p.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer c.Close()
	counted := &counting{Conn: c}
	wrote := make(chan error, 1)
	go func() { wrote <- send(counted) }()
	buf := make([]byte, 64<<10)
	for {
		_ = c.SetReadDeadline(time.Now().Add(2 * time.Second))
		n, err := c.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil {
			break
		}
	}
	_ = c.Close()
	<-wrote
	return got, counted.n
}

type counting struct {
	net.Conn
	n int64
}

func (c *counting) Write(b []byte) (int, error) {
	n, err := c.Conn.Write(b)
	c.n += int64(n)
	return n, err
}

// TestAHugeBodyIsRefusedEarly: whatever the route, declared or not, after
// little has been read.
func TestAHugeBodyIsRefusedEarly(t *testing.T) {
	p := newProgram(t)
	p.start()
	before := p.rss()
	host := strings.TrimPrefix(p.base, "http://")
	block := bytes.Repeat([]byte("a"), 64<<10)
	var wg sync.WaitGroup
	for _, path := range []string{"/api/v1/sites/news/comments", "/api/v1/sites/news/login", "/no/such/route", "/auth/begin"} {
		for _, declared := range []bool{true, false} {
			wg.Go(func() {
				head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\n", path, host)
				got, sent := p.raw(func(c net.Conn) error {
					if declared {
						if _, err := fmt.Fprintf(c, "%sContent-Length: %d\r\n\r\n", head, hugeBody); err != nil {
							return err
						}
						for range hugeBody / len(block) {
							if _, err := c.Write(block); err != nil {
								return err
							}
						}
						return nil
					}
					if _, err := fmt.Fprintf(c, "%sTransfer-Encoding: chunked\r\n\r\n", head); err != nil {
						return err
					}
					for range hugeBody / len(block) {
						if _, err := fmt.Fprintf(c, "%x\r\n%s\r\n", len(block), block); err != nil {
							return err
						}
					}
					return nil
				})
				if first, _, _ := bytes.Cut(got, []byte("\r\n")); len(got) > 0 && !bytes.Contains(first, []byte(" 413 ")) {
					t.Errorf("%s, declared %v: %s", path, declared, first)
				}
				if sent > 16<<20 { // kernel buffers hold some of it
					t.Errorf("%s, declared %v: %d bytes were taken", path, declared, sent)
				}
			})
		}
	}
	wg.Wait()
	if now := p.rss(); now > before+rssMargin {
		t.Errorf("memory went from %d to %d MB", before>>20, now>>20)
	}
	if a := p.do("GET", "/healthz", ""); a.status != 200 {
		t.Errorf("afterwards: %d", a.status)
	}
}

func TestAPackedBodyIsNotUnpacked(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := io.CopyN(z, zeros{}, 200<<20); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if bomb.Len() > 250<<10 {
		t.Fatalf("the bomb has %d bytes: it would not even be read", bomb.Len())
	}
	before := p.rss()
	a := p.do("POST", "/api/v1/sites/news/comments", bomb.String(), "Authorization", ann, "Content-Encoding", "gzip")
	if a.status != 415 {
		t.Errorf("got %d, want 415", a.status)
	}
	if now := p.rss(); now > before+rssMargin {
		t.Errorf("memory went from %d to %d MB", before>>20, now>>20)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { clear(b); return len(b), nil }

// TestAClientThatHangsUp in the middle of a body leaves nothing; one that
// leaves before the answer has posted once or not at all.
func TestAClientThatHangsUp(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	host := strings.TrimPrefix(p.base, "http://")
	send := func(body string, length int) {
		c, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(c, "POST /api/v1/sites/news/comments HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", host, ann, length, body)
		_ = c.Close()
	}
	for i := range 20 {
		send(`{"thread":"half","body":"never wh`, 200)
		body := fmt.Sprintf(`{"thread":"whole","body":"number %d"}`, i)
		send(body, len(body))
	}
	for i := range 20 { // they come back, each with its words
		p.post(ann, "whole", "", fmt.Sprint("again ", i))
	}
	if got := p.page("thread=half"); got.Thread != nil {
		t.Errorf("half a request made a thread: %+v", got.Thread)
	}
	got := p.page("thread=whole&view=flat&limit=100")
	if n := len(got.Comments); n < 20 || n > 40 || got.Thread.CommentCount != n {
		t.Errorf("%d comments, the counter says %d", n, got.Thread.CommentCount)
	}
	if strings.Contains(p.log.String(), "panic") {
		t.Errorf("the log has a panic:\n%s", p.log)
	}
}

// TestATrickleIsCut: a head that never ends holds a connection for so long and
// no longer, and others are served meanwhile.
func TestATrickleIsCut(t *testing.T) {
	p := newProgram(t)
	p.start()
	const trickles = 50
	began := time.Now()
	var wg sync.WaitGroup
	var mu sync.Mutex
	var longest time.Duration
	for range trickles {
		wg.Go(func() {
			c, err := net.Dial("tcp", strings.TrimPrefix(p.base, "http://"))
			if err != nil {
				t.Error(err)
				return
			}
			defer c.Close()
			_, _ = io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")
			go func() {
				for time.Since(began) < time.Minute {
					if _, err := io.WriteString(c, "a"); err != nil {
						return
					}
					time.Sleep(time.Second)
				}
			}()
			_ = c.SetReadDeadline(began.Add(time.Minute))
			_, err = io.Copy(io.Discard, c)
			mu.Lock()
			defer mu.Unlock()
			longest = max(longest, time.Since(began))
			if ne, ok := err.(net.Error); ok && ne.Timeout() {
				t.Error("a trickle was never cut")
			}
		})
	}
	if a := p.do("GET", "/healthz", ""); a.status != 200 {
		t.Errorf("meanwhile: %d", a.status)
	}
	wg.Wait()
	t.Logf("%d trickles, the last cut after %s", trickles, longest.Round(time.Second))
}
