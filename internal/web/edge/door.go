package edge

import (
	"context"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/seldom"
	"parley/internal/web/cached"
	"parley/internal/web/rates"
)

// Sites is where the door finds sites and memberships.
type Sites interface {
	SiteByKey(ctx context.Context, key string) (discuss.Site, error)
	SiteByID(ctx context.Context, id discuss.ID) (discuss.Site, error)
	Sites(ctx context.Context) ([]discuss.Site, error)
	MemberOf(ctx context.Context, site, account discuss.ID) (discuss.Author, error)
}

// Places says on which site a comment or a person is.
type Places interface {
	SiteOfComment(ctx context.Context, id discuss.ID) (discuss.ID, error)
	SiteOfPerson(ctx context.Context, id discuss.ID) (discuss.ID, error)
}

// Door is what all rooms have in common: who calls, from where, and how often.
type Door struct {
	Sites   Sites
	Places  Places
	Auth    *auth.Service
	Refused RefusedOrigins
	Loads   PageLoads
	Limits  *rates.Limiter
	Pages   *cached.Pages
	Own     string         // origin of the public address
	Trusted []netip.Prefix // proxies whose X-Forwarded-For counts
	Now     func() time.Time

	known   siteCache
	refused refusals
	loads   pageLoads

	unavailable seldom.Voice
}

// Deadline bounds the reads of one request. Writes never see it.
func Deadline() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), RequestTimeout)
}

// Site returns a site by its key.
func (d *Door) Site(ctx context.Context, key string) (discuss.Site, error) {
	if v, ok := d.known.get(key); ok {
		return v, nil
	}
	at := d.known.turn.Load()
	site, err := d.Sites.SiteByKey(ctx, key)
	if err == nil {
		d.known.put(key, site, at)
	}
	return site, err
}

// siteCache keeps sites until one of them changes.
type siteCache struct {
	turn atomic.Int64 // moves with every clear: what was read before one is not kept after it
	mu   sync.RWMutex
	m    map[string]discuss.Site
}

func (k *siteCache) get(key string) (discuss.Site, bool) {
	k.mu.RLock()
	defer k.mu.RUnlock()
	v, ok := k.m[key]
	return v, ok
}

func (k *siteCache) put(key string, v discuss.Site, at int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.turn.Load() != at {
		return
	}
	if k.m == nil {
		k.m = map[string]discuss.Site{}
	}
	k.m[key] = v
}

func (k *siteCache) clear() {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn.Add(1)
	k.m = nil
}

// SiteByID returns a site by its id.
func (d *Door) SiteByID(ctx context.Context, id discuss.ID) (discuss.Site, error) {
	return d.Sites.SiteByID(ctx, id)
}

// AllSites returns every site of the instance.
func (d *Door) AllSites(ctx context.Context) ([]discuss.Site, error) { return d.Sites.Sites(ctx) }

// MemberOf is an account as one of a site's members, with the role they have
// there and nothing of an operator's powers.
func (d *Door) MemberOf(ctx context.Context, site discuss.Site, account discuss.ID) (discuss.Actor, error) {
	a, err := d.Sites.MemberOf(ctx, site.ID, account)
	return discuss.Actor{Account: account, Name: a.Name, Role: a.Role, Author: a}, err
}

// ForgetSites drops what is kept of sites: one has changed.
func (d *Door) ForgetSites() {
	d.known.clear()
	d.loads.forget()
}
