package markup

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// dots are what is read as the dots of an address.
var dots = strings.NewReplacer("。", ".", "．", ".", "｡", ".", "․", ".")

// leadsTo is what a link has to say of where it leads, behind its text: nothing,
// unless the text is itself an address, and of somewhere else. Then it is the
// host, or the mail address, that the link has in truth.
func leadsTo(href, text string) string {
	u, err := url.Parse(href)
	if err != nil {
		return ""
	}
	target, shown := u.Hostname(), u.Host
	if u.Scheme == "mailto" {
		shown, _ = url.PathUnescape(u.Opaque)
		_, target, _ = strings.Cut(shown, "@")
	}
	truth := " (" + shown + ")"
	if text == href || strings.HasSuffix(text, truth) {
		return ""
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) { // nobody sees those
			return -1
		}
		return r
	}, dots.Replace(norm.NFKC.String(text)))
	for _, word := range strings.Fields(plain) {
		if said := hostIn(word); said != "" && sameHost(said) != sameHost(target) {
			return truth
		}
	}
	return ""
}

// hostIn is the host of an address that somebody reads in a word; "" where there
// is none: a host has dots, and ends with letters, unless a scheme stands before it.
func hostIn(word string) string {
	_, rest, schemed := strings.Cut(word, "://")
	if !schemed {
		rest = word
	}
	host, _, _ := strings.Cut(strings.ReplaceAll(rest, `\`, "/"), "/")
	if i := strings.IndexAny(host, "?#"); i >= 0 {
		host = host[:i]
	}
	user, after, atted := strings.Cut(host, "@")
	if atted { // of https://bank.example@evil.example the first is read
		if schemed || named(user) {
			return user
		}
		host = after
	}
	if inner, ok := strings.CutPrefix(host, "["); ok && schemed {
		host, _, _ = strings.Cut(inner, "]")
		return host
	}
	host = strings.TrimFunc(host, func(r rune) bool { return r != '-' && !unicode.In(r, unicode.L, unicode.N, unicode.M) })
	if name, port, ok := strings.Cut(host, ":"); ok && strings.Trim(port, "0123456789") == "" {
		host = name
	}
	if schemed || named(host) {
		return host
	}
	return ""
}

// files are ends of names that no domain has: Node.js and report.pdf are no hosts.
var files = func() map[string]bool {
	set := map[string]bool{}
	for _, end := range strings.Fields("js ts jsx tsx txt html htm php css json pdf go cpp java xml yml yaml toml csv jpg jpeg png gif webp doc docx xls xlsx exe") {
		set[end] = true
	}
	return set
}()

// named reports whether a text is a host name: two labels or more, of letters,
// digits and hyphens, the last of letters alone, and no file's.
func named(host string) bool {
	labels := strings.Split(host, ".")
	for i, l := range labels {
		last := i == len(labels)-1
		if l == "" || last && len([]rune(l)) < 2 {
			return false
		}
		puny := strings.HasPrefix(strings.ToLower(l), "xn--")
		for _, r := range l {
			if !unicode.In(r, unicode.L, unicode.M) && (last && !puny || r != '-' && !unicode.Is(unicode.N, r)) {
				return false
			}
		}
	}
	return len(labels) > 1 && !files[strings.ToLower(labels[len(labels)-1])]
}

// sameHost is a host in the spelling by which two are compared.
func sameHost(host string) string {
	if ascii, err := idna.Lookup.ToASCII(host); err == nil {
		host = ascii
	}
	return strings.TrimPrefix(strings.TrimSuffix(strings.ToLower(host), "."), "www.")
}
