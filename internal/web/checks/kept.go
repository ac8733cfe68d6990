package checks

import (
	"crypto/rand"
	"encoding/base64"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/installcheck"
)

const (
	mostOfSite = 20 // checks that are kept for one site
	tokenBytes = 12
)

// kept are the checks of the last hour. They are in memory alone: what they say
// is about now, and a server that starts anew is another thing to check.
type kept struct {
	now func() time.Time
	mu  sync.Mutex
	m   map[string]*check
}

// check is one.
type check struct {
	token string
	site  discuss.ID
	page  string
	made  time.Time

	mu      sync.Mutex
	looking bool
	saw     *installcheck.Fetched
	sawAt   time.Time
	said    *installcheck.Report
	saidAt  time.Time
	origin  string // of the page that said it
	cookie  bool   // its browser keeps our cookie
}

// add begins one. The oldest of a site makes room.
func (k *kept) add(site discuss.ID, page string) *check {
	var b [tokenBytes]byte
	_, _ = rand.Read(b[:])
	c := &check{token: base64.RawURLEncoding.EncodeToString(b[:]), site: site, page: page, made: k.now()}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.m == nil {
		k.m = map[string]*check{}
	}
	var oldest *check
	n := 0
	for token, v := range k.m {
		switch {
		case c.made.Sub(v.made) >= lasts:
			delete(k.m, token)
		case v.site == site:
			n++
			if oldest == nil || v.made.Before(oldest.made) {
				oldest = v
			}
		}
	}
	if n >= mostOfSite {
		delete(k.m, oldest.token)
	}
	k.m[c.token] = c
	return c
}

// get is the check of a token; nil if there is none, or no more.
func (k *kept) get(token string) *check {
	k.mu.Lock()
	defer k.mu.Unlock()
	c := k.m[token]
	if c == nil || k.now().Sub(c.made) >= lasts {
		return nil
	}
	return c
}

// begins reports whether the page is to be fetched now, and by whoever asks.
func (c *check) begins(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looking || c.saw != nil && (c.said != nil || now.Sub(c.sawAt) < lookEvery) {
		return false
	}
	c.looking = true
	return true
}

func (c *check) saws(saw installcheck.Fetched, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.looking, c.saw, c.sawAt = false, &saw, now
}

// says takes what a page said. One that got no request through says it once more
// as a script: that must not hide what came by request.
func (c *check) says(said installcheck.Report, by, origin string, cookie bool, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	said.By = by
	if said.Page != "" {
		said.Page = withoutToken(said.Page)
	}
	c.said, c.saidAt, c.origin, c.cookie = &said, now, origin, cookie
}

// snapshot is a check as it stood at one moment.
type snapshot struct {
	token, page, origin string
	made, saidAt, sawAt time.Time
	said                *installcheck.Report
	saw                 *installcheck.Fetched
	cookie              bool
}

func (c *check) copied() snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	return snapshot{c.token, c.page, c.origin, c.made, c.saidAt, c.sawAt, c.said, c.saw, c.cookie}
}
