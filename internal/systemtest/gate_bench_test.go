package systemtest

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"parley/internal/app"
	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/moderation"
	"parley/internal/store"
)

// BenchmarkJudgedPost is the CPU of a durable post with the pipeline (1,000
// words, 20 rules and a classifier that speaks) by that of one without it. The
// two take turns, so that a busy machine is as busy for both.
func BenchmarkJudgedPost(b *testing.B) {
	plain, judged := newWriting(b, nil), newWriting(b, gate(b))
	const turn = 100 // posts
	var without, with time.Duration
	n := 0
	for b.Loop() {
		without += plain.post(b, turn)
		with += judged.post(b, turn)
		n += turn
	}
	perPost := func(d time.Duration) float64 { return float64(d) / float64(time.Microsecond) / float64(n) }
	b.ReportMetric(perPost(without), "plain-cpu-µs/post")
	b.ReportMetric(perPost(with), "judged-cpu-µs/post")
	b.ReportMetric(float64(with)/float64(without), "ratio")
}

// writing is people who post in a store of their own.
type writing struct {
	verbs  *discuss.Service
	site   discuss.Site
	people []discuss.Actor
	n      int
}

func newWriting(b *testing.B, gate *moderation.Engine) *writing {
	b.Helper()
	db, err := store.Open(filepath.Join(b.TempDir(), "p.db"), store.Options{Skeleton: markup.Skeleton})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	ctx := context.Background()
	site, err := db.PutSite(ctx, discuss.Site{Key: "news", Name: "News", Origins: []string{testOrigin}, Settings: discuss.DefaultSettings()})
	if err != nil {
		b.Fatal(err)
	}
	text := markup.New(runtime.NumCPU(), app.RenderQueue)
	w := &writing{site: site, verbs: &discuss.Service{Store: db, Text: discuss.Text{Clean: markup.Clean, Render: text.Render, Skeleton: markup.Skeleton}}}
	if gate != nil {
		w.verbs.Gate = gate
	}
	for i := range 50 {
		acc, err := db.NewAccount(ctx, auth.Account{Email: fmt.Sprintf("p%d@example.com", i), Name: fmt.Sprint("Person ", i), Verified: true}, site.ID, fmt.Sprint("person ", i), discuss.Member)
		if err != nil {
			b.Fatal(err)
		}
		if i%4 > 0 { // three quarters are known, one quarter is new here
			if err := db.SetTrust(ctx, site.ID, acc.ID, discuss.LevelMember); err != nil {
				b.Fatal(err)
			}
		}
		w.people = append(w.people, discuss.Actor{Account: acc.ID, Name: acc.Name, Role: discuss.Member})
	}
	return w
}

// post writes some comments and returns the CPU that they took.
func (w *writing) post(b *testing.B, some int) time.Duration {
	b.Helper()
	began := cpu(b)
	for range some {
		w.n++
		body := fmt.Sprintf("Boats will call at Eastgate, Customs Quay and the Lock, as number %d says; **fares** stay the same as by day, and nobody minds.", w.n)
		d := discuss.Draft{ThreadKey: fmt.Sprint("t", w.n%20), Body: body}
		if _, _, err := w.verbs.Post(context.Background(), w.site, w.people[w.n%50], d, discuss.Once{}); err != nil {
			b.Fatal(err)
		}
	}
	return cpu(b) - began
}

func gate(b *testing.B) *moderation.Engine {
	b.Helper()
	f, err := os.Open("../moderation/testdata/youtube-comments-sample.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var examples []discuss.TrainingExample
	for s := bufio.NewScanner(f); s.Scan(); {
		var l struct{ Label, T string }
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			b.Fatal(err)
		}
		examples = append(examples, discuss.TrainingExample{Body: l.T, Bad: l.Label == "spam"})
	}
	var p discuss.Policy
	for i := range 1000 {
		p.Suspect = append(p.Suspect, discuss.Word{Text: fmt.Sprintf("word%dx", i)})
	}
	for i := range 20 {
		p.Rules = append(p.Rules, discuss.Rule{Name: fmt.Sprint(i), Pattern: fmt.Sprintf(`(?i)\bpills%d\s+now\b`, i), Action: "hold"})
	}
	return &moderation.Engine{
		Policy:           func(context.Context, discuss.ID) (discuss.Policy, error) { return p, nil },
		TrainingExamples: func(context.Context, discuss.ID, int) ([]discuss.TrainingExample, error) { return examples, nil },
	}
}

// cpu is the time that this process has worked.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
