package systemtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

var (
	binary = sync.OnceValues(func() (string, error) { return buildProgram("-race") })
	// The browser suites are about the browser: a plain build leaves it the
	// processor, and the other tests look for races.
	binaryPlain  = sync.OnceValues(func() (string, error) { return buildProgram() })
	binaryNoSync = sync.OnceValues(func() (string, error) {
		return buildProgram("-race", "-ldflags", "-X parley/internal/app.synchronous=OFF")
	})
)

func buildProgram(flags ...string) (string, error) {
	dir, err := os.MkdirTemp("", "parley-test")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "parley")
	args := append(append([]string{"build", "-tags", "sqlite_fts5", "-o", bin}, flags...), "parley/cmd/parley")
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return bin, nil
}

const (
	testOrigin   = "https://news.example"
	testPassword = "a good password"
)

type program struct {
	database string
	t        *testing.T
	env      []string
	base     string
	cmd      *exec.Cmd
	log      *safeBuffer
	bin      func() (string, error)
}

// safeBuffer is read while the program writes.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// seeded is a database with a site "news" and the member ann, made once and
// copied for each test that wants it.
var seeded = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "parley-seed")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	bin, err := binaryPlain()
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "parley.db")
	for _, args := range [][]string{
		{"site", "add", "news", "--name", "News", "--origin", testOrigin, "--hold", "none"},
		{"user", "add", "--site", "news", "--email", "ann@example.com", "--name", "Ann Lee", "--password", testPassword},
	} {
		cmd := exec.Command(bin, args...)
		cmd.Env = append(os.Environ(), "PARLEY_DATABASE=sqlite:"+file, "GORACE=atexit_sleep_ms=50")
		if out, err := cmd.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("seed: %w\n%s", err, out)
		}
	}
	return os.ReadFile(file)
})

