package systemtest

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

// admin is a program with every power on the site "news".
func (p *program) admin() string {
	p.t.Helper()
	p.run("user", "add", "--site", "news", "--email", "ada@example.com", "--name", "Ada", "--password", testPassword, "--role", "admin")
	return p.login("ada@example.com")
}

const settingsPath = "/api/v1/sites/news/settings"

func TestTwoWhoChangeSettingsLoseNothing(t *testing.T) {
	p := newProgram(t)
	p.start()
	ada := p.admin()
	for round := range 10 {
		bodies := []string{fmt.Sprintf(`{"max_length":%d}`, 1000+round), fmt.Sprintf(`{"edit_window_seconds":%d}`, 100+round)}
		var wg sync.WaitGroup
		for _, body := range bodies {
			wg.Go(func() {
				if a := p.do("PATCH", settingsPath, body, "Authorization", ada); a.status != 200 {
					t.Errorf("%d %s", a.status, a.body)
				}
			})
		}
		wg.Wait()
		var got struct {
			Max  int `json:"max_length"`
			Edit int `json:"edit_window_seconds"`
		}
		p.do("GET", settingsPath, "", "Authorization", ada).into(t, &got)
		if got.Max != 1000+round || got.Edit != 100+round {
			t.Fatalf("round %d: %+v", round, got)
		}
	}
}

