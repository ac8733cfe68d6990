package transfer

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"
)

// wxrOf is an export of one comment with such a text.
func wxrOf(encoding, text string) string {
	return `<?xml version="1.0" encoding="` + encoding + `"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>P</title><link>https://blog.example.com/p</link><wp:post_id>1</wp:post_id><wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Ann</wp:comment_author><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_content>` + text + `</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment></item></channel></rss>`
}

// Characters that no XML may hold stand in real exports: they are left out and
// counted, also as references; other references and texts stay as they are.
func TestWhatNoXMLMayHoldIsLeftOut(t *testing.T) {
	for in, want := range map[string]string{
		"<![CDATA[a\x08b\x0bc]]>":                "abc 2",
		"a&#8;b&#x1F;c&#x0;":                     "abc 3",
		"a&#38;b&#x41;&amp;#8;":                  "a&amp;bA 0",
		"a&#9;b &# &#; &#x; &#99999999999999; c": "",
		strings.Repeat("x", 70_000) + "\x01":     strings.Repeat("x", 70_000) + " 1",
	} {
		a, err := readAs(WordPress, wxrOf("UTF-8", in))
		if err != nil || len(a.Comments) != 1 {
			if want != "" {
				t.Errorf("%.40q: %v", in, err)
			}
			continue
		}
		left := 0
		for _, s := range a.Skipped {
			_, _ = fmt.Sscanf(s.Why, "characters that no XML may hold were left out: %d", &left)
		}
		if got := fmt.Sprint(strings.TrimSuffix(strings.TrimPrefix(a.Comments[0].HTML, "<p>"), "</p>"), " ", left); want != "" && got != want {
			t.Errorf("%.40q becomes %.60q, want %.60q", in, got, want)
		}
	}
}

// A file says which encoding it is in, or its first bytes do.
func TestEncodingsAreRead(t *testing.T) {
	wide := func(s string) string {
		var b strings.Builder
		b.WriteString("\xff\xfe")
		for _, u := range utf16.Encode([]rune(s)) {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
		return b.String()
	}
	for name, in := range map[string]string{
		"latin": wxrOf("ISO-8859-1", "caf\xe9"), "cyrillic": wxrOf("windows-1251", "caf\xe9"), "wide": wide(wxrOf("UTF-16", "café")),
	} {
		want := "<p>café</p>"
		if name == "cyrillic" {
			want = "<p>cafй</p>"
		}
		if Detect([]byte(in)) != "wordpress" {
			t.Errorf("%s: it is not known by its beginning", name)
		}
		if a, err := readAs(WordPress, in); err != nil || len(a.Comments) != 1 || a.Comments[0].HTML != want {
			t.Errorf("%s: %v %v", name, a, err)
		}
	}
	if _, err := readAs(WordPress, wxrOf("klingon", "x")); err == nil {
		t.Error("an encoding that nobody knows is read")
	}
}
