package app

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
	"parley/internal/store"
)

const (
	roundEvery = time.Minute
	newsEvery  = 10 * time.Second // how soon staff hear of a new comment
	headHour   = 3                // of the day, UTC, at which the audit log's head is published
)

// schedule is what is done by the clock: threads that close, sites that go, hourly and daily mail, the
// head of the audit log.
type schedule struct {
	db    *store.Store
	verbs *discuss.Service
	tell  *notify.Teller
	now   func() time.Time
	gone  func() // a site was deleted

	headOn, mailOn, hourOn string // the days, and the hour, in which they were done last
}

func (c *schedule) run(ctx context.Context) {
	t, news := time.NewTicker(roundEvery), time.NewTicker(newsEvery)
	defer t.Stop()
	defer news.Stop()
	for {
		do := c.round
		select {
		case <-ctx.Done():
			return
		case <-news.C:
			do = c.news
		case <-t.C:
		}
		if err := do(ctx); err != nil && ctx.Err() == nil {
			slog.Error("schedule", "err", err)
		}
	}
}

// news tells staff of new comments, and who sent a notice of what was decided.
func (c *schedule) news(ctx context.Context) error {
	return errors.Join(c.tell.News(ctx), c.tell.Notices(ctx))
}

func (c *schedule) round(ctx context.Context) error {
	sites, err := c.db.Sites(ctx)
	if err != nil {
		return err
	}
	for _, site := range sites {
		if err := c.verbs.CloseDue(ctx, site, c.now()); err != nil {
			return err
		}
	}
	if err := deleteDueSites(ctx, c.db, c.now(), c.gone); err != nil {
		return err
	}
	now := c.now().UTC()
	day := now.Format(time.DateOnly)
	if now.Hour() >= headHour && c.headOn != day {
		n, head, err := c.db.AuditHead(ctx)
		if err != nil {
			return err
		}
		slog.Info("head of the audit log", "rows", n, "hash", head)
		if n > 0 {
			if err := c.tell.Head(ctx, n, head); err != nil {
				return err
			}
		}
		c.headOn = day
	}
	if hour := now.Format("2006-01-02T15"); c.hourOn != hour {
		if err := c.tell.Hourly(ctx); err != nil {
			return err
		}
		c.hourOn = hour
	}
	if now.Hour() >= notify.DigestHour && c.mailOn != day {
		if err := c.tell.Daily(ctx); err != nil {
			return err
		}
		c.mailOn = day
	}
	return nil
}
