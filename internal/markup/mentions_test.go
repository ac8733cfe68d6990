package markup

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
		if got := Mentions(html); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n%q, want %q", html, got, want)
		}
	}
}

// The whole name is the link, and it is that person's name as they write it.
func TestMentionsBecomeLinks(t *testing.T) {
	at := func(s string) string {
		return `<a rel="nofollow ugc noopener noreferrer" href="https://x/u/1"><span class="mention">@` + s + `</span></a>`
	}
	for _, c := range []struct{ html, matched, name, want string }{
		{`<p><span class="mention">@Ann</span> Lee and</p>`, "Ann Lee", "Ann Lee", `<p>` + at("Ann Lee") + ` and</p>`},
		{`<p><span class="mention">@Ann_Lee</span>, hi</p>`, "Ann Lee", "Ann Lee", `<p>` + at("Ann Lee") + `, hi</p>`},
		{`<p><span class="mention">@Cara</span> O&#39;Neil!</p>`, "Cara O'Neil", "Cara O'Neil", `<p>` + at("Cara O&#39;Neil") + `!</p>`},
		{`<p><span class="mention">@Борис</span> Ельский</p>`, "Борис Ельский", "Борис Ельский", `<p>` + at("Борис Ельский") + `</p>`},
		{`<p><a href="https://y/" rel="nofollow ugc noopener noreferrer"><span class="mention">@Ann</span></a></p>`, "Ann", "Ann", ""},
		{`<p><span class="mention">@Ann</span></p>`, "Bo", "Bo", ""},
	} {
		if c.want == "" {
			c.want = c.html
		}
		got := LinkMentions(c.html, []Mentioned{{c.matched, c.name, "https://x/u/1"}})
		if got != c.want {
			t.Errorf("%s\n%s, want\n%s", c.html, got, c.want)
		}
		if free := UnlinkMentions(got, "/u/1"); got != c.html && free == got {
			t.Errorf("%s keeps its link", got)
		}
		if UnlinkMentions(got, "/u/2") != got {
			t.Errorf("%s loses another's link", got)
		}
	}
	if got := LinkMentions(`<p><span class="mention">@Ann</span> <span class="mention">@Bo</span></p>`, []Mentioned{{}, {"Bo", "Bo", "https://x/u/1"}}); got != `<p><span class="mention">@Ann</span> `+at("Bo")+`</p>` {
		t.Error(got)
	}
}
