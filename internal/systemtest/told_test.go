package systemtest

import (
	"io"
	"mime/quotedprintable"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

type toldPage struct {
	Notifications []struct {
		ID, Kind string
		Read     bool
		Title    string
		URL      string
		Comment  struct{ ID, Status string }
		Actor    *struct{ Name string }
	}
	Unread int
	Next   *string `json:"next_cursor"`
}

// A widget sees what its site has to tell, the account all of it; pages follow one
// another without loss; what is read there is read here; decisions are told, and
// what the moderators took away is told to nobody else.
func TestTheBell(t *testing.T) {
	parallel(t)
	p := newProgram(t)
	for _, u := range [][]string{{"bo@example.com", "Bo Berg", "member"}, {"mo@example.com", "Mo", "moderator"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	ann, bo, mo := p.login("ann@example.com"), p.login("bo@example.com"), p.login("mo@example.com")
	widget := []string{"Origin", testOrigin, "X-Parley", "1", "Cookie", signedIn(t, p, "ann@example.com").widgetOf()}
	told := func(query string, header ...string) (out toldPage) {
		t.Helper()
		p.do("GET", "/api/v1/me/notifications"+query, "", header...).into(t, &out)
		return out
	}
	root := p.post(ann, "k", "", "the root")
	for range 3 {
		p.post(bo, "k", root.ID, "an answer")
	}
	eventually(t, "three are told", func() bool { return told("?site=news", widget...).Unread == 3 })
	first := told("?site=news&limit=2", widget...)
	if len(first.Notifications) != 2 || first.Next == nil || first.Notifications[0].Actor.Name != "Bo Berg" {
		t.Fatalf("%+v", first)
	}
	if rest := told("?site=news&limit=2&cursor="+*first.Next, widget...); len(rest.Notifications) != 1 || rest.Next != nil {
		t.Errorf("%+v", rest)
	} else {
		seen := map[string]bool{rest.Notifications[0].Comment.ID: true}
		for _, n := range first.Notifications {
			seen[n.Comment.ID] = true
		}
		if len(seen) != 3 {
			t.Errorf("the pages hold %v", seen)
		}
	}
	if a := p.do("GET", "/api/v1/me/notifications", "", widget...); a.status != 403 || !strings.Contains(string(a.body), "first_party_required") {
		t.Errorf("a widget asks for every site: %d %s", a.status, a.body)
	}
	var me struct{ Unread int }
	p.do("GET", "/api/v1/me?site=news&thread=k", "", widget...).into(t, &me)
	if me.Unread != 3 {
		t.Errorf("/me says %d", me.Unread)
	}
	if a := p.do("PUT", "/api/v1/me/notifications/read?site=news", `{"until":"`+first.Notifications[1].ID+`"}`, widget...); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if all := told("", "Authorization", ann); all.Unread != 1 || all.Notifications[0].Read || !all.Notifications[1].Read {
		t.Errorf("%+v", all)
	}

	// A decision about one of ann's is told to her alone; bo's that is taken away is told to her no more.
	decide := func(id, action string) {
		t.Helper()
		if a := p.do("POST", "/api/v1/sites/news/moderation/decisions", `[{"comment_id":"`+id+`","action":"`+action+`","reason":"off_topic"}]`, "Authorization", mo); a.status != 200 || !strings.Contains(string(a.body), `"ok":true`) {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	decide(first.Notifications[0].Comment.ID, "reject")
	if all := told("", "Authorization", ann); all.Unread != 0 || len(all.Notifications) != 2 {
		t.Errorf("of what is gone: %+v", all)
	}
	mine := p.post(ann, "k", "", "about something else")
	decide(mine.ID, "reject")
	eventually(t, "ann is told of the decision", func() bool {
		all := told("", "Authorization", ann)
		return all.Unread == 1 && all.Notifications[0].Kind == "removed" && all.Notifications[0].Comment.ID == mine.ID && all.Notifications[0].Actor == nil
	})
	if a := p.do("PUT", "/api/v1/me/notifications/read", `{"until":"2099-01-01T00:00:00Z"}`, "Authorization", ann); a.status != 204 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	p.post(bo, "k", root.ID, "later")
	eventually(t, "what comes after that is unread", func() bool { return told("", "Authorization", ann).Unread == 1 })
}

// The link of a mention leads to what its person wrote last.
func TestAMentionLeadsToThePerson(t *testing.T) {
	parallel(t)
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.start()
	ann, bo := p.login("ann@example.com"), p.login("bo@example.com")
	said := p.post(bo, "k", "", "I am Bo")
	var made struct{ Comment struct{ HTML string } }
	p.do("POST", "/api/v1/sites/news/comments", `{"thread":"k","url":"`+testOrigin+`/k","body":"ask @Bo Berg"}`, "Authorization", ann).into(t, &made)
	m := regexp.MustCompile(`href="` + regexp.QuoteMeta(p.base) + `(/u/[a-z0-9]+)"><span class="mention">@Bo Berg</span></a>`).FindStringSubmatch(made.Comment.HTML)
	if m == nil {
		t.Fatal(made.Comment.HTML)
	}
	if a := p.wrong("GET", m[1], ""); a.status != http.StatusFound || !strings.HasSuffix(a.header.Get("Location"), "#parley-"+said.ID) {
		t.Errorf("%d %s", a.status, a.header.Get("Location"))
	}
	var people struct {
		People []struct {
			Name     string
			Comments int
		}
	}
	p.do("GET", "/api/v1/sites/news/mentionable?thread=k", "", "Authorization", ann).into(t, &people)
	if len(people.People) != 1 || people.People[0].Name != "Bo Berg" || people.People[0].Comments != 1 {
		t.Errorf("%+v", people)
	}
}

// Somebody without an account follows once the owner of the address has said yes,
// hears, and ends it with one press; the answer says nothing of the address.
func TestAGuestFollows(t *testing.T) {
	parallel(t)
	box, addr := newMailRelay(t)
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+addr)
	p.run("site", "set", "news", "--guests")
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "k", "", "the root")
	page := []string{"Origin", testOrigin, "X-Parley", "1"}
	follow := func(thread, email string) answer {
		return p.do("POST", "/api/v1/sites/news/follow/guest?thread="+thread, `{"email":"`+email+`"}`, page...)
	}
	const guest = "Gast@inbox.example"
	for _, email := range []string{guest, guest, "ann@example.com", "nobody@inbox.example"} {
		if a := follow("k", email); a.status != 202 || len(a.body) != 0 {
			t.Fatalf("%s: %d %s", email, a.status, a.body)
		}
	}
	for _, bad := range []string{"", "x", "a@b.example, c@d.example"} {
		if a := follow("k", bad); a.status != 422 {
			t.Errorf("%q: %d %s", bad, a.status, a.body)
		}
	}
	if a := follow("unknown", guest); a.status != 404 {
		t.Errorf("a page that nobody wrote on: %d", a.status)
	}
	to := strings.ToLower(guest)
	eventually(t, "its owner is asked", func() bool { return len(box.to(to)) == 1 })
	plain, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(box.to(to)[0])))
	confirm := regexp.MustCompile(`/mail/unsubscribe\?t=[\w.-]+`).FindString(string(plain))
	p.post(ann, "k", "", "nobody is told of this one")
	if a := p.do("GET", confirm, ""); a.status != 200 { // a program that looks at links says nothing
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := p.do("POST", confirm, ""); a.status != 200 || !strings.Contains(string(a.body), "You follow this discussion now") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	p.post(ann, "k", "", "a further comment")
	eventually(t, "the guest hears", func() bool { return len(box.to(to)) == 2 })
	heard := box.to(to)[1]
	if !strings.Contains(heard, "a further comment") || !strings.Contains(heard, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") {
		t.Errorf("%s", heard)
	}
	if a := p.do("POST", strings.TrimPrefix(link(t, heard), p.base), "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded"); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	p.post(ann, "k", "", "one more")
	// Another who follows hears of that one: by then the guest would have.
	if a := follow("k", "other@inbox.example"); a.status != 202 {
		t.Fatal(a.status)
	}
	eventually(t, "another is asked", func() bool { return len(box.to("other@inbox.example")) == 1 })
	if n := len(box.to(to)); n != 2 {
		t.Errorf("%d mails after the way out", n)
	}

	// The page without a script does the same.
	if a := p.do("POST", "/p/news?thread=k", "act=follow&email=plain%40inbox.example", "Origin", p.base, "Content-Type", "application/x-www-form-urlencoded"); a.status != 200 || !strings.Contains(string(a.body), "a message is on its way") {
		t.Errorf("%d %s", a.status, a.body)
	}
	eventually(t, "who followed without a script is asked", func() bool { return len(box.to("plain@inbox.example")) == 1 })

	// However many pages are named, an address is asked three times a day at most.
	for _, k := range []string{"a", "b", "c", "d", "e"} {
		p.post(ann, k, "", "a page")
		if a := follow(k, "victim@inbox.example"); a.status != 202 {
			t.Fatal(a.status)
		}
	}
	eventually(t, "the address is asked", func() bool { return len(box.to("victim@inbox.example")) == 3 })
	if a := follow("a", "last@inbox.example"); a.status != 202 {
		t.Fatal(a.status)
	}
	eventually(t, "the last is asked", func() bool { return len(box.to("last@inbox.example")) == 1 })
	if n := len(box.to("victim@inbox.example")); n != 3 {
		t.Errorf("%d questions to one address", n)
	}
}
