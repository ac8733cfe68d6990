// Package cleantext is the one understanding of what a text that people read
// may hold. Every field and every way in goes through it: what was typed, what
// entities stood for, what an import or a provider says, what settings hold.
package cleantext

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// MaxMarks is how many combining marks one base keeps. No language needs more;
// towers of them paint over what stands around.
const MaxMarks = 8

// Block cleans a text of several lines: valid UTF-8, NFC, no controls but line
// feeds and tabs, nothing that turns the direction of what follows it, no
// towers of marks. LRM, RLM and ALM stay: right-to-left writers need them.
func Block(s string) string {
	var r Run
	return r.Clean(s)
}

// Line is Block for a text of one line: white space is folded.
func Line(s string) string {
	return strings.Join(strings.Fields(Block(s)), " ")
}

// Run cleans a text that comes in pieces, as the text between the tags of
// HTML does: a tower of marks is not to be built of several elements.
type Run struct{ marks int }

// Clean cleans the next piece.
func (r *Run) Clean(s string) string {
	if plain(s) {
		if s != "" {
			r.marks = 0
		}
		return s
	}
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	s = norm.NFC.String(strings.Map(keep, s))
	return norm.NFC.String(strings.Map(r.cap, s)) // what a cut tower stood between may compose
}

// plain reports whether there is nothing to clean: nearly always, in English.
func plain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c >= 0x7F {
			return false
		}
	}
	return true
}

func keep(r rune) rune {
	if r == '\n' || r == '\t' {
		return r
	}
	if Forbidden(r) {
		return -1
	}
	return r
}

// cap counts the marks on a base. What has no width stands between marks
// without being a base.
func (r *Run) cap(c rune) rune {
	switch {
	case unicode.In(c, unicode.Mn, unicode.Me):
		if r.marks++; r.marks > MaxMarks {
			return -1
		}
	case !unicode.Is(unicode.Cf, c):
		r.marks = 0
	}
	return c
}

// Forbidden reports characters that no text may hold: controls (C0, C1 and
// DEL), bidi embeddings, overrides and isolates, which reach beyond their own
// text, deprecated format controls, and what is no character.
func Forbidden(r rune) bool {
	switch {
	case unicode.IsControl(r), Bidi(r),
		r >= 0x206A && r <= 0x206F, // inhibit swapping, national digit shapes
		r >= 0xFFF9 && r <= 0xFFFB, // interlinear annotation
		r == 0x2028, r == 0x2029,
		r >= 0xFDD0 && r <= 0xFDEF, r&0xFFFE == 0xFFFE:
		return true
	}
	return false
}

// Bidi reports embeddings, overrides and isolates.
func Bidi(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }
