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
	if !strings.ContainsFunc(src, cleantext.Visible) {
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
