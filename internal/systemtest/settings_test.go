package systemtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// No error about a setting quotes what may be a secret.
func TestSettingsKeepSecrets(t *testing.T) {
	const secret = "hunter-two"
	for name, values := range map[string][]string{
		"PARLEY_OIDC":            {secret, "x y=https://c:" + secret + "@x.example", "a=https://c:hunter-two b@x.example#L", "a=https://" + secret + "@", "=https://c:" + secret + "@x.example", "a=https://c:" + secret + "@%zz", "a=https://c:s@a.example,b=https://d:" + secret + "@b.example"},
		"PARLEY_SMTP_URL":        {secret, "smtp://me:" + secret + "@ho st", "smtp://me:" + secret + "@%zz", "http://me:" + secret + "@x"},
		"PARLEY_PUBLIC_URL":      {"https://me:" + secret + "@x.example", "https://me:" + secret + "@%zz"},
		"PARLEY_AKISMET_URL":     {"https://me:" + secret + "@x.example", "http://u:" + secret + "@%zz"},
		"PARLEY_DATABASE":        {"postgres://u:" + secret + "@h/db"},
		"PARLEY_PROVIDERS_VIA":   {"http://u:" + secret + "@%zz", secret},
		"PARLEY_FACEBOOK_SECRET": {secret},
	} {
		for _, v := range values {
			p := newEmptyProgram(t)
			p.env = append(p.env, name+"="+v)
			out, line := p.fails("serve")
			for _, command := range []string{"doctor", "config"} {
				out += p.says(command)
			}
			if strings.Contains(out+line, secret) {
				t.Errorf("%s=%s: %s%s", name, v, out, line)
			}
		}
	}
}