// What the command line changes reaches pages that are open: another process
// has written it.
func TestAPageFollowsTheCommandLine(t *testing.T) {
	p := newProgram(t)
	p.start()
	ada := p.admin()
	if a := p.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"the first"}`, "Authorization", ada); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	events := p.follow("a", "")
	next(t, events, "hello")
	p.run("site", "set", "news", "--name", "Evening News")
	next(t, events, "thread.updated")
	if a := p.do("GET", "/api/v1/sites/news/comments?thread=a", ""); !strings.Contains(string(a.body), `"name":"Evening News"`) {
		t.Errorf("the page reads %s", a.body)
	}
}

// TestAnAnswerIsRememberedWhateverChanges: the repeat of a post that went well
// is that post, also when the site would no longer take it.
func TestAnAnswerIsRememberedWhateverChanges(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann, ada := p.login("ann@example.com"), p.admin()
	body := fmt.Sprintf(`{"thread":"a","body":%q}`, strings.Repeat("long words ", 20))
	post := func() answer {
		return p.do("POST", "/api/v1/sites/news/comments", body, "Authorization", ann, "Idempotency-Key", "once")
	}
	first := post()
	if a := p.do("PATCH", settingsPath, `{"max_length":100}`, "Authorization", ada); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if again := post(); first.status != 201 || again.status != 201 || string(again.body) != string(first.body) {
		t.Errorf("first %d, again %d %s", first.status, again.status, again.body)
	}
}

func TestAThreadsPageIsTheSitesOwn(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	say := func(url string) string {
		b, _ := json.Marshal(map[string]string{"thread": "a", "url": url, "title": "", "body": "words"})
		if a := p.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", ann); a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		var got struct{ Thread struct{ URL string } }
		p.do("GET", "/api/v1/sites/news/comments?thread=a", "").into(t, &got)
		return got.Thread.URL
	}
	if got := say("https://evil.example/x"); got != "" {
		t.Errorf("a foreign address was taken: %s", got)
	}
	if got := say(testOrigin + "/a?b=c#top"); got != testOrigin+"/a?b=c" {
		t.Errorf("a later one of the site's own: %s", got)
	}
	if got := say(testOrigin + "/other"); got != testOrigin+"/a?b=c" {
		t.Errorf("and then it stays: %s", got)
	}
}

func TestASitesOwnExportAddsNothing(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	root := p.post(ann, "a", "", "the root")
	p.post(ann, "a", root.ID, "a reply")
	file := t.TempDir() + "/own.jsonl"
	if err := os.WriteFile(file, []byte(p.run("export", "--site", "news")), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--dry-run"}, {}} {
		r := p.imported(append([]string{"--site", "news", "--format", "parley", file}, args...)...)
		if r.Threads+r.Comments+r.People != 0 {
			t.Errorf("%v: %+v", args, r)
		}
	}
	if n := p.page("thread=a").Thread.CommentCount; n != 2 {
		t.Errorf("%d comments", n)
	}
}

func TestReadOnlyTakesNoVoteAndNoEdit(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann, ada := p.login("ann@example.com"), p.admin()
	c := p.post(ann, "a", "", "words")
	var page struct{ Thread struct{ ID string } }
	p.do("GET", "/api/v1/sites/news/comments?thread=a", "").into(t, &page)
	if a := p.do("PATCH", "/api/v1/sites/news/moderation/threads/"+page.Thread.ID, `{"state":"read_only"}`, "Authorization", ada); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.do("PUT", "/api/v1/comments/"+c.ID+"/vote", `{"value":1}`, "Authorization", ada); a.status != 409 {
		t.Errorf("a vote: %d %s", a.status, a.body)
	}
	if a := p.do("PATCH", "/api/v1/comments/"+c.ID, `{"body":"other words"}`, "Authorization", ann); a.status != 409 || !strings.Contains(string(a.body), `"code":"thread_closed"`) {
		t.Errorf("its author edits: %d %s", a.status, a.body)
	}
	if a := p.do("PATCH", "/api/v1/comments/"+c.ID, `{"body":"w****"}`, "Authorization", ada); a.status != 200 {
		t.Errorf("a moderator edits: %d %s", a.status, a.body)
	}
	if a := p.do("DELETE", "/api/v1/comments/"+c.ID, "", "Authorization", ann); a.status != 204 {
		t.Errorf("its author deletes: %d %s", a.status, a.body)
	}
}

// TestARestoreSetsAnOldLogAside: the log of a database that is gone is not
// played into the one that takes its place.
func TestARestoreSetsAnOldLogAside(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "kept")
	copied := t.TempDir() + "/copy.db"
	p.run("backup", copied)
	if info, err := os.Stat(copied); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the backup can be read by others: %v %v", info.Mode(), err)
	}
	for range 20 {
		p.post(ann, "a", "", strings.Repeat("more words ", 100))
	}
	p.kill()
	if _, err := os.Stat(p.database + "-wal"); err != nil {
		t.Fatal("there is no log to be in the way: ", err)
	}
	if err := os.Rename(p.database, p.database+".broken"); err != nil {
		t.Fatal(err)
	}
	p.run("restore", copied)
	p.start()
	if got := p.page("thread=a&view=flat"); len(got.Comments) != 1 {
		t.Errorf("%d comments, want the 1 of the backup", len(got.Comments))
	}
}

// TestWhatModeratorsDoInThePageIsAudited: an edit or deletion of another
// person's comment stands in the log like a decision of the dashboard.
func TestWhatModeratorsDoInThePageIsAudited(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann, ada := p.login("ann@example.com"), p.admin()
	c := p.post(ann, "a", "", "some words")
	if a := p.do("PATCH", "/api/v1/comments/"+c.ID, `{"body":"other words"}`, "Authorization", ada); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.do("DELETE", "/api/v1/comments/"+c.ID, "", "Authorization", ada); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a := p.do("GET", "/api/v1/sites/news/moderation/audit", "", "Authorization", ada)
	for _, want := range []string{`"edit"`, `"delete"`, "other words"} {
		if !strings.Contains(string(a.body), want) {
			t.Errorf("the log does not hold %s: %s", want, a.body)
		}
	}
	if a := p.do("POST", "/api/v1/comments/"+c.ID+"/restore", "", "Authorization", ann); a.status != 409 {
		t.Errorf("its author takes a moderator's deletion back: %d", a.status)
	}
}
