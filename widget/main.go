// Command widget builds the front end into static/assets with esbuild's Go
// API, so that building Parley needs neither Node nor npm. What it makes is
// committed; making it anew needs the libraries of package.json (npm ci).
//
//	go run ./widget          build
//	go run ./widget -check   fail unless static/assets is what the sources give
//	go run ./widget -tests D bundle the unit tests into directory D for Node
package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
	brotli "github.com/molecule-man/go-brrr"
)

const assets = "static/assets"

// engines are the oldest browsers that the widget is built for.
var engines = []api.Engine{{Name: api.EngineChrome, Version: "111"}, {Name: api.EngineFirefox, Version: "115"}, {Name: api.EngineSafari, Version: "16.4"}}

// What is on the page already when a part comes.
var (
	toRead   = []string{"view"}
	toListen = []string{"view", "listen"}
	toAct    = []string{"view", "listen", "following", "ways"}
	toName   = []string{"view", "listen", "following", "ways", "typing"}
	toTell   = []string{"view", "listen", "following", "ways", "bell", "tools"}
)

// entries are the programs of the front end, one file each, by names that stay:
// the server puts a build's files under the build's name.
var entries = []struct {
	in, out string
	format  api.Format
	takes   []string // what these export is taken from them: they are there already
}{
	{"embed/embed.ts", "embed.js", api.FormatIIFE, nil},                  // named by pages as a plain script
	{"embed/compat.ts", "compat.js", api.FormatIIFE, nil},                // stands where another system's script stood
	{"embed/view.ts", "view.js", api.FormatESModule, nil},                // what it takes to read
	{"embed/listen.ts", "listen.js", api.FormatESModule, toRead},         // comes after the comments show: the box at rest, the socket
	{"embed/first.ts", "first.js", api.FormatESModule, toListen},         // what a press does at once, while the rest comes
	{"embed/ways.ts", "ways.js", api.FormatESModule, toListen},           // what takes providers
	{"embed/following.ts", "following.js", api.FormatESModule, toListen}, // what happens elsewhere
	{"embed/act.ts", "act.js", api.FormatESModule, toAct},                // comes when it is first wanted
	{"embed/posting.ts", "posting.js", api.FormatESModule, toAct},        // the composer and the way in
	{"embed/pictures.ts", "pictures.js", api.FormatESModule, toListen},   // images in comments, where there are any
	{"embed/upload.ts", "upload.js", api.FormatESModule, toAct},          // and the way of one into a comment
	{"embed/typing.ts", "typing.js", api.FormatESModule, toAct},          // what keys, the clipboard and the tools make of a text
	{"embed/naming.ts", "naming.js", api.FormatESModule, toName},         // the people behind an @
	{"embed/bell.ts", "bell.js", api.FormatESModule, toAct},              // the bell of who is signed in
	{"embed/told.ts", "told.js", api.FormatESModule, toTell},             // what it says, and how one follows
	{"embed/reactions.ts", "reactions.js", api.FormatESModule, toListen}, // where readers react
	{"embed/picks.ts", "picks.js", api.FormatESModule, toListen},         // where editors' picks have a tab
	{"embed/unread.ts", "unread.js", api.FormatESModule, toAct},          // of who has been here before
	{"embed/search.ts", "search.js", api.FormatESModule, toAct},
	{"embed/tools.ts", "tools.js", api.FormatESModule, toAct}, // menus, dialogs, formatting
	{"own/popup.tsx", "popup.js", api.FormatESModule, nil},
	{"own/push-worker.ts", "push.js", api.FormatIIFE, nil}, // on a device, while no page is open
	{"own/account.tsx", "account.js", api.FormatESModule, nil},
	{"own/setup.tsx", "setup.js", api.FormatESModule, nil},
	{"own/dashboard.tsx", "dashboard.js", api.FormatESModule, nil},
	{"embed/host.ts", "host.js", api.FormatESModule, nil},        // the page's side of mode="frame"
	{"embed/frame.ts", "frame.js", api.FormatESModule, toRead},   // the frame's
	{"embed/panel.ts", "panel.js", api.FormatESModule, toRead},   // signing in inside it
	{"embed/counts.ts", "counts.js", api.FormatESModule, nil},    // <parley-count>
	{"embed/latest.ts", "latest.js", api.FormatESModule, toRead}, // <parley-latest>
	{"embed/check.ts", "check.js", api.FormatESModule, nil},      // of a page that is checked
	{"embed/oldlink.ts", "oldlink.js", api.FormatESModule, nil},  // of a page that is opened by another system's link to a comment
	{"own/style/docs.css", "docs.css", api.FormatDefault, nil},
	{"embed/style/frame.css", "frame.css", api.FormatDefault, nil},
	{"own/style/page.css", "page.css", api.FormatDefault, nil},
	{"own/style/popup.css", "popup.css", api.FormatDefault, nil},
	{"own/style/setup.css", "setup.css", api.FormatDefault, nil},
	{"own/style/signin.css", "signin.css", api.FormatDefault, nil},
	{"own/style/account.css", "account.css", api.FormatDefault, nil},
	{"own/style/dashboard.css", "dashboard.css", api.FormatDefault, nil},
}

