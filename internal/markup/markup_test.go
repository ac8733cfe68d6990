package markup

import (
	"context"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"parley/internal/cleantext"
)

func render(t testing.TB, src string) string {
	t.Helper()
	out, err := New(2, 8).Render(context.Background(), src)
	if err != nil {
		t.Fatalf("%q: %v", src, err)
	}
	return out
}

const rel = ` rel="nofollow ugc noopener noreferrer"`

func TestSyntax(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain", "<p>plain</p>"},
		{"two\nlines", "<p>two<br>\nlines</p>"},
		{"**b** _i_ ~~s~~ `c`", "<p><strong>b</strong> <em>i</em> <del>s</del> <code>c</code></p>"},
		{"# A\n\n## B\n\n### C", "<h3>A</h3>\n<h4>B</h4>\n<h3>C</h3>"},
		{"> q", "<blockquote>\n<p>q</p>\n</blockquote>"},
		{"3. x\n4. y", "<ol start=\"3\">\n<li>x</li>\n<li>y</li>\n</ol>"},
		{"```go\na < b\n```", "<pre><code class=\"language-go\">a &lt; b\n</code></pre>"},
		{"see https://a.example/x?y=1&z=2.", `<p>see <a href="https://a.example/x?y=1&amp;z=2"` + rel + `>https://a.example/x?y=1&amp;z=2</a>.</p>`},
		{"[t](https://a.example 'title')", `<p><a href="https://a.example"` + rel + `>t</a></p>`},
		{"[t](javascript:alert(1))", "<p>t</p>"},
		{"[t](/relative)", "<p>t</p>"},
		{"![alt](https://a.example/i.png)", `<p><a href="https://a.example/i.png"` + rel + `>alt</a></p>`},
		{"![](https://a.example/i.png)", `<p><a href="https://a.example/i.png"` + rel + `>https://a.example/i.png</a></p>`},
		{"[![alt](https://a.example/i.png)](https://b.example)", `<p><a href="https://b.example"` + rel + `>alt</a></p>`},
		{"![alt](javascript:x)", "<p>alt</p>"},
		{"a <b>bold</b> <script>x</script>", "<p>a &lt;b&gt;bold&lt;/b&gt; &lt;script&gt;x&lt;/script&gt;</p>"},
		{"<div>\nx\n</div>", "<p>&lt;div&gt;<br>\nx<br>\n&lt;/div&gt;</p>"},
		{"the end: ||he *dies*||!", `<p>the end: <span class="spoiler">he <em>dies</em></span>!</p>`},
		{"a || b", "<p>a || b</p>"},
		{"a ||| b |||", "<p>a ||| b |||</p>"},
		{"`||x||`", "<p><code>||x||</code></p>"},
		{"hi @Ann_Lee, and @Борис.", `<p>hi <span class="mention">@Ann_Lee</span>, and <span class="mention">@Борис</span>.</p>`},
		{"me@example is no mention, `@ann` neither, @a too", "<p>me@example is no mention, <code>@ann</code> neither, @a too</p>"},
		{":smile: :+1: 10:30:45 :nope:", "<p>😄 👍 10:30:45 :nope:</p>"},
		{"|a|b|\n|-|-|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>"},
		{"5 < 6 & \"x\"", "<p>5 &lt; 6 &amp; &#34;x&#34;</p>"},
	} {
		if got := render(t, c.in); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	r := New(1, 0)
	for _, c := range []struct {
		in   string
		want error
	}{
		{strings.Repeat("a", MaxBytes+1), ErrTooLong}, {"", ErrEmpty}, {"&nbsp;", ErrEmpty}, {"****", nil},
	} {
		if _, err := r.Render(context.Background(), c.in); err != c.want {
			t.Errorf("%.20q: %v, want %v", c.in, err, c.want)
		}
	}
	r.queue <- struct{}{} // somebody is being served
	if _, err := r.Render(context.Background(), "*x*"); err != ErrBusy {
		t.Errorf("a full queue gave %v", err)
	}
}

func TestDepthIsBounded(t *testing.T) {
	for _, src := range []string{strings.Repeat("> ", 4000) + "deep", strings.Repeat("- ", 3000) + "deep", strings.Repeat("*a **b ", 1000)} {
		depth, most := 0, 0
		for _, tok := range strings.Split(render(t, src), "<")[1:] {
			switch {
			case strings.HasPrefix(tok, "br"), strings.HasPrefix(tok, "hr"):
			case strings.HasPrefix(tok, "/"):
				depth--
			default:
				depth++
			}
			most = max(most, depth)
		}
		if depth != 0 || most > MaxDepth {
			t.Errorf("%.10q: ends %d deep, was %d deep", src, depth, most)
		}
	}
}

