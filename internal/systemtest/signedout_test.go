package systemtest

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// inboxSocket opens the moderators' socket of a caller.
func (p *program) inboxSocket(header http.Header) *websocket.Conn {
	p.t.Helper()
	ws, res, err := websocket.DefaultDialer.Dial(strings.Replace(p.base, "http", "ws", 1)+"/api/v1/sites/news/moderation/live", header)
	if err != nil {
		p.t.Fatalf("open the moderators' socket: %v %v", err, res)
	}
	p.t.Cleanup(func() { _ = ws.Close() })
	return ws
}

// ended waits until the server closes a socket, and returns the code it gives.
func ended(t *testing.T, ws *websocket.Conn) int {
	t.Helper()
	_ = ws.SetReadDeadline(time.Now().Add(10 * time.Second))
	for {
		_, _, err := ws.ReadMessage()
		if err == nil {
			continue
		}
		if e, ok := err.(*websocket.CloseError); ok {
			return e.Code
		}
		t.Errorf("the socket ends with %v, want a close frame", err)
		return 0
	}
}

// Whatever ends a moderator's session or rights ends what their open dashboards
// are told.
func TestTheModeratorsSocketEndsWithTheSession(t *testing.T) {
	d := newDesk(t)
	person := func(name string) (id string) {
		t.Helper()
		var found struct{ People []struct{ ID string } }
		d.do("GET", "/api/v1/sites/news/moderation/people?q="+strings.ToLower(name), "", "Authorization", d.ad).into(t, &found)
		if len(found.People) != 1 {
			t.Fatalf("%d people called %s", len(found.People), name)
		}
		return found.People[0].ID
	}
	for i, c := range []struct {
		name string
		end  func(b *browser, email, name string)
	}{
		{"logout", func(b *browser, _, _ string) { b.send("POST", "/api/v1/sites/news/logout", "") }},
		{"demotion by an admin", func(_ *browser, _, name string) {
			id := person(name)
			if a := d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/role", `{"role":"member"}`, "Authorization", d.ad); a.status != 200 && a.status != 204 {
				t.Fatalf("demote: %d %s", a.status, a.body)
			}
		}},
		{"demotion on the command line", func(_ *browser, email, _ string) { d.run("user", "role", email, "member", "--site", "news") }},
		{"ban", func(_ *browser, _, name string) {
			id := person(name)
			if a := d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/ban", `{"reason":"Spam"}`, "Authorization", d.ad); a.status != 200 && a.status != 204 {
				t.Fatalf("ban: %d %s", a.status, a.body)
			}
		}},
		{"another password", func(_ *browser, email, _ string) { d.run("user", "password", email, "--password", "quite another one") }},
		{"sign out everywhere", func(b *browser, email, _ string) {
			other := signedIn(t, d.program, email)
			if a := other.send("DELETE", "/api/v1/me/sessions", ""); a.status != 204 {
				t.Fatalf("sign out everywhere: %d %s", a.status, a.body)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			name := []string{"Olga", "Pavel", "Quinn", "Rosa", "Sven", "Tara"}[i]
			email := strings.ToLower(name) + "@example.com"
			d.run("user", "add", "--site", "news", "--email", email, "--name", name, "--password", testPassword, "--role", "moderator")
			d.post(d.login(email), "a", "", "by "+name) // people without comments are not listed
			b := signedIn(t, d.program, email)
			ws := d.inboxSocket(http.Header{"Origin": {d.base}, "Cookie": {"__Host-parley=" + b.jar["__Host-parley"]}, "X-Parley": {"1"}})
			if _, hello, err := ws.ReadMessage(); err != nil || !strings.Contains(string(hello), "hello") {
				t.Fatalf("hello: %s %v", hello, err)
			}
			other := d.inboxSocket(http.Header{"Authorization": {d.mo}})
			c.end(b, email, name)
			if code := ended(t, ws); code != websocket.ClosePolicyViolation {
				t.Errorf("the socket ends with %d, want %d", code, websocket.ClosePolicyViolation)
			}
			if a := b.own("/api/v1/sites/news/moderation/queue"); a.status != 401 && a.status != 403 {
				t.Errorf("the queue afterwards: %d, want 401 or 403", a.status)
			}
			// Nobody else is sent away: the next hint reaches them.
			d.post(d.ann, "a", "", "for "+name)
			_ = other.SetReadDeadline(time.Now().Add(10 * time.Second))
			if err := other.WriteMessage(websocket.TextMessage, []byte(`{}`)); err != nil {
				t.Errorf("another moderator's socket: %v", err)
			}
			d.do("POST", "/api/v1/sites/news/moderation/bans", fmt.Sprintf(`{"email_domain":"d%d.example","reason":"Spam"}`, i), "Authorization", d.ad)
			for {
				_, got, err := other.ReadMessage()
				if err != nil {
					t.Fatalf("another moderator hears nothing: %v", err)
				}
				if strings.Contains(string(got), `"ban"`) {
					break
				}
			}
		})
	}
}
