package systemtest

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/store"
)

// desk is a program with a moderator, an admin and members that are no newcomers.
type desk struct {
	*program
	mo, ad, ann, bo string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	p := newProgram(t)
	for _, u := range [][3]string{{"bo@example.com", "Bo Berg", "member"}, {"mo@example.com", "Mo Moderator", "moderator"}, {"ad@example.com", "Ada Admin", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	return &desk{p, p.login("mo@example.com"), p.login("ad@example.com"), p.login("ann@example.com"), p.login("bo@example.com")}
}

type queuePage struct {
	Comments []struct {
		ID, Status string
		Featured   bool
	}
	Next    *string `json:"next_cursor"`
	Context map[string]struct {
		Risk     float64
		Findings []struct {
			Check, Suggestion, Detail string
			Count                     int
			Marks                     []string
		}
	}
	Reports map[string][]struct{ Reason string }
	Notices map[string][]struct {
		Receipt, Why string
		Name, Email  *string
		GoodFaith    bool   `json:"good_faith"`
		At           string `json:"created_at"`
	}
}

func (d *desk) queue(t *testing.T, query string) queuePage {
	t.Helper()
	var q queuePage
	a := d.do("GET", "/api/v1/sites/news/moderation/queue?"+query, "", "Authorization", d.mo)
	if a.status != 200 {
		t.Fatalf("queue %s: %d %s", query, a.status, a.body)
	}
	a.into(t, &q)
	return q
}

func (d *desk) write(t *testing.T, token, thread, body string) (id, status string) {
	t.Helper()
	b, _ := json.Marshal(map[string]string{"thread": thread, "body": body})
	a := d.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", token)
	if a.status != 201 {
		t.Fatalf("post: %d %s", a.status, a.body)
	}
	var out struct {
		Comment struct{ ID, Status string }
	}
	a.into(t, &out)
	return out.Comment.ID, out.Comment.Status
}

type decided struct {
	Results []struct {
		ID    string `json:"comment_id"`
		OK    bool
		Error *string
	}
	Undo string
}

func (d *desk) decide(t *testing.T, token, body string) decided {
	t.Helper()
	a := d.do("POST", "/api/v1/sites/news/moderation/decisions", body, "Authorization", token)
	if a.status != 200 {
		t.Fatalf("decisions: %d %s", a.status, a.body)
	}
	var out decided
	a.into(t, &out)
	return out
}

func (d *desk) status(t *testing.T, id string) string {
	t.Helper()
	for _, state := range []string{"pending", "spam", "rejected", "deleted"} {
		for _, c := range d.queue(t, "limit=100&state="+state).Comments {
			if c.ID == id {
				return c.Status
			}
		}
	}
	var out struct{ Comment struct{ Status string } }
	a := d.do("GET", "/api/v1/comments/"+id, "")
	if a.status != 200 {
		return "gone"
	}
	a.into(t, &out)
	return out.Comment.Status
}

func TestWordsAndRulesDecide(t *testing.T) {
	d := newDesk(t)
	put := d.do("PUT", "/api/v1/sites/news/moderation/rules", `{"version":0,"banned":["viagra"],"suspect":[{"word":"scam","lang":"en"}],
		"rules":[{"name":"phone numbers","pattern":"\\+\\d{6,}","action":"hold"}]}`, "Authorization", d.mo)
	if put.status != 200 || !strings.Contains(string(put.body), `"version":1`) {
		t.Fatalf("put rules: %d %s", put.status, put.body)
	}
	for _, c := range []struct{ body, status, check string }{
		{"A plain remark about ferries.", "published", ""},
		{"Buy v1agra here", "rejected", "banned"},
		{"Buy vi**ag**ra here", "rejected", "banned"},
		{"Buy vi&#97;gra here", "rejected", "banned"},
		{"Call +15&shy;5501&shy;00, **really**, at once", "pending", "rule"},
		{"This is a s c a m, I say", "pending", "suspect"},
		{"Call +15550100 at once", "pending", "rule"},
	} {
		id, status := d.write(t, d.ann, "a", c.body)
		if status != c.status {
			t.Errorf("%q is %s, want %s", c.body, status, c.status)
		}
		if c.check == "" {
			continue
		}
		q := d.queue(t, "state="+c.status+"&limit=100")
		fs := q.Context[id].Findings
		if len(fs) == 0 || fs[0].Check != c.check || (len(fs[0].Marks) == 0) != strings.ContainsAny(c.body, "*&") { // what markup hides has no one place in the text
			t.Errorf("%q: findings %+v", c.body, fs)
		}
	}
	if _, status := d.write(t, d.mo, "a", "Staff may say scam and viagra"); status != "published" {
		t.Errorf("a moderator's comment is %s", status)
	}
	for body, field := range map[string]string{
		`{"banned":["a*b"]}`: "banned[0]", `{"rules":[{"name":"x","pattern":"(","action":"hold"}]}`: "rules[0].pattern",
		`{"rules":[{"name":"x","pattern":"y","action":"explode"}]}`: "rules[0].action",
	} {
		if a := d.do("PUT", "/api/v1/sites/news/moderation/rules", body, "Authorization", d.mo); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := d.do("PUT", "/api/v1/sites/news/moderation/rules", `{"version":0,"banned":["other"]}`, "Authorization", d.mo); a.status != 409 || strings.Contains(string(a.body), "comment") {
		t.Errorf("an older version overwrote a newer one: %d %s", a.status, a.body)
	}
	// What is not named stays; what names nothing, or what is not known, is refused.
	for body, field := range map[string]string{`{}`: "banned", `{"text":"x"}`: "text", `{"banned":null}`: "banned", `{"banned":["a"],"rule":[]}`: "rule"} {
		if a := d.do("PUT", "/api/v1/sites/news/moderation/rules", body, "Authorization", d.mo); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := d.do("PUT", "/api/v1/sites/news/moderation/rules", `{"suspect":[{"word":"scam","lang":"en"}]}`, "Authorization", d.mo); a.status != 200 || !strings.Contains(string(a.body), "viagra") {
		t.Errorf("one list alone: %d %s", a.status, a.body)
	}
	test := d.do("POST", "/api/v1/sites/news/moderation/rules/test", `{"pattern":"(?i)ferries","action":"hold"}`, "Authorization", d.mo)
	var trial struct {
		Looked   int `json:"looked_at"`
		Held     int `json:"would_hold"`
		Approved int
	}
	test.into(t, &trial)
	if test.status != 200 || trial.Looked != 8 || trial.Held != 1 || trial.Approved != 1 {
		t.Errorf("trial: %d %s", test.status, test.body)
	}
	if a := d.do("PUT", "/api/v1/sites/news/moderation/rules", `{}`, "Authorization", d.ann); a.status != 403 {
		t.Errorf("a member changed the rules: %d", a.status)
	}
	d.run("user", "add", "--site", "news", "--email", "au@example.com", "--name", "Au Ditor", "--password", testPassword, "--role", "auditor")
	au := d.login("au@example.com")
	if a := d.do("GET", "/api/v1/sites/news/moderation/rules", "", "Authorization", au); a.status != 200 {
		t.Errorf("an auditor does not see the rules: %d", a.status)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/rules/test", `{"pattern":"x"}`, "Authorization", au); a.status != 403 {
		t.Errorf("who may not change rules tried some: %d", a.status)
	}
	var heavy []string
	for i := range 30 {
		heavy = append(heavy, fmt.Sprintf(`{"name":"heavy %d","pattern":"([a-z ]*){200}[QZ]","action":"hold"}`, i))
	}
	for method, path := range map[string]string{"PUT": "rules", "POST": "rules/test"} {
		if a := d.do(method, "/api/v1/sites/news/moderation/"+path, `{"rules":[`+strings.Join(heavy, ",")+`]}`, "Authorization", d.mo); a.status != 422 || !strings.Contains(string(a.body), "].pattern") {
			t.Errorf("%s: rules too large together: %d %s", method, a.status, a.body)
		}
	}
}

func TestDecisionsUndoAndFeature(t *testing.T) {
	d := newDesk(t)
	d.run("site", "set", "news", "--hold", "all")
	eventually(t, "the mode holds", func() bool { _, s := d.write(t, d.ann, "a", "held, I hope"); return s == "pending" })
	one, _ := d.write(t, d.ann, "a", "first of two")
	two, _ := d.write(t, d.bo, "a", "second of two")
	got := d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"approve"},{"comment_id":"nonsense","action":"approve"},{"comment_id":%q,"action":"reject","reason":"standard 3"},{"comment_id":%q,"action":"dance"}]`, one, two, two))
	if len(got.Results) != 4 || !got.Results[0].OK || got.Results[1].OK || *got.Results[1].Error != "not_found" || !got.Results[2].OK || got.Results[3].OK || got.Undo == "" {
		t.Fatalf("%+v", got)
	}
	if a, b := d.status(t, one), d.status(t, two); a != "published" || b != "rejected" {
		t.Fatalf("%s and %s", a, b)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/undo", fmt.Sprintf(`{"undo":%q}`, got.Undo), "Authorization", d.ad); a.status != 409 {
		t.Errorf("another person took the decision back: %d", a.status)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/undo", fmt.Sprintf(`{"undo":%q}`, got.Undo), "Authorization", d.mo); a.status != 200 {
		t.Fatalf("undo: %d %s", a.status, a.body)
	}
	if a, b := d.status(t, one), d.status(t, two); a != "pending" || b != "pending" {
		t.Errorf("after undo %s and %s", a, b)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/undo", fmt.Sprintf(`{"undo":%q}`, got.Undo), "Authorization", d.mo); a.status != 409 || !strings.Contains(string(a.body), "undo_over") {
		t.Errorf("undone twice: %d %s", a.status, a.body)
	}
	if got := d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"feature"}]`, one)); got.Results[0].OK {
		t.Error("a pending comment was featured")
	}
	d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"approve"},{"comment_id":%q,"action":"feature"}]`, one, one))
	var out struct{ Comment struct{ Featured bool } }
	if d.do("GET", "/api/v1/comments/"+one, "").into(t, &out); !out.Comment.Featured {
		t.Error("not featured")
	}
	d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"unfeature"}]`, one))
	if d.do("GET", "/api/v1/comments/"+one, "").into(t, &out); out.Comment.Featured {
		t.Error("still featured")
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"reject"}]`, one), "Authorization", d.ann); a.status != 403 {
		t.Errorf("a member decided: %d", a.status)
	}
	var log struct{ Entries []struct{ Action, By string } }
	d.do("GET", "/api/v1/sites/news/moderation/audit?kind=comment", "", "Authorization", d.mo).into(t, &log)
	if len(log.Entries) < 7 || log.Entries[0].Action != "unfeature" || log.Entries[0].By != "Mo Moderator" {
		t.Errorf("audit: %+v", log.Entries)
	}
	if a := d.do("GET", "/api/v1/sites/news/moderation/audit.csv", "", "Authorization", d.mo); a.status != 403 {
		t.Errorf("a moderator took the audit log out: %d", a.status)
	}
	if a := d.do("GET", "/api/v1/sites/news/moderation/audit.csv", "", "Authorization", d.ad); a.status != 200 || !strings.HasPrefix(string(a.body), "\uFEFFid,at,by,action,kind,target_name,reason,note,") {
		t.Errorf("csv: %d %.80s", a.status, a.body)
	}
}

func TestAnotherSitesCommentIsNotFound(t *testing.T) {
	d := newDesk(t)
	id, _ := d.write(t, d.ann, "a", "on news")
	d.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
	d.run("user", "role", "bo@example.com", "moderator", "--site", "other")
	a := d.do("POST", "/api/v1/sites/other/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"delete"}]`, id), "Authorization", d.bo)
	if a.status != 200 || !strings.Contains(string(a.body), `"error":"not_found"`) {
		t.Errorf("%d %s", a.status, a.body)
	}
	if s := d.status(t, id); s != "published" {
		t.Errorf("it is %s", s)
	}
}

