package discuss

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// Bounds of the paths that take no comments, and of a team's name.
const (
	MaxClosedPaths  = 50
	maxPathBytes    = 200
	minTeamRunes    = 2
	maxTeamRunes    = 40
	everythingBelow = "/*"
)

// closedPaths checks a list of them.
func closedPaths(list []string) bool {
	for _, p := range list {
		if !strings.HasPrefix(p, "/") || len(p) > maxPathBytes || !utf8.ValidString(p) || strings.ContainsAny(strings.TrimSuffix(p, "*"), "*?#") || hasControl(p) {
			return false
		}
	}
	return len(list) <= MaxClosedPaths
}

// teamName checks one. That nobody else is called so is seen to by the verb.
func teamName(s string) bool {
	if s == "" {
		return true
	}
	n := utf8.RuneCountInString(s)
	return utf8.ValidString(s) && n >= minTeamRunes && n <= maxTeamRunes && cleantext.Line(s) == s && cleantext.Enough(s) && !cleantext.Address(s) && !strings.Contains(s, "@")
}

// ClosedPath reports whether pages at a path take no comments. "/court/*" means
// /court itself too, "/court*" everything that begins so.
func (v Settings) ClosedPath(path string) bool {
	if path == "" {
		return false
	}
	for _, p := range v.ClosedPaths {
		below, all := strings.CutSuffix(p, "*")
		switch {
		case !all && strings.TrimSuffix(path, "/") == strings.TrimSuffix(p, "/"):
			return true
		case all && (strings.HasPrefix(path, below) || strings.HasSuffix(p, everythingBelow) && path == strings.TrimSuffix(below, "/")):
			return true
		}
	}
	return false
}

// closedByPath reports whether a thread's page is at such a path: by its
// address, or by its key where that is one or a path.
func (t Thread) closedByPath(site Site) bool {
	if len(site.Settings.ClosedPaths) == 0 {
		return false
	}
	return site.Settings.ClosedPath(pathOf(t.URL)) || site.Settings.ClosedPath(pathOf(t.Key))
}

// pathOf is the path of an address, or of what is one itself; decoded and
// without detours, so that no way of writing it stands outside.
func pathOf(s string) string {
	if !strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "http://") && !strings.HasPrefix(s, "https://") {
		return ""
	}
	if strings.HasPrefix(s, "/") { // a path: //court/1 names no host court
		s = "/" + strings.TrimLeft(s, "/")
	}
	u, err := url.Parse(s)
	if err != nil && strings.HasPrefix(s, "/") { // a % that means nothing
		end := strings.IndexAny(s+"?", "?#")
		u, err = &url.URL{Path: s[:end]}, nil
	}
	if err != nil || u.Path == "" {
		return ""
	}
	clean := path.Clean("/" + u.Path)
	if strings.HasSuffix(u.Path, "/") && clean != "/" {
		clean += "/"
	}
	return clean
}
