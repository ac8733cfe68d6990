package markup

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
)

func samePlain(t *testing.T, r *Renderer, src string) (taken bool) {
	t.Helper()
	fast, ok := plain(src)
	if !ok {
		return false
	}
	slow, err := r.parsed(context.Background(), src, nil)
	if err != nil || fast != slow {
		t.Errorf("%q:\n%q by itself,\n%q by the parser (%v)", src, fast, slow, err)
	}
	return true
}

// Sentences are not parsed, and come out as if they were.
func TestSentencesComeOutAsFromTheParser(t *testing.T) {
	r := New(2, 8)
	for _, src := range []string{
		"Boats will call at Eastgate, Customs Quay and the Lock; fares stay the same as by day.",
		"It's “new”: or isn't it? \"Yes\", she said (twice)... well-known, 30% off!",
		"First line\nsecond line\n\nNext paragraph, 5 € more",
		"Лодки пойдут в полшестого. «Да», — сказал он…",
		"船は五時半に出る",
		"I",
	} {
		if !samePlain(t, r, src) {
			t.Errorf("%q is left to the parser", src)
		}
	}
	for _, src := range []string{
		"see example.com", "www.example.com", "a@b.example", "*bold*", "_em_", "# head", "- item", "1. item", "> quote", "    code", "`code`", "a  b", "a \nb",
		"x | y", "~~no~~", "||spoiler||", ":smile:", ":) hello", "http://example.com", "R&D", "a<b", "[x](y)", "a\\b", "\n\na", "a\n\n\nb", "--- a", "a\n---", "a\n===", "@name", "ㅤㅤ", "",
	} {
		if out, ok := plain(src); ok {
			t.Errorf("%q is taken for a sentence: %s", src, out)
		}
	}
}

// Made of what a sentence may hold, in every order: whatever is taken comes out
// as from the parser.
func TestNoSentenceComesOutOtherwise(t *testing.T) {
	r, rnd, taken := New(2, 8), rand.New(rand.NewPCG(1, 2)), 0
	parts := []string{
		"a", "word", "http", "www", "com", "Ж", "й", "ß", "é", "船", "カ", "한", "ǅ", "ﬁ", "Å", "ſ", "ª", "1", "99", " ", " ", " ", ".", "...", ",", ";", "?", "!", "'", "\"", "(", ")", "%",
		":", ": ", "-", "–", "—", "…", "„", "“", "”", "‘", "’", "«", "»", "€", "\n", "\n\n",
	}
	for range 20_000 {
		var b strings.Builder
		for range 1 + rnd.IntN(14) {
			b.WriteString(parts[rnd.IntN(len(parts))])
		}
		if src, err := Clean(b.String()); err == nil && samePlain(t, r, src) {
			taken++
		}
	}
	if taken < 2000 {
		t.Errorf("only %d were sentences", taken)
	}
}

// FuzzPlain holds what is not parsed against what the parser makes of it.
func FuzzPlain(f *testing.F) {
	f.Add("It's “new”: or isn't it?\nYes (twice)... 30% off!\n\nNext - no")
	f.Add("www. example. com: a")
	f.Add("a\xff")
	f.Add("ſtrange Ǆ İ ﬁ Ω K Å")
	r := New(2, 8)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > MaxBytes || strings.ContainsRune(src, 0) {
			return
		}
		plain(src) // takes whatever comes
		clean, err := Clean(src)
		if err == nil {
			samePlain(t, r, clean)
		}
	})
}
