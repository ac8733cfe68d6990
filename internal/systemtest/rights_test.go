package systemtest

import (
	"database/sql"
	"fmt"
	"strings"
	"testing"
)

// Who gave the session that is open must not be enough to give roles, to take
// the log out or to change where a site's secrets go; a program's token is its
// own proof, and an everyday setting needs none.
func TestRolesSecretsAndExportsAskWhoItIs(t *testing.T) {
	d := newDesk(t)
	d.write(t, d.bo, "a", "Something that stands")
	bo := d.person(t, d.mo, "Bo Berg").ID
	ada := signedIn(t, d.program, "ad@example.com")
	role := func(as string) answer {
		return ada.send("POST", "/api/v1/sites/news/moderation/people/"+bo+"/role", fmt.Sprintf(`{"role":%q}`, as))
	}
	set := func(body string) answer { return ada.send("PATCH", "/api/v1/sites/news/settings", body) }
	log := func() answer { return ada.own("/api/v1/sites/news/moderation/audit.jsonl") }
	if a := role("staff"); a.status != 200 {
		t.Fatalf("just signed in: %d %s", a.status, a.body)
	}
	db, err := sql.Open("sqlite3", "file:"+d.file()+"?_busy_timeout=5000")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE sessions SET proved = proved - 3600000 WHERE kind = 'account'`); err != nil {
		t.Fatal(err)
	}
	refuses(t, "a role", role("moderator"), 403, "proof")
	refuses(t, "an invitation to a role", ada.send("POST", "/api/v1/sites/news/moderation/invitations", `{"email":"nia@example.com","name":"","role":"admin"}`), 403, "proof")
	refuses(t, "the log as a file", log(), 403, "proof")
	for _, body := range []string{`{"akismet_key":"k"}`, `{"hook_secret":"s"}`, `{"hook_url":"https://hook.example/"}`, `{"scorer_url":"https://s.example/","scorer_key":"k"}`, `{"sso_roles":true}`} {
		refuses(t, body, set(body), 403, "proof")
	}
	if a := set(`{"sso_roles":false}`); a.status != 200 {
		t.Errorf("roles that are given no more: %d %s", a.status, a.body)
	}
	if a := set(`{"max_links":2}`); a.status != 200 {
		t.Errorf("an everyday setting: %d %s", a.status, a.body)
	}
	if a := ada.own("/api/v1/sites/news/moderation/audit"); a.status != 200 {
		t.Errorf("the log on the screen: %d %s", a.status, a.body)
	}
	if a := ada.send("POST", "/api/v1/me/proof", fmt.Sprintf(`{"password":%q}`, testPassword)); a.status != 204 {
		t.Fatalf("proof: %d %s", a.status, a.body)
	}
	for name, a := range map[string]answer{"a role": role("member"), "the log as a file": log(), "a secret": set(`{"akismet_key":"k"}`)} {
		if a.status != 200 {
			t.Errorf("%s, proved again: %d %s", name, a.status, a.body)
		}
	}
}

// In the frame an admin moderates like anybody who may; what is the site's is
// changed where no page stands around it.
func TestTheFrameOfAnAdminModeratesAndNoMore(t *testing.T) {
	d := newDesk(t)
	d.write(t, d.bo, "a", "Something that stands")
	bo := d.person(t, d.mo, "Bo Berg").ID
	in := d.do("POST", "/api/v1/sites/news/login", `{"email":"ad@example.com","password":"`+testPassword+`","session":"frame"}`, "Origin", d.base, "X-Parley", "1")
	cookie, _, _ := strings.Cut(in.header.Get("Set-Cookie"), ";")
	frame := func(method, path, body string) answer {
		return d.do(method, "/api/v1/sites/news"+path, body, "Origin", d.base, "X-Parley", "1", "Cookie", cookie)
	}
	id, _ := d.write(t, d.bo, "a", "Something to decide about")
	if a := frame("POST", "/moderation/decisions", `[{"comment_id":"`+id+`","action":"reject"}]`); a.status != 200 {
		t.Errorf("a decision: %d %s", a.status, a.body)
	}
	for path, body := range map[string]string{"/settings": `{"max_links":2}`} {
		if a := frame("PATCH", path, body); a.status != 403 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	if a := frame("POST", "/moderation/people/"+bo+"/role", `{"role":"admin"}`); a.status != 403 {
		t.Errorf("a role: %d %s", a.status, a.body)
	}
	if a := frame("GET", "/moderation/audit.jsonl", ""); a.status != 403 {
		t.Errorf("the log as a file: %d", a.status)
	}
	if p := frame("GET", "/moderation/people/"+bo, ""); p.status != 200 || strings.Contains(string(p.body), "bo@example.com") {
		t.Errorf("an address in the frame: %d %s", p.status, p.body)
	}
}

// What is written of who may act on people is what is done: moderators, and
// admins alone give roles. Who reads the desk may do neither.
func TestActsOnPeopleAreForModerators(t *testing.T) {
	d := newDesk(t)
	d.write(t, d.bo, "a", "Something that stands")
	bo := d.person(t, d.mo, "Bo Berg").ID
	d.run("user", "add", "--site", "news", "--email", "au@example.com", "--name", "Au Ditor", "--password", testPassword, "--role", "auditor")
	d.run("user", "add", "--site", "news", "--email", "st@example.com", "--name", "St Aff", "--password", testPassword, "--role", "staff")
	acts := map[string]string{"note": `{"text":"A note."}`, "trust": `{"level":"member"}`, "warn": `{"text":"Please read the standards."}`, "ban": `{"reason":"x"}`, "role": `{"role":"member"}`}
	for _, who := range []string{"au@example.com", "st@example.com"} {
		as := d.login(who)
		if a := d.do("GET", "/api/v1/sites/news/moderation/people/"+bo, "", "Authorization", as); a.status != 200 {
			t.Errorf("%s reads: %d", who, a.status)
		}
		for act, body := range acts {
			refuses(t, who+": "+act, d.act(as, bo, act, body), 403, "role")
		}
		refuses(t, who+": what there is none of", d.act(as, bo, "applaud", ""), 403, "role")
	}
	for act, body := range acts {
		want := 200
		if act == "role" {
			want = 403
		}
		if a := d.act(d.mo, bo, act, body); a.status != want {
			t.Errorf("a moderator: %s: %d %s", act, a.status, a.body)
		}
	}
}
