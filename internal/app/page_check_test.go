package app

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/discuss"
)

// knownKeys is a store that knows threads by their keys, and nothing else.
type knownKeys struct {
	discuss.Store
	list []discuss.Thread
}

func (k knownKeys) ThreadByKey(_ context.Context, _ discuss.ID, key string) (discuss.Thread, error) {
	for _, th := range k.list {
		if th.Key == key {
			return th, nil
		}
	}
	return discuss.Thread{}, discuss.ErrNotFound
}

func (k knownKeys) ThreadsByAge(context.Context, discuss.RemapQuery) ([]discuss.Thread, error) {
	return k.list, nil
}

// asked is a site that a check asks, and what it was asked.
func asked(t *testing.T) (site discuss.Site, at string, lines func() []string) {
	t.Helper()
	var mu sync.Mutex
	var log []string
	mux := http.NewServeMux()
	mux.HandleFunc("/fine", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) })
	mux.HandleFunc("/nohead", func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodHead {
			w.WriteHeader(http.StatusMethodNotAllowed)
		}
	})
	for from, to := range map[string]string{
		"/old": "/new", "/a": "/b", "/b": "/fine", "/lost": "/", "/away": "https://else.example/x", "/round": "/round2", "/round2": "/round", "/self": "/self",
	} {
		mux.Handle(from, http.RedirectHandler(to, http.StatusMovedPermanently))
	}
	mux.HandleFunc("/new", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		log = append(log, r.Method+" "+r.URL.Path+" "+r.Header.Get("User-Agent"))
		mu.Unlock()
		if r.URL.Path == "/" {
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.Close)
	return discuss.Site{ID: 1, Origins: []string{s.URL}}, s.URL, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(log)
	}
}

