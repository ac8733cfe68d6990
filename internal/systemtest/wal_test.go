package systemtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/store"
)

const walPosts = 3000

// TestLogUnderLoad watches the write-ahead log of a running server while 16
// people post and copies and exports of its database are made. Then it is
// killed in the middle and has to be back soon.
func TestLogUnderLoad(t *testing.T) {
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_RATE_LIMITS=off")
	p.start()
	ann := p.login("ann@example.com")
	var largest, posted atomic.Int64
	size := func() int64 {
		fi, err := os.Stat(p.database + "-wal")
		if err != nil {
			return 0 // between a start and the first write
		}
		return fi.Size()
	}
	stop := make(chan struct{})
	var watcher, writers sync.WaitGroup
	watcher.Go(func() {
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
				largest.Store(max(largest.Load(), size()))
			}
		}
	})
	text := strings.Repeat("words and more words ", 130)
	for w := range 16 {
		writers.Go(func() {
			for i := 0; posted.Add(1) <= walPosts; i++ {
				b, _ := json.Marshal(map[string]string{"thread": fmt.Sprint("t", i%20), "body": fmt.Sprint(w, " ", i, " ", text)})
				if a := p.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", ann); a.status != 201 {
					t.Errorf("%d %s", a.status, a.body)
					return
				}
			}
		})
	}
	dir := t.TempDir()
	for i := 0; posted.Load() < walPosts; i++ {
		p.run("backup", filepath.Join(dir, fmt.Sprintf("b%d.db", i)))
		p.run("export", "--site", "news", "--out", filepath.Join(dir, fmt.Sprintf("e%d.jsonl", i)))
	}
	writers.Wait()
	p.kill()
	began := time.Now()
	p.start()
	t.Logf("at most %d MB under load; ready %v after a kill", largest.Load()>>20, time.Since(began).Round(time.Millisecond))
	close(stop)
	watcher.Wait()
	if n := largest.Load(); n > store.WALLimit {
		t.Errorf("the log grew to %d bytes", n)
	}
	for deadline := time.Now().Add(time.Minute); size() > 8<<20; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("a minute after the load the log is %d bytes long", size())
		}
	}
}
