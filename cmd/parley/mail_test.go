package main

import (
	"database/sql"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/emersion/go-smtp"

	"parley/internal/discuss"
	"parley/internal/web"
)

// relay is a real SMTP server that keeps what it is sent.
type relay struct {
	mu   sync.Mutex
	mail map[string][]string // by recipient
}

type relaySession struct {
	r  *relay
	to []string
}

func (r *relay) NewSession(*smtp.Conn) (smtp.Session, error) { return &relaySession{r: r}, nil }

func (s *relaySession) Mail(string, *smtp.MailOptions) error { return nil }
func (s *relaySession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = append(s.to, to)
	return nil
}

func (s *relaySession) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	s.r.mu.Lock()
	defer s.r.mu.Unlock()
	for _, to := range s.to {
		s.r.mail[to] = append(s.r.mail[to], string(b))
	}
	return err
}
func (s *relaySession) Reset()        { s.to = nil }
func (s *relaySession) Logout() error { return nil }

func newMailRelay(t *testing.T) (*relay, string) {
	t.Helper()
	r := &relay{mail: map[string][]string{}}
	srv := smtp.NewServer(r)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return r, "smtp://" + ln.Addr().String() + "?from=comments@news.example"
}

func (r *relay) to(who string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.mail[who]...)
}

var unsubscribe = regexp.MustCompile(`List-Unsubscribe: <([^>]+)>`)

