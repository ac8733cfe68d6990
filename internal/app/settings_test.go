package app

import (
	"fmt"
	"strings"
	"testing"
)

// An address under which nobody could sign in is refused before anything starts.
func TestPublicAddresses(t *testing.T) {
	for text, want := range map[string]string{ // what comes out, or what the error says
		"https://comments.news.example":      "https://comments.news.example",
		"https://Comments.News.Example:443/": "https://comments.news.example",
		"https://комментарии.рф":             "https://xn--80ajkagmajfzu.xn--p1ai",
		"http://localhost:8080":              "http://localhost:8080",
		"http://127.0.0.1:8080/":             "http://127.0.0.1:8080",
		"http://[::1]:8080":                  "http://[::1]:8080",
		"http://comments.news.test":          "must be https",
		"http://10.0.0.7:8080":               "must be https",
		"news.test":                          "must begin with https://",
		"https://x.example/path":             "must not have a path",
		"ftp://x.example":                    "must begin with https://",
		"https://x.example?y":                "must not hold a query",
		"https://x.example#y":                "must not hold a fragment",
		"https://me:hunter-two@x.example":    "must not hold a user name",
		"https://x.example:99999":            "port",
		"https://":                           "host",
		"https://*.x.example":                "host",
		"https://comments news.example":      "is not an address",
	} {
		s := Settings{PublicURL: text}
		err := s.CheckPublicURL()
		switch {
		case err == nil && s.BaseURL() != want:
			t.Errorf("%s becomes %s, want %s", text, s.BaseURL(), want)
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%s: %v, want %s", text, err, want)
		case err != nil && (strings.Contains(err.Error(), "hunter-two") || strings.Contains(err.Error(), "\n")):
			t.Errorf("%s: %q", text, err)
		}
	}
	for listen, want := range map[string]string{"127.0.0.1:8080": "http://127.0.0.1:8080", ":8080": "http://localhost:8080", "0.0.0.0:8080": "http://localhost:8080", "[::]:8080": "http://localhost:8080", "10.0.0.7:8080": ""} {
		s := Settings{Listen: listen}
		if err := s.CheckPublicURL(); (err == nil) != (want != "") || err == nil && s.BaseURL() != want {
			t.Errorf("listening on %s: %s, %v, want %q", listen, s.BaseURL(), err, want)
		}
	}
}

// Proxies are named as people name them; what trusts everybody is refused.
func TestProxies(t *testing.T) {
	for text, want := range map[string]string{
		"127.0.0.1": "[127.0.0.1/32]", "::1": "[::1/128]", "10.1.2.3/8": "[10.0.0.0/8]", " Loopback ": "[127.0.0.0/8 ::1/128]",
		"private": "[10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7]", "0.0.0.0/0": "every address", "::/0": "every address",
		"proxy.example": "is no address", "10.0.0.0/33": "is no address", "": "is no address", "fe80::1%eth0": "is no address",
	} {
		s := Settings{TrustedProxies: []string{text}}
		got, err := s.Proxies()
		if err == nil && fmt.Sprint(got) != want || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, %v, want %s", text, got, err, want)
		}
	}
}
