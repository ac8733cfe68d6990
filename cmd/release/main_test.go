package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The version is that of the tag; between tags it says so.
func TestTheVersionIsThatOfTheTag(t *testing.T) {
	t.Chdir(t.TempDir())
	run := func(args ...string) {
		t.Helper()
		if out, err := exec.Command("git", append([]string{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "tag.gpgsign=false"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v %s", args, err, out)
		}
	}
	commit := func() { run("commit", "-q", "--allow-empty", "-m", "x") }
	says := func(want string) {
		t.Helper()
		if v, err := tagged(); err != nil || !strings.HasPrefix(v, want) {
			t.Errorf("the version is %s, %v; want %s", v, err, want)
		}
	}
	run("init", "-q")
	commit()
	says("0.0.0-")
	run("tag", "v1.2.3")
	if v, err := tagged(); err != nil || v != "1.2.3" {
		t.Errorf("at the tag: %s, %v", v, err)
	}
	commit()
	says("1.2.3-1-g")
}

// What is packed twice is the same twice, belongs to nobody, and the program can be run.
func TestPackagesAreTheSameTwice(t *testing.T) {
	at := time.Unix(1_700_000_000, 0).UTC()
	files := []file{{"parley", []byte("a program"), 0o755}, {"LICENSE", []byte("MIT"), 0o644}}
	for _, target := range targets {
		one, ending, err := pack(target, "parley_1_x", files, at)
		if err != nil {
			t.Fatal(err)
		}
		two, _, err := pack(target, "parley_1_x", files, at)
		if err != nil || !bytes.Equal(one, two) {
			t.Errorf("%s: the packages differ (%v)", target.name(), err)
		}
		if (target.os == "windows") != (ending == ".zip") {
			t.Errorf("%s is packed as %s", target.name(), ending)
		}
	}
	packed, _, err := pack(targets[0], "parley_1_x", files, at)
	if err != nil {
		t.Fatal(err)
	}
	g, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	r, seen := tar.NewReader(g), 0
	for {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		seen++
		if h.Uid != 0 || h.Uname != "" || !h.ModTime.Equal(at) || !strings.HasPrefix(h.Name, "parley_1_x/") || h.Name == "parley_1_x/parley" && h.Mode != 0o755 {
			t.Errorf("%+v", h)
		}
	}
	if seen != len(files) {
		t.Errorf("%d files", seen)
	}
}

// sha256sum reads the checksums, and finds what was changed.
func TestChecksumsAreChecked(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "parley_1.tar.gz"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("as it was made")
	for range 2 { // a second time over what is there
		if err := checksums(dir); err != nil {
			t.Fatal(err)
		}
	}
	check := func() error {
		cmd := exec.Command("sha256sum", "--check", "--strict", sumsName)
		cmd.Dir = dir
		return cmd.Run()
	}
	if err := check(); err != nil {
		t.Error(err)
	}
	write("as somebody made it")
	if check() == nil {
		t.Error("a changed file passes")
	}
}

// Everything that a build holds is listed with its licence: this test's own
// program stands for it, which holds few modules, with the libraries of the bundles.
func TestTheListNamesWhatIsInside(t *testing.T) {
	t.Chdir("../..")
	bin := filepath.Join(t.TempDir(), "x")
	if out, err := exec.Command("go", "build", "-o", bin, "./cmd/testreport").CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	parts, err := inside(bin)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sbom("1.2.3", targets[0], time.Unix(0, 0).UTC(), parts)
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		BOMFormat  string `json:"bomFormat"`
		Components []struct{ Name, Version, PURL string }
	}
	if err := json.Unmarshal(b, &doc); err != nil || doc.BOMFormat != "CycloneDX" {
		t.Fatalf("%v in %s", err, b)
	}
	names := map[string]string{}
	for _, c := range doc.Components {
		names[c.Name] = c.PURL
	}
	if names["Go standard library"] == "" || !strings.HasPrefix(names["preact"], "pkg:npm/preact@") {
		t.Errorf("it lists %v", names)
	}
	if names["typescript"] != "" {
		t.Error("a tool is listed as a part")
	}
	text, err := notices(targets[0], parts)
	if err != nil || !bytes.Contains(text, []byte("The Go Authors")) || !bytes.Contains(text, []byte("GNU C Library")) {
		t.Errorf("notices: %v %s", err, text)
	}
	if _, err := licence(t.TempDir()); err == nil {
		t.Error("a module without a licence passes")
	}
}
