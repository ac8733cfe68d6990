package markup

import "testing"

func TestCommentsAsPlainText(t *testing.T) {
	for in, want := range map[string]string{
		"<p><strong>x</strong> <span class=\"spoiler\">secret</span></p>":                        "x ▒▒▒▒",
		"<p>He <span class=\"spoiler\">dies in <em>chapter</em> 3</span>, I hear</p>":            "He ▒▒▒▒, I hear",
		"<p>one<br>\ntwo</p><p>three &amp; four</p>":                                             "one\ntwo\n\nthree & four",
		"<ul><li>a</li><li>b</li></ul>":                                                          "• a\n• b",
		"<p>one</p>\n<p>two</p>\n<pre>a\n\nb</pre>":                                              "one\n\ntwo\n\na\n\nb",
		"<blockquote><p>said</p></blockquote><p>no</p>":                                          "said\n\nno",
		"<p>hi <span class=\"mention\">@ann</span> <a href=\"https://x.example/\">there</a></p>": "hi @ann there",
		"<pre><code>a &lt; b\n</code></pre>":                                                     "a < b",
		"<p>see <img src=\"/media/x.jpg\" alt=\"a &#34;ferry&#34;\" width=\"1\"> there</p>":      "see [a \"ferry\"] there",
		"": "",
	} {
		if got := TextOf(in); got != want {
			t.Errorf("%s becomes %q, want %q", in, got, want)
		}
	}
}