func TestInboxIsLive(t *testing.T) {
	d := newDesk(t)
	if _, res, err := websocket.DefaultDialer.Dial(strings.Replace(d.base, "http", "ws", 1)+"/api/v1/sites/news/moderation/live", map[string][]string{"Authorization": {d.ann}}); err == nil || res.StatusCode != 403 {
		t.Fatalf("a member follows the inbox: %v", err)
	}
	ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(d.base, "http", "ws", 1)+"/api/v1/sites/news/moderation/live", map[string][]string{"Authorization": {d.mo}})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	next := func(want string) string {
		t.Helper()
		for {
			_ = ws.SetReadDeadline(time.Now().Add(10 * time.Second))
			_, b, err := ws.ReadMessage()
			if err != nil {
				t.Fatalf("waiting for %s: %v", want, err)
			}
			if strings.Contains(string(b), want) {
				return string(b)
			}
		}
	}
	next(`"hello"`)
	d.do("PUT", "/api/v1/sites/news/moderation/rules", `{"suspect":["scam"]}`, "Authorization", d.mo)
	next(`"rules"`)
	id, status := d.write(t, d.ann, "a", "what a scam")
	if status != "pending" {
		t.Fatalf("it is %s", status)
	}
	if f := next(`"waiting"`); !strings.Contains(f, id) {
		t.Errorf("hint %s", f)
	}
	d.decide(t, d.ad, fmt.Sprintf(`[{"comment_id":%q,"action":"approve"}]`, id))
	if f := next(`"decided"`); !strings.Contains(f, `"by":"Ada Admin"`) || !strings.Contains(f, `"action":"approve"`) {
		t.Errorf("hint %s", f)
	}
	d.run("site", "set", "news", "--hold", "all") // another process
	next(`"reset"`)
}

