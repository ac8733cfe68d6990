package store

import (
	"context"
	"database/sql"
	"fmt"
	"testing"
	"time"

	"parley/internal/discuss"
)

// BenchmarkInbox is the first page of the inbox, most urgent first, of a small
// site and of one with 1,000,000 comments of which 50,000 wait. What it costs
// must not follow from how much there is.
func BenchmarkInbox(b *testing.B) {
	for _, size := range []struct{ comments, waiting int }{{1_000, 200}, {1_000_000, 50_000}} {
		b.Run(fmt.Sprint(size.comments), func(b *testing.B) {
			s := crowded(b, size.comments, size.waiting)
			q := discuss.QueueQuery{Site: s.site.ID, State: discuss.QueueAll, Limit: 26}
			for b.Loop() {
				list, err := s.Queue(context.Background(), q)
				if err != nil || len(list) != 26 {
					b.Fatal(len(list), err)
				}
			}
		})
	}
}

// crowded is a site with so many comments, of which so many wait.
func crowded(b *testing.B, comments, waiting int) *bench {
	b.Helper()
	s := newBench(b, Options{})
	c := s.post(b, 1, "a", 0, "the first")
	raw, err := sql.Open("sqlite3", s.path)
	if err != nil {
		b.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(`DROP TRIGGER comments_text_add`); err != nil { // the search index is not what is measured
		b.Fatal(err)
	}
	if _, err := raw.Exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
		INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created, place)
		SELECT ?2 + i, ?3, ?4, ?2 + i, 0, ?5, 'Boats will call at Eastgate, Customs Quay and the Lock.', '<p>Boats</p>',
		CASE WHEN i % ?6 = 0 THEN 'pending' ELSE 'published' END, i % ?6 <> 0, ?7 + i, -(i * 7919 % 17) FROM n`,
		comments, int64(c.ID), s.site.ID, c.ThreadID, c.Author.ID, comments/waiting, c.Created.UnixMilli()); err != nil {
		b.Fatal(err)
	}
	if _, err := raw.Exec(`ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkCounts is what the tabs say after every burst of decisions.
func BenchmarkCounts(b *testing.B) {
	for _, size := range []struct{ comments, waiting int }{{1_000, 200}, {1_000_000, 50_000}} {
		b.Run(fmt.Sprint(size.comments), func(b *testing.B) {
			s, ctx := crowded(b, size.comments, size.waiting), context.Background()
			for b.Loop() {
				if _, err := s.QueueCounts(ctx, s.site.ID); err != nil {
					b.Fatal(err)
				}
				if _, err := s.NewCount(ctx, s.site.ID, time.Time{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
