package pages

import (
	"bytes"
	"context"
	"html/template"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// docPage is one page of /docs/.
type docPage struct{ Path, Title string }

// docPages are the pages of the documentation in order; "" is the first.
var docPages = []docPage{{"", "Embed"}, {"server", "Run it on a server"}, {"check", "Check"}, {"script", "Script"}, {"style", "Style"}, {"frame", "Frame and no script"}, {"sign-in", "Ways in"}, {"sso", "Single sign-on"}, {"account", "Accounts"}, {"moderation", "Moderation"}, {"settings", "Settings and sites"}, {"images", "Images"}, {"people", "The team"}, {"mail", "Mail"}, {"notifications", "What readers are told"}, {"readers", "Readers who come back"}, {"moving", "Moving in"}, {"export", "Files that move"}, {"backups", "Backups"}}

// docExamples are what each page shows live, in the demo: there alone a thread
// of everybody's is wanted.
var docExamples = map[string]string{
	"":       `<p>Comments: <parley-count site="{{SITE}}" thread="parley-docs">–</parley-count></p><parley-comments site="{{SITE}}" thread="parley-docs" title="The documentation of Parley"></parley-comments>`,
	"script": `<p>The newest comments of this site:</p><parley-latest site="{{SITE}}" limit="5"></parley-latest>`,
	"style":  `<parley-comments class="styled" site="{{SITE}}" thread="parley-docs" title="The documentation of Parley" view="flat" page-size="3"></parley-comments>`,
	"frame":  `<parley-comments site="{{SITE}}" thread="parley-docs" title="The documentation of Parley" mode="frame"></parley-comments>`,
}

// docsPage shows one page of the documentation, with this server's own address
// in its examples, and in the demo its site.
func (r Room) docsPage(ctx context.Context, q *edge.Request) error {
	name := q.Params("page")
	at := slices.IndexFunc(docPages, func(p docPage) bool { return p.Path == name })
	if at < 0 || r.Docs == nil {
		return discuss.ErrNotFound
	}
	site, example := "", ""
	if r.Demo() != "" {
		sites, err := q.Door.AllSites(ctx)
		if err != nil {
			return err
		}
		if site = firstKey(sites); site != "" {
			example = docExamples[name]
		}
	}
	body, err := r.doc(q, name, site)
	if err != nil {
		return err
	}
	t, err := template.ParseFS(r.Docs, "docs/page.html")
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, map[string]any{
		"Title": docPages[at].Title, "Path": name, "Pages": docPages, "Body": body, "Live": example != "",
		"Example": template.HTML(r.docWords(q, example, site)), // a constant of ours around a key of [a-z0-9-]
	}); err != nil {
		return err
	}
	h := &q.Response().Header
	h.Set("Cache-Control", "public, max-age=60")
	h.Set("Content-Security-Policy", q.Door.DocsCSP())
	h.SetContentType(edge.HTML)
	q.Response().SetBodyRaw(b.Bytes())
	return nil
}

// doc renders one page of Markdown.
func (r Room) doc(q *edge.Request, name, site string) (template.HTML, error) {
	if name == "" {
		name = "index"
	}
	src, err := fs.ReadFile(r.Docs, "docs/"+name+".md")
	if err != nil {
		return "", err
	}
	html, err := r.Document(r.docWords(q, string(src), site))
	return template.HTML(html), err
}

var docLink = regexp.MustCompile(`\]\(([a-z-]+)\.md(#[^)]*)?\)`)

func (r Room) docWords(q *edge.Request, text, site string) string {
	if site == "" {
		site = "news"
	}
	text = docLink.ReplaceAllString(text, "](/docs/$1$2)") // in the repository the pages are files
	return strings.NewReplacer("{{BASE}}", r.Shape.Base, "{{SITE}}", site, "{{WS}}", "ws"+strings.TrimPrefix(q.Door.Own, "http")).Replace(text)
}
