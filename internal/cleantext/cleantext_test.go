package cleantext

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestBlock(t *testing.T) {
	for in, want := range map[string]string{
		"plain words":                            "plain words",
		"two\nlines\tand a tab":                  "two\nlines\tand a tab",
		"\r\n\r\u0085\u2028\u2029":               "\n\n\n\n\n",
		"a\u202Eb\u202Cc":                        "abc",
		"\u2066a\u2069\u202A\u2067":              "a",
		"bell\x07 del\x7F c1\u009B nul\x00":      "bell del c1 nul",
		"שלום\u200Fabc\u200E\u061C":              "שלום\u200Fabc\u200E\u061C",
		"e\u0301":                                "é",
		"e\x01\u0301":                            "é", // NFC after what stood between is gone
		"e" + strings.Repeat("\u0316", 60):       "e" + strings.Repeat("\u0316", MaxMarks),
		"e" + strings.Repeat("\u0316\u200D", 60): "e" + strings.Repeat("\u0316\u200D", MaxMarks) + strings.Repeat("\u200D", 60-MaxMarks),
		"नमस्ते क्\u200dष":                       "नमस्ते क्\u200dष",
		"👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿":                          "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
		"\xff\xfe":                               "\uFFFD",
		"\uFFFE\U0001FFFF\uFDD0\uFFF9\u206E":     "",
	} {
		if got := Block(in); got != want {
			t.Errorf("%+q becomes %+q, want %+q", in, got, want)
		}
	}
	if got := Line(" a\u202E \n b\t\u2028c "); got != "a b c" {
		t.Errorf("a line becomes %+q", got)
	}
	var r Run
	if got := r.Clean("e"+strings.Repeat("\u0316", 6)) + r.Clean(strings.Repeat("\u0316", 6)); strings.Count(got, "\u0316") != MaxMarks {
		t.Errorf("a tower in two pieces keeps %d marks", strings.Count(got, "\u0316"))
	}
}

func FuzzBlock(f *testing.F) {
	for _, s := range []string{"a\u202E", "e\u0301\u200D\u0316", "\xff\u0085\r\n", "한\u1100\u1161\u11A8", "\u0958\u0307\u0323", "\u0BC6\u0BBE"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := Block(s)
		if !utf8.ValidString(out) || !norm.NFC.IsNormalString(out) {
			t.Fatalf("%+q is not NFC", out)
		}
		marks := 0
		for _, r := range out {
			if Forbidden(r) && r != '\n' && r != '\t' {
				t.Fatalf("%+q holds %U", out, r)
			}
			switch {
			case unicode.In(r, unicode.Mn, unicode.Me):
				marks++
			case !unicode.Is(unicode.Cf, r):
				marks = 0
			}
			if marks > MaxMarks {
				t.Fatalf("%+q is a tower", out)
			}
		}
		if again := Block(out); again != out {
			t.Fatalf("%+q becomes %+q, then %+q", s, out, again)
		}
		if line := Line(s); Line(line) != line || strings.ContainsAny(line, "\n\t") {
			t.Fatalf("a line of %+q", line)
		}
	})
}

// Letters that nobody sees go, but for those that a flag is written with.
func TestTagsStandInFlagsAlone(t *testing.T) {
	scotland := "\U0001F3F4\U000E0067\U000E0062\U000E0073\U000E0063\U000E0074\U000E007F"
	for in, want := range map[string]string{
		"plain\U000E0068\U000E0069 text": "plain text", "Go " + scotland + "!": "Go " + scotland + "!", "\U000E0061": "", "\U0001F3F4 \U000E0061": "\U0001F3F4 ",
	} {
		if got := Block(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}
