package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"sync"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/pagecache"
)

// asset is a built front-end file, compressed once.
type asset struct {
	kind string
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
		if packed, err := fs.ReadFile(files, name+".gz"); err == nil { // by a slower hand than ours; the build checks that it is the same
			a.gzip = func() []byte { return packed }
		}
		out[under+strings.TrimPrefix(name, dir+"/")] = a
		return nil
	})
}

func newAsset(kind string, b []byte) *asset {
	sum := sha256.Sum256(b)
	return &asset{
		kind: kind, etag: `"` + base64.RawURLEncoding.EncodeToString(sum[:12]) + `"`, raw: b,
		gzip: sync.OnceValue(func() []byte { return pagecache.GzipBest(b) }), br: sync.OnceValue(func() []byte { return pagecache.BrotliBest(b) }),
	}
}

func (s *Server) getAsset(c *fiber.Ctx) error {
	name := strings.TrimPrefix(strings.TrimPrefix(c.Path(), "/"), "assets/")
	a, fixed := s.findAsset(name)
	if a == nil {
		return discuss.ErrNotFound
	}
	h := &c.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Cache-Control", "public, max-age=300, stale-while-revalidate=86400")
	if fixed {
		h.Set("Cache-Control", immutable)
	}
	h.Set("ETag", a.etag)
	h.Set("Vary", "Accept-Encoding")
	if c.Get("If-None-Match") == a.etag {
		c.Status(fiber.StatusNotModified)
		return nil
	}
	h.SetContentType(a.kind)
	accept := c.Request().Header.PeekBytes(hAccept)
	if bytes.Contains(accept, hBr) {
		h.Set("Content-Encoding", "br")
		c.Response().SetBodyRaw(a.br())
		return nil
	}
	if bytes.Contains(accept, hGzip) {
		h.Set("Content-Encoding", "gzip")
		c.Response().SetBodyRaw(a.gzip())
		return nil
	}
	c.Response().SetBodyRaw(a.raw)
	return nil
}

// getAvatar draws the picture of whoever has none.
func (s *Server) getAvatar(c *fiber.Ctx) error {
	seed, ok := strings.CutSuffix(c.Params("seed"), ".svg")
	if _, err := discuss.ParseID(seed); !ok || err != nil {
		return discuss.ErrNotFound
	}
	h := &c.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.SetContentType("image/svg+xml")
	c.Response().SetBodyRaw(s.cfg.Avatar(seed))
	return nil
}
