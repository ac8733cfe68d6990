package tokens

import (
	"slices"
	"testing"
)

func TestMarksAreNoPartOfAWord(t *testing.T) {
	for in, want := range map[string]string{"بَيْتٌ": "بيت", "بيـــت": "بيت", "שָׁלוֹם": "שלום", "בְּ־בַיִת": "ב־בית", "café и": "café и"} {
		if got := Bare(in); got != want {
			t.Errorf("Bare(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestHebrewAndArabicPrefixes(t *testing.T) {
	for word, others := range map[string][]string{
		"בית":    {"הבית", "ובית", "בבית", "שהבית", "מהבית"},
		"הבית":   {"בית", "ובית", "והבית", "שהבית"},
		"بيت":    {"البيت", "وبيت", "والبيت", "للبيت"},
		"والبيت": {"بيت", "البيت", "للبيت"},
	} {
		got := Prefixed(word)
		for _, o := range others {
			if !slices.Contains(got, o) {
				t.Errorf("%s does not find %s: %v", word, o, got)
			}
		}
		if slices.Contains(got, word) {
			t.Errorf("%s is looked for twice", word)
		}
	}
	if got := Prefixed("לב"); slices.Contains(got, "ב") {
		t.Error("one letter is no word:", got)
	}
	for _, w := range []string{"", "ferry", "паром", "東京"} {
		if got := Prefixed(w); got != nil {
			t.Errorf("%q: %v", w, got)
		}
	}
}
