package systemtest

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

type personPage struct {
	ID, Name, Role, Level, Trust string
	Ban                          *struct{ Reason string }
	Warnings, Comments           int
	Record                       []struct{ Status string }
	Notes                        []struct {
		Kind, By, Text string
		Seen           *string `json:"seen_at"`
	}
	Neighbours []struct{ Name string } `json:"same_network"`
	Email      *string
}

func (d *desk) person(t *testing.T, token, name string) personPage {
	t.Helper()
	var list struct{ People []personPage }
	d.do("GET", "/api/v1/sites/news/moderation/people?q="+strings.ToLower(strings.ReplaceAll(name, " ", "%20")), "", "Authorization", token).into(t, &list)
	if len(list.People) != 1 {
		t.Fatalf("people called %s: %+v", name, list.People)
	}
	var p personPage
	d.do("GET", "/api/v1/sites/news/moderation/people/"+list.People[0].ID, "", "Authorization", token).into(t, &p)
	return p
}

func (d *desk) act(token, id, act, body string) answer {
	return d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/"+act, body, "Authorization", token)
}

func TestBansNotesAndRoles(t *testing.T) {
	d := newDesk(t)
	first, _ := d.write(t, d.bo, "a", "Something that stands")
	d.write(t, d.ann, "a", "From the same network")
	bo := d.person(t, d.mo, "Bo Berg")
	if bo.Level != "member" || bo.Comments != 1 || len(bo.Record) != 1 || len(bo.Neighbours) != 1 || bo.Neighbours[0].Name != "Ann Lee" || bo.Email != nil {
		t.Fatalf("%+v", bo)
	}
	if p := d.person(t, d.ad, "Bo Berg"); p.Email == nil || *p.Email != "bo@example.com" {
		t.Errorf("an admin sees no address: %+v", p.Email)
	}
	for body, field := range map[string]string{`{"until":"2020-01-01T00:00:00Z","reason":"x"}`: "until", `{"reason":""}`: "reason", `{"until":"soon","reason":"x"}`: "until"} {
		if a := d.act(d.mo, bo.ID, "ban", body); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	d.run("user", "operator", "bo@example.com") // whoever runs the server is a plain member here
	if a := d.act(d.mo, bo.ID, "ban", `{"reason":"x"}`); a.status != 403 {
		t.Errorf("a moderator bans an operator: %d %s", a.status, a.body)
	}
	d.run("user", "operator", "ad@example.com")
	d.run("user", "operator", "--off", "bo@example.com")
	until := time.Now().Add(7 * 24 * time.Hour).UTC().Format(time.RFC3339)
	if a := d.act(d.mo, bo.ID, "suspend", fmt.Sprintf(`{"until":%q,"reason":"Repeated attacks","hide_recent":true}`, until)); a.status != 200 {
		t.Fatalf("suspend: %d %s", a.status, a.body)
	}
	if s := d.status(t, first); s != "rejected" {
		t.Errorf("what was published in the last week is %s", s)
	}
	if a := d.act(d.ad, bo.ID, "role", `{"role":"moderator"}`); a.status != 409 || !strings.Contains(string(a.body), `"banned"`) {
		t.Errorf("a banned person is given a role: %d %s", a.status, a.body)
	}
	if a := d.do("PATCH", "/api/v1/me", `{"name":"Buy Cheap Pills"}`, "Authorization", d.bo); a.status != 403 || !strings.Contains(string(a.body), `"banned"`) {
		t.Errorf("another name under a ban: %d %s", a.status, a.body)
	}
	a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"again"}`, "Authorization", d.bo)
	if a.status != 403 || !strings.Contains(string(a.body), `"banned"`) || !strings.Contains(string(a.body), "Repeated attacks") {
		t.Errorf("a suspended person posts: %d %s", a.status, a.body)
	}
	second, _ := d.write(t, d.ann, "a", "Another")
	if a := d.do("PUT", "/api/v1/comments/"+second+"/vote", `{"value":1}`, "Authorization", d.bo); a.status != 403 {
		t.Errorf("a suspended person votes: %d", a.status)
	}
	if a := d.act(d.mo, bo.ID, "unban", ""); a.status != 200 {
		t.Errorf("unban: %d %s", a.status, a.body)
	}
	if _, s := d.write(t, d.bo, "a", "back again"); s != "published" {
		t.Errorf("after the ban: %s", s)
	}
	d.act(d.mo, bo.ID, "note", `{"text":"Promised to ease off."}`)
	d.act(d.mo, bo.ID, "warn", `{"text":"Stay on topic."}`)
	d.act(d.mo, bo.ID, "trust", `{"level":"trusted"}`)
	if p := d.person(t, d.mo, "Bo Berg"); p.Trust != "trusted" || p.Level != "trusted" || p.Warnings != 1 || len(p.Notes) != 2 || p.Notes[1].By != "Mo Moderator" {
		t.Errorf("%+v", p)
	}
	d.acknowledge(t)
	if a := d.act(d.mo, bo.ID, "role", `{"role":"moderator"}`); a.status != 403 {
		t.Errorf("a moderator gave a role: %d", a.status)
	}
	if a := d.act(d.ad, bo.ID, "role", `{"role":"auditor"}`); a.status != 200 {
		t.Errorf("role: %d %s", a.status, a.body)
	}
	if a := d.do("GET", "/api/v1/sites/news/moderation/queue", "", "Authorization", d.bo); a.status != 200 {
		t.Errorf("an auditor reads: %d", a.status)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"reject"}]`, second), "Authorization", d.bo); a.status != 403 {
		t.Errorf("an auditor decides: %d", a.status)
	}
	admin := d.adminID(t)
	if a := d.act(d.ad, admin, "role", `{"role":"member"}`); a.status != 409 || !strings.Contains(string(a.body), "last_admin") {
		t.Errorf("the last admin went: %d %s", a.status, a.body)
	}
	if a := d.act(d.mo, admin, "ban", `{"reason":"coup"}`); a.status != 403 {
		t.Errorf("a moderator banned an admin: %d %s", a.status, a.body)
	}
	if a := d.act(d.mo, "zzzz", "note", `{"text":"x"}`); a.status != 404 {
		t.Errorf("an unknown person: %d", a.status)
	}
}

