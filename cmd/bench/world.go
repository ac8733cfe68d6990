package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/valyala/fasthttp"
)

const (
	origin   = "https://bench.example"
	password = "bench-password"
	patience = 20 * time.Second
)

// world is one database with a site and people, and servers over it.
type world struct {
	bin, dir, db string
	voting, busy bool     // who votes, and the busy threads, are there
	tokens       []string // of readers who post by API
}

func newWorld(bin string) (*world, error) {
	abs, err := filepath.Abs(bin)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "parley-bench")
	if err != nil {
		return nil, err
	}
	w := &world{bin: abs, dir: dir, db: filepath.Join(dir, "parley.db")}
	return w, errors.Join(
		w.tool("site", "add", "news", "--name", "News", "--origin", origin, "--hold", "none"),
		w.tool("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Berg", "--password", password, "--role", "moderator"),
	)
}

func (w *world) close() { _ = os.RemoveAll(w.dir) }

func (w *world) env(addr string) []string {
	return append(os.Environ(), "PARLEY_LISTEN="+addr, "PARLEY_DATABASE=sqlite:"+w.db, "PARLEY_RATE_LIMITS=off")
}

func (w *world) tool(args ...string) error {
	cmd := exec.Command(w.bin, args...)
	cmd.Env = w.env("127.0.0.1:1")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("parley %s: %w: %s", args[0], err, out)
	}
	return nil
}

// server is a process that listens.
type server struct {
	cmd  *exec.Cmd
	addr string
}

func freeAddr() (string, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer ln.Close()
	return ln.Addr().String(), nil
}

func (w *world) serve() (*server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(w.bin, "serve")
	cmd.Env = w.env(addr)
	return started(cmd, addr)
}

// bare starts this program as a bare server; body is what it answers.
func (w *world) bare(kind string, body []byte) (*server, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(w.dir, "body")
	if err := os.WriteFile(file, body, 0o600); err != nil {
		return nil, err
	}
	cmd := exec.Command(os.Args[0], "-bare", kind, "-addr", addr)
	cmd.Env = append(os.Environ(), "BENCH_BODY="+file)
	return started(cmd, addr)
}

func started(cmd *exec.Cmd, addr string) (*server, error) {
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &server{cmd, addr}
	for until := time.Now().Add(patience); time.Now().Before(until); time.Sleep(500 * time.Microsecond) {
		r, err := http.Get("http://" + addr + "/readyz")
		if err != nil {
			continue
		}
		_ = r.Body.Close()
		if r.StatusCode == http.StatusOK {
			http.DefaultClient.CloseIdleConnections()
			return s, nil
		}
	}
	s.stop()
	return nil, fmt.Errorf("%s did not start", cmd.Path)
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(os.Interrupt)
	_ = s.cmd.Wait()
}

// cpu is what the process has used, of all its threads.
func (s *server) cpu() time.Duration {
	var sum int64
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", s.cmd.Process.Pid))
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			continue
		}
		n, _ := strconv.ParseInt(strings.Fields(string(b))[0], 10, 64)
		sum += n
	}
	return time.Duration(sum)
}

// rss is the process's resident memory in bytes.
func (s *server) rss() float64 { return s.status("VmRSS") }

// call sends one request that must be answered with a 2xx.
func (s *server) call(method, path, token, body string, into any) error {
	r, err := http.NewRequest(method, "http://"+s.addr+path, strings.NewReader(body))
	if err != nil {
		return err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d", method, path, res.StatusCode)
	}
	if into == nil {
		return nil
	}
	return json.NewDecoder(res.Body).Decode(into)
}

func (s *server) login() (string, error) {
	var out struct{ Token string }
	err := s.call("POST", "/api/v1/sites/news/login", "", fmt.Sprintf(`{"email":"mo@example.com","password":%q,"session":"token"}`, password), &out)
	return "Bearer " + out.Token, err
}

func (s *server) post(token, thread, parent, body string) (string, error) {
	in := map[string]any{"thread": thread, "body": body}
	if parent != "" {
		in["parent_id"] = parent
	}
	b, err := json.Marshal(in)
	if err != nil {
		return "", err
	}
	var out struct{ Comment struct{ ID string } }
	err = s.call("POST", "/api/v1/sites/news/comments", token, string(b), &out)
	return out.Comment.ID, err
}

// request is what a load sends again and again.
type request struct {
	method, path, body string
	header             map[string]string
	want               int
}

func (q request) fill(r *fasthttp.Request, addr string) {
	r.SetRequestURI("http://" + addr + q.path)
	r.Header.SetMethod(q.method)
	for k, v := range q.header {
		r.Header.Set(k, v)
	}
	if q.body != "" {
		r.Header.SetContentType("application/json")
		r.SetBodyString(q.body)
	}
}
