package systemtest

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

	"parley/internal/auth"
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
	rather := regexp.MustCompile(`action="(/mail/unsubscribe\?t=[\w.=-]+)"><button>One email an hour<`).FindSubmatch(asked.body)
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

	if a := p.do("POST", string(rather[1]), ""); a.status != 200 || !strings.Contains(string(a.body), "at most one email an hour") {
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
		if err := db.QueryRow(`SELECT (SELECT key FROM keys WHERE name = 'mail links'), id, audit_mail FROM accounts WHERE email = ?`, email).Scan(&key, &account, &on); err != nil {
			t.Fatal(err)
		}
		return on
	}
	if hears() {
		t.Error("an admin hears of the audit log who has not asked")
	}
	for who, want := range map[string]int{email: 200, "ann@example.com": 422} {
		if a := p.do("PATCH", "/api/v1/me", `{"audit_mail":true}`, "Authorization", p.login(who)); a.status != want || want == 422 && !strings.Contains(string(a.body), "audit_mail") {
			t.Errorf("%s asks: %d %s", who, a.status, a.body)
		}
	}
	if !hears() {
		t.Error("an admin who has asked does not hear of the audit log")
	}
	at := "/mail/unsubscribe?t=" + web.MailToken(key, "heads", account, 0, email)
	if a := p.do("GET", at, ""); a.status != 200 || !hears() {
		t.Errorf("looking: %d %s", a.status, a.body)
	}
	if a := p.do("POST", at, ""); a.status != 200 || hears() {
		t.Errorf("one click: %d %s", a.status, a.body)
	}
}

var inviteLink = regexp.MustCompile(`/auth/invite#([A-Za-z0-9_-]+)`)

// invited is the secret of the newest invitation in a mailbox.
func (r *relay) invited(t *testing.T, who string, n int) string {
	t.Helper()
	eventually(t, "the mail to "+who+" comes", func() bool { return len(r.to(who)) == n })
	plain, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(r.to(who)[n-1])))
	m := inviteLink.FindSubmatch(plain)
	if m == nil || strings.Contains(string(plain), "Nia") { // the name is the admin's word, and the mailbox may be anybody's
		t.Fatalf("the mail:\n%s", plain)
	}
	return string(m[1])
}

