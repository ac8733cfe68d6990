package edge

import (
	"crypto/rand"
	_ "embed"
	"encoding/base64"
	"html/template"
	"io/fs"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
)

// sprite is the icons of our own documents: {{template "sprite"}}.
//
//go:embed sprite.html
var sprite string

// ParseDocuments reads the templates of our own documents. What cannot be read
// is a mistake of ours, found when the program starts.
func ParseDocuments(files fs.FS, funcs template.FuncMap, patterns ...string) *template.Template {
	return template.Must(template.Must(template.New("documents").Funcs(funcs).Parse(sprite)).ParseFS(files, patterns...))
}

// SendDocument sends a document of our own origin. Nothing may frame it, it
// loads only our own files, and its one inline style carries the answer's nonce.
func SendDocument(c *fiber.Ctx, t *template.Template, name string, data map[string]any) error {
	var n [16]byte
	_, _ = rand.Read(n[:])
	nonce := base64.RawStdEncoding.EncodeToString(n[:])
	data["Nonce"] = nonce
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return err
	}
	h := &c.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"+nonce+
		"'; img-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
	h.SetContentType("text/html; charset=utf-8")
	return c.SendString(b.String())
}

// Apart keeps a document of ours out of reach of whoever opened it; windows that
// it opens itself, such as those of providers, it may speak with.
func Apart(c *fiber.Ctx) { c.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups") }

// framedCSP is the policy of our documents that others may frame, up to who may.
func (d *Door) framedCSP() string {
	live := "ws" + strings.TrimPrefix(d.Own, "http")
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' " + d.Own + "; connect-src 'self' " + d.Own + " " + live
}

// PageCSP is the policy of our pages that the site's own pages may frame.
func (d *Door) PageCSP(site discuss.Site) string {
	return d.framedCSP() + "; form-action 'self'; base-uri 'none'; frame-ancestors 'self' " + strings.Join(site.Origins, " ") +
		"; require-trusted-types-for 'script'; trusted-types 'none'"
}

// FrameCSP is the policy of the document that one page may frame.
func (d *Door) FrameCSP(origin string) string {
	return d.framedCSP() + "; form-action 'self'; base-uri 'none'; frame-ancestors " + origin + "; require-trusted-types-for 'script'; trusted-types 'none'"
}

// DocsCSP is the policy of the documentation, whose examples are frames of our own.
func (d *Door) DocsCSP() string {
	return d.framedCSP() + "; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
}
