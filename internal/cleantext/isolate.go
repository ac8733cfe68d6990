package cleantext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// Isolate puts a foreign text that would turn the words around it between the
// marks of an isolate; any other comes back as it is.
func Isolate(s string) string {
	if strings.IndexFunc(s, turns) < 0 {
		return s
	}
	return "\u2068" + s + "\u2069"
}

func turns(r rune) bool {
	if r < 0x0590 {
		return false
	}
	p, _ := bidi.LookupString(string(r))
	switch p.Class() {
	case bidi.R, bidi.AL, bidi.AN, bidi.LRE, bidi.RLE, bidi.LRO, bidi.RLO, bidi.PDF, bidi.LRI, bidi.RLI, bidi.FSI, bidi.PDI:
		return true
	}
	return unicode.Is(unicode.Bidi_Control, r) && r != '\u200E'
}
