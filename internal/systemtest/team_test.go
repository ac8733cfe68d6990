package systemtest

import (
	"strings"
	"testing"
)

// Staff write under their team's name: readers see that name and a badge, the
// audit log says who it was, and nobody else can be called so.
func TestStaffWriteUnderTheirTeamsName(t *testing.T) {
	d := newDesk(t)
	write := func(as, who string) answer {
		return d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"The port has answered.","as":"`+as+`"}`, "Authorization", who)
	}
	if a := write("team", d.mo); a.status != 422 || !strings.Contains(string(a.body), `"field":"as"`) {
		t.Errorf("without a name: %d %s", a.status, a.body)
	}
	set := func(name string) answer {
		return d.do("PATCH", "/api/v1/sites/news/settings", `{"team_name":"`+name+`"}`, "Authorization", d.ad)
	}
	for _, bad := range []string{"x", strings.Repeat("x", 41), "desk@news.example", "Ann Lee", "Аnn Lee"} { // the last begins with a Cyrillic letter
		if a := set(bad); a.status != 422 || !strings.Contains(string(a.body), `"field":"team_name"`) {
			t.Errorf("%s: %d %s", bad, a.status, a.body)
		}
	}
	if a := set("The news desk"); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := write("team", d.ann); a.status != 403 {
		t.Errorf("a reader: %d %s", a.status, a.body)
	}
	if a := write("me", d.mo); a.status != 422 {
		t.Errorf("as nobody that there is: %d %s", a.status, a.body)
	}
	a := write("team", d.mo)
	var made struct {
		Comment struct {
			ID, Status string
			Author     struct{ Name, Role string }
		}
	}
	a.into(t, &made)
	if a.status != 201 || made.Comment.Author.Name != "The news desk" || made.Comment.Status != "published" || strings.Contains(string(a.body), "Mo Moderator") {
		t.Errorf("%d %s", a.status, a.body)
	}
	if page := d.do("GET", "/api/v1/sites/news/comments?thread=a", ""); strings.Contains(string(page.body), "Mo Moderator") {
		t.Errorf("readers see who it was: %s", page.body)
	}
	var log struct {
		Entries []struct{ Action, By, Target string }
	}
	d.do("GET", "/api/v1/sites/news/moderation/audit", "", "Authorization", d.ad).into(t, &log)
	if len(log.Entries) == 0 || log.Entries[0].Action != "as team" || log.Entries[0].By != "Mo Moderator" || log.Entries[0].Target != made.Comment.ID {
		t.Errorf("the log says %+v", log.Entries)
	}
	d.run("site", "set", "news", "--guests")
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"a","body":"Me too","guest":{"name":"The news desk"}}`, "Origin", testOrigin, "X-Parley", "1"); a.status != 422 {
		t.Errorf("a guest of that name: %d %s", a.status, a.body)
	}
	d.run("site", "set", "news", "--team", "")
	d.run("site", "set", "news", "--team", "The news desk") // it has had the name before
	if line := d.refused("site", "set", "news", "--team", "Bo Berg"); !strings.Contains(line, "team_name") {
		t.Errorf("the command: %s", line)
	}
}
