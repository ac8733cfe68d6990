// Command release makes what is downloaded: a build for each target with what
// belongs to it, packed, and beside them checksums, the list of what is inside
// (SBOM) and the licences. The same commit gives the same bytes.
package main

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// target is a system that a build is for.
type target struct {
	os, arch string
	cc       string // the C compiler, where it is not the machine's own
	hint     string // the package that has it
	tags     string
	ldflags  string
}

const (
	tags       = "sqlite_fts5 sqlite_omit_load_extension"
	staticTags = tags + " osusergo netgo"
	static     = " -linkmode external -extldflags -static"
)

// targets are all that there are. Of macOS a build is made on macOS alone.
var targets = []target{
	{"linux", "amd64", "x86_64-linux-gnu-gcc", "gcc", staticTags, static},
	{"linux", "arm64", "aarch64-linux-gnu-gcc", "gcc-aarch64-linux-gnu libc6-dev-arm64-cross", staticTags, static},
	{"windows", "amd64", "x86_64-w64-mingw32-gcc-posix", "gcc-mingw-w64-x86-64-posix", tags, " -linkmode external -extldflags -static"},
	{"darwin", "amd64", "clang -arch x86_64", "Xcode's command line tools", tags, ""},
	{"darwin", "arm64", "clang -arch arm64", "Xcode's command line tools", tags, ""},
}

func (t target) name() string { return t.os + "/" + t.arch }

func (t target) program() string {
	if t.os == "windows" {
		return "parley.exe"
	}
	return "parley"
}

// beside is what a package holds beside the program.
var beside = []string{"README.md", "CHANGELOG.md", "LICENSE", "cmd/release/parley.service"}

func main() {
	version := flag.String("version", "", "version; that of the tag by default")
	out := flag.String("out", "dist", "folder for what is made")
	want := flag.String("targets", "linux/amd64,linux/arm64", "systems, with commas between: "+names())
	twice := flag.Bool("twice", false, "build each twice, and fail where the bytes differ")
	sums := flag.Bool("sums", false, "only write SHA256SUMS of what is in the folder")
	flag.Parse()
	err := os.MkdirAll(*out, 0o755)
	if err == nil && !*sums {
		err = release(*version, *out, strings.Split(*want, ","), *twice)
	}
	if err == nil {
		err = checksums(*out)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

func names() string {
	var out []string
	for _, t := range targets {
		out = append(out, t.name())
	}
	return strings.Join(out, ", ")
}

// release builds and packs every target.
func release(version, out string, want []string, twice bool) error {
	if version == "" {
		var err error
		if version, err = tagged(); err != nil {
			return err
		}
	}
	at, err := made()
	if err != nil {
		return err
	}
	for _, name := range want {
		i := slices.IndexFunc(targets, func(t target) bool { return t.name() == name })
		if i < 0 {
			return fmt.Errorf("targets: %q is none of %s", name, names())
		}
		if err := one(targets[i], version, out, at, twice); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// one makes the package of a target.
func one(t target, version, out string, at time.Time, twice bool) error {
	dir, err := os.MkdirTemp("", "parley-release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	bin := filepath.Join(dir, t.program())
	if err := build(t, version, bin); err != nil {
		return err
	}
	program, err := os.ReadFile(bin)
	if err != nil {
		return err
	}
	if twice {
		if err := build(t, version, bin, "-a"); err != nil {
			return err
		}
		again, err := os.ReadFile(bin)
		if err != nil {
			return err
		}
		if !bytes.Equal(program, again) {
			return fmt.Errorf("two builds of one commit differ (%x, %x)", sha256.Sum256(program), sha256.Sum256(again))
		}
	}
	parts, err := inside(bin)
	if err != nil {
		return err
	}
	licences, err := notices(t, parts)
	if err != nil {
		return err
	}
	bom, err := sbom(version, t, at, parts)
	if err != nil {
		return err
	}
	stem := fmt.Sprintf("parley_%s_%s_%s", version, t.os, t.arch)
	files := []file{{t.program(), program, 0o755}, {"NOTICES.txt", licences, 0o644}}
	for _, name := range beside {
		b, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files = append(files, file{filepath.Base(name), b, 0o644})
	}
	packed, ending, err := pack(t, stem, files, at)
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, stem+".sbom.json"), bom, 0o644); err != nil {
		return err
	}
	fmt.Printf("%s%s: %.1f MB, the program %.1f MB, %d parts\n", stem, ending, float64(len(packed))/1e6, float64(len(program))/1e6, len(parts))
	return os.WriteFile(filepath.Join(out, stem+ending), packed, 0o644)
}

// build compiles the program for a target.
func build(t target, version, to string, flags ...string) error {
	cc := t.cc
	if _, err := exec.LookPath(strings.Fields(cc)[0]); err != nil {
		return fmt.Errorf("there is no %s (%s)", cc, t.hint)
	}
	args := append([]string{"build", "-trimpath", "-buildvcs=false", "-tags", t.tags, "-ldflags", "-s -w -X main.version=" + version + t.ldflags, "-o", to}, flags...)
	cmd := exec.Command("go", append(args, "./cmd/parley")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=1", "GOOS="+t.os, "GOARCH="+t.arch, "CC="+cc, "GOFLAGS=")
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

func git(args ...string) (string, error) {
	out, err := exec.Command("git", args...).Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w", args[0], err)
	}
	return strings.TrimSpace(string(out)), nil
}

// tagged is the version of the tag v1.2.3 that the working copy is at, and a
// version between tags otherwise.
func tagged() (string, error) {
	v, err := git("describe", "--tags", "--always", "--dirty", "--match", "v[0-9]*")
	if err != nil {
		return "", err
	}
	if after, ok := strings.CutPrefix(v, "v"); ok {
		return after, nil
	}
	return "0.0.0-" + v, nil
}

// made is the time that stands in what is packed: that of the commit.
func made() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		var err error
		if text, err = git("log", "-1", "--format=%ct"); err != nil {
			return time.Time{}, err
		}
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return time.Unix(n, 0).UTC(), err
}

// checksums writes SHA256SUMS of the folder, as sha256sum -c reads it.
func checksums(dir string) error {
	entries, err := os.ReadDir(dir) // in order
	if err != nil {
		return err
	}
	var out []byte
	for _, e := range entries {
		if e.IsDir() || e.Name() == sumsName {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return err
		}
		out = fmt.Appendf(out, "%x  %s\n", sha256.Sum256(b), e.Name())
	}
	return os.WriteFile(filepath.Join(dir, sumsName), out, 0o644)
}

const sumsName = "SHA256SUMS"
