package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"parley/internal/cleantext"
)

const (
	maxName      = 40 // code points
	maxMarks     = 4  // combining marks on one base
	maxNameBytes = 400
)

// CleanName normalises a display name: NFKC, white space folded. ErrName where
// it is blank, too short or long, or holds controls, bidi marks or towers of
// combining marks.
func CleanName(s string) (string, error) {
	if !utf8.ValidString(s) || len(s) > maxNameBytes {
		return "", ErrName
	}
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if cleantext.Blank(r) {
			return -1 // "Anna" with one more letter that nobody sees would be another Anna
		}
		return r
	}, norm.NFKC.String(s)))
	marks, seen := 0, false
	for _, r := range s {
		switch {
		case cleantext.Forbidden(r), r == 0xFFFD, unicode.Is(unicode.Cf, r) && r != 0x200C && r != 0x200D,
			unicode.In(r, unicode.Co, unicode.Cs):
			return "", ErrName
		case unicode.Is(unicode.M, r):
			if marks++; marks > maxMarks {
				return "", ErrName
			}
			continue
		case r == 0x200C || r == 0x200D: // they join, and carry no marks of their own
			continue
		}
		marks = 0
		seen = seen || cleantext.Visible(r)
	}
	s = strings.Join(strings.Fields(s), " ")
	if !seen || !cleantext.Enough(s) || utf8.RuneCountInString(s) > maxName {
		return "", ErrName
	}
	return s, nil
}

// Skeleton folds names that look alike together, after the idea of Unicode
// Technical Standard 39; the table is ours and holds what readers of Latin
// letters take for one: Cyrillic, Greek, Cherokee, Lisu, Coptic and Armenian.
func Skeleton(name string) string {
	full := strings.Map(func(r rune) rune {
		if !cleantext.Visible(r) || unicode.IsPunct(r) {
			return -1
		}
		return r
	}, norm.NFKD.String(strings.ToLower(seenCapitals(norm.NFKC.String(name)))))
	s := strings.Map(func(r rune) rune { // a picture beside a name makes no other name of it
		if unicode.In(r, unicode.So, unicode.Sk, unicode.Sm) && r != '|' && r != '∣' {
			return -1
		}
		return r
	}, full)
	if s == "" {
		s = full
	}
	return pairs.Replace(lookAlikes.Replace(s))
}

// greek are the capitals that look like Latin ones; their small forms look like others.
var greek = strings.NewReplacer("Α", "A", "Β", "B", "Ε", "E", "Ζ", "Z", "Η", "H", "Ι", "I", "Κ", "K", "Μ", "M", "Ν", "N", "Ο", "O", "Ρ", "P", "Τ", "T", "Υ", "Y", "Χ", "X", "Ϲ", "C", "Ϳ", "J")

// seenCapitals gives Greek capitals the Latin letters that they are read as:
// among Latin letters, or where nothing but such capitals stands. A Greek name
// stays one, in capitals or not.
func seenCapitals(name string) string {
	out := greek.Replace(name)
	if out == name {
		return name
	}
	for _, r := range out {
		if unicode.Is(unicode.Greek, r) && !unicode.Is(unicode.M, r) && !strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) {
			return name
		}
	}
	return out
}

var pairs = strings.NewReplacer("rn", "m", "vv", "w", "cl", "d")

var lookAlikes = func() *strings.Replacer {
	var list []string
	for _, f := range strings.Fields(`
		а:a е:e о:o р:p с:c х:x у:y і:i ї:i ѕ:s ј:j к:k м:m т:t в:b н:h г:r п:n и:u л:n ԁ:d ԛ:q ԝ:w ɡ:g ь:b ы:bi э:e я:r ш:w щ:w з:3 ч:4 б:6 ѵ:v һ:h ү:y
		α:a β:b γ:y ε:e ζ:z η:n ι:i κ:k μ:u ν:v ο:o ρ:p σ:o τ:t υ:u χ:x ω:w ϲ:c ϳ:j
		Ꭺ:a Ᏼ:b Ꮯ:c Ꭰ:d Ꭼ:e Ꮐ:g Ꮋ:h Ꭵ:i Ꭻ:j Ꮶ:k Ꮮ:l Ꮇ:m Ꮲ:p Ꮢ:r Ꮪ:s Ꭲ:t Ꮩ:v Ꮃ:w Ꮓ:z Ꮤ:w Ᏻ:g Ꮞ:4
		ꓐ:b ꓑ:p ꓒ:d ꓓ:d ꓔ:t ꓖ:g ꓗ:k ꓙ:j ꓚ:c ꓜ:z ꓝ:f ꓟ:m ꓠ:n ꓡ:l ꓢ:s ꓣ:r ꓦ:v ꓧ:h ꓪ:w ꓫ:x ꓬ:y ꓮ:a ꓰ:e ꓲ:i ꓳ:o ꓴ:u ꓵ:n
		ⲁ:a ⲃ:b ⲅ:r ⲉ:e ⲏ:h ⲓ:i ⲕ:k ⲙ:m ⲛ:n ⲟ:o ⲣ:p ⲥ:c ⲧ:t ⲩ:y ⲭ:x ⲱ:w
		օ:o ո:n ս:u հ:h ք:p զ:q գ:q ց:g յ:j լ:l
		ı:i ɩ:i ł:l ø:o đ:d ħ:h ŧ:t ß:b þ:p ð:d æ:ae œ:oe ƒ:f ʋ:v ɑ:a ɔ:c ǝ:e ᴀ:a ᴇ:e ɪ:i ᴏ:o ᴜ:u ꜱ:s ʙ:b ᴄ:c ᴅ:d ꜰ:f ɢ:g ʜ:h ᴊ:j ᴋ:k ʟ:l ᴍ:m ɴ:n ᴘ:p ʀ:r ᴛ:t ᴠ:v ᴡ:w ʏ:y ᴢ:z
		0:o 1:l 5:s 8:b 9:g |:l i:l ӏ:l ǀ:l ∣:l ℓ:l`) {
		from, to, _ := strings.Cut(f, ":")
		list = append(list, strings.ToLower(from), strings.ReplaceAll(to, "i", "l"))
	}
	return strings.NewReplacer(list...)
}()
