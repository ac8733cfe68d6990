package systemtest

import (
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
	if n < killCycles {
		t.Errorf("only %d posts were acknowledged: the test shows nothing", n)
	}
	t.Logf("%d kills, %d acknowledged posts, %d in the thread", killCycles, n, len(have))
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
