package moderation

import (
	"testing"

	"parley/internal/discuss"
)

// A word of a language in a text: it counts, somebody has to say, or it is
// another language's word with the same letters.
func TestALanguageIsToldOnlyWhereTheTextSaysSo(t *testing.T) {
	const well, maybe, not = fitsWell, fitsMaybe, fitsNot
	for _, c := range []struct {
		text, word, lang string
		want             fit
	}{
		{"Die Frage ist doch, ob die Brücke die Züge trägt.", "die", "en", not},
		{"das ist doch Quatsch, die Idee", "die", "en", not},
		{"You should just die", "die", "en", well},
		{"This is the gift I was waiting for", "gift", "de", not},
		{"Das Gift im Fluss ist gefährlich", "gift", "de", well},
		{"Det gift som finns i vattnet är farligt för alla", "gift", "de", not},
		{"Det gift som finns i vattnet är farligt för alla", "gift", "sv", well},
		{"Het is niet waar dat de brug slecht is", "slecht", "de", not},
		{"ce con de ministre ne comprend rien", "con", "fr", well},
		{"El ministro con su coche no sabe nada", "con*", "fr", not},
		{"Non è vero, questo non lo sai nemmeno tu", "con", "fr", not},
		{"To nie jest prawda, a ty się mylisz, die", "die", "en", not},
		{"To není pravda a ty jsi jen host, die", "die", "en", not},
		{"die", "die", "en", well},
		{"Die Brücke", "die", "en", well}, // too short to say
		{"", "die", "en", well},
		{"You should die der die das ist und nicht ich sie", "die", "en", maybe}, // foreign words behind an insult
		{"The Guardian schreibt, dass die Brücke nicht mehr zu retten ist und das Geld auch nicht", "die", "en", maybe},
		{"Ну ты и дурак, а это мы уже видели", "дурак", "ru", well},
		{"The word дурак is not nice and you know it", "дурак", "ru", well}, // English around it says nothing
		{"Ти що, дурак? Це ж її місто і її річка", "дурак", "ru", not},
		{"Ну ты и дурак, а это мы уже видели, і что", "дурак", "ru", maybe},
		{"Ну ты и дурак, а это мы уже видели", "дурак", "uk", not},
		{"Дурак", "дурак", "uk", well},
		{"在线赌场注册", "赌场", "zh", well},
		{"この手紙はきれい", "手紙", "zh", not},
		{"在线赌场注册在线赌场注册在线の", "赌场", "zh", maybe},
		{"在线手紙注册", "手紙", "ja", not},
		{"המאמר הזה", "הזה", "he", well},
		{"Това е глупак", "глупак", "bg", well}, // a language that is not told counts everywhere
		{"You know that this is not the way", "way", "da", well},
	} {
		l, err := newWordList("banned", []discuss.Word{{Text: c.word, Lang: c.lang}})
		if err != nil {
			t.Fatal(err)
		}
		var e *entry
		for _, list := range []map[string]*entry{l.whole, l.prefix} {
			for _, v := range list {
				e = v
			}
		}
		for _, v := range l.dense {
			e = v[0].entry
		}
		if got := e.fits(tongueOf(c.text)); got != c.want {
			t.Errorf("%s:%s in %q: %d, want %d", c.lang, c.word, c.text, got, c.want)
		}
	}
}

// A banned word rejects where it is one for sure; where it may be another
// language's, a person says.
func TestABannedWordInAMixedTextIsHeld(t *testing.T) {
	p, err := Compile(discuss.Policy{Banned: []discuss.Word{{Text: "die", Lang: "en"}, {Text: "die*", Lang: "nl"}, {Text: "damn"}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		want discuss.Suggestion
	}{
		{"You should just die", discuss.SuggestReject},
		{"You should die der die das ist und nicht ich sie", discuss.SuggestHold},
		{"You should die der die das ist und nicht ich sie, damn", discuss.SuggestReject},
		{"Die Frage ist doch, ob die Brücke die Züge trägt.", discuss.SuggestNothing},
		{"Het is niet waar dat dieven de brug op zijn", discuss.SuggestReject}, // one list does not hide the other
	} {
		if got, fs := p.Matches(c.text, ""); got != c.want {
			t.Errorf("%q: %q %+v, want %q", c.text, got, fs, c.want)
		}
	}
}

func TestAWordOfALanguageCountsInItsTexts(t *testing.T) {
	p, err := Compile(discuss.Policy{
		Banned:  []discuss.Word{{Text: "die", Lang: "en"}, {Text: "con*", Lang: "fr"}, {Text: "дурак", Lang: "ru"}, {Text: "viagra"}},
		Suspect: []discuss.Word{{Text: "gift", Lang: "de"}, {Text: "gift", Lang: "sv"}, {Text: "talk rubbish", Lang: "en-GB"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ text, want string }{
		{"You should just die", "banned:die"},
		{"Die Frage ist doch, ob die Brücke die Züge trägt.", ""},
		{"die", "banned:die"}, // no text to tell by
		{"D.I.E, all of you and your friends", "banned:die"},
		{"ce con de ministre ne comprend rien", "banned:con*"},
		{"The contract is with the city, as you know", ""},
		{"Ну ты и ДУРАК, это же видно", "banned:дурак"},
		{"Das ist viagra für die Stadt und nicht gut", "banned:viagra"},
		{"Das Gift im Fluss ist gefährlich", "suspect:gift"},
		{"This is the gift I was waiting for", ""},
		{"do not talk rubbish to me about the bridge", "suspect:talk rubbish"},
	} {
		got := ""
		for _, f := range readText(Context{text: textOf(c.text, ""), policy: p}) {
			got += f.Check + ":" + f.Detail
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTheLanguageOfAWordIsChecked(t *testing.T) {
	for _, lang := range []string{"german!", "1", "a-very-long-tag-that-no-language-has-at-all-really", "x", "und"} {
		_, err := newWordList("suspect", []discuss.Word{{Text: "fine"}, {Text: "word", Lang: lang}})
		if e, _ := err.(*discuss.Error); e == nil || e.Fields[0].Name != "suspect[1].lang" {
			t.Errorf("%q: %v", lang, err)
		}
	}
	for _, lang := range []string{"de", "pt-BR", "zh-Hant-TW", "sr-Latn", "DE"} {
		if _, err := newWordList("suspect", []discuss.Word{{Text: "word", Lang: lang}}); err != nil {
			t.Errorf("%q: %v", lang, err)
		}
	}
}

func FuzzLanguage(f *testing.F) {
	f.Add("Die Frage ist doch, ob du das weißt", "die")
	f.Add("\xff\xfe дурак' '", "дурак")
	f.Fuzz(func(t *testing.T, text, word string) {
		for of, langs := range told {
			for _, lang := range langs {
				if got := tongueOf(text).fits(lang, of, word); got < fitsNot || got > fitsWell {
					t.Errorf("%s: %d", lang, got)
				}
			}
		}
	})
}
