package checks

import (
	"context"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/installcheck"
	"parley/internal/web/edge"
)

// noLoads knows of no page that has shown its comments.
type noLoads struct{ edge.PageLoads }

func (noLoads) PageLoad(context.Context, discuss.ID) (out discuss.PageLoad, err error) { return }

// Nothing is said of a page that nobody has looked at yet.
func TestNothingIsFineBeforeItWasLookedAt(t *testing.T) {
	r := New(Room{Loads: noLoads{}, Now: time.Now})
	c := r.kept.add(1, "https://news.example/")
	for _, want := range []string{"waiting", "bad"} {
		out, err := r.out(context.Background(), discuss.Site{ID: 1, Key: "news"}, c)
		if err != nil || out.Verdict != want {
			t.Errorf("verdict %q, want %q (%v)", out.Verdict, want, err)
		}
		c.saws(installcheck.Fetched{Failed: installcheck.NoName}, time.Now())
	}
}
