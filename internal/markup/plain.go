package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"parley/internal/cleantext"
)

// plain makes the HTML of a text in which nothing can be markup: most comments
// are sentences, and to parse, sanitize and write them again costs a third of
// what a post costs. It takes letters, digits, and of the marks those that mean
// nothing where they stand; whatever else it meets, it leaves to the parser.
// What it makes is what that would have made: FuzzPlain holds them together.
func plain(src string) (out string, ok bool) {
	var b strings.Builder
	b.Grow(len(src) + len(src)/16 + 16)
	b.WriteString("<p>")
	blank := false
	for i, line := range strings.Split(src, "\n") {
		switch {
		case line == "":
			if blank || i == 0 {
				return "", false
			}
			blank = true
			continue
		case !sentence(line):
			return "", false
		case blank:
			b.WriteString("</p>\n<p>")
			blank = false
		case i > 0:
			b.WriteString("<br>\n")
		}
		b.WriteString(html.EscapeString(line))
	}
	if blank {
		return "", false
	}
	b.WriteString("</p>")
	return b.String(), true
}

// sentence reports whether a line begins with a letter, ends with ink, and holds
// nothing that means something to the parser.
func sentence(line string) bool {
	before := ' '
	for i := 0; i < len(line); {
		start := i
		r, width := utf8.DecodeRuneInString(line[i:])
		i += width
		next, _ := utf8.DecodeRuneInString(line[i:])
		if i == len(line) {
			next = '\n'
		}
		switch {
		case plainLetter(r):
		case start == 0:
			return false
		case r >= '0' && r <= '9', strings.ContainsRune(`,;?!'"()%`, r):
		case r == ' ':
			if before == ' ' || next == '\n' {
				return false
			}
		case r == '.': // of an address the dot stands between letters
			if next != ' ' && next != '\n' && next != '.' && next != '"' && next != ')' {
				return false
			}
		case r == ':': // a smiley, an emoji's name and a scheme follow at once
			if next != ' ' && next != '\n' {
				return false
			}
		case r == '-':
			if !plainLetter(before) || !plainLetter(next) {
				return false
			}
		case strings.ContainsRune("–—…„“”‘’«»€£", r):
		default:
			return false
		}
		before = r
	}
	return true
}

// plainLetter is a letter of the scripts that nothing in here asks about.
func plainLetter(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
	}
	return unicode.In(r, unicode.Latin, unicode.Cyrillic, unicode.Greek, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) &&
		unicode.IsLetter(r) && cleantext.Visible(r)
}
