package store

import (
	"context"
	"errors"
	"testing"

	"parley/internal/discuss"
)

// What refers to an account or a site that has gone since the request began is
// told so, and takes nothing else of its batch with it.
func TestAWriteAboutWhatIsGone(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	post := func(site, author discuss.ID) error {
		return b.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, _ error) {
			th := discuss.Thread{ID: r.NextID(), SiteID: site, Key: r.NextID().String(), State: discuss.Open, Created: r.Now()}
			c := discuss.Comment{ID: r.NextID(), SiteID: b.site.ID, ThreadID: th.ID, Author: discuss.Author{ID: author}, Status: discuss.Published, Created: r.Now(), Body: "x", HTML: "<p>x</p>"}
			c.Root = c.ID
			ch.Add(discuss.NewThread{Thread: th}, discuss.NewComment{Comment: c})
			return ch, nil
		})
	}
	good := b.post(t, 1, "a", 0, "stands")
	for what, err := range map[string]error{"site": post(99, good.Author.ID), "author": post(b.site.ID, 99)} {
		if !errors.Is(err, discuss.ErrGone) {
			t.Errorf("a %s that is gone: %v", what, err)
		}
	}
	if err := post(b.site.ID, good.Author.ID); err != nil {
		t.Errorf("after them: %v", err)
	}
}