// Two moderators see which comment the other has before them, until he turns
// to another or leaves.
func TestWhoElseIsLooking(t *testing.T) {
	d := newDesk(t)
	id, _ := d.write(t, d.ann, "a", "A comment that two people read")
	open := func(who string) *websocket.Conn {
		ws, _, err := websocket.DefaultDialer.Dial(strings.Replace(d.base, "http", "ws", 1)+"/api/v1/sites/news/moderation/live", map[string][]string{"Authorization": {who}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = ws.Close() })
		return ws
	}
	mo, ada := open(d.mo), open(d.ad)
	type hint struct{ Type, ID, By, ByID, Seat string }
	next := func(want string) hint {
		t.Helper()
		for {
			_ = ada.SetReadDeadline(time.Now().Add(10 * time.Second))
			var list []struct {
				hint
				Seat2 string `json:"by_id"`
			}
			if err := ada.ReadJSON(&list); err != nil {
				t.Fatalf("waiting for %s: %v", want, err)
			}
			for _, h := range list {
				if h.Type == want {
					h.ByID = h.Seat2
					return h.hint
				}
			}
		}
	}
	me := next("hello").Seat
	for _, said := range []string{`nonsense`, `{"looking":7}`, `{"looking":"no such id!"}`, `[]`, `{"other":"x"}`} { // nothing comes of these
		if err := mo.WriteMessage(websocket.TextMessage, []byte(said)); err != nil {
			t.Fatal(err)
		}
	}
	if err := mo.WriteJSON(map[string]string{"looking": id}); err != nil {
		t.Fatal(err)
	}
	h := next("looking")
	if h.ID != id || h.By != "Mo Moderator" || h.ByID == "" || h.ByID == me {
		t.Errorf("%+v", h)
	}
	_ = mo.Close()
	if gone := next("looking"); gone.ID != "" || gone.ByID != h.ByID {
		t.Errorf("he has left: %+v", gone)
	}
}

