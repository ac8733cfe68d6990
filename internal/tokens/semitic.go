package tokens

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Marks are the signs of Arabic and Hebrew that a word is the same word without:
// vowels, doubling, chant, and the stroke that draws a word out. The index of
// the store is made without them, so the table never changes without a migration.
var Marks = &unicode.RangeTable{R16: []unicode.Range16{
	{0x0591, 0x05BD, 1},
	{0x05BF, 0x05BF, 1},
	{0x05C1, 0x05C2, 1},
	{0x05C4, 0x05C5, 1},
	{0x05C7, 0x05C7, 1},
	{0x0610, 0x061A, 1},
	{0x0640, 0x0640, 1},
	{0x064B, 0x065F, 1},
	{0x0670, 0x0670, 1},
	{0x06D6, 0x06DC, 1},
	{0x06DF, 0x06E4, 1},
	{0x06E7, 0x06E8, 1},
	{0x06EA, 0x06ED, 1},
}}

// Bare is a text without Marks.
func Bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(Marks, r) {
			return -1
		}
		return r
	}, s)
}

// What Hebrew and Arabic write onto the beginning of a word: and, the, in, to,
// from, as, that, and what is usual of two of them.
var (
	hebrewPrefixes = strings.Fields("ו ה ב ל מ כ ש וה וב ול ומ וכ וש שה שב של שמ מה כש לכש")
	arabicPrefixes = strings.Fields("ال و ف ب ل ك لل وال بال كال فال ولل وب ول")
)

const shortestBare = 3 // letters that are left of a word whose beginning may be such a prefix

// Prefixed is a word with the prefixes that its language writes onto it, and
// what it may be without one, with those of that. What a word is cannot be told
// by its letters alone: a word that begins like a prefix finds a few more.
func Prefixed(word string) []string {
	var prefixes []string
	switch first, _ := utf8.DecodeRuneInString(word); {
	case unicode.Is(unicode.Hebrew, first):
		prefixes = hebrewPrefixes
	case unicode.Is(unicode.Arabic, first):
		prefixes = arabicPrefixes
	default:
		return nil
	}
	bare := word
	for _, p := range prefixes { // the longest that leaves enough
		if rest, ok := strings.CutPrefix(word, p); ok && len(rest) < len(bare) && utf8.RuneCountInString(rest) >= shortestBare {
			bare = rest
		}
	}
	var out []string
	if bare != word {
		out = append(out, bare)
	}
	for _, p := range prefixes {
		if p+bare != word {
			out = append(out, p+bare)
		}
		if bare != word {
			out = append(out, p+word)
		}
	}
	return out
}
