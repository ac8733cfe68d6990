package store

import (
	"context"
	"database/sql"
	"fmt"
	"testing"

	"parley/internal/discuss"
)

// BenchmarkInbox is the first page of the inbox, most urgent first, of a small
// site and of one with 1,000,000 comments of which 50,000 wait. What it costs
// must not follow from how much there is.
func BenchmarkInbox(b *testing.B) {
	for _, size := range []struct{ comments, waiting int }{{1_000, 200}, {1_000_000, 50_000}} {
		b.Run(fmt.Sprint(size.comments), func(b *testing.B) {
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
				size.comments, int64(c.ID), s.site.ID, c.ThreadID, c.Author.ID, size.comments/size.waiting, c.Created.UnixMilli()); err != nil {
				b.Fatal(err)
			}
			if _, err := raw.Exec(`ANALYZE; PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
				b.Fatal(err)
			}
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