// newProgram makes an instance with a site "news" and the member ann; start runs it.
func newProgram(t *testing.T) *program {
	t.Helper()
	p := newEmptyProgram(t)
	db, err := seeded()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p.database, db, 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// beside holds the tests that run beside others.
var beside sync.Map

// parallel lets a test run beside others, whether or not it has been asked to
// before: each has a program of its own, and waits for it most of the time.
func parallel(t *testing.T) {
	if strings.Contains(t.Name(), "/") { // a part of one that holds what it is about
		return
	}
	if _, already := beside.LoadOrStore(t, true); !already {
		t.Parallel()
	}
}

func newEmptyProgram(t *testing.T) *program {
	t.Helper()
	parallel(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	_ = ln.Close()
	p := &program{t: t, base: "http://" + addr, log: &safeBuffer{}, bin: binary, database: filepath.Join(t.TempDir(), "parley.db")}
	// The race detector sleeps for a second before an exit unless it is told not to.
	p.env = append(os.Environ(), "GORACE=atexit_sleep_ms=50", "PARLEY_LISTEN="+addr, "PARLEY_RATE_LIMITS=off", "PARLEY_DATABASE=sqlite:"+p.database)
	return p
}

// run runs a command. One that adds or changes a row does one thing at a time:
// a race detector would only make it slower. The server has it, and what works
// in several threads.
func (p *program) run(args ...string) string {
	p.t.Helper()
	build := binaryPlain
	if slices.Contains([]string{"import", "export", "backup", "restore"}, args[0]) {
		build = p.bin
	}
	bin, err := build()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(bin, args...)
	cmd.Env = p.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		p.t.Fatalf("parley %s: %v\n%s", args[0], err, out)
	}
	if p.cmd != nil {
		time.Sleep(noticed)
	}
	return string(out)
}

// noticed is how long a running server may take to see what a command wrote:
// the store looks every tenth of a second.
const noticed = 250 * time.Millisecond

func (p *program) start() {
	p.t.Helper()
	bin, err := p.bin()
	if err != nil {
		p.t.Fatal(err)
	}
	p.launch(exec.Command(bin, "serve"))
}

// startWith starts the server by another command line.
func (p *program) startWith(args ...string) {
	p.t.Helper()
	bin, err := p.bin()
	if err != nil {
		p.t.Fatal(err)
	}
	p.launch(exec.Command(bin, args...))
}

// launch runs a command that ends up serving.
func (p *program) launch(cmd *exec.Cmd) {
	p.t.Helper()
	p.cmd = cmd
	p.cmd.Env, p.cmd.Stdout, p.cmd.Stderr = p.env, p.log, p.log
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(p.kill)
	eventually(p.t, "the server is ready", func() bool {
		r, err := http.Get(p.base + "/readyz")
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == 200
	})
}

// kill is kill -9.
func (p *program) kill() {
	if p.cmd != nil {
		_ = p.cmd.Process.Kill()
		_ = p.cmd.Wait()
		p.cmd = nil
	}
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never came true: %s", what)
}

type answer struct {
	status int
	header http.Header
	body   []byte
}

func (a answer) into(t *testing.T, v any) {
	t.Helper()
	if err := json.Unmarshal(a.body, v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

// do sends one request; header values come in pairs.
func (p *program) do(method, path, body string, header ...string) answer {
	p.t.Helper()
	a, err := p.try(method, path, body, header...)
	if err != nil {
		p.t.Fatalf("%s %s: %v\nthe server says:\n%s", method, path, err, p.log)
	}
	return a
}

func (p *program) try(method, path, body string, header ...string) (answer, error) {
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	a := answer{res.StatusCode, res.Header, b}
	if err == nil {
		k, kerr := published()
		if kerr != nil {
			return a, kerr
		}
		sent := []byte(body)
		if r.Header.Get("Content-Type") != "application/json" { // a file is described by its type alone
			sent = nil
		}
		if why := k.check(method, path, sent, a); why != "" {
			p.t.Error(why)
		}
	}
	return a, err
}

func (p *program) login(email string) string {
	p.t.Helper()
	a := p.do("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":%q,"password":%q,"session":"token"}`, email, testPassword))
	var out struct{ Token string }
	a.into(p.t, &out)
	if a.status != 200 || out.Token == "" {
		p.t.Fatalf("login: %d %s", a.status, a.body)
	}
	return "Bearer " + out.Token
}

type comment struct {
	ID         string
	Status     string
	HTML       string
	Up         int
	Author     *struct{ Name string }
	ReplyCount int       `json:"reply_count"`
	Replies    []comment `json:"replies"`
}

type page struct {
	Thread *struct {
		ID           string
		CommentCount int `json:"comment_count"`
		Seq          int64
	}
	Comments   []comment
	NextCursor *string `json:"next_cursor"`
}

func (p *program) page(query string) page {
	p.t.Helper()
	a := p.do("GET", "/api/v1/sites/news/comments?"+query, "")
	if a.status != 200 {
		p.t.Fatalf("GET comments?%s: %d %s", query, a.status, a.body)
	}
	var out page
	a.into(p.t, &out)
	return out
}

func (p *program) post(token, thread, parent, body string) comment {
	p.t.Helper()
	in := map[string]any{"thread": thread, "url": testOrigin + "/" + thread, "title": "T", "body": body}
	if parent != "" {
		in["parent_id"] = parent
	}
	b, _ := json.Marshal(in)
	a := p.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", token)
	var out struct{ Comment comment }
	a.into(p.t, &out)
	if a.status != 201 {
		p.t.Fatalf("post: %d %s", a.status, a.body)
	}
	return out.Comment
}

type event struct {
	Seq     int64
	Type    string
	ID      string
	Readers int
}

// follow opens the live socket and hands its events over in order.
func (p *program) follow(thread string, after string) <-chan event {
	p.t.Helper()
	u := "ws" + strings.TrimPrefix(p.base, "http") + "/api/v1/sites/news/live?thread=" + url.QueryEscape(thread) + after
	ws, res, err := websocket.DefaultDialer.Dial(u, http.Header{"Origin": {testOrigin}})
	if err != nil {
		p.t.Fatalf("live: %v %v", err, res)
	}
	p.t.Cleanup(func() { _ = ws.Close() })
	out := make(chan event, 1000)
	go func() {
		defer close(out)
		for {
			var frame []event
			if ws.ReadJSON(&frame) != nil {
				return
			}
			for _, e := range frame {
				out <- e
			}
		}
	}()
	return out
}

func next(t *testing.T, ch <-chan event, types ...string) event {
	t.Helper()
	timeout := time.After(10 * time.Second)
	for {
		select {
		case e, ok := <-ch:
			if !ok {
				t.Fatalf("the socket ended before %v", types)
			}
			for _, want := range types {
				if e.Type == want {
					return e
				}
			}
		case <-timeout:
			t.Fatalf("no %v in time", types)
		}
	}
}

func TestPostReadLiveAndKill(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	if got := p.page("thread=a"); got.Thread != nil || len(got.Comments) != 0 {
		t.Fatalf("an unknown thread reads as %+v", got)
	}
	ch := p.follow("a", "")
	if e := next(t, ch, "hello"); e.Seq != 0 {
		t.Errorf("hello of an unknown thread has seq %d", e.Seq)
	}
	root := p.post(ann, "a", "", "Hello **world**")
	if root.Status != "published" || root.HTML != "<p>Hello <strong>world</strong></p>" {
		t.Errorf("posted: %+v", root)
	}
	got := p.page("thread=a")
	if len(got.Comments) != 1 || got.Comments[0].ID != root.ID || got.Thread.CommentCount != 1 {
		t.Fatalf("the page right after the post: %+v", got)
	}
	ch = p.follow("a", "&after=0")
	next(t, ch, "hello")
	if e := next(t, ch, "comment.created"); e.ID != root.ID || e.Seq != 1 {
		t.Errorf("resumed with %+v", e)
	}
	reply := p.post(ann, "a", root.ID, "and a reply")
	if e := next(t, ch, "comment.created"); e.ID != reply.ID || e.Seq != 2 {
		t.Errorf("live: %+v", e)
	}
	p.kill()
	p.start()
	got = p.page("thread=a")
	if len(got.Comments) != 1 || len(got.Comments[0].Replies) != 1 || got.Comments[0].ReplyCount != 1 || got.Thread.CommentCount != 2 || got.Thread.Seq != 2 {
		t.Fatalf("after kill -9: %+v", got)
	}
}

func TestARepeatedPostIsOneComment(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	const body = `{"thread":"a","body":"only once"}`
	var wg sync.WaitGroup
	answers := make([]answer, 8)
	for i := range answers {
		wg.Go(func() {
			answers[i], _ = p.try("POST", "/api/v1/sites/news/comments", body, "Authorization", ann, "Idempotency-Key", "k")
		})
	}
	wg.Wait()
	for _, a := range answers {
		if a.status != 201 || !bytes.Equal(a.body, answers[0].body) {
			t.Errorf("%d %s, first %s", a.status, a.body, answers[0].body)
		}
	}
	if n := len(p.page("thread=a&view=flat").Comments); n != 1 {
		t.Errorf("%d comments", n)
	}
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"another"}`, "Authorization", ann, "Idempotency-Key", "k"); a.status != 422 {
		t.Errorf("same key, other body: %d %s", a.status, a.body)
	}
}