// link finds the one-click address of a mail; headers may be folded.
func link(t *testing.T, mail string) string {
	t.Helper()
	m := unsubscribe.FindStringSubmatch(strings.ReplaceAll(mail, "\r\n ", " "))
	if m == nil {
		t.Fatalf("no List-Unsubscribe in\n%s", mail)
	}
	u, err := url.Parse(strings.ReplaceAll(m[1], " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return u.RequestURI()
}

func TestPeopleHearOfAnswersUntilTheyUnsubscribe(t *testing.T) {
	box, addr := newMailRelay(t)
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+addr)
	for _, u := range [][3]string{{"bo@example.com", "Bo Berg", "member"}, {"mo@example.com", "Mo Moderator", "moderator"}, {"ad@example.com", "Ada Admin", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.run("site", "set", "news", "--guests")
	p.start()
	d := &desk{p, p.login("mo@example.com"), p.login("ad@example.com"), p.login("ann@example.com"), p.login("bo@example.com")}

	root, _ := d.write(t, d.ann, "ferries", "Does the night fare include the Lock?")
	reply := func(body string) string {
		a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"ferries","parent_id":"`+root+`","body":"`+body+`"}`, "Authorization", d.bo)
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		var out struct{ Comment struct{ ID string } }
		a.into(t, &out)
		return out.Comment.ID
	}
	second := reply("It does, from January.")
	eventually(t, "ann hears of the answer", func() bool { return len(box.to("ann@example.com")) == 1 })
	mail := box.to("ann@example.com")[0]
	plain, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(mail)))
	for _, want := range []string{"Bo Berg replied to you", "from January", "text/html", "List-Unsubscribe-Post: List-Unsubscribe=One-Click"} {
		if !strings.Contains(string(plain), want) {
			t.Errorf("the mail lacks %q\n%s", want, plain)
		}
	}
	if n := len(box.to("bo@example.com")); n != 0 {
		t.Errorf("bo heard of his own comment: %d", n)
	}

	at := link(t, mail)
	asked := p.do("GET", at, "")
	rather := regexp.MustCompile(`action="(/mail/unsubscribe\?t=[\w.=-]+)"><button>One mail an hour<`).FindSubmatch(asked.body)
	if asked.status != 200 || rather == nil || !strings.Contains(string(p.do("GET", at, "", "Accept-Language", "ru").body), "Отписаться") {
		t.Fatalf("%d %s", asked.status, asked.body)
	}
	reply("A second answer, which she still hears of: looking changes nothing.")
	eventually(t, "ann hears again", func() bool { return len(box.to("ann@example.com")) == 2 })
	res, err := http.Post(p.base+at, "application/x-www-form-urlencoded", strings.NewReader("List-Unsubscribe=One-Click")) // as a mail program does
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 200 {
		t.Fatalf("one click: %d", res.StatusCode)
	}
	if a := p.do("POST", at[:len(at)-2]+"xx", ""); a.status != 404 {
		t.Errorf("a changed link: %d", a.status)
	}
	reply("A third answer, after she has had enough.")
	p.run("user", "add", "--site", "news", "--email", "di@example.com", "--name", "Di Moss", "--password", testPassword)
	di, bad := p.login("di@example.com"), []string{}
	for _, body := range []string{"One.", "Two.", "Three."} {
		id, _ := d.write(t, di, "ferries", body)
		bad = append(bad, `{"comment_id":"`+id+`","action":"reject"}`)
	}
	d.decide(t, d.mo, "["+strings.Join(bad, ",")+"]")
	d.decide(t, d.mo, `[{"comment_id":"`+second+`","action":"reject","reason":"Off topic"}]`)
	eventually(t, "bo hears of the decision, after the undo window", func() bool { return len(box.to("bo@example.com")) == 1 })
	plain, _ = io.ReadAll(quotedprintable.NewReader(strings.NewReader(box.to("bo@example.com")[0])))
	if !strings.Contains(string(plain), "Off topic") {
		t.Errorf("the notice lacks its reason:\n%s", plain)
	}
	if n := len(box.to("ann@example.com")); n != 2 {
		t.Errorf("ann got %d mails", n)
	}

	if a := p.do("POST", string(rather[1]), ""); a.status != 200 || !strings.Contains(string(a.body), "at most one mail an hour") {
		t.Errorf("rather every hour: %d %s", a.status, a.body)
	}
	if a := p.do("GET", "/api/v1/me/account", "", "Authorization", d.ann); !strings.Contains(string(a.body), `"mail_replies":"hourly"`) {
		t.Errorf("the account page: %s", a.body)
	}

	// Much of Di's was removed: she is told that hers waits, by mail, beside the box and with each comment.
	eventually(t, "di hears that hers waits", func() bool {
		return strings.Contains(strings.Join(box.to("di@example.com"), ""), "wait for a moderator")
	})
	var me struct {
		Waits *struct{ Reason, Until string }
	}
	if d.do("GET", "/api/v1/me?site=news&thread=ferries", "", "Authorization", di).into(t, &me); me.Waits == nil || me.Waits.Reason != "demoted" || me.Waits.Until == "" {
		t.Errorf("/me says %+v", me.Waits)
	}
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"ferries","body":"One more."}`, "Authorization", di); a.status != 201 || !strings.Contains(string(a.body), `"held":"demoted"`) || !strings.Contains(string(a.body), `"pending"`) {
		t.Errorf("her next: %d %s", a.status, a.body)
	}
	if a := d.do("GET", "/api/v1/me?site=news&thread=ferries", "", "Authorization", d.mo); !strings.Contains(string(a.body), `"waits":null`) {
		t.Errorf("a moderator's: %s", a.body)
	}

	// A guest's address counts only once its owner has said so.
	a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"ferries","body":"A guest asks when it begins.","guest":{"name":"Ferdi","email":"ferdi@inbox.example"}}`, "Origin", testOrigin, "X-Parley", "1")
	var made struct{ Comment struct{ ID string } }
	if a.into(t, &made); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	eventually(t, "the address is asked", func() bool { return len(box.to("ferdi@inbox.example")) == 1 })
	root = made.Comment.ID
	confirm := regexp.MustCompile(`/mail/unsubscribe\?t=[\w.=-]+`)
	plain, _ = io.ReadAll(quotedprintable.NewReader(strings.NewReader(box.to("ferdi@inbox.example")[0])))
	if a := p.do("POST", confirm.FindString(string(plain)), ""); a.status != 200 {
		t.Fatalf("confirm: %d %s\n%s", a.status, a.body, plain)
	}
	reply("In January, and now he hears.")
	eventually(t, "the guest hears", func() bool { return strings.Contains(strings.Join(box.to("ferdi@inbox.example"), ""), "now he hears") })
	if a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"ferries","body":"With a bad address.","guest":{"name":"Ferdi","email":"a@b,c@d"}}`, "Origin", testOrigin, "X-Parley", "1"); a.status != 422 {
		t.Errorf("two addresses in one: %d", a.status)
	}

	if a := d.do("POST", "/api/v1/sites/news/settings/mail-test", "", "Authorization", d.ad); a.status != 200 {
		t.Errorf("mail test: %d %s", a.status, a.body)
	}
	eventually(t, "the test mail arrives", func() bool { return strings.Contains(strings.Join(box.to("ad@example.com"), ""), "A test from News") })
	p.stopsHeads(t, "ad@example.com")
}

// stopsHeads follows the one-click link of the mail about the audit log.
func (p *program) stopsHeads(t *testing.T, email string) {
	t.Helper()
	db, err := sql.Open("sqlite3", p.database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var key []byte
	var account discuss.ID
	hears := func() (on bool) {
		if err := db.QueryRow(`SELECT (SELECT key FROM keys WHERE name = 'mail links'), id, heads FROM accounts WHERE email = ?`, email).Scan(&key, &account, &on); err != nil {
			t.Fatal(err)
		}
		return on
	}
	if !hears() {
		t.Error("an admin does not hear of the audit log")
	}
	at := "/mail/unsubscribe?t=" + web.MailToken(key, "heads", account, 0, email)
	if a := p.do("GET", at, ""); a.status != 200 || !hears() {
		t.Errorf("looking: %d %s", a.status, a.body)
	}
	if a := p.do("POST", at, ""); a.status != 200 || hears() {
		t.Errorf("one click: %d %s", a.status, a.body)
	}
}
