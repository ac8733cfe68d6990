package store

import (
	"context"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// BenchmarkSessionByToken is what every private call begins with.
func BenchmarkSessionByToken(b *testing.B) {
	s := newBench(b, Options{})
	ctx := context.Background()
	acc, err := s.NewAccount(ctx, auth.Account{Email: "bench@example.com", Name: "bench", Verified: true}, s.site.ID, "bench", discuss.Member)
	if err != nil {
		b.Fatal(err)
	}
	_, hash := auth.NewToken()
	if err := s.PutSession(ctx, hash, auth.Session{Kind: auth.AccountSession, Account: acc, Expires: time.Now().Add(time.Hour)}); err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.SessionByToken(ctx, hash, now); err != nil {
			b.Fatal(err)
		}
	}
}
