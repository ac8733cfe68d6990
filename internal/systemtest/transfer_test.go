package systemtest

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

const (
	archiveFile = "../../static/demo/data/archive.xml.gz"
	exportData  = "../transfer/testdata/"
)

// refused runs a command that must fail with one clear line, and returns it.
func (p *program) refused(args ...string) string {
	p.t.Helper()
	_, stderr := p.fails(args...)
	return stderr
}

func (p *program) refusedOutput(args ...string) string {
	p.t.Helper()
	stdout, _ := p.fails(args...)
	return stdout
}

func (p *program) fails(args ...string) (out, line string) {
	p.t.Helper()
	bin, err := p.bin()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd := exec.Command(bin, args...)
	cmd.Env = p.env
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		p.t.Fatalf("parley %s: %v, want exit 1\n%s", strings.Join(args, " "), err, stderr.String())
	}
	if n := strings.Count(stderr.String(), "\n"); n != 1 {
		p.t.Errorf("parley %s says %d lines:\n%s", strings.Join(args, " "), n, stderr.String())
	}
	return stdout.String(), stderr.String()
}

type importReport struct {
	Import                    int64
	Threads, Comments, People int
	Skipped                   []struct{ ID, Why string }
}

func (p *program) imported(args ...string) importReport {
	p.t.Helper()
	var r importReport
	out := p.run(append([]string{"import", "--json"}, args...)...)
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		p.t.Fatalf("%v in %s", err, out)
	}
	return r
}

// exported is the site's export without what differs by the hour or the run.
func (p *program) exported(site string) []map[string]any {
	p.t.Helper()
	var out []map[string]any
	for _, l := range strings.Split(strings.TrimSpace(p.run("export", "--site", site)), "\n") {
		var m map[string]any
		if err := json.Unmarshal([]byte(l), &m); err != nil {
			p.t.Fatal(err)
		}
		delete(m, "exported_at")
		out = append(out, m)
	}
	return out
}

func TestAnExportIsImportedOnce(t *testing.T) {
	p := newProgram(t)
	p.start() // commands run beside the server
	dry := p.imported("--site", "news", "--format", "disqus", "--dry-run", archiveFile)
	if n := len(p.exported("news")); n != 2 {
		t.Fatalf("a dry run left %d lines", n)
	}
	first := p.imported("--site", "news", "--format", "disqus", archiveFile)
	dry.Import = 1 // it has no number
	if !reflect.DeepEqual(first, dry) || first.Comments != 600 || first.Threads != 41 || first.People != 78 || len(first.Skipped) != 1 {
		t.Errorf("dry run %+v, run %+v", dry, first)
	}
	before := p.exported("news")
	if again := p.imported("--site", "news", "--format", "disqus", archiveFile); again.Comments+again.Threads+again.People != 0 {
		t.Errorf("the second run added %+v", again)
	}
	if !reflect.DeepEqual(before, p.exported("news")) {
		t.Error("the second run changed something")
	}
	// The running server shows it, though the page was cached as empty.
	var thread string
	for _, l := range before {
		if l["type"] == "thread" && l["state"] == "open" {
			thread = l["key"].(string)
			break
		}
	}
	if got := p.page("thread=" + thread + "&view=flat"); got.Thread == nil || got.Thread.CommentCount == 0 {
		t.Errorf("the running server does not show %s", thread)
	}
}

func TestWhatWasExportedIsTheSameAfterItsWayBack(t *testing.T) {
	p := newProgram(t)
	p.run("site", "add", "second", "--name", "Second", "--origin", testOrigin)
	p.run("site", "add", "third", "--name", "Third", "--origin", testOrigin)
	p.run("import", "--site", "news", "--format", "disqus", archiveFile)
	dir := t.TempDir()
	file := filepath.Join(dir, "news.jsonl.gz")
	p.run("export", "--site", "news", "--out", file)
	if r := p.imported("--site", "second", "--format", "parley", file); r.Comments != 600 || len(r.Skipped) != 0 {
		t.Fatalf("%+v", r)
	}
	second := filepath.Join(dir, "second.jsonl")
	p.run("export", "--site", "second", "--out", second)
	if r := p.imported("--site", "third", "--format", "parley", second); r.Comments != 600 || len(r.Skipped) != 0 {
		t.Fatalf("%+v", r)
	}
	if a, b := shape(p.exported("second")), shape(p.exported("third")); !reflect.DeepEqual(a, b) {
		t.Error("the second and the third site differ")
	}
	if a, b := shape(p.exported("news")), shape(p.exported("second")); !reflect.DeepEqual(a, b) {
		t.Error("the first and the second site differ")
	}
	if a := p.imported("--site", "second", "--format", "parley", file); a.Comments != 0 {
		t.Errorf("again: %+v", a)
	}
}

