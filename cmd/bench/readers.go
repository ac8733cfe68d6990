package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
	"parley/internal/tokens"
)

const (
	searchMany  = 1_000_000
	searchFew   = 10_000
	searchLooks = 60
	wordsKnown  = 30_000
	wordsEach   = 18
)

// searchable is a store with so many comments, in threads of a thousand, of
// words that are as frequent as in a language.
type searchable struct {
	db      *store.Store
	service discuss.Service
	site    discuss.Site
	busy    discuss.ID // a thread with a tenth of all
	words   []string   // the most frequent first
}

func (w *world) searchable(ctx context.Context, total int) (*searchable, error) {
	db, err := store.Open(filepath.Join(w.dir, fmt.Sprintf("search-%d.db", total)), store.Options{Skeleton: markup.Skeleton})
	if err != nil {
		return nil, err
	}
	s := &searchable{db: db, words: vocab()}
	s.service = discuss.Service{Store: db, Text: discuss.Text{Plain: markup.TextOf, Words: func(t string) discuss.Words { return tokens.QueryOf(t) }}}
	if s.site, err = db.SiteByKey(ctx, "news"); err != nil {
		if s.site, err = discuss.NewSite("news", "News", []string{origin}); err != nil {
			return nil, err
		}
		if s.site, err = db.PutSite(ctx, s.site); err != nil {
			return nil, err
		}
		if err := s.write(ctx, total); err != nil {
			return nil, err
		}
	}
	th, err := db.ThreadByKey(ctx, s.site.ID, "t0")
	s.busy = th.ID
	return s, err
}

