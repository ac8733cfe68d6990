package moderation

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

func TestShownIsWhatReadersRead(t *testing.T) {
	for _, c := range []struct{ html, want string }{
		{`<p>Plain &amp; simple.</p>`, "Plain & simple."},
		{`<p>vi<strong>ag</strong>ra and vi<code>agra</code></p>`, "viagra and viagra"},
		{"<p>vi&#97;gra, vi\u00adag\u2063ra</p>", "viagra, viagra"},
		{`<p>one<br>two</p><p>three</p><ul><li>four</li></ul>`, "one\ntwo\nthree\nfour"},
		{`<p><a href="https://vi.example/agra?a=1&amp;b=2" rel="nofollow">here</a></p>`, "here\nhttps://vi.example/agra?a=1&b=2"},
		{`<p><a href="https://a.example/">https://a.example/</a></p>`, "https://a.example/"},
		{`<table><thead><tr><th>a</th><th>b</th></tr></thead></table>`, "a\nb"},
		{``, ""},
		{`<p>an unclosed <b`, "an unclosed"},
	} {
		if got := shown(c.html); got != c.want {
			t.Errorf("%s: %q, want %q", c.html, got, c.want)
		}
	}
}

// What was typed and what is shown are both looked at, by words, rules and the
// classifier.
func TestMarkupHidesNothing(t *testing.T) {
	p, err := Compile(discuss.Policy{
		Banned: []discuss.Word{{Text: "viagra"}}, Suspect: []discuss.Word{{Text: "cheap pills"}},
		Rules: []discuss.Rule{{Name: "casino", Pattern: `(?i)\bcasino\d+\b`, Action: "spam"}, {Name: "start", Pattern: `(?m)^win big`, Action: "hold"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body, html, want string
		spans            int
	}{
		{"buy viagra", "<p>buy viagra</p>", "banned", 1},
		{"vi**ag**ra", "<p>vi<strong>ag</strong>ra</p>", "banned", 0},
		{"vi&#97;gra", "<p>viagra</p>", "banned", 0},
		{"vi&shy;agra", "<p>vi\u00adagra</p>", "banned", 0},
		{"cheap[ ](https://x.example) pills", `<p>cheap<a href="https://x.example"> </a> pills</p>`, "suspect", 0},
		{"cas_i_no88", "<p>cas<em>i</em>no88</p>", "rule", 0},
		{"[go](https://c&#97;sino88.example)", `<p><a href="https://casino88.example">go</a></p>`, "rule", 0},
		{"cas\u2063ino88", "<p>cas\u2063ino88</p>", "rule", 0},
		{"> win big", "<blockquote><p>win big</p></blockquote>", "rule", 0},
		{"*viagra*", "<p><em>viagra</em></p>", "banned", 1}, // met in both, told once
		{"nothing **at** all", "<p>nothing <strong>at</strong> all</p>", "", 0},
	} {
		_, fs := p.Matches(c.body, c.html)
		got, spans := "", 0
		for _, f := range fs {
			got += f.Check
			spans += len(f.Spans)
			if f.Count != 1 {
				t.Errorf("%s: counted %d times", c.body, f.Count)
			}
		}
		if got != c.want || spans != c.spans {
			t.Errorf("%s: %q with %d places, want %q with %d", c.body, got, spans, c.want, c.spans)
		}
	}
	m := NewModel()
	for i := range needSeen {
		m.Train("win money at our casino now", "<p>win <em>mon</em>ey at our casino now</p>", true)
		m.Train(fmt.Sprint("the ferry number ", i, " was late again this morning"), "", false)
	}
	plain, ok := m.score("win money at our casino now", tokens("win money at our casino now"))
	if !ok {
		t.Fatal("the model has not seen enough")
	}
	hidden := textOf("w**in** m&#111;ney at our cas_i_no now", "<p>w<strong>in</strong> money at our cas<em>i</em>no now</p>")
	if got, _ := m.score(hidden.read()); got != plain {
		t.Errorf("%v with markup, %v without", got, plain)
	}
}

// The same words with other markup are a repetition.
func TestLikenessIsOfWhatIsShown(t *testing.T) {
	e := Engine{
		Policy:           func(context.Context, discuss.ID) (discuss.Policy, error) { return discuss.Policy{}, nil },
		TrainingExamples: func(context.Context, discuss.ID, int) ([]discuss.TrainingExample, error) { return nil, nil },
	}
	like := func(body, html string) int64 {
		r, err := e.Read(t.Context(), discuss.Site{ID: 1}, body, html)
		if err != nil {
			t.Fatal(err)
		}
		return r.Fingerprint
	}
	a := like("Come to our grand opening today", "<p>Come to our grand opening today</p>")
	b := like("Come to our gr**and** op&#101;ning today", "<p>Come to our gr<strong>and</strong> opening today</p>")
	if a != b || a == 0 {
		t.Errorf("%d and %d", a, b)
	}
}

// Rules that a text has no steps left for hold it; and a policy whose rules
// are too large together is refused, though one that stands is still read.
func TestRulesHaveABoundTogether(t *testing.T) {
	var p discuss.Policy
	for i := range 30 {
		p.Rules = append(p.Rules, discuss.Rule{Name: fmt.Sprint("heavy ", i), Pattern: `([a-z ]*){200}[QZ]`, Action: "reject"})
	}
	c, err := Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	e := Engine{}
	bad, _ := e.Check(p).(*discuss.Error)
	if bad == nil || !strings.HasPrefix(bad.Fields[0].Name, "rules[") || !strings.HasSuffix(bad.Fields[0].Name, "].pattern") {
		t.Errorf("checked: %v", bad)
	}
	if err := e.Check(discuss.Policy{Rules: p.Rules[:20]}); err != nil {
		t.Errorf("20 of them: %v", err)
	}
	if wish, fs := c.Matches(strings.Repeat("abcd efgh ", 1000), ""); wish != discuss.SuggestHold || len(fs) != 1 || fs[0].Detail != tooLong {
		t.Errorf("a long text: %q %+v", wish, fs)
	}
	if wish, fs := c.Matches("a short one", ""); wish != discuss.SuggestNothing {
		t.Errorf("a short text: %q %+v", wish, fs)
	}
}

// A trial ends when its time does, and says how far it came.
func TestATrialEnds(t *testing.T) {
	rows := make([]discuss.Comment, TrialSize)
	for i := range rows {
		rows[i].Body, rows[i].Status = "abc", discuss.Published
	}
	p := discuss.Policy{Rules: []discuss.Rule{{Name: "abc", Pattern: "abc", Action: "hold"}}}
	got, err := Try(t.Context(), p, rows)
	if err != nil || got.Looked != TrialSize || got.Held != TrialSize || got.Approved != TrialSize {
		t.Errorf("%+v, %v", got.Looked, err)
	}
	over, end := context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer end()
	if got, err := Try(over, p, rows); err != nil || got.Looked != 0 {
		t.Errorf("after its time: %d, %v", got.Looked, err)
	}
}

func FuzzShown(f *testing.F) {
	f.Add("<p>a<br>b <a href='x'>c</a></p>")
	f.Add("<<p &#x41; \xff")
	f.Fuzz(func(t *testing.T, s string) {
		if got := shown(s); strings.ContainsFunc(got, invisible) {
			t.Errorf("%q", got)
		}
	})
}
