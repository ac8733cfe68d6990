// Package doctor looks at an install for what is known to go wrong.
package doctor

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"

	"parley/internal/app"
	"parley/internal/discuss"
	"parley/internal/machine"
	"parley/internal/store"
	"parley/internal/weburl"
)

const (
	doctorTimeout = 5 * time.Second
	lookTimeout   = 4 * doctorTimeout // of one look
	readTimeout   = 5 * time.Minute   // of one that reads the whole database
	clockSlack    = 30 * time.Second
	spaceWanted   = 512 << 20 // bytes free beside the database
)

// Finding is one thing that was looked at.
type Finding struct {
	OK   bool   `json:"ok"`
	Text string `json:"text"`
}

// Wish is what somebody wants to know beside what is always looked at.
type Wish struct {
	Heads    []string // hashes of audit rows that somebody has kept: are they still in the log?
	Provider string   // this one alone, and nothing else
	MailTo   string   // where a test mail goes
}

// Examine looks at everything that installs are known to get wrong.
func Examine(ctx context.Context, s *app.Settings, w Wish) []Finding {
	if w.Provider != "" {
		ctx, cancel := context.WithTimeout(ctx, lookTimeout)
		defer cancel()
		return lookAtProvider(ctx, s, w.Provider)
	}
	type look func(context.Context, *app.Settings) []Finding
	var out []Finding
	for _, part := range []struct {
		limit time.Duration
		looks []look
	}{
		{readTimeout, []look{lookAtDatabase, lookAtAudit, lookAtHeads(w.Heads), lookAtNames}},
		{lookTimeout, []look{lookAtDisk, lookAtClock, lookAtAddress, lookAtTLS, lookAtServer, lookAtWay, lookAtSockets, lookAtRunning, lookAtProxies, lookAtOutbound, lookAtMail(w.MailTo), lookAtProviders, lookAtKeyFile}},
		{readTimeout, []look{lookAtBackups}},
	} {
		for _, look := range part.looks { // each in a time of its own: a large database is no reason to call the mail bad
			once, cancel := context.WithTimeout(ctx, part.limit)
			out = append(out, look(once, s)...)
			cancel()
		}
	}
	return out
}

func good(format string, a ...any) Finding { return Finding{true, fmt.Sprintf(format, a...)} }
func poor(format string, a ...any) Finding { return Finding{false, fmt.Sprintf(format, a...)} }

func lookAtDatabase(ctx context.Context, s *app.Settings) (out []Finding) {
	path, err := s.DatabasePath()
	if err != nil {
		return []Finding{poor("%v", err)}
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return []Finding{poor("database: there is none at %s; `parley serve` makes it", path)}
	}
	if err := store.Check(ctx, path); err != nil {
		return []Finding{poor("database %s: %v", path, err)}
	}
	out = append(out, good("database: %s is whole", path))
	switch free, err := machine.Free(filepath.Dir(path)); {
	case err != nil: // a file system that does not tell
	case free < spaceWanted:
		out = append(out, poor("disk: only %d MB are free beside the database", free>>20))
	default:
		out = append(out, good("disk: %s are free beside the database", app.Bytes(free)))
	}
	return out
}

