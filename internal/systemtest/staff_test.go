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
