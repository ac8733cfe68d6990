package markup

import (
	"context"
	"strings"
	"testing"
)

// A link whose text is an address of somewhere else says where it leads.
func TestALinkDoesNotLookLikeAnother(t *testing.T) {
	r := New(1, 1)
	for src, want := range map[string]string{
		"[https://bank.example](https://evil.example/x)":              "https://bank.example (evil.example)",
		"[bank.example](https://evil.example)":                        "bank.example (evil.example)",
		"[Log in at bank.example/login now](https://evil.example)":    "Log in at bank.example/login now (evil.example)",
		"[**https://bank**.example](https://evil.example)":            "https://bank.example (evil.example)",
		"[ｂａｎｋ。example](https://evil.example)":                        "ｂａｎｋ。example (evil.example)",
		"[https://bank.example@evil.example](https://evil.example)":   "https://bank.example@evil.example (evil.example)",
		"[https://10.0.0.1/](https://evil.example:8443/)":             "https://10.0.0.1/ (evil.example:8443)",
		"[help@bank.example](mailto:thief@evil.example)":              "help@bank.example (thief@evil.example)",
		"[bank.example](https://bank.example.evil.example)":           "bank.example (bank.example.evil.example)",
		"[https://bank.example (evil.example)](https://evil.example)": "https://bank.example (evil.example)",
		"![https://bank.example](https://evil.example)":               "https://bank.example (evil.example)",

		"[https://www.news.example/a](https://news.example/a)": "https://www.news.example/a",
		"[News.example](http://news.example/b?c)":              "News.example",
		"[(münchen.example)](https://xn--mnchen-3ya.example)":  "(münchen.example)",
		"[mail ann@news.example](mailto:ann@news.example)":     "mail ann@news.example",
		"[Node.js, as a report.PDF](https://nodejs.example)":   "Node.js, as a report.PDF",
		"[version 2.0 of it, e.g. this](https://x.example)":    "version 2.0 of it, e.g. this",
		"https://news.example/?u=https://bank.example":         "https://news.example/?u=https://bank.example",
		"<https://news.example>":                               "https://news.example",
		"http://[2001:db8::1]:8080/a":                          "http://[2001:db8::1]:8080/a",
	} {
		got, err := r.Render(context.Background(), src)
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		if Plain(got, 1000) != want || !strings.Contains(got, "<a href=") || strings.Contains(got, "</a> (") {
			t.Errorf("%s becomes %s", src, got)
		}
		if again := FromHTML(got, nil); again != got {
			t.Errorf("%s once more: %s", got, again)
		}
	}
}