// lookAtAudit walks the chain of the audit log.
func lookAtAudit(ctx context.Context, s *app.Settings) []Finding {
	path, err := s.DatabasePath()
	if err != nil {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	db, err := s.Open(store.Options{})
	if err != nil {
		return nil // lookAtDatabase says so
	}
	defer db.Close()
	n, err := db.VerifyAudit(ctx)
	if err != nil {
		return []Finding{poor("audit log: %v", err)}
	}
	_, head, err := db.AuditHead(ctx)
	if err != nil {
		return []Finding{poor("audit log: %v", err)}
	}
	out := []Finding{good("audit log: %s; the head is %s", follow(int(n)), head)}
	if n == 0 {
		out = []Finding{good("audit log: empty")}
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
func lookAtHeads(heads []string) func(context.Context, *app.Settings) []Finding {
	return func(ctx context.Context, s *app.Settings) []Finding {
		if len(heads) == 0 {
			return nil
		}
		return searchHeads(ctx, s, heads)
	}
}

func searchHeads(ctx context.Context, s *app.Settings, heads []string) (out []Finding) {
	db, err := s.OpenExisting()
	if err != nil {
		return []Finding{poor("audit log: %v", err)}
	}
	defer db.Close()
	whole, broken := db.VerifyAudit(ctx) // up to the row that broke it
	for _, v := range heads {
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
func lookAtAddress(ctx context.Context, s *app.Settings) (out []Finding) {
	if err := s.CheckPublicURL(); err != nil {
		return []Finding{poor("%v", err)}
	}
	u, err := url.Parse(s.BaseURL())
	if err != nil {
		return []Finding{poor("public-url: %v", err)}
	}
	if weburl.Loopback(u.Host) {
		out = append(out, poor("public-url: %s is reached from this machine only; set it to the address that browsers use", s.BaseURL()))
	} else {
		out = append(out, good("public-url: %s", s.BaseURL()))
	}
	return append(out, lookAtSites(ctx, s, u)...)
}

func lookAtSites(ctx context.Context, s *app.Settings, own *url.URL) (out []Finding) {
	path, err := s.DatabasePath()
	if err != nil {
		return nil
	}
	if _, err := os.Stat(path); err != nil {
		return nil
	}
	db, err := s.Open(store.Options{})
	if err != nil {
		return []Finding{poor("database: %v", err)}
	}
	defer db.Close()
	sites, err := db.Sites(ctx)
	if err != nil {
		return []Finding{poor("sites: %v", err)}
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
			out = append(out, poor("site %s: pages of %s were refused %s since %s, the last at %s: it is not on the site's list; add it with `parley site set %s --add-origin %s`",
				site.Key, r.Origin, app.Count(r.Count, "time", "times"), r.First.Local().Format(time.DateTime), r.Last.Local().Format(time.DateTime), site.Key, r.Origin))
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

// sameSite reports whether two hosts belong to one registered domain, by the
// public suffix list.
func sameSite(a, b string) bool {
	if a == b {
		return true
	}
	one, err := publicsuffix.EffectiveTLDPlusOne(a)
	if err != nil {
		return false
	}
	other, err := publicsuffix.EffectiveTLDPlusOne(b)
	return err == nil && one == other
}

func lookAtServer(ctx context.Context, s *app.Settings) []Finding {
	if s.CheckPublicURL() != nil {
		return nil // lookAtAddress says so
	}
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.BaseURL()+"/readyz", nil)
	if err != nil {
		return []Finding{poor("server: %v", err)}
	}
	r.Header.Set("User-Agent", s.Agent())
	res, err := client().Do(r)
	if err != nil {
		return []Finding{poor("server: %s does not answer: %s", s.BaseURL(), why(err))}
	}
	defer res.Body.Close()
	if wrong := whose(res, s.BaseURL()); wrong != "" {
		return []Finding{poor("%s", wrong)}
	}
	out := []Finding{good("server: %s answers", s.BaseURL())}
	return append(out, apart(s.BaseURL(), res.Header.Get("Date"))...)
}

func lookAtProxies(_ context.Context, s *app.Settings) []Finding {
	if _, err := s.Proxies(); err != nil {
		return []Finding{poor("%v", err)}
	}
	if strings.HasPrefix(s.BaseURL(), "https://") && len(s.TrustedProxies) == 0 && !s.Encrypts() {
		return []Finding{poor("trusted-proxies: https needs a proxy in front, and none is trusted: every reader counts as one address")}
	}
	return nil
}

// lookAtTLS looks at the certificate of a server that encrypts by itself.
func lookAtTLS(_ context.Context, s *app.Settings) []Finding {
	text, ok := s.TLSState(time.Now())
	if text == "" {
		return nil
	}
	return []Finding{{ok, text}}
}

// lookAtKeyFile asks whether the key at hand is the one of this database.
func lookAtKeyFile(ctx context.Context, s *app.Settings) []Finding {
	state, err := s.CheckKeyFile(ctx)
	switch {
	case err != nil:
		return []Finding{poor("%v", err)}
	case state != "":
		return []Finding{good("%s", state)}
	}
	return nil
}

// follow says that the rows of the audit log hold together.
func follow(n int) string {
	if n == 1 {
		return "there is 1 row, and it is whole"
	}
	return fmt.Sprintf("all %d rows follow from each other", n)
}
