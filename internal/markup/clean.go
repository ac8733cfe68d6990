package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// Clean cleans a text and takes off blank lines around it; see cleantext.Block. What entities in it stand
// for is cleaned when they are resolved. Its errors are ErrTooLong, ErrUTF8,
// ErrNUL and ErrEmpty.
func Clean(src string) (string, error) {
	switch {
	case len(src) > MaxBytes*4:
		return "", ErrTooLong
	case !utf8.ValidString(src):
		return "", ErrUTF8
	case strings.ContainsRune(src, 0):
		return "", ErrNUL
	}
	src = cleantext.Block(src)
	src = trimBlank(src)
	if !strings.ContainsFunc(src, visible) {
		return "", ErrEmpty
	}
	if len(src) > MaxBytes {
		return "", ErrTooLong
	}
	return src, nil
}

// trimBlank takes off blank lines at both ends and the space behind the last
// word. The indent of the first line stays: it may be code, or a list.
func trimBlank(s string) string {
	s = strings.TrimRightFunc(s, unicode.IsSpace)
	for {
		line, rest, more := strings.Cut(s, "\n")
		if !more || strings.TrimSpace(line) != "" {
			return s
		}
		s = rest
	}
}

// visible reports whether r leaves ink. The list holds letters that do not.
func visible(r rune) bool {
	switch r {
	case 0x3164, 0x115F, 0x1160, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x1D159, 0x1D173:
		return false
	}
	return unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}