// The same for a settings file that forgets its quotes.
func TestASettingsFileKeepsSecrets(t *testing.T) {
	p := newEmptyProgram(t)
	file := filepath.Join(t.TempDir(), "parley.toml")
	for _, text := range []string{"facebook-secret = 987654321", "facebook-secret = ['987654321']", "smtp-url = 987654321", "facebook-secret = 98765432.1"} {
		if err := os.WriteFile(file, []byte(text+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		if line := p.refused("serve", "--config", file); strings.Contains(line, "98765") || !strings.Contains(line, "must be text, in quotes") {
			t.Errorf("%s: %s", text, line)
		}
	}
}

// says is what a command prints, however it ends.
func (p *program) says(args ...string) string {
	p.t.Helper()
	bin, err := p.bin()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(bin, args...)
	cmd.Env = p.env
	out, _ := cmd.CombinedOutput()
	return string(out)
}

// An issuer's label may hold spaces.
func TestIssuersWithSpacesInTheirLabels(t *testing.T) {
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_OIDC=acme=https://client:a-secret@login.acme.example#Acme and Sons  bob=https://client:b-secret@bob.example/realm#Bob")
	out := p.run("way", "list", "news")
	for _, want := range []string{"oidc-acme\tAcme and Sons\t", "oidc-bob\tBob\t"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is not in\n%s", want, out)
		}
	}
}

// A database whose secrets were sealed with another key is not served, and
// everything that touches keys says so.
func TestTheKeyBelongsToTheDatabase(t *testing.T) {
	p := newProgram(t)
	dir := filepath.Dir(p.database)
	key := filepath.Join(dir, "parley.key")
	p.run("sso", "key", "news") // a sealed secret
	p.start()
	p.kill()
	old, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	if out := p.says("backup", filepath.Join(dir, "plain.db")); !strings.Contains(out, "parley.key") {
		t.Errorf("backup does not say what to keep: %q", out)
	}
	p.run("backup", "--with-key", filepath.Join(dir, "whole.db"))

	// The key is lost, as in a restore elsewhere.
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"serve"}, {"sso", "key", "news"}} {
		if line := p.refused(args...); !strings.Contains(line, "key-file") || !strings.Contains(line, "is missing") {
			t.Errorf("%v without the key: %s", args, line)
		}
	}
	if _, err := os.Stat(key); err == nil {
		t.Fatal("a new key was made")
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  key-file") {
		t.Errorf("doctor without the key:\n%s", out)
	}

	// Another key is there.
	q := newProgram(t)
	q.start()
	q.kill()
	other, err := os.ReadFile(filepath.Join(filepath.Dir(q.database), "parley.key"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(key, other, 0o600); err != nil {
		t.Fatal(err)
	}
	if line := p.refused("serve"); !strings.Contains(line, "another key") {
		t.Errorf("with another key: %s", line)
	}
	if line := p.refused("backup", "--with-key", filepath.Join(dir, "wrong.db")); !strings.Contains(line, "is not the key of this database") {
		t.Errorf("a backup with another key: %s", line)
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  key-file") || !strings.Contains(out, "is not the key of this database") {
		t.Errorf("doctor with another key:\n%s", out)
	}

	// The backup's own key comes back with it.
	p.run("restore", "--force", filepath.Join(dir, "whole.db"))
	if now, err := os.ReadFile(key); err != nil || string(now) != string(old) {
		t.Errorf("the restored key is another: %v", err)
	}
	if out := p.says("doctor"); !strings.Contains(out, "ok   key-file") {
		t.Errorf("doctor after the restore:\n%s", out)
	}
	p.start()
	p.kill()

	// Or the owner gives those secrets up.
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	p.startWith("serve", "--new-key")
	p.kill()
	if out := p.says("doctor"); !strings.Contains(out, "ok   key-file") {
		t.Errorf("doctor after a new key:\n%s", out)
	}
	if !strings.Contains(p.log.String(), "the key file is not the one that this database was made with") {
		t.Errorf("nothing in the log about the lost key:\n%s", p.log)
	}
}

// Without anything sealed a lost key costs nothing, but it is said.
func TestALostKeyIsSaid(t *testing.T) {
	p := newProgram(t)
	p.start()
	p.kill()
	if err := os.Remove(filepath.Join(filepath.Dir(p.database), "parley.key")); err != nil {
		t.Fatal(err)
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  key-file") {
		t.Errorf("doctor without the key:\n%s", out)
	}
	p.start()
	if !strings.Contains(p.log.String(), "the key file is not the one that this database was made with") {
		t.Errorf("nothing in the log:\n%s", p.log)
	}
}

// A command's help is its own: the settings of the server, which every command
// takes, are listed with serve.
func TestHelpOfACommandIsItsOwn(t *testing.T) {
	p := newProgram(t)
	for args, own := range map[string]string{"--help": "user add", "user add --help": "--email", "restore --help": "<file>"} {
		out := p.says(strings.Fields(args)...)
		if !strings.Contains(out, own) || strings.Contains(out, "--smtp-url") || !strings.Contains(out, "--database") {
			t.Errorf("parley %s:\n%s", args, out)
		}
	}
	if out := p.says("serve", "--help"); !strings.Contains(out, "--smtp-url") || !strings.Contains(out, "--facebook-id") {
		t.Errorf("parley serve --help:\n%s", out)
	}
}

// Whether strangers can comment goes by the ways in that there are: that some
// have commented once speaks for none that is off, nor for a site that is closed.
func TestStrangersWhoCannotCommentAreSaid(t *testing.T) {
	d := newDesk(t)
	d.post(d.ann, "a", "", "A reader, who was a stranger once.")
	set := func(body string) answer {
		return d.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", d.ad)
	}
	says := func(what string, can bool, alert bool) {
		t.Helper()
		var s struct{ Can bool }
		d.do("GET", "/api/v1/sites/news/settings/strangers", "", "Authorization", d.ad).into(t, &s)
		told := strings.Contains(string(d.do("GET", "/api/v1/sites/news/settings/alerts", "", "Authorization", d.ad).body), `"nobody"`)
		if s.Can != can || told != alert {
			t.Errorf("%s: can %v, alert %v, want %v, %v", what, s.Can, told, can, alert)
		}
	}
	if a := set(`{"guests":true}`); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	says("guests", true, false)
	for _, body := range []string{`{"closed_all":true}`, `{"closed_all":false,"guests":false,"registration":false}`} {
		if a := set(body); a.status != 200 {
			t.Fatalf("%s: %d %s", body, a.status, a.body)
		}
		if strings.Contains(body, "guests") {
			says(body, false, true)
		} else {
			says(body, false, false)
		}
	}
	if a := set(`{"accounts":false}`); a.status != 200 { // programs of last year do this before they set up another way
		t.Errorf("the only way in: %d %s", a.status, a.body)
	}
	says("the only way in, turned off", false, true)
	if a := set(`{"accounts":false,"guests":true}`); a.status != 200 {
		t.Errorf("beside guests: %d %s", a.status, a.body)
	}
}
