package systemtest

import (
	"encoding/json"
	"strings"
	"testing"
)

// lifeOf does an act on a site and returns the answer.
func (d *desk) lifeOf(site, body, token string) answer {
	return d.do("POST", "/api/v1/sites/"+site+"/settings/life", body, "Authorization", token)
}

// state is what a page's reader is told: of its thread, and of pages that have none.
func (d *desk) stateOf(t *testing.T, site, thread string) (of, fresh string) {
	t.Helper()
	var p struct {
		Site   struct{ State string }
		Thread *struct{ State string }
	}
	d.do("GET", "/api/v1/sites/"+site+"/comments?thread="+thread, "").into(t, &p)
	if p.Thread != nil {
		of = p.Thread.State
	}
	if fresh = p.Site.State; fresh == "" {
		fresh = "open"
	}
	return of, fresh
}

// An archived site is read by everybody and written on by nobody, at once and
// until it is opened again.
func TestAnArchivedSiteIsReadOnly(t *testing.T) {
	d := newDesk(t)
	id, _ := d.write(t, d.ann, "a", "It stands here.")
	if a := d.lifeOf("news", `{"act":"archive"}`, d.mo); a.status != 403 {
		t.Errorf("a moderator archives: %d %s", a.status, a.body)
	}
	if a := d.lifeOf("news", `{"act":"burn"}`, d.ad); a.status != 422 {
		t.Errorf("an act that there is not: %d %s", a.status, a.body)
	}
	a := d.lifeOf("news", `{"act":"archive"}`, d.ad)
	if a.status != 200 || !strings.Contains(string(a.body), `"archived_at":"2`) {
		t.Fatalf("archive: %d %s", a.status, a.body)
	}
	if of, fresh := d.stateOf(t, "news", "a"); of != "read_only" || fresh != "read_only" {
		t.Errorf("readers are told %q and %q", of, fresh)
	}
	for _, c := range []struct{ method, path, body string }{
		{"POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"More"}`},
		{"POST", "/api/v1/sites/news/comments", `{"thread":"fresh","body":"More"}`},
		{"PUT", "/api/v1/comments/" + id + "/vote", `{"value":1}`},
		{"PATCH", "/api/v1/comments/" + id, `{"body":"It stood here."}`},
	} {
		who := d.ann
		if strings.HasSuffix(c.path, "/vote") {
			who = d.bo
		}
		if a := d.do(c.method, c.path, c.body, "Authorization", who); a.status != 409 {
			t.Errorf("%s %s on an archived site: %d %s", c.method, c.path, a.status, a.body)
		}
	}
	if a := d.do("POST", "/api/v1/comments/"+id+"/reports", `{"reason":"abuse"}`, "Authorization", d.bo); a.status >= 300 {
		t.Errorf("what stands there can still be reported: %d %s", a.status, a.body)
	}
	if a := d.lifeOf("news", `{"act":"archive"}`, d.ad); a.status != 200 {
		t.Errorf("archived twice: %d %s", a.status, a.body)
	}
	if a := d.do("GET", "/p/news?thread=fresh", ""); a.status != 200 || strings.Contains(string(a.body), `id="write"`) {
		t.Errorf("the page without a script offers to write: %d", a.status)
	}
	if out := d.run("site", "list", "--json"); !strings.Contains(out, `"state":"archived"`) {
		t.Errorf("the list of sites: %s", out)
	}
	d.run("site", "set", "news", "--no-archive")
	eventually(t, "the command opens it again", func() bool { of, fresh := d.stateOf(t, "news", "a"); return of == "open" && fresh == "open" })
	var log struct {
		Entries []struct{ Action string }
	}
	d.do("GET", "/api/v1/sites/news/moderation/audit", "", "Authorization", d.ad).into(t, &log)
	if len(log.Entries) < 2 || log.Entries[0].Action != "site_reopen" || log.Entries[1].Action != "site_archive" {
		t.Errorf("the log says %+v: one archiving, one opening", log.Entries)
	}
}

// A site is deleted a day after that was asked for, with its key typed; the
// admins are told, and any of them calls it off.
func TestADeletionOfASiteCanBeCalledOff(t *testing.T) {
	box, addr := newMailRelay(t)
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+addr)
	for _, u := range [][3]string{{"ad@example.com", "Ada Admin", "admin"}, {"al@example.com", "Al Other", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	d := &desk{program: p, ad: p.login("ad@example.com"), ann: p.login("ann@example.com")}
	al := p.login("al@example.com")
	p.post(d.ann, "a", "", "It stands here.")
	if a := d.lifeOf("news", `{"act":"delete","confirm":"nws"}`, d.ad); a.status != 422 || !strings.Contains(string(a.body), `"field":"confirm"`) {
		t.Errorf("a slip: %d %s", a.status, a.body)
	}
	if a := d.lifeOf("news", `{"act":"keep"}`, d.ad); a.status != 409 {
		t.Errorf("called off before it was asked for: %d %s", a.status, a.body)
	}
	a := d.lifeOf("news", `{"act":"delete","confirm":"news"}`, d.ad)
	var out struct {
		Deletes *string `json:"deletes_at"`
	}
	if json.Unmarshal(a.body, &out); a.status != 200 || out.Deletes == nil {
		t.Fatalf("delete: %d %s", a.status, a.body)
	}
	if a := d.lifeOf("news", `{"act":"delete","confirm":"news"}`, al); a.status != 409 || !strings.Contains(string(a.body), "already") {
		t.Errorf("asked for twice: %d %s", a.status, a.body)
	}
	for _, who := range []string{"ad@example.com", "al@example.com"} {
		eventually(t, who+" is told", func() bool { return len(box.to(who)) == 1 })
	}
	if of, _ := d.stateOf(t, "news", "a"); of != "read_only" {
		t.Errorf("what is written until then would be lost, and the page is %q", of)
	}
	if a := d.lifeOf("news", `{"act":"keep"}`, al); a.status != 200 || !strings.Contains(string(a.body), `"deletes_at":null`) {
		t.Fatalf("keep: %d %s", a.status, a.body)
	}
	if of, _ := d.stateOf(t, "news", "a"); of != "open" {
		t.Errorf("after that the page is %q", of)
	}
	eventually(t, "ada is told that it stays", func() bool { return len(box.to("ad@example.com")) == 2 })

	// The command does the same, and what is due goes.
	if out := p.run("site", "rm", "news", "--confirm", "news"); !strings.Contains(out, "--off") {
		t.Errorf("the command: %s", out)
	}
	p.run("site", "rm", "news", "--off")
	p.refused("site", "rm", "news", "--off")
	p.run("site", "rm", "news", "--confirm", "news")
	if a := p.do("GET", "/api/v1/sites/news/comments?thread=a", ""); a.status != 200 {
		t.Errorf("gone before its time: %d", a.status)
	}
}

// Operators make sites, and nobody else does.
func TestAnOperatorMakesASite(t *testing.T) {
	d := newDesk(t)
	d.run("user", "add", "--site", "news", "--email", "op@example.com", "--name", "Opal Operator", "--password", testPassword)
	d.makeOperator(t, "op@example.com")
	op := d.login("op@example.com")
	const body = `{"key":"sport","name":"Sport","origins":["https://sport.example"]}`
	if a := d.do("POST", "/api/v1/sites", body, "Authorization", d.ad); a.status != 403 {
		t.Errorf("an admin of another site: %d %s", a.status, a.body)
	}
	for body, field := range map[string]string{
		`{"key":"Sport!","name":"Sport","origins":["https://sport.example"]}`: "key",
		`{"key":"sport","name":"","origins":["https://sport.example"]}`:       "name",
		`{"key":"sport","name":"Sport","origins":[]}`:                         "origin",
		`{"key":"news","name":"Sport","origins":["https://sport.example"]}`:   "key",
	} {
		if a := d.do("POST", "/api/v1/sites", body, "Authorization", op); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s, want 422 about %s", body, a.status, a.body, field)
		}
	}
	if a := d.do("POST", "/api/v1/sites", body, "Authorization", op); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	var list struct{ People []struct{ Name, Role string } }
	d.do("GET", "/api/v1/sites/sport/moderation/people?filter=staff", "", "Authorization", op).into(t, &list)
	if len(list.People) != 1 || list.People[0].Role != "admin" {
		t.Errorf("its people: %+v", list.People)
	}
	if _, fresh := d.stateOf(t, "sport", "x"); fresh != "open" {
		t.Errorf("its pages are %q", fresh)
	}
}

// Pages below a path take no comments, whether their thread is there or not.
func TestPathsAreClosed(t *testing.T) {
	d := newDesk(t)
	const court, ferry = "https://news.example/court/case-1", "https://news.example/ferry"
	write := func(key, url string) int {
		return d.do("POST", "/api/v1/sites/news/comments", `{"thread":"`+key+`","url":"`+url+`","body":"A word"}`, "Authorization", d.ann).status
	}
	if s := write(court, court); s != 201 {
		t.Fatalf("open: %d", s)
	}
	for _, bad := range []string{`["court/*"]`, `["/a*b"]`, `["/court?x"]`, `["/` + strings.Repeat("x", 300) + `"]`} {
		if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"closed_paths":`+bad+`}`, "Authorization", d.ad); a.status != 422 || !strings.Contains(string(a.body), `"field":"closed_paths"`) {
			t.Errorf("%s: %d %s", bad, a.status, a.body)
		}
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"closed_paths":["/court/*"]}`, "Authorization", d.ad); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for key, want := range map[string][2]string{court: {"closed", "closed"}, "https://news.example/court/case-2": {"", "closed"}, "https://news.example/court": {"", "closed"}, "https://news.example/courtyard": {"", "open"}} {
		if of, fresh := d.stateOf(t, "news", key); of != want[0] || fresh != want[1] {
			t.Errorf("%s: %q %q, want %q", key, of, fresh, want)
		}
	}
	for _, c := range []struct {
		key, url string
		want     int
	}{
		{court, court, 409},
		{"https://news.example/court/case-2", "", 409},
		{"https://news.example/%63ourt/case-3", "", 409},
		{"case-4", "https://news.example/court/case-4", 409},
		{ferry, ferry, 201},
		{"https://news.example/courtyard", "", 201},
		{"article-43", "https://news.example/free/3", 201}, // one key on many pages: each is where it is
		{"article-43", "https://news.example/court/3", 409},
		{"article-43", "https://news.example/free/3", 201},
	} {
		if got := write(c.key, c.url); got != c.want {
			t.Errorf("%s at %s: %d, want %d", c.key, c.url, got, c.want)
		}
	}
	d.run("site", "set", "news", "--closed-path", "")
	eventually(t, "the command opens them", func() bool { of, _ := d.stateOf(t, "news", court); return of == "open" })
}

