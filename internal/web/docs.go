package web

import (
	"bytes"
	"html/template"
	"io/fs"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// docPage is one page of /docs/.
type docPage struct{ Path, Title string }

// docPages are the pages of the documentation in order; "" is the first.
var docPages = []docPage{{"", "Embed"}, {"script", "Script"}, {"style", "Style"}, {"frame", "Frame and no script"}, {"sign-in", "Ways in"}, {"sso", "Single sign-on"}, {"account", "Accounts"}, {"moderation", "Moderation"}, {"mail", "Mail"}}

// docExamples are what each page shows live, in the demo: there alone a thread
// of everybody's is wanted.
var docExamples = map[string]string{
	"":       `<p>Comments: <parley-count site="{{SITE}}" thread="parley-docs">–</parley-count></p><parley-comments site="{{SITE}}" thread="parley-docs" title="The documentation of Parley"></parley-comments>`,
	"script": `<p>The newest comments of this site:</p><parley-latest site="{{SITE}}" limit="5"></parley-latest>`,
	"style":  `<parley-comments class="styled" site="{{SITE}}" thread="parley-docs" title="The documentation of Parley" view="flat" page-size="3"></parley-comments>`,
	"frame":  `<parley-comments site="{{SITE}}" thread="parley-docs" title="The documentation of Parley" mode="frame"></parley-comments>`,
}

// getDocs shows one page of the documentation, with this server's own address in
// its examples, and in the demo its site.
func (s *Server) getDocs(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	name := c.Params("page")
	at := -1
	for i, p := range docPages {
		if p.Path == name {
			at = i
		}
	}
	if at < 0 || s.cfg.Files == nil || !s.cfg.Docs {
		return discuss.ErrNotFound
	}
	site, example := "", ""
	if s.demo.Load() != nil {
		sites, err := s.cfg.Sites.Sites(ctx)
		if err != nil {
			return err
		}
		if len(sites) > 0 {
			site, example = sites[0].Key, docExamples[name]
		}
	}
	body, err := s.doc(name, site)
	if err != nil {
		return err
	}
	page, err := template.ParseFS(s.cfg.Files, "docs/page.html")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := page.Execute(&b, map[string]any{
		"Title": docPages[at].Title, "Path": name, "Pages": docPages, "Body": body, "Live": example != "",
		"Example": template.HTML(s.docWords(example, site)), // a constant of ours around a key of [a-z0-9-]
	}); err != nil {
		return err
	}
	h := &c.Response().Header
	h.Set("Cache-Control", "public, max-age=60")
	live := "ws" + strings.TrimPrefix(s.Own, "http")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "+s.Own+"; connect-src 'self' "+s.Own+" "+live+
		"; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'")
	h.SetContentType("text/html; charset=utf-8")
	c.Response().SetBodyRaw(b.Bytes())
	return nil
}

// doc renders one page of Markdown.
func (s *Server) doc(name, site string) (template.HTML, error) {
	if name == "" {
		name = "index"
	}
	src, err := fs.ReadFile(s.cfg.Files, "docs/"+name+".md")
	if err != nil {
		return "", err
	}
	html, err := s.cfg.Document(s.docWords(string(src), site))
	return template.HTML(html), err
}

func (s *Server) docWords(text, site string) string {
	if site == "" {
		site = "news"
	}
	return strings.NewReplacer("{{BASE}}", s.cfg.PublicURL, "{{SITE}}", site, "{{WS}}", "ws"+strings.TrimPrefix(s.Own, "http")).Replace(text)
}
