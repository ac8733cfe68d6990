// Package tokens is what a word is when somebody looks for it: the other forms
// of it that a reader would count as the same, and the pieces of scripts that
// are written without spaces.
package tokens

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// Unspaced are the scripts written without spaces, as a set of SQLite's GLOB:
// the index of the store is made by it, so it never changes without a migration.
const Unspaced = "[ก-໿က-႟ក-៿぀-ヿ㐀-䶿一-鿿가-힣豈-﫿𠀀-𿿽]"

var unspaced = func() (pairs [][2]rune) {
	list := []rune(strings.Trim(Unspaced, "[]"))
	for i := 0; i+2 < len(list); i += 3 {
		pairs = append(pairs, [2]rune{list[i], list[i+2]})
	}
	return pairs
}()

func dense(r rune) bool {
	for _, p := range unspaced {
		if p[0] <= r && r <= p[1] {
			return true
		}
	}
	return false
}

// Part is a part of a word that is looked for by itself.
type Part struct {
	Text  string // for Dense: pairs of letters with spaces between, in the order they stand
	Dense bool
	Begin bool // a text has it that has a word beginning so
}

// Parts takes a word apart where its script changes to one without spaces or
// from it. Such a script is looked for by every two letters that follow each
// other, as the index holds it.
func Parts(word string) (out []Part) {
	var run []rune
	end := func() {
		if len(run) > 0 {
			out = append(out, part(run))
		}
		run = nil
	}
	for _, r := range word {
		if len(run) > 0 && dense(run[0]) != dense(r) {
			end()
		}
		run = append(run, r)
	}
	end()
	return out
}

func part(run []rune) Part {
	if !dense(run[0]) {
		return Part{Text: string(run)}
	}
	if len(run) == 1 {
		return Part{Text: string(run), Dense: true, Begin: true}
	}
	var pairs []string
	for i := range run[:len(run)-1] {
		pairs = append(pairs, string(run[i:i+2]))
	}
	return Part{Text: strings.Join(pairs, " "), Dense: true}
}

const shortestStem = 3 // letters: what is shorter begins too many words

// Forms is how the other forms of a word are found: those that English knows
// for Latin letters, those that Russian knows for Cyrillic ones.
type Forms struct {
	Begin      string // of every form
	word, stem string
	of         func(string, bool) string
}

// FormsOf returns them. ok is false for a word that has no other forms, or none
// that are known.
func FormsOf(word string) (f Forms, ok bool) {
	f.word = strings.ToLower(word)
	var is *unicode.RangeTable
	switch first, _ := utf8.DecodeRuneInString(f.word); {
	case unicode.Is(unicode.Latin, first):
		f.of, is = english.Stem, unicode.Latin
	case unicode.Is(unicode.Cyrillic, first):
		f.of, is = russian.Stem, unicode.Cyrillic
	default:
		return f, false
	}
	for _, r := range f.word {
		if !unicode.Is(is, r) {
			return f, false
		}
	}
	if english.IsStopWord(f.word) || russian.IsStopWord(f.word) {
		return f, false
	}
	f.stem = f.of(f.word, true)
	f.Begin = f.stem
	if n := len(f.stem) - 1; is == unicode.Latin && n >= shortestStem && (f.stem[n] == 'i' || f.stem[n] == 'e') {
		f.Begin = f.stem[:n] // ferri of ferry, hope of hoping
	}
	return f, utf8.RuneCountInString(f.Begin) >= shortestStem
}

// Has reports whether a word in small letters is a form. A word may look as if
// it had an ending, as паром does: then its other forms have it for a stem.
func (f Forms) Has(word string) bool {
	stem := f.of(word, true)
	return stem == f.stem || stem == f.word || word == f.stem
}
