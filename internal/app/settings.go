package app

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

// Settings are what every command shares; each is a flag, a variable and a key of the settings file.
type Settings struct {
	Listen         string        `help:"Address to listen on; 127.0.0.1:8080, or :443 with TLS." env:"PARLEY_LISTEN"`
	PublicURL      string        `help:"Address that browsers use; http://LISTEN by default." env:"PARLEY_PUBLIC_URL"`
	Database       string        `help:"Where everything is kept." env:"PARLEY_DATABASE" default:"sqlite:data/parley.db"`
	TLS            string        `name:"tls" help:"Who encrypts: the proxy in front (off); this server, with a certificate that it gets and renews by itself (auto), or with that of two files (CERT,KEY)." env:"PARLEY_TLS" default:"off" placeholder:"off|auto|CERT,KEY"`
	ListenHTTP     string        `name:"listen-http" help:"Where plain HTTP is answered and sent to https; :80 with TLS at port 443, or off." env:"PARLEY_LISTEN_HTTP"`
	ACMEEmail      string        `name:"acme-email" help:"Where the issuer of certificates may write to." env:"PARLEY_ACME_EMAIL"`
	ACMEDirectory  string        `name:"acme-directory" help:"The ACME server that certificates come from." env:"PARLEY_ACME_DIRECTORY" default:"https://acme-v02.api.letsencrypt.org/directory"`
	HSTS           time.Duration `name:"hsts" help:"How long browsers refuse plain HTTP at this host, such as 8760h; 0s says nothing." env:"PARLEY_HSTS" default:"0s"`
	SMTPURL        string        `name:"smtp-url" help:"Mail relay, smtp://user:password@host:port?from=address; without one mail is printed." env:"PARLEY_SMTP_URL"`
	RateLimits     string        `help:"Limits of time and count." env:"PARLEY_RATE_LIMITS" enum:"on,off" default:"on"`
	Metrics        string        `help:"Who may read /metrics: this machine, while browsers reach the server here too (auto); this machine, whoever passes requests on (loopback); everybody (on); nobody (off)." env:"PARLEY_METRICS" enum:"auto,loopback,on,off" default:"auto"`
	Log            string        `help:"How the log is written: text, json, or text on a terminal and json elsewhere (auto)." env:"PARLEY_LOG" enum:"auto,text,json" default:"auto"`
	LogRequests    string        `help:"A line in the log for each request: method, route, status, time; never who asked, nor for what." env:"PARLEY_LOG_REQUESTS" enum:"on,off" default:"off"`
	Docs           string        `help:"The documentation at /docs/." env:"PARLEY_DOCS" enum:"on,off" default:"on"`
	OutsideNets    string        `help:"What hooks and scorers may reach: public, or any network." env:"PARLEY_OUTSIDE_NETWORKS" enum:"public,any" default:"public"`
	PushHosts      []string      `help:"Further hosts that push messages may be sent to, beside the services of the usual browsers; one that begins with a dot stands for all below it." env:"PARLEY_PUSH_HOSTS" placeholder:"HOST"`
	AkismetURL     string        `name:"akismet-url" help:"Address of an Akismet-compatible API." env:"PARLEY_AKISMET_URL"`
	TrustedProxies []string      `help:"Proxies whose X-Forwarded-For counts: addresses, networks, loopback, private." env:"PARLEY_TRUSTED_PROXIES" placeholder:"NETWORK"`

	BackupDir       string        `help:"Folder for backups by themselves, with the ledger of what was erased; none by default." env:"PARLEY_BACKUP_DIR" placeholder:"DIR"`
	BackupEvery     time.Duration `help:"How often one is made." env:"PARLEY_BACKUP_EVERY" default:"24h"`
	BackupHour      int           `help:"Hour of the day, UTC, from which that is counted." env:"PARLEY_BACKUP_HOUR" default:"2"`
	BackupKeep      int           `help:"How many of the newest are kept." env:"PARLEY_BACKUP_KEEP" default:"7"`
	BackupKeepWeeks int           `help:"Weeks of which one backup is kept beside those." env:"PARLEY_BACKUP_KEEP_WEEKS" default:"4"`
	Outbound        string        `help:"Whether mail, hooks, scorers and other fetches leave this server; off for a copy that people try things on." env:"PARLEY_OUTBOUND" enum:"on,off" default:"on"`
	Providers

	Version string   `kong:"-"` // of this program
	Unknown []string `kong:"-"` // sentences about variables that no setting reads

	NoUpgradeBackup bool `kong:"-"` // serve --no-upgrade-backup: upgrade without a copy of what was there

	NewKey bool `kong:"-"` // serve --new-key: go on without the key that secrets were sealed with
}

