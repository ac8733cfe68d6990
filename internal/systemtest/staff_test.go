package systemtest

import (
	"strings"
	"testing"
)

// An admin sees where the team is signed in and signs one of them out; of others
// he learns nothing, and of an operator neither.
func TestTheSessionsOfTheTeam(t *testing.T) {
	d := newDesk(t)
	mo, ann := d.person(t, d.ad, "Mo Moderator").ID, d.person(t, d.ad, "Ann Lee").ID
	at := func(id string) string { return "/api/v1/sites/news/moderation/people/" + id + "/sessions" }
	var out struct {
		Sessions []struct{ ID, Kind string }
		Second   bool `json:"second_factor"`
	}
	d.do("GET", at(mo), "", "Authorization", d.ad).into(t, &out)
	if len(out.Sessions) != 1 || out.Sessions[0].Kind != "program" || out.Second {
		t.Errorf("the moderator's: %+v", out)
	}
	for _, c := range []struct {
		method, id, who string
		want            int
	}{{"GET", mo, d.mo, 403}, {"GET", ann, d.ad, 404}, {"DELETE", ann, d.ad, 404}, {"DELETE", mo, d.mo, 403}, {"DELETE", mo, d.ad, 204}} {
		if a := d.do(c.method, at(c.id), "", "Authorization", c.who); a.status != c.want {
			t.Errorf("%s of %s: %d %s, want %d", c.method, c.id, a.status, a.body, c.want)
		}
	}
	if a := d.do("GET", "/api/v1/sites/news/moderation/counts", "", "Authorization", d.mo); a.status != 401 {
		t.Errorf("his token after that: %d %s", a.status, a.body)
	}
	d.makeOperator(t, "mo@example.com")
	if a := d.do("GET", at(mo), "", "Authorization", d.ad); a.status != 403 {
		t.Errorf("an operator's: %d %s", a.status, a.body)
	}
}

// A site is handed over in one step, to one of its team, and is never without an
// admin: the last one cannot leave, nor be switched off.
func TestASiteIsHandedOver(t *testing.T) {
	d := newDesk(t)
	mo, ad, ann := d.person(t, d.ad, "Mo Moderator").ID, d.person(t, d.ad, "Ada Admin").ID, d.person(t, d.ad, "Ann Lee").ID
	over := func(id, who string) answer {
		return d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/hand-over", "", "Authorization", who)
	}
	if a := d.act(d.ad, ad, "role", `{"role":"moderator"}`); a.status != 409 || !strings.Contains(string(a.body), "last_admin") {
		t.Errorf("the last admin leaves: %d %s", a.status, a.body)
	}
	if line := d.refused("user", "disable", "ad@example.com"); !strings.Contains(line, "only") {
		t.Errorf("the last admin is switched off: %s", line)
	}
	for _, c := range []struct {
		id, who string
		want    int
	}{{mo, d.mo, 403}, {ann, d.ad, 409}, {ad, d.ad, 409}, {mo, d.ad, 200}} {
		if a := over(c.id, c.who); a.status != c.want {
			t.Errorf("to %s: %d %s, want %d", c.id, a.status, a.body, c.want)
		}
	}
	var list struct{ People []struct{ ID, Role string } }
	d.do("GET", "/api/v1/sites/news/moderation/people?filter=staff", "", "Authorization", d.mo).into(t, &list)
	roles := map[string]string{}
	for _, p := range list.People {
		roles[p.ID] = p.Role
	}
	if roles[mo] != "admin" || roles[ad] != "moderator" {
		t.Errorf("after that: %v", roles)
	}
	if a := over(ad, d.ad); a.status != 403 {
		t.Errorf("whoever has handed it over has no say any more: %d %s", a.status, a.body)
	}
	d.run("user", "disable", "ad@example.com") // no admin any more
}

