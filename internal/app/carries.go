package app

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/fetch"
)

// Bounds of how often pages of a site are fetched to see whether they carry our
// tag: whoever posts must not be able to have one fetched again and again, and
// whoever mends a page should not have to wait for long.
const (
	pageRest  = 3 * time.Minute // before a page is asked again about the same thread
	pagesKept = 10_000
)

// pageAnswers are what pages have answered of late, and those being asked.
type pageAnswers struct {
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex
	known map[pageQuestion]*pageAnswer
}

type pageQuestion struct {
	site      discuss.ID
	key, page string
}

type pageAnswer struct {
	at   time.Time
	done chan struct{} // closed once yes is known
	yes  bool
}

// carries reports whether a page of a site's has a place for the comments of a
// thread. It is fetched, at most once in a while, whoever asks meanwhile. A page
// that can't be had has none.
func (p *pageAnswers) carries(ctx context.Context, site discuss.Site, key, page string) (bool, error) {
	of, now := pageQuestion{site.ID, key, page}, p.now()
	p.mu.Lock()
	if p.known == nil || len(p.known) >= pagesKept {
		maps.DeleteFunc(p.known, func(_ pageQuestion, a *pageAnswer) bool { return now.Sub(a.at) >= pageRest })
		if p.known == nil || len(p.known) >= pagesKept {
			p.known = map[pageQuestion]*pageAnswer{}
		}
	}
	a := p.known[of]
	mine := a == nil || now.Sub(a.at) >= pageRest
	if mine {
		a = &pageAnswer{at: now, done: make(chan struct{})}
		p.known[of] = a
	}
	p.mu.Unlock()
	if mine {
		a.yes = p.ask(context.WithoutCancel(ctx), site, key, page)
		close(a.done)
	}
	select {
	case <-a.done:
		return a.yes, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

func (p *pageAnswers) ask(ctx context.Context, site discuss.Site, key, page string) bool {
	ctx, cancel := context.WithTimeout(ctx, fetch.Patience)
	defer cancel()
	b, err := fetch.Get(ctx, p.client, page)
	if err != nil {
		if errors.Is(err, fetch.ErrRefused) {
			slog.Warn("a page of the site could not be fetched, so nobody can begin a discussion there", "site", site.Key, "page", page)
		}
		return false
	}
	tags, canonical := fetch.Tags(b, page)
	for _, t := range tags {
		if t.Site != site.Key {
			continue
		}
		if t.Thread != "" {
			if t.Thread == key {
				return true
			}
			continue
		}
		if own, ok := discuss.ThreadKeyFromURL(cmp.Or(canonical, page)); ok && own == key {
			return true
		}
	}
	return false
}