// Two admins who add an address each at the same time lose neither of them.
func TestOriginsAreAddedOneByOne(t *testing.T) {
	d := newDesk(t)
	var both sync.WaitGroup
	for _, body := range []string{`{"add_origins":["https://a.news.example"]}`, `{"add_origins":["https://b.news.example/blog/"],"max_length":900}`, `{"add_origins":["https://президент.рф"]}`} {
		both.Go(func() {
			if a := d.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", d.ad); a.status != 200 {
				t.Errorf("%s: %d %s, want 200", body, a.status, a.body)
			}
		})
	}
	both.Wait()
	a := d.do("PATCH", "/api/v1/sites/news/settings", `{"remove_origins":["https://A.news.example:443"]}`, "Authorization", d.ad)
	for origin, want := range map[string]bool{testOrigin: true, "https://a.news.example": false, "https://b.news.example": true, "https://xn--d1abbgf6aiiy.xn--p1ai": true} {
		if got := strings.Contains(string(a.body), `"`+origin+`"`); got != want {
			t.Errorf("%s is on the list: %v, want %v: %s", origin, got, want, a.body)
		}
	}
	for body, why := range map[string]string{`{"add_origins":["https://*.x.example"]}`: "asterisk", `{"remove_origins":["nope"]}`: "https://", `{"add_origins":"x"}`: "add_origins"} {
		if a := d.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", d.ad); a.status != 422 || !strings.Contains(string(a.body), why) {
			t.Errorf("%s: %d %s, want 422 and %q", body, a.status, a.body, why)
		}
	}
}

