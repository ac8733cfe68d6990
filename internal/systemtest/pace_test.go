package systemtest

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"testing"
)

// Thirty names at one address are one guest: beyond a handful they write one
// comment a minute. Whoever signs in, or sits elsewhere, waits for nobody.
func TestGuestsOfOneAddressHaveAPace(t *testing.T) {
	p := limited(t)
	p.run("site", "set", "news", "--guests")
	p.start()
	post := func(ip, name, key string) answer {
		return p.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"a","body":"as %s","guest":{"name":%q}}`, name, name),
			"Origin", testOrigin, "X-Parley", "1", "X-Forwarded-For", ip, "Idempotency-Key", key)
	}
	taken := 0
	for i := range 20 {
		a := post("198.51.100.7", fmt.Sprintf("Passer-by %c", 'a'+i), fmt.Sprint("k", i))
		switch {
		case a.status == 201:
			taken++
		case a.status != 429 || !strings.Contains(string(a.body), `"code":"guests"`) || a.header.Get("Retry-After") == "":
			t.Errorf("guest %d: %d %s, Retry-After %q", i, a.status, a.body, a.header.Get("Retry-After"))
		}
	}
	if taken != 5 {
		t.Errorf("%d of 20 guests at one address have posted at once, want 5", taken)
	}
	if a := post("198.51.100.8", "Elsewhere", "e"); a.status != 201 {
		t.Errorf("a guest at another address: %d %s", a.status, a.body)
	}
	ann := p.login("ann@example.com")
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"signed in"}`, "Authorization", ann, "X-Forwarded-For", "198.51.100.7"); a.status != 201 {
		t.Errorf("a member at that address: %d %s", a.status, a.body)
	}
	b := p.browser()
	form := url.Values{"name": {"By Form"}, "body": {"typed without a script"}, "key": {"f"}}
	a := b.send("POST", "/p/news?thread=a", form.Encode(), "Content-Type", "application/x-www-form-urlencoded", "X-Forwarded-For", "198.51.100.7")
	if a.status != 429 || !strings.Contains(string(a.body), "typed without a script") || !strings.Contains(string(a.body), "sign in and post") {
		t.Errorf("by the form: %d, and what was typed stands there: %v", a.status, strings.Contains(string(a.body), "typed without a script"))
	}
}

// What was spent of the budgets that guard the ways in is spent after a restart
// too.
func TestABudgetOutlivesARestart(t *testing.T) {
	p := limited(t)
	p.start()
	guess := func() int {
		return p.do("POST", "/api/v1/sites/news/login", `{"email":"ann@example.com","password":"guess","session":"token"}`, "X-Forwarded-For", "198.51.100.7").status
	}
	for range 5 {
		if got := guess(); got != 401 {
			t.Fatalf("a wrong guess: %d", got)
		}
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = p.cmd.Wait()
	p.cmd = nil
	p.start()
	if got := guess(); got != http.StatusTooManyRequests {
		t.Errorf("the sixth guess, after a restart: %d, want 429", got)
	}
}

// A thread as HTML is kept until the thread changes, in each language, and the
// answer to who takes a report of a hidden comment back is that of one that is
// not there.
func TestRenderedThreadsAreKeptUntilTheyChange(t *testing.T) {
	p := newProgram(t)
	p.run("user", "role", "ann@example.com", "moderator", "--site", "news")
	p.start()
	ann := p.login("ann@example.com")
	get := func(query string, header ...string) answer { return p.do("GET", "/render/news?"+query, "", header...) }
	if a := get("thread=k"); a.status != 200 {
		t.Fatalf("an unknown thread: %d", a.status)
	}
	first := p.post(ann, "k", "", "the first words")
	a := get("thread=k")
	if !strings.Contains(string(a.body), "the first words") {
		t.Error("a thread that was born is still unknown")
	}
	if b := get("thread=k", "If-None-Match", a.header.Get("ETag")); b.status != http.StatusNotModified {
		t.Errorf("the same again: %d", b.status)
	}
	if ru := get("thread=k", "Accept-Language", "ru"); string(ru.body) == string(a.body) || !strings.Contains(strings.Join(ru.header.Values("Vary"), ","), "Accept-Language") {
		t.Error("Russian readers are given English")
	}
	p.post(ann, "k", first.ID, "an answer to it")
	if under := get("thread=k&under=" + first.ID); !strings.Contains(string(under.body), "an answer to it") {
		t.Error("the answer does not stand below what it answers")
	}
	p.post(ann, "k", first.ID, "a second answer")
	for _, query := range []string{"thread=k", "thread=k&under=" + first.ID} {
		if a := get(query); !strings.Contains(string(a.body), "a second answer") {
			t.Errorf("%s is old", query)
		}
	}
	feed := func() string { return string(p.do("GET", "/feeds/news.atom?thread=k", "").body) }
	if !strings.Contains(feed(), "a second answer") {
		t.Error("the feed is old")
	}
	decided := p.do("POST", "/api/v1/sites/news/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"reject"}]`, first.ID), "Authorization", ann)
	if decided.status != 200 {
		t.Fatalf("reject: %d %s", decided.status, decided.body)
	}
	if strings.Contains(feed(), "the first words") || strings.Contains(string(get("thread=k").body), "the first words") {
		t.Error("what was removed is still shown")
	}
	hidden := p.do("DELETE", "/api/v1/comments/"+first.ID+"/reports", "", "Authorization", ann)
	none := p.do("DELETE", "/api/v1/comments/1/reports", "", "Authorization", ann)
	if hidden.status != none.status || string(hidden.body) != string(none.body) {
		t.Errorf("a report of a hidden comment taken back: %d %s; of none: %d %s", hidden.status, hidden.body, none.status, none.body)
	}
}
