package transfer

import (
	"fmt"
	"strings"
)

// PathMap moves pages: what stands for * on the left stands for it on the right.
type PathMap struct{ From, To string }

// ParsePathMap reads A=B, like /blog/*=/news/*.
func ParsePathMap(s string) (PathMap, error) {
	from, to, ok := strings.Cut(s, "=")
	switch {
	case !ok || !strings.HasPrefix(from, "/") || !strings.HasPrefix(to, "/"):
		return PathMap{}, fmt.Errorf("map-path: %q must be two paths, like /blog/*=/news/*", s)
	case strings.Count(from, "*") > 1 || strings.Count(to, "*") > strings.Count(from, "*"):
		return PathMap{}, fmt.Errorf("map-path: %q may have one * on each side, and on the right only what the left one stands for", s)
	}
	return PathMap{from, to}, nil
}

// apply gives a path its new one; no where it is not one of those that move.
func (m PathMap) apply(path string) (string, bool) {
	before, after, wild := strings.Cut(m.From, "*")
	if !wild {
		return m.To, path == m.From
	}
	if len(path) < len(before)+len(after) || !strings.HasPrefix(path, before) || !strings.HasSuffix(path, after) {
		return path, false
	}
	return strings.Replace(m.To, "*", path[len(before):len(path)-len(after)], 1), true
}
