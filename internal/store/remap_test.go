package store

import (
	"context"
	"errors"
	"testing"

	"parley/internal/discuss"
)

// A page goes only to one of the site's own addresses, also by a pattern of paths.
func TestRemapLeavesPagesElsewhere(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	foreign := b.post(t, 1, "https://elsewhere.example/blog/one", 0, "words of one").ThreadID
	b.post(t, 1, "https://news.example/blog/two", 0, "words of two")
	b.post(t, 1, "/blog/three", 0, "words of three")
	for _, pattern := range [][2]string{{"/blog/*", "/news/*"}, {"https://elsewhere*", "https://elsewhere*/"}} {
		m, err := discuss.ParseRemap(pattern[0], pattern[1])
		if err != nil {
			t.Fatal(err)
		}
		plan, err := b.verbs.RemapPlan(ctx, b.site, b.people[0], m, true)
		if err != nil || plan.Foreign != 1 || plan.Rows[0].Does != discuss.RemapForeign || plan.Rows[0].Thread != foreign {
			t.Errorf("%v: the plan is %+v, %v", pattern, plan, err)
		}
		done, err := b.verbs.Remap(ctx, b.site, b.people[0], m, true, discuss.Cursor{})
		if err != nil || done.Foreign != 1 || done.Renamed != plan.Renamed || len(done.Rows) != len(plan.Rows) {
			t.Errorf("%v: it became %+v, %v", pattern, done, err)
		}
		if th, err := b.ThreadByID(ctx, foreign); err != nil || th.Key != "https://elsewhere.example/blog/one" {
			t.Errorf("%v: the page elsewhere has the key %q, %v", pattern, th.Key, err)
		}
	}
	if _, err := b.ThreadByKey(ctx, b.site.ID, "/news/three"); err != nil {
		t.Error("a name of the publisher's own:", err)
	}
}

// A remap moves keys, leaves the old ones as aliases, and merges where it is asked to.
func TestRemap(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	one := b.post(t, 1, "https://news.example/blog/one", 0, "words of one").ThreadID
	two := b.post(t, 1, "https://news.example/blog/two", 0, "words of two").ThreadID
	there := b.post(t, 1, "https://news.example/news/two", 0, "words of the new two").ThreadID
	b.post(t, 1, "article-42", 0, "words elsewhere")
	m, err := discuss.ParseRemap("/blog/*", "/news/*")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.verbs.RemapPlan(ctx, b.site, b.people[1], m, false); !errors.Is(err, discuss.ErrRole) {
		t.Error("a reader may:", err)
	}
	before := dumped(t, b.path)
	plan, err := b.verbs.RemapPlan(ctx, b.site, b.people[0], m, false)
	if err != nil || plan.Renamed != 1 || plan.Clashes != 1 || len(plan.Rows) != 2 || plan.Rows[1].Into != there {
		t.Fatalf("%+v %v", plan, err)
	}
	differ(t, before, dumped(t, b.path))
	done, err := b.verbs.Remap(ctx, b.site, b.people[0], m, false, discuss.Cursor{})
	if err != nil || done.Renamed != 1 || done.Clashes != 1 || !done.Next.IsZero() {
		t.Fatalf("%+v %v", done, err)
	}
	for key, want := range map[string]discuss.ID{"https://news.example/blog/one": one, "https://news.example/news/one": one, "https://news.example/blog/two": two, "https://news.example/news/two": there} {
		if th, err := b.ThreadByKey(ctx, b.site.ID, key); err != nil || th.ID != want {
			t.Errorf("%s leads to %v, %v", key, th.ID, err)
		}
	}
	if th, _ := b.ThreadByID(ctx, one); th.Key != "https://news.example/news/one" {
		t.Error("its key is", th.Key)
	}
	done, err = b.verbs.Remap(ctx, b.site, b.people[0], m, true, discuss.Cursor{})
	if err != nil || done.Merged != 1 || done.Renamed != 0 || done.Rows[0].Undo == "" {
		t.Fatalf("%+v %v", done, err)
	}
	if th, err := b.ThreadByKey(ctx, b.site.ID, "https://news.example/blog/two"); err != nil || th.ID != there || th.Count != 2 {
		t.Errorf("%+v %v", th, err)
	}
	recount(t, b.path)
}