// Without a relay nothing says that a mail was sent.
func TestATestMailNeedsARelay(t *testing.T) {
	d := newDesk(t)
	if a := d.do("POST", "/api/v1/sites/news/settings/mail-test", "", "Authorization", d.ad); a.status != 409 || !strings.Contains(string(a.body), `"mail_off"`) {
		t.Errorf("%d %s, want 409 mail_off", a.status, a.body)
	}
}

func TestSettingsAreCheckedAndSecretsStayInside(t *testing.T) {
	d := newDesk(t)
	a := d.do("PATCH", "/api/v1/sites/news/settings", `{"mode":"newcomers","max_links":1,"akismet_key":"very-secret","origins":["https://news.example","https://m.news.example"]}`, "Authorization", d.ad)
	if a.status != 200 || strings.Contains(string(a.body), "very-secret") || !strings.Contains(string(a.body), `"akismet_key":{"set":true}`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	a = d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.mo)
	if a.status != 200 || !strings.Contains(string(a.body), `"mode":"newcomers"`) || !strings.Contains(string(a.body), "https://m.news.example") {
		t.Errorf("%d %s", a.status, a.body)
	}
	for body, field := range map[string]string{
		`{"mode":"maybe"}`: "mode", `{"max_links":"many"}`: "max_links", `{"origins":["ftp://x"]}`: "origin", `{"origins":[]}`: "origin", `{"max_lenght":5}`: "max_lenght",
		`{"hook_url":"javascript:alert(1)"}`: "hook_url", `{"hook_url":"https://h.example/x"}`: "hook_secret", `{"key":"other"}`: "key", `{"hide_reporters":0}`: "hide_reporters",
		`{"night_mode":"publish"}`: "night_mode", `{"night_start":"25:00"}`: "night_start", `{"night_end":"23:00"}`: "night_end", `{"night_zone":"Middle/Earth"}`: "night_zone",
	} {
		if a := d.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", d.ad); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"mode":"all"}`, "Authorization", d.mo); a.status != 403 {
		t.Errorf("a moderator changed the settings: %d", a.status)
	}
	log := d.do("GET", "/api/v1/sites/news/moderation/audit?kind=settings", "", "Authorization", d.ad)
	if !strings.Contains(string(log.body), "Hold: newcomers") || strings.Contains(string(log.body), "very-secret") {
		t.Errorf("audit: %s", log.body)
	}
	d.byNight(t)
}