// acknowledge: Bo has been warned and writes again once he has said that he has read it.
func (d *desk) acknowledge(t *testing.T) {
	t.Helper()
	type unread struct {
		Code, Detail string
		Warnings     []struct{ ID, Text string }
	}
	post := func(token, body string, more ...string) answer {
		return d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"`+body+`"}`, append([]string{"Authorization", token}, more...)...)
	}
	var p, me unread
	a := post(d.bo, "before reading it", "Idempotency-Key", "warned")
	if a.into(t, &p); a.status != 403 || p.Code != "warned" || len(p.Warnings) != 1 || p.Warnings[0].Text != "Stay on topic." || !strings.Contains(p.Detail, "Stay on topic.") || !strings.Contains(p.Detail, "account page") {
		t.Fatalf("a warned person posts: %d %s", a.status, a.body)
	}
	overlay := func(token string) (u unread) {
		d.do("GET", "/api/v1/me?site=news&thread=a", "", "Authorization", token).into(t, &u)
		return u
	}
	if me = overlay(d.bo); len(me.Warnings) != 1 || me.Warnings[0].ID != p.Warnings[0].ID {
		t.Errorf("/me says %+v", me)
	}
	if u := overlay(d.ann); u.Warnings == nil || len(u.Warnings) != 0 {
		t.Errorf("ann is told of %+v", u)
	}
	var account struct{ Sites []unread }
	d.do("GET", "/api/v1/me/account", "", "Authorization", d.bo).into(t, &account)
	if len(account.Sites) != 1 || len(account.Sites[0].Warnings) != 1 {
		t.Errorf("the account page: %+v", account)
	}
	seen := "/api/v1/sites/news/warnings/" + p.Warnings[0].ID + "/seen"
	for token, want := range map[string]int{d.ann: 404, d.mo: 404} {
		if a := d.do("PUT", seen, "", "Authorization", token); a.status != want {
			t.Errorf("somebody else's warning: %d %s", a.status, a.body)
		}
	}
	if a := d.do("PUT", seen, ""); a.status != 403 {
		t.Errorf("nobody: %d", a.status)
	}
	if p := d.person(t, d.mo, "Bo Berg"); p.Notes[0].Seen != nil {
		t.Errorf("it counts as read: %+v", p.Notes)
	}
	d.readByForm(t)
	for range 2 {
		if a := d.do("PUT", seen, "", "Authorization", d.bo); a.status != 204 {
			t.Errorf("acknowledge: %d %s", a.status, a.body)
		}
	}
	if a := post(d.bo, "before reading it", "Idempotency-Key", "warned"); a.status != 201 {
		t.Errorf("the same request again, after reading it: %d %s", a.status, a.body)
	}
	if u := overlay(d.bo); len(u.Warnings) != 0 {
		t.Errorf("afterwards /me says %+v", u)
	}
	if p := d.person(t, d.mo, "Bo Berg"); p.Notes[0].Seen == nil || p.Warnings != 2 {
		t.Errorf("the drawer does not say when: %+v", p)
	}
	if a := d.do("GET", "/api/v1/sites/news/moderation/audit?action=acknowledge", "", "Authorization", d.ad); strings.Count(string(a.body), `"action":"acknowledge"`) != 2 {
		t.Errorf("the log: %s", a.body)
	}
	// An admin may warn a moderator, who is never kept from writing by it.
	if a := post(d.mo, "before the warning"); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	mo := d.person(t, d.ad, "Mo Moderator")
	if a := d.act(d.ad, mo.ID, "warn", `{"text":"Shorter, please."}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := post(d.mo, "at once"); a.status != 201 {
		t.Errorf("staff: %d %s", a.status, a.body)
	}
}

