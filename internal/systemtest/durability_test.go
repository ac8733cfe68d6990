package systemtest

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	killCycles  = 50
	killClients = 8
	tracedPosts = 20
)

// TestFiftyKillsLoseAndDoubleNothing lets clients post with idempotency keys,
// repeating each until it is acknowledged, while the server is killed with -9
// again and again. At the end every key stands in the thread exactly once.
func TestFiftyKillsLoseAndDoubleNothing(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	stop := make(chan struct{})
	acked := make([][]string, killClients)
	var wg sync.WaitGroup
	for w := range killClients {
		wg.Go(func() {
			for i := 0; ; i++ {
				key := fmt.Sprintf("w%d-%d", w, i)
				body := fmt.Sprintf(`{"thread":"a","body":"text of %s"}`, key)
				for {
					select {
					case <-stop:
						return
					default:
					}
					a, err := p.try("POST", "/api/v1/sites/news/comments", body, "Authorization", ann, "Idempotency-Key", key)
					if err == nil && a.status == http.StatusCreated {
						acked[w] = append(acked[w], key)
						break
					}
					time.Sleep(5 * time.Millisecond) // the server is down, or coming up
				}
			}
		})
	}
	for range killCycles {
		time.Sleep(time.Duration(20+rand.IntN(150)) * time.Millisecond)
		p.kill()
		p.start()
	}
	close(stop)
	wg.Wait()
	have := map[string]int{}
	for cursor := ""; ; {
		got := p.page("thread=a&view=flat&sort=oldest&limit=100" + cursor)
		for _, c := range got.Comments {
			have[strings.TrimSuffix(strings.TrimPrefix(c.HTML, "<p>text of "), "</p>")]++
		}
		if got.NextCursor == nil {
			break
		}
		cursor = "&cursor=" + *got.NextCursor
	}
	n := 0
	for _, keys := range acked {
		for _, k := range keys {
			n++
			if have[k] != 1 {
				t.Errorf("%s was acknowledged and stands %d times", k, have[k])
			}
		}
	}
	for k, times := range have {
		if times != 1 {
			t.Errorf("%s stands %d times", k, times)
		}
	}
	p.indexWhole(t, len(have))
	if n < killCycles {
		t.Errorf("only %d posts were acknowledged: the test shows nothing", n)
	}
	t.Logf("%d kills, %d acknowledged posts, %d in the thread", killCycles, n, len(have))
}

