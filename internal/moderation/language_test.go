package moderation

import (
	"testing"

	"parley/internal/discuss"
)

func TestALanguageIsToldOnlyWhereTheTextSaysSo(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Die Frage ist doch, ob die Brücke die Züge trägt.", "de"},
		{"das ist Quatsch", "de"},
		{"You should just die", "en"},
		{"This is the gift I was waiting for", "en"},
		{"Das Gift im Fluss ist gefährlich", "de"},
		{"ce con de ministre ne comprend rien", "fr"},
		{"pendejo, no sabes nada de esto", "es"},
		{"Isso não é verdade, você está errado", "pt"},
		{"Non è vero, questo non lo sai nemmeno tu", "it"},
		{"To nie jest prawda, a ty się mylisz", "pl"},
		{"Bu köprü çok güzel ama ne için", "tr"},
		{"Ну ты и дурак, а это мы уже видели", "ru"},
		{"Ти що, дурний? Це ж її міст", "uk"},
		{"Мост", ""}, // Russian, Bulgarian, Serbian, ...
		{"在线赌场注册", "zh"},
		{"この橋はきれい", "ja"},
		{"이 기사는 정말", "ko"},
		{"این پل چه خوب است", "fa"},
		{"هذا المقال", ""},
		{"המאמר הזה", "he"},
		{"die", ""},
		{"LOL", ""},
		{"Eastgate 7", ""},
		{"", ""},
		{"Спасибо, Google Maps это подтвердил", "ru"},
		{"The word дурак is not nice and you know it", "en"},
	} {
		if got := languageOf(c.text); got != c.want {
			t.Errorf("%q is %q, want %q", c.text, got, c.want)
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
		for _, f := range readText(Context{Body: c.text, tokens: tokens(c.text), policy: p}) {
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
	f.Add("Die Frage ist doch, ob du das weißt")
	f.Add("\xff\xfe дурак' '")
	f.Fuzz(func(t *testing.T, text string) {
		if got := languageOf(text); got != "" && len(got) != 2 {
			t.Errorf("%q", got)
		}
	})
}