// byNight makes it night for the site: everything waits but what staff writes,
// and what is written in a thread with a mode of its own.
func (d *desk) byNight(t *testing.T) {
	t.Helper()
	now := time.Now().UTC()
	d.write(t, d.mo, "night", "Good night")
	events := d.follow("night", "")
	next(t, events, "hello")
	set := fmt.Sprintf(`{"mode":"publish","night_mode":"all","night_start":%q,"night_end":%q,"night_zone":"UTC"}`, now.Add(-time.Hour).Format("15:04"), now.Add(2*time.Hour).Format("15:04"))
	if a := d.do("PATCH", "/api/v1/sites/news/settings", set, "Authorization", d.ad); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	next(t, events, "thread.updated")
	type page struct {
		Site struct {
			Night *struct{ Mode, From, Until string }
		}
		Thread struct{ ID string }
	}
	read := func(thread string) (p page) {
		d.do("GET", "/api/v1/sites/news/comments?thread="+thread, "").into(t, &p)
		return p
	}
	p := read("night")
	if n := p.Site.Night; n == nil || n.Mode != "all" || n.From > now.Format(time.RFC3339) || n.Until < now.Format(time.RFC3339) {
		t.Errorf("readers are told %+v", n)
	}
	post := func(token string) string {
		a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"night","body":"I can't sleep either"}`, "Authorization", token)
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return string(a.body)
	}
	if got := post(d.ann); !strings.Contains(got, `"pending"`) || !strings.Contains(got, `"held":"night"`) {
		t.Errorf("by night: %s", got)
	}
	if a := d.do("GET", "/api/v1/me?site=news&thread=night", "", "Authorization", d.ann); !strings.Contains(string(a.body), `"held":"night"`) {
		t.Errorf("her own page does not say why it waits: %s", a.body)
	}
	if got := post(d.mo); !strings.Contains(got, `"published"`) {
		t.Errorf("a moderator by night: %s", got)
	}
	if q := d.queue(t, "state=pending&check=night"); len(q.Comments) != 1 {
		t.Errorf("waiting for the night: %+v", q.Comments)
	}
	if a := d.do("GET", "/p/news?thread=night", "", "Cookie", d.cookie("ann@example.com")); !strings.Contains(string(a.body), "It is night here") {
		t.Errorf("the page says nothing:\n%s", a.body)
	}
	if a := d.do("PATCH", "/api/v1/sites/news/moderation/threads/"+p.Thread.ID, `{"mode":"publish"}`, "Authorization", d.mo); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if got := post(d.bo); !strings.Contains(got, `"published"`) || read("night").Site.Night != nil {
		t.Errorf("in a thread with a mode of its own: %s", got)
	}
}

// recounted stops the server, counts again what it counted, and walks the
// audit chain; then it breaks a row and expects the walk to say so.
func (p *program) recounted(t *testing.T) {
	t.Helper()
	p.kill()
	path := ""
	for _, e := range p.env {
		if v, ok := strings.CutPrefix(e, "PARLEY_DATABASE=sqlite:"); ok {
			path = v
		}
	}
	db, err := store.Open(path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	n, err := db.VerifyAudit(context.Background())
	if err != nil || n == 0 {
		t.Errorf("the audit chain: %d rows, %v", n, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	for what, q := range map[string]string{
		"thread counts":  `SELECT count(*) FROM threads t WHERE count <> (SELECT count(*) FROM comments WHERE thread_id = t.id AND status = 'published')`,
		"author counts":  `SELECT count(*) FROM authors a WHERE published <> (SELECT count(*) FROM comments WHERE author_id = a.id AND status = 'published')`,
		"report counts":  `SELECT count(*) FROM comments c WHERE status <> 'published' AND reports <> (SELECT count(*) FROM reports WHERE comment_id = c.id AND open = 1)`,
		"without a row":  `SELECT count(*) FROM comments c WHERE decided IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit_log WHERE kind = 'comment' AND target = c.id)`,
		"gaps in events": `SELECT count(*) FROM threads t WHERE seq <> (SELECT count(*) FROM events WHERE thread_id = t.id)`,
	} {
		var n int
		if err := raw.QueryRow(q).Scan(&n); err != nil || n != 0 {
			t.Errorf("%s: %d rows differ, %v", what, n, err)
		}
	}
	if _, err := raw.Exec(`UPDATE audit_log SET action = 'approve' WHERE id = (SELECT max(id) - 1 FROM audit_log) AND action <> 'approve' OR id = 1`); err != nil {
		t.Fatal(err)
	}
	if _, err := raw.Exec(`UPDATE audit_texts SET reason = 'another' WHERE id = 2`); err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(path, store.Options{}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.VerifyAudit(context.Background()); err == nil {
		t.Error("a changed row was not noticed")
	}
}