// shape is an export with ids replaced by what they name, for ids are the site's own.
func shape(lines []map[string]any) map[string]int {
	name := map[any]string{}
	out := map[string]int{}
	for _, l := range lines {
		id := l["id"]
		delete(l, "id")
		for _, ref := range []string{"thread", "person", "parent"} {
			if l[ref] != nil {
				l[ref] = name[l[ref]]
			}
		}
		if l["type"] == "header" {
			delete(l, "site")
		}
		delete(l, "aliases") // hold the ids of where it came from
		b, _ := json.Marshal(l)
		if id != nil {
			name[id] = string(b)
		}
		out[string(b)]++
	}
	return out
}

func TestARefusedFileLeavesTheDatabaseAsItWas(t *testing.T) {
	p := newProgram(t)
	dir := t.TempDir()
	whole, err := os.ReadFile(exportData + "peer-isso-disqus.xml")
	if err != nil {
		t.Fatal(err)
	}
	cut := filepath.Join(dir, "cut.xml")
	if err := os.WriteFile(cut, whole[:len(whole)*3/4], 0o600); err != nil {
		t.Fatal(err)
	}
	sum := func() [32]byte {
		db := strings.TrimPrefix(p.getenv("PARLEY_DATABASE"), "sqlite:")
		b, err := os.ReadFile(db)
		if err != nil {
			t.Fatal(err)
		}
		if w, err := os.ReadFile(db + "-wal"); err == nil {
			b = append(b, w...)
		}
		return sha256.Sum256(b)
	}
	before := sum()
	for _, file := range []string{cut, exportData + "xxe-http.xml", exportData + "deep-nesting-100000.xml.gz", exportData + "lying-size.zip", "/dev/null"} {
		p.refused("import", "--site", "news", "--format", "disqus", file)
	}
	p.refused("import", "--site", "news", "--format", "disqus", "--max", "100000", archiveFile)
	p.refused("import", "--site", "nowhere", "--format", "disqus", archiveFile)
	p.refused("import", "--site", "news", "--format", "oracle", archiveFile)
	p.refused("import", "--site", "news", "--format", "disqus", filepath.Join(dir, "missing"))
	if sum() != before {
		t.Error("the database is not what it was")
	}
}

func (p *program) getenv(name string) string {
	for i := len(p.env) - 1; i >= 0; i-- {
		if v, ok := strings.CutPrefix(p.env[i], name+"="); ok {
			return v
		}
	}
	return ""
}