// An account that is switched off signs in nowhere, in no way, and hears nothing;
// what it wrote stays, and it can be switched on again.
func TestAnAccountIsSwitchedOff(t *testing.T) {
	d := newDesk(t)
	d.post(d.ann, "a", "", "It stands here.")
	d.run("user", "disable", "ann@example.com")
	eventually(t, "her session ends", func() bool {
		return d.do("GET", "/api/v1/me/account", "", "Authorization", d.ann).status == 401
	})
	if a := d.do("POST", "/api/v1/sites/news/login", `{"email":"ann@example.com","password":"`+testPassword+`","session":"token"}`); a.status != 403 || !strings.Contains(string(a.body), `"code":"disabled"`) {
		t.Errorf("she signs in: %d %s", a.status, a.body)
	}
	if a := d.do("POST", "/api/v1/sites/news/login", `{"email":"ann@example.com","password":"not that one","session":"token"}`); a.status != 401 {
		t.Errorf("whoever does not know the password learns nothing: %d %s", a.status, a.body)
	}
	if out := d.run("user", "list", "--json"); !strings.Contains(out, "(switched off)") {
		t.Errorf("the list: %s", out)
	}
	if n := len(d.page("thread=a").Comments); n != 1 {
		t.Errorf("%d comments", n)
	}
	d.run("user", "disable", "ann@example.com", "--off")
	if a := d.do("GET", "/api/v1/me/account", "", "Authorization", d.login("ann@example.com")); a.status != 200 {
		t.Errorf("on again: %d %s", a.status, a.body)
	}
}

// Only an admin who can sign in, and will, keeps a site from having none: one
// that is switched off or is about to be erased counts for nothing, is handed
// nothing and given nothing. So it is with the operators of the server.
func TestWhoIsGoneKeepsNoSite(t *testing.T) {
	d := newDesk(t)
	d.run("user", "add", "--site", "news", "--email", "sam@example.com", "--name", "Sam Second", "--password", testPassword, "--role", "admin")
	sam, ad, mo := d.person(t, d.ad, "Sam Second").ID, d.person(t, d.ad, "Ada Admin").ID, d.person(t, d.ad, "Mo Moderator").ID
	over := func(id string) answer {
		return d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/hand-over", "", "Authorization", d.ad)
	}
	d.run("user", "disable", "sam@example.com")
	refuses(t, "handed to somebody who is switched off", over(sam), 409, "account_off")
	refuses(t, "the other one steps down", d.act(d.ad, ad, "role", `{"role":"moderator"}`), 409, "last_admin")
	refuses(t, "a role for somebody who is switched off", d.act(d.ad, sam, "role", `{"role":"staff"}`), 409, "account_off")
	if line := d.refused("user", "role", "ad@example.com", "member", "--site", "news"); !strings.Contains(line, "Name another admin first") {
		t.Errorf("by the command: %s", line)
	}
	var shown struct {
		Off bool `json:"switched_off"`
	}
	if d.do("GET", "/api/v1/sites/news/moderation/people/"+sam, "", "Authorization", d.ad).into(t, &shown); !shown.Off {
		t.Error("nothing says that the account is switched off")
	}
	d.run("user", "disable", "sam@example.com", "--off")
	leaves := signedIn(t, d.program, "sam@example.com")
	if a := leaves.send("DELETE", "/api/v1/me", `{"text":"keep"}`); a.status != 202 {
		t.Fatalf("one of two asks to be erased: %d %s", a.status, a.body)
	}
	refuses(t, "handed to somebody who leaves", over(sam), 409, "account_off")
	refuses(t, "the other one steps down", d.act(d.ad, ad, "role", `{"role":"moderator"}`), 409, "last_admin")
	if a := over(mo); a.status != 200 {
		t.Errorf("handed to somebody who is here: %d %s", a.status, a.body)
	}
	if a := d.act(d.login("mo@example.com"), sam, "role", `{"role":"member"}`); a.status != 200 {
		t.Errorf("who leaves loses a role: %d %s", a.status, a.body)
	}

	d.makeOperator(t, "ad@example.com")
	d.makeOperator(t, "ann@example.com")
	d.run("user", "disable", "ann@example.com")
	put := func(email, on string) answer {
		return d.do("PUT", "/api/v1/server/operators", `{"email":"`+email+`","on":`+on+`}`, "Authorization", d.login("ad@example.com"))
	}
	refuses(t, "the only operator who can sign in", put("ad@example.com", "false"), 409, "last_operator")
	if line := d.refused("user", "operator", "ad@example.com", "--off"); !strings.Contains(line, "only operator") {
		t.Errorf("by the command: %s", line)
	}
	if line := d.refused("user", "disable", "ad@example.com"); !strings.Contains(line, "only operator") {
		t.Errorf("switched off: %s", line)
	}
	if a := put("ann@example.com", "false"); a.status != 200 {
		t.Errorf("who is switched off is operator no more: %d %s", a.status, a.body)
	}
	refuses(t, "an operator who is switched off", put("ann@example.com", "true"), 409, "account_off")
}
