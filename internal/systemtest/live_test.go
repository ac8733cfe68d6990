package systemtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

func (p *program) dial(thread, after, origin string) (*websocket.Conn, *http.Response, error) {
	u := "ws" + strings.TrimPrefix(p.base, "http") + "/api/v1/sites/news/live?thread=" + url.QueryEscape(thread) + after
	return websocket.DefaultDialer.Dial(u, http.Header{"Origin": {origin}})
}

// TestComingBackMissesNothing: a reader who was away for some events gets them
// and no other, by socket or by polling.
func TestComingBackMissesNothing(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	var ids []string
	for i := range 6 {
		ids = append(ids, p.post(ann, "a", "", fmt.Sprint("number ", i)).ID)
	}
	ch := p.follow("a", "&after=2")
	if e := next(t, ch, "hello"); e.Seq != 6 {
		t.Errorf("hello says %d", e.Seq)
	}
	for i := 2; i < 6; i++ {
		if e := next(t, ch, "comment.created"); e.Seq != int64(i+1) || e.ID != ids[i] {
			t.Errorf("resumed with %+v, want %d %s", e, i+1, ids[i])
		}
	}
	if a := p.do("DELETE", "/api/v1/comments/"+ids[0], "", "Authorization", ann); a.status != 204 {
		t.Fatal(a)
	}
	if e := next(t, ch, "comment.created", "comment.removed"); e.Seq != 7 || e.Type != "comment.removed" {
		t.Errorf("then %+v", e)
	}
	var polled struct {
		Seq    int64
		Events []event
		Reset  bool
	}
	p.do("GET", "/api/v1/sites/news/events?thread=a&after=4", "").into(t, &polled)
	if polled.Seq != 7 || polled.Reset || len(polled.Events) != 3 || polled.Events[0].Seq != 5 || polled.Events[2].Type != "comment.removed" {
		t.Errorf("polled %+v", polled)
	}
	// What this database never had can only be fetched anew.
	p.do("GET", "/api/v1/sites/news/events?thread=a&after=99", "").into(t, &polled)
	if !polled.Reset {
		t.Errorf("after=99: %+v", polled)
	}
	ch = p.follow("a", "&after=99")
	next(t, ch, "hello")
	next(t, ch, "reset")
}

func TestTheSocketAsksWhereFrom(t *testing.T) {
	p := newProgram(t)
	p.start()
	for origin, want := range map[string]int{
		testOrigin: 101, p.base: 101, "https://evil.example": 403, "null": 403, "": 403,
		testOrigin + ".evil.example": 403, "http://news.example": 403, testOrigin + ":8443": 403,
	} {
		ws, res, err := p.dial("a", "", origin)
		if res == nil {
			t.Fatalf("%q: %v", origin, err)
		}
		if res.StatusCode != want {
			t.Errorf("%q: %d, want %d", origin, res.StatusCode, want)
		}
		if ws != nil {
			_ = ws.Close()
		}
	}
	u := strings.Replace(p.base, "http", "ws", 1) + "/api/v1/sites/nope/live?thread=a"
	if _, res, err := websocket.DefaultDialer.Dial(u, http.Header{"Origin": {testOrigin}}); err == nil || res.StatusCode != 404 {
		t.Errorf("an unknown site: %v %v", res, err)
	}
}

