package notify_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/notify"
)

// oneJob is a queue that holds one mail job, once.
type oneJob struct {
	payload string
	failed  string
}

func (q *oneJob) ClaimJobs(context.Context, int, time.Duration) ([]notify.Job, error) {
	if q.payload == "" {
		return nil, nil
	}
	j := notify.Job{ID: 1, Kind: "mail", Payload: q.payload, Attempts: 1}
	q.payload = ""
	return []notify.Job{j}, nil
}

func (*oneJob) FinishJob(context.Context, int64) error { return nil }

func (q *oneJob) RetryJob(_ context.Context, _ int64, _ time.Time, failed string) error {
	q.failed = failed
	return nil
}

func (*oneJob) DelayJob(context.Context, int64, time.Time) error { return nil }

func TestAccountMailsLookLikeTheirGoldenFiles(t *testing.T) {
	_, tell := newCrowd(t)
	for _, c := range []struct{ name, template, more string }{
		{"account-verify", "verify", `"link":"https://talk.meridian.example/auth/verify#TOKEN"`},
		{"account-reset", "reset", `"link":"https://talk.meridian.example/auth/reset#TOKEN"`},
		{"account-exists", "exists", `"link":""`},
		{"account-magic", "magic", `"link":"https://talk.meridian.example/auth/magic#TOKEN","code":"042117"`},
		{"account-email", "email", `"link":"https://talk.meridian.example/auth/email#TOKEN"`},
		{"account-email-old", "email-old", `"link":""`}, // as a job of an older build has it
	} {
		t.Run(c.name, func(t *testing.T) {
			// The name is an older build's: it may be anybody's words, and is left out.
			queue := &oneJob{payload: fmt.Sprintf(`{"template":%q,"to":"ann@inbox.example","site":"Meridian","name":"Cheap pills",%s}`, c.template, c.more)}
			var sent []notify.Message
			w := notify.Worker{Jobs: queue, Texts: tell.Texts, Now: time.Now, Send: func(_ context.Context, m notify.Message) error { sent = append(sent, m); return nil }}
			w.Round(t.Context())
			if len(sent) != 1 {
				t.Fatalf("%d messages, want 1 (%s)", len(sent), queue.failed)
			}
			golden(t, c.name, sent[0])
			if strings.Contains(sent[0].Text+sent[0].HTML, "Cheap pills") {
				t.Error("the mail holds what a stranger typed")
			}
		})
	}
}
