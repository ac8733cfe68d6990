package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"log/slog"
	"net/netip"
	"sync"
	"time"

	"parley/internal/store"
)

// Prefixes that count as one network.
const (
	networkBits4 = 24
	networkBits6 = 48
)

// network hashes addresses with a key that changes every month, so that an old
// hash says nothing about an address once its key is gone.
func (s *settings) network(ctx context.Context, db *store.Store) (func(netip.Addr) ([]byte, string), error) {
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
		bits := networkBits4
		if ip.Is6() {
			bits = networkBits6
		}
		p, err := ip.Prefix(bits)
		if err != nil {
			return nil, ""
		}
		mu.Lock()
		defer mu.Unlock()
		if err := load(time.Now()); err != nil { // the old key does for as long as there is no new one
			slog.Warn("new month's network key", "err", err)
		}
		m := hmac.New(sha256.New, key)
		_, _ = m.Write([]byte(p.String()))
		return m.Sum(nil)[:16], p.String()
	}, nil
}

// freshKey is a new secret of the instance's own.
func freshKey() []byte {
	b := make([]byte, sha256.Size)
	_, _ = rand.Read(b)
	return b
}
