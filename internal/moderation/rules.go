package moderation

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/discuss"
)

// maxProgram bounds a rule's compiled size. RE2 runs in time linear in the
// text times this, so no rule can be slow whatever it is given.
const maxProgram = 2000

// rule is a pattern made ready.
type rule struct {
	discuss.Rule
	re   *regexp.Regexp
	must string // lower case; a text without it cannot match
}

func newRule(field string, r discuss.Rule) (rule, error) {
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Name)); n == 0 || n > discuss.MaxRuleName {
		return rule{}, discuss.Bad(field+".name", "must be 1 to 80 characters")
	}
	if !slices.Contains([]string{"hold", "reject", "spam"}, r.Action) {
		return rule{}, discuss.Bad(field+".action", "must be hold, reject or spam")
	}
	re, why := compile(r.Pattern)
	if why != "" {
		return rule{}, discuss.Bad(field+".pattern", why)
	}
	parsed, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		return rule{}, discuss.Bad(field+".pattern", "is no RE2 pattern")
	}
	return rule{r, re, strings.ToLower(needed(parsed))}, nil
}

// needed is the longest ASCII literal that every match of a pattern holds; ""
// where there is none. Looking for it first spares most texts the automaton.
func needed(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r >= utf8.RuneSelf {
				return ""
			}
		}
		return string(re.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return needed(re.Sub[0])
	case syntax.OpRepeat:
		if re.Min > 0 {
			return needed(re.Sub[0])
		}
	case syntax.OpConcat:
		best := ""
		for _, sub := range re.Sub {
			if s := needed(sub); len(s) > len(best) {
				best = s
			}
		}
		return best
	}
	return ""
}

// lowered is a text in lower case; the two letters that fold to ASCII in RE2
// and not in lower case are written as what they fold to.
func lowered(s string) string { return foldsToASCII.Replace(strings.ToLower(s)) }

var foldsToASCII = strings.NewReplacer("ſ", "s", "\u212a", "k")

// compile reads a pattern; why is what is wrong with it, "" if nothing.
func compile(pattern string) (re *regexp.Regexp, why string) {
	if pattern == "" || len(pattern) > discuss.MaxRuleBytes || !utf8.ValidString(pattern) {
		return nil, "must be a regular expression of 1 to 1000 bytes"
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, "is no RE2 pattern: " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, "is no RE2 pattern"
	}
	if len(prog.Inst) > maxProgram {
		return nil, fmt.Sprintf("is too large: it comes to %d steps, at most %d are taken", len(prog.Inst), maxProgram)
	}
	re, err = regexp.Compile(pattern)
	if err != nil {
		return nil, "is no RE2 pattern"
	}
	if re.MatchString("") {
		return nil, "matches a text of nothing, and so every comment"
	}
	return re, ""
}

// Compiled is a policy made ready to read texts. It is safe for concurrent use.
type Compiled struct {
	version         int64
	banned, suspect *wordList
	rules           []rule
}

// Compile checks a policy; the error names the entry.
func Compile(p discuss.Policy) (*Compiled, error) {
	c := &Compiled{version: p.Version}
	var err error
	if c.banned, err = newWordList("banned", p.Banned); err != nil {
		return nil, err
	}
	if c.suspect, err = newWordList("suspect", p.Suspect); err != nil {
		return nil, err
	}
	if len(p.Rules) > discuss.MaxRules {
		return nil, discuss.Bad("rules", fmt.Sprintf("must hold at most %d rules", discuss.MaxRules))
	}
	names := map[string]bool{}
	for i, r := range p.Rules {
		field := fmt.Sprintf("rules[%d]", i)
		ready, err := newRule(field, r)
		if err != nil {
			return nil, err
		}
		if names[r.Name] {
			return nil, discuss.Bad(field+".name", "stands there twice")
		}
		names[r.Name] = true
		c.rules = append(c.rules, ready)
	}
	return c, nil
}

// Matches reports whether anything of the policy speaks against a text, and
// the strongest wish.
func (c *Compiled) Matches(body string) (discuss.Wish, []discuss.Finding) {
	fs := readText(Context{Body: body, tokens: tokens(body), policy: c})
	wish := discuss.WishNothing
	for _, f := range fs {
		if wishOrder[f.Wish] > wishOrder[wish] {
			wish = f.Wish
		}
	}
	return wish, fs
}

var wishOrder = map[discuss.Wish]int{discuss.WishHold: 1, discuss.WishSpam: 2, discuss.WishReject: 3}
