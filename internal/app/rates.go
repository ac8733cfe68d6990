package app

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/store"
	"parley/internal/web"
)

// ratesEvery is how much of what was spent a crash may give back.
const ratesEvery = 10 * time.Second

// keptRates brings the budgets back that were left when the server stopped, and
// returns what keeps them.
func keptRates(ctx context.Context, db *store.Store, server *web.Server) (keep func(ctx context.Context), err error) {
	secret, err := db.Key(ctx, "rates", freshKey)
	if err != nil {
		return nil, err
	}
	server.Limits.Keep(secret)
	list, err := db.Rates(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range list {
		server.Limits.Put(r.Bucket, r.Left, r.At)
	}
	return func(ctx context.Context) {
		var list []store.Rate
		if !server.Limits.Each(func(bucket string, left float64, at time.Time) {
			list = append(list, store.Rate{Bucket: bucket, Left: left, At: at})
		}) {
			return
		}
		if err := db.PutRates(ctx, list); err != nil && !db.Failing() {
			slog.Error("what is left of the budgets could not be kept", "err", err)
		}
	}, nil
}

// keepRates keeps them until ctx ends, and once more then.
func keepRates(ctx context.Context, keep func(ctx context.Context)) {
	t := time.NewTicker(ratesEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), ratesEvery)
			defer cancel()
			keep(last)
			return
		case <-t.C:
			keep(ctx)
		}
	}
}
