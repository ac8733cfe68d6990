package app

import (
	"bytes"
	"context"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"parley/internal/store"
)

// A network is found by what it was known by this month and, for as long as the
// store remembers, before; asking makes no key.
func TestANetworkIsFoundByWhatItWasKnownBy(t *testing.T) {
	db, err := store.Open(filepath.Join(t.TempDir(), "p.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	ctx, now := context.Background(), time.Now()
	known := func(ip string, at time.Time) [][]byte {
		list, err := networkHashes(ctx, db, netip.MustParseAddr(ip), at)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	if got := known("203.0.113.7", now); len(got) != 0 {
		t.Errorf("before anybody wrote: %x", got)
	}
	hash, err := (&Settings{}).network(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := hash(netip.MustParseAddr("203.0.113.200"))
	for _, at := range []time.Time{now, now.AddDate(0, 0, 27)} {
		if got := known("203.0.113.7", at); len(got) != 1 || !bytes.Equal(got[0], want) {
			t.Errorf("at %v: %x, want %x", at, got, want)
		}
	}
	if got := known("203.0.113.7", now.AddDate(0, 0, 62)); len(got) != 0 {
		t.Errorf("two months on: %x", got)
	}
	if got := known("203.0.112.7", now); len(got) != 1 || bytes.Equal(got[0], want) {
		t.Errorf("the network beside it: %x", got)
	}
}
