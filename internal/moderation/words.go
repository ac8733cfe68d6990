package moderation

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/language"

	"parley/internal/discuss"
)

// match is where a word of a list stands in a text.
type match struct {
	*entry
	span [2]int
}

// entry is a word as it was written, and the languages in whose texts it
// counts; nil in every text.
type entry struct {
	word   string
	script script
	langs  []string // ISO 639-1
}

// fits is how well the word fits a text: as well as the best of its languages.
func (e *entry) fits(t *tongue) fit {
	if e.langs == nil {
		return fitsWell
	}
	if known, ok := t.fit[e]; ok {
		return known
	}
	best, bare := fitsNot, strings.ToLower(strings.TrimSuffix(e.word, "*"))
	for _, l := range e.langs {
		best = max(best, t.fits(l, e.script, bare))
	}
	t.fit[e] = best
	return best
}

// wordList is a list made ready for looking up. Cost per text is its number of
// words times a few map look-ups, however long the list is.
type wordList struct {
	whole         map[string]*entry    // by what it folds to
	squeezd       map[string]*entry    // the same without repeated letters
	squeezdPrefix map[string]*entry    // and of those that end in *
	prefix        map[string]*entry    // "damn*"
	longest       int                  // runes of the longest prefix
	phrases       map[string][]phrase  // by first word
	dense         map[rune][]denseWord // scripts without spaces, by first letter
}

type phrase struct {
	words []string
	*entry
}

type denseWord struct {
	folded string
	*entry
}

// newWordList checks the words of a list and makes them ready. field names the
// list in the error.
func newWordList(field string, words []discuss.Word) (*wordList, error) {
	l := &wordList{whole: map[string]*entry{}, squeezd: map[string]*entry{}, squeezdPrefix: map[string]*entry{}, prefix: map[string]*entry{}, phrases: map[string][]phrase{}, dense: map[rune][]denseWord{}}
	if len(words) > discuss.MaxWords {
		return nil, discuss.Bad(field, fmt.Sprintf("must hold at most %d words", discuss.MaxWords))
	}
	for i, w := range words {
		e := &entry{word: strings.TrimSpace(w.Text), script: scriptOf(w.Text)}
		if w.Lang != "" {
			tag, err := language.Parse(w.Lang)
			base, sure := tag.Base()
			if err != nil || tag == language.Und || sure == language.No || len(w.Lang) > maxLangBytes {
				return nil, discuss.Bad(fmt.Sprintf("%s[%d].lang", field, i), "must be a language like de or pt-BR")
			}
			if l := base.String(); slices.Contains(told[e.script], l) {
				e.langs = []string{l}
			}
		}
		if why := l.add(e); why != "" {
			return nil, discuss.Bad(fmt.Sprintf("%s[%d]", field, i), why)
		}
	}
	return l, nil
}

// maxLangBytes is the longest language tag that RFC 5646 asks one to take.
const maxLangBytes = 35

// put adds an entry under a key. The same word in two lists of languages
// counts in both, and with one that has none in all.
func put(m map[string]*entry, key string, e *entry) {
	if old := m[key]; old != nil {
		if old.langs == nil || e.langs == nil {
			e = &entry{word: e.word, script: e.script}
		} else {
			e = &entry{word: e.word, script: e.script, langs: append(slices.Clone(e.langs), old.langs...)}
		}
	}
	m[key] = e
}

func (l *wordList) add(e *entry) string {
	text := e.word
	if text == "" || utf8.RuneCountInString(text) > discuss.MaxWordRunes || !utf8.ValidString(text) || strings.ContainsAny(text, "\n\r\x00") {
		return "must be a word or phrase of 1 to 80 characters"
	}
	bare, open := strings.CutSuffix(text, "*")
	if strings.Contains(bare, "*") {
		return "may have a * at its end only"
	}
	ts := slices.DeleteFunc(tokens(bare), func(t token) bool { return t.text == "" })
	if len(ts) == 0 {
		return "must have a letter or a digit"
	}
	if first, _ := utf8.DecodeRuneInString(ts[0].text); dense(first) && len(ts) == 1 {
		l.dense[first] = append(l.dense[first], denseWord{ts[0].text, e})
		return ""
	}
	for _, t := range ts { // "f r e e": the list means the word
		if !t.single && t.from == ts[0].from && t.to == last(ts) {
			ts = []token{t}
			break
		}
	}
	switch {
	case len(ts) > 1:
		p := phrase{entry: e}
		for _, t := range ts {
			p.words = append(p.words, t.text)
		}
		l.phrases[p.words[0]] = append(l.phrases[p.words[0]], p)
	case open:
		put(l.prefix, ts[0].text, e)
		put(l.squeezdPrefix, squeeze(ts[0].text), e)
		l.longest = max(l.longest, utf8.RuneCountInString(ts[0].text))
	default:
		put(l.whole, ts[0].text, e)
		put(l.squeezd, squeeze(ts[0].text), e)
	}
	return ""
}

func last(ts []token) (to int) {
	for _, t := range ts {
		to = max(to, t.to)
	}
	return to
}

// find returns the words of the list that stand in a text, in order.
func (l *wordList) find(ts []token) []match {
	var out []match
	for i, t := range ts {
		for _, w := range l.one(t.text) {
			out = append(out, match{w, [2]int{t.from, t.to}})
		}
		for _, p := range l.phrases[t.text] {
			if n := len(p.words); i+n <= len(ts) && slices.EqualFunc(p.words, ts[i:i+n], func(w string, t token) bool { return w == t.text }) {
				out = append(out, match{p.entry, [2]int{t.from, ts[i+n-1].to}})
			}
		}
		if len(l.dense) > 0 {
			out = append(out, l.inside(t)...)
		}
	}
	return out
}

// one finds the entries that a single word meets, each once.
func (l *wordList) one(word string) []*entry {
	var out []*entry
	if w := l.whole[word]; w != nil {
		out = append(out, w)
	} else if stretched(word) {
		if w := l.squeezd[squeeze(word)]; w != nil {
			out = append(out, w)
		}
	}
	if l.longest == 0 {
		return out
	}
	out = l.begins(out, l.prefix, word)
	if stretched(word) { // iiidiooot begins as idiot does
		for _, w := range l.begins(nil, l.squeezdPrefix, squeeze(word)) {
			if !slices.ContainsFunc(out, func(have *entry) bool { return have.word == w.word }) {
				out = append(out, w)
			}
		}
	}
	return out
}

// begins adds the entries that a word begins with.
func (l *wordList) begins(out []*entry, list map[string]*entry, word string) []*entry {
	n := 0
	for i := range word + " " {
		if i > 0 {
			if w := list[word[:i]]; w != nil {
				out = append(out, w)
			}
		}
		if n++; n > l.longest+1 {
			break
		}
	}
	return out
}

// inside looks for words of dense scripts anywhere in a run of letters.
func (l *wordList) inside(t token) []match {
	var out []match
	for i, r := range t.text {
		for _, w := range l.dense[r] {
			if strings.HasPrefix(t.text[i:], w.folded) {
				out = append(out, match{w.entry, [2]int{t.from, t.to}})
			}
		}
	}
	return out
}
