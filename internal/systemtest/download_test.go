package systemtest

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The README begins with a download. Its commands are run as they stand there,
// with the packages of PARLEY_DIST behind the address, by a machine without Go
// in its path.
func TestTheDownloadOfTheReadme(t *testing.T) {
	dist := os.Getenv("PARLEY_DIST")
	if dist == "" {
		t.Skip("PARLEY_DIST names no folder with packages (make release)")
	}
	files, err := filepath.Glob(filepath.Join(dist, "parley_*_linux_amd64.tar.gz"))
	if err != nil || len(files) != 1 {
		t.Fatalf("packages: %v %v", files, err)
	}
	version := strings.Split(filepath.Base(files[0]), "_")[1]
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)```sh\n(V=.*?)```").FindStringSubmatch(string(b))
	if block == nil {
		t.Fatal("the README has no download")
	}
	at := httptest.NewServer(http.StripPrefix("/v"+version+"/", http.FileServer(http.Dir(dist))))
	t.Cleanup(at.Close)
	first, rest, _ := strings.Cut(block[1], "\n")
	if !strings.HasPrefix(first, "V=") || !strings.Contains(first, " AT=") {
		t.Fatalf("it begins with %s", first)
	}
	script := "set -eu\nV=" + version + " AT=" + at.URL + "\n"
	for line := range strings.Lines(rest) {
		if !strings.HasPrefix(line, "./parley ") { // they serve until they are ended
			script += line
		}
	}
	dir := t.TempDir()
	run := func(script string) string {
		t.Helper()
		cmd := exec.Command("sh", "-c", script)
		cmd.Dir, cmd.Env = dir, []string{"PATH=/usr/bin:/bin", "HOME=" + dir}
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%s\n%v\n%s", script, err, out)
		}
		return string(out)
	}
	out := run(script + "./parley version\n./parley serve --help\nls\n")
	for _, want := range []string{"parley_" + version + "_linux_amd64.tar.gz: OK", "parley " + version, "PARLEY_TLS", "NOTICES.txt", "parley.service", "LICENSE"} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	p := newEmptyProgram(t)
	p.bin = func() (string, error) { return filepath.Join(dir, "parley_"+version+"_linux_amd64", "parley"), nil }
	p.start()
	eventually(t, "it offers a set-up", func() bool { return strings.Contains(p.log.String(), "/setup#") })
}
