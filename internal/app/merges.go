package app

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/discuss"
)

// Merges that are left to the server are looked for this often, and gone on with
// where nobody has been at them for that long: whoever asked for a small one, or
// a command beside the server, does it themselves.
const (
	mergesEvery = 10 * time.Second
	mergeRest   = 5 * time.Second
)

// merges goes on with merges of threads until ctx ends; kick has it look at once.
func merges(ctx context.Context, verbs *discuss.Service, kick <-chan struct{}, now func() time.Time) {
	t := time.NewTicker(mergesEvery)
	defer t.Stop()
	untouched := time.Time{} // the first look is for what a crash has left
	for {
		if err := verbs.RunMerges(ctx, untouched); err != nil && ctx.Err() == nil {
			slog.Error("merge threads", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-kick:
			untouched = time.Time{}
		case <-t.C:
			untouched = now().Add(-mergeRest)
		}
	}
}
