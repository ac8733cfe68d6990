package systemtest

import (
	"bufio"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gorilla/websocket"
)

// A thread of more comments than a caller waits for is merged by the server on
// its own; who has it open is sent to the other one.
func TestALongThreadIsMergedInTheBackground(t *testing.T) {
	const long = 10_001
	p := newProgram(t)
	p.bin = binaryPlain // this is about size
	file := filepath.Join(t.TempDir(), "long.jsonl")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, `{"type":"header","parley":1,"site":"news"}`)
	fmt.Fprintln(w, `{"type":"thread","id":"t","key":"long","url":"","title":"A long one","state":"open"}`)
	fmt.Fprintln(w, `{"type":"person","id":"p","name":"Somebody"}`)
	for i := range long {
		fmt.Fprintf(w, `{"type":"comment","id":"c%d","thread":"t","person":"p","parent":"","body":"number %d","status":"published","created_at":"2024-01-01T00:00:00Z"}`+"\n", i, i)
	}
	fmt.Fprintf(w, `{"type":"end","threads":1,"people":1,"comments":%d}`+"\n", long)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	p.imported("--site", "news", "--format", "parley", file)
	p.run("user", "add", "--site", "news", "--email", "mod@example.com", "--name", "Mo Dera", "--password", testPassword, "--role", "moderator")
	p.start()
	ann, mod := p.login("ann@example.com"), p.login("mod@example.com")
	p.post(ann, "short", "", "the only one there")
	from, into := p.page("thread=long").Thread.ID, p.page("thread=short").Thread.ID
	before := p.page("thread=long").Thread.Seq
	ws, _, err := p.dial("long", "", testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if _, _, err := ws.ReadMessage(); err != nil { // hello
		t.Fatal(err)
	}
	a := p.do("POST", "/api/v1/sites/news/moderation/threads/"+from+"/merge", fmt.Sprintf(`{"into":%q}`, into), "Authorization", mod)
	if a.status != http.StatusAccepted || !strings.Contains(string(a.body), `"undo":null`) || !strings.Contains(string(a.body), `"running":true`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	eventually(t, "all of them are in the other thread", func() bool {
		var under struct{ Merges []struct{ ID string } }
		p.do("GET", "/api/v1/sites/news/moderation/threads/merges", "", "Authorization", mod).into(t, &under)
		return len(under.Merges) == 0
	})
	if code := ended(t, ws); code != websocket.CloseGoingAway {
		t.Errorf("the socket was closed with %d", code)
	}
	var polled struct {
		Reset  bool
		Events []event
	}
	p.do("GET", fmt.Sprintf("/api/v1/sites/news/events?thread=long&after=%d", before), "").into(t, &polled)
	if n := len(polled.Events); !polled.Reset && (n == 0 || polled.Events[n-1].Type != "reset") {
		t.Errorf("who polls is told %+v", polled)
	}
	for _, key := range []string{"long", "short"} {
		if th := p.page("thread=" + key).Thread; th.ID != into || th.CommentCount != long+1 {
			t.Errorf("%s is %+v", key, th)
		}
	}
	if c := p.post(ann, "long", "", "by the old key"); c.ID == "" || p.page("thread=short").Thread.CommentCount != long+2 {
		t.Error("a comment by the old key is elsewhere")
	}
	if a := p.do("POST", "/api/v1/sites/news/moderation/threads/"+from+"/merge", fmt.Sprintf(`{"into":%q}`, into), "Authorization", mod); a.status != 409 || !strings.Contains(string(a.body), `"merged"`) {
		t.Errorf("twice: %d %s", a.status, a.body)
	}
}

// The commands work beside a server, whose pages and sockets follow.
func TestThreadCommandsBesideAServer(t *testing.T) {
	pages := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/moved":
			http.Redirect(w, r, "/there", http.StatusMovedPermanently)
		case "/there":
		default:
			http.NotFound(w, r)
		}
	}))
	defer pages.Close()
	p := newProgram(t)
	p.run("site", "add", "paged", "--name", "Paged", "--origin", pages.URL)
	file := filepath.Join(t.TempDir(), "pages.jsonl")
	var lines strings.Builder
	fmt.Fprintln(&lines, `{"type":"header","parley":1,"site":"paged"}`)
	for _, path := range []string{"/moved", "/there"} {
		fmt.Fprintf(&lines, `{"type":"thread","id":%q,"key":%q,"url":%[2]q,"title":"","state":"open"}`+"\n", path, pages.URL+path)
	}
	fmt.Fprintln(&lines, `{"type":"end","threads":2,"people":0,"comments":0}`)
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("import", "--site", "paged", "--format", "parley", file)
	p.start()
	ann := p.login("ann@example.com")
	for _, key := range []string{"/blog/one", "/blog/two", "/news/two"} {
		p.post(ann, key, "", "words about "+key)
	}
	if th := p.page("thread=/news/one").Thread; th != nil { // and that is kept
		t.Fatal(th)
	}
	out := p.run("thread", "remap", "--site", "news", "--dry-run", "/blog/*", "/news/*")
	if !strings.Contains(out, "/blog/one → /news/one\n") || !strings.Contains(out, "1 page would move, 0 would be merged, 1 left.") {
		t.Error(out)
	}
	if th := p.page("thread=/news/one").Thread; th != nil {
		t.Error("a dry run has moved something")
	}
	waits := p.follow("/news/one", "")
	next(t, waits, "hello")
	if out := p.run("thread", "remap", "--site", "news", "--json", "/blog/*", "/news/*"); !strings.Contains(out, `"renamed":1,"merged":0,"clashes":1`) {
		t.Error(out)
	}
	next(t, waits, "comment.created", "reset") // who has the new address open finds the discussion
	eventually(t, "the new address shows the comment", func() bool {
		th := p.page("thread=/news/one").Thread
		return th != nil && th.CommentCount == 1
	})
	open := p.follow("/blog/two", "")
	next(t, open, "hello")
	if out := p.run("thread", "merge", "--site", "news", "/blog/two", "/news/two"); !strings.Contains(out, "1 comment moved to /news/two") {
		t.Error(out)
	}
	for range open { // it is sent away, to come back by its key
	}
	again := p.follow("/blog/two", "&after=1")
	next(t, again, "reset")
	eventually(t, "both are there", func() bool { return p.page("thread=/blog/two").Thread.CommentCount == 2 })
	if out := p.run("thread", "check", "--site", "paged", "--json"); !strings.Contains(out, `"answer":"moved"`) ||
		!strings.Contains(out, fmt.Sprintf(`"what_to_do":"parley thread merge --site paged '%s/moved' '%[1]s/there'"`, pages.URL)) || strings.Count(out, "\n") != 1 {
		t.Error(out)
	}
}
