package systemtest

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// releases are the commits that testdata/releases has a database of.
var releases = map[string]string{"0.1.0": "d96c0cc"}

// releasePassword opens the accounts of those databases.
const releasePassword = "correct-horse-7"

// releasedAt is where the builds that made them served.
const releasedAt = "http://127.0.0.1:18010"

// unzipped is a file of testdata.
func unzipped(t *testing.T, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "releases", name+".gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// asked is what a release answered.
type asked struct {
	Path   string `json:"path"`
	As     string `json:"as"`
	Answer any    `json:"answer"`
}

// lost is what an answer no longer says of what it said; what came since is no loss.
func lost(at string, old, now any) (out []string) {
	switch o := old.(type) {
	case map[string]any:
		n, ok := now.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s: %v, was %v", at, now, old)}
		}
		for k, v := range o {
			got, ok := n[k]
			if !ok {
				out = append(out, at+"."+k+" is gone")
				continue
			}
			out = append(out, lost(at+"."+k, v, got)...)
		}
	case []any:
		n, ok := now.([]any)
		if ok && strings.HasSuffix(at, ".badges") { // of which there are more since 0.2.0
			for _, badge := range o {
				if !slices.Contains(n, badge) {
					out = append(out, fmt.Sprintf("%s lacks %v", at, badge))
				}
			}
			return out
		}
		if !ok || len(n) != len(o) {
			return []string{fmt.Sprintf("%s: %v, was %v", at, now, old)}
		}
		for i := range o {
			out = append(out, lost(fmt.Sprintf("%s[%d]", at, i), o[i], n[i])...)
		}
	default:
		was, text := old.(string)
		is, _ := now.(string)
		if text && strings.HasPrefix(is, was+"#") { // pictures say their colour behind a # since 0.2.0
			return nil
		}
		if !reflect.DeepEqual(old, now) {
			out = append(out, fmt.Sprintf("%s: %v, was %v", at, now, old))
		}
	}
	return out
}

// answersAs fails for what a release answered and the running server does not.
func (p *program) answersAs(release string) {
	p.t.Helper()
	text := bytes.ReplaceAll(unzipped(p.t, release+"/answers.json"), []byte(releasedAt), []byte(p.base))
	var all []asked
	if err := json.Unmarshal(text, &all); err != nil || len(all) < 10 {
		p.t.Fatalf("%d answers, %v", len(all), err)
	}
	tokens := map[string]string{"": ""}
	for _, q := range all {
		if _, ok := tokens[q.As]; !ok {
			var out struct{ Token string }
			p.plainly("POST", "/api/v1/sites/news/login", fmt.Sprintf(`{"email":%q,"password":%q,"session":"token"}`, q.As+"@example.com", releasePassword), "", &out)
			tokens[q.As] = "Bearer " + out.Token
		}
		var now any
		p.plainly("GET", q.Path, "", tokens[q.As], &now)
		for _, l := range lost(q.Path, q.Answer, now) {
			p.t.Error(l)
		}
	}
}

// plainly asks without holding the answer to today's description, which an old build does not know.
func (p *program) plainly(method, path, body, token string, into any) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.base+path, strings.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", token)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	if err := json.NewDecoder(res.Body).Decode(into); err != nil {
		p.t.Fatalf("%s %s: %v", method, path, err)
	}
}

// A database of each release is opened by today's build, which first copies it
// and then says of it what the release said. The build of then refuses it
// afterwards, in a line, and goes on with the copy.
func TestDatabasesOfReleasesAreUpgraded(t *testing.T) {
	for release, commit := range releases {
		t.Run(release, func(t *testing.T) {
			p := newEmptyProgram(t)
			if err := os.WriteFile(p.database, unzipped(t, release+"/parley.db"), 0o600); err != nil {
				t.Fatal(err)
			}
			copies := func() []string {
				t.Helper()
				all, err := filepath.Glob(p.database + ".before-upgrade-*")
				if err != nil {
					t.Fatal(err)
				}
				return all
			}
			if out := p.run("upgrade", "--check"); !strings.Contains(out, "brings the database from schema") || !strings.Contains(out, "A copy is made first") || len(copies()) > 0 {
				t.Errorf("upgrade --check, with %v: %s", copies(), out)
			}
			p.start()
			if len(copies()) != 1 || strings.HasSuffix(copies()[0], ".part") {
				t.Fatalf("copies: %v", copies())
			}
			p.answersAs(release)
			p.kill()
			if out := p.run("upgrade", "--check"); !strings.Contains(out, "Nothing is to be done") {
				t.Error(out)
			}
			p.start() // a second start upgrades nothing
			p.kill()
			if len(copies()) != 1 {
				t.Errorf("copies: %v", copies())
			}
			p.bin = func() (string, error) { return released(t, commit), nil }
			if line := p.refused("serve"); !strings.Contains(line, "newer version of Parley") {
				t.Errorf("the build of then says: %s", line)
			}
			p.run("restore", "--force", copies()[0])
			p.start()
			p.answersAs(release)
		})
	}
}

// An upgrade that cannot be taken back does not begin.
func TestNoUpgradeWithoutACopy(t *testing.T) {
	p := newEmptyProgram(t)
	if err := os.WriteFile(p.database, unzipped(t, "0.1.0/parley.db"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(p.database+".before-upgrade-51.part", 0o700); err != nil { // where the copy should go
		t.Fatal(err)
	}
	if err := os.WriteFile(p.database+".before-upgrade-51.part/x", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.says("serve"); !strings.Contains(out, "upgrade: the database was not touched") {
		t.Errorf("it says: %s", out)
	}
	if out := p.run("upgrade", "--check"); !strings.Contains(out, "from schema 51") {
		t.Error(out)
	}
	p.startWith("serve", "--no-upgrade-backup")
}

// released is the build of a commit of this repository.
func released(t *testing.T, commit string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("git", "-C", "../..", "cat-file", "-e", commit+"^{commit}").CombinedOutput(); err != nil {
		t.Skipf("the history is not here, so the build of %s is not made: %s", commit, out)
	}
	bin := filepath.Join(dir, "parley-then")
	make := exec.Command("sh", "-c", "git -C ../.. archive "+commit+" | tar -x -C "+dir+" && cd "+dir+" && go build -tags sqlite_fts5 -o "+bin+" ./cmd/parley")
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("the build of %s: %v\n%s", commit, err, out)
	}
	return bin
}