func TestAReaderWhoTalksIsShownOut(t *testing.T) {
	p := newProgram(t)
	p.start()
	closed := func(ws *websocket.Conn) int {
		for {
			if _, _, err := ws.ReadMessage(); err != nil {
				if ce, ok := err.(*websocket.CloseError); ok {
					return ce.Code
				}
				return 0
			}
		}
	}
	flood, _, err := p.dial("a", "", testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	defer flood.Close()
	for range 50 {
		if flood.WriteMessage(websocket.TextMessage, []byte("hello")) != nil {
			break
		}
	}
	if code := closed(flood); code != websocket.ClosePolicyViolation {
		t.Errorf("a flood was closed with %d", code)
	}
	long, _, err := p.dial("a", "", testOrigin)
	if err != nil {
		t.Fatal(err)
	}
	defer long.Close()
	_ = long.WriteMessage(websocket.TextMessage, make([]byte, 64<<10))
	if code := closed(long); code != websocket.CloseMessageTooBig {
		t.Errorf("a long message was closed with %d", code)
	}
	said := func(what string, want int, say func(ws *websocket.Conn)) {
		ws, _, err := p.dial("a", "", testOrigin)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		say(ws)
		if code := closed(ws); code != want {
			t.Errorf("%s: closed with %d, want %d", what, code, want)
		}
	}
	said("text that is no UTF-8", websocket.CloseInvalidFramePayloadData, func(ws *websocket.Conn) {
		_ = ws.WriteMessage(websocket.TextMessage, []byte{0xff, 0xfe, 'a'})
	})
	said("endless pings", websocket.ClosePolicyViolation, func(ws *websocket.Conn) {
		for range 21 {
			_ = ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second))
		}
	})
	said("a small frame that unpacks to 4 MiB", websocket.CloseMessageTooBig, func(ws *websocket.Conn) {
		ws.EnableWriteCompression(true)
		_ = ws.WriteMessage(websocket.TextMessage, make([]byte, 4<<20))
	})
	quiet := p.follow("a", "")
	p.post(p.login("ann@example.com"), "a", "", "the others read on")
	next(t, quiet, "hello")
}

// TestARestartSaysGoodbye: every accepted request is answered, sockets are
// closed with 1012, the process ends by itself, and the next one goes on.
func TestARestartSaysGoodbye(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "before")
	codes := make(chan int, 20)
	for range cap(codes) {
		ws, _, err := p.dial("a", "", testOrigin)
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		go func() {
			for {
				if _, _, err := ws.ReadMessage(); err != nil {
					if ce, ok := err.(*websocket.CloseError); ok {
						codes <- ce.Code
					} else {
						codes <- 0
					}
					return
				}
			}
		}()
	}
	stop, acked := make(chan struct{}), make(chan int)
	go func() {
		n := 0
		for {
			select {
			case <-stop:
				acked <- n
				return
			default:
			}
			b, _ := json.Marshal(map[string]string{"thread": "a", "body": fmt.Sprint("under load ", n)})
			a, err := p.try("POST", "/api/v1/sites/news/comments", string(b), "Authorization", ann)
			if err == nil && a.status == 201 {
				n++
			}
		}
	}()
	time.Sleep(200 * time.Millisecond)
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if err != nil {
			t.Errorf("it ended with %v\n%s", err, p.log)
		}
	case <-time.After(15 * time.Second):
		t.Fatal("it did not end within 15 s")
	}
	close(stop)
	n := <-acked
	p.cmd = nil
	for range cap(codes) {
		if code := <-codes; code != websocket.CloseServiceRestart {
			t.Errorf("a socket was closed with %d, want 1012", code)
		}
	}
	p.start()
	if got := p.page("thread=a").Thread.CommentCount; got != n+1 {
		t.Errorf("%d were acknowledged, %d are there", n+1, got)
	}
}

// TestTheFirstCommentReachesThoseWhoWait: the sockets of a thread that does not
// exist yet stay open and hear of everything from its first comment on, also
// those that come while it is born.
func TestTheFirstCommentReachesThoseWhoWait(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	for round := range 10 {
		thread := fmt.Sprint("new-", round)
		early := p.follow(thread, "")
		if e := next(t, early, "hello"); e.Seq != 0 {
			t.Errorf("hello of nothing has seq %d", e.Seq)
		}
		late := make(chan (<-chan event), 8)
		var wg sync.WaitGroup
		for range cap(late) {
			wg.Go(func() { late <- p.follow(thread, "&after=0") })
		}
		first := p.post(ann, thread, "", "the first")
		second := p.post(ann, thread, "", "the second")
		wg.Wait()
		close(late)
		all := []<-chan event{early}
		for ch := range late {
			all = append(all, ch)
		}
		for i, ch := range all {
			for n, want := range []string{first.ID, second.ID} {
				if e := next(t, ch, "comment.created", "reset"); e.ID != want || e.Seq != int64(n+1) {
					t.Fatalf("round %d, reader %d: %+v, want %s as number %d", round, i, e, want, n+1)
				}
			}
		}
	}
}

