package moderation

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// token is a word of a text as it is compared: lower case, without marks,
// look-alikes replaced. from and to are its bytes in the text.
type token struct {
	text     string
	from, to int
	single   bool // one letter by itself
}

// alike maps letters of other scripts, and signs written for letters, to the
// Latin letter they pass for. Words of a list go through the same map, so a
// Cyrillic word still matches itself.
var alike = map[rune]rune{
	'а': 'a', 'в': 'b', 'е': 'e', 'ё': 'e', 'з': '3', 'і': 'i', 'ї': 'i', 'к': 'k', 'м': 'm', 'н': 'h', 'о': 'o', 'р': 'p', 'с': 'c', 'т': 't', 'у': 'y', 'х': 'x', 'ѕ': 's', 'ј': 'j', 'ԁ': 'd', 'ո': 'n', 'ӏ': 'l', 'ԛ': 'q', 'ԝ': 'w',
	'α': 'a', 'β': 'b', 'ε': 'e', 'η': 'n', 'ι': 'i', 'κ': 'k', 'ν': 'v', 'ο': 'o', 'ρ': 'p', 'τ': 't', 'υ': 'u', 'χ': 'x', 'γ': 'y',
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ß': 's', 'æ': 'a', 'œ': 'o', 'ɑ': 'a', 'ɡ': 'g',
}

// leet maps digits and signs written for letters. It counts only in a word
// that has a letter: 100 stays a number.
var leet = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's'}

// foldRune appends the folded form of one letter.
func foldRune(b []rune, r rune) []rune {
	if r < utf8.RuneSelf {
		return append(b, unicode.ToLower(r))
	}
	for _, d := range norm.NFKD.String(string(unicode.ToLower(r))) {
		if unicode.Is(unicode.Mn, d) {
			continue
		}
		d = unicode.ToLower(d)
		if a, ok := alike[d]; ok {
			d = a
		}
		b = append(b, d)
	}
	return b
}

func wordRune(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.Mn, r) || r == '@' || r == '$'
}

// invisible runes are dropped inside words: they only ever hide something.
func invisible(r rune) bool {
	return r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff' || unicode.Is(unicode.Variation_Selector, r)
}

// dense scripts are written without spaces, so words are looked for anywhere.
func dense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// tokens folds a text into its words.
func tokens(text string) []token {
	out := make([]token, 0, len(text)/5+1)
	var cur []rune
	letters, begin, last := false, -1, 0
	flush := func() {
		if begin < 0 {
			return
		}
		if letters {
			for i, r := range cur {
				if l, ok := leet[r]; ok {
					cur[i] = l
				}
			}
		}
		if len(cur) > 0 {
			out = append(out, token{string(cur), begin, last, len(cur) == 1 && letters})
		}
		cur, letters, begin = cur[:0], false, -1
	}
	for i, r := range text {
		switch {
		case invisible(r):
			continue
		case wordRune(r):
			if begin < 0 {
				begin = i
			}
			letters = letters || unicode.IsLetter(r)
			cur = foldRune(cur, r)
			last = i + utf8.RuneLen(r)
		default:
			flush()
		}
	}
	flush()
	return spelled(out, text)
}

// Bounds of what counts as one word spelled out: f r e e, v.i.a.g.r.a.
const (
	spelledLetters = 3
	spelledGap     = 3 // bytes between two letters
)

// spelled adds a word for every run of single letters, and the same without
// its first and its last letter: "a s c a m" holds an article.
func spelled(ts []token, text string) []token {
	n := len(ts)
	for i := 0; i < n; {
		j, gap := i, ""
		for j < n && ts[j].single { // the letters of one word are kept apart by the same sign
			if j > i {
				between := text[ts[j-1].to:ts[j].from]
				if j == i+1 {
					gap = between
				}
				if between != gap || len(gap) > spelledGap || strings.Contains(gap, "\n") {
					break
				}
			}
			j++
		}
		if j-i >= spelledLetters {
			ts = append(ts, joined(ts[i:j]))
		}
		if j-i > spelledLetters {
			ts = append(ts, joined(ts[i+1:j]), joined(ts[i:j-1]))
		}
		i = max(j, i+1)
	}
	return ts
}

func joined(ts []token) token {
	var b strings.Builder
	for _, t := range ts {
		b.WriteString(t.text)
	}
	return token{text: b.String(), from: ts[0].from, to: ts[len(ts)-1].to}
}

// squeeze writes every run of one letter once: fuuuun and fun are then equal.
func squeeze(s string) string {
	var b strings.Builder
	last := rune(-1)
	for _, r := range s {
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// stretched reports a run of three or more of one letter.
func stretched(s string) bool {
	n, last := 0, rune(-1)
	for _, r := range s {
		if r == last {
			n++
		} else {
			n, last = 1, r
		}
		if n >= 3 {
			return true
		}
	}
	return false
}

// folded is the whole text as it is compared, words separated by one space.
func folded(ts []token) string {
	var b strings.Builder
	for i, t := range ts {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}
