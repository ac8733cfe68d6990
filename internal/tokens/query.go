package tokens

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Query is what somebody looks for: words that must all be there, in any of
// their forms. It says of a text what the index of the store would, and where
// in the text it stands.
type Query struct{ terms []term }

type term struct {
	text   string // folded
	dense  string // of a script without spaces: looked for wherever it stands; else ""
	raw    string // that as it is written, small
	begin  bool   // a word that begins so will do
	forms  Forms
	has    bool     // forms are known
	others []string // with what its language writes onto it
}

// QueryOf reads words. A * behind one looks for beginnings; so does whoever is
// still typing the last one.
func QueryOf(text string) (q Query) {
	typing := text != "" && !unicode.IsSpace(lastRune(text))
	words := strings.Fields(Bare(text))
	for i, w := range words {
		star := typing && i == len(words)-1
		if v, ok := strings.CutSuffix(w, "*"); ok {
			w, star = v, true
		}
		for _, p := range Parts(strings.TrimFunc(w, func(r rune) bool { return !inWord(r) })) {
			folded := fold(p.Text)
			if p.Dense {
				q.terms = append(q.terms, term{dense: fold(pairless(p.Text)), raw: strings.ToLower(pairless(p.Text))})
				continue
			}
			for _, one := range strings.FieldsFunc(folded, func(r rune) bool { return !inWord(r) }) {
				t := term{text: one, begin: star && utf8.RuneCountInString(one) >= shortestBegin}
				t.forms, t.has = FormsOf(one)
				t.others = Prefixed(one)
				q.terms = append(q.terms, t)
			}
		}
	}
	return q
}

const longestStemmed = 80 // bytes: what is longer is no word that has forms

const shortestBegin = 2 // letters: what is shorter begins everything

func lastRune(s string) rune {
	r, _ := utf8.DecodeLastRuneInString(s)
	return r
}

// pairless puts together what Parts took apart into pairs.
func pairless(pairs string) string {
	var b strings.Builder
	for i, p := range strings.Fields(pairs) {
		r, n := utf8.DecodeRuneInString(p)
		if i > 0 {
			b.WriteString(p[n:])
			continue
		}
		b.WriteRune(r)
		b.WriteString(p[n:])
	}
	return b.String()
}

// Words are what is looked for, for the index: the last one ends with a * where
// its beginning will do.
func (q Query) Words() string {
	var out []string
	for _, t := range q.terms {
		switch {
		case t.dense != "":
			out = append(out, t.dense)
		case t.begin:
			out = append(out, t.text+"*")
		default:
			out = append(out, t.text)
		}
	}
	return strings.Join(out, " ")
}

// Empty reports that there is nothing to look for.
func (q Query) Empty() bool { return len(q.terms) == 0 }

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

// fold writes a word as the index compares it: small, and without marks above
// and below its letters.
func fold(s string) string {
	ascii := true
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			ascii = false
			break
		}
	}
	if ascii {
		return strings.ToLower(s)
	}
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) || unicode.Is(Marks, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(s))
}

func (t term) is(word string) bool {
	return word == t.text || t.begin && strings.HasPrefix(word, t.text) || slices.Contains(t.others, word) ||
		t.has && len(word) <= longestStemmed && strings.HasPrefix(word, t.forms.Begin) && t.forms.Has(word)
}

// In reports whether all that is looked for is in a text.
func (q Query) In(text string) bool {
	left := slices.Clone(q.terms)
	each(text, func(from, to int) bool {
		word := fold(text[from:to])
		left = slices.DeleteFunc(left, func(t term) bool {
			if t.dense != "" {
				return strings.Contains(word, t.dense)
			}
			return t.is(word) || dense(firstRune(word)) && containsWord(word, t)
		})
		return len(left) > 0
	})
	return len(left) == 0
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// containsWord looks for a word inside a run in which scripts follow each other
// without a space.
func containsWord(run string, t term) bool {
	for _, p := range strings.FieldsFunc(run, dense) {
		if t.is(p) {
			return true
		}
	}
	return false
}

// Marks says where in a text what is looked for stands: pairs of from and to in
// UTF-16 code units, as browsers count, in order.
func (q Query) Marks(text string) [][2]int {
	out := [][2]int{}
	done, units := 0, 0
	at := func(byte int) int {
		for _, r := range text[done:byte] {
			if units++; r > 0xFFFF {
				units++
			}
		}
		done = byte
		return units
	}
	each(text, func(from, to int) bool {
		raw := text[from:to]
		word := fold(raw)
		if slices.ContainsFunc(q.terms, func(t term) bool { return t.dense == "" && t.is(word) }) {
			out = append(out, [2]int{at(from), at(to)})
			return true
		}
		for _, m := range q.within(raw) {
			out = append(out, [2]int{at(from + m[0]), at(from + m[1])})
		}
		return true
	})
	return out
}

// within finds what is written without spaces in a run of letters: bytes, in
// order, and none in another.
func (q Query) within(run string) (out [][2]int) {
	lower := strings.ToLower(run)
	if len(lower) != len(run) { // its letters stand elsewhere
		return nil
	}
	for _, t := range q.terms {
		if t.dense == "" {
			continue
		}
		for i := 0; ; i += len(t.raw) {
			j := strings.Index(lower[i:], t.raw)
			if j < 0 {
				break
			}
			i += j
			out = append(out, [2]int{i, i + len(t.raw)})
		}
	}
	slices.SortFunc(out, func(a, b [2]int) int { return a[0] - b[0] })
	end := 0
	return slices.DeleteFunc(out, func(m [2]int) bool {
		if m[0] < end {
			return true
		}
		end = m[1]
		return false
	})
}

// each hands out the words of a text until take says no.
func each(text string, take func(from, to int) bool) {
	from := -1
	for i, r := range text {
		switch in := inWord(r); {
		case in && from < 0:
			from = i
		case !in && from >= 0:
			if !take(from, i) {
				return
			}
			from = -1
		}
	}
	if from >= 0 {
		take(from, len(text))
	}
}
