package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/fetch"
)

// A page is fetched once about a thread, however many ask, and again only after
// a while, also where it said no; and it is told who asks.
func TestAPageIsAskedOnceInAWhile(t *testing.T) {
	s := Settings{Version: "1.2", PublicURL: "https://comments.example.com"}
	var asked atomic.Int32
	var tag atomic.Value
	tag.Store("")
	page := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		if got := r.Header.Get("User-Agent"); got != "Parley/1.2 (+https://comments.example.com)" {
			t.Errorf("asked by %q", got)
		}
		_, _ = w.Write([]byte("<!doctype html><body>" + tag.Load().(string)))
	}))
	defer page.Close()
	now := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	p := pageAnswers{client: &http.Client{Transport: fetch.As(s.Agent(), http.DefaultTransport)}, now: func() time.Time { return now }}
	site := discuss.Site{ID: 1, Key: "news"}
	ask := func(key string) bool {
		t.Helper()
		yes, err := p.carries(context.Background(), site, key, page.URL)
		if err != nil {
			t.Fatal(err)
		}
		return yes
	}
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if ask("a") {
				t.Error("there is no tag")
			}
		})
	}
	all.Wait()
	tag.Store(`<parley-comments site="news" thread="a"></parley-comments>`)
	now = now.Add(pageRest - time.Second)
	if ask("a") || asked.Load() != 1 {
		t.Errorf("asked %d times", asked.Load())
	}
	now = now.Add(time.Second)
	for range 2 {
		if !ask("a") {
			t.Error("the tag is there")
		}
	}
	if ask("b") || asked.Load() != 3 {
		t.Errorf("asked %d times, of them one about another thread", asked.Load())
	}
}
