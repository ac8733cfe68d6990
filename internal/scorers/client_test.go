package scorers_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/notify"
	"parley/internal/scorers"
	"parley/internal/store"
)

// clock stands still until a test turns it.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.at }

func (c *clock) turn(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.at = c.at.Add(d) }

// hook is a site's own service over real HTTP.
type hook struct {
	*httptest.Server
	mu     sync.Mutex
	asked  int
	answer http.HandlerFunc
}

func newHook(t *testing.T, answer http.HandlerFunc) *hook {
	t.Helper()
	h := &hook{answer: answer}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		h.mu.Lock()
		h.asked++
		answer := h.answer
		h.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(h.Close)
	t.Cleanup(h.CloseClientConnections)
	return h
}

func (h *hook) set(answer http.HandlerFunc) { h.mu.Lock(); defer h.mu.Unlock(); h.answer = answer }

func (h *hook) times() int { h.mu.Lock(); defer h.mu.Unlock(); return h.asked }

func says(verdict string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintf(w, `{"verdict":%q}`, verdict) }
}

func fails(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) }

func hangs(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// house is a real store with what asks on its behalf.
type house struct {
	t     *testing.T
	clock *clock
	db    *store.Store
	verbs *discuss.Service
	ask   *scorers.Client
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, clock: &clock{at: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)}}
	var err error
	if h.db, err = store.Open(filepath.Join(t.TempDir(), "p.db"), store.Options{Now: h.clock.now}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.db.Close() })
	same := func(v string) (string, error) { return v, nil }
	h.verbs = &discuss.Service{Store: h.db, Text: discuss.Text{
		Clean: same, Name: same, Skeleton: func(v string) string { return v },
		Render: func(_ context.Context, v string) (string, error) { return v, nil },
	}}
	h.ask = &scorers.Client{Store: h.db, Service: h.verbs, Client: &http.Client{}, Now: h.clock.now}
	return h
}

func (h *house) site(key, address string, closed bool) discuss.Site {
	h.t.Helper()
	s := discuss.DefaultSettings()
	s.Moderation.HookURL, s.Moderation.HookSecret, s.Moderation.HookClosed, s.Moderation.HookSeconds = address, "s3cret", closed, 30
	site, err := h.db.PutSite(context.Background(), discuss.Site{Key: key, Name: key, Origins: []string{"https://" + key + ".example"}, Settings: s})
	if err != nil {
		h.t.Fatal(err)
	}
	return site
}

// post puts a comment on a site and owes its question.
func (h *house) post(site discuss.Site, body string) discuss.ID {
	h.t.Helper()
	var id discuss.ID
	if err := h.db.Write(context.Background(), func(r discuss.Reader) (ch discuss.Changes, err error) {
		th := discuss.Thread{ID: r.NextID(), SiteID: site.ID, Key: body, URL: "https://" + site.Key + ".example/", State: discuss.Open, Created: r.Now()}
		who, err := r.Guest(site.ID, "Gull", "")
		if errors.Is(err, discuss.ErrNotFound) {
			who, err = discuss.Author{ID: r.NextID(), SiteID: site.ID, Name: "Gull", Role: discuss.Member, Guest: true}, nil
			ch.Add(discuss.NewGuest{Author: who})
		}
		id = r.NextID()
		c := discuss.Comment{ID: id, SiteID: site.ID, ThreadID: th.ID, Root: id, Author: who, Body: body, HTML: body, Status: discuss.Published, Created: r.Now()}
		ch.Add(
			discuss.NewThread{Thread: th}, discuss.NewComment{Comment: c},
			discuss.Job{ID: r.NextID(), Site: site.ID, Task: discuss.AskService{Comment: id, Service: "hook"}},
		)
		return ch, err
	}); err != nil {
		h.t.Fatal(err)
	}
	return id
}

func (h *house) status(id discuss.ID) discuss.Status {
	h.t.Helper()
	c, err := h.db.CommentByID(context.Background(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	return c.Status
}

// put asks once about a comment, as the worker does at its nth attempt.
func (h *house) put(site discuss.Site, id discuss.ID, attempt int) error {
	return h.ask.Ask(context.Background(), fmt.Sprintf(`{"key":%d,"site":%d,"text":"hook"}`, id, site.ID), attempt)
}

// details are what the trace of a comment says.
func (h *house) details(id discuss.ID) (out []string) {
	h.t.Helper()
	if err := h.db.Write(context.Background(), func(r discuss.Reader) (discuss.Changes, error) {
		trace, _, err := r.Judged(id)
		out = nil
		for _, f := range trace.Findings {
			out = append(out, f.Check+" "+f.Detail)
		}
		return nil, err
	}); err != nil {
		h.t.Fatal(err)
	}
	return out
}

func (h *house) eventually(what string, ok func() bool) {
	h.t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatal("never: " + what)
		}
	}
}

