package discuss

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// FoldTitle makes one clean line of at most MaxTitleRunes; a title is never an
// error.
func FoldTitle(s string) string {
	s = cleantext.Line(s)
	if !strings.ContainsFunc(s, cleantext.Visible) {
		return ""
	}
	if utf8.RuneCountInString(s) > MaxTitleRunes {
		s = strings.TrimSpace(string([]rune(s)[:MaxTitleRunes]))
	}
	return s
}

// prose cleans a text that one person writes for others to read: a reason, a
// note. It must hold at least so many characters, and at most so many.
func prose(field, s string, least, most int) (string, error) {
	valid := utf8.ValidString(s)
	s = strings.TrimSpace(cleantext.Block(s))
	if !strings.ContainsFunc(s, cleantext.Visible) {
		s = ""
	}
	if n := utf8.RuneCountInString(s); !valid || n < least || n > most {
		if least == 0 {
			return "", Bad(field, fmt.Sprintf("must be at most %d characters", most))
		}
		return "", Bad(field, fmt.Sprintf("must be %d to %d characters", least, most))
	}
	return s, nil
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

// hasControl reports what no key or address may hold. Those are compared byte
// by byte, so they are refused and not cleaned.
func hasControl(s string) bool { return strings.ContainsFunc(s, cleantext.Forbidden) }
