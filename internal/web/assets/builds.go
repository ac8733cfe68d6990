package assets

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// A page that was opened before an upgrade goes on with the build it began
// with: embed.js names the build of its lazy parts, and the last builds are
// kept beside the database.

const (
	buildMark = "__BUILD__" // in embed.js, where the build's name goes
	buildLen  = 12          // hex digits of a build's name
	keepMax   = 5           // earlier builds that are kept
	immutable = "public, max-age=31536000, immutable"
)

// buildName is the hash of everything that a page may load later.
func buildName(assets map[string]*asset) string {
	sum := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(assets)) {
		fmt.Fprintf(sum, "%s %x\n", name, assets[name].sum)
	}
	return hex.EncodeToString(sum.Sum(nil))[:buildLen]
}

// nameBuild writes the build's name into embed.js.
func nameBuild(assets map[string]*asset, build string) {
	if a := assets["embed.js"]; a != nil {
		assets["embed.js"] = newAsset(a.kind, bytes.ReplaceAll(a.raw, []byte(buildMark), []byte(build)))
	}
}

// keepBuild writes this build into dir and finds the earlier ones that are
// there, the newest keepMax of them; older ones go. They are read, a megabyte
// each, if a page asks for them. What cannot be kept is logged: the server works
// without.
func keepBuild(dir, build string, assets map[string]*asset) map[string]func() map[string]*asset {
	old := map[string]func() map[string]*asset{}
	if dir == "" {
		return old
	}
	if err := writeBuild(filepath.Join(dir, build), assets); err != nil {
		slog.Warn("this build of the front end could not be kept for pages that outlive it", "err", err)
		return old
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		slog.Warn("earlier builds of the front end", "err", err)
		return old
	}
	type kept struct {
		name string
		at   time.Time
	}
	var all []kept
	for _, e := range entries {
		if i, err := e.Info(); err == nil && e.IsDir() && e.Name() != build && len(e.Name()) == buildLen {
			all = append(all, kept{e.Name(), i.ModTime()})
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return cmp.Or(b.at.Compare(a.at), strings.Compare(a.name, b.name)) })
	for i, k := range all {
		if i >= keepMax {
			_ = os.RemoveAll(filepath.Join(dir, k.name))
			continue
		}
		old[k.name] = sync.OnceValue(func() map[string]*asset {
			files := map[string]*asset{}
			if err := readAssets(os.DirFS(filepath.Join(dir, k.name)), ".", "", files); err != nil {
				slog.Warn("an earlier build of the front end", "build", k.name, "err", err)
				return nil
			}
			return files
		})
	}
	return old
}

// writeBuild writes the files under another name first, so that a build that
// is there is whole.
func writeBuild(dir string, assets map[string]*asset) error {
	if _, err := os.Stat(dir); err == nil {
		now := time.Now()
		return os.Chtimes(dir, now, now)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(filepath.Dir(dir), "new-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	for name, a := range assets {
		to := filepath.Join(tmp, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(to, a.raw, 0o644); err != nil {
			return err
		}
	}
	if err := os.Rename(tmp, dir); err != nil && !os.IsExist(err) {
		return err
	}
	return nil
}

// find looks a name up in this build, or in the one that it begins with;
// what stands under a build's name never changes.
func (f *Files) find(name string) (a *asset, fixed bool) {
	if a = f.now[name]; a != nil {
		return a, false
	}
	build, rest, _ := strings.Cut(name, "/")
	if build == f.Build {
		return f.now[rest], true
	}
	if read := f.old[build]; read != nil {
		return read()[rest], true
	}
	return nil, true
}
