// Package markup turns comment text into safe HTML. It knows nothing of
// comments, people or sites.
package markup

import (
	"bytes"
	"context"
	"errors"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/text/unicode/norm"
)

// MaxBytes caps a text before it is parsed: the parser is quadratic on hostile input.
const MaxBytes = 10_000

const (
	minName, maxName = 2, 40
	maxMarks         = 4 // combining marks on one base
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
	md     goldmark.Markdown
	policy *bluemonday.Policy
	slots  chan struct{}
	queue  chan struct{}
}

// New returns a renderer for so many texts at once and so many waiting.
func New(workers, queue int) *Renderer {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "strong", "em", "del", "code", "pre", "blockquote", "ul", "ol", "li", "hr",
		"h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-zA-Z0-9_+#.-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	return &Renderer{
		md: goldmark.New(goldmark.WithExtensions(extension.Strikethrough, extension.Linkify, extension.Table)), policy: p,
		slots: make(chan struct{}, workers), queue: make(chan struct{}, workers+queue),
	}
}

var (
	anchor   = regexp.MustCompile(`<a href="([^"]*)">`)
	headings = strings.NewReplacer("<h1>", "<h3>", "</h1>", "</h3>", "<h2>", "<h4>", "</h2>", "</h4>")
)

// Render returns the HTML of src.
func (r *Renderer) Render(ctx context.Context, src string) (string, error) {
	if len(src) > MaxBytes {
		return "", ErrTooLong
	}
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
	if err := r.md.Convert([]byte(src), &b); err != nil {
		return "", err
	}
	html := r.policy.Sanitize(headings.Replace(b.String()))
	html = anchor.ReplaceAllString(html, `<a href="$1" rel="nofollow ugc noopener">`)
	if strings.TrimSpace(html) == "" {
		return "", ErrEmpty
	}
	return strings.TrimSpace(html), nil
}

// Clean normalises a text: NFC, no controls, no bidi overrides, trimmed.
func Clean(src string) (string, error) {
	switch {
	case len(src) > MaxBytes*4:
		return "", ErrTooLong
	case !utf8.ValidString(src):
		return "", ErrUTF8
	case strings.ContainsRune(src, 0):
		return "", ErrNUL
	}
	src = strings.ReplaceAll(src, "\r\n", "\n")
	src = strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' {
			return r
		}
		if unicode.IsControl(r) || bidiControl(r) {
			return -1
		}
		return r
	}, norm.NFC.String(src))
	src = strings.TrimSpace(src)
	if !strings.ContainsFunc(src, visible) {
		return "", ErrEmpty
	}
	if len(src) > MaxBytes {
		return "", ErrTooLong
	}
	return src, nil
}

func bidiControl(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

func visible(r rune) bool {
	switch r {
	case 0x3164, 0x115F, 0x1160, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5:
		return false
	}
	return !unicode.IsSpace(r) && !unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Mn, r) && !unicode.IsControl(r)
}

// CleanName normalises a display name.
func CleanName(s string) (string, error) {
	if !utf8.ValidString(s) || len(s) > 400 {
		return "", ErrName
	}
	s = strings.TrimSpace(norm.NFKC.String(s))
	marks, seen := 0, false
	for _, r := range s {
		if unicode.IsControl(r) || bidiControl(r) || r == 0x200E || r == 0x200F || r == 0x2028 || r == 0x2029 {
			return "", ErrName
		}
		if unicode.Is(unicode.M, r) {
			if marks++; marks > maxMarks {
				return "", ErrName
			}
			continue
		}
		marks = 0
		seen = seen || visible(r)
	}
	if n := utf8.RuneCountInString(s); !seen || n < minName || n > maxName {
		return "", ErrName
	}
	return s, nil
}

var lookAlikes = strings.NewReplacer("а", "a", "е", "e", "о", "o", "р", "p", "с", "c", "х", "x", "у", "y", "і", "i", "ѕ", "s",
	"ј", "j", "к", "k", "м", "m", "т", "t", "в", "b", "н", "h", "α", "a", "ο", "o", "ρ", "p", "ν", "v", "0", "o", "1", "l", "|", "l", "i", "l")

// Skeleton folds names that look alike together.
func Skeleton(name string) string {
	s := strings.ToLower(norm.NFKC.String(name))
	s = strings.Map(func(r rune) rune {
		if !visible(r) {
			return -1
		}
		return r
	}, s)
	return lookAlikes.Replace(s)
}
