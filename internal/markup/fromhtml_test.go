package markup

import (
	"strings"
	"testing"
)

// A line break of the file's own behind a <br> is none of the text's; one without it is.
func TestABreakIsOneBreak(t *testing.T) {
	for in, want := range map[string]string{
		"<p>a<br>\nb</p>\n<p>c</p>":    "<p>a<br>b</p><p>c</p>",
		"<p>a<br />\r\n b</p>":         "<p>a<br>b</p>",
		"<p>a<br>\n\nb</p>":            "<p>a<br><br>b</p>",
		"<pre><code>a\nb</code></pre>": "<pre><code>a\nb</code></pre>",
	} {
		if got := strings.ReplaceAll(FromHTML(in, nil), "<br> ", "<br>"); got != want {
			t.Errorf("%q becomes %q, want %q", in, got, want)
		}
	}
}
