package i18n

import (
	"maps"
	"os"
	"slices"
	"testing"

	"golang.org/x/text/language"
)

func load(t *testing.T) *Catalogues {
	t.Helper()
	c, err := Load(os.DirFS("../../static/i18n"))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// forms are the plural forms that a language needs for whole numbers.
func forms(lang string) []string {
	seen := map[string]bool{"other": true}
	for n := range 1000 {
		seen[Form(language.Make(lang), n)] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

func names(m Message) []string {
	seen := map[string]bool{}
	for _, text := range append(slices.Collect(maps.Values(m.Forms)), m.Text) {
		for _, name := range placeholder.FindAllString(text, -1) {
			if name != "{n}" || m.Forms == nil { // "one reply" need not say the number
				seen[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen))
}

// lacking are the parts that a language speaks English in until somebody
// writes them. A part that is there is complete.
var lacking = map[string][]string{"ru": {"check", "dashboard", "install", "setup"}}

// Every language has every part, every key, every plural form that it needs
// and no other, and the same {names} as English.
func TestCatalogues(t *testing.T) {
	c := load(t)
	en := c.byLang[Fallback]
	for _, lang := range c.Languages() {
		need := forms(lang)
		for part, want := range en {
			got := c.byLang[lang][part]
			if got == nil && slices.Contains(lacking[lang], part) {
				continue
			}
			for key, m := range want {
				g, ok := got[key]
				switch {
				case !ok:
					t.Errorf("%s/%s.json lacks %q", lang, part, key)
					continue
				case (g.Forms == nil) != (m.Forms == nil):
					t.Errorf("%s/%s.json: %q must have plural forms in all languages or in none", lang, part, key)
				case g.Forms != nil:
					if have := slices.Sorted(maps.Keys(g.Forms)); !slices.Equal(have, need) {
						t.Errorf("%s/%s.json: %q has the forms %v, the language needs %v", lang, part, key, have, need)
					}
				case g.Text == "":
					t.Errorf("%s/%s.json: %q is empty", lang, part, key)
				}
				if have, want := names(g), names(m); !slices.Equal(have, want) {
					t.Errorf("%s/%s.json: %q names %v, English names %v", lang, part, key, have, want)
				}
			}
			for key := range got {
				if _, ok := want[key]; !ok {
					t.Errorf("%s/%s.json: %q is in no English catalogue", lang, part, key)
				}
			}
		}
		for part := range c.byLang[lang] {
			if en[part] == nil {
				t.Errorf("%s/%s.json has no English original", lang, part)
			}
		}
	}
}

func TestForms(t *testing.T) {
	for _, c := range []struct {
		lang string
		n    int
		want string
	}{{"en", 1, "one"}, {"en", 0, "other"}, {"ru", 1, "one"}, {"ru", 21, "one"}, {"ru", 3, "few"}, {"ru", 12, "many"}, {"ru", 1_000_000_001, "one"}, {"ja", 1, "other"}} {
		if got := Form(language.Make(c.lang), c.n); got != c.want {
			t.Errorf("Form(%s, %d) = %s, want %s", c.lang, c.n, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	c := &Catalogues{byLang: map[string]map[string]map[string]Message{
		"en": {"mail": {"n": {Forms: map[string]string{"one": "{n} reply to {who}", "other": "{n} replies to {who}"}}, "only": {Text: "English"}}},
		"ru": {"mail": {"n": {Forms: map[string]string{"one": "{n} ответ", "few": "{n} ответа", "many": "{n} ответов", "other": "{n} ответа"}}}},
	}}
	for _, x := range []struct {
		want, key, wanted string
		v                 Values
	}{
		{"1 reply to Ann", "n", "en", Values{"n": 1, "who": "Ann"}},
		{"1,200 replies to Ann", "n", "de", Values{"n": 1200, "who": "Ann"}},
		{"22 ответа", "n", "ru-RU", Values{"n": 22}},
		{"English", "only", "xx, ru;q=0.8", nil},
		{"unknown", "unknown", "ru", nil},
		{"1 reply to \u2068\u202Eevil\u2069", "n", "en", Values{"n": 1, "who": "\u202Eevil"}},
	} {
		if got := c.Words(x.wanted, "mail").T(x.key, x.v); got != x.want {
			t.Errorf("%s in %s = %q, want %q", x.key, x.wanted, got, x.want)
		}
	}
}
