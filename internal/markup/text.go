package markup

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// covered stands in a mail where a spoiler stands on the page: a mail cannot be
// asked to show it.
const covered = "▒▒▒▒"

var (
	paragraphs = []string{"p", "pre", "blockquote", "ul", "ol", "table", "hr", "h3", "h4", "h5", "h6"}
	lines      = []string{"br", "li", "tr"}
)

// TextOf is the text that a comment's canonical HTML comes to: what readers see,
// without marks, and with its spoilers covered.
func TextOf(markup string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	hidden := 0     // open elements within a spoiler, itself included
	broken := false // a <br> has made the line break that follows it in the source
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			if hidden == 0 {
				text := string(z.Text())
				if broken {
					text = strings.TrimPrefix(text, "\n")
				}
				if text == "\n" && strings.HasSuffix(b.String(), "\n\n") {
					text = "" // it stands between two blocks, which have their empty line
				}
				b.WriteString(text)
			}
			broken = false
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			raw, more := z.TagName()
			name := string(raw)
			if hidden > 0 {
				switch {
				case kind == html.StartTagToken && name != "br" && name != "hr":
					hidden++
				case kind == html.EndTagToken:
					hidden--
				}
				continue
			}
			switch {
			case name == "img": // a mail carries no image: it says that there is one
				b.WriteString("[" + attr(z, "alt") + "]")
			case name == "span" && kind == html.StartTagToken && more && class(z) == "spoiler":
				hidden = 1
				b.WriteString(covered)
			case slices.Contains(paragraphs, name):
				ensure(&b, "\n\n")
			case slices.Contains(lines, name) && kind != html.EndTagToken:
				ensure(&b, "\n")
				broken = name == "br"
				if name == "li" {
					b.WriteString("• ")
				}
			case (name == "td" || name == "th") && kind == html.EndTagToken:
				b.WriteString("  ")
			}
		}
	}
}

// attr is an attribute of a tag.
func attr(z *html.Tokenizer, name string) string {
	for {
		key, value, more := z.TagAttr()
		if string(key) == name {
			return string(value)
		}
		if !more {
			return ""
		}
	}
}

// class is that of a tag of canonical HTML, which stands first.
func class(z *html.Tokenizer) string {
	if key, value, _ := z.TagAttr(); string(key) == "class" {
		return string(value)
	}
	return ""
}

// ensure has a text end with a line break, or an empty line, where there is
// something to end.
func ensure(b *strings.Builder, end string) {
	s := b.String()
	if s == "" || strings.HasSuffix(s, "• ") {
		return
	}
	for !strings.HasSuffix(s, end) {
		b.WriteByte('\n')
		s = b.String()
	}
}
