package systemtest

import (
	"fmt"
	"strings"
	"testing"
)

// TestThreadIsNamedByWhatIsPublic: what a stranger says of a page stands
// nowhere until something of theirs is public there, and no longer than that.
func TestThreadIsNamedByWhatIsPublic(t *testing.T) {
	d := newDesk(t)
	n := 0
	write := func(who, thread, title, url string) string {
		t.Helper()
		n++
		a := d.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":%q,"title":%q,"url":%q,"body":"some words, number %d"}`, thread, title, url, n), "Authorization", who)
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		var out struct{ Comment comment }
		a.into(t, &out)
		return out.Comment.ID
	}
	decide := func(action, id string) {
		t.Helper()
		out := d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":%q}]`, id, action))
		if !out.Results[0].OK {
			t.Fatalf("%s: %v", action, *out.Results[0].Error)
		}
	}
	named := func(when, thread, title, url string) {
		t.Helper()
		var got struct {
			Thread *struct{ Title, URL string }
		}
		d.do("GET", "/api/v1/sites/news/comments?thread="+thread, "").into(t, &got)
		if got.Thread == nil && title == "" {
			return
		}
		if got.Thread == nil || got.Thread.Title != title || got.Thread.URL != url {
			t.Errorf("%s: the thread is %+v, want %q at %q", when, got.Thread, title, url)
		}
	}
	nowhere := func(when, thread, word string) {
		t.Helper()
		for _, path := range []string{
			"/api/v1/sites/news/comments?thread=" + thread, "/p/news?thread=" + thread, "/feeds/news.atom?thread=" + thread, "/feeds/news.json?thread=" + thread,
			"/api/v1/sites/news/latest", "/feeds/news.atom", "/feeds/news.json",
		} {
			if a := d.do("GET", path, ""); strings.Contains(string(a.body), word) {
				t.Errorf("%s: %s says %q", when, path, word)
			}
		}
	}
	page := testOrigin + "/page"

	// Who follows says nothing, banned or not.
	id := write(d.bo, "elsewhere", "T", page)
	if a := d.act(d.mo, d.authorOf(t, id), "ban", `{"reason":"spam"}`); a.status >= 300 {
		t.Fatalf("ban: %d %s", a.status, a.body)
	}
	for _, who := range []string{d.bo, d.ann} {
		if a := d.do("PUT", "/api/v1/sites/news/follow?thread=future", fmt.Sprintf(`{"title":"Buy pills","url":%q}`, page+"?pills"), "Authorization", who); a.status != 204 {
			t.Fatalf("follow: %d %s", a.status, a.body)
		}
	}
	nowhere("after a follow", "future", "ills")
	write(d.ann, "future", "The future", page)
	named("the first honest page", "future", "The future", page)

	// A held first comment: named when it is approved, not before.
	d.settings(t, map[string]any{"mode": "all"})
	held := write(d.ann, "held", "Held title", page+"?held")
	nowhere("while it waits", "held", "eld title")
	if a := d.do("GET", "/api/v1/sites/news/moderation/queue?state=pending", "", "Authorization", d.mo); !strings.Contains(string(a.body), "Held title") {
		t.Error("the moderators are not told where a waiting comment stands")
	}
	other := write(d.ann, "held", "Other title", page)
	decide("approve", other)
	named("the approved one's", "held", "Other title", page)
	decide("reject", held)
	named("after a rejection", "held", "Other title", page)

	// One that was public and is taken away takes its word with it.
	d.settings(t, map[string]any{"mode": "publish"})
	first := write(d.ann, "taken", "Casino", page+"?casino")
	named("published", "taken", "Casino", page+"?casino")
	decide("spam", first)
	nowhere("after spam", "taken", "asino")
	decide("approve", first)
	named("approved after all", "taken", "Casino", page+"?casino")
	write(d.ann, "taken", "An honest title", page)
	named("the first one's word stands", "taken", "Casino", page+"?casino")
	decide("spam", first)
	named("the next one's word takes its place", "taken", "An honest title", page)

	// Its author takes it away.
	mine := write(d.ann, "mine", "Mine", page)
	if a := d.do("DELETE", "/api/v1/comments/"+mine, "", "Authorization", d.ann); a.status != 204 {
		t.Fatal(a.status)
	}
	nowhere("after its author deleted it", "mine", "Mine")

	// A page that is not the site's has no word; a moderator's is the last.
	write(d.ad, "foreign", "Foreign", "https://evil.example/x")
	named("a foreign page", "foreign", "", "")
	write(d.ad, "foreign", "Ours", page)
	named("ours", "foreign", "Ours", page)
	var list struct{ Threads []struct{ ID, Key string } }
	d.do("GET", "/api/v1/sites/news/moderation/threads", "", "Authorization", d.mo).into(t, &list)
	for _, th := range list.Threads {
		if th.Key == "foreign" {
			if a := d.do("PATCH", "/api/v1/sites/news/moderation/threads/"+th.ID, `{"title":"By the desk"}`, "Authorization", d.mo); a.status != 200 {
				t.Fatalf("%d %s", a.status, a.body)
			}
		}
	}
	named("by a moderator", "foreign", "By the desk", page)
	write(d.ad, "foreign", "Another", page+"?2")
	named("and nobody after", "foreign", "By the desk", page)

	// A vote, a read, a live socket make no thread and name none.
	d.do("GET", "/api/v1/sites/news/comments?thread=unread&title=Sneaky&url="+page, "")
	nowhere("after a read", "unread", "neaky")
}

// authorOf is the id of who wrote a comment.
func (d *desk) authorOf(t *testing.T, id string) string {
	t.Helper()
	var out struct {
		Comment struct{ Author struct{ ID string } }
	}
	d.do("GET", "/api/v1/comments/"+id, "").into(t, &out)
	return out.Comment.Author.ID
}
