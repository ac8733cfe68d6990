package discuss

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// Limits of a site.
const (
	MaxSiteKey   = 64
	MaxSiteName  = 100
	MaxOrigins   = 50
	siteKeyRunes = "abcdefghijklmnopqrstuvwxyz0123456789-"
)

// NewSite checks what describes a site; errors name the field. Its settings
// are the defaults.
func NewSite(key, name string, origins []string) (Site, error) {
	s := Site{Key: key, Name: cleantext.Line(name), Settings: DefaultSettings()}
	if key == "" || len(key) > MaxSiteKey || strings.Trim(key, siteKeyRunes) != "" {
		return s, Bad("key", "must be 1 to 64 of a-z, 0-9 and -")
	}
	if n := utf8.RuneCountInString(s.Name); n == 0 || n > MaxSiteName || !utf8.ValidString(name) {
		return s, Bad("name", "must be 1 to 100 characters")
	}
	if len(origins) == 0 || len(origins) > MaxOrigins {
		return s, Bad("origin", "must be given, at most 50 times")
	}
	for _, o := range origins {
		clean, err := Origin(o)
		if err != nil {
			return s, err
		}
		s.Origins = append(s.Origins, clean)
	}
	return s, nil
}

// Origin reads scheme://host[:port] and returns the form that browsers send:
// lower case, without the scheme's own port.
func Origin(s string) (string, error) {
	u, err := url.Parse(strings.ToLower(strings.TrimSpace(s)))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || hasControl(s) {
		return "", Bad("origin", "must be of the form https://host[:port]")
	}
	own := ":443"
	if u.Scheme == "http" {
		own = ":80"
	}
	return u.Scheme + "://" + strings.TrimSuffix(u.Host, own), nil
}
