// Package notify tells people who are not here. Its work stands in the jobs
// table, so a crash loses none of it; each job may run twice and must not mind.
package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"parley/internal/i18n"
)

const (
	claimAtOnce = 8               // done at the same time: one that hangs holds up no other
	lease       = 2 * time.Minute // a job claimed and not finished by then runs again
	jobTime     = time.Minute     // for one attempt
	slowTick    = 2 * time.Second
	maxAttempts = 14 // over three hours: a relay may be down for one
	firstRetry  = 2 * time.Second
	longestWait = 20 * time.Minute
)

// ErrForGood marks a failure that trying again cannot mend.
var ErrForGood = errors.New("for good")

// Later is a job that is not to be done yet, although nothing failed.
type Later struct{ At time.Time }

// Error says until when it waits.
func (e *Later) Error() string { return "not before " + e.At.UTC().Format(time.RFC3339) }

// Job is one row of the jobs table.
type Job struct {
	ID       int64
	Kind     Kind
	Payload  string
	Attempts int
}

// Jobs is where jobs are kept.
type Jobs interface {
	// ClaimJobs takes due jobs and hides them until the lease ends; questions to
	// outside services are not among them.
	ClaimJobs(ctx context.Context, limit int, lease time.Duration) ([]Job, error)
	Ends
}

// Ends is how a claimed job ends.
type Ends interface {
	FinishJob(ctx context.Context, id int64) error
	// RetryJob makes a job due again at a time, or gives it up with a reason.
	RetryJob(ctx context.Context, id int64, at time.Time, failed string) error
	// DelayJob makes a job due at a time, as if it had not been tried.
	DelayJob(ctx context.Context, id int64, at time.Time) error
}

// Worker sends what is due.
type Worker struct {
	Jobs Jobs
	Send func(ctx context.Context, m Message) error
	Now  func() time.Time
	// Texts are the words of the mails about accounts.
	Texts *i18n.Catalogues
	// Kinds are the further kinds of job, by name.
	Kinds map[Kind]func(ctx context.Context, payload string) error
}

// Run works until ctx ends.
func (w *Worker) Run(ctx context.Context) {
	t := time.NewTicker(slowTick)
	defer t.Stop()
	for {
		w.Round(ctx)
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
	}
}

// Round does what is due now and returns when that is done.
func (w *Worker) Round(ctx context.Context) {
	for ctx.Err() == nil {
		jobs, err := w.Jobs.ClaimJobs(ctx, claimAtOnce, lease)
		if err != nil {
			if ctx.Err() == nil { // else the server stops, and nothing is wrong
				slog.Error("claim jobs", "err", err)
			}
			return
		}
		var all sync.WaitGroup
		for _, j := range jobs {
			all.Go(func() { w.one(ctx, j) })
		}
		all.Wait()
		if len(jobs) < claimAtOnce {
			return
		}
	}
}

func (w *Worker) one(ctx context.Context, j Job) {
	once, done := context.WithTimeout(ctx, jobTime)
	err := w.send(once, j)
	done()
	end(ctx, w.Jobs, w.Now, j, err)
}

// end puts down how an attempt went.
func end(ctx context.Context, jobs Ends, now func() time.Time, j Job, err error) {
	if ctx.Err() != nil {
		return // stopping: the lease ends and it runs again
	}
	var later *Later
	if err == nil {
		err = jobs.FinishJob(ctx, j.ID)
	} else if errors.As(err, &later) {
		err = jobs.DelayJob(ctx, j.ID, later.At)
	} else if j.Attempts >= maxAttempts || errors.Is(err, ErrForGood) {
		slog.Warn("job given up", "kind", j.Kind, "id", j.ID, "attempts", j.Attempts, "err", err)
		err = jobs.RetryJob(ctx, j.ID, now(), err.Error())
	} else {
		err = jobs.RetryJob(ctx, j.ID, now().Add(retryAfter(j.Attempts)), "")
	}
	if err != nil && ctx.Err() == nil {
		slog.Error("job", "id", j.ID, "err", err)
	}
}

// retryAfter doubles the wait with every attempt.
func retryAfter(attempts int) time.Duration {
	return min(longestWait, firstRetry<<min(attempts, 20))
}

func (w *Worker) send(ctx context.Context, j Job) error {
	if do, ok := w.Kinds[j.Kind]; ok {
		return do(ctx, j.Payload)
	}
	if j.Kind != KindMail {
		return fmt.Errorf("unknown kind %q: %w", j.Kind, ErrForGood)
	}
	m, err := w.compose(j.Payload)
	if err != nil {
		return err
	}
	return w.Send(ctx, m)
}

// Log is the Send of an instance without SMTP: it prints the mail, links and
// all, so that the owner of a new installation can go on.
func Log(_ context.Context, m Message) error {
	fmt.Printf("\n--- mail to %s: %s\n%s---\n", m.To, m.Subject, m.Text)
	return nil
}

// finished is a mail job that holds the message itself, not a template's name.
type finished struct {
	Message
	Ready bool
}
