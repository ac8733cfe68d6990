package weburl

import (
	"errors"
	"strings"
	"testing"
)

func TestAddressesHaveOneSpelling(t *testing.T) {
	for in, want := range map[string]string{
		"https://Comments.Example.COM":          "https://comments.example.com",
		"HTTPS://example.com:443/a?b=c#d":       "https://example.com/a?b=c#d",
		"http://example.com:80/":                "http://example.com/",
		"http://example.com:8080":               "http://example.com:8080",
		"https://example.com:":                  "https://example.com",
		"https://президент.рф":                  "https://xn--d1abbgf6aiiy.xn--p1ai",
		"https://ПРЕЗИДЕНТ.рф:8443/a":           "https://xn--d1abbgf6aiiy.xn--p1ai:8443/a",
		"https://bücher.example":                "https://xn--bcher-kva.example",
		"https://faß.example":                   "https://xn--fa-hia.example",
		"https://example。com":                   "https://example.com",
		"https://[2001:DB8:0::1]:8443/":         "https://[2001:db8::1]:8443/",
		"http://127.0.0.1:8080":                 "http://127.0.0.1:8080",
		" https://example.com ":                 "https://example.com",
		"https://ex%61mple.com":                 "https://example.com",
		`https://example.com\a`:                 "https://example.com/a",
		"https://a_b.example.com":               "https://a_b.example.com",
		"https://example.com/%D0%9C?q=%D0%9C#x": "https://example.com/%D0%9C?q=%D0%9C#x",
	} {
		u, err := Parse(in)
		if err != nil || u.String() != want {
			t.Errorf("Parse(%q) = %v, %v, want %s", in, u, err, want)
		}
	}
}

func TestWhatIsNoAddressSaysWhy(t *testing.T) {
	for in, want := range map[string]error{
		"":                          ErrScheme,
		"news.test":                 ErrScheme,
		"ftp://x":                   ErrScheme,
		"javascript:alert(1)":       ErrScheme,
		"https:evil.example":        ErrScheme,
		"//news.test":               ErrScheme,
		"https://":                  ErrHost,
		"https:///path":             ErrHost,
		"https://*.x.example":       ErrHost,
		"https://x..y":              ErrHost,
		"https://.x":                ErrHost,
		"https://1.2.3":             ErrHost,
		"https://1.2.3.256":         ErrHost,
		"https://[::1":              ErrHost,
		"https://[fe80::1%25eth0]":  ErrHost,
		"https://ex%2fample.com":    ErrHost,
		"https://x:99999":           ErrPort,
		"https://x:0":               ErrPort,
		"https://x:80a":             ErrPort,
		"https://x:-1":              ErrPort,
		"https://me:hunter-two@x":   ErrUser,
		"https://a b.example":       ErrSpelling,
		"https://example.com/\x00":  ErrSpelling,
		"https://example.com/%zz#%": ErrSpelling,
	} {
		if u, err := Parse(in); !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %v, %v, want %v", in, u, err, want)
		}
	}
}

// A link is read as a browser reads it, so that it means here what it means there.
func TestLinksOfStrangers(t *testing.T) {
	for in, want := range map[string]string{
		"https://example.com/a?b#c": "https://example.com/a?b#c", "https:evil.example": "https://evil.example/", "https:/evil.example/x": "https://evil.example/x",
		"https:///evil.example": "https://evil.example/", `https:\\evil.example`: "https://evil.example/", "HTTP://EVIL.example": "http://evil.example/",
		"https://президент.рф/а": "https://xn--d1abbgf6aiiy.xn--p1ai/%D0%B0", "mailto:a@b.example": "mailto:a@b.example", "MAILTO:a@b.example": "mailto:a@b.example",
		"javascript:alert(1)": "", "//evil.example": "", "/path": "", "evil.example": "", "data:text/html,x": "", "https://u@comments.test/": "", "https://:p@x.example": "",
		"http://0x7f000001/": "", "http://127.0.0.0x1/": "", "http://0x/": "", "https://0xcafe.example/": "https://0xcafe.example/",
		"https://": "", "https:": "", "vbscript:x": "", "java\nscript:x": "",
	} {
		got, ok := Href(in)
		if got != want || ok != (want != "") {
			t.Errorf("Href(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
}

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"https://xn--d1abbgf6aiiy.xn--p1ai": "https://президент.рф", "https://xn--d1abbgf6aiiy.xn--p1ai:8443": "https://президент.рф:8443",
		"https://news.example": "https://news.example", "http://[::1]:8080": "http://[::1]:8080", "https://xn--zzzz": "https://xn--zzzz", "": "",
	} {
		if got := Shown(in); got != want {
			t.Errorf("Shown(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestABaseIsAHostAlone(t *testing.T) {
	for in, want := range map[string]error{
		"https://x.example": nil, "https://x.example/": nil,
		"https://x.example/path": ErrPath, "https://x.example//": ErrPath, "https://x.example?y": ErrQuery, "https://x.example/?": ErrQuery,
		"https://x.example/#a": ErrFragment, "https://x.example#": ErrFragment,
	} {
		u, err := Base(in)
		if !errors.Is(err, want) || err == nil && u.String() != "https://x.example" {
			t.Errorf("Base(%q) = %v, %v, want %v", in, u, err, want)
		}
	}
}

func TestLoopback(t *testing.T) {
	for in, want := range map[string]bool{
		"localhost": true, "localhost:8080": true, "LOCALHOST": true, "news.localhost:1": true, "127.0.0.1": true, "127.8.9.1:80": true, "[::1]": true, "[::1]:80": true,
		"::1": true, "[::ffff:127.0.0.1]:80": true, "news.test": false, "localhost.evil.example": false, "0.0.0.0:8080": false, "10.0.0.1": false, "": false, ":8080": false,
	} {
		if got := Loopback(in); got != want {
			t.Errorf("Loopback(%q) = %v, want %v", in, got, want)
		}
	}
}

// Whatever is typed, Parse comes to an end, and what it gives it takes back.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"https://example.com", "http://[::1]:80/a?b#c", "https://президент.рф", "https://x:1@y", `https:\\x`, "https://%00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		u, err := Parse(s)
		if err != nil {
			return
		}
		again, err := Parse(u.String())
		if err != nil || again.String() != u.String() {
			t.Errorf("Parse(%q) gives %q, which gives %v, %v", s, u, again, err)
		}
		if strings.ToLower(u.Host) != u.Host {
			t.Errorf("Parse(%q) has the host %q", s, u.Host)
		}
	})
}
