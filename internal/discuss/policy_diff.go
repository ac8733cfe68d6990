package discuss

import (
	"fmt"
	"slices"
	"strings"
)

// shownChanges is how many changes of words and rules the audit log names.
const shownChanges = 40

// policyDiff says in sentences what differs between two versions of words and
// rules, for the audit log: one a line.
func policyDiff(old, now Policy) string {
	var out []string
	words := func(list string, was, is []Word) {
		for _, w := range is {
			if !slices.Contains(was, w) {
				out = append(out, fmt.Sprintf("added %s to the %s words", w.quoted(), list))
			}
		}
		for _, w := range was {
			if !slices.Contains(is, w) {
				out = append(out, fmt.Sprintf("removed %s from the %s words", w.quoted(), list))
			}
		}
	}
	words("banned", old.Banned, now.Banned)
	words("suspect", old.Suspect, now.Suspect)
	find := func(list []Rule, name string) (Rule, bool) {
		i := slices.IndexFunc(list, func(r Rule) bool { return r.Name == name })
		if i < 0 {
			return Rule{}, false
		}
		return list[i], true
	}
	for _, r := range now.Rules {
		switch was, ok := find(old.Rules, r.Name); {
		case !ok:
			out = append(out, fmt.Sprintf("added the rule %s: %s, %s", quoted(r.Name), quoted(r.Pattern), r.Action))
		case was != r:
			out = append(out, fmt.Sprintf("changed the rule %s from %s, %s, to %s, %s", quoted(r.Name), quoted(was.Pattern), was.Action, quoted(r.Pattern), r.Action))
		}
	}
	for _, r := range old.Rules {
		if _, ok := find(now.Rules, r.Name); !ok {
			out = append(out, "removed the rule "+quoted(r.Name))
		}
	}
	if len(out) == 0 && !slices.Equal(old.Rules, now.Rules) {
		out = append(out, "put the rules into another order")
	}
	if more := len(out) - shownChanges; more > 0 {
		out = append(out[:shownChanges], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(out, "\n")
}

func (w Word) quoted() string {
	if w.Lang == "" {
		return quoted(w.Text)
	}
	return quoted(w.Text) + " (" + w.Lang + ")"
}

// quoted is a foreign text within a sentence of ours: isolated, so that nothing
// in it turns the rest round.
func quoted(s string) string { return "\u201C\u2068" + s + "\u2069\u201D" }
