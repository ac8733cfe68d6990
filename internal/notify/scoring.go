package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"parley/internal/discuss"
)

const (
	questionsAtOnce = 32 // they wait for other people's servers, not for ours
	questionsOfSite = 4  // at once: a site whose hook hangs takes no more than that
)

// ScoringRequests is where the questions to outside services are kept, site by site.
type ScoringRequests interface {
	// SitesToScore returns the sites that have a question due.
	SitesToScore(ctx context.Context) ([]discuss.ID, error)
	// ClaimScoringRequests takes due questions of a site and hides them until the lease ends.
	ClaimScoringRequests(ctx context.Context, site discuss.ID, limit int, lease time.Duration) ([]Job, error)
	Ends
}

// ScorerWorker is the worker of questions. It is not the worker of mail, because a
// hook may hang for as long as its owner lets it: mail would wait meanwhile,
// and so would the other sites' questions, if each site had not its own few
// places.
type ScorerWorker struct {
	ScoringRequests ScoringRequests
	Ask             func(ctx context.Context, j Job) error
	Now             func() time.Time

	all   sync.WaitGroup
	mu    sync.Mutex
	busy  map[discuss.ID]int // questions that are out, by site
	out   int
	last  discuss.ID // the site that was served last: the next round begins behind it
	freed chan struct{}
}

// Run asks until ctx ends, and returns when the last question has come back.
func (a *ScorerWorker) Run(ctx context.Context) {
	a.mu.Lock()
	a.freed = make(chan struct{}, 1)
	a.mu.Unlock()
	t := time.NewTicker(slowTick)
	defer t.Stop()
	defer a.all.Wait()
	for {
		if err := a.round(ctx); err != nil && ctx.Err() == nil {
			slog.Error("claim questions", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		case <-a.freed:
		}
	}
}

// round sends out what there is a place for, and waits for none of it.
func (a *ScorerWorker) round(ctx context.Context) error {
	sites, err := a.ScoringRequests.SitesToScore(ctx)
	if err != nil {
		return err
	}
	a.mu.Lock()
	last := a.last
	a.mu.Unlock()
	for i, site := range sites { // in the order of their ids
		if site > last {
			sites = append(sites[i:len(sites):len(sites)], sites[:i]...)
			break
		}
	}
	for _, site := range sites {
		a.mu.Lock()
		places := min(questionsOfSite-a.busy[site], questionsAtOnce-a.out)
		a.mu.Unlock()
		if places <= 0 {
			continue
		}
		jobs, err := a.ScoringRequests.ClaimScoringRequests(ctx, site, places, lease)
		if err != nil {
			return err
		}
		for _, j := range jobs {
			a.take(site, 1)
			a.all.Go(func() {
				defer a.take(site, -1)
				once, done := context.WithTimeout(ctx, jobTime)
				err := a.Ask(once, j)
				done()
				end(ctx, a.ScoringRequests, a.Now, j, err)
			})
		}
	}
	return nil
}

// take counts a question of a site in or out.
func (a *ScorerWorker) take(site discuss.ID, n int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.busy == nil {
		a.busy = map[discuss.ID]int{}
	}
	if a.busy[site] += n; a.busy[site] == 0 {
		delete(a.busy, site)
	}
	a.out += n
	if n > 0 {
		a.last = site
		return
	}
	select {
	case a.freed <- struct{}{}:
	default: // it is told already
	}
}