func TestFromHTML(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"<p>Hello <b>you</b> &amp; <i>me</i></p>", "<p>Hello <strong>you</strong> &amp; <em>me</em></p>"},
		{"one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"},
		{"<div>a</div><div>b<br>c</div>", "<p>a</p><p>b<br>c</p>"},
		{`<a href="https://a.example" onclick="x" target=_blank>t</a>`, `<p><a href="https://a.example"` + rel + `>t</a></p>`},
		{`<a href="javascript:x">t</a>`, "<p>t</p>"},
		{`<a href="http://disq.us/url?url=http%3A%2F%2Fnews.example%2Fa%3Fb%3D1%3AaBcD_efGhIjKlMnOpQrStUvWxYz&amp;cuid=1">http://news.example/a...</a>`, `<p><a href="http://news.example/a?b=1"` + rel + `>http://news.example/a...</a></p>`},
		{`<a href="http://disq.us/url?url=http%3A%2F%2Fnews.example%3A8080">t</a>`, `<p><a href="http://news.example:8080"` + rel + `>t</a></p>`},
		{`<a href="http://disq.us/url?url=javascript%3Ax">t</a>`, "<p>t</p>"},
		{`<a href="http://disq.us/p/abc">t</a>`, `<p><a href="http://disq.us/p/abc"` + rel + `>t</a></p>`},
		{`<img src="https://a.example/x.png" alt="pic" onerror=x>`, `<p><a href="https://a.example/x.png"` + rel + `>pic</a></p>`},
		{"<script>alert(1)</script>x<style>p{}</style>", "<p>x</p>"},
		{"<p>open <b>never closed", "<p>open <strong>never closed</strong></p>"},
		{"</p></b>stray", "<p>stray</p>"},
		{"<iframe src=x>y</iframe>", ""},
		{"   \n ", ""},
		{"<p>&nbsp;</p>", ""},
		{"a\x00b\xff", "<p>ab\uFFFD</p>"},
		{"<u>under</u> <span style='x' class='spoiler'>s</span>", `<p>under <span class="spoiler">s</span></p>`},
		{"<p>a</p>\n<p>b</p>", "<p>a</p><p>b</p>"},
		{"<blockquote>q</blockquote>tail", "<blockquote>q</blockquote><p>tail</p>"},
	} {
		if got := FromHTML(c.in, nil); got != c.want {
			t.Errorf("%q\n got %q\nwant %q", c.in, got, c.want)
		}
	}
}

func TestPlain(t *testing.T) {
	if got := Plain("<p>a &lt;b&gt;<br>\nc</p><ul><li>d</li></ul>", 100); got != "a <b> c d" {
		t.Error(got)
	}
	if got := Plain("<p>аб вг</p>", 3); got != "аб…" {
		t.Error(got)
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct {
		in, want string
		err      error
	}{
		{"\n a\r\nb\tc\x07 \n", " a\nb\tc", nil},
		{"e\u0301", "é", nil},
		{"a\u202eb\u2066c\u200e", "abc\u200e", nil},
		{"a\u2028b", "a\nb", nil},
		{"z" + strings.Repeat("\u0335", 2000), "z" + strings.Repeat("\u0335", cleantext.MaxMarks), nil},
		{"a\x00", "", ErrNUL},
		{"a\xff", "", ErrUTF8},
		{"\u3164\u200b\u00a0", "", ErrEmpty},
		{strings.Repeat("ab", 6000), "", ErrTooLong},
	} {
		if got, err := Clean(c.in); got != c.want || err != c.err {
			t.Errorf("%.20q: %q %v", c.in, got, err)
		}
	}
}

func TestNames(t *testing.T) {
	for _, good := range []string{"Ann", "Анна-Мария", "O'Neil", "李小", "نور", "ﬀ", "Bob (staff)", "  Ann   Lee "} {
		if got, err := CleanName(good); err != nil || got != norm.NFKC.String(got) || strings.Contains(got, "  ") {
			t.Errorf("%q: %q %v", good, got, err)
		}
	}
	for _, bad := range []string{"", "a", "\u3164\u3164", "Bob\x00Evil", "Bob\r\nX", "a\u202eb", "\u200b\u200b", "a" + strings.Repeat("\u0335", 9), strings.Repeat("a", 41), "a\xff", "\u00ad"} {
		if got, err := CleanName(bad); err == nil {
			t.Errorf("%q passed as %q", bad, got)
		}
	}
	for _, same := range [][2]string{{"Admin", "Аdmin"}, {"Admin", "𝐀𝐝𝐦𝐢𝐧"}, {"admin", "ａｄｍｉｎ"}, {"Oona", "0ona"}, {"modern", "modem"}, {"Paul", "PauI"}, {"Zoë", "Zoe"}, {"Ann Lee", "Ann-Lee"}} {
		if Skeleton(same[0]) != Skeleton(same[1]) {
			t.Errorf("%q and %q are told apart: %q %q", same[0], same[1], Skeleton(same[0]), Skeleton(same[1]))
		}
	}
	if Skeleton("Anna") == Skeleton("Hanna") {
		t.Error("different names fold together")
	}
}

func BenchmarkRender(b *testing.B) {
	r := New(2, 8)
	src := "I finish at *St Anne's* at 01:40. Today that means a fifty-minute night bus, see https://a.example/timetable.\n\n> a quote of @Ann\n\n- one\n- two"
	for b.Loop() {
		if _, err := r.Render(context.Background(), src); err != nil {
			b.Fatal(err)
		}
	}
}
