package cleantext

import (
	"unicode"
)

// Enough reports whether a text says something: two characters, or one where
// one is a word of its own, as in Chinese, Japanese and Korean, or a picture.
func Enough(s string) bool {
	n := 0
	for _, r := range s {
		switch {
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.So) && Visible(r):
			return true
		case Visible(r), unicode.Is(unicode.M, r) && n > 0 && !Blank(r): // a vowel sign is a letter to who writes it
			n++
		}
		if n >= 2 {
			return true
		}
	}
	return false
}