func vocab() []string {
	rnd := rand.New(rand.NewPCG(5, 6))
	out := make([]string, 0, wordsKnown)
	seen := map[string]bool{}
	for len(out) < wordsKnown {
		b := make([]byte, 3+rnd.IntN(7))
		for i := range b {
			b[i] = "etaoinshrdlucmfwypvbgk"[int(float64(22)*rnd.Float64()*rnd.Float64())]
		}
		if w := string(b); !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

func (s *searchable) write(ctx context.Context, total int) error {
	rnd := rand.New(rand.NewPCG(7, 8))
	zipf := rand.NewZipf(rnd, 1.1, 4, wordsKnown-1)
	at := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for from := 0; from < total; from += chunk {
		a := &discuss.Archive{Source: "bench", People: []discuss.ArchivePerson{{Foreign: "p", Name: "Somebody"}}}
		seen := map[string]bool{}
		for i := from; i < min(total, from+chunk); i++ {
			key := "t0"
			if i%10 != 0 {
				key = fmt.Sprint("t", 1+i/1000)
			}
			if !seen[key] {
				seen[key] = true
				a.Threads = append(a.Threads, discuss.ArchiveThread{Foreign: key, Key: key, Title: key, State: discuss.Open})
			}
			words := make([]string, wordsEach)
			for j := range words {
				words[j] = s.words[zipf.Uint64()]
			}
			text := strings.Join(words, " ") + "."
			at = at.Add(time.Second)
			a.Comments = append(a.Comments, discuss.ArchiveComment{Foreign: fmt.Sprint(i), Thread: key, Person: "p", Body: text, HTML: "<p>" + text + "</p>", Status: discuss.Published, Created: at})
		}
		if _, err := s.db.ImportArchive(ctx, s.site, a); err != nil {
			return err
		}
	}
	return s.db.IndexAll(ctx)
}

// cost is the median of searches for some words in turn, in µs.
func (s *searchable) cost(ctx context.Context, thread discuss.ID, query func(i int) string) (float64, error) {
	var took []float64
	for i := range searchLooks {
		began := time.Now()
		if _, _, err := s.service.Search(ctx, discuss.SearchQuery{Site: s.site.ID, Thread: thread, Text: query(i), Limit: discuss.DefaultPageSize}); err != nil {
			return 0, err
		}
		took = append(took, float64(time.Since(began).Nanoseconds())/1000)
	}
	return median(took), nil
}

// returning measures what readers who come back ask for: a search of a million
// comments by one of ten thousand, and a page with reactions by one without.
func returning(w *world, rep *report) error {
	ctx := context.Background()
	few, err := w.searchable(ctx, searchFew)
	if err != nil {
		return err
	}
	defer few.db.Close()
	many, err := w.searchable(ctx, searchMany)
	if err != nil {
		return err
	}
	defer many.db.Close()
	kinds := []struct {
		name  string
		query func(words []string) func(int) string
	}{
		{"a frequent word", func(v []string) func(int) string { return func(i int) string { return v[i%5] + " " } }},
		{"two letters", func(v []string) func(int) string { return func(i int) string { return v[i%40][:2] } }},
		{"a beginning", func(v []string) func(int) string { return func(i int) string { return v[200+i][:3] } }},
		{"a middling word", func(v []string) func(int) string { return func(i int) string { return v[800+i] + " " } }},
		{"a rare word", func(v []string) func(int) string { return func(i int) string { return v[25_000+i] + " " } }},
		{"no word there is", func([]string) func(int) string { return func(i int) string { return fmt.Sprint("qqqq", i, " ") } }},
	}
	for _, in := range []string{"site", "thread"} {
		for _, k := range kinds {
			at := func(s *searchable) (float64, error) {
				thread := discuss.ID(0)
				if in == "thread" {
					thread = s.busy
				}
				return s.cost(ctx, thread, k.query(s.words))
			}
			a, err := at(few)
			if err != nil {
				return err
			}
			b, err := at(many)
			if err != nil {
				return err
			}
			rep.add(figure{fmt.Sprintf("search of a %s, %s: 1,000,000 comments by 10,000, p50", in, k.name), "µs", b, a, "<= 2"})
		}
	}
	return reactedPages(ctx, few, rep)
}

// reactedPages reads the first page of a thread on which every comment has
// reactions, and of one that has none.
func reactedPages(ctx context.Context, s *searchable, rep *report) error {
	for i, reactions := range []discuss.Reactions{"", discuss.ReactionsOf(map[string]int{"agree": 12, "funny": 3, "thanks": 140})} {
		a := &discuss.Archive{Source: fmt.Sprint("reacted", i), People: []discuss.ArchivePerson{{Foreign: "p", Name: "Somebody"}}}
		key := fmt.Sprint("reacted", i)
		a.Threads = append(a.Threads, discuss.ArchiveThread{Foreign: key, Key: key, State: discuss.Open, Reactions: reactions})
		for n := range 200 {
			a.Comments = append(a.Comments, discuss.ArchiveComment{
				Foreign: fmt.Sprint(n), Thread: key, Person: "p", Body: "A remark.", HTML: "<p>A remark.</p>", Status: discuss.Published, Up: n, Reactions: reactions,
				Created: time.Date(2020, 1, 1, 0, 0, n, 0, time.UTC),
			})
		}
		if _, err := s.db.ImportArchive(ctx, s.site, a); err != nil {
			return err
		}
	}
	var took [2][]float64
	for range 5 * looks {
		for i := range took {
			th, err := s.db.ThreadByKey(ctx, s.site.ID, fmt.Sprint("reacted", i))
			if err != nil {
				return err
			}
			began := time.Now()
			if _, err := s.service.Page(ctx, discuss.ListQuery{Thread: th.ID, View: discuss.ViewThreads, Sort: discuss.SortBest, Picks: true, Limit: discuss.DefaultPageSize}, 6); err != nil {
				return err
			}
			took[i] = append(took[i], float64(time.Since(began).Nanoseconds())/1000)
		}
	}
	rep.add(figure{"a page with reactions by one without, p50", "µs", median(took[1]), median(took[0]), "<= 1.05"})
	return nil
}
