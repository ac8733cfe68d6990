package main

import (
	"debug/buildinfo"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// part is something of others that a build holds.
type part struct {
	name, version, purl string
	licence             []byte // its text, with notices
}

// inside is what a build holds: the modules that the linker put into it, Go's
// own library, and the npm libraries of the bundles, which the program serves.
func inside(bin string) ([]part, error) {
	info, err := buildinfo.ReadFile(bin)
	if err != nil {
		return nil, err
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	goText, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(root)), "LICENSE"))
	if err != nil {
		return nil, err
	}
	version := strings.TrimPrefix(info.GoVersion, "go")
	out := []part{{"Go standard library", version, "pkg:golang/std@" + version, goText}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.Path).Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		text, err := licence(strings.TrimSpace(string(dir)))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		out = append(out, part{m.Path, m.Version, "pkg:golang/" + m.Path + "@" + m.Version, text})
	}
	npm, err := bundled()
	return append(out, npm...), err
}

// licence is every text about rights in the root of a module.
func licence(dir string) (out []byte, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if e.IsDir() || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "UNLICENSE"}, func(p string) bool { return strings.HasPrefix(name, p) }) {
			continue
		}
		b, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		out = append(append(out, strings.TrimSpace(string(b))...), "\n\n"...)
	}
	if len(out) == 0 {
		return nil, errors.New("it has no licence")
	}
	return out, nil
}

// bundled are the npm libraries that browsers get. Their licences stand in the
// bundles themselves; see widget/notices.go.
func bundled() (out []part, err error) {
	b, err := os.ReadFile(filepath.Join("widget", "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version string `json:"version"`
			Dev     bool   `json:"dev"`
		} `json:"packages"`
	}
	if err := json.Unmarshal(b, &lock); err != nil {
		return nil, err
	}
	for _, path := range slices.Sorted(maps.Keys(lock.Packages)) {
		p := lock.Packages[path]
		name, ok := strings.CutPrefix(path, "node_modules/")
		if ok && !p.Dev {
			out = append(out, part{name, p.Version, "pkg:npm/" + strings.ReplaceAll(name, "@", "%40") + "@" + p.Version, nil})
		}
	}
	return out, nil
}

// staticLibc is what the licence of the C library wants of who links it so.
const staticLibc = `GNU C Library
The programs for Linux hold parts of the GNU C Library, which is under the GNU
Lesser General Public License 2.1 or later (https://www.gnu.org/licenses/). Its
source is that of the Debian package glibc. Parley's own source, and the command
that links it (make release), are public: with them the program can be linked
anew with a changed library.
`

// notices is a text with the licences of all parts.
func notices(t target, parts []part) ([]byte, error) {
	out := []byte("Parley holds work of others. What browsers load has its notices in the files themselves.\n")
	if t.os == "linux" {
		out = append(out, "\n"+line+staticLibc...)
	}
	out = append(out, "\n"+line+"SQLite\nThe authors of SQLite have given it to the public domain (https://sqlite.org/copyright.html).\n"...)
	for _, p := range parts {
		if p.licence != nil {
			out = fmt.Appendf(out, "\n%s%s %s\n\n%s", line, p.name, p.version, p.licence)
		}
	}
	return out, nil
}

const line = "--------------------------------------------------------------------------------\n"

// sbom is the list of all parts as CycloneDX 1.6, with nothing in it that two
// builds would not share.
func sbom(version string, t target, at time.Time, parts []part) ([]byte, error) {
	type component struct {
		Type    string `json:"type"`
		Ref     string `json:"bom-ref"`
		Name    string `json:"name"`
		Version string `json:"version"`
		PURL    string `json:"purl,omitempty"`
	}
	type depends struct {
		Ref string   `json:"ref"`
		On  []string `json:"dependsOn"`
	}
	self := component{"application", "parley", "parley", version, "pkg:generic/parley@" + version + "?os=" + t.os + "&arch=" + t.arch}
	all := []component{}
	on := depends{"parley", nil}
	for _, p := range parts {
		all = append(all, component{"library", p.purl, p.name, p.version, p.purl})
		on.On = append(on.On, p.purl)
	}
	b, err := json.MarshalIndent(map[string]any{
		"$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json", "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata":   map[string]any{"timestamp": at.Format(time.RFC3339), "component": self},
		"components": all, "dependencies": []depends{on},
	}, "", "  ")
	return append(b, '\n'), err
}
