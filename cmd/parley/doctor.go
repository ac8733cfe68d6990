package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
	"parley/internal/store"
	"parley/internal/weburl"
)

const (
	doctorTimeout = 5 * time.Second
	clockSlack    = 30 * time.Second
	spaceWanted   = 512 << 20 // bytes free beside the database
)

type doctorCmd struct {
	Head []string `help:"Hash of an audit row that you have kept, as the daily mail gives it; is it still in the log? Repeatable." placeholder:"HASH"`
}

// finding is one thing that was looked at.
type finding struct {
	ok   bool
	text string
}

// Run looks at everything that installs are known to get wrong. It exits with
// 1 if something is.
func (c doctorCmd) Run(s *settings) error {
	ctx, cancel := context.WithTimeout(context.Background(), 4*doctorTimeout)
	defer cancel()
	bad := 0
	for _, look := range []func(context.Context, *settings) []finding{lookAtDatabase, lookAtAudit, c.lookAtHeads, lookAtAddress, lookAtServer, lookAtProxies, lookAtMail, lookAtWays, lookAtKeyFile} {
		for _, f := range look(ctx, s) {
			mark := "ok  "
			if !f.ok {
				mark, bad = "BAD ", bad+1
			}
			fmt.Println(mark, f.text)
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of the things above need attention", bad)
	}
	return nil
}

func good(format string, a ...any) finding { return finding{true, fmt.Sprintf(format, a...)} }
func poor(format string, a ...any) finding { return finding{false, fmt.Sprintf(format, a...)} }

func lookAtDatabase(ctx context.Context, s *settings) (out []finding) {
	path, err := s.databasePath()
	if err != nil {
		return []finding{poor("%v", err)}
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return []finding{poor("database: there is none at %s; `parley serve` makes it", path)}
	}
	if err := store.Check(ctx, path); err != nil {
		return []finding{poor("database %s: %v", path, err)}
	}
	out = append(out, good("database: %s is whole", path))
	var fs syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &fs); err == nil {
		if free := fs.Bavail * uint64(fs.Bsize); free < spaceWanted {
			out = append(out, poor("disk: only %d MB are free beside the database", free>>20))
		}
	}
	return out
}

