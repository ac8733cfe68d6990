package systemtest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// reactedPage is a page as far as reactions, pins and picks go.
type reactedPage struct {
	Site struct {
		Votes     string
		Reactions []string
	}
	Thread struct {
		Reactions map[string]int
		Picks     bool
	}
	Comments []struct {
		ID               string
		Pinned, Featured bool
		Reactions        map[string]int
	}
	Next *string `json:"next_cursor"`
}

func (p *program) reacted(query string) (out reactedPage) {
	p.do("GET", "/api/v1/sites/news/comments?"+query, "").into(p.t, &out)
	return out
}

func (r reactedPage) ids() (out []string) {
	for _, c := range r.Comments {
		out = append(out, c.ID)
	}
	return out
}

// until waits for what is tallied once a second.
func until(t *testing.T, what string, yes func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !yes(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal(what)
		}
	}
}

// Readers react where the site has reactions in the place of votes.
func TestReactions(t *testing.T) {
	d := newDesk(t)
	id, _ := d.write(t, d.bo, "a", "To be reacted to")
	react := func(token, id, name, on string) answer {
		return d.do("PUT", "/api/v1/comments/"+id+"/reactions/"+name, `{"on":`+on+`}`, "Authorization", token)
	}
	if a := react(d.ann, id, "agree", "true"); a.status != 422 || !strings.Contains(string(a.body), `"field":"name"`) {
		t.Fatalf("where the site has none: %d %s", a.status, a.body)
	}
	if a := d.do("PUT", "/api/v1/comments/"+id+"/vote", `{"value":1}`, "Authorization", d.ann); a.status != 200 {
		t.Fatalf("a vote: %d %s", a.status, a.body)
	}
	set := func(body string, status int, parts ...string) {
		t.Helper()
		a := d.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", d.ad)
		if a.status != status {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
		for _, s := range parts {
			if !strings.Contains(string(a.body), s) {
				t.Errorf("%s: %s lacks %s", body, a.body, s)
			}
		}
	}
	for _, bad := range []string{`["agree","agree"]`, `["like"]`, `["agree","disagree","thanks","insightful","funny","surprising","sad"]`} {
		set(`{"reactions":`+bad+`}`, 422, `"field":"reactions"`)
	}
	set(`{"reactions":["agree","funny","sad"]}`, 200)
	if got := d.reacted("thread=a"); got.Site.Votes != "off" || !reflect.DeepEqual(got.Site.Reactions, []string{"agree", "funny", "sad"}) || got.Comments[0].Reactions == nil || got.Thread.Reactions == nil {
		t.Errorf("%+v", got)
	}
	if a := d.do("PUT", "/api/v1/comments/"+id+"/vote", `{"value":1}`, "Authorization", d.mo); a.status != 422 {
		t.Errorf("a vote beside reactions: %d", a.status)
	}
	events := d.follow("a", "")
	for _, c := range []struct {
		what, token, name, on string
		status                int
		part                  string
	}{
		{"a reaction", d.ann, "agree", "true", 200, `{"agree":1}`},
		{"the same again", d.ann, "agree", "true", 200, `{"agree":1}`},
		{"a second one", d.ann, "sad", "true", 200, `{"agree":1,"sad":1}`},
		{"another person", d.mo, "agree", "true", 200, `{"agree":2,"sad":1}`},
		{"taken back", d.ann, "sad", "false", 200, `{"agree":2}`},
		{"taken back again", d.ann, "sad", "false", 200, `{"agree":2}`},
		{"one that is not offered", d.ann, "thanks", "true", 422, `"field":"name"`},
		{"one that there is not", d.ann, "x", "false", 422, `"field":"name"`},
		{"on one's own", d.bo, "agree", "true", 409, `"own_comment"`},
		{"neither on nor off", d.ann, "agree", "null", 422, `"field":"on"`},
	} {
		if a := react(c.token, id, c.name, c.on); a.status != c.status || !strings.Contains(string(a.body), c.part) {
			t.Errorf("%s: %d %s", c.what, a.status, a.body)
		}
	}
	if a := d.do("PUT", "/api/v1/comments/"+id+"/reactions/agree", `{"on":true}`, "Origin", testOrigin, "X-Parley", "1"); a.status != 401 {
		t.Errorf("a guest: %d", a.status)
	}
	until(t, "the page is never told", func() bool {
		return reflect.DeepEqual(d.reacted("thread=a").Comments[0].Reactions, map[string]int{"agree": 2})
	})
	told := 0
	for done := time.After(3 * time.Second); ; {
		select {
		case e := <-events:
			if e.Type == "comment.reactions" {
				told++
			}
			continue
		case <-done:
		}
		break
	}
	if told == 0 || told > 3 {
		t.Errorf("five acts within a second or two were told %d times", told)
	}

	// Whose comment it is hears of them in sum, once.
	until(t, "the bell says nothing", func() bool {
		var told struct {
			Notifications []struct {
				Kind  string
				Count int
			}
		}
		d.do("GET", "/api/v1/me/notifications?site=news", "", "Authorization", d.bo).into(t, &told)
		return len(told.Notifications) == 1 && told.Notifications[0].Kind == "reactions" && told.Notifications[0].Count == 2
	})

	// The page itself; its thread may have no comment yet.
	page := func(token, key, name, on string) answer {
		return d.do("PUT", "/api/v1/sites/news/reactions/"+name+"?thread="+key, `{"on":`+on+`}`, "Authorization", token)
	}
	if a := page(d.ann, "fresh", "funny", "true"); a.status != 200 || !strings.Contains(string(a.body), `{"funny":1}`) {
		t.Errorf("to a page: %d %s", a.status, a.body)
	}
	page(d.bo, "fresh", "funny", "true")
	page(d.bo, "a", "funny", "true")
	until(t, "the page's are never told", func() bool { return d.reacted("thread=fresh").Thread.Reactions["funny"] == 2 })
	var me struct {
		Reactions map[string][]string
		Page      []string `json:"page_reactions"`
	}
	d.do("GET", "/api/v1/me?site=news&thread=fresh", "", "Authorization", d.ann).into(t, &me)
	if !reflect.DeepEqual(me.Page, []string{"funny"}) || len(me.Reactions) != 0 {
		t.Errorf("%+v", me)
	}
	me.Page = nil
	d.do("GET", "/api/v1/me?site=news&thread=a", "", "Authorization", d.ann).into(t, &me)
	if !reflect.DeepEqual(me.Reactions, map[string][]string{id: {"agree"}}) || len(me.Page) != 0 {
		t.Errorf("%+v", me)
	}

	// Without them the counts are kept, and readers vote again.
	set(`{"reactions":[]}`, 200)
	if got := d.reacted("thread=a"); got.Site.Votes == "off" || len(got.Comments[0].Reactions) != 0 {
		t.Errorf("%+v", got)
	}
	if a := react(d.ann, id, "agree", "false"); a.status != 200 {
		t.Errorf("taken back when they are off: %d %s", a.status, a.body)
	}
	d.recounted(t)
}

// At most three comments stand pinned above a discussion, then the picks, then
// the others; each once, whatever the page.
func TestPinsAndPicks(t *testing.T) {
	d := newDesk(t)
	var ids []string
	for i := range 12 {
		id, _ := d.write(t, d.bo, "a", fmt.Sprintf("Comment number %d of some", i))
		ids = append(ids, id)
	}
	reply := d.post(d.ann, "a", ids[0], "An answer").ID
	decide := func(token, id, action string) string {
		a := d.do("POST", "/api/v1/sites/news/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":%q}]`, id, action), "Authorization", token)
		var out struct {
			Results []struct {
				OK    bool
				Error string
			}
			Undo string
		}
		a.into(t, &out)
		if !out.Results[0].OK {
			return out.Results[0].Error
		}
		return out.Undo
	}
	if got := decide(d.mo, reply, "pin"); !strings.Contains(got, "answers no other") && got != "reply" {
		t.Errorf("a reply is pinned: %s", got)
	}
	for _, i := range []int{3, 5, 7} {
		decide(d.mo, ids[i], "pin")
	}
	if got := decide(d.mo, ids[9], "pin"); !strings.Contains(got, "pinned") {
		t.Errorf("a fourth pin: %s", got)
	}
	decide(d.mo, ids[1], "feature")
	decide(d.mo, ids[2], "feature")
	decide(d.mo, ids[5], "feature")
	for _, sort := range []string{"best", "newest", "oldest"} {
		got := d.reacted("thread=a&limit=5&sort=" + sort)
		want := []string{ids[7], ids[5], ids[3]}
		if sort == "best" {
			want = append(want, ids[2])
		}
		if at := got.ids(); len(at) != 5 || !reflect.DeepEqual(at[:len(want)], want) {
			t.Errorf("%s: %v, want %v first", sort, at, want)
		}
		seen := map[string]int{}
		for {
			for _, id := range got.ids() {
				seen[id]++
			}
			if got.Next == nil {
				break
			}
			got = d.reacted("thread=a&limit=5&sort=" + sort + "&cursor=" + *got.Next)
		}
		for _, id := range ids {
			if seen[id] != 1 {
				t.Errorf("%s: %s is there %d times", sort, id, seen[id])
			}
		}
	}
	if got := d.reacted("thread=a&view=flat&sort=newest&limit=4"); !reflect.DeepEqual(got.ids()[:3], []string{ids[7], ids[5], ids[3]}) || !got.Comments[0].Pinned || got.Comments[3].Pinned {
		t.Errorf("flat: %+v", got.Comments)
	}

	// A tab of their own.
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"picks":"tab"}`, "Authorization", d.ad); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	decide(d.mo, reply, "feature")
	if got := d.reacted("thread=a&filter=picks&limit=2"); !reflect.DeepEqual(got.ids(), []string{reply, ids[5]}) || got.Next == nil || !got.Thread.Picks {
		t.Errorf("the tab: %+v", got)
	} else if got = d.reacted("thread=a&filter=picks&limit=2&cursor=" + *got.Next); !reflect.DeepEqual(got.ids(), []string{ids[2], ids[1]}) || got.Next != nil {
		t.Errorf("its second page: %+v", got)
	}
	if got := d.reacted("thread=a&limit=5&sort=best").ids(); got[3] == ids[2] {
		t.Error("picks in a tab stand first, too")
	}

	// One that is taken away stands there no more; an undo unpins.
	decide(d.mo, ids[7], "reject")
	if got := d.reacted("thread=a&sort=newest").ids(); got[0] != ids[5] {
		t.Errorf("a removed pin: %v", got)
	}
	undo := decide(d.mo, ids[9], "pin")
	if a := d.do("POST", "/api/v1/sites/news/moderation/undo", `{"undo":"`+undo+`"}`, "Authorization", d.mo); a.status != 200 {
		t.Errorf("undo: %d %s", a.status, a.body)
	}
	if got := d.reacted("thread=a&sort=newest").ids(); got[0] != ids[5] {
		t.Errorf("after the undo: %v", got)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"pin"}]`, ids[9]), "Authorization", d.ann); a.status != 403 {
		t.Errorf("a reader pins: %d", a.status)
	}
}