// A hook that hangs, with far more questions before it than there are places,
// holds up neither the mail nor another site's questions.
func TestAHookThatHangsHoldsUpItsOwnSiteOnly(t *testing.T) {
	h := newHouse(t)
	stuck, quick := newHook(t, hangs), newHook(t, says("hold"))
	bad, good := h.site("bad", stuck.URL, false), h.site("good", quick.URL, false)
	for i := range 50 {
		h.post(bad, fmt.Sprint("before the hook that hangs ", i))
	}
	ctx, stop := context.WithCancel(context.Background())
	var sent sync.Map
	texts, err := i18n.Load(os.DirFS("../../static/i18n"))
	if err != nil {
		t.Fatal(err)
	}
	mail := notify.Worker{Jobs: h.db, Now: h.clock.now, Texts: texts, Send: func(_ context.Context, m notify.Message) error { sent.Store(m.To, true); return nil }}
	asker := notify.ScorerWorker{ScoringRequests: h.db, Now: h.clock.now, Ask: func(ctx context.Context, j notify.Job) error { return h.ask.Ask(ctx, j.Payload, j.Attempts) }}
	var running sync.WaitGroup
	running.Go(func() { asker.Run(ctx) })
	h.eventually("the hook hangs", func() bool { return stuck.times() > 0 })

	ids := []discuss.ID{h.post(good, "first"), h.post(good, "second")}
	if err := h.db.PutTicket(ctx, nil, auth.Ticket{}, &auth.Mail{Template: "exists", To: "ann@example.com", Site: "News"}); err != nil {
		t.Fatal(err)
	}
	running.Go(func() { mail.Run(ctx) })
	h.eventually("the mail leaves", func() bool { _, ok := sent.Load("ann@example.com"); return ok })
	h.eventually("the other site's hook holds", func() bool { return h.status(ids[0]) == discuss.Pending && h.status(ids[1]) == discuss.Pending })
	if n := stuck.times(); n > 4 {
		t.Errorf("%d questions of one site are out at once", n)
	}
	stop()
	running.Wait()
}

// A service that fails again and again is left alone, each time for longer,
// and asked like any other from its first answer on.
func TestAServiceThatFailsIsLeftAlone(t *testing.T) {
	h := newHouse(t)
	service := newHook(t, fails)
	site := h.site("news", service.URL, true)
	for i := range 5 {
		if err := h.put(site, h.post(site, fmt.Sprint("failing ", i)), 1); err == nil {
			t.Fatal("a failed question is not put again")
		}
	}
	rests := func(name string) {
		t.Helper()
		before, id := service.times(), h.post(site, name)
		if err := h.put(site, id, 1); err != nil {
			t.Errorf("%s: it is to be asked again: %v", name, err)
		}
		if n := service.times(); n != before {
			t.Errorf("%s: it was asked", name)
		}
		if s := h.status(id); s != discuss.Pending {
			t.Errorf("%s: a hook that fails closed holds while it rests: %s", name, s)
		}
	}
	tried := func(name string, fine bool) {
		t.Helper()
		before := service.times()
		if err := h.put(site, h.post(site, name), 1); (err == nil) != fine {
			t.Errorf("%s: %v", name, err)
		}
		if n := service.times(); n != before+1 {
			t.Errorf("%s: it was not asked", name)
		}
	}
	rests("at once")
	h.clock.turn(31 * time.Second)
	tried("after the first rest", false)
	rests("it failed again")
	h.clock.turn(31 * time.Second)
	rests("the second rest is longer")
	h.clock.turn(30 * time.Second)
	service.set(says("publish"))
	tried("after the second rest", true)
	tried("it answers again", true)
	service.set(fails)
	tried("one failure is not five", false)
	service.set(says("publish"))
	tried("so it is asked", true)
}

// One failure is not the last word: the question is put again, a few times. A
// comment that was held meanwhile stays held.
func TestAQuestionIsPutAgain(t *testing.T) {
	h := newHouse(t)
	service := newHook(t, fails)
	open, closed := h.site("open", service.URL, false), h.site("closed", service.URL, true)
	later, held := h.post(open, "a remark"), h.post(closed, "another remark")
	for _, p := range []struct {
		site discuss.Site
		id   discuss.ID
		want discuss.Status
	}{{open, later, discuss.Published}, {closed, held, discuss.Pending}} {
		service.set(fails)
		if err := h.put(p.site, p.id, 1); err == nil {
			t.Fatal("a failed question is not put again")
		}
		if s := h.status(p.id); s != p.want {
			t.Errorf("%s after the failure: %s", p.site.Key, s)
		}
		if got := h.details(p.id); !slices.Equal(got, []string{"hook no answer"}) {
			t.Errorf("%s after the failure: %q", p.site.Key, got)
		}
	}
	service.set(says("publish"))
	if err := h.put(closed, held, 2); err != nil {
		t.Fatal(err)
	}
	if s := h.status(held); s != discuss.Pending {
		t.Errorf("a late answer brought it into view: %s", s)
	}
	if got := h.details(held); !slices.Equal(got, []string{"hook publish"}) {
		t.Errorf("the answer does not stand where none stood: %q", got)
	}
	service.set(says("spam"))
	if err := h.put(open, later, 3); err != nil {
		t.Fatal(err)
	}
	if s := h.status(later); s != discuss.Spam {
		t.Errorf("the late answer was not heard: %s", s)
	}
	service.set(fails)
	if err := h.put(open, h.post(open, "a last remark"), scorers.Tries); err != nil {
		t.Errorf("it is asked for ever: %v", err)
	}
}
