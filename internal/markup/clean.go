package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxMarksInText is how many combining marks one base keeps. No language needs
// more; towers of them paint over the comments around.
const maxMarksInText = 8

// Clean normalises a text: NFC, no controls, no bidi overrides, no towers of
// marks, trimmed. LRM and RLM stay: right-to-left writers need them. Its errors
// are ErrTooLong, ErrUTF8, ErrNUL and ErrEmpty.
func Clean(src string) (string, error) {
	switch {
	case len(src) > MaxBytes*4:
		return "", ErrTooLong
	case !utf8.ValidString(src):
		return "", ErrUTF8
	case strings.ContainsRune(src, 0):
		return "", ErrNUL
	}
	src = norm.NFC.String(strings.ReplaceAll(src, "\r\n", "\n"))
	marks := 0
	src = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			marks = 0
			return r
		case r == '\r' || r == 0x2028 || r == 0x2029 || r == 0x85:
			marks = 0
			return '\n'
		case unicode.IsControl(r) || bidiControl(r):
			return -1
		case unicode.In(r, unicode.Mn, unicode.Me):
			if marks++; marks > maxMarksInText {
				return -1
			}
			return r
		}
		marks = 0
		return r
	}, src)
	src = strings.TrimSpace(src)
	if !strings.ContainsFunc(src, visible) {
		return "", ErrEmpty
	}
	if len(src) > MaxBytes {
		return "", ErrTooLong
	}
	return src, nil
}

// bidiControl reports embeddings, overrides and isolates, which reach beyond
// their own text.
func bidiControl(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

// visible reports whether r leaves ink. The list holds letters that do not.
func visible(r rune) bool {
	switch r {
	case 0x3164, 0x115F, 0x1160, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x1D159, 0x1D173:
		return false
	}
	return unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}
