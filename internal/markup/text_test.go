package markup

import (
	"context"
	"strings"
	"testing"

	"parley/internal/weburl"
)

func TestAddressesInText(t *testing.T) {
	const rel = ` rel="nofollow ugc noopener noreferrer">`
	r := New(1, 1)
	r.Links = weburl.Href
	for in, want := range map[string][2]string{ // what is linked: href and text
		"see https://ru.wikipedia.org/wiki/Москва now":    {"https://ru.wikipedia.org/wiki/%D0%9C%D0%BE%D1%81%D0%BA%D0%B2%D0%B0", "https://ru.wikipedia.org/wiki/Москва"},
		"https://президент.рф/новости.":                   {"https://xn--d1abbgf6aiiy.xn--p1ai/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8", "https://президент.рф/новости"},
		"http://[2001:db8::1]:8080/a":                     {"http://[2001:db8::1]:8080/a", "http://[2001:db8::1]:8080/a"},
		"http://localhost:8080/x":                         {"http://localhost:8080/x", "http://localhost:8080/x"},
		"HTTPS://EXAMPLE.com/A":                           {"https://example.com/A", "HTTPS://EXAMPLE.com/A"},
		"source:https://example.com/a":                    {"https://example.com/a", "https://example.com/a"},
		`"https://example.com/a"`:                         {"https://example.com/a", "https://example.com/a"},
		"«https://example.com/a»":                         {"https://example.com/a", "https://example.com/a"},
		"（https://example.com/a）":                         {"https://example.com/a", "https://example.com/a"},
		"見https://example.com/a。次":                        {"https://example.com/a", "https://example.com/a"},
		"「https://example.com/a」":                         {"https://example.com/a", "https://example.com/a"},
		"https://example.com/a_":                          {"https://example.com/a_", "https://example.com/a_"},
		"_https://example.com/a_":                         {"https://example.com/a", "https://example.com/a"},
		"https://example.com/?a=1|2":                      {"https://example.com/?a=1|2", "https://example.com/?a=1|2"},
		"||https://example.com/a||":                       {"https://example.com/a", "https://example.com/a"},
		"(https://example.com/a_(b))":                     {"https://example.com/a_(b)", "https://example.com/a_(b)"},
		"https://example.com/a, and":                      {"https://example.com/a", "https://example.com/a"},
		"https://example.com/a؟":                          {"https://example.com/a", "https://example.com/a"},
		"https://example.com/a…":                          {"https://example.com/a", "https://example.com/a"},
		"**https://example.com/a**":                       {"https://example.com/a", "https://example.com/a"},
		"https://example.com/?a=b&c=d":                    {"https://example.com/?a=b&amp;c=d", "https://example.com/?a=b&amp;c=d"},
		"https://example.com/a'b'":                        {"https://example.com/a&#39;b", "https://example.com/a&#39;b"},
		"![https://example.com/a](https://example.com/b)": {"https://example.com/b", "https://example.com/a"},
		"xhttps://example.com":                            {},
		"http://":                                         {},
		"https://.":                                       {},
		"https://me@example.com/":                         {},
		"https://x..y/":                                   {},
	} {
		html, err := r.Render(context.Background(), in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		got := [2]string{}
		if _, rest, ok := strings.Cut(html, `<a href="`); ok {
			href, rest, _ := strings.Cut(rest, `"`)
			_, rest, _ = strings.Cut(rest, ">")
			text, _, _ := strings.Cut(rest, "</a>")
			got = [2]string{href, text}
		}
		if got != want {
			t.Errorf("%s becomes %q, want %q\n%s %s", in, got, want, html, rel)
		}
	}
}

func TestWhatPeopleType(t *testing.T) {
	r := New(1, 1)
	r.Links = weburl.Href
	for in, want := range map[string]string{
		"    code\n    code":                 "<pre><code>code\ncode\n</code></pre>",
		"\n \n    code":                      "<pre><code>code\n</code></pre>",
		"  - a\n  - b":                       "<ul><li>a</li><li>b</li></ul>",
		"　全角":                                "<p>　全角</p>",
		"今は**「重要」**です":                       "<p>今は<strong>「重要」</strong>です</p>",
		"**真，**她":                            "<p><strong>真，</strong>她</p>",
		"これは**「強調」**。":                       "<p>これは<strong>「強調」</strong>。</p>",
		"한국어**(강조)**는":                       "<p>한국어<strong>(강조)</strong>는</p>",
		"2 * 3 * 4":                          "<p>2 * 3 * 4</p>",
		"snake_case_name":                    "<p>snake_case_name</p>",
		"Thanks\n--\nBob":                    "<p>Thanks<br>--<br>Bob</p>",
		"Thanks\n==\nBob":                    "<p>Thanks<br>==<br>Bob</p>",
		`¯\_(ツ)_/¯`:                          `<p>¯\_(ツ)_/¯</p>`,
		`C:\Users\_me`:                       `<p>C:\Users\_me</p>`,
		`one\_of them`:                       "<p>one\\_of them</p>",
		`\_not italic\_`:                     "<p>_not italic_</p>",
		"[1]: https://source.example":        `<p>[1]: <a href="https://source.example/" rel="nofollow ugc noopener noreferrer">https://source.example</a></p>`,
		"See [1].\n\n[1]: https://s.example": `<p>See <a href="https://s.example/" rel="nofollow ugc noopener noreferrer">1</a>.</p>`,
		"[1]: https://a.example\n[2]: https://b.example\n\n[2]": `<p>[1]: <a href="https://a.example/" rel="nofollow ugc noopener noreferrer">https://a.example</a></p><p><a href="https://b.example/" rel="nofollow ugc noopener noreferrer">2</a></p>`,
		"```\n[1]: x\n```": "<pre><code>[1]: x\n</code></pre>",
	} {
		clean, err := Clean(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		html, err := r.Render(context.Background(), clean)
		if got := strings.NewReplacer(">\n<", "><", "<br>\n", "<br>").Replace(strings.TrimSpace(html)); err != nil || got != want {
			t.Errorf("%q becomes %q, %v, want %q", in, got, err, want)
		}
	}
}
