package moderation

import (
	"strings"
	"unicode"
)

// marks are the commonest words of languages that share the Latin script; a
// word of several counts for each. Comments are short, and in a short text
// these say more than the frequencies of its letters do.
var marks = func() map[string][]string {
	out := map[string][]string{}
	for lang, words := range map[string]string{
		"en": "the and of to in is it you that was for are with this have not be but they his from what who will would about there just should your my we so do if all can how like when an as at by on or no me he she",
		"de": "der die das und ist nicht ich sie es ein eine zu den mit von auf für sich dem auch wie wir aber nur noch wenn doch ob was war kann hat haben sind im am bei nach aus über mich dir mir ihr so wird schon mal immer",
		"fr": "le la les et est pas je de des un une il elle que qui ce ne en du pour vous dans sur au avec plus tout mais ou se son sa nous on c'est ça être fait comme si même leur aux sont était rien",
		"es": "el la los las y es no de que en un una por con para se lo su al del como más pero le ya muy todo esta este eso hay sin sobre cuando porque son yo tú mi si está qué nada sabes",
		"pt": "o a os as e é não de que em um uma por com para se do da dos das no na como mais mas ao muito isso esta este já quando porque são eu você meu seu foi só tem está ele ela",
		"it": "il la lo gli le e è non di che in un una per con si del della dei al da come più ma anche questo questa sono ho ha mi ti ci se io tu lui lei quando perché solo tutto fatto",
		"pl": "i w nie na się z do to że jest jak o co ale tak po od za już czy go ma mi być tylko tego ich dla te przez przy ten ta są był jego mnie nic bardzo",
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
	leastMarks = 2   // words that say so
	leadMarks  = 1.5 // times as many as of the next language
)

// languageOf is the language of a text as a two-letter code, "" where the text
// does not say. It is meant for telling the word of one language from the same
// letters in another ("die" from "die"), so in doubt it says nothing.
func languageOf(text string) string {
	if lang := byScript(text); lang != "" {
		return lang
	}
	votes := map[string]int{}
	for _, w := range strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' }) {
		for _, lang := range marks[w] {
			votes[lang]++
		}
	}
	best, most, next := "", 0, 0
	for lang, n := range votes {
		switch {
		case n > most:
			best, most, next = lang, n, most
		case n > next:
			next = n
		}
	}
	if most < leastMarks || float64(most) < leadMarks*float64(next) {
		return ""
	}
	return best
}

// byScript tells languages that have a script, or letters, of their own. Most
// of the letters decide: a Latin name in a Russian sentence changes nothing.
func byScript(text string) string {
	var latin, cyrillic, han, kana, hangul, arabic, hebrew, greek, thai int
	for _, r := range text {
		switch {
		case r < unicode.MaxASCII:
			if unicode.IsLetter(r) {
				latin++
			}
		case unicode.Is(unicode.Latin, r):
			latin++
		case unicode.Is(unicode.Cyrillic, r):
			cyrillic++
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.Is(unicode.Arabic, r):
			arabic++
		case unicode.Is(unicode.Hebrew, r):
			hebrew++
		case unicode.Is(unicode.Greek, r):
			greek++
		case unicode.Is(unicode.Thai, r):
			thai++
		}
	}
	switch most := max(latin, cyrillic, han+kana, hangul, arabic, hebrew, greek, thai); {
	case most == 0 || most == latin:
		return ""
	case most == cyrillic:
		return cyrillicOf(text)
	case most == han+kana:
		if kana > 0 {
			return "ja"
		}
		return "zh"
	case most == hangul:
		return "ko"
	case most == arabic:
		if strings.ContainsAny(text, "پچژگ") {
			return "fa"
		}
		return "" // Arabic, or Persian without the letters that tell
	case most == hebrew:
		return "he"
	case most == greek:
		return "el"
	}
	return "th"
}

// cyrillicOf tells Ukrainian from Russian by the letters that the other lacks.
func cyrillicOf(text string) string {
	low := strings.ToLower(text)
	uk, ru := strings.ContainsAny(low, "іїєґ"), strings.ContainsAny(low, "ыэъё")
	switch {
	case uk && !ru:
		return "uk"
	case ru && !uk:
		return "ru"
	}
	return ""
}