func main() {
	check := flag.Bool("check", false, "fail unless the committed files are fresh")
	tests := flag.String("tests", "", "bundle the unit tests into this directory")
	sizes := flag.Bool("sizes", false, "print the sizes")
	flag.Parse()
	if err := run(*check, *tests, *sizes); err != nil {
		fmt.Fprintln(os.Stderr, "widget:", err)
		os.Exit(1)
	}
}

func run(check bool, tests string, sizes bool) error {
	if tests != "" {
		return bundleTests(tests)
	}
	api, err := apiTypes(description)
	if err != nil {
		return err
	}
	if !check {
		if err := errors.Join(os.WriteFile(typesFile, api, 0o644), os.WriteFile(rightsFile, rights(), 0o644)); err != nil {
			return err
		}
	}
	files := map[string][]byte{}
	for _, e := range entries {
		b, err := bundle(filepath.Join("widget/src", e.in), e.format, inlineCSS(), lazy(e.takes))
		if err != nil {
			return err
		}
		files[e.out] = b
	}
	types, err := os.ReadFile("widget/src/embed/embed.d.ts")
	if err != nil {
		return err
	}
	files["embed.d.ts"] = types
	if check {
		return errors.Join(compare(files), fresh(typesFile, api), fresh(rightsFile, rights()))
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(assets, name), b, 0o644); err != nil {
			return err
		}
	}
	for _, name := range waited {
		if err := pack(name, files[name]); err != nil {
			return err
		}
	}
	if sizes {
		for _, e := range entries {
			fmt.Printf("%-14s %6d bytes %6d gzip\n", e.out, len(files[e.out]), gzipped(files[e.out]))
		}
	}
	return nil
}

// languages are the directories of the catalogues, as a JavaScript array.
func languages() string {
	dirs, err := os.ReadDir("static/i18n")
	names := []string{}
	for _, d := range dirs {
		names = append(names, d.Name())
	}
	b, err2 := json.Marshal(names)
	if err := errors.Join(err, err2); err != nil {
		panic(err) // not run from the top of the repository
	}
	return string(b)
}

func options(format api.Format, plugins ...api.Plugin) api.BuildOptions {
	return api.BuildOptions{
		Define: map[string]string{"LANGUAGES": languages()},
		Bundle: true, Format: format, Charset: api.CharsetUTF8,
		MinifySyntax: true, MinifyWhitespace: true, MinifyIdentifiers: true, LegalComments: api.LegalCommentsNone,
		Engines: engines, Plugins: plugins, LogLevel: api.LogLevelSilent, Tsconfig: "widget/tsconfig.json",
	}
}

func bundle(in string, format api.Format, plugins ...api.Plugin) ([]byte, error) {
	if strings.HasSuffix(in, ".css") {
		plugins = []api.Plugin{tones()}
	}
	o := options(format, plugins...)
	o.EntryPoints, o.Metafile = []string{in}, true
	r := api.Build(o)
	if len(r.Errors) > 0 {
		return nil, errors.New(strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), ""))
	}
	out := r.OutputFiles[0].Contents
	if strings.HasSuffix(in, ".css") {
		return []byte(tight(string(out))), nil
	}
	notice, err := notices(r.Metafile)
	return append(out, notice...), err
}

// inlineCSS turns an imported style sheet into one minified string, for a
// constructed sheet in the shadow root: no style element, so no CSP exception.
func inlineCSS() api.Plugin {
	return api.Plugin{Name: "inline-css", Setup: func(b api.PluginBuild) {
		b.OnLoad(api.OnLoadOptions{Filter: `\.css$`}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			css, err := bundle(a.Path, api.FormatDefault)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text := strings.TrimSpace(string(css))
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, nil
		})
	}}
}

// shared are the modules that a part exports for those that come after it.
var shared = regexp.MustCompile(`^\s*export \* from "(\.[^"]+)";`)