// lookAtAudit walks the chain of the audit log.
func lookAtAudit(ctx context.Context, s *settings) []finding {
	path, err := s.databasePath()
	if err != nil {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	db, err := s.open(store.Options{})
	if err != nil {
		return nil // lookAtDatabase says so
	}
	defer db.Close()
	n, err := db.VerifyAudit(ctx)
	if err != nil {
		return []finding{poor("audit log: %v", err)}
	}
	_, head, err := db.AuditHead(ctx)
	if err != nil {
		return []finding{poor("audit log: %v", err)}
	}
	out := []finding{good("audit log: all %d rows follow from each other; the head is %s", n, head)}
	if n == 0 {
		out = []finding{good("audit log: empty")}
	}
	failed, err := db.FailedJobs(ctx, 3)
	if err == nil && len(failed) > 0 {
		out = append(out, poor("jobs: some were given up, the last: %s", strings.Join(failed, "; ")))
	}
	return out
}

// lookAtHeads asks whether the audit log still holds what somebody has kept of
// it. The walk alone proves nothing against whoever can write the file: a log
// that was made anew follows from itself too.
func (c doctorCmd) lookAtHeads(ctx context.Context, s *settings) (out []finding) {
	if len(c.Head) == 0 {
		return nil
	}
	db, err := s.existing()
	if err != nil {
		return []finding{poor("audit log: %v", err)}
	}
	defer db.Close()
	whole, broken := db.VerifyAudit(ctx) // up to the row that broke it
	for _, v := range c.Head {
		hash, err := hex.DecodeString(strings.TrimSpace(v))
		if err != nil || len(hash) != sha256.Size {
			out = append(out, poor("audit log: %q is not a hash of %d hexadecimal digits", v, 2*sha256.Size))
			continue
		}
		row, at, err := db.AuditRow(ctx, hash)
		switch {
		case err == nil && broken != nil && row >= whole:
			out = append(out, poor("audit log: row %d has the hash you kept, but what stands before it does not lead there", row))
		case err == nil:
			out = append(out, good("audit log: row %d of %s has the hash you kept; nothing up to it was changed since", row, at.UTC().Format(time.DateTime+" MST")))
		case discuss.KindOf(err) == discuss.NotFound:
			out = append(out, poor("audit log: no row has the hash you kept, %x…: what stood there was rewritten or removed", hash[:8]))
		default:
			out = append(out, poor("audit log: %v", err))
		}
	}
	return out
}

// lookAtAddress checks what cookies need: a secure origin, and best the site's own.
func lookAtAddress(ctx context.Context, s *settings) (out []finding) {
	if err := s.checkPublicURL(); err != nil {
		return []finding{poor("%v", err)}
	}
	u, err := url.Parse(s.publicURL())
	if err != nil {
		return []finding{poor("public-url: %v", err)}
	}
	if weburl.Loopback(u.Host) {
		out = append(out, poor("public-url: %s is reached from this machine only; set it to the address that browsers use", s.publicURL()))
	} else {
		out = append(out, good("public-url: %s", s.publicURL()))
	}
	return append(out, lookAtSites(ctx, s, u)...)
}

func lookAtSites(ctx context.Context, s *settings, own *url.URL) (out []finding) {
	path, err := s.databasePath()
	if err != nil {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	db, err := s.open(store.Options{})
	if err != nil {
		return []finding{poor("database: %v", err)}
	}
	defer db.Close()
	sites, err := db.Sites(ctx)
	if err != nil {
		return []finding{poor("sites: %v", err)}
	}
	if len(sites) == 0 {
		out = append(out, poor("sites: there is none; open the set-up link that `parley serve` prints, or use `parley site add`"))
	}
	for _, site := range sites {
		refused, err := db.RefusedOrigins(ctx, site)
		if err != nil {
			out = append(out, poor("site %s: %v", site.Key, err))
		}
		for _, r := range refused {
			out = append(out, poor("site %s: pages of %s were refused %d times since %s, the last at %s: it is not on the site's list; add it with `parley site set %s --add-origin %s`",
				site.Key, r.Origin, r.Count, r.First.Local().Format(time.DateTime), r.Last.Local().Format(time.DateTime), site.Key, r.Origin))
		}
		for _, o := range site.Origins {
			u, err := url.Parse(o)
			switch {
			case err != nil:
				out = append(out, poor("site %s: the origin %q cannot be read", site.Key, o))
			case u.Scheme != "https" && own.Scheme == "https":
				out = append(out, poor("site %s: %s is not https; its readers cannot stay signed in", site.Key, o))
			case !sameSite(u.Hostname(), own.Hostname()):
				out = append(out, good("site %s: %s is another site than %s; it works, and an address under its own domain works in every browser", site.Key, o, own.Host))
			default:
				out = append(out, good("site %s: %s shares its domain with this server", site.Key, o))
			}
		}
	}
	return out
}

// sameSite is a guess without the public suffix list: one name ends with the
// other, or both with the same last two labels.
func sameSite(a, b string) bool {
	last := func(h string) string {
		p := strings.Split(h, ".")
		return strings.Join(p[max(0, len(p)-2):], ".")
	}
	return a == b || last(a) == last(b) && strings.Contains(last(a), ".")
}

func lookAtServer(ctx context.Context, s *settings) []finding {
	if s.checkPublicURL() != nil {
		return nil // lookAtAddress says so
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.publicURL()+"/readyz", nil)
	if err != nil {
		return []finding{poor("server: %v", err)}
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return []finding{poor("server: %s does not answer: %v", s.publicURL(), errors.Unwrap(err))}
	}
	_ = res.Body.Close()
	switch res.StatusCode {
	case http.StatusOK:
	case http.StatusMisdirectedRequest:
		return []finding{poor("server: a proxy changes the Host header; it must pass on %s", strings.TrimPrefix(s.publicURL(), "https://"))}
	default:
		return []finding{poor("server: %s/readyz answers %d", s.publicURL(), res.StatusCode)}
	}
	out := []finding{good("server: %s answers", s.publicURL())}
	if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
		if off := time.Since(at).Abs(); off > clockSlack {
			out = append(out, poor("clock: this machine and the server differ by %s", off.Round(time.Second)))
		}
	}
	return out
}

func lookAtProxies(_ context.Context, s *settings) []finding {
	if _, err := s.proxies(); err != nil {
		return []finding{poor("%v", err)}
	}
	if strings.HasPrefix(s.publicURL(), "https://") && len(s.TrustedProxies) == 0 {
		return []finding{poor("trusted-proxies: https needs a proxy in front, and none is trusted: every reader counts as one address")}
	}
	return nil
}

func lookAtMail(ctx context.Context, s *settings) []finding {
	if s.SMTPURL == "" {
		return []finding{poor("mail: smtp-url is not set; mail is printed to the log, and nobody can confirm an address")}
	}
	if _, err := notify.SMTP(s.SMTPURL); err != nil {
		return []finding{poor("mail: %v", err)}
	}
	u, err := url.Parse(s.SMTPURL)
	if err != nil {
		return []finding{poor("mail: smtp-url cannot be read")} // its text holds the password
	}
	port := u.Port()
	if port == "" {
		port = strconv.Itoa(notify.DefaultPort(u.Scheme))
	}
	d := net.Dialer{Timeout: doctorTimeout}
	c, err := d.DialContext(ctx, "tcp", net.JoinHostPort(u.Hostname(), port))
	if err != nil {
		return []finding{poor("mail: the relay %s does not answer: %v", u.Host, err)}
	}
	_ = c.Close()
	return []finding{good("mail: the relay %s answers", u.Host)}
}
