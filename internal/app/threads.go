package app

import (
	"context"
	"fmt"
	"time"

	"parley/internal/discuss"
	"parley/internal/store"
)

// siteThreads are a site and the verbs of its threads, for a command.
func siteThreads(ctx context.Context, db *store.Store, key string) (discuss.Site, *discuss.Service, error) {
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return site, nil, fmt.Errorf("site %q: %w", key, err)
	}
	return site, &discuss.Service{Store: db}, nil
}

// MergeThreads merges the thread of one key into that of another, all of it, and
// returns what came of it.
func MergeThreads(ctx context.Context, db *store.Store, site, from, into string, p *Progress) (discuss.Merged, error) {
	st, verbs, err := siteThreads(ctx, db, site)
	if err != nil {
		return discuss.Merged{}, err
	}
	var ids [2]discuss.ID
	for i, key := range []string{from, into} {
		th, err := db.ThreadByKey(ctx, st.ID, key)
		if err != nil {
			return discuss.Merged{}, fmt.Errorf("the page %s: %w", key, err)
		}
		ids[i] = th.ID
	}
	var told func(int)
	return verbs.MergeOnServer(ctx, st, ids[0], ids[1], OnServer, func(n, of int) {
		if told == nil {
			if told = p.of(of, "comment", "comments"); told == nil {
				told = func(int) {}
			}
		}
		told(n)
	})
}

// RemapThreads moves the pages of a site by a pattern, all of them, or says what
// that would do.
func RemapThreads(ctx context.Context, db *store.Store, site, from, to string, merge, dry bool) (out discuss.RemapDone, err error) {
	st, verbs, err := siteThreads(ctx, db, site)
	if err != nil {
		return out, err
	}
	m, err := discuss.ParseRemap(from, to)
	if err != nil {
		return out, err
	}
	if dry {
		return verbs.PlanRemap(ctx, st, m, merge)
	}
	for {
		some, err := verbs.RemapOnServer(ctx, st, m, merge, out.Next, OnServer)
		out.Renamed, out.Merged, out.Clashes, out.Foreign, out.Next = out.Renamed+some.Renamed, out.Merged+some.Merged, out.Clashes+some.Clashes, out.Foreign+some.Foreign, some.Next
		out.Rows = append(out.Rows, some.Rows[:min(len(some.Rows), discuss.MaxRemapRows-len(out.Rows))]...)
		if err != nil || out.Next.IsZero() {
			return out, err
		}
	}
}

// CheckThreads asks the page of every thread of a site whether it still answers.
func CheckThreads(ctx context.Context, s *Settings, db *store.Store, site string, p *Progress) (discuss.PageCheck, error) {
	st, verbs, err := siteThreads(ctx, db, site)
	if err != nil {
		return discuss.PageCheck{}, err
	}
	list, unasked, cut, err := verbs.PagesToAsk(ctx, st)
	if err != nil {
		return discuss.PageCheck{}, err
	}
	out := discuss.PageCheck{Began: time.Now(), Total: len(list), Unasked: unasked, Cut: cut}
	told := p.of(len(list), "page", "pages")
	err = s.pageAsker(verbs).check(ctx, st, list, func(n int, row *discuss.CheckedPage) {
		if out.Done = n; row != nil {
			out.Rows = append(out.Rows, *row)
		}
		if told != nil {
			told(n)
		}
	})
	out.End = time.Now()
	return out, err
}
