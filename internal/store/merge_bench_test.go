package store

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"parley/internal/discuss"
)

// BenchmarkMerge says how long a merge of 10,000 comments takes, and how long
// the writer is held at most: in parts, and if it were one write.
func BenchmarkMerge(b *testing.B) {
	for _, parts := range []bool{true, false} {
		b.Run(fmt.Sprintf("parts=%t", parts), func(b *testing.B) {
			bb := newBench(b, Options{})
			ctx := context.Background()
			target := bb.post(b, 2, "new", 0, "a root there").ThreadID
			source := bb.post(b, 1, "old", 0, "a root").ThreadID
			for i := range 100 { // the rest of the site
				fillThread(b, bb, bb.post(b, 3, fmt.Sprint("other ", i), 0, "words").ThreadID, 1000)
			}
			for range 10 {
				fillThread(b, bb, source, 1000)
				fillThread(b, bb, target, 1000)
			}
			ids := make([]discuss.ID, 0, 10_001)
			if err := bb.rows(ctx, allOfThread, []any{source}, func(row scanner) error {
				var id discuss.ID
				err := row.Scan(&id)
				ids = append(ids, id)
				return err
			}); err != nil {
				b.Fatal(err)
			}
			b.ResetTimer()
			for range b.N {
				from, into := source, target
				var longest time.Duration
				began := time.Now()
				size := len(ids)
				if parts {
					size = mergeChunk
				}
				for part := range slices.Chunk(ids, size) {
					if err := bb.updateBulk(ctx, func(tx *Tx) error {
						at := time.Now()
						_, err := tx.moveComments(part, from, into)
						longest = max(longest, time.Since(at))
						return err
					}); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(time.Since(began).Milliseconds()), "ms/all")
				b.ReportMetric(float64(longest.Microseconds())/1000, "ms/longest")
				source, target = target, source
			}
		})
	}
}
