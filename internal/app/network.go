package app

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/store"
)

// Prefixes that count as one network.
const (
	networkBits4 = 24
	networkBits6 = 48
)

// network hashes addresses with a key that changes every month, so that an old
// hash says nothing about an address once its key is gone.
func (s *Settings) network(ctx context.Context, db *store.Store) (func(netip.Addr) ([]byte, string), error) {
	var mu sync.Mutex
	month, key := "", []byte(nil)
	load := func(now time.Time) error {
		name := now.UTC().Format("2006-01")
		if name == month {
			return nil
		}
		k, err := db.Key(ctx, "network "+name, freshKey)
		if err == nil {
			month, key = name, k
		}
		return err
	}
	if err := load(time.Now()); err != nil {
		return nil, err
	}
	return func(ip netip.Addr) ([]byte, string) {
		p, err := networkOf(ip)
		if err != nil {
			return nil, ""
		}
		mu.Lock()
		defer mu.Unlock()
		if err := load(time.Now()); err != nil { // the old key does for as long as there is no new one
			slog.Warn("new month's network key", "err", err)
		}
		return networkHash(key, p), p.String()
	}, nil
}

func networkOf(ip netip.Addr) (netip.Prefix, error) {
	if ip.Is6() {
		return ip.Prefix(networkBits6)
	}
	return ip.Prefix(networkBits4)
}

func networkHash(key []byte, p netip.Prefix) []byte {
	m := hmac.New(sha256.New, key)
	_, _ = m.Write([]byte(p.String()))
	return m.Sum(nil)[:16]
}

// networkHashes are what an address's network was known by within the time for
// which the store remembers who wrote from where. It makes no key.
func networkHashes(ctx context.Context, db *store.Store, ip netip.Addr, now time.Time) (out [][]byte, err error) {
	p, err := networkOf(ip)
	if err != nil {
		return nil, nil //nolint:nilerr // an address without a network is nobody's
	}
	last := ""
	for back := time.Duration(0); back <= store.NetworkWindow; back += 24 * time.Hour {
		month := now.UTC().Add(-back).Format("2006-01")
		if month == last {
			continue
		}
		last = month
		key, err := db.KnownKey(ctx, "network "+month)
		if discuss.KindOf(err) == discuss.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		out = append(out, networkHash(key, p))
	}
	return out, nil
}

// freshKey is a new secret of the instance's own.
func freshKey() []byte {
	b := make([]byte, sha256.Size)
	_, _ = rand.Read(b)
	return b
}
