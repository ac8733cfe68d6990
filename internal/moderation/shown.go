package moderation

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// lines are the elements that stand on lines of their own.
var lines = []string{"p", "br", "li", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "ul", "ol", "table", "div"}

// shown is what readers are given of a comment: the text that its markup comes
// to, without what only hides something, and behind it the addresses that its
// links lead to where the text does not show them. What was typed says less:
// "vi**ag**ra" and "vi&#97;gra" are read as one word.
func shown(markup string) string {
	var b, links strings.Builder
	b.Grow(len(markup))
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			text := strings.TrimSpace(b.String())
			for _, to := range strings.Fields(links.String()) {
				if !strings.Contains(text, to) {
					text += "\n" + to
				}
			}
			if strings.ContainsFunc(text, invisible) {
				text = strings.Map(inked, text)
			}
			return text
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			name, more := z.TagName()
			if slices.Contains(lines, string(name)) {
				newLine(&b)
			}
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				if string(key) == "href" {
					links.Write(value)
					links.WriteByte('\n')
				}
			}
		}
	}
}

// newLine ends a line that has something in it.
func newLine(b *strings.Builder) {
	if s := b.String(); s != "" && !strings.HasSuffix(s, "\n") {
		b.WriteByte('\n')
	}
}

func inked(r rune) rune {
	if invisible(r) {
		return -1
	}
	return r
}

// invisible runes are dropped inside words: they only ever hide something.
// Format characters, variation selectors, and signs that Unicode calls letters
// or marks and that no font gives any width.
func invisible(r rune) bool {
	if r < 0xad {
		return false
	}
	switch r {
	case 0x034f, 0x17b4, 0x17b5, 0x180b, 0x180c, 0x180d, 0x180f:
		return true
	}
	return unicode.In(r, unicode.Cf, unicode.Variation_Selector)
}

// blank runes are empty to the eye, as wide as a letter in one font and as
// wide as nothing in another. They may stand for a space or hide inside a word.
func blank(r rune) bool {
	switch r {
	case 0x3164, 0x115f, 0x1160, 0xffa0, 0x2800, 0x1d159:
		return true
	}
	return false
}

func unseen(r rune) bool { return blank(r) || invisible(r) }
