package systemtest

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"parley/internal/discuss"
)

func TestConfigSaysWhereEverySettingIsFrom(t *testing.T) {
	p := newEmptyProgram(t)
	file := filepath.Join(t.TempDir(), "parley.toml")
	write := func(s string) {
		if err := os.WriteFile(file, []byte(s), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("public-url = 'https://file.example'\nlisten = '127.0.0.1:1'\nrate-limits = 'on'\nsmtp-url = 'smtp://me:hunter-two@mail.example'\ntrusted-proxies = ['10.0.0.0/8']\n")
	out := p.run("config", "--config", file, "--database", "sqlite:/flag.db")
	lines := map[string]string{}
	for _, l := range strings.Split(strings.TrimSpace(out), "\n") {
		f := strings.Fields(l)
		lines[f[0]] = strings.Join(f[1:], " ")
	}
	for name, want := range map[string]string{
		"database":        "sqlite:/flag.db flag --database",
		"listen":          strings.TrimPrefix(p.base, "http://") + " PARLEY_LISTEN",
		"public-url":      "https://file.example file",
		"smtp-url":        "smtp://me:xxxxx@mail.example file",
		"trusted-proxies": "10.0.0.0/8 file",
		"rate-limits":     "off PARLEY_RATE_LIMITS",
	} {
		if lines[name] != want {
			t.Errorf("%s: %q, want %q", name, lines[name], want)
		}
	}
	if strings.Contains(out, "hunter-two") {
		t.Error("a secret is printed")
	}
	write("listne = 'x'\n")
	if got := p.refused("config", "--config", file); !strings.Contains(got, `"listne"`) {
		t.Errorf("%s", got)
	}
	write("listen = \n")
	if got := p.refused("config", "--config", file); !strings.Contains(got, "line 1") {
		t.Errorf("%s", got)
	}
	p.refused("site", "add", "news")
	p.refused("nonsense")
	p.refused("serve", "--rate-limits", "some")
}

func TestABackupUnderLoadIsAPrefixOfWhatWasAcknowledged(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	dir := t.TempDir()
	var wg sync.WaitGroup
	stop := make(chan struct{})
	var acked []string
	wg.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			default:
			}
			if a, err := p.try("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"a","body":"number %d"}`, i), "Authorization", ann); err == nil && a.status == http.StatusCreated {
				acked = append(acked, fmt.Sprintf("number %d", i))
			}
		}
	})
	const backups = 5
	for i := range backups {
		p.run("backup", filepath.Join(dir, fmt.Sprintf("b%d.db", i)))
	}
	close(stop)
	wg.Wait()
	p.refused("backup", filepath.Join(dir, "b0.db")) // it is there already
	for i := range backups {
		q := newEmptyProgram(t)
		q.run("restore", filepath.Join(dir, fmt.Sprintf("b%d.db", i)))
		n := 0
		for _, l := range q.exported("news") {
			if l["type"] == "comment" {
				if l["body"] != acked[n] {
					t.Fatalf("backup %d has %v in place %d, acknowledged was %s", i, l["body"], n, acked[n])
				}
				n++
			}
		}
		t.Logf("backup %d holds the first %d of %d", i, n, len(acked))
	}
}

func TestRestore(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "before")
	dir := t.TempDir()
	file := filepath.Join(dir, "b.db")
	p.run("backup", file)
	p.post(ann, "a", "", "after")

	p.refused("restore", file)            // there is a database
	p.refused("restore", "--force", file) // the server has it open
	if n := len(p.page("thread=a&view=flat").Comments); n != 2 {
		t.Fatalf("%d comments after a refused restore", n)
	}
	p.kill()
	p.run("restore", "--force", file)
	p.start()
	if got := p.page("thread=a&view=flat").Comments; len(got) != 1 || got[0].HTML != "<p>before</p>" {
		t.Errorf("restored: %+v", got)
	}
	p.kill()
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"cut": whole[:len(whole)/2], "text": []byte("hello"), "empty": nil} {
		bad := filepath.Join(dir, name)
		if err := os.WriteFile(bad, b, 0o600); err != nil {
			t.Fatal(err)
		}
		p.refused("restore", "--force", bad)
	}
	p.start()
	if n := len(p.page("thread=a&view=flat").Comments); n != 1 {
		t.Errorf("%d comments after refused files", n)
	}
}

func TestTokensReachAsFarAsTheirScope(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo", "--password", testPassword, "--role", "moderator")
	p.start()
	mo := p.login("mo@example.com")
	c := p.post(mo, "a", "", "hello")
	token := func(args ...string) string {
		return "Bearer " + strings.Fields(p.run(append([]string{"token", "add", "--email", "mo@example.com"}, args...)...))[0]
	}
	for scope, want := range map[string]struct{ queue, vote, decide int }{
		"read":     {403, 403, 403},
		"write":    {403, 200, 403},
		"moderate": {200, 200, 200},
		"admin":    {200, 200, 200},
	} {
		auth := token("--scope", scope)
		if a := p.do("GET", "/api/v1/sites/news/moderation/queue", "", "Authorization", auth); a.status != want.queue {
			t.Errorf("%s: queue %d", scope, a.status)
		}
		if a := p.do("PUT", "/api/v1/comments/"+p.post(p.login("ann@example.com"), "a", "", "to vote on "+scope).ID+"/vote", `{"value":1}`, "Authorization", auth); a.status != want.vote {
			t.Errorf("%s: vote %d %s", scope, a.status, a.body)
		}
		if a := p.do("POST", "/api/v1/sites/news/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"approve"}]`, c.ID), "Authorization", auth); a.status != want.decide {
			t.Errorf("%s: decide %d %s", scope, a.status, a.body)
		}
	}
	p.refused("token", "add", "--email", "nobody@example.com")
	p.refused("token", "add", "--email", "mo@example.com", "--scope", "all")
}

