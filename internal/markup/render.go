// Package markup turns comment text into safe HTML. It knows nothing of
// comments, people or sites.
//
// What comes out is canonical: about twenty tags, double-quoted attributes,
// every element closed, every link marked as a stranger's. The widget reads
// just that and takes everything else for text.
package markup

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"

	"parley/internal/cleantext"
)

// Limits of one text.
const (
	// MaxBytes caps a text before it is parsed: the parser is quadratic on
	// hostile input, 0.3 s at 10 kB and 16 s at 100 kB.
	MaxBytes = 10_000
	// MaxDepth is how deep elements nest; tags beyond it are left out, their text stays.
	MaxDepth = 40
	// MaxImport caps the HTML of one imported comment, in bytes.
	MaxImport = 1 << 20
)

// The errors of this room; their texts are for people.
var (
	ErrTooLong = errors.New("is longer than 10,000 bytes")
	ErrEmpty   = errors.New("is empty")
	ErrNUL     = errors.New("holds a NUL character")
	ErrUTF8    = errors.New("is not valid UTF-8")
	ErrBusy    = errors.New("too many texts are being rendered")
	ErrName    = errors.New("must be 2 to 40 visible characters without control characters")
)

// Renderer makes HTML with a bounded number of workers.
type Renderer struct {
	Links Links

	md    goldmark.Markdown
	slots chan struct{}
	queue chan struct{}
}

// New returns a renderer for so many texts at once and so many waiting; more
// than that are refused with ErrBusy rather than piled up.
func New(workers, waiting int) *Renderer {
	return &Renderer{md: newMarkdown(), slots: make(chan struct{}, workers), queue: make(chan struct{}, workers+waiting)}
}

// newMarkdown is CommonMark without raw HTML: a tag that somebody types is
// text and shows as they typed it. Headings begin with a #: whoever writes dashes
// under a line signs a letter.
func newMarkdown() goldmark.Markdown {
	p := parser.NewParser(
		parser.WithBlockParsers(
			util.Prioritized(parser.NewThematicBreakParser(), 200),
			util.Prioritized(parser.NewListParser(), 300),
			util.Prioritized(parser.NewListItemParser(), 400),
			util.Prioritized(parser.NewCodeBlockParser(), 500),
			util.Prioritized(parser.NewATXHeadingParser(), 600),
			util.Prioritized(parser.NewFencedCodeBlockParser(), 700),
			util.Prioritized(parser.NewBlockquoteParser(), 800),
			util.Prioritized(parser.NewParagraphParser(), 1000),
		),
		parser.WithInlineParsers(
			util.Prioritized(parser.NewCodeSpanParser(), 100),
			util.Prioritized(parser.NewLinkParser(), 200),
			util.Prioritized(parser.NewAutoLinkParser(), 300),
			util.Prioritized(backslashParser{}, 50),
			util.Prioritized(addressParser{}, 400),
			util.Prioritized(emphasisParser{}, 500),
			util.Prioritized(spoilerParser{}, 510),
			util.Prioritized(emojiParser{}, 900),
			util.Prioritized(mentionParser{}, 910),
		),
		parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
	)
	return goldmark.New(
		goldmark.WithParser(p),
		goldmark.WithExtensions(extension.Strikethrough, extension.NewLinkify(extension.WithLinkifyAllowedProtocols([]string{"\x00"})), tables{}),
		goldmark.WithRendererOptions(html.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(nodeRenderer{}, 10))),
	)
}

// policy is the only list of what may come out; goldmark is not trusted with it.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr",
		"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-zA-Z0-9_+#.-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(spoiler|mention)$`)).OnElements("span")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^[0-9]{1,9}$`)).OnElements("ol")
	p.AllowAttrs("data-picture").Matching(regexp.MustCompile(`^[0-9a-f]{32}$`)).OnElements("img") // no address: writer.picture gives it one
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return p
}()

// headings come down two steps: the page's own h1 and h2 are not a commenter's.
var headings = strings.NewReplacer("<h1>", "<h3>", "</h1>", "</h3>", "<h2>", "<h4>", "</h2>", "</h4>")

// Render returns the HTML of Markdown. Its errors are ErrTooLong, ErrEmpty (the
// text makes nothing that can be seen) and ErrBusy.
func (r *Renderer) Render(ctx context.Context, src string) (string, error) {
	if len(src) > MaxBytes {
		return "", ErrTooLong
	}
	if out, ok := plain(src); ok {
		return out, nil
	}
	return r.parsed(ctx, src, nil)
}

// parsed is Render by the parser, whatever the text.
func (r *Renderer) parsed(ctx context.Context, src string, pictures map[string]Picture) (string, error) {
	select {
	case r.queue <- struct{}{}:
		defer func() { <-r.queue }()
	default:
		return "", ErrBusy
	}
	select {
	case r.slots <- struct{}{}:
		defer func() { <-r.slots }()
	case <-ctx.Done():
		return "", ErrBusy
	}
	var b bytes.Buffer
	w := buffers.Get().(*bufio.Writer) // else goldmark makes one each time
	defer buffers.Put(w)
	w.Reset(&b)
	text, doc := r.parse([]byte(src))
	if err := r.md.Renderer().Render(w, text, doc); err != nil {
		return "", err
	}
	if err := w.Flush(); err != nil {
		return "", err
	}
	out := canonical(policy.Sanitize(headings.Replace(b.String())), false, r.Links, pictures)
	if !shows(out) {
		return "", ErrEmpty
	}
	return out, nil
}

var buffers = sync.Pool{New: func() any { return bufio.NewWriter(nil) }}

// shows reports whether there is anything to see in canonical HTML: a rule, a picture, or
// a letter outside of its tags. Of the entities it knows all leave ink.
func shows(s string) bool {
	if strings.Contains(s, "<hr>") || strings.Contains(s, "<img ") {
		return true
	}
	for s != "" {
		text, rest, _ := strings.Cut(s, "<")
		if strings.ContainsFunc(text, cleantext.Visible) {
			return true
		}
		_, s, _ = strings.Cut(rest, ">")
	}
	return false
}
