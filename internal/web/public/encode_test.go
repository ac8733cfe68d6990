package public

import (
	"fmt"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/pagecache"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

func somePage() []discuss.Comment {
	at := time.Date(2026, 11, 14, 8, 0, 0, 0, time.UTC)
	one := func(i int, parent discuss.ID) discuss.Comment {
		return discuss.Comment{
			ID: discuss.ID(1<<50 + i), ThreadID: 1 << 49, Parent: parent, Root: 1 << 50, Status: discuss.Published, Created: at, Up: i, Replies: 3, Kids: 3,
			Author: discuss.Author{ID: discuss.ID(1<<48 + i), Name: fmt.Sprint("Reader ", i)},
			HTML:   "<p>Boats will call at Eastgate, Customs Quay &amp; the Lock; fares stay the same as by day.</p>",
		}
	}
	var out []discuss.Comment
	for i := range 20 {
		c := one(i, 0)
		for j := range 3 {
			c.Children = append(c.Children, one(100+3*i+j, c.ID))
		}
		out = append(out, c)
	}
	return out
}

// BenchmarkEncodePage is what a page of 20 roots with replies costs after it
// has been read.
func BenchmarkEncodePage(b *testing.B) {
	as := shape.Shaper{Base: "http://127.0.0.1:8080", Now: time.Now}
	page := somePage()
	for name, work := range map[string]func() []byte{
		"shape":  func() []byte { as.CommentsOf(page, false); return nil },
		"encode": func() []byte { b, _ := edge.Encode(commentsOut{Comments: as.CommentsOf(page, false)}); return b },
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				work()
			}
		})
	}
	raw, _ := edge.Encode(commentsOut{Comments: as.CommentsOf(page, false)})
	c := pagecache.New(1 << 20)
	b.Run(fmt.Sprint("pack ", len(raw)), func(b *testing.B) {
		for b.Loop() {
			c.Clear()
			if _, err := c.Fill("/", c.Mark(1), nil, func() ([]byte, time.Time, error) { return raw, time.Time{}, nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
}
