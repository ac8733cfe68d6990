// Package weburl is Parley's one understanding of web addresses: what the URL
// standard of browsers (url.spec.whatwg.org) makes of what people type, so
// that two spellings of one place are one text here too.
package weburl

import (
	"errors"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// MaxBytes is the length of the longest address that is looked at.
const MaxBytes = 8 << 10

// Errors say what is wrong with an address, as the end of a sentence that
// begins with its name. None holds the address itself, which may have a secret
// in it.
var (
	ErrScheme   = errors.New("must begin with https:// or http://")
	ErrHost     = errors.New("has no valid host name")
	ErrPort     = errors.New("has a port that is not between 1 and 65535")
	ErrUser     = errors.New("must not hold a user name or a password")
	ErrPath     = errors.New("must end after the host: a path is not possible")
	ErrQuery    = errors.New("must not hold a query")
	ErrFragment = errors.New("must not hold a fragment")
	ErrSpelling = errors.New("is not an address")
)

// hosts is how the standard's domainToASCII reads a name when it is not strict.
var hosts = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.CheckHyphens(false), idna.CheckJoiners(true), idna.BidiRule(), idna.StrictDomainName(false), idna.VerifyDNSLength(false))

// Parse reads an absolute http or https address. Scheme and host come out in
// lower case, the host in ASCII (UTS 46), a default port is left out.
func Parse(s string) (*url.URL, error) {
	s = strings.TrimSpace(s)
	if len(s) > MaxBytes || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return nil, ErrSpelling
	}
	scheme, rest, ok := strings.Cut(s, ":")
	if scheme = strings.ToLower(scheme); !ok || scheme != "http" && scheme != "https" || !strings.HasPrefix(rest, "//") {
		return nil, ErrScheme
	}
	// The host is cut out before net/url sees it: that one knows other hosts.
	rest = rest[2:]
	end := strings.IndexAny(rest, `/?#\`)
	if end < 0 {
		end = len(rest)
	}
	authority, rest := rest[:end], strings.ReplaceAll(rest[end:], `\`, "/")
	if strings.Contains(authority, "@") {
		return nil, ErrUser
	}
	host, err := hostPort(authority, scheme)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse("https://host.invalid" + rest)
	if err != nil {
		return nil, ErrSpelling
	}
	u.Scheme, u.Host = scheme, host
	return u, nil
}

// Href reads what a stranger's link names: an http or https address as a
// browser would read it, slashes left out or doubled included, in one spelling;
// or a mail address. ok is false for all else, and for an address with a user
// name in it, which is there to look like another host.
func Href(s string) (href string, ok bool) {
	s = strings.Trim(s, " \t\r\n\f")
	scheme, rest, found := strings.Cut(s, ":")
	switch scheme = strings.ToLower(scheme); {
	case !found:
		return "", false
	case scheme == "mailto":
		return "mailto:" + rest, !strings.ContainsAny(rest, "\r\n\x00")
	case scheme != "http" && scheme != "https":
		return "", false
	}
	u, err := Parse(scheme + "://" + strings.TrimLeft(rest, `/\`))
	if err != nil {
		return "", false
	}
	if u.Path == "" {
		u.Path = "/"
	}
	return u.String(), true
}

// hostPort normalises what stands between the slashes.
func hostPort(s, scheme string) (string, error) {
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
	}
	if port != "" {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 {
			return "", ErrPort
		}
		port = strconv.FormatUint(n, 10)
	}
	host, err := Host(host)
	if err != nil {
		return "", err
	}
	if port == "" || scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		return host, nil
	}
	return host + ":" + port, nil
}

// Host normalises a host name or an address of the Internet Protocol, the
// latter of version 6 in brackets.
func Host(s string) (string, error) {
	if inner, ok := strings.CutPrefix(s, "["); ok {
		ip, err := netip.ParseAddr(strings.TrimSuffix(inner, "]"))
		if err != nil || !ip.Is6() || ip.Zone() != "" || !strings.HasSuffix(s, "]") {
			return "", ErrHost
		}
		return "[" + ip.String() + "]", nil
	}
	plain, err := url.PathUnescape(s)
	if err != nil || !utf8.ValidString(plain) {
		return "", ErrHost
	}
	ascii, err := hosts.ToASCII(plain)
	if err != nil || ascii == "" || len(ascii) > 253 || strings.ContainsAny(ascii, "\x00\t\n\r #%/:<>?@[\\]^|*") || strings.Contains(ascii, "..") || strings.HasPrefix(ascii, ".") {
		return "", ErrHost
	}
	for _, label := range strings.Split(strings.TrimSuffix(ascii, "."), ".") {
		if len(label) > 63 {
			return "", ErrHost
		}
	}
	last := ascii[strings.LastIndexByte(strings.TrimSuffix(ascii, "."), '.')+1:]
	if last = strings.TrimSuffix(last, "."); strings.Trim(last, "0123456789") == "" || isHex(last) { // ends in a number: then it is an address or nothing
		ip, err := netip.ParseAddr(ascii)
		if err != nil || !ip.Is4() {
			return "", ErrHost
		}
	}
	return ascii, nil
}

// isHex reports whether browsers read a label as a number: 0x7f000001.
func isHex(label string) bool {
	digits, ok := strings.CutPrefix(label, "0x")
	return ok && strings.Trim(digits, "0123456789abcdef") == ""
}

// Base reads the address of a server that answers at the root of its host, such
// as https://comments.example.com, and returns it without an ending slash.
func Base(s string) (*url.URL, error) {
	u, err := Parse(s)
	switch {
	case err != nil:
		return nil, err
	case u.Path != "" && u.Path != "/":
		return nil, ErrPath
	case u.RawQuery != "" || u.ForceQuery:
		return nil, ErrQuery
	case u.Fragment != "" || strings.HasSuffix(strings.TrimSpace(s), "#"):
		return nil, ErrFragment
	}
	u.Path, u.RawPath = "", ""
	return u, nil
}

// Loopback reports whether a host, with or without a port, is this machine for
// every browser: localhost, a name below it, or a loopback address.
func Loopback(hostport string) bool {
	host := strings.ToLower(hostport)
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") && strings.IndexByte(host, ':') == i || i >= 0 && strings.HasPrefix(host, "[") && host[i-1] == ']' {
		host = host[:i]
	}
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && ip.Unmap().IsLoopback()
}

// Shown is an address with its host as people write it: Unicode in place of
// Punycode where that leads back to the same host.
func Shown(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	name := u.Hostname()
	plain, err := idna.Display.ToUnicode(name)
	if err != nil {
		return address
	}
	if back, err := Host(plain); err != nil || back != name {
		return address
	}
	return strings.Replace(address, "://"+name, "://"+plain, 1)
}

// ShownAll is Shown of several, with a space between.
func ShownAll(addresses []string) string {
	var out []string
	for _, a := range addresses {
		out = append(out, Shown(a))
	}
	return strings.Join(out, " ")
}
