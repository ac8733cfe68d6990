package moderation

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/discuss"
)

// match is where a word of a list stands in a text.
type match struct {
	word string
	span [2]int
}

// wordList is a list made ready for looking up. Cost per text is its number of
// words times a few map look-ups, however long the list is.
type wordList struct {
	whole   map[string]string    // folded → as written
	squeezd map[string]string    // the same without repeated letters
	prefix  map[string]string    // "damn*"
	longest int                  // runes of the longest prefix
	phrases map[string][]phrase  // by first word
	dense   map[rune][]denseWord // scripts without spaces, by first letter
}

type phrase struct {
	words []string
	text  string
}

type denseWord struct{ folded, text string }

// newWordList checks the words of a list and makes them ready. field names the
// list in the error.
func newWordList(field string, words []discuss.Word) (*wordList, error) {
	l := &wordList{whole: map[string]string{}, squeezd: map[string]string{}, prefix: map[string]string{}, phrases: map[string][]phrase{}, dense: map[rune][]denseWord{}}
	if len(words) > discuss.MaxWords {
		return nil, discuss.Bad(field, fmt.Sprintf("must hold at most %d words", discuss.MaxWords))
	}
	for i, w := range words {
		if err := l.add(w.Text); err != "" {
			return nil, discuss.Bad(fmt.Sprintf("%s[%d]", field, i), err)
		}
		if len(w.Lang) > 35 {
			return nil, discuss.Bad(fmt.Sprintf("%s[%d].lang", field, i), "must be a language like de or pt-BR")
		}
	}
	return l, nil
}

func (l *wordList) add(text string) string {
	text = strings.TrimSpace(text)
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
		l.dense[first] = append(l.dense[first], denseWord{ts[0].text, text})
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
		p := phrase{text: text}
		for _, t := range ts {
			p.words = append(p.words, t.text)
		}
		l.phrases[p.words[0]] = append(l.phrases[p.words[0]], p)
	case open:
		l.prefix[ts[0].text] = text
		l.longest = max(l.longest, utf8.RuneCountInString(ts[0].text))
	default:
		l.whole[ts[0].text] = text
		l.squeezd[squeeze(ts[0].text)] = text
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
		if w, ok := l.one(t.text); ok {
			out = append(out, match{w, [2]int{t.from, t.to}})
		}
		for _, p := range l.phrases[t.text] {
			if n := len(p.words); i+n <= len(ts) && slices.EqualFunc(p.words, ts[i:i+n], func(w string, t token) bool { return w == t.text }) {
				out = append(out, match{p.text, [2]int{t.from, ts[i+n-1].to}})
			}
		}
		if len(l.dense) > 0 {
			out = append(out, l.inside(t)...)
		}
	}
	return out
}

func (l *wordList) one(word string) (string, bool) {
	if w, ok := l.whole[word]; ok {
		return w, true
	}
	if stretched(word) {
		if w, ok := l.squeezd[squeeze(word)]; ok {
			return w, true
		}
	}
	if l.longest == 0 {
		return "", false
	}
	n := 0
	for i := range word + " " {
		if i > 0 {
			if w, ok := l.prefix[word[:i]]; ok {
				return w, true
			}
		}
		if n++; n > l.longest+1 {
			break
		}
	}
	return "", false
}

// inside looks for words of dense scripts anywhere in a run of letters.
func (l *wordList) inside(t token) []match {
	var out []match
	for i, r := range t.text {
		for _, w := range l.dense[r] {
			if strings.HasPrefix(t.text[i:], w.folded) {
				out = append(out, match{w.text, [2]int{t.from, t.to}})
			}
		}
	}
	return out
}
