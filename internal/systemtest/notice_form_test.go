package systemtest

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// A notice of illegal content without JavaScript and without an account: the
// form, its receipt by mail, the first place in the queue, the decision by mail.
func TestNoticeOfIllegalContentByTheForm(t *testing.T) {
	d := newDesk(t)
	for _, text := range []string{"Clicked upon by many", "Said to be illegal"} {
		d.write(t, d.bo, "a", text)
	}
	page := func(query string) string { return string(d.do("GET", "/p/news?thread=a"+query, "").body) }
	id, _ := d.write(t, d.bo, "a", "The one that is meant")
	for _, path := range []string{"notice=" + id} {
		if !strings.Contains(page(""), path) {
			t.Fatalf("no link to the form:\n%s", page(""))
		}
	}
	if body := page("&notice=" + id); !strings.Contains(body, "Which law does it break, and why?") || !strings.Contains(body, "About the comment by Bo") {
		t.Fatalf("the form:\n%s", body)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(more url.Values) (int, string, string) {
		v := url.Values{"act": {"notice"}, "about": {id}, "name": {"A Citizen"}, "email": {"c@example.com"}, "why": {"Paragraph 7"}, "good_faith": {"1"}}
		for name, value := range more {
			v[name] = value
		}
		return d.form(client, "/p/news?thread=a", d.base, v)
	}
	if status, _, body := send(url.Values{"email": {"nobody"}}); status != 422 || !strings.Contains(body, ">Paragraph 7</textarea>") || !strings.Contains(body, "email address") {
		t.Fatalf("an address that is none: %d\n%s", status, body)
	}
	if status, _, _ := send(url.Values{"good_faith": {""}}); status != 422 {
		t.Errorf("not in good faith: %d", status)
	}
	status, to, body := send(nil)
	receipt := regexp.MustCompile(`receipt=([A-Z0-9]+)`).FindStringSubmatch(to)
	if status != 303 || receipt == nil {
		t.Fatalf("sent: %d %s\n%s", status, to, body)
	}
	if body := page("&receipt=" + receipt[1]); !strings.Contains(body, "Its number is "+receipt[1]) {
		t.Errorf("after sending:\n%s", body)
	}
	if body := page("&receipt=AAAA"); !strings.Contains(body, "no notice of that number") {
		t.Error("a receipt that nobody has")
	}
	mailed := func(subject string) {
		t.Helper()
		for range 300 {
			if strings.Contains(d.log.String(), subject) {
				return
			}
			time.Sleep(100 * time.Millisecond)
		}
		t.Fatalf("no mail %q:\n%s", subject, d.log)
	}
	mailed("--- mail to c@example.com: Notice " + receipt[1] + " has been received")
	if q := d.queue(t, "state=all"); len(q.Comments) == 0 || q.Comments[0].ID != id {
		t.Errorf("it does not stand first: %+v", q.Comments)
	}
	d.decide(t, d.mo, `[{"comment_id":"`+id+`","action":"reject","reason":"illegal"}]`)
	mailed("--- mail to c@example.com: Notice " + receipt[1] + ": the comment has been removed")
	if body := page("&receipt=" + receipt[1]); !strings.Contains(body, "Notice "+receipt[1]+": the comment has been removed") {
		t.Errorf("after the decision:\n%s", body)
	}
}
