package discuss

import (
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// FoldTitle folds white space, drops controls and cuts at MaxTitleRunes; a
// title is never an error.
func FoldTitle(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	n := 0
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }) {
		for i, r := range word {
			if n >= MaxTitleRunes {
				return strings.TrimRight(b.String(), " ")
			}
			if i == 0 && n > 0 {
				b.WriteByte(' ')
				if n++; n >= MaxTitleRunes {
					break
				}
			}
			b.WriteRune(r)
			n++
		}
	}
	return b.String()
}

// cleanURL keeps an address that a browser may be sent to and drops any other.
func cleanURL(s string) string {
	if len(s) > MaxKeyBytes || hasControl(s) {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	return u.String()
}

// pageURL keeps the address of a page that is the site's own, without its
// fragment: whoever writes first must not decide where everybody is led.
func pageURL(site Site, s string) string {
	s = cleanURL(s)
	u, err := url.Parse(s)
	if s == "" || err != nil {
		return ""
	}
	if o, err := Origin(u.Scheme + "://" + u.Host); err != nil || !slices.Contains(site.Origins, o) {
		return ""
	}
	u.Fragment, u.RawFragment = "", ""
	return u.String()
}

func hasControl(s string) bool { return strings.ContainsFunc(s, unicode.IsControl) }
