// Package i18n gives texts in the reader's language from the catalogues that
// the widget reads too: static/i18n/<language>/<part>.json, one flat object a
// part, each message a text with {names} or an object of its CLDR plural forms
// that {n} chooses. The format and its parts are told in
// widget/src/shared/i18n/catalogue.ts; TestCatalogues checks keys, forms and names.
//
//	words := catalogues.Words("ru-RU", "mail")
//	words.T("digest_subject", i18n.Values{"n": 3, "site": "The Lantern"})
package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"parley/internal/cleantext"
)

// Fallback is the language that is always complete.
const Fallback = "en"

// Values fill the {names} of a message. An int is written as the language
// writes numbers; the one called n chooses the plural form.
type Values map[string]any

// Message is a text, or its plural forms by CLDR name.
type Message struct {
	Text  string
	Forms map[string]string
}

// UnmarshalJSON reads a string or an object of plural forms.
func (m *Message) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &m.Text)
	}
	if err := json.Unmarshal(b, &m.Forms); err != nil {
		return err
	}
	if m.Forms["other"] == "" {
		return fmt.Errorf("a plural message needs the form %q", "other")
	}
	return nil
}

// Catalogues are all messages, by language, part and key.
type Catalogues struct {
	byLang map[string]map[string]map[string]Message
}

// Load reads every <language>/<part>.json of files.
func Load(files fs.FS) (*Catalogues, error) {
	c := &Catalogues{byLang: map[string]map[string]map[string]Message{}}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".json" {
			return err
		}
		b, err := fs.ReadFile(files, name)
		if err != nil {
			return fmt.Errorf("read catalogue: %w", err)
		}
		messages := map[string]Message{}
		if err := json.Unmarshal(b, &messages); err != nil {
			return fmt.Errorf("read catalogue %s: %w", name, err)
		}
		lang, part := path.Dir(name), strings.TrimSuffix(path.Base(name), ".json")
		if c.byLang[lang] == nil {
			c.byLang[lang] = map[string]map[string]Message{}
		}
		c.byLang[lang][part] = messages
		return nil
	})
	if err == nil && c.byLang[Fallback] == nil {
		err = fmt.Errorf("read catalogues: no language %q", Fallback)
	}
	return c, err
}

// Languages are the ones there is a catalogue for, in order.
func (c *Catalogues) Languages() []string { return slices.Sorted(maps.Keys(c.byLang)) }

// Match is the first wanted language that there is a catalogue for. wanted is
// one BCP 47 tag or the value of an Accept-Language header.
func (c *Catalogues) Match(wanted string) string {
	tags, _, err := language.ParseAcceptLanguage(wanted)
	if err != nil {
		return Fallback
	}
	for _, t := range tags {
		base, _ := t.Base()
		if c.byLang[base.String()] != nil {
			return base.String()
		}
	}
	return Fallback
}

// Words are the messages of a part in the language that Match finds, with
// those of more parts, if any are named.
func (c *Catalogues) Words(wanted, part string, more ...string) Words {
	lang := c.Match(wanted)
	w := Words{Lang: lang, tag: language.Make(lang), messages: c.byLang[lang][part], fallback: c.byLang[Fallback][part]}
	if len(more) == 0 {
		return w
	}
	w.messages, w.fallback = maps.Clone(w.messages), maps.Clone(w.fallback)
	for _, m := range more {
		maps.Copy(w.messages, c.byLang[lang][m])
		maps.Copy(w.fallback, c.byLang[Fallback][m])
	}
	return w
}

// Words speak one language about one part.
type Words struct {
	Lang               string
	tag                language.Tag
	messages, fallback map[string]Message
}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// T is the message with its names filled in, in English if the language lacks
// it, and the key itself if nobody knows it.
func (w Words) T(key string, values ...Values) string {
	m, ok := w.messages[key]
	tag := w.tag
	if !ok {
		if m, ok = w.fallback[key]; !ok {
			return key
		}
		tag = language.English
	}
	v := Values{}
	for _, more := range values {
		maps.Copy(v, more)
	}
	text := m.Text
	if m.Forms != nil {
		n, _ := v["n"].(int)
		if text = m.Forms[Form(tag, n)]; text == "" {
			text = m.Forms["other"]
		}
	}
	return placeholder.ReplaceAllStringFunc(text, func(name string) string {
		switch x := v[name[1:len(name)-1]].(type) {
		case string:
			return cleantext.Isolate(x)
		case int:
			return message.NewPrinter(tag).Sprint(x)
		}
		return ""
	})
}

var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

// Form is the CLDR name of the cardinal plural form of n.
func Form(tag language.Tag, n int) string {
	digits := strconv.Itoa(max(n, -n))
	i := max(n, -n)
	if len(digits) > 7 { // the rules look at the last digits only
		i = i % 10_000_000
	}
	return formNames[plural.Cardinal.MatchPlural(tag, i, 0, 0, 0, 0)]
}
