package markup

import (
	"html"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	mostMentions     = 10
	mostMentionWords = 4  // that one name is looked for in
	mostNameRunes    = 40 // of a name that is looked for; a longer one is found by none
)

// marked is a mention as Render writes it, with the text that follows it: code
// holds none, and a name's other words stand behind it.
var marked = regexp.MustCompile(`<span class="mention">@([^<]*)</span>([^<]*)`)

// Mentions returns, for every mention of rendered text, the names it may mean,
// the longest first: what is typed is "@Ann Lee thanks", and where the name ends
// only those who are there can tell.
func Mentions(rendered string) [][]string {
	var all [][]string
	for _, m := range marked.FindAllStringSubmatch(rendered, mostMentions) {
		name := strings.ReplaceAll(html.UnescapeString(m[1]), "_", " ")
		names := []string{name}
		for rest := html.UnescapeString(m[2]); len(names) < mostMentionWords; {
			word, after, last := nextWord(rest)
			if word == "" || utf8.RuneCountInString(name)+1+utf8.RuneCountInString(word) > mostNameRunes {
				break
			}
			name, rest = name+" "+word, after
			names = append(names, name)
			if last {
				break
			}
		}
		slices.Reverse(names)
		all = append(all, names)
	}
	return all
}

// nextWord cuts the word that follows one space; last says that a mark ended
// it, so that no further word belongs to the same name.
func nextWord(s string) (word, rest string, last bool) {
	if s == "" || s[0] != ' ' {
		return "", s, true
	}
	s = s[1:]
	end := strings.IndexFunc(s, unicode.IsSpace)
	if end < 0 {
		end = len(s)
	}
	word = strings.TrimRightFunc(s[:end], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
	return word, s[end:], word != s[:end]
}

// Mentioned is whom one mention means: the name among those that Mentions gave
// for it, how they are called, and where their link leads. Without an address
// the mention stays as it is.
type Mentioned struct{ Matched, Name, Href string }

// LinkMentions makes links of mentions, in the order of Mentions: the whole name
// is the link, also those of its words that stood behind the mark.
func LinkMentions(rendered string, people []Mentioned) string {
	var out strings.Builder
	from := 0
	for i, at := range marked.FindAllStringSubmatchIndex(rendered, mostMentions) {
		if i >= len(people) || people[i].Href == "" || withinLink(rendered[:at[0]]) {
			continue
		}
		who := people[i]
		first := strings.ReplaceAll(html.UnescapeString(rendered[at[2]:at[3]]), "_", " ")
		end, ok := behind(rendered[at[4]:at[5]], strings.TrimPrefix(who.Matched, first))
		if !ok {
			continue
		}
		out.WriteString(rendered[from:at[0]])
		out.WriteString(`<a rel="nofollow ugc noopener noreferrer" href="` + html.EscapeString(who.Href) + `"><span class="mention">@` + html.EscapeString(who.Name) + `</span></a>`)
		from = at[4] + end
	}
	out.WriteString(rendered[from:])
	return out.String()
}

// behind is where in HTML text the words of a name end that stand at its beginning.
func behind(text, words string) (end int, ok bool) {
	for i := 0; i <= len(text); i++ {
		if i < len(text) && !utf8.RuneStart(text[i]) {
			continue
		}
		if html.UnescapeString(text[:i]) == words {
			return i, true
		}
	}
	return 0, false
}

// withinLink reports whether canonical HTML ends inside of a link.
func withinLink(s string) bool { return strings.LastIndex(s, "<a ") > strings.LastIndex(s, "</a>") }

// linked is a mention that leads to somebody. Its attributes stand the other way
// round than those of the links that people write: it counts as none of them.
var linked = regexp.MustCompile(`<a rel="[^"]*" href="([^"]*)">(<span class="mention">[^<]*</span>)</a>`)

// UnlinkMentions takes the links of mentions away whose address ends so: of
// somebody who is no more, only the words stay that others wrote.
func UnlinkMentions(rendered, ending string) string {
	return linked.ReplaceAllStringFunc(rendered, func(s string) string {
		m := linked.FindStringSubmatch(s)
		if !strings.HasSuffix(html.UnescapeString(m[1]), ending) {
			return s
		}
		return m[2]
	})
}