// readByForm is the same on the page without a script: the text is kept, a box is ticked.
func (d *desk) readByForm(t *testing.T) {
	t.Helper()
	bo := d.person(t, d.mo, "Bo Berg")
	d.act(d.mo, bo.ID, "warn", `{"text":"And <b>briefly</b>."}`)
	cookie := d.cookie("bo@example.com")
	send := func(v url.Values) answer {
		v.Set("act", "post")
		return d.do("POST", "/p/news?thread=a", v.Encode(), "Origin", d.base, "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
	}
	a := send(url.Values{"body": {"By the form, as warned"}, "key": {"w1"}})
	page := string(a.body)
	if a.status != 403 || !strings.Contains(page, "Stay on topic.") || !strings.Contains(page, "&lt;b&gt;briefly") || !strings.Contains(page, ">By the form, as warned</textarea>") || !strings.Contains(page, "Read the warning first") {
		t.Fatalf("the page: %d %s", a.status, page)
	}
	boxes := regexp.MustCompile(`name="seen" value="(\w+)"`).FindAllStringSubmatch(page, -1)
	if len(boxes) != 2 {
		t.Fatalf("%d boxes", len(boxes))
	}
	if a := send(url.Values{"body": {"By the form, as warned"}, "key": {"w1"}, "seen": {boxes[1][1]}}); a.status != 403 {
		t.Errorf("one of two read: %d", a.status)
	}
	if page := string(d.do("GET", "/p/news?thread=a", "", "Cookie", cookie).body); strings.Contains(page, "briefly") || !strings.Contains(page, "Stay on topic.") {
		t.Errorf("what is read is still asked, or the other is not:\n%s", page)
	}
}

// cookie signs in as a document of our own does.
func (p *program) cookie(email string) string {
	p.t.Helper()
	a := p.do("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":%q,"password":%q}`, email, testPassword), "Origin", p.base, "X-Parley", "1")
	for _, c := range a.header.Values("Set-Cookie") {
		if v, _, _ := strings.Cut(c, ";"); strings.HasPrefix(v, "__Host-parley=") {
			return v
		}
	}
	p.t.Fatalf("login: %d %s", a.status, a.body)
	return ""
}

func (d *desk) adminID(t *testing.T) string {
	t.Helper()
	var list struct{ People []personPage }
	d.do("GET", "/api/v1/sites/news/moderation/people?filter=staff", "", "Authorization", d.ad).into(t, &list)
	for _, p := range list.People {
		if p.Role == "admin" {
			return p.ID
		}
	}
	t.Fatalf("no admin in %+v", list.People)
	return ""
}

func TestDomainAndRangeBans(t *testing.T) {
	d := newDesk(t)
	post := func(token string) answer {
		return d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"hello there"}`, "Authorization", token)
	}
	ban := func(body string) answer {
		return d.do("POST", "/api/v1/sites/news/moderation/bans", body, "Authorization", d.mo)
	}
	for body, field := range map[string]string{
		`{"ip_range":"0.0.0.0/0","reason":"x"}`: "ip_range", `{"ip_range":"not an address","reason":"x"}`: "ip_range", `{"email_domain":"a@b","reason":"x"}`: "email_domain",
		"{\"email_domain\":\"x.example\u202e\",\"reason\":\"x\"}": "email_domain", `{"email_domain":"[::1]","reason":"x"}`: "email_domain",
		`{"reason":"x"}`: "person", `{"ip_range":"192.0.2.1","email_domain":"x.example","reason":"x"}`: "person",
	} {
		if a := ban(body); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	for _, body := range []string{`{"email_domain":"@Example.com.","reason":"spam"}`, `{"ip_range":"127.0.0.0/24","reason":"spam"}`} {
		a := ban(body)
		if a.status != 201 {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
		var out struct{ ID string }
		a.into(t, &out)
		if a := post(d.ann); a.status != 403 || !strings.Contains(string(a.body), "banned") {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
		if a := post(d.mo); a.status != 201 {
			t.Errorf("%s meets a moderator: %d", body, a.status)
		}
		if a := d.do("DELETE", "/api/v1/sites/news/moderation/bans/"+out.ID, "", "Authorization", d.mo); a.status != 204 {
			t.Errorf("lift: %d %s", a.status, a.body)
		}
		if a := post(d.ann); a.status != 201 {
			t.Errorf("after lifting: %d %s", a.status, a.body)
		}
	}
	if a := ban(`{"ip_range":"192.0.2.0/24","reason":"elsewhere"}`); a.status != 201 {
		t.Fatal(a.status)
	}
	if a := post(d.ann); a.status != 201 {
		t.Errorf("another range's ban: %d", a.status)
	}
}

type banRow struct {
	ID, Kind, Person, Name, What, Reason, By string
	Domain                                   string `json:"email_domain"`
	Range                                    string `json:"ip_range"`
	Until                                    *string
	Instance                                 bool
}

func (d *desk) bans(t *testing.T, site, query, token string) (list []banRow, next string) {
	t.Helper()
	var out struct {
		Bans []banRow
		Next *string `json:"next_cursor"`
	}
	a := d.do("GET", "/api/v1/sites/"+site+"/moderation/bans?"+query, "", "Authorization", token)
	if a.status != 200 {
		t.Fatalf("bans of %s %s: %d %s", site, query, a.status, a.body)
	}
	if a.into(t, &out); out.Next != nil {
		next = *out.Next
	}
	return out.Bans, next
}

// ban sets one and returns its id.
func (d *desk) ban(t *testing.T, site, body, token string) string {
	t.Helper()
	a := d.do("POST", "/api/v1/sites/"+site+"/moderation/bans", body, "Authorization", token)
	var out struct{ ID string }
	if a.into(t, &out); a.status != 201 {
		t.Fatalf("%s: %d %s", body, a.status, a.body)
	}
	return out.ID
}

func TestBansAreListedByPagesAndSayWhomTheyMeet(t *testing.T) {
	d := newDesk(t)
	d.write(t, d.bo, "a", "Something that stands")
	bo := d.person(t, d.mo, "Bo Berg")
	if a := d.act(d.mo, bo.ID, "ban", `{"reason":"Attacks"}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	week := time.Now().Add(7 * 24 * time.Hour).UTC().Format(time.RFC3339)
	d.ban(t, "news", `{"email_domain":"Spam.example","reason":"Advertising","until":"`+week+`"}`, d.mo)
	d.ban(t, "news", `{"ip_range":"192.0.2.77/24","reason":"A brigade"}`, d.ad)
	d.ban(t, "news", `{"ip_range":"::ffff:198.51.100.0/120","reason":"In other clothes"}`, d.mo)
	want := []banRow{
		{Kind: "range", What: "198.51.100.0/24", Range: "198.51.100.0/24", By: "Mo Moderator"},
		{Kind: "range", What: "192.0.2.0/24", Range: "192.0.2.0/24", By: "Ada Admin"},
		{Kind: "domain", What: "spam.example", Domain: "spam.example", By: "Mo Moderator"},
		{Kind: "person", Person: bo.ID, Name: "Bo Berg", By: "Mo Moderator"},
	}
	var got []banRow
	for cursor, n := "", 0; n == 0 || cursor != ""; n++ {
		var page []banRow
		if page, cursor = d.bans(t, "news", "limit=1&cursor="+cursor, d.mo); len(page) != 1 {
			t.Fatalf("page %d holds %d", n, len(page))
		}
		got = append(got, page...)
	}
	if len(got) != len(want) {
		t.Fatalf("%+v", got)
	}
	for i, w := range want {
		g := got[i]
		if (g.Until != nil) != (w.Kind == "domain") || g.Reason == "" {
			t.Errorf("%+v", g)
		}
		g.ID, g.Reason, g.Until = "", "", nil
		if g != w {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	for query, n := range map[string]int{
		"kind=person": 1, "kind=domain": 1, "kind=range": 2, "q=192.0.2.200": 1, "q=203.0.113.9": 0, "q=someone@spam.example": 1, "q=BO": 1, "q=brigade": 1, "q=%25": 0, "kind=range&q=berg": 0,
	} {
		if list, _ := d.bans(t, "news", query, d.mo); len(list) != n {
			t.Errorf("%s finds %d, want %d: %+v", query, len(list), n, list)
		}
	}
	for query, field := range map[string]string{"kind=planet": "kind", "q=" + strings.Repeat("x", 101): "q", "limit=0": "limit", "cursor=x": "cursor"} {
		if a := d.do("GET", "/api/v1/sites/news/moderation/bans?"+query, "", "Authorization", d.mo); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", query, a.status, a.body)
		}
	}
	log := d.do("GET", "/api/v1/sites/news/moderation/audit?kind=person&target="+bo.ID, "", "Authorization", d.mo)
	if log.status != 200 || strings.Count(string(log.body), `"target_name":"Bo Berg"`) != 1 || !strings.Contains(string(log.body), `"action":"ban"`) {
		t.Errorf("the audit log about Bo: %d %s", log.status, log.body)
	}
	// The same domain again is the same ban with another end.
	d.ban(t, "news", `{"email_domain":"spam.example","reason":"Still advertising"}`, d.ad)
	if list, _ := d.bans(t, "news", "kind=domain", d.mo); len(list) != 1 || list[0].Until != nil || list[0].By != "Ada Admin" {
		t.Errorf("%+v", list)
	}
	for _, wide := range []string{"::/19", "::ffff:0:0/96", "::ffff:10.0.0.0/100", "10.0.0.0/7", "192.0.2.0/33", "fe80::1%eth0", "::/64"} {
		a := d.do("POST", "/api/v1/sites/news/moderation/bans", `{"reason":"x","ip_range":"`+wide+`"}`, "Authorization", d.mo)
		if a.status != 422 || !strings.Contains(string(a.body), `"field":"ip_range"`) {
			t.Errorf("%s: %d %s", wide, a.status, a.body)
		}
	}
}

// makeOperator gives an account every site; else only the set-up does that.
func (d *desk) makeOperator(t *testing.T, email string) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+d.file()+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE accounts SET operator = 1 WHERE email = ?`, email); err != nil {
		t.Fatal(err)
	}
}

func TestBansEndAndStayWithTheirSite(t *testing.T) {
	d := newDesk(t)
	d.run("site", "add", "other", "--name", "Other", "--origin", "https://other.test")
	d.run("user", "add", "--site", "other", "--email", "mina@example.com", "--name", "Mina Moderator", "--password", testPassword, "--role", "moderator")
	d.run("user", "add", "--site", "news", "--email", "op@example.com", "--name", "Opal Operator", "--password", testPassword)
	d.makeOperator(t, "op@example.com")
	mina, op := d.login("mina@example.com"), d.login("op@example.com")
	lift := func(site, id, token string) int {
		return d.do("DELETE", "/api/v1/sites/"+site+"/moderation/bans/"+id, "", "Authorization", token).status
	}
	own := d.ban(t, "news", `{"email_domain":"spam.example","reason":"Advertising"}`, d.mo)
	if list, _ := d.bans(t, "other", "", mina); len(list) != 0 {
		t.Errorf("another site's bans show: %+v", list)
	}
	for name, got := range map[string]int{
		"list":  d.do("GET", "/api/v1/sites/news/moderation/bans", "", "Authorization", mina).status,
		"set":   d.do("POST", "/api/v1/sites/news/moderation/bans", `{"email_domain":"x.example","reason":"x"}`, "Authorization", mina).status,
		"lift":  lift("news", own, mina),
		"every": d.do("POST", "/api/v1/sites/news/moderation/bans", `{"email_domain":"x.example","reason":"x","instance":true}`, "Authorization", d.ad).status,
	} {
		if got != 403 {
			t.Errorf("%s without the right: %d", name, got)
		}
	}
	if got := lift("other", own, mina); got != 404 {
		t.Errorf("another site's ban is lifted: %d", got)
	}

	soon := time.Now().Add(2 * time.Second).UTC().Format(time.RFC3339)
	short := d.ban(t, "news", `{"email_domain":"short.example","reason":"For a moment","until":"`+soon+`"}`, d.mo)
	every := d.ban(t, "news", `{"ip_range":"127.0.0.0/24","reason":"Everywhere","instance":true}`, op)
	for site, token := range map[string]string{"news": d.mo, "other": mina} {
		list, _ := d.bans(t, site, "kind=range", token)
		if len(list) != 1 || !list[0].Instance || list[0].By != "Opal Operator" {
			t.Errorf("%s: %+v", site, list)
		}
		if got := lift(site, every, token); got != 403 {
			t.Errorf("a moderator lifts a ban of every site: %d", got)
		}
	}
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"hello"}`, "Authorization", d.ann); a.status != 403 {
		t.Errorf("past a ban of every site: %d", a.status)
	}
	if got := lift("other", every, op); got != 204 {
		t.Errorf("an operator lifts it: %d", got)
	}
	d.write(t, d.ann, "a", "hello again")

	// A person who is banned everywhere shows where he has written, and no moderator lifts that.
	d.write(t, d.bo, "a", "On this site only")
	bo := d.person(t, d.mo, "Bo Berg")
	if a := d.act(op, bo.ID, "ban", `{"reason":"Everywhere","instance":true}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := d.act(d.mo, bo.ID, "unban", ""); a.status != 409 {
		t.Errorf("a moderator lifts a person's ban of every site: %d %s", a.status, a.body)
	}
	if a := d.act(d.mo, bo.ID, "suspend", `{"reason":"For a day","until":"`+time.Now().Add(24*time.Hour).UTC().Format(time.RFC3339)+`"}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := d.act(d.mo, bo.ID, "unban", ""); a.status != 200 {
		t.Errorf("unban: %d %s", a.status, a.body)
	}
	if list, _ := d.bans(t, "news", "kind=person", d.mo); len(list) != 1 || !list[0].Instance || list[0].Person != bo.ID {
		t.Errorf("what a moderator did ended the ban of every site: %+v", list)
	}
	if list, _ := d.bans(t, "other", "", mina); len(list) != 0 {
		t.Errorf("a person who never wrote there shows: %+v", list)
	}
	if a := d.act(op, bo.ID, "unban", ""); a.status != 200 {
		t.Errorf("an operator's unban: %d %s", a.status, a.body)
	}

	for i := 0; ; i++ { // until it has ended by itself
		list, _ := d.bans(t, "news", "q=short.example", d.mo)
		if len(list) == 0 {
			break
		}
		if i > 200 {
			t.Fatalf("a ban outlives its end: %+v", list)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if got := lift("news", short, d.mo); got != 204 {
		t.Errorf("lifting what has ended: %d, want 204", got)
	}
	if got := lift("news", own, d.mo); got != 204 {
		t.Errorf("lift: %d", got)
	}
	if got := lift("news", own, d.mo); got != 404 {
		t.Errorf("lift twice: %d", got)
	}
}

func TestReportsHideAndNoticesAreAnswered(t *testing.T) {
	d := newDesk(t)
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"hide_weight":5,"hide_reporters":3}`, "Authorization", d.ad); a.status != 200 {
		t.Fatal(a.status)
	}
	id, _ := d.write(t, d.bo, "a", "A comment that people mind")
	var tokens []string
	for i := range 4 {
		email := fmt.Sprintf("r%d@example.com", i)
		d.run("user", "add", "--site", "news", "--email", email, "--name", fmt.Sprintf("Reporter %c", 'A'+i), "--password", testPassword)
		tokens = append(tokens, d.login(email))
	}
	report := func(i int) answer {
		return d.do("POST", "/api/v1/comments/"+id+"/reports", `{"reason":"abuse","note":"look"}`, "Authorization", tokens[i])
	}
	for i := range 4 {
		if a := report(i); a.status != 202 {
			t.Fatalf("report %d: %d %s", i, a.status, a.body)
		}
	}
	// All four sit behind one address: a brigade is one voice.
	if s := d.status(t, id); s != "published" {
		t.Errorf("four reports of one network hid it: %s", s)
	}
	q := d.queue(t, "state=reported")
	if len(q.Comments) != 1 || len(q.Reports[id]) != 4 || q.Context[id].Risk < 4 {
		t.Errorf("queue: %+v", q)
	}
	if a := d.do("DELETE", "/api/v1/comments/"+id+"/reports", "", "Authorization", tokens[0]); a.status != 204 {
		t.Errorf("withdraw: %d", a.status)
	}
	if q := d.queue(t, "state=reported"); len(q.Reports[id]) != 3 {
		t.Errorf("after withdrawing: %+v", q.Reports[id])
	}
	a := d.do("POST", "/api/v1/comments/"+id+"/notices", `{"name":"A Citizen","email":"c@example.com","why":"Paragraph 7","good_faith":true}`, "Origin", testOrigin, "X-Parley", "1")
	var receipt struct{ Receipt string }
	if a.into(t, &receipt); a.status != 202 || receipt.Receipt == "" {
		t.Fatalf("notice: %d %s", a.status, a.body)
	}
	outcome := func() string {
		var out struct{ Outcome string }
		d.do("GET", "/api/v1/sites/news/notices/"+receipt.Receipt, "", "Origin", testOrigin).into(t, &out)
		return out.Outcome
	}
	if o := outcome(); o != "open" {
		t.Errorf("outcome %s", o)
	}
	once := d.queue(t, "state=reported").Context[id].Risk
	for range 2 {
		d.do("POST", "/api/v1/comments/"+id+"/notices", `{"name":"A Citizen","email":"c@example.com","why":"Again","good_faith":true}`, "Origin", testOrigin, "X-Parley", "1")
	}
	q = d.queue(t, "state=reported")
	if n := q.Notices[id]; len(n) != 3 || n[0].Why != "Paragraph 7" || !n[0].GoodFaith || n[0].Receipt != receipt.Receipt || n[0].At == "" || n[0].Name != nil || n[0].Email != nil {
		t.Errorf("what a moderator reads of the notices: %+v", n)
	}
	if r := q.Context[id].Risk; r != once {
		t.Errorf("three notices raise the risk from %v to %v", once, r)
	}
	var full queuePage
	d.do("GET", "/api/v1/sites/news/moderation/queue?state=reported", "", "Authorization", d.ad).into(t, &full)
	if n := full.Notices[id]; len(n) != 3 || n[0].Name == nil || *n[0].Name != "A Citizen" || n[0].Email == nil || *n[0].Email != "c@example.com" {
		t.Errorf("what an admin reads of the notices: %+v", n)
	}
	d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"reject","reason":"illegal"}]`, id))
	if o := outcome(); o != "removed" {
		t.Errorf("outcome %s", o)
	}
	if a := d.do("POST", "/api/v1/comments/"+id+"/notices", `{"name":"","email":"c@example.com","why":"x","good_faith":true}`, "Origin", testOrigin, "X-Parley", "1"); a.status != 422 {
		t.Errorf("a notice without a name: %d", a.status)
	}
}

func TestThreadsAndSearch(t *testing.T) {
	d := newDesk(t)
	id, _ := d.write(t, d.ann, "harbour", "The night ferry calls at Eastgate")
	d.write(t, d.bo, "harbour", "Nobody rides it in winter")
	find := func(query string) (out []string) {
		var q queuePage
		a := d.do("GET", "/api/v1/sites/news/moderation/comments?"+query, "", "Authorization", d.mo)
		if a.status != 200 {
			t.Fatalf("%s: %d %s", query, a.status, a.body)
		}
		a.into(t, &q)
		for _, c := range q.Comments {
			out = append(out, c.ID)
		}
		return out
	}
	for query, n := range map[string]int{"q=ferry": 1, "q=FERRY+night": 1, "q=fer*": 1, "q=ferry+winter": 0, "q=%22": 0, "q=AND+OR+NOT(": 0, "": 2, "status=pending": 0, "status=published&limit=1": 1, "to=2020-01-01T00:00:00Z": 0} {
		if got := find(query); len(got) != n {
			t.Errorf("%q finds %d, want %d", query, len(got), n)
		}
	}
	if got := find("q=eastgate"); len(got) != 1 || got[0] != id {
		t.Errorf("eastgate: %v", got)
	}
	d.do("PATCH", "/api/v1/comments/"+id, `{"body":"Changed to speak of trams"}`, "Authorization", d.ann)
	if a, b := find("q=eastgate"), find("q=trams"); len(a) != 0 || len(b) != 1 {
		t.Errorf("after an edit: %v %v", a, b)
	}
	var list struct {
		Threads []struct {
			ID, Key, State, Title string
			Count                 int `json:"comment_count"`
		}
	}
	d.do("GET", "/api/v1/sites/news/moderation/threads", "", "Authorization", d.mo).into(t, &list)
	if len(list.Threads) != 1 || list.Threads[0].Count != 2 {
		t.Fatalf("%+v", list)
	}
	path := "/api/v1/sites/news/moderation/threads/" + list.Threads[0].ID
	for body, field := range map[string]string{`{"state":"ajar"}`: "state", `{"title":" "}`: "title", `{"mode":"x"}`: "mode", `{"slow_seconds":-1}`: "slow_seconds", `{"closes_at":"never"}`: "closes_at", `{"aliases":["harbour"]}`: "aliases[0]"} {
		if a := d.do("PATCH", path, body, "Authorization", d.mo); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := d.do("PATCH", path, `{"title":"Harbour ferries","aliases":["old-harbour"],"mode":"all"}`, "Authorization", d.mo); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if _, s := d.write(t, d.ann, "old-harbour", "under its old name"); s != "pending" {
		t.Errorf("the thread's mode: %s", s)
	}
	if a := d.do("PATCH", path, `{"state":"closed"}`, "Authorization", d.mo); a.status != 200 {
		t.Fatal(a.status)
	}
	b, _ := json.Marshal(map[string]string{"thread": "harbour", "body": "too late"})
	if a := d.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", d.ann); a.status != 409 {
		t.Errorf("a closed thread takes comments: %d", a.status)
	}
	if a := d.do("GET", "/api/v1/sites/news/comments?thread=harbour", ""); !strings.Contains(string(a.body), `"state":"closed"`) || !strings.Contains(string(a.body), "Harbour ferries") {
		t.Errorf("readers see %s", a.body)
	}
	d.closing(t, path)
}

// closing follows a thread to its end: told before, closed to the moment, dated after.
func (d *desk) closing(t *testing.T, path string) {
	t.Helper()
	read := func() (state, closes string) {
		var p struct {
			Thread struct {
				State  string
				Closes *string `json:"closes_at"`
			}
		}
		d.do("GET", "/api/v1/sites/news/comments?thread=harbour", "").into(t, &p)
		if p.Thread.Closes != nil {
			closes = *p.Thread.Closes
		}
		return p.Thread.State, closes
	}
	set := func(path, body string) {
		t.Helper()
		if a := d.do("PATCH", path, body, "Authorization", d.ad); a.status != 200 {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
	}
	plain := func() string { return string(d.do("GET", "/p/news?thread=harbour", "").body) }
	if state, at := read(); state != "closed" || at == "" || !strings.Contains(plain(), "Comments closed on "+time.Now().UTC().Format("2 January 2006")) {
		t.Errorf("closed by hand: %s %q\n%s", state, at, plain())
	}
	set(path, `{"state":"open"}`)
	if state, at := read(); state != "open" || at != "" {
		t.Errorf("opened: %s %q", state, at)
	}
	events := d.follow("harbour", "")
	next(t, events, "hello")
	set("/api/v1/sites/news/settings", `{"close_days":1}`)
	next(t, events, "thread.updated") // who has the page open hears of the site's days
	if state, at := read(); state != "open" || at == "" {
		t.Errorf("by the site's days: %s %q", state, at)
	}
	if !strings.Contains(plain(), "This discussion closes on ") {
		t.Errorf("nothing is said a day before:\n%s", plain())
	}
	end := time.Now().Add(1500 * time.Millisecond)
	set(path, `{"closes_at":"`+end.UTC().Format(time.RFC3339Nano)+`"}`)
	if state, at := read(); state != "open" || at == "" {
		t.Errorf("a moment before: %s %q", state, at)
	}
	time.Sleep(time.Until(end) + 50*time.Millisecond)
	// No chore has run yet: the cached page ends by itself.
	if state, at := read(); state != "closed" || at == "" {
		t.Errorf("a moment after: %s %q", state, at)
	}
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"harbour","body":"too late"}`, "Authorization", d.ann); a.status != 409 {
		t.Errorf("after its end: %d", a.status)
	}
	if !strings.Contains(plain(), "Comments closed on ") {
		t.Errorf("it is not said when it closed:\n%s", plain())
	}
}