// An import that is undone beside a running server was never there, but for what
// somebody has answered; and the server shows it at once.
func TestAnImportIsUndone(t *testing.T) {
	p := newProgram(t)
	p.start()
	type undone struct {
		Import   int64
		Comments int
		Threads  int
		Stayed   struct{ Threads, Comments, People int }
		Stays    []struct{ What, ID, Why string }
	}
	undo := func(args ...string) (u undone) {
		t.Helper()
		out := p.run(append([]string{"import", "--json", "--site", "news"}, args...)...)
		if err := json.Unmarshal([]byte(out), &u); err != nil {
			t.Fatalf("%v in %s", err, out)
		}
		return u
	}
	said := p.run("import", "--site", "news", "--format", "disqus", archiveFile)
	if !strings.HasPrefix(said, "Added 600 comments by 78 people in 41 threads.") {
		t.Errorf("it says %s", said)
	}
	before := p.exported("news")
	if plan := undo("--undo", "1", "--dry-run"); plan.Comments != 600 || plan.Threads != 41 || len(plan.Stays) != 0 {
		t.Errorf("the plan: %+v", plan)
	}
	if !reflect.DeepEqual(before, p.exported("news")) {
		t.Error("the plan changed something")
	}
	var thread string
	for _, l := range before {
		if l["type"] == "thread" && l["state"] == "open" {
			thread = l["key"].(string)
			break
		}
	}
	if got := p.page("thread=" + thread + "&view=flat"); got.Thread == nil || got.Thread.CommentCount == 0 {
		t.Fatalf("the running server does not show %s", thread)
	}
	if u := undo("--undo", "1"); u.Import != 1 || u.Comments != 600 || u.Threads != 41 || len(u.Stays) != 0 {
		t.Errorf("the undo: %+v", u)
	}
	if n := len(p.exported("news")); n != 2 {
		t.Errorf("the undo left %d lines", n)
	}
	if got := p.page("thread=" + thread + "&view=flat"); got.Thread != nil || len(got.Comments) != 0 {
		t.Errorf("the running server still shows %s", thread)
	}
	if r := p.imported("--site", "news", "--format", "disqus", archiveFile); r.Comments != 600 || r.Import != 2 {
		t.Errorf("the file again: %+v", r)
	}
	answered := p.page("thread=" + thread + "&view=flat").Comments[0].ID
	p.post(p.login("ann@example.com"), thread, answered, "I think so too, after all these years.")
	left := undo("--undo", "2")
	if left.Comments+left.Stayed.Comments != 600 || left.Stayed.Comments == 0 || len(left.Stays) == 0 {
		t.Errorf("with a reply: %+v", left)
	}
	why := map[string]string{}
	for _, s := range left.Stays {
		why[s.What+" "+s.ID] = s.Why
	}
	if why["comment "+answered] != "somebody has replied to it" || why["thread "+thread] == "" {
		t.Errorf("what stays: %v", why)
	}
	if got := p.page("thread=" + thread + "&view=flat"); got.Thread == nil || len(got.Comments) != left.Stayed.Comments+1 {
		t.Errorf("the server shows %+v, and %d stayed", got.Thread, left.Stayed.Comments)
	}
	if list := p.run("import", "--site", "news", "--list"); !strings.Contains(list, "undone") || !strings.Contains(list, "archive.xml.gz") || strings.Count(list, "\n") != 3 {
		t.Errorf("the list:\n%s", list)
	}
	for _, bad := range [][]string{
		{"import", "--site", "news", "--undo", "1"},
		{"import", "--site", "news", "--undo", "99"},
		{"import", "--site", "nowhere", "--undo", "1"},
		{"import", "--site", "news", "--format", "disqus", "--map-host", "a.example=b.example/c", archiveFile},
		{"import", "--site", "news"},
		{"import", "--site", "news", "--list", archiveFile},
		{"import", "--site", "news", "--list", "--undo", "1"},
	} {
		if said := p.refused(bad...); strings.Contains(said, "_import: ") || strings.Contains(said, "import_") || strings.Contains(said, "not_found") {
			t.Errorf("%v says a code: %s", bad, said)
		}
	}
	if said := p.run("import", "--site", "news", "--dry-run", "--format", "disqus", "--map-host", "a.example=b.example", "--map-path", "/nothing/*=/nowhere/*", archiveFile); !strings.Contains(said, "--map-host a.example met no link of the file.") ||
		!strings.Contains(said, "--map-path /nothing/* met no link") {
		t.Errorf("mappings of nothing: %s", said)
	}
	if said := p.run("import", "--site", "news", "--dry-run", "--format", "disqus", "--map-path", "/*=/moved/*", archiveFile); strings.Contains(said, "met no link") {
		t.Errorf("a mapping that fits: %s", said)
	}
}

// claimedExport is WordPress's, of two people who have accounts there and a guest.
const claimedExport = `<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><wp:wxr_version>1.2</wp:wxr_version>
<item><title>Ferries</title><link>https://news.example.com/ferries/</link><wp:post_id>7</wp:post_id>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Old Ann</wp:comment_author><wp:comment_author_email>Ann@example.com</wp:comment_author_email><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>The ferry was late.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>3</wp:comment_user_id></wp:comment>
<wp:comment><wp:comment_id>2</wp:comment_id><wp:comment_author>Old Bo</wp:comment_author><wp:comment_author_email>bo@example.com</wp:comment_author_email><wp:comment_date_gmt>2020-05-06 08:08:09</wp:comment_date_gmt><wp:comment_content>It always is.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>4</wp:comment_user_id></wp:comment>
<wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author>Guest</wp:comment_author><wp:comment_author_email>ann@example.com</wp:comment_author_email><wp:comment_date_gmt>2020-05-06 09:08:09</wp:comment_date_gmt><wp:comment_content>I am a guest.</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_user_id>0</wp:comment_user_id></wp:comment>
</item></channel></rss>`