// BaseURL is the address that browsers use, as they spell it; one that
// CheckPublicURL refuses comes back as it was written.
func (s *Settings) BaseURL() string {
	text := s.PublicURL
	if text == "" {
		text = "http://" + s.Address()
		if host, port, err := net.SplitHostPort(s.Address()); err == nil { // every address of this machine has no name of its own
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

// Host is the public host, without its port.
func (s *Settings) Host() string {
	u, err := url.Parse(s.BaseURL())
	if err != nil || u.Hostname() == "" {
		return "localhost"
	}
	return u.Hostname()
}

// CheckPublicURL refuses an address under which nobody could sign in, or under
// which Parley would share its origin with other programs.
func (s *Settings) CheckPublicURL() error {
	u, err := weburl.Base(s.BaseURL())
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

// DatabasePath is the file of the database.
func (s *Settings) DatabasePath() (string, error) {
	path, ok := strings.CutPrefix(s.Database, "sqlite:")
	if !ok || path == "" {
		return "", errors.New("database: must be of the form sqlite:PATH") // what stands there may hold a password
	}
	return path, nil
}

// Names that stand for networks in trusted-proxies.
var namedNetworks = map[string][]string{
	"loopback": {"127.0.0.0/8", "::1/128"},
	"private":  {"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"},
}

// Proxies are the networks whose X-Forwarded-For counts: ranges, single
// addresses, and the names loopback and private.
func (s *Settings) Proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range s.TrustedProxies {
		text = strings.TrimSpace(text)
		parts := namedNetworks[strings.ToLower(text)]
		if parts == nil {
			parts = []string{text}
		}
		for _, p := range parts {
			n, err := netip.ParsePrefix(p)
			if err != nil {
				var ip netip.Addr
				if ip, err = netip.ParseAddr(p); err == nil && ip.Zone() == "" {
					n = netip.PrefixFrom(ip, ip.BitLen())
				}
			}
			if err != nil || !n.IsValid() {
				return nil, fmt.Errorf("trusted-proxies: %q is no address, no network like 10.0.0.0/8, and neither loopback nor private", p)
			}
			if n.Bits() == 0 {
				return nil, fmt.Errorf("trusted-proxies: %s trusts every address: anybody could say to be anybody; name the proxy", p)
			}
			out = append(out, n.Masked())
		}
	}
	return out, nil
}

// Links spells the address of a comment's link, and refuses the sign-in's
// documents of this server, to which a stranger's link must not lead.
func (s *Settings) Links(href string) (string, bool) {
	spelt, ok := weburl.Href(href)
	u, err := url.Parse(spelt)
	if !ok || err != nil {
		return "", false
	}
	own, err := weburl.Base(s.BaseURL())
	host := strings.TrimSuffix(strings.Replace(u.Host, ".:", ":", 1), ".")
	ip, _ := netip.ParseAddr(strings.Trim(u.Hostname(), "[]"))
	mine := err == nil && host == own.Host || weburl.Loopback(host) || ip.IsUnspecified() // every name of this machine leads here as well
	return spelt, !mine || !strings.HasPrefix(strings.ToLower(path.Clean("/"+u.Path))+"/", "/auth/")
}

// checkAddresses refuses addresses of other services that cannot be read.
func (s *Settings) checkAddresses() error {
	for name, v := range map[string]string{"akismet-url": s.AkismetURL, "providers-via": s.ProvidersVia} {
		if _, err := weburl.Parse(v); v != "" && err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// Open opens the store for a command that is not the server.
func (s *Settings) Open(opt store.Options) (*store.Store, error) {
	path, err := s.DatabasePath()
	if err != nil {
		return nil, err
	}
	opt.Skeleton, opt.Unlink = markup.Skeleton, unlinkMentions
	opt.BeforeUpgrade = func(schema int64) error { return s.backupBeforeUpgrade(path, schema) }
	return store.Open(path, opt)
}

// OpenExisting is Open for a command that only looks: a wrong path is an error
// there, not a new database.
func (s *Settings) OpenExisting() (*store.Store, error) {
	path, err := s.DatabasePath()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("there is no database at %s", path)
	}
	return s.Open(store.Options{})
}

// Identity is the auth service over a store.
func (s *Settings) Identity(db *store.Store) *auth.Service {
	a := auth.New(db, time.Now)
	s.outside(a)
	a.Name, a.Skeleton, a.Reserved, a.Limits = name, markup.Skeleton, markup.Reserved, s.RateLimits == "on"
	a.Host, a.Origins = s.passkeys()
	a.Link = func(path string) string { return s.BaseURL() + path }
	return a
}

func name(v string) (string, error) {
	out, err := markup.CleanName(v)
	if err != nil {
		return "", discuss.Bad("name", err.Error())
	}
	return out, nil
}