// An admin asks somebody to help; they have the role once they accept, with a
// name and a password of their own where they have no account. An invitation
// works once, can be taken back, and says which.
func TestAModeratorIsInvited(t *testing.T) {
	box, addr := newMailRelay(t)
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+addr)
	for _, u := range [][3]string{{"mo@example.com", "Mo Moderator", "moderator"}, {"ad@example.com", "Ada Admin", "admin"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword, "--role", u[2])
	}
	p.start()
	mo, ad := p.login("mo@example.com"), p.login("ad@example.com")
	const at = "/api/v1/sites/news/moderation/invitations"
	if a := p.do("POST", at, `{"email":"nia@example.com","name":"Nia Ode","role":"moderator"}`, "Authorization", mo); a.status != 403 {
		t.Errorf("a moderator invites: %d %s", a.status, a.body)
	}
	if a := p.do("GET", at, "", "Authorization", mo); a.status != 403 {
		t.Errorf("a moderator reads who is invited: %d %s", a.status, a.body)
	}
	for body, field := range map[string]string{
		`{"email":"nia","name":"Nia Ode","role":"moderator"}`:              "email",
		`{"email":"nia@example.com","name":"N","role":"moderator"}`:        "name",
		`{"email":"nia@example.com","name":"Nia Ode","role":"member"}`:     "role",
		`{"email":"nia@example.com","name":"Nia Ode","role":"moderator!"}`: "role",
	} {
		if a := p.do("POST", at, body, "Authorization", ad); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s, want 422 about %s", body, a.status, a.body, field)
		}
	}
	if a := p.do("POST", at, `{"email":"mo@example.com","name":"","role":"moderator"}`, "Authorization", ad); a.status != 409 || !strings.Contains(string(a.body), "already") {
		t.Errorf("who is that already: %d %s", a.status, a.body)
	}
	type list struct {
		Invitations []struct{ ID, Email, Role, By string }
	}
	open := func() list {
		var out list
		p.do("GET", at, "", "Authorization", ad).into(t, &out)
		return out
	}
	if a := p.do("POST", at, `{"email":"Nia@Example.com","name":"Nia Ode","role":"moderator"}`, "Authorization", ad); a.status != 201 {
		t.Fatalf("invite: %d %s", a.status, a.body)
	}
	if l := open().Invitations; len(l) != 1 || l[0].Email != "nia@example.com" || l[0].By != "Ada Admin" || l[0].Role != "moderator" {
		t.Errorf("the list says %+v", l)
	}
	var log struct {
		Entries []struct{ Action, After, Note string }
	}
	p.do("GET", "/api/v1/sites/news/moderation/audit", "", "Authorization", ad).into(t, &log)
	if len(log.Entries) == 0 || log.Entries[0].Action != "invite" || log.Entries[0].After != "moderator" {
		t.Errorf("the log says: %+v", log.Entries)
	}
	first := box.invited(t, "nia@example.com", 1)
	b := p.browser()
	says := func(path, body string) answer { return b.send("POST", path, body) }
	refused := func(what, token, code string) {
		t.Helper()
		for _, path := range []string{"/auth/invitation", "/auth/invite"} {
			if a := says(path, `{"token":"`+token+`","name":"Nia Ode","password":"quite another one"}`); a.status != 409 || !strings.Contains(string(a.body), `"code":"`+code+`"`) {
				t.Errorf("%s at %s: %d %s", what, path, a.status, a.body)
			}
		}
	}

	// Another one takes its place; that one is taken back.
	if a := p.do("POST", at, `{"email":"nia@example.com","name":"Nia Ode","role":"staff"}`, "Authorization", ad); a.status != 201 {
		t.Fatalf("invite anew: %d %s", a.status, a.body)
	}
	refused("the one before", first, "revoked")
	second := box.invited(t, "nia@example.com", 2)
	if a := p.do("DELETE", at+"/"+open().Invitations[0].ID, "", "Authorization", ad); a.status != 204 {
		t.Errorf("take back: %d %s", a.status, a.body)
	}
	refused("one that was taken back", second, "revoked")
	if l := open().Invitations; len(l) != 0 {
		t.Errorf("the list says %+v", l)
	}

	// The third is accepted, once.
	p.do("POST", at, `{"email":"nia@example.com","name":"Nia Ode","role":"moderator"}`, "Authorization", ad)
	third := box.invited(t, "nia@example.com", 3)
	var asked struct {
		Site, Role, Email, Name string
		Fresh                   bool
	}
	says("/auth/invitation", `{"token":"`+third+`"}`).into(t, &asked)
	if asked.Site != "The Lantern" && asked.Site == "" || asked.Role != "moderator" || asked.Name != "Nia Ode" || !asked.Fresh {
		t.Errorf("the link asks %+v", asked)
	}
	for body, field := range map[string]string{`"name":"","password":"quite another one"`: "name", `"name":"Nia Ode","password":"short"`: "password", `"name":"Ada Admin","password":"quite another one"`: "name"} {
		if a := says("/auth/invite", `{"token":"`+third+`",`+body+`}`); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := says("/auth/invite", `{"token":"`+third+`","name":"Nia Ode","password":"quite another one"}`); a.status != 200 {
		t.Fatalf("accept: %d %s", a.status, a.body)
	}
	refused("one that was accepted", third, "used")
	in := "Bearer " + p.tokenOf(t, "nia@example.com", "quite another one")
	if a := p.do("GET", "/api/v1/sites/news/moderation/counts", "", "Authorization", in); a.status != 200 {
		t.Errorf("the new moderator's desk: %d %s", a.status, a.body)
	}

	// Somebody who is a reader here needs no password, and has the role that was meant.
	if a := p.do("POST", at, `{"email":"ann@example.com","name":"","role":"staff"}`, "Authorization", ad); a.status != 201 {
		t.Errorf("a reader: %d %s", a.status, a.body)
	}
	if a := p.do("GET", "/api/v1/sites/news/moderation/counts", "", "Authorization", p.login("ann@example.com")); a.status != 403 {
		t.Errorf("before she accepts: %d", a.status)
	}
	if a := p.browser().send("POST", "/auth/invite", `{"token":"`+box.invited(t, "ann@example.com", 1)+`"}`); a.status != 200 {
		t.Errorf("ann accepts: %d %s", a.status, a.body)
	}
	if a := p.do("GET", "/api/v1/sites/news/moderation/counts", "", "Authorization", p.login("ann@example.com")); a.status != 200 {
		t.Errorf("after that: %d", a.status)
	}
	// The command does the same; one that is too old says so.
	if out := p.run("user", "invite", "oda@example.com", "--site", "news", "--role", "admin", "--name", "Oda Moe"); !strings.Contains(out, "works once") {
		t.Errorf("invited by the command: %s", out)
	}
	oda := box.invited(t, "oda@example.com", 1)
	p.sql(`UPDATE invitations SET expires = 1 WHERE email = 'oda@example.com'`)
	refused("an old one", oda, "expired")
	if out := p.run("user", "list", "--json"); strings.Contains(out, "oda@") {
		t.Errorf("an account before anybody has accepted:\n%s", out)
	}
	// Whoever invited must still be one who may: not if he is switched off, or an admin no more.
	p.run("user", "add", "--site", "news", "--email", "sam@example.com", "--name", "Sam Second", "--password", testPassword, "--role", "admin")
	if a := p.do("POST", at, `{"email":"una@example.com","name":"","role":"admin"}`, "Authorization", p.login("sam@example.com")); a.status != 201 {
		t.Errorf("sam invites: %d %s", a.status, a.body)
	}
	una := box.invited(t, "una@example.com", 1)
	p.run("user", "disable", "sam@example.com")
	refused("that of an admin who is switched off", una, "inviter")
	p.run("user", "disable", "sam@example.com", "--off")
	p.run("user", "role", "sam@example.com", "moderator", "--site", "news")
	refused("that of an admin who is one no more", una, "inviter")
	p.run("user", "role", "sam@example.com", "admin", "--site", "news")
	if a := says("/auth/invite", `{"token":"`+una+`","name":"Una Ede","password":"quite another one"}`); a.status != 200 {
		t.Errorf("that of an admin: %d %s", a.status, a.body)
	}
	p.sqlCount(t, `SELECT count(*) FROM acceptances c JOIN accounts a ON a.id = c.account_id WHERE a.email = 'una@example.com'`, 1) // to the standards

	// An account that is switched off hears nothing, and the answers are those of always.
	p.run("user", "add", "--site", "news", "--email", "dan@example.com", "--name", "Dan Off", "--password", testPassword)
	p.run("user", "disable", "dan@example.com")
	for path, body := range map[string]string{"magic-link": `{"email":"dan@example.com"}`, "password-reset": `{"email":"dan@example.com"}`, "register": `{"email":"dan@example.com","name":"Dan Dee","password":"quite another one"}`} {
		if a := p.do("POST", "/api/v1/sites/news/"+path, body, "Origin", p.base, "X-Parley", "1"); a.status != 202 {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
	}
	refuses(t, "an invitation for somebody here who is switched off", p.do("POST", at, `{"email":"dan@example.com","name":"","role":"staff"}`, "Authorization", ad), 409, "account_off")
	p.sqlCount(t, `SELECT count(*) FROM jobs WHERE payload LIKE '%dan@example.com%'`, 0)
	if n := len(box.to("dan@example.com")); n != 0 {
		t.Errorf("%d mails to an account that is switched off", n)
	}

	// People are found by address, for whom may see it, and by letters that look alike.
	found := func(who, q string) int {
		var out struct{ People []struct{ ID string } }
		p.do("GET", "/api/v1/sites/news/moderation/people?q="+url.QueryEscape(q), "", "Authorization", who).into(t, &out)
		return len(out.People)
	}
	for _, c := range []struct {
		who, q string
		want   int
	}{{ad, "nia@example.com", 1}, {mo, "nia@example.com", 0}, {mo, "Nia", 1}, {mo, "Niа Оde", 1}, {mo, "nobody", 0}} {
		if got := found(c.who, c.q); got != c.want {
			t.Errorf("%q finds %d, want %d", c.q, got, c.want)
		}
	}
}

// tokenOf logs a password in and gives the program's token.
func (p *program) tokenOf(t *testing.T, email, password string) string {
	t.Helper()
	var in struct{ Token string }
	p.do("POST", "/api/v1/sites/news/login", `{"email":"`+email+`","password":"`+password+`","session":"token"}`).into(t, &in)
	return in.Token
}

// An address that has had its share of mails is invited no more, and whoever
// invites is told: the invitation that it has stays good.
func TestAnAddressIsInvitedSoOftenAndNoMore(t *testing.T) {
	_, addr := newMailRelay(t)
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+addr, "PARLEY_RATE_LIMITS=on")
	p.run("user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", testPassword, "--role", "admin")
	p.start()
	ad := p.login("ad@example.com")
	const at = "/api/v1/sites/news/moderation/invitations"
	sent := 0
	for range auth.AccountMailsPerHour + 1 {
		a := p.do("POST", at, `{"email":"nia@example.com","name":"","role":"staff"}`, "Authorization", ad)
		if a.status == 201 {
			sent++
			continue
		}
		refuses(t, "one too many", a, 429, "mail_limit")
	}
	if sent != auth.AccountMailsPerHour {
		t.Errorf("%d invitations", sent)
	}
	p.sqlCount(t, `SELECT count(*) FROM invitations WHERE revoked IS NULL`, 1)
}

// row reads one from the database.
func (p *program) row(query string, into ...any) {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.database+"?_busy_timeout=5000")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(into...); err != nil {
		p.t.Fatal(err)
	}
}

// sqlCount compares a number in the database.
func (p *program) sqlCount(t *testing.T, query string, want int) {
	t.Helper()
	var n int
	if p.row(query, &n); n != want {
		t.Errorf("%s: %d, want %d", query, n, want)
	}
}
