package markup

import (
	"context"
	"fmt"
	"html"
	"strings"
	"testing"
	"unicode"

	"parley/internal/cleantext"
)

// dirty is what must come out of no text, written in every way that is
// resolved somewhere: as it is, as decimal and hexadecimal entities, by name.
func dirty() []string {
	var out []string
	for _, r := range []rune{0x202E, 0x202A, 0x2066, 0x0E, 0x9B, 0x7F, 0x85, 0x01, 0x206A, 0xFFF9, 0xFFFE} {
		out = append(out, "a"+string(r)+"b", fmt.Sprintf("a&#%d;b", r), fmt.Sprintf("a&#x%x;b", r), fmt.Sprintf("a&#X%X;b", r), fmt.Sprintf("a&#%07d;b", r))
	}
	return append(out, "e"+strings.Repeat("&#x300;", 60), "e"+strings.Repeat("\u0300", 60), "e"+strings.Repeat("&#x316;&zwj;", 60))
}

// check fails for anything that cleantext would have changed, once entities are resolved.
func check(t *testing.T, what, out string) {
	t.Helper()
	text := html.UnescapeString(out)
	if strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && cleantext.Forbidden(r) }) {
		t.Errorf("%s: %+q", what, text)
	}
	marks := 0
	for _, r := range text {
		if unicode.In(r, unicode.Mn, unicode.Me) {
			marks++
		}
	}
	if marks > 3*cleantext.MaxMarks {
		t.Errorf("%s: %d marks in %+q", what, marks, text)
	}
}

func TestEntitiesComeOutClean(t *testing.T) {
	r := New(1, 1)
	for _, d := range dirty() {
		for _, frame := range []string{
			"%s", "**%s**", "> %s", "- %s", "# x %s", "|a|\n|-|\n|%s|", "[%s](https://x.example)", "[x](https://x.example/%s)", `[x](https://x.example "%s")`,
			"![%s](https://x.example/i.png)", "https://x.example/%s", "||%s||", "~~%s~~", "@a%s", "[%s]: https://x.example\n\n[%s]", "```%s\ncode\n```",
		} {
			src := strings.ReplaceAll(frame, "%s", d)
			body, err := Clean(src)
			if err != nil {
				t.Errorf("%+q: %v", src, err)
				continue
			}
			out, err := r.Render(context.Background(), body)
			if err != nil {
				t.Errorf("%+q: %v", src, err)
				continue
			}
			check(t, fmt.Sprintf("%+q", src), out)
		}
		for _, frame := range []string{"%s", "<p>%s</p>", "<b>%s</b><i>%s</i>", `<a href="https://x.example/%s">%s</a>`, `<img src="https://x.example/i" alt="%s">`, "<pre>%s</pre>"} {
			check(t, "HTML "+frame, FromHTML(strings.ReplaceAll(frame, "%s", d), nil))
		}
		check(t, "plain", Plain("<p>"+FromHTML(d, nil)+"</p>", 100))
	}
	// What it shows is what it is: an entity in code is four letters.
	out, err := r.Render(context.Background(), "`a&#8238;b` and שלום\u200F!")
	if err != nil || out != "<p><code>a&amp;#8238;b</code> and שלום\u200F!</p>" {
		t.Errorf("%+q, %v", out, err)
	}
	// Only what leaves no ink is refused as empty.
	if _, err := r.Render(context.Background(), "&#8238;&#14;"); err == nil {
		t.Error("a text of controls alone is taken")
	}
	if _, err := CleanName("e" + strings.Repeat("\u0316\u200D", 10)); err == nil {
		t.Error("a tower built with joiners is a name")
	}
}

func FuzzRenderIsClean(f *testing.F) {
	for _, d := range dirty() {
		f.Add(d)
	}
	r := New(1, 1)
	f.Fuzz(func(t *testing.T, src string) {
		body, err := Clean(src)
		if err != nil {
			return
		}
		out, err := r.Render(context.Background(), body)
		if err != nil {
			return
		}
		text := html.UnescapeString(out)
		for _, c := range text {
			if c != '\n' && c != '\t' && cleantext.Forbidden(c) {
				t.Fatalf("%+q gives %+q", src, out)
			}
		}
	})
}
