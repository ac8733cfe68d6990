package cleantext

import (
	"unicode"
	"unicode/utf8"
)

// Enough reports whether a text says something: two characters, or one where
// one is a word of its own, as in Chinese, Japanese and Korean, or a picture.
func Enough(s string) bool {
	r, n := utf8.DecodeRuneInString(s)
	return n < len(s) || n > 0 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.So)
}
