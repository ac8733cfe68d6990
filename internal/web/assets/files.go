package assets

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"parley/internal/pagecache"
)

// Files are the built front end: this build and those that pages opened before
// an upgrade still use.
type Files struct {
	Build string // name of this build
	now   map[string]*asset
	old   map[string]func() map[string]*asset // by the name of their build; read when first asked for
}

// Load reads the built files, and keeps them in the directory keep for pages
// that outlive this build; "" keeps none.
func Load(built fs.FS, keep string) (*Files, error) {
	now, err := loadAssets(built)
	if err != nil {
		return nil, err
	}
	f := &Files{Build: buildName(now), now: now}
	nameBuild(now, f.Build)
	f.old = keepBuild(keep, f.Build, now)
	return f, nil
}

// asset is a built front-end file, compressed once.
type asset struct {
	kind string
	sum  [sha256.Size]byte
	etag string
	raw  []byte
	gzip func() []byte // made when first asked for: packing all of them took most of a start
	br   func() []byte
}

var assetTypes = map[string]string{
	".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".ts": "text/plain; charset=utf-8",
	".svg": "image/svg+xml", ".json": "application/json",
}

// loadAssets reads the built files, and the catalogues under i18n/, into
// memory: they are few and small.
func loadAssets(files fs.FS) (map[string]*asset, error) {
	out := map[string]*asset{}
	if files == nil {
		return out, nil
	}
	for dir, under := range map[string]string{"assets": "", "i18n": "i18n/"} {
		if err := readAssets(files, dir, under, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func readAssets(files fs.FS, dir, under string, out map[string]*asset) error {
	return fs.WalkDir(files, dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		kind, ok := assetTypes[path.Ext(name)]
		if !ok {
			return nil
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read asset: %w", err)
		}
		a := newAsset(kind, b)
		// By a slower hand than ours, or before anybody waits; the build checks that they are the same.
		if packed, err := fs.ReadFile(files, name+".gz"); err == nil {
			a.gzip = func() []byte { return packed }
		}
		if packed, err := fs.ReadFile(files, name+".br"); err == nil {
			a.br = func() []byte { return packed }
		}
		out[under+strings.TrimPrefix(name, dir+"/")] = a
		return nil
	})
}

func newAsset(kind string, b []byte) *asset {
	sum := sha256.Sum256(b)
	return &asset{
		kind: kind, sum: sum, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, raw: b,
		gzip: sync.OnceValue(func() []byte { return pagecache.GzipBest(b) }), br: sync.OnceValue(func() []byte { return pagecache.BrotliBest(b) }),
	}
}
