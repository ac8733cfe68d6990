package store

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

// marked is a mention as the markup room writes it, with the text that follows
// it: code holds none, and a name's other words stand behind it.
var marked = regexp.MustCompile(`<span class="mention">@([^<]*)</span>([^<]*)`)

// mentions returns, for every mention of a rendered comment, the names it may
// mean, the longest first: what is typed is "@Ann Lee thanks", and where the
// name ends only those who are there can tell.
func mentions(rendered string) [][]string {
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
