package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"parley/internal/notify"
)

// table is the jobs table with a clock that the test turns.
type table struct {
	mu     sync.Mutex
	now    time.Time
	rows   map[int64]*row
	failed map[int64]string
}

type row struct {
	job notify.Job
	at  time.Time
}

func (t *table) Now() time.Time { t.mu.Lock(); defer t.mu.Unlock(); return t.now }

func (t *table) ClaimJobs(_ context.Context, limit int, lease time.Duration) ([]notify.Job, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []notify.Job
	for _, r := range t.rows {
		if len(out) < limit && !r.at.After(t.now) {
			r.at = t.now.Add(lease)
			r.job.Attempts++
			out = append(out, r.job)
		}
	}
	return out, nil
}

func (t *table) FinishJob(_ context.Context, id int64) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.rows, id)
	return nil
}

func (t *table) RetryJob(_ context.Context, id int64, at time.Time, failed string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if failed != "" {
		t.failed[id] = failed
		delete(t.rows, id)
		return nil
	}
	t.rows[id].at = at
	return nil
}

func (t *table) DelayJob(_ context.Context, id int64, at time.Time) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rows[id].at = at
	t.rows[id].job.Attempts--
	return nil
}

// pass lets the worker do what is due, minute after minute.
func (t *table) pass(ctx context.Context, w *notify.Worker, minutes int) {
	for range minutes {
		w.Round(ctx)
		t.mu.Lock()
		t.now = t.now.Add(time.Minute)
		t.mu.Unlock()
	}
	w.Round(ctx)
}

func newTable(n int) *table {
	t := &table{now: time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC), rows: map[int64]*row{}, failed: map[int64]string{}}
	for i := range int64(n) {
		t.rows[i] = &row{notify.Job{ID: i, Kind: "mail", Payload: fmt.Sprintf(`{"To":"p%d@example.com","Subject":"s","Text":"t","HTML":"<p>t</p>","Unsubscribe":"https://c.example/mail/unsubscribe?t=x","ListID":"reply.news","Ready":true}`, i)}, t.now}
	}
	return t
}

// A relay that is down for an hour loses nothing and gets nothing twice.
func TestARelayMayBeDownForAnHour(t *testing.T) {
	r, addr := newRelay(t)
	send, err := notify.SMTP(addr, "comments.example")
	if err != nil {
		t.Fatal(err)
	}
	jobs := newTable(20)
	down := true
	w := &notify.Worker{Jobs: jobs, Now: jobs.Now, Send: func(ctx context.Context, m notify.Message) error {
		if down {
			return errors.New("connection refused")
		}
		return send(ctx, m)
	}}
	jobs.pass(context.Background(), w, 60)
	if len(jobs.rows) != 20 || len(jobs.failed) != 0 {
		t.Fatalf("after an hour %d wait, %d were given up", len(jobs.rows), len(jobs.failed))
	}
	down = false
	jobs.pass(context.Background(), w, 30)
	if len(jobs.rows) != 0 || len(r.to) != 20 {
		t.Fatalf("half an hour later %d wait, %d arrived", len(jobs.rows), len(r.to))
	}
	got := map[string]int{}
	for _, to := range r.to {
		got[to]++
	}
	if len(got) != 20 {
		t.Errorf("%d people got %d mails", len(got), len(r.to))
	}
	for _, h := range []string{"List-Unsubscribe: <https://c.example/mail/unsubscribe?t=x>", "List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Id: <reply.news.news.example>", "text/html"} {
		if !strings.Contains(r.data[0], h) {
			t.Errorf("the mail lacks %q\n%s", h, r.data[0])
		}
	}
}

// An address that does not exist is given up at once, with the reason; a delay
// is waited out.
func TestRefusalsAreToldApart(t *testing.T) {
	for _, c := range []struct {
		code     int
		given    bool
		attempts string
	}{{550, true, "for good"}, {451, false, ""}, {421, false, ""}} {
		t.Run(fmt.Sprint(c.code), func(t *testing.T) {
			r, addr := newRelay(t)
			r.refuse = &smtp.SMTPError{Code: c.code, Message: "no"}
			send, err := notify.SMTP(addr, "comments.example")
			if err != nil {
				t.Fatal(err)
			}
			jobs := newTable(1)
			w := &notify.Worker{Jobs: jobs, Now: jobs.Now, Send: send}
			jobs.pass(context.Background(), w, 2)
			if given := len(jobs.failed) == 1; given != c.given || c.given && !strings.Contains(jobs.failed[0], c.attempts) {
				t.Fatalf("given up: %v", jobs.failed)
			}
			r.refuse = nil
			jobs.pass(context.Background(), w, 3)
			if arrived := len(r.to) == 1; arrived == c.given {
				t.Errorf("arrived: %v", r.to)
			}
		})
	}
}

// One job that hangs holds up no other.
func TestAHangingJobHoldsUpNobody(t *testing.T) {
	jobs := newTable(5)
	hang := make(chan struct{})
	var mu sync.Mutex
	sent := 0
	w := &notify.Worker{Jobs: jobs, Now: jobs.Now, Send: func(_ context.Context, m notify.Message) error {
		if m.To == "p0@example.com" {
			<-hang
			return errors.New("at last")
		}
		mu.Lock()
		defer mu.Unlock()
		if sent++; sent == 4 {
			close(hang)
		}
		return nil
	}}
	w.Round(context.Background())
	if sent != 4 || len(jobs.rows) != 1 {
		t.Errorf("%d were sent, %d wait", sent, len(jobs.rows))
	}
}