func TestPagesAreAsked(t *testing.T) {
	site, at, lines := asked(t)
	var list []discuss.Thread
	for i, path := range []string{"/fine", "/gone", "/nohead", "/old", "/a", "/lost", "/away", "/round", "/self", "/broken", "/missing"} {
		list = append(list, discuss.Thread{ID: discuss.ID(i + 1), SiteID: 1, Key: at + path, Count: i})
	}
	list = append(list,
		discuss.Thread{ID: 20, SiteID: 1, Key: "article-1", URL: at + "/old"},
		discuss.Thread{ID: 21, SiteID: 1, Key: "https://foreign.example/x"}, discuss.Thread{ID: 22, SiteID: 1, Key: "article-2"})
	verbs := &discuss.Service{Store: knownKeys{list: list}}
	var waited []time.Duration
	clock := time.Now()
	a := (&Settings{PublicURL: "https://comments.example", Version: "9", OutsideNets: "public"}).pageAsker(verbs)
	a.now = func() time.Time { return clock }
	a.pause = func(_ context.Context, d time.Duration) { waited, clock = append(waited, d), clock.Add(d) }
	ask, unasked, cut, err := verbs.PagesToAsk(context.Background(), site)
	if err != nil || unasked != 2 || cut || len(ask) != len(list)-2 {
		t.Fatal(len(ask), unasked, cut, err)
	}
	got := map[string]discuss.CheckedPage{}
	if err := a.check(context.Background(), site, ask, func(_ int, p *discuss.CheckedPage) {
		if p != nil {
			got[strings.TrimPrefix(p.Key, at)] = *p
		}
	}); err != nil {
		t.Fatal(err)
	}
	want := map[string]discuss.CheckedPage{
		"/gone":     {Answer: discuss.PageGone, Status: 410},
		"/missing":  {Answer: discuss.PageGone, Status: 404},
		"/old":      {Answer: discuss.PageMoved, Status: 200, To: at + "/new", NewKey: at + "/new"},
		"/a":        {Answer: discuss.PageMoved, Status: 200, To: at + "/fine", NewKey: at + "/fine", Into: 1},
		"/lost":     {Answer: discuss.PageElsewhere, Status: 200, To: at + "/"},
		"/away":     {Answer: discuss.PageElsewhere, Status: 301, To: "https://else.example/x"},
		"/round":    {Answer: discuss.PageFailed, Status: 301},
		"/broken":   {Answer: discuss.PageFailed, Status: 502},
		"article-1": {Answer: discuss.PageMoved, Status: 200, To: at + "/new"},
	}
	for key, w := range want {
		p, ok := got[key]
		if !ok || p.Answer != w.Answer || p.Status != w.Status || p.To != w.To || p.NewKey != w.NewKey || p.Into != w.Into {
			t.Errorf("%s: %+v, want %+v", key, p, w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d pages are told of, want %d: %v", len(got), len(want), got)
	}
	asks := lines()
	if len(waited) != len(asks)-1 {
		t.Errorf("%d requests, and waited %d times", len(asks), len(waited))
	}
	for _, d := range waited {
		if d != pagePace {
			t.Errorf("waited %v between two", d)
		}
	}
	for _, line := range asks {
		if !strings.HasSuffix(line, "Parley/9 (+https://comments.example)") {
			t.Error("who asks is not said:", line)
		}
	}
	if asks[0] != "HEAD /fine Parley/9 (+https://comments.example)" || slices.Contains(asks, strings.Replace(asks[0], "HEAD", "GET", 1)) {
		t.Error("a page that answers was asked for all of it")
	}
}

// A name is reached where the public internet says it is; an address of the
// server's own network only as one of the site's origins, and no redirect leads
// to another.
func TestPagesOfOtherNetworksAreNotAsked(t *testing.T) {
	site, at, lines := asked(t)
	named := strings.Replace(at, "127.0.0.1", "localhost.news.example", 1)
	a := (&Settings{PublicURL: "https://comments.example", OutsideNets: "public"}).pageAsker(&discuss.Service{Store: knownKeys{}})
	a.pause = func(context.Context, time.Duration) {}
	for what, p := range map[string]discuss.CheckedPage{
		"a name":             {Page: named + "/fine"},
		"another's redirect": {Page: at + "/away"},
	} {
		before := len(lines())
		if err := a.ask(context.Background(), discuss.Site{Origins: append(site.Origins, named)}, &p); err != nil || p.Answer == "" {
			t.Errorf("%s: %+v, %v", what, p, err)
		}
		if n := len(lines()) - before; n > 1 {
			t.Errorf("%s: asked %d times", what, n)
		}
	}
	off := (&Settings{PublicURL: "https://comments.example", OutsideNets: "public"}).pageAsker(nil)
	if _, to := off.once(context.Background(), http.MethodHead, "http://192.0.2.1:1/x"); to != "" {
		t.Error("reached", to)
	}
}

// A check that a moderator has begun goes on by itself, ends with what it found,
// and can be stopped.
func TestAPageCheckRuns(t *testing.T) {
	site, at, _ := asked(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var run sync.WaitGroup
	hold := make(chan struct{})
	verbs := &discuss.Service{Store: knownKeys{list: []discuss.Thread{{ID: 1, Key: at + "/gone"}, {ID: 2, Key: at + "/fine"}}}}
	c := &pageChecks{verbs: verbs, now: time.Now, ctx: ctx, run: &run, asker: func() *pageAsker {
		a := (&Settings{OutsideNets: "public"}).pageAsker(verbs)
		a.pause = func(ctx context.Context, _ time.Duration) {
			select {
			case <-hold:
			case <-ctx.Done():
			}
		}
		return a
	}}
	c.Start(site)
	c.Start(site) // one that runs goes on
	if !c.State(site.ID).Running {
		t.Error("it does not run")
	}
	c.Stop(site.ID)
	run.Wait()
	if at := c.State(site.ID); at.Running || !at.Stopped {
		t.Errorf("stopped, it is %+v", at)
	}
	close(hold)
	c.Start(site)
	run.Wait()
	if at := c.State(site.ID); at.Running || at.Stopped || at.Done != 2 || at.Total != 2 || len(at.Rows) != 1 || at.Rows[0].Answer != discuss.PageGone {
		t.Errorf("it ended as %+v", at)
	}
	if at := c.State(7); !at.Began.IsZero() {
		t.Error("another site has one")
	}
}