func TestUsers(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	p.run("user", "role", "ann@example.com", "moderator", "--site", "news")
	if a := p.do("GET", "/api/v1/sites/news/moderation/queue", "", "Authorization", ann); a.status != 200 {
		t.Errorf("the new role does not hold: %d", a.status)
	}
	if out := p.run("user", "list"); out != "ann@example.com\tAnn Lee\tnews moderator\n" {
		t.Errorf("list: %q", out)
	}
	p.refused("user", "password", "ann@example.com", "--password", "short")
	p.run("user", "password", "ann@example.com", "--password", "another long one")
	if a := p.do("GET", "/api/v1/me?site=news", "", "Authorization", ann); a.status != 401 {
		t.Errorf("the old session is good: %d", a.status)
	}
	p.refused("user", "role", "bob@example.com", "moderator", "--site", "news")
	p.refused("user", "role", "ann@example.com", "king", "--site", "news")
}

// Two servers on one database would each miss what the other tells its readers.
func TestASecondServerIsRefused(t *testing.T) {
	p := newProgram(t)
	p.start()
	_, out := p.fails("serve", "--listen", "127.0.0.1:1") // it has no need to listen there
	if !strings.Contains(out, "another server has it") {
		t.Errorf("the second server: %s", out)
	}
	p.post(p.login("ann@example.com"), "a", "", "the first goes on")
}

// What only the command line could not do: name an operator, erase, delete a site.
func TestTheCommandLineEndsThings(t *testing.T) {
	p := newProgram(t)
	p.start()
	p.run("user", "operator", "ann@example.com")
	if out := p.run("user", "list"); !strings.Contains(out, "(operator)") {
		t.Errorf("no operator in %s", out)
	}
	if _, out := p.fails("user", "operator", "--off", "ann@example.com"); out == "" {
		t.Error("the only operator went without a word")
	}
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.post(p.login("bo@example.com"), "a", "", "A word of Bo's")
	p.run("user", "erase", "bo@example.com", "--texts")
	eventually(t, "his words are gone", func() bool { return len(p.page("thread=a").Comments) == 0 })
	// Whoever came by a site's own sign-on and gave no address is named as the list has him.
	p.run("user", "add", "--site", "news", "--email", "dee@example.com", "--name", "Dee Sso", "--password", testPassword)
	var id int64
	p.row(`SELECT id FROM accounts WHERE email = 'dee@example.com'`, &id)
	at := "@" + discuss.ID(id).String()
	p.sql(`UPDATE accounts SET email = ?1 WHERE id = ?2`, at, id)
	p.run("user", "disable", at)
	if out := p.run("user", "list"); !strings.Contains(out, at+"\tDee Sso (switched off)") {
		t.Errorf("the list: %s", out)
	}
	p.run("user", "erase", at)
	if out := p.run("user", "list"); strings.Contains(out, "Dee Sso") {
		t.Errorf("the list: %s", out)
	}
	p.refused("user", "erase", "@nobody")
	p.run("user", "add", "--site", "news", "--email", "cam@example.com", "--name", "Cam Dahl", "--password", testPassword)
	p.post(p.login("cam@example.com"), "a", "", "A word of Cam's")
	if a := signedIn(t, p, "cam@example.com").send("DELETE", "/api/v1/me", `{"text":"remove"}`); a.status != 202 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if out := p.run("user", "erase", "cam@example.com"); !strings.Contains(out, "and what it wrote") { // as Cam has asked
		t.Errorf("erased: %s", out)
	}
	eventually(t, "so are Cam's", func() bool { return len(p.page("thread=a").Comments) == 0 })
	if _, out := p.fails("site", "delete", "news", "--confirm", "nws"); !strings.Contains(out, "confirm") {
		t.Errorf("a slip deletes a site: %s", out)
	}
	p.post(p.login("ann@example.com"), "a", "", "The last word")
	if out := p.run("site", "delete", "news", "--confirm", "news", "--now"); !strings.Contains(out, "with 3 comments") {
		t.Errorf("deleted: %s", out)
	}
	eventually(t, "the running server knows", func() bool { return p.do("GET", "/api/v1/sites/news/comments?thread=a", "").status == 404 })
}

func TestDoctorNamesWhatIsWrong(t *testing.T) {
	p := newProgram(t)
	out := p.refusedOutput("doctor")
	for _, want := range []string{"BAD  public-url", "BAD  server", "BAD  mail", "ok   database"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
	p.start()
	if out := p.refusedOutput("doctor"); !strings.Contains(out, "ok   server") {
		t.Errorf("with a server:\n%s", out)
	}
	out = p.refusedOutput("doctor", "--smtp-url", "smtp://me:hunter-two@127.0.0.1:1")
	if strings.Contains(out, "hunter-two") {
		t.Error("a secret is printed")
	}
	if !strings.Contains(out, "BAD  settings: the running server was started with another smtp-url") {
		t.Errorf("the server's own settings are not looked at:\n%s", out)
	}
	if !strings.Contains(out, "ok   live: WebSockets come through") {
		t.Errorf("sockets:\n%s", out)
	}
	p.env = append(p.env, "PARLEY_SMTPURL=smtp://x")
	if out := p.refusedOutput("doctor"); !strings.Contains(out, "BAD  settings: the variable PARLEY_SMTPURL is no setting and does nothing; did you mean PARLEY_SMTP_URL?") {
		t.Errorf("a slip in a name:\n%s", out)
	}
}
