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

// Bounds of what rules cost. RE2 runs in time linear in the text times the
// compiled size of the pattern, so a step is one of a pattern's for one byte:
// 1 to 10 ns. Counting steps, not time, gives a text the same answer on a busy
// machine and on an idle one.
const (
	maxProgram  = 2000       // steps of one pattern
	maxPrograms = 20_000     // of all patterns of a policy
	maxSteps    = 50_000_000 // for one text: half a second for patterns made to be slow
)

// tooLong is the detail of a finding that speaks of rules which had no time.
const tooLong = "the text is too long for all rules"

// rule is a pattern made ready.
type rule struct {
	discuss.Rule
	re   *regexp.Regexp
	size int    // of the compiled pattern
	must string // lower case; a text without it cannot match
}

func newRule(field string, r discuss.Rule) (rule, error) {
	if n := utf8.RuneCountInString(strings.TrimSpace(r.Name)); n == 0 || n > discuss.MaxRuleName {
		return rule{}, discuss.Bad(field+".name", "must be 1 to 80 characters")
	}
	if !slices.Contains([]string{"hold", "reject", "spam"}, r.Action) {
		return rule{}, discuss.Bad(field+".action", "must be hold, reject or spam")
	}
	re, size, why := compile(r.Pattern)
	if why != "" {
		return rule{}, discuss.Bad(field+".pattern", why)
	}
	parsed, err := syntax.Parse(r.Pattern, syntax.Perl)
	if err != nil {
		return rule{}, discuss.Bad(field+".pattern", "is not a valid pattern")
	}
	return rule{r, re, size, strings.ToLower(needed(parsed))}, nil
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

// look runs the rules over a text as long as there are steps left. A text that
// has used them up is held: what nobody has looked at is not let through.
func (c *Compiled) look(t text) []discuss.Finding {
	if len(c.rules) == 0 {
		return nil
	}
	var out []discuss.Finding
	low, left := lowered(t.body), maxSteps
	if t.shown != "" {
		low += "\n" + lowered(t.shown)
	}
	for _, r := range c.rules {
		if r.must != "" && !strings.Contains(low, r.must) {
			continue
		}
		if left -= r.size * (len(t.body) + len(t.shown)); left < 0 {
			return append(out, discuss.Finding{Check: "rule", Suggested: discuss.SuggestHold, Detail: tooLong})
		}
		if f := r.look(t); f.Check != "" {
			out = append(out, f)
		}
	}
	return out
}

func (r rule) look(t text) discuss.Finding {
	found := r.re.FindAllStringIndex(t.body, maxSpans)
	n := len(found)
	if n == 0 && t.shown != "" {
		n = len(r.re.FindAllStringIndex(t.shown, maxSpans))
	}
	if n == 0 {
		return discuss.Finding{}
	}
	f := discuss.Finding{Check: "rule", Suggested: discuss.Suggestion(r.Action), Count: n, Detail: r.Name}
	for _, at := range found {
		f.Spans = append(f.Spans, [2]int{at[0], at[1]})
	}
	return f
}

// compile reads a pattern and measures it; why is what is wrong with it, "" if
// nothing.
func compile(pattern string) (re *regexp.Regexp, size int, why string) {
	if pattern == "" || len(pattern) > discuss.MaxRuleBytes || !utf8.ValidString(pattern) {
		return nil, 0, "must be a regular expression of 1 to 1000 bytes"
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil, 0, "is not a valid pattern: " + strings.TrimPrefix(err.Error(), "error parsing regexp: ")
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return nil, 0, "is not a valid pattern"
	}
	if len(prog.Inst) > maxProgram {
		return nil, 0, fmt.Sprintf("is too large: it comes to %d steps, at most %d are taken", len(prog.Inst), maxProgram)
	}
	re, err = regexp.Compile(pattern)
	if err != nil {
		return nil, 0, "is not a valid pattern"
	}
	if re.MatchString("") {
		return nil, 0, "matches a text of nothing, and so every comment"
	}
	return re, len(prog.Inst), ""
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

// light is what is wrong with the cost of a policy's rules together. A policy
// that was stored before there was this bound is read all the same.
func (c *Compiled) light() error {
	sum := 0
	for i, r := range c.rules {
		if sum += r.size; sum > maxPrograms {
			return discuss.Bad(fmt.Sprintf("rules[%d].pattern", i), fmt.Sprintf("makes the rules too large together: they come to more than %d steps", maxPrograms))
		}
	}
	return nil
}

// Matches reports what of the policy speaks against a text, and the strongest
// wish. html is what the text is shown as; "" where it is plain.
func (c *Compiled) Matches(body, html string) (discuss.Suggestion, []discuss.Finding) {
	fs := readText(Context{text: textOf(body, html), policy: c})
	wish := discuss.SuggestNothing
	for _, f := range fs {
		if wishOrder[f.Suggested] > wishOrder[wish] {
			wish = f.Suggested
		}
	}
	return wish, fs
}

var wishOrder = map[discuss.Suggestion]int{discuss.SuggestHold: 1, discuss.SuggestSpam: 2, discuss.SuggestReject: 3}
