package moderation

import (
	"slices"
	"strings"
	"unicode"
)

// marks are the commonest words of languages that share the Latin script; a
// word of several counts for each. Comments are short, and in a short text
// these say more than the frequencies of its letters do.
var marks = func() map[string][]string {
	out := map[string][]string{}
	for lang, words := range map[string]string{
		"en": "the i and of to in is it you that was for are with this have not be but they his from what who will would about there just should your my we so do if all can how like when an as at by on or no me he she",
		"de": "der die das und ist nicht ich sie es ein eine zu den mit von auf für sich dem auch wie wir aber nur noch wenn doch ob was war kann hat haben sind im am bei nach aus über mich dir mir ihr so wird schon mal immer",
		"fr": "le la les et est pas je de des un une il elle que qui ce ne en du pour vous dans sur au avec plus tout mais ou se son sa nous on c'est ça être fait comme si même leur aux sont était rien",
		"es": "el la los las y es no de que en un una por con para se lo su al del como más pero le ya muy todo esta este eso hay sin sobre cuando porque son yo tú mi si está qué nada sabes",
		"pt": "o a os as e é não de que em um uma por com para se do da dos das no na como mais mas ao muito isso esta este já quando porque são eu você meu seu foi só tem está ele ela",
		"it": "il la lo gli le e è non di che in un una per con si del della dei al da come più ma anche questo questa sono ho ha mi ti ci se io tu lui lei quando perché solo tutto fatto",
		"pl": "i w nie na się z do to że jest jak o co ale tak po od za już czy go ma mi być tylko tego ich dla te przez przy ten ta są był jego mnie nic bardzo",
		"nl": "de het een en van is dat niet ik je wat op te zijn die voor met maar als er aan om ook dan nog wel naar heeft hij zij wij geen kan moet wordt deze dit bij uit door zo",
		"sv": "och det att i en jag som är på för av den med inte till du har om ett vi men så kan de var från han hon ni alla bara när nu mycket också eller någon vad här min sig",
		"cs": "a se je na to že v s z do o i ale jak tak by jsem jsou jen po už za co pro ne nebo když není být jako také proč který mi si ten má ještě bude",
		"tr": "ve bir bu da de ne için çok ama o ben sen gibi var yok daha kadar değil mi her en ile olan olarak sonra şey ya ki biz siz diye nasıl güzel hiç",
	} {
		for _, w := range strings.Fields(words) {
			out[w] = append(out[w], lang)
		}
	}
	return out
}()

// Bounds of what counts as knowing a language.
const (
	leastMarks  = 2    // words that say so
	leadMarks   = 1.5  // times as many as of the next language
	leastShare  = 0.02 // of a script's letters that only one of its languages has
	kanaInChina = 0.2  // of the letters, from which Han is read as Japanese
)

// script is what the letters of a word belong to. Words are told apart among
// the languages of their own script only: an insult in Cyrillic is no less one
// with English around it.
type script int

const (
	scriptLatin script = iota
	scriptCyrillic
	scriptHan   // with the kana of Japanese
	scriptOther // of one language, or of several that are not told apart
)

func scriptOf(word string) script {
	for _, r := range word {
		switch {
		case unicode.Is(unicode.Latin, r):
			return scriptLatin
		case unicode.Is(unicode.Cyrillic, r):
			return scriptCyrillic
		case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana):
			return scriptHan
		case unicode.IsLetter(r):
			return scriptOther
		}
	}
	return scriptLatin
}

// told are the languages that the text is told from; a word of any other, and
// one whose script has no rivals here, counts in every text.
var told = map[script][]string{
	scriptLatin: {"en", "de", "fr", "es", "pt", "it", "pl", "nl", "sv", "cs", "tr"}, scriptCyrillic: {"ru", "uk"}, scriptHan: {"zh", "ja"},
}

// tongue is what a text says of its language, counted when it is first asked.
type tongue struct {
	text  string
	told  bool
	marks map[string]int // how often each of the commonest words stands there
	votes map[string]int // by language
	fit   map[*entry]fit // what was answered already
}

func tongueOf(text string) *tongue { return &tongue{text: text, fit: map[*entry]fit{}} }

// tell counts the commonest words.
func (t *tongue) tell() {
	if t.told {
		return
	}
	t.told, t.marks, t.votes = true, map[string]int{}, map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(t.text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		if langs := marks[w]; len(langs) > 0 {
			t.marks[w]++
			for _, l := range langs {
				t.votes[l]++
			}
		}
	}
}

// fit is how a word of a language fits a text.
type fit int

const (
	fitsNot   fit = iota // the text is in another language, and in nothing else
	fitsMaybe            // it has words of both
	fitsWell             // it is in that language, or does not say
)

// fits answers for one language. word is left out of the evidence: "die" says
// nothing about which "die" it is.
func (t *tongue) fits(lang string, of script, word string) fit {
	switch of {
	case scriptLatin:
		return t.latin(lang, word)
	case scriptCyrillic:
		uk, ru, all := t.letters("іїєґ", unicode.Cyrillic), t.letters("ыэъё", unicode.Cyrillic), t.letters("", unicode.Cyrillic)
		if lang == "uk" {
			return rival(uk, ru, all)
		}
		return rival(ru, uk, all)
	case scriptHan:
		kana, all := t.letters("", unicode.Hiragana, unicode.Katakana), t.letters("", unicode.Han, unicode.Hiragana, unicode.Katakana)
		switch japanese := float64(kana) >= kanaInChina*float64(all); {
		case kana == 0 && lang == "ja", japanese && lang == "zh":
			return fitsNot
		case kana > 0 && lang == "zh":
			return fitsMaybe
		}
	}
	return fitsWell
}

// rival weighs letters that only one of two languages has.
func rival(mine, theirs, all int) fit {
	switch {
	case theirs == 0 || mine > 0 && float64(theirs) < leastShare*float64(all):
		return fitsWell
	case mine > 0 || float64(theirs) < leastShare*float64(all):
		return fitsMaybe
	}
	return fitsNot
}

// letters counts those of a script that are among some; "" counts all.
func (t *tongue) letters(some string, of ...*unicode.RangeTable) int {
	n := 0
	for _, r := range t.text {
		if unicode.In(r, of...) && (some == "" || strings.ContainsRune(some, unicode.ToLower(r))) {
			n++
		}
	}
	return n
}

// latin tells by the commonest words. A text is in another language if that
// one leads clearly; a single word that this language has and that one has not
// makes it a text of both: three foreign words shall not switch a list off.
func (t *tongue) latin(lang, word string) fit {
	t.tell()
	best, most, next := "", 0, 0
	for l, n := range t.votes {
		if slices.Contains(marks[word], l) {
			n -= t.marks[word]
		}
		switch {
		case n > most:
			best, most, next = l, n, most
		case n > next:
			next = n
		}
	}
	if best == lang || most < leastMarks || float64(most) < leadMarks*float64(next) {
		return fitsWell
	}
	for w := range t.marks {
		if w != word && slices.Contains(marks[w], lang) && !slices.Contains(marks[w], best) {
			return fitsMaybe
		}
	}
	return fitsNot
}
