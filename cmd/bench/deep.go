package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"time"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
)

const (
	manyComments = 1_000_000
	fewComments  = 100
	looks        = 200
	chunk        = 50_000 // comments of one archive
)

// deep reads first and deep pages of a thread of a million comments and of one
// of a hundred, past every cache of ours. The database is made once.
func deep(w *world, rep *report) error {
	ctx := context.Background()
	db, err := store.Open(filepath.Join(w.dir, "deep.db"), store.Options{Skeleton: markup.Skeleton})
	if err != nil {
		return err
	}
	defer db.Close()
	site, err := db.SiteByKey(ctx, "news")
	if err != nil {
		if site, err = deepSite(ctx, db); err != nil {
			return err
		}
	}
	service := discuss.Service{Store: db}
	for _, sort := range []discuss.Sort{discuss.SortBest, discuss.SortNewest} {
		for _, view := range []discuss.View{discuss.ViewThreads, discuss.ViewFlat} {
			few, err := p50(ctx, &service, site, "few", sort, view)
			if err != nil {
				return err
			}
			many, err := p50(ctx, &service, site, "many", sort, view)
			if err != nil {
				return err
			}
			rep.add(figure{fmt.Sprintf("1,000,000 comments, %s %s, p50", view, sort), "µs", many, few, "<= 1.3"})
		}
	}
	return tabs(ctx, db, site, rep)
}

const (
	waiting      = 20_000 // comments that wait on the large site
	waitingSmall = 1000   // and on the small one, which has no others
	tabLooks     = 300
)

// tabs is what the numbers on the dashboard's tabs cost on a site of a million
// comments, twenty thousand of them waiting, and on one of a thousand.
func tabs(ctx context.Context, db *store.Store, large discuss.Site, rep *report) error {
	small, err := db.SiteByKey(ctx, "small")
	if err != nil {
		if small, err = discuss.NewSite("small", "Small", []string{origin}); err != nil {
			return err
		}
		if small, err = db.PutSite(ctx, small); err != nil {
			return err
		}
		for site, n := range map[*discuss.Site]int{&small: waitingSmall, &large: waiting} {
			if err := wait(ctx, db, *site, n); err != nil {
				return err
			}
		}
	}
	cost := func(site discuss.Site) (float64, error) {
		var took []float64
		for range tabLooks {
			began := time.Now()
			if n, err := db.QueueCounts(ctx, site.ID); err != nil || n[discuss.QueuePending] == 0 {
				return 0, fmt.Errorf("%d wait on %s: %w", n[discuss.QueuePending], site.Key, err)
			}
			took = append(took, float64(time.Since(began).Nanoseconds())/1000)
		}
		return median(took), nil
	}
	few, err := cost(small)
	if err != nil {
		return err
	}
	many, err := cost(large)
	if err != nil {
		return err
	}
	rep.add(figure{"tabs of a desk of 1,000,000 comments, by 1,000, p50", "µs", many, few, "<= 1.5"})
	return nil
}

// wait has so many comments of a site wait for a moderator.
func wait(ctx context.Context, db *store.Store, site discuss.Site, n int) error {
	a := &discuss.Archive{Source: "waiting", Threads: []discuss.ArchiveThread{{Foreign: "w", Key: "waiting", Title: "Waiting", State: discuss.Open}}, People: []discuss.ArchivePerson{{Foreign: "p", Name: "Somebody"}}}
	at := time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		at = at.Add(time.Second)
		a.Comments = append(a.Comments, discuss.ArchiveComment{
			Foreign: fmt.Sprint("w", i), Thread: "w", Person: "p", Body: "A remark that waits.", HTML: "<p>A remark that waits.</p>", Status: discuss.Pending, Created: at,
		})
	}
	_, err := db.ImportArchive(ctx, site, a)
	return err
}

// p50 is the median of first pages and pages at random depths, in µs.
func p50(ctx context.Context, s *discuss.Service, site discuss.Site, key string, sort discuss.Sort, view discuss.View) (float64, error) {
	th, err := s.Store.ThreadByKey(ctx, site.ID, key)
	if err != nil {
		return 0, err
	}
	q := discuss.ListQuery{Thread: th.ID, View: view, Sort: sort, Limit: discuss.DefaultPageSize}
	top, err := s.Page(ctx, q, discuss.DefaultMaxDepth)
	if err != nil {
		return 0, err
	}
	high := discuss.CursorAt(top.Comments[0], sort, view).Key
	low := 0.1 // a rank that few comments fall below
	if sort == discuss.SortNewest {
		old, err := s.Page(ctx, discuss.ListQuery{Thread: th.ID, View: view, Sort: discuss.SortOldest, Limit: discuss.DefaultPageSize}, 1)
		if err != nil {
			return 0, err
		}
		low = discuss.CursorAt(old.Comments[len(old.Comments)-1], sort, view).Key
	}
	rnd := rand.New(rand.NewPCG(3, 4))
	var took []float64
	for i := 0; len(took) < looks; i++ {
		if i > 10*looks {
			return 0, fmt.Errorf("hardly a page of %s holds anything", key)
		}
		q.After = discuss.Cursor{}
		if i%2 == 1 {
			q.After = discuss.Cursor{Sort: sort, Key: low + rnd.Float64()*(high-low), ID: 1}
		}
		began := time.Now()
		p, err := s.Page(ctx, q, discuss.DefaultMaxDepth)
		if err != nil {
			return 0, err
		}
		if len(p.Comments) == 0 { // below the lowest rank of a small thread
			continue
		}
		took = append(took, float64(time.Since(began).Nanoseconds())/1000)
	}
	return median(took), nil
}

func deepSite(ctx context.Context, db *store.Store) (discuss.Site, error) {
	site, err := discuss.NewSite("news", "News", []string{origin})
	if err != nil {
		return site, err
	}
	if site, err = db.PutSite(ctx, site); err != nil {
		return site, err
	}
	for key, total := range map[string]int{"few": fewComments, "many": manyComments} {
		rnd := rand.New(rand.NewPCG(1, uint64(total)))
		at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
		a := &discuss.Archive{Source: key, Threads: []discuss.ArchiveThread{{Foreign: "t", Key: key, Title: key, State: discuss.Open}}, People: []discuss.ArchivePerson{{Foreign: "p", Name: "Somebody"}}}
		flush := func() error {
			_, err := db.ImportArchive(ctx, site, a)
			a.Comments = a.Comments[:0]
			return err
		}
		last := ""
		for i := range total {
			at = at.Add(time.Duration(1+rnd.IntN(2000)) * time.Millisecond)
			c := discuss.ArchiveComment{
				Foreign: fmt.Sprint(i), Thread: "t", Person: "p", Body: "A remark of ordinary length, as most of them are in the end.",
				HTML: "<p>A remark of ordinary length, as most of them are in the end.</p>", Status: discuss.Published, Created: at, Up: rnd.IntN(40), Down: rnd.IntN(10),
			}
			if rnd.IntN(2) == 0 && len(a.Comments) > 0 {
				c.Parent = last
			} else {
				last = c.Foreign
			}
			if a.Comments = append(a.Comments, c); len(a.Comments) == chunk {
				if err := flush(); err != nil {
					return site, err
				}
			}
		}
		if err := flush(); err != nil {
			return site, err
		}
	}
	return site, nil
}
