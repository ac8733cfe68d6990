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
type Run struct {
	marks int
	flag  bool // what comes next may be a letter of a flag
}

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
	if tag(c) && !r.flag {
		return -1 // letters that nobody sees
	}
	r.flag = c == blackFlag || tag(c)
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

// blackFlag begins the flags of parts of countries: letters that are not seen follow it.
const blackFlag = 0x1F3F4

// tag reports the letters of such a flag; on their own they hide a text from who reads it.
func tag(r rune) bool { return r >= 0xE0000 && r <= 0xE007F }

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

// Blank reports letters and marks that leave no ink: fillers of Hangul, the
// empty pattern of Braille, inherent vowels. A text of nothing else says nothing.
func Blank(r rune) bool {
	switch r {
	case 0x3164, 0x115F, 0x1160, 0xFFA0, 0x2800, 0x034F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180E, 0x1D159, 0x1D173:
		return true
	}
	return false
}

// Visible reports whether r leaves ink.
func Visible(r rune) bool {
	return !Blank(r) && unicode.IsPrint(r) && !unicode.IsSpace(r) && !unicode.In(r, unicode.Cf, unicode.Mn, unicode.Me)
}

// Address reports a name that is a web address: it is put up to be followed.
func Address(name string) bool {
	low := strings.ToLower(name)
	return strings.Contains(low, "://") || strings.HasPrefix(low, "www.")
}
