package moderation

import (
	"slices"
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
	'ᴀ': 'a', 'ʙ': 'b', 'ᴄ': 'c', 'ᴅ': 'd', 'ᴇ': 'e', 'ꜰ': 'f', 'ɢ': 'g', 'ʜ': 'h', 'ɪ': 'i', 'ᴊ': 'j', 'ᴋ': 'k', 'ʟ': 'l', 'ᴍ': 'm', 'ɴ': 'n', 'ᴏ': 'o', 'ᴘ': 'p', 'ʀ': 'r', 'ꜱ': 's', 'ᴛ': 't', 'ᴜ': 'u', 'ᴠ': 'v', 'ᴡ': 'w', 'ʏ': 'y', 'ᴢ': 'z',
	'ı': 'i', 'ł': 'l', 'ø': 'o', 'đ': 'd', 'ħ': 'h', 'ß': 's', 'æ': 'a', 'œ': 'o', 'ɑ': 'a', 'ɡ': 'g',
}

// leet maps digits and signs written for letters. It counts only in a word
// that has a letter: 100 stays a number.
var leet = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's'}

// regional indicators are letters in boxes, and two of them a flag.
func regional(r rune) bool { return r >= 0x1f1e6 && r < 0x1f1e6+26 }

// regionals measures the run of regional indicators at the beginning of text in
// bytes, and tells whether it is a flag: a longer run of such letters is a word.
func regionals(text string) (n int, flag bool) {
	count := 0
	for i, r := range text {
		if !regional(r) {
			break
		}
		count, n = count+1, i+utf8.RuneLen(r)
	}
	return n, count == 2
}

// foldRune appends the folded form of one letter.
func foldRune(b []rune, r rune) []rune {
	if r < utf8.RuneSelf {
		return append(b, unicode.ToLower(r))
	}
	if l := framed(r); l != 0 {
		return append(b, l)
	}
	for _, d := range norm.NFKD.String(string(unicode.ToLower(r))) {
		if unicode.In(d, unicode.Mn, unicode.Me) {
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
	if r < utf8.RuneSelf {
		return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '@' || r == '$'
	}
	return unicode.IsLetter(r) && !blank(r) || unicode.IsNumber(r) || unicode.IsMark(r) || framed(r) != 0
}

// framed is the letter in a circle, a box or brackets, or of a flag; 0 for
// every other sign. Unicode calls these symbols, and people write words in them.
func framed(r rune) rune {
	for _, from := range [...]rune{0x249c, 0x24b6, 0x24d0, 0x1f110, 0x1f130, 0x1f150, 0x1f170, 0x1f1e6} {
		if from <= r && r < from+26 {
			return 'a' + r - from
		}
	}
	return 0
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
			_, sign := leet[cur[0]] // a digit among single letters is one of them
			out = append(out, token{string(cur), begin, last, len(cur) == 1 && (letters || sign)})
		}
		cur, letters, begin = cur[:0], false, -1
	}
	run, flag := 0, 0 // where the run of regional indicators that was met last ends, and the flag
	for i, r := range text {
		if regional(r) && i >= run {
			n, is := regionals(text[i:])
			if run = i + n; is {
				flag = run
			}
		}
		switch {
		case invisible(r):
			continue
		case i < flag:
			flush()
		case wordRune(r):
			if begin < 0 {
				begin = i
			}
			letters = letters || unicode.IsLetter(r) || framed(r) != 0
			cur = foldRune(cur, r)
			last = i + utf8.RuneLen(r)
		default:
			flush()
		}
	}
	flush()
	return spelled(bridged(out, text), text)
}

// bridged adds the word that comes of parts with nothing but blanks between:
// in a font that gives them no width it is what stands there.
func bridged(ts []token, text string) []token {
	if !strings.ContainsFunc(text, blank) {
		return ts
	}
	for i, n := 0, len(ts); i < n; {
		j, whole := i+1, !ts[i].single // a run of letters is a word spelled out, and found as one
		for j < n && strings.TrimFunc(text[ts[j-1].to:ts[j].from], unseen) == "" {
			whole = whole || !ts[j].single
			j++
		}
		if j-i > 1 && (whole || j-i < spelledLetters) {
			ts = append(ts, joined(ts[i:j]))
		}
		i = j
	}
	return ts
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
	letters := slices.ContainsFunc(ts, func(t token) bool { return strings.ContainsFunc(t.text, unicode.IsLetter) })
	for _, t := range ts {
		if l, ok := leet[rune(t.text[0])]; ok && letters && t.single { // i d i 0 t; and 1 7 5 stays a number
			b.WriteRune(l)
			continue
		}
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