// claimable imports it into the site.
func (p *program) claimable(args ...string) string {
	p.t.Helper()
	file := filepath.Join(p.t.TempDir(), "wordpress.xml")
	if err := os.WriteFile(file, []byte(claimedExport), 0o600); err != nil {
		p.t.Fatal(err)
	}
	return p.run(append([]string{"import", "--site", "news", file}, args...)...)
}

// Whoever has proved the address claims what was imported, an admin agrees, and
// the running server shows the comment under the account's name; the command
// names the staff's.
func TestImportedCommentsAreClaimed(t *testing.T) {
	p := newProgram(t)
	p.start()
	p.run("user", "add", "--site", "news", "--email", "chief@example.com", "--name", "The Chief", "--password", testPassword, "--role", "admin")
	p.refused("import", "--site", "news", archiveFile, "--map-author", "Nobody Of That Name=chief@example.com")
	if said := p.claimable("--dry-run"); !strings.Contains(said, "user:4 (Old Bo): 1 comment") {
		t.Errorf("the dry run does not list who wrote:\n%s", said)
	}
	if said := p.claimable("--map-author", "Old Bo=chief@example.com"); !strings.Contains(said, "1 person of the file is a member of the site by --map-author.") {
		t.Errorf("it says %s", said)
	}
	names := func() (out []string) {
		for _, c := range p.page("thread=https://news.example.com/ferries/&view=flat&sort=oldest").Comments {
			out = append(out, c.Author.Name)
		}
		return out
	}
	if got := names(); !slices.Equal(got, []string{"Old Ann", "The Chief", "Guest"}) {
		t.Fatalf("they are by %q", got)
	}
	ann, chief := p.login("ann@example.com"), p.login("chief@example.com")
	var mine struct {
		Claims []struct {
			ID, Name, State string
			Sample          []struct{ Text string }
		}
	}
	p.do("GET", "/api/v1/me/claims", "", "Authorization", ann).into(t, &mine)
	if len(mine.Claims) != 1 || mine.Claims[0].Name != "Old Ann" || mine.Claims[0].State != "open" || mine.Claims[0].Sample[0].Text != "The ferry was late." {
		t.Fatalf("offered: %+v", mine)
	}
	if a := p.do("POST", "/api/v1/me/claims/"+mine.Claims[0].ID, `{"mine":true}`, "Authorization", chief); a.status != 404 {
		t.Errorf("somebody else asks: %d", a.status)
	}
	if a := p.do("POST", "/api/v1/me/claims/"+mine.Claims[0].ID, `{}`, "Authorization", ann); a.status != 422 {
		t.Errorf("nothing is said: %d", a.status)
	}
	if a := p.do("POST", "/api/v1/me/claims/"+mine.Claims[0].ID, `{"mine":true}`, "Authorization", ann); a.status != 204 {
		t.Fatalf("asked: %d %s", a.status, a.body)
	}
	var asked struct{ Claims []struct{ ID, By string } }
	p.do("GET", "/api/v1/sites/news/moderation/claims", "", "Authorization", chief).into(t, &asked)
	if len(asked.Claims) != 1 || names()[0] != "Old Ann" {
		t.Fatalf("it waits: %+v", asked)
	}
	if a := p.do("POST", "/api/v1/sites/news/moderation/claims/"+asked.Claims[0].ID, `{"approve":true}`, "Authorization", chief); a.status != 204 {
		t.Fatalf("approved: %d %s", a.status, a.body)
	}
	if got := names(); !slices.Equal(got, []string{asked.Claims[0].By, "The Chief", "Guest"}) {
		t.Errorf("they are by %q", got)
	}
	if said := p.claimable(); !strings.Contains(said, "Added 0 comments by 0 people in 0 threads") {
		t.Errorf("a second run: %s", said)
	}
}
