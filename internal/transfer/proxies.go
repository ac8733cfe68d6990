package transfer

import (
	"net/url"
	"regexp"
	"strings"
)

// archivedPage is how an archive of the web names a page.
var archivedPage = regexp.MustCompile(`^/web/\d{4,14}[a-z_]*/(https?:/{1,2}.+)$`)

// unproxied is the address of the page itself, where a link leads to a copy that a
// translator, a search engine's store or an archive made: readers who wrote there
// wrote under the same article.
func unproxied(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return link
	}
	host := strings.ToLower(u.Hostname())
	switch {
	case strings.HasSuffix(host, ".translate.goog"):
		// "a-b.example" is written "a--b-example"
		name := strings.TrimSuffix(host, ".translate.goog")
		name = strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(name, "--", "\x00"), "-", "."), "\x00", "-")
		q := u.Query()
		for p := range q {
			if strings.HasPrefix(p, "_x_tr_") {
				q.Del(p)
			}
		}
		u.Host, u.RawQuery = name, q.Encode()
		return u.String()
	case host == "translate.googleusercontent.com" || host == "translate.google.com":
		return nested(link, u.Query().Get("u"))
	case host == "webcache.googleusercontent.com":
		// q is cache:ID:ADDRESS, and words that were looked for may follow
		parts := strings.SplitN(u.Query().Get("q"), ":", 3)
		if len(parts) == 3 && parts[0] == "cache" {
			address, _, _ := strings.Cut(parts[2], " ")
			if !strings.Contains(address, "://") {
				address = "http://" + address
			}
			return nested(link, address)
		}
	case host == "web.archive.org":
		if m := archivedPage.FindStringSubmatch(u.EscapedPath()); m != nil {
			inner := m[1]
			if u.RawQuery != "" {
				inner += "?" + u.RawQuery
			}
			return nested(link, inner)
		}
	}
	return link
}

// nested is an address that stands within another, or that other where it is none.
func nested(outer, inner string) string {
	if u, err := url.Parse(inner); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return inner
	}
	return outer
}
