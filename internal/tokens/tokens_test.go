package tokens

import (
	"fmt"
	"strings"
	"testing"
)

func TestFormsOfAWordAreFound(t *testing.T) {
	for _, list := range []string{
		"ferry ferries", "run runs running", "hope hoping hoped hopes", "vote votes voted voting", "паром паромы парома паромов", "остров острова островами",
	} {
		words := strings.Fields(list)
		for _, w := range words {
			f, ok := FormsOf(strings.ToUpper(w))
			if !ok {
				t.Errorf("%s has no forms", w)
				continue
			}
			for _, other := range words {
				if !f.Has(other) || !strings.HasPrefix(other, f.Begin) {
					t.Errorf("%s does not find %s (all begin with %q)", w, other, f.Begin)
				}
			}
		}
	}
	for w, not := range map[string]string{"ferry": "ferment", "vote": "votive"} {
		if f, _ := FormsOf(w); f.Has(not) {
			t.Errorf("%s is no form of %s", not, w)
		}
	}
	for _, w := range []string{"", "the", "что", "is", "x1", "渡轮", "1234", "αβγ"} {
		if f, ok := FormsOf(w); ok {
			t.Errorf("%q has forms that begin with %q", w, f.Begin)
		}
	}
}

func TestScriptsWithoutSpacesAreLookedForInPairs(t *testing.T) {
	for word, want := range map[string]string{
		"渡轮":       "[{渡轮 true false}]",
		"東京都":      "[{東京 京都 true false}]",
		"京":        "[{京 true true}]",
		"iPhone手机": "[{iPhone false false} {手机 true false}]",
		"ferry":    "[{ferry false false}]",
		"서울은":      "[{서울 울은 true false}]",
	} {
		if got := fmt.Sprint(Parts(word)); got != want {
			t.Errorf("%s: %s, want %s", word, got, want)
		}
	}
}
