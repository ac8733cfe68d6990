package store

import (
	"context"
	"slices"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Ten thousand people follow a thread: how long it takes until all of them are
// told of one comment, and how much longer somebody who posts meanwhile waits.
func BenchmarkRing(b *testing.B) {
	const followers = 10_000
	s := newBench(b, Options{})
	ctx := context.Background()
	root := s.post(b, 1, "a", 0, "the root")
	if err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		for range followers {
			id := tx.NextID()
			for _, q := range []string{
				`INSERT INTO accounts (id, email, name, password, created) VALUES (?1, 'p' || ?1 || '@example.com', 'P' || ?1, '', 1)`,
				`INSERT INTO authors (id, site_id, account_id, kind, name, skeleton, created) VALUES (?1, (SELECT min(id) FROM sites), ?1, 'member', 'P' || ?1, 'p' || ?1, 1)`,
				`INSERT INTO follows (author_id, thread_id, comment_id, created) VALUES (?1, (SELECT min(id) FROM threads), 0, 1)`,
			} {
				if err := tx.exec(q, id); err != nil {
					return err
				}
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	timed := func() time.Duration {
		began := time.Now()
		s.post(b, 2, "b", 0, "by the way")
		return time.Since(began)
	}
	var bare, beside []time.Duration
	b.ResetTimer()
	for range b.N {
		c := s.post(b, 3, "a", root.ID, "told to all")
		done := make(chan error, 1)
		go func() { done <- s.Ring(ctx, c.ID, false) }()
		for waiting := true; waiting; {
			select {
			case err := <-done:
				if err != nil {
					b.Fatal(err)
				}
				waiting = false
			default:
				beside = append(beside, timed())
			}
		}
		b.StopTimer()
		for range 100 { // beside nothing, in the same minute
			bare = append(bare, timed())
		}
		b.StartTimer()
		if n, err := s.Unread(ctx, s.people[1].Account, discuss.ID(0)); err != nil || n == 0 {
			b.Fatal(n, err)
		}
	}
	b.StopTimer()
	slices.Sort(bare)
	slices.Sort(beside)
	at := func(l []time.Duration, part int) float64 { return float64(l[len(l)*part/100]) }
	b.ReportMetric(at(beside, 50)/at(bare, 50), "median-post-ratio")
	b.ReportMetric(at(beside, 99)/at(bare, 99), "p99-post-ratio")
}