// indexWhole checks that the words of every comment are found, once the server
// has had the time that it says it takes.
func (p *program) indexWhole(t *testing.T, comments int) {
	t.Helper()
	db, err := sql.Open("sqlite3", p.database+"?_query_only=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var found int
	eventually(t, "every word is in the index", func() bool {
		var late int
		if err := db.QueryRow(`SELECT (SELECT count(*) FROM unindexed), (SELECT count(*) FROM comments_text WHERE comments_text MATCH 'body : text')`).Scan(&late, &found); err != nil {
			t.Fatal(err)
		}
		return late == 0
	})
	if found != comments {
		t.Errorf("of %d comments %d are found by their words", comments, found)
	}
}

const (
	mixedRounds  = 12
	mixedPosters = 12 // of each round, beside those who are refused
)

// TestInOneBatchEachGetsItsOwnAnswer posts at once as many who may and some who
// may not: a banned one, one into a closed thread, one with the key of another
// request, one that answers a comment of another thread. Each is told its own,
// and nothing of theirs takes the others with it.
func TestInOneBatchEachGetsItsOwnAnswer(t *testing.T) {
	parallel(t)
	d := newDesk(t)
	elsewhere := d.post(d.ann, "elsewhere", "", "A comment of another thread.")
	shut := d.page("thread=elsewhere").Thread.ID
	if a := d.act(d.mo, d.authorOf(t, d.post(d.bo, "elsewhere", "", "Mine.").ID), "ban", `{"reason":"spam"}`); a.status >= 300 {
		t.Fatal(a.status, string(a.body))
	}
	if a := d.do("PATCH", "/api/v1/sites/news/moderation/threads/"+shut, `{"state":"closed"}`, "Authorization", d.mo); a.status != 200 {
		t.Fatal(a.status, string(a.body))
	}
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"The first with this key."}`, "Authorization", d.ann, "Idempotency-Key", "used"); a.status != 201 {
		t.Fatal(a.status, string(a.body))
	}
	type sent struct {
		token, body, key string
		want             int
		code             string
	}
	stored := 1
	for round := range mixedRounds {
		all := []sent{
			{d.bo, `{"thread":"a","body":"I am banned."}`, "", 403, "banned"},
			{d.ann, `{"thread":"elsewhere","body":"Too late."}`, "", 409, "thread_closed"},
			{d.ann, `{"thread":"a","body":"Another with this key."}`, "used", 422, "key_reused"},
			{d.ann, `{"thread":"a","parent_id":"` + elsewhere.ID + `","body":"An answer to nobody here."}`, "", 422, "invalid"},
		}
		for i := range mixedPosters {
			all = append(all, sent{d.ann, fmt.Sprintf(`{"thread":"a","body":"Number %d of round %d."}`, i, round), fmt.Sprintf("%d-%d", round, i), 201, ""})
		}
		var wg sync.WaitGroup
		for _, s := range all {
			wg.Go(func() {
				head := []string{"Authorization", s.token}
				if s.key != "" {
					head = append(head, "Idempotency-Key", s.key)
				}
				a, err := d.try("POST", "/api/v1/sites/news/comments", s.body, head...)
				if err != nil || a.status != s.want || !strings.Contains(string(a.body), s.code) {
					t.Errorf("%s: %d %s %v, want %d %s", s.body, a.status, a.body, err, s.want, s.code)
				}
			})
		}
		wg.Wait()
		stored += mixedPosters
	}
	if got := d.page("thread=a&view=flat&limit=1"); got.Thread.CommentCount != stored {
		t.Errorf("%d comments stand where %d were stored", got.Thread.CommentCount, stored)
	}
	d.recounted(t)
}

// TestTheDiskSyncsBeforeTheAnswer watches the system calls of one post: the
// WAL's sync comes before the bytes of the 201. Built with another
// synchronous setting it must see none.
func TestTheDiskSyncsBeforeTheAnswer(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("strace is missing: `make tools` installs it")
	}
	for _, c := range []struct {
		name string
		bin  func() (string, error)
		want bool
	}{{"as it is", binary, true}, {"built with synchronous=OFF", binaryNoSync, false}} {
		t.Run(c.name, func(t *testing.T) {
			p := newProgram(t)
			p.bin = c.bin
			p.start()
			ann := p.login("ann@example.com")
			p.post(ann, "a", "", "warm up") // the first one makes the thread
			trace := t.TempDir() + "/trace"
			st := exec.Command("strace", "-f", "-e", "trace=fdatasync,fsync,write,writev,sendto", "-s", "40", "-o", trace, "-p", fmt.Sprint(p.cmd.Process.Pid))
			var says safeBuffer
			st.Stderr = &says
			if err := st.Start(); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = st.Process.Kill(); _ = st.Wait() }()
			// Before it holds every thread it could see an answer and miss its sync.
			eventually(t, "strace holds all threads", func() bool { return strings.Contains(says.String(), "attached") })
			for i := range tracedPosts {
				b, _ := json.Marshal(map[string]string{"thread": "a", "body": fmt.Sprint("traced ", i)})
				if a := p.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", ann, "Idempotency-Key", fmt.Sprint(i)); a.status != 201 {
					t.Fatal(a)
				}
			}
			var posts, synced int
			eventually(t, "the trace holds the answers", func() bool {
				posts, synced = readTrace(t, trace)
				return posts >= tracedPosts
			})
			t.Logf("%d answers, %d after a sync", posts, synced)
			if c.want && synced != posts || !c.want && synced != 0 {
				t.Errorf("%d of %d answers came after a sync", synced, posts)
			}
		})
	}
}

// readTrace counts the 201s of a trace and those with a sync since the last one.
func readTrace(t *testing.T, file string) (posts, synced int) {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		return 0, 0
	}
	var seen bool
	for _, line := range strings.Split(string(b), "\n") {
		switch {
		case strings.Contains(line, "fdatasync(") && strings.Contains(line, "= 0"), strings.Contains(line, "fsync(") && strings.Contains(line, "= 0"),
			strings.Contains(line, "fdatasync resumed") && strings.Contains(line, "= 0"), strings.Contains(line, "fsync resumed") && strings.Contains(line, "= 0"):
			seen = true
		case strings.Contains(line, "HTTP/1.1 201"):
			posts++
			if seen {
				synced++
			}
			seen = false
		}
	}
	return posts, synced
}

// TestAFailedSyncAcknowledgesNothing makes every sync of the disk an error for
// a while: posts are refused, nothing of them is ever seen, and when the disk
// is well again writing goes on.
func TestAFailedSyncAcknowledgesNothing(t *testing.T) {
	if _, err := exec.LookPath("strace"); err != nil {
		t.Fatal("strace is missing: `make tools` installs it")
	}
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "while the disk is well")
	st := exec.Command("strace", "-f", "-e", "trace=fdatasync,fsync", "-e", "inject=fdatasync,fsync:error=EIO", "-o", "/dev/null", "-p", fmt.Sprint(p.cmd.Process.Pid))
	var says safeBuffer
	st.Stderr = &says
	if err := st.Start(); err != nil {
		t.Fatal(err)
	}
	eventually(t, "strace holds all threads", func() bool { return strings.Contains(says.String(), "attached") })
	for i := range 5 {
		b, _ := json.Marshal(map[string]string{"thread": "a", "body": fmt.Sprint("never kept ", i)})
		if a := p.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", ann); a.status != 503 || a.header.Get("Retry-After") == "" {
			t.Errorf("a post that the disk did not take: %d %s", a.status, a.body)
		}
		if n := len(p.page("thread=a&view=flat").Comments); n != 1 {
			t.Errorf("%d comments can be read while none was kept", n)
		}
	}
	if err := st.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = st.Wait()
	p.post(ann, "a", "", "the disk is well again")
	p.kill()
	p.start()
	if got := p.page("thread=a&view=flat"); len(got.Comments) != 2 || got.Thread.CommentCount != 2 {
		t.Errorf("after all that %d comments, counted %d", len(got.Comments), got.Thread.CommentCount)
	}
}
