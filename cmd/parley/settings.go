package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
	"parley/internal/weburl"
)

// settings are what every command shares.
type settings struct {
	Listen         string   `help:"Address to listen on." env:"PARLEY_LISTEN" default:"127.0.0.1:8080"`
	PublicURL      string   `help:"Address that browsers use; http://LISTEN by default." env:"PARLEY_PUBLIC_URL"`
	Database       string   `help:"Where everything is kept." env:"PARLEY_DATABASE" default:"sqlite:data/parley.db"`
	SMTPURL        string   `name:"smtp-url" help:"Mail relay, smtp://user:password@host:port?from=address; without one mail is printed." env:"PARLEY_SMTP_URL"`
	RateLimits     string   `help:"Limits of time and count." env:"PARLEY_RATE_LIMITS" enum:"on,off" default:"on"`
	Metrics        string   `help:"Who may read /metrics: this machine, while browsers reach the server here too (auto); this machine, whoever passes requests on (loopback); everybody (on); nobody (off)." env:"PARLEY_METRICS" enum:"auto,loopback,on,off" default:"auto"`
	Docs           string   `help:"The documentation at /docs/." env:"PARLEY_DOCS" enum:"on,off" default:"on"`
	OutsideNets    string   `help:"What hooks and scorers may reach: public, or any network." env:"PARLEY_OUTSIDE_NETWORKS" enum:"public,any" default:"public"`
	AkismetURL     string   `name:"akismet-url" help:"Address of an Akismet-compatible API." env:"PARLEY_AKISMET_URL"`
	TrustedProxies []string `help:"Networks whose X-Forwarded-For counts." env:"PARLEY_TRUSTED_PROXIES" placeholder:"CIDR"`
	ways

	newKey bool // serve --new-key
}

// publicURL is the address that browsers use, as they spell it; one that
// checkPublicURL refuses comes back as it was written.
func (s *settings) publicURL() string {
	text := s.PublicURL
	if text == "" {
		text = "http://" + s.Listen
		if host, port, err := net.SplitHostPort(s.Listen); err == nil { // every address of this machine has no name of its own
			if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
				text = "http://" + net.JoinHostPort("localhost", port)
			}
		}
	}
	if u, err := weburl.Base(text); err == nil {
		return u.String()
	}
	return text
}

// checkPublicURL refuses an address under which nobody could sign in, or under
// which Parley would share its origin with other programs.
func (s *settings) checkPublicURL() error {
	u, err := weburl.Base(s.publicURL())
	switch {
	case errors.Is(err, weburl.ErrPath):
		return errors.New("public-url: must not have a path: every script of that host could act as the dashboard; give Parley a host name of its own, such as https://comments.example.com")
	case err != nil:
		return fmt.Errorf("public-url: %w; it must be like https://comments.example.com", err)
	case u.Scheme == "http" && !weburl.Loopback(u.Host):
		return errors.New("public-url: must be https: over http browsers keep no session, so nobody could sign in (http works on this machine alone, as http://localhost:8080)")
	}
	return nil
}

func (s *settings) databasePath() (string, error) {
	path, ok := strings.CutPrefix(s.Database, "sqlite:")
	if !ok || path == "" {
		return "", errors.New("database: must be of the form sqlite:PATH") // what stands there may hold a password
	}
	return path, nil
}

func (s *settings) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, p := range s.TrustedProxies {
		n, err := netip.ParsePrefix(p)
		if err != nil {
			return nil, fmt.Errorf("trusted-proxies: %w", err)
		}
		out = append(out, n)
	}
	return out, nil
}

// links spells the address of a comment's link, and refuses the sign-in's
// documents of this server, to which a stranger's link must not lead.
func (s *settings) links(href string) (string, bool) {
	spelt, ok := weburl.Href(href)
	u, err := url.Parse(spelt)
	if !ok || err != nil {
		return "", false
	}
	own, err := weburl.Base(s.publicURL())
	mine := err == nil && strings.TrimSuffix(u.Host, ".") == own.Host
	return spelt, !mine || !strings.HasPrefix(strings.ToLower(path.Clean("/"+u.Path))+"/", "/auth/")
}

// checkAddresses refuses addresses of other services that cannot be read.
func (s *settings) checkAddresses() error {
	for name, v := range map[string]string{"akismet-url": s.AkismetURL, "providers-via": s.ProvidersVia} {
		if _, err := weburl.Parse(v); v != "" && err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// open opens the store for a command that is not the server.
func (s *settings) open(opt store.Options) (*store.Store, error) {
	path, err := s.databasePath()
	if err != nil {
		return nil, err
	}
	opt.Skeleton = markup.Skeleton
	return store.Open(path, opt)
}

// existing is open for a command that only looks: a wrong path is an error
// there, not a new database.
func (s *settings) existing() (*store.Store, error) {
	path, err := s.databasePath()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no database at %s", path)
	}
	return s.open(store.Options{})
}

// identity is the auth service over a store.
func (s *settings) identity(db *store.Store) *auth.Service {
	a := auth.New(db, time.Now)
	s.outside(a)
	a.Name, a.Skeleton, a.Limits = name, markup.Skeleton, s.RateLimits == "on"
	a.Host, a.Origins = s.passkeys()
	a.Link = func(path string) string { return s.publicURL() + path }
	return a
}

func name(v string) (string, error) {
	out, err := markup.CleanName(v)
	if err != nil {
		return "", discuss.Bad("name", err.Error())
	}
	return out, nil
}
