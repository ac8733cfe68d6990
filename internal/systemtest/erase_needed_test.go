package systemtest

import (
	"strings"
	"testing"
)

// The only admin of a site cannot be erased; once there is another, he can.
func TestTheOnlyAdminMayNotGo(t *testing.T) {
	p := newProgram(t)
	p.run("user", "role", "ann@example.com", "admin", "--site", "news")
	if _, line := p.fails("user", "role", "ann@example.com", "member", "--site", "news"); !strings.Contains(line, "Name another admin first") {
		t.Errorf("the command line takes the only admin: %q", line)
	}
	p.start()
	b := signedIn(t, p, "ann@example.com")
	a := b.send("DELETE", "/api/v1/me", `{"text":"keep"}`)
	if a.status != 409 || !strings.Contains(string(a.body), `"state"`) {
		t.Fatalf("the only admin asks to be erased: %d %s", a.status, a.body)
	}
	p.run("user", "add", "--site", "news", "--email", "bob@example.com", "--name", "Bob Ray", "--password", testPassword)
	p.run("user", "role", "bob@example.com", "admin", "--site", "news")
	if a = b.send("DELETE", "/api/v1/me", `{"text":"keep"}`); a.status != 202 {
		t.Errorf("one of two: %d %s", a.status, a.body)
	}
	c := signedIn(t, p, "bob@example.com")
	if a = c.send("DELETE", "/api/v1/me", `{"text":"keep"}`); a.status != 409 {
		t.Errorf("the other one, while the first is on his way out: %d %s", a.status, a.body)
	}
}