// TestADecisionIsToldToItsAuthorAlone: what becomes of a comment that no reader
// has seen is said on the sockets that showed its author's ticket, and nothing
// of it on any other.
func TestADecisionIsToldToItsAuthorAlone(t *testing.T) {
	p := newProgram(t)
	p.run("site", "set", "news", "--hold", "all")
	for _, who := range [][3]string{{"bo@example.com", "Bo Berg", "member"}, {"ada@example.com", "Ada Min", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", who[0], "--name", who[1], "--password", testPassword, "--role", who[2])
	}
	p.start()
	ann, bo, ada := p.login("ann@example.com"), p.login("bo@example.com"), p.login("ada@example.com")
	held := p.post(ann, "a", "", "to be decided").ID
	p.post(bo, "a", "", "another's")
	ticket := func(who string) string {
		var me struct{ Live string }
		p.do("GET", "/api/v1/me?site=news&thread=a", "", "Authorization", who).into(t, &me)
		return me.Live
	}
	if ticket(ann) == "" || ticket(ann) == ticket(bo) {
		t.Fatalf("tickets %q and %q", ticket(ann), ticket(bo))
	}
	p.run("site", "add", "blog", "--name", "Blog", "--origin", testOrigin, "--hold", "none")
	var there struct{ Live string } // what one site gives is good for none of the others
	p.do("GET", "/api/v1/me?site=blog&thread=a", "", "Authorization", ann).into(t, &there)
	if there.Live == ticket(ann) {
		t.Error("two sites give one ticket")
	}
	forged := strings.SplitAfter(ticket(ann), ".")[0] + strings.Split(ticket(bo), ".")[1]
	hears := func(says string) (*websocket.Conn, func() []string) {
		ws, _, err := p.dial("a", "", testOrigin)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ws.Close() })
		if says != "" {
			if err := ws.WriteJSON(map[string]string{"own": says}); err != nil {
				t.Fatal(err)
			}
		}
		return ws, func() (types []string) { // until the second comment is published
			for {
				var list []event
				if err := ws.ReadJSON(&list); err != nil {
					t.Fatal(err)
				}
				for _, e := range list {
					if e.Type == "own" || e.Type == "comment.created" {
						types = append(types, e.Type)
					}
					if e.Type == "comment.created" {
						return types
					}
				}
			}
		}
	}
	mine, toAnn := hears(ticket(ann))
	_, toBo := hears(ticket(bo))
	_, toLiar := hears(forged)
	_, toReader := hears("")
	for told := false; !told; { // the socket may not have heard the ticket yet
		if a := p.do("POST", "/api/v1/sites/news/moderation/decisions", `[{"comment_id":"`+held+`","action":"reject"}]`, "Authorization", ada); a.status != 200 {
			t.Fatal(a)
		}
		if a := p.do("POST", "/api/v1/sites/news/moderation/decisions", `[{"comment_id":"`+held+`","action":"spam"}]`, "Authorization", ada); a.status != 200 {
			t.Fatal(a)
		}
		_ = mine.SetReadDeadline(time.Now().Add(time.Minute))
		var list []event
		if err := mine.ReadJSON(&list); err != nil {
			t.Fatal(err)
		}
		for _, e := range list {
			told = told || e.Type == "own"
		}
	}
	if a := p.do("POST", "/api/v1/sites/news/moderation/decisions", `[{"comment_id":"`+held+`","action":"approve"}]`, "Authorization", ada); a.status != 200 {
		t.Fatal(a)
	}
	toAnn()
	for who, heard := range map[string]func() []string{"Bo": toBo, "who forges a ticket": toLiar, "a reader": toReader} {
		if got := heard(); len(got) != 1 {
			t.Errorf("%s hears %v", who, got)
		}
	}
}
