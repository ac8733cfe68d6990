package discuss

import (
	"strings"
	"testing"
)

func TestOrigins(t *testing.T) {
	for in, want := range map[string]string{
		"https://News.Example": "https://news.example", "https://news.example:443/": "https://news.example", "http://localhost:8080": "http://localhost:8080",
		"https://президент.рф": "https://xn--d1abbgf6aiiy.xn--p1ai", " https://news.example/blog/?a=b#c ": "https://news.example", "https://[2001:DB8::1]": "https://[2001:db8::1]",
		"https://news.example:": "https://news.example",
		"https://*.x.example":   "!asterisk", "*": "!asterisk", "https://x:99999": "!port", "news.example": "!https://", "ftp://x": "!https://", "https://": "!host", "": "!https://",
		"https://me:hunter-two@x.example": "!user name", "null": "!https://",
	} {
		got, err := Origin(in)
		if err != nil {
			got = "!" + err.Error()
		}
		if why, bad := strings.CutPrefix(want, "!"); bad != (err != nil) || !bad && got != want || bad && (!strings.Contains(got, why) || strings.Contains(got, "hunter-two")) {
			t.Errorf("Origin(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTwins(t *testing.T) {
	for in, want := range map[string]string{
		"https://news.example": "https://www.news.example", "https://www.news.example:8443": "https://news.example:8443", "https://blog.news.example": "",
		"http://localhost:8080": "", "http://127.0.0.1": "", "https://[::1]:80": "", "https://intranet": "",
	} {
		if got := Twin(in); got != want {
			t.Errorf("Twin(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestKeysOfSites(t *testing.T) {
	origins := []string{"https://News.Example"}
	for key, ok := range map[string]bool{"news": true, "a-b": true, "9": true, "-x": false, "--help": false, "": false, "News": false, "a b": false} {
		site, err := NewSite(key, "News", origins)
		if (err == nil) != ok || ok && site.Origins[0] != "https://news.example" {
			t.Errorf("%q: %+v, %v, want it to be one: %v", key, site, err, ok)
		}
	}
	if _, err := CheckSite("-x", "News", origins); err != nil { // was made when it could be
		t.Error(err)
	}
}

// What nobody can read is no name of a site, no title and no reason.
func TestNothingToReadIsNothing(t *testing.T) {
	for _, s := range []string{"\u3164\u115F", "\u200B\u200D", "\u2800", "\U000E0061\U000E0062", " "} {
		if _, err := NewSite("news", s, []string{"https://news.example"}); KindOf(err) != Invalid {
			t.Errorf("a site is called %q: %v", s, err)
		}
		if got := FoldTitle(s); got != "" {
			t.Errorf("a page is called %q", got)
		}
		if _, err := prose("reason", s, 1, 10); KindOf(err) != Invalid {
			t.Errorf("%q is a reason: %v", s, err)
		}
	}
}
