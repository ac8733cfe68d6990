package systemtest

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// plainPart is the text of a mail without its transfer encoding.
func plainPart(t *testing.T, mail string) string {
	t.Helper()
	b, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(mail)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// actLink finds the path that a mail offers for an act.
func actLink(t *testing.T, mail, label string) string {
	t.Helper()
	m := regexp.MustCompile(label + `: (http\S+/mail/decide\S+)`).FindStringSubmatch(plainPart(t, mail))
	if m == nil {
		t.Fatalf("no link to %s in\n%s", label, plainPart(t, mail))
	}
	u, err := url.Parse(m[1])
	if err != nil {
		t.Fatal(err)
	}
	return u.RequestURI()
}

// Comments are published first: whoever runs the site hears of the first one,
// and can remove it from the mail itself.
func TestStaffHearOfNewComments(t *testing.T) {
	box, addr := newMailRelay(t)
	d := newDesk(t)
	d.kill()
	d.env = append(d.env, "PARLEY_SMTP_URL="+addr)
	d.start()
	first := d.post(d.ann, "a", "", "The first comment of all")
	d.post(d.mo, "a", "", "A moderator's own")
	eventually(t, "both members of staff hear of it", func() bool { return len(box.to("mo@example.com")) == 1 && len(box.to("ad@example.com")) == 1 })
	mail := box.to("mo@example.com")[0]
	if text := plainPart(t, mail); !strings.Contains(text, "The first comment of all") || strings.Contains(text, "A moderator's own") {
		t.Errorf("the moderator's mail:\n%s", text)
	}
	if !strings.Contains(plainPart(t, box.to("ad@example.com")[0]), "A moderator's own") {
		t.Error("the admin does not hear of the moderator's comment")
	}
	if len(box.to("ann@example.com")) != 0 {
		t.Error("a member is told of new comments")
	}

	// A scanner that opens the link changes nothing; the button does.
	remove, spam := actLink(t, mail, "Remove"), actLink(t, mail, "Spam")
	for range 2 {
		if a := d.do("GET", remove, ""); a.status != 200 || !strings.Contains(string(a.body), "The first comment of all") || !strings.Contains(string(a.body), "<form method=\"post\"") {
			t.Fatalf("the link: %d %s", a.status, a.body)
		}
	}
	if got := d.page("thread=a&view=flat").Comments; len(got) != 2 {
		t.Fatalf("%d comments after the link was opened, want 2", len(got))
	}
	if a := d.do("POST", remove, ""); a.status != 200 {
		t.Fatalf("the button: %d %s", a.status, a.body)
	}
	if got := d.page("thread=a&view=flat").Comments; len(got) != 1 || got[0].ID == first.ID {
		t.Errorf("after the button: %+v", got)
	}
	var log struct {
		Entries []struct{ Action, Note, Actor string }
	}
	d.do("GET", "/api/v1/sites/news/moderation/audit", "", "Authorization", d.ad).into(t, &log)
	if s := fmt.Sprint(log.Entries); !strings.Contains(s, "by a link in a mail") {
		t.Errorf("the audit log: %s", s)
	}
	for name, path := range map[string]string{"the same link": remove, "another link about the same": spam} {
		if a := d.do("POST", path, ""); a.status != 409 {
			t.Errorf("%s, once it is decided: %d, want 409", name, a.status)
		}
	}
	if a := d.do("POST", strings.Replace(remove, "t=", "t=a", 1), ""); a.status != 404 {
		t.Errorf("a changed link: %d, want 404", a.status)
	}

	// Whoever has lost the right has no link left.
	second := d.post(d.bo, "b", "", "Another comment")
	d.do("PUT", "/api/v1/sites/news/moderation/mail", `{"new_comments":"each"}`, "Authorization", d.mo)
	eventually(t, "the moderator hears of that too", func() bool { return len(box.to("mo@example.com")) == 2 })
	remove = actLink(t, box.to("mo@example.com")[1], "Remove")
	d.run("user", "role", "mo@example.com", "member", "--site", "news")
	eventually(t, "the role is gone", func() bool { return d.do("POST", remove, "").status == 403 })
	if got := d.page("thread=b").Comments; len(got) != 1 || got[0].ID != second.ID {
		t.Errorf("a former moderator's link: %+v", got)
	}
	if len(box.to("ad@example.com")) != 1 {
		t.Errorf("%d mails to the admin within an hour, want 1", len(box.to("ad@example.com")))
	}

	// One click ends it.
	if a := d.do("POST", link(t, box.to("ad@example.com")[0]), ""); a.status != 200 {
		t.Errorf("unsubscribe: %d %s", a.status, a.body)
	}
	var choice struct {
		News string `json:"new_comments"`
	}
	d.do("GET", "/api/v1/sites/news/moderation/mail", "", "Authorization", d.ad).into(t, &choice)
	if choice.News != "never" {
		t.Errorf("after unsubscribing: %q, want never", choice.News)
	}
	if a := d.do("PUT", "/api/v1/sites/news/moderation/mail", `{"new_comments":"sometimes"}`, "Authorization", d.ad); a.status != 422 || !strings.Contains(string(a.body), "new_comments") {
		t.Errorf("a choice that is none: %d %s", a.status, a.body)
	}
}