// Who sets what somebody else has set meanwhile is told so, and nothing is
// changed; each setting says who changed it last.
func TestTwoAdminsSetOneThing(t *testing.T) {
	d := newDesk(t)
	patch := func(body string) answer {
		return d.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", d.ad)
	}
	if a := patch(`{"max_links":5,"was":{"max_links":3}}`); a.status != 200 {
		t.Fatalf("as it was: %d %s", a.status, a.body)
	}
	if a := patch(`{"max_links":9,"guests":true,"was":{"max_links":3,"guests":false}}`); a.status != 409 || !strings.Contains(string(a.body), `"code":"edited"`) {
		t.Fatalf("as it is no more: %d %s", a.status, a.body)
	}
	var now struct {
		MaxLinks int `json:"max_links"`
		Guests   bool
		Changes  map[string]struct{ By, At string }
	}
	d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &now)
	if now.MaxLinks != 5 || now.Guests || now.Changes["max_links"].By != "Ada Admin" || now.Changes["guests"].At != "" {
		t.Errorf("after that: %+v", now)
	}
	d.run("site", "set", "news", "--guests")
	d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &now)
	if now.Changes["guests"].At == "" || now.Changes["guests"].By != "" {
		t.Errorf("the command: %+v", now.Changes)
	}
	if a := patch(`{"max_links":9,"was":{"no_such":3}}`); a.status != 422 || !strings.Contains(string(a.body), `"field":"was"`) {
		t.Errorf("a setting that there is not: %d %s", a.status, a.body)
	}
	if a := patch(`{"staff_second":true}`); a.status != 409 || !strings.Contains(string(a.body), "own_second") {
		t.Errorf("who has no second factor asks it of the others: %d %s", a.status, a.body)
	}
}
