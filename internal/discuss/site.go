package discuss

import (
	"strings"
	"unicode/utf8"

	"parley/internal/cleantext"
	"parley/internal/weburl"
)

// Limits of a site.
const (
	MaxSiteKey   = 64
	MaxSiteName  = 100
	MaxOrigins   = 50
	siteKeyRunes = "abcdefghijklmnopqrstuvwxyz0123456789-"
)

// StandardsAt is where a site's community standards can be read: its own page,
// or ours, whose address link makes of its path.
func (s Site) StandardsAt(link func(path string) string) string {
	if s.Settings.Standards != "" {
		return s.Settings.Standards
	}
	return link("/p/" + s.Key + "/standards")
}

// NewSite checks what describes a site that is to be made; errors name the
// field. Its settings are the defaults, and newcomers wait: nobody shall find on
// their pages what they have never seen.
func NewSite(key, name string, origins []string) (Site, error) {
	if strings.HasPrefix(key, "-") { // on the command line it would be an option
		return Site{}, Bad("key", "must not begin with -")
	}
	s, err := CheckSite(key, name, origins)
	s.Settings.Hold = ModeNewcomers
	return s, err
}

// CheckSite is NewSite for a site that is there, by whatever key.
func CheckSite(key, name string, origins []string) (Site, error) {
	s := Site{Key: key, Name: cleantext.Line(name), Settings: DefaultSettings()}
	if key == "" || len(key) > MaxSiteKey || strings.Trim(key, siteKeyRunes) != "" {
		return s, Bad("key", "must be 1 to 64 of a-z, 0-9 and -")
	}
	if n := utf8.RuneCountInString(s.Name); !strings.ContainsFunc(s.Name, cleantext.Visible) || n > MaxSiteName || !utf8.ValidString(name) {
		return s, Bad("name", "must be 1 to 100 characters that can be seen")
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

// Origin reads the address of a site's pages and returns the origin that
// browsers send: scheme and host in lower case, the host in ASCII (UTS 46),
// without the scheme's own port. What stands behind the host is cut: an origin
// has no path.
func Origin(s string) (string, error) {
	if strings.Contains(s, "*") {
		return "", Bad("origin", "must name a host: an asterisk would let in pages that are not yours, so list each host by itself")
	}
	u, err := weburl.Parse(s)
	if err != nil {
		return "", Bad("origin", err.Error()+"; it must be like https://news.example.com")
	}
	return u.Scheme + "://" + u.Host, nil
}

// Twin is the origin that is easily forgotten beside another: with www where
// that has none, and without where it has. "" for hosts that have none:
// addresses, this machine, and names below the second level.
func Twin(origin string) string {
	scheme, host, _ := strings.Cut(origin, "://")
	bare, had := strings.CutPrefix(host, "www.")
	name, _, _ := strings.Cut(bare, ":")
	if weburl.Loopback(host) || strings.Count(name, ".") != 1 || strings.HasPrefix(host, "[") {
		return ""
	}
	if had {
		return scheme + "://" + bare
	}
	return scheme + "://www." + host
}
