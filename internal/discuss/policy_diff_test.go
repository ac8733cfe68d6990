package discuss

import (
	"strings"
	"testing"
)

func TestWhatChangedInWordsAndRulesIsSaidWithTheWord(t *testing.T) {
	old := Policy{Banned: []Word{{Text: "damn*"}, {Text: "out"}}, Suspect: []Word{{Text: "scam", Lang: "en"}}, Rules: []Rule{{"links", "http", "hold"}, {"old", "x", "spam"}}}
	now := Policy{Banned: []Word{{Text: "damn*"}, {Text: "\u202Ecrypto"}}, Suspect: nil, Rules: []Rule{{"links", "https", "hold"}, {"new", "y", "reject"}}}
	want := []string{
		"added “\u202Ecrypto” to the banned words", "removed “out” from the banned words", "removed “scam” (en) from the suspect words",
		"changed the rule “links” from “http”, hold, to “https”, hold", "added the rule “new”: “y”, reject", "removed the rule “old”",
	}
	got := policyDiff(old, now)
	if !strings.Contains(got, "\u2068\u202Ecrypto\u2069") {
		t.Errorf("a word that turns the line round is not isolated: %q", got)
	}
	plain := strings.NewReplacer("\u2068", "", "\u2069", "").Replace(got)
	if plain != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", plain, strings.Join(want, "\n"))
	}
	if got := policyDiff(old, old); got != "" {
		t.Errorf("nothing changed, and it says %q", got)
	}
}
