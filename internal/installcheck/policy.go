package installcheck

import (
	"net/url"
	"slices"
	"strings"
)

// falls are the directives that hold where one is not named (CSP 3, 6.8.3).
var falls = map[string][]string{
	"script-src": {"script-src-elem", "script-src", "default-src"}, "connect-src": {"connect-src", "default-src"},
	"frame-src": {"frame-src", "child-src", "default-src"}, "img-src": {"img-src", "default-src"},
}

// allows reports whether a policy lets a page use an address for what a
// directive is about. Nonces and hashes are taken to be right for the tag: the
// browser's own report says it if they are not.
func allows(policy, directive, page, address string) bool {
	for _, one := range strings.Split(policy, ",") { // several policies: each must allow it
		sources, ok := sourcesOf(one, directive)
		if ok && !slices.ContainsFunc(sources, func(s string) bool { return matches(s, page, address, directive) }) {
			return false
		}
	}
	return true
}

func sourcesOf(policy, directive string) ([]string, bool) {
	have := map[string][]string{}
	for _, d := range strings.Split(policy, ";") {
		if words := strings.Fields(d); len(words) > 0 {
			if name := strings.ToLower(words[0]); have[name] == nil {
				have[name] = append([]string{}, words[1:]...)
			}
		}
	}
	for _, name := range falls[directive] {
		if sources, ok := have[name]; ok {
			return sources, true
		}
	}
	return nil, false
}

func matches(source, page, address, directive string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return true
	}
	source = strings.ToLower(source)
	switch {
	case source == "'self'":
		p, err := url.Parse(page)
		return err == nil && p.Scheme == u.Scheme && p.Host == u.Host
	case strings.HasPrefix(source, "'nonce-"), strings.HasPrefix(source, "'sha"), source == "'strict-dynamic'":
		return directive == "script-src"
	case strings.HasPrefix(source, "'"):
		return false
	case source == "*":
		return true
	case strings.HasSuffix(source, ":"):
		return source == u.Scheme+":" || source == "http:" && u.Scheme == "https"
	}
	scheme, rest, has := strings.Cut(source, "://")
	if !has {
		rest = source
	} else if scheme != u.Scheme && (scheme != "http" || u.Scheme != "https") {
		return false
	}
	host, path, _ := strings.Cut(rest, "/")
	name, port, _ := strings.Cut(host, ":")
	if port != "" && port != "*" && port != portOf(u) || port == "" && u.Port() != "" {
		return false
	}
	if path != "" && u.Path != "/"+path && !(strings.HasSuffix(path, "/") && strings.HasPrefix(u.Path, "/"+path)) {
		return false
	}
	if tail, wild := strings.CutPrefix(name, "*."); wild {
		return strings.HasSuffix(u.Hostname(), "."+tail)
	}
	return name == u.Hostname()
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "http", u.Scheme == "ws":
		return "80"
	}
	return "443"
}