// lazy turns a dynamic import into one of the built file beside it. It also
// turns an import of a module that a part in takes exports into one of that
// part, so that no lazy part carries again what the page has.
func lazy(takes []string) api.Plugin {
	return api.Plugin{Name: "lazy", Setup: func(b api.PluginBuild) {
		has := map[string]string{} // the part that exports a module
		for _, part := range takes {
			src, err := os.ReadFile(filepath.Join("widget/src/embed", part+".ts"))
			if err != nil {
				continue // esbuild says so, where it reads the part itself
			}
			for _, line := range strings.Split(string(src), "\n") {
				if m := shared.FindStringSubmatch(line); m != nil {
					has[filepath.Join("widget/src/embed", m[1])] = part
				}
			}
		}
		wd, _ := os.Getwd()
		b.OnResolve(api.OnResolveOptions{Filter: `\.tsx?$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind == api.ResolveJSDynamicImport {
				return api.OnResolveResult{Path: "./" + strings.TrimSuffix(filepath.Base(a.Path), filepath.Ext(a.Path)) + ".js", External: true}, nil
			}
			if a.Kind == api.ResolveJSImportStatement {
				if rel, err := filepath.Rel(wd, filepath.Join(a.ResolveDir, a.Path)); err == nil && has[rel] != "" {
					return api.OnResolveResult{Path: "./" + has[rel] + ".js", External: true}, nil
				}
			}
			return api.OnResolveResult{}, nil
		})
	}}
}

func bundleTests(dir string) error {
	in, err := filepath.Glob("widget/test/*.test.ts")
	if err != nil {
		return err
	}
	o := options(api.FormatESModule, inlineCSS())
	o.EntryPoints, o.Outdir, o.Write, o.Platform = in, dir, true, api.PlatformNode
	o.OutExtension = map[string]string{".js": ".mjs"}
	o.MinifyIdentifiers, o.MinifyWhitespace, o.MinifySyntax = false, false, false
	o.Sourcemap = api.SourceMapInline
	o.Engines = []api.Engine{{Name: api.EngineNode, Version: "20"}}
	if r := api.Build(o); len(r.Errors) > 0 {
		return errors.New(strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), ""))
	}
	return nil
}

// compare fails if the committed build is not what the sources give today.
func compare(files map[string][]byte) error {
	var stale []error
	for name, want := range files {
		stale = append(stale, fresh(filepath.Join(assets, name), want))
	}
	for _, name := range waited {
		for _, packed := range []string{name + ".gz", name + ".br"} {
			if !unpacks(filepath.Join(assets, packed), files[name]) {
				stale = append(stale, fmt.Errorf("%s/%s is not fresh: run go run ./widget and commit it", assets, packed))
			}
		}
	}
	return errors.Join(stale...)
}

// fresh fails if a committed file is not what the sources give today.
func fresh(file string, want []byte) error {
	if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, want) {
		return fmt.Errorf("%s is not fresh: run go run ./widget and commit it", file)
	}
	return nil
}

// waited are what every reader waits for; they are committed packed as well.
var waited = []string{"view.js", "listen.js"}

const brotliBest = 11 // Brotli's highest level

// pack writes the packed forms of a file. Gzip is by zopfli (apt install
// zopfli) where it is installed, 3 % smaller than what the server could do by
// itself; Brotli is what the server would make, which takes it too long for the
// first reader after a start. One that is there and holds the same bytes stays.
func pack(file string, raw []byte) error {
	name := filepath.Join(assets, file)
	if !unpacks(name+".gz", raw) {
		out, err := exec.Command("zopfli", "-c", "--i50", name).Output()
		if err != nil {
			out = deflated(raw)
		}
		if err := os.WriteFile(name+".gz", out, 0o644); err != nil {
			return err
		}
	}
	if unpacks(name+".br", raw) {
		return nil
	}
	out, err := brotli.Compress(raw, brotliBest)
	if err != nil {
		return err
	}
	return os.WriteFile(name+".br", out, 0o644)
}

// unpacks reports whether a packed file holds exactly these bytes.
func unpacks(file string, want []byte) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	var r io.Reader = brotli.NewReader(f)
	if filepath.Ext(file) == ".gz" {
		if r, err = gzip.NewReader(f); err != nil {
			return false
		}
	}
	got, err := io.ReadAll(r)
	return err == nil && bytes.Equal(got, want)
}

func gzipped(b []byte) int { return len(deflated(b)) }

func deflated(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	_, _ = w.Write(b)
	_ = w.Close()
	return out.Bytes()
}
