package moderation

import (
	"fmt"
	"strings"
	"testing"

	"parley/internal/discuss"
)

func list(t testing.TB, words ...string) *wordList {
	t.Helper()
	var ws []discuss.Word
	for _, w := range words {
		ws = append(ws, discuss.Word{Text: w})
	}
	l, err := newWordList("banned", ws)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestWordsAreFoundInTheirDisguises(t *testing.T) {
	l := list(t, "viagra", "idiot", "talk rubbish", "damn*", "дурак", "казино*", "赌场", "fun", "scam", "ss", "fr")
	for _, c := range []struct{ text, want string }{
		{"buy viagra now", "viagra"},
		{"buy VIAGRA now", "viagra"},
		{"v i a g r a, cheap", "viagra"},
		{"v.i.a.g.r.a", "viagra"},
		{"v1agr4", "viagra"},
		{"vіаgrа with Cyrillic letters", "viagra"},
		{"ｖｉａｇｒａ full width", "viagra"},
		{"vi\u200bag\u00adra with nothing between", "viagra"},
		{"vi\u2063ag\u061cra with signs of no width", "viagra"},
		{"vi\U000e0061ag\u180fra", "viagra"},
		{"vi\u3164ag\u2800ra with blanks", "viagra"},
		{"v\u3164i\u3164a\u3164g\u3164r\u3164a", "viagra"},
		{"buy\u3164viagra", "viagra"},
		{"v\u20ddi\u20dda\u20ddgra", "viagra"},
		{"ⓥⓘⓐⓖⓡⓐ and 🅅🄸🄰🄶🅁🄰 and 🅥🅘🅐🅖🅡🅐", "viagra,viagra,viagra"},
		{"ᴠɪᴀɢʀᴀ", "viagra"},
		{"🇫 🇺 🇳", "fun"},
		{"🇫🇺🇳", "fun"},
		{"we went to 🇸🇸 and 🇫🇷", ""}, // flags
		{"vïágrâ", "viagra"},
		{"viiiiiagra", "viagra"},
		{"you Idiot!", "idiot"},
		{"do not talk   rubbish here", "talk rubbish"},
		{"talk\nRUBBISH", "talk rubbish"},
		{"damnation and damned", "damn*,damn*"},
		{"Ну ты и ДУРАК", "дурак"},
		{"онлайн-казиношка", "казино*"},
		{"在线赌场注册", "赌场"},
		{"this is fuuuun", "fun"},
		{"the word scam, once", "scam"},
		{"s c a m and v i a g r a", "scam,viagra"},
		{"this is a s c a m, I say", "scam"},
		{"what an i d i 0 t he is", "idiot"},
		{"v 1 a g r a", "viagra"},
		{"he is iiidiooot", "idiot"},
		{"daaamned, and DAMMMN", "damn*,damn*"},
		{"rows 1 7 5 and 5 5", ""},
		{"viagrafalls is a town", ""},
		{"an idiotic idea", ""},
		{"rubbish talk", ""},
		{"function and funny", ""},
		{"a b c d of it", ""},
		{"I paid 100 for 5 of 7", ""},
		{"", ""},
	} {
		t.Run(c.text, func(t *testing.T) {
			var got []string
			for _, m := range l.find(tokens(c.text)) {
				got = append(got, m.word)
				if m.span[0] < 0 || m.span[1] > len(c.text) || m.span[0] >= m.span[1] {
					t.Errorf("span %v of %d bytes", m.span, len(c.text))
				}
			}
			if s := strings.Join(got, ","); s != c.want {
				t.Errorf("found %q, want %q", s, c.want)
			}
		})
	}
}

func TestWordListsAreChecked(t *testing.T) {
	for _, c := range []struct{ word, field string }{
		{"", "banned[0]"}, {"  ", "banned[0]"}, {"...", "banned[0]"}, {"a*b", "banned[0]"}, {strings.Repeat("x", 81), "banned[0]"}, {"a\nb", "banned[0]"}, {"\xff", "banned[0]"},
	} {
		_, err := newWordList("banned", []discuss.Word{{Text: c.word}})
		var e *discuss.Error
		if e, _ = err.(*discuss.Error); e == nil || e.Fields[0].Name != c.field {
			t.Errorf("%q: %v", c.word, err)
		}
	}
	many := make([]discuss.Word, discuss.MaxWords)
	for i := range many {
		many[i].Text = fmt.Sprint("word", i)
	}
	if _, err := newWordList("banned", many); err != nil {
		t.Errorf("10,000 words: %v", err)
	}
	if _, err := newWordList("banned", append(many, discuss.Word{Text: "one more"})); err == nil {
		t.Error("10,001 words were taken")
	}
}

func TestRulesCannotBeSlow(t *testing.T) {
	for _, c := range []struct {
		pattern string
		ok      bool
	}{
		{`(?i)\bcheap\s+pills\b`, true},
		{`(a+)+$`, true}, // catastrophic elsewhere, linear here
		{`(a|aa)+b`, true},
		{`(x+x+)+y`, true},
		{`((a{1,100}){1,100}){1,100}`, false},
		{`(?:a{1,1000}){1,2}b`, false},
		{`a**`, false},
		{`[`, false},
		{`(?=lookahead)`, false},
		{`(a)\1`, false},
		{`a*`, false}, // matches nothing, so everything
		{``, false},
		{strings.Repeat("a", 1001), false},
	} {
		re, _, why := compile(c.pattern)
		if c.ok != (why == "") {
			t.Errorf("%.30q: %q", c.pattern, why)
		}
		if re != nil {
			re.FindAllStringIndex(strings.Repeat("a", 10_000), 20)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"v i a g r a", "a.b.c", "ﬁﬂ ﷺ", "\u0301\u0301a", "\xff\xfe", "赌场 v.1.4"} {
		f.Add(s)
	}
	l := list(f, "viagra", "damn*", "two words", "赌场")
	f.Fuzz(func(t *testing.T, s string) {
		for _, tok := range tokens(s) {
			if tok.from < 0 || tok.to > len(s) || tok.from > tok.to {
				t.Fatalf("token %+v of %d bytes", tok, len(s))
			}
		}
		for _, m := range l.find(tokens(s)) {
			_ = s[m.span[0]:m.span[1]]
		}
	})
}

func BenchmarkReadText(b *testing.B) {
	words := make([]discuss.Word, discuss.MaxWords)
	for i := range words {
		words[i].Text = fmt.Sprintf("word%dx", i)
	}
	c, err := Compile(discuss.Policy{Banned: words, Rules: []discuss.Rule{{Name: "pills", Pattern: `(?i)\bcheap\s+pills\b`, Action: "hold"}}})
	if err != nil {
		b.Fatal(err)
	}
	text := strings.Repeat("Boats will call at Eastgate, Customs Quay and the Lock. ", 6)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		c.Matches(text, "")
	}
}
