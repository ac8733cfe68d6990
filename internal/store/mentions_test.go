package store

import (
	"reflect"
	"testing"
)

// What is typed behind an @ may be a name of several words; who has it is not
// known here, so every length is tried, the longest first.
func TestNamesOfSeveralWordsAreMentioned(t *testing.T) {
	for html, want := range map[string][][]string{
		`<p><span class="mention">@Ann</span> Lee and <span class="mention">@Bo</span></p>`:          {{"Ann Lee and", "Ann Lee", "Ann"}, {"Bo"}},
		`<p><span class="mention">@Ann_Lee</span> is right</p>`:                                      {{"Ann Lee is right", "Ann Lee is", "Ann Lee"}},
		`<p>see <span class="mention">@Ann</span>, Lee</p>`:                                          {{"Ann"}},
		`<p><span class="mention">@Mary</span> Ann Lee, you said one two</p>`:                        {{"Mary Ann Lee", "Mary Ann", "Mary"}},
		`<p><span class="mention">@Cara</span> O&#39;Neil!</p>`:                                      {{"Cara O'Neil", "Cara"}},
		`<p><span class="mention">@Борис</span> Ельский</p>`:                                         {{"Борис Ельский", "Борис"}},
		"<p><span class=\"mention\">@Ann</span>\nLee</p>":                                            {{"Ann"}},
		`<p><span class="mention">@a</span> bcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz</p>`: {{"a"}},
		`<p><code>@Ann</code> and ann@example.com</p>`:                                               nil,
		`<p><span class="mention">@One</span> two three four five</p>`:                               {{"One two three four", "One two three", "One two", "One"}},
	} {
		if got := mentions(html); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n%q, want %q", html, got, want)
		}
	}
}
