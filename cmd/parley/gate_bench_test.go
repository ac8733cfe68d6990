package main

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

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/moderation"
	"parley/internal/store"
)

// BenchmarkJudgedPost is the CPU of a durable post with and without the
// pipeline: 1,000 words, 20 rules and a classifier that speaks.
func BenchmarkJudgedPost(b *testing.B) {
	for _, judged := range []bool{false, true} {
		b.Run(fmt.Sprintf("judged=%v", judged), func(b *testing.B) {
			db, err := store.Open(filepath.Join(b.TempDir(), "p.db"), store.Options{Skeleton: markup.Skeleton})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			ctx := context.Background()
			site, err := db.PutSite(ctx, discuss.Site{Key: "news", Name: "News", Origins: []string{testOrigin}, Settings: discuss.DefaultSettings()})
			if err != nil {
				b.Fatal(err)
			}
			var people []discuss.Actor
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
				people = append(people, discuss.Actor{Account: acc.ID, Name: acc.Name, Role: discuss.Member})
			}
			text := markup.New(runtime.NumCPU(), renderQueue)
			verbs := &discuss.Service{Store: db, Text: discuss.Text{Clean: markup.Clean, Render: text.Render, Skeleton: markup.Skeleton}}
			if judged {
				verbs.Gate = gate(b)
			}
			begin := cpu(b)
			n := 0
			for b.Loop() {
				n++
				body := fmt.Sprintf("Boats will call at Eastgate, Customs Quay and the Lock, as number %d says; **fares** stay the same as by day, and nobody minds.", n)
				if _, _, err := verbs.Post(ctx, site, people[n%50], discuss.Draft{ThreadKey: fmt.Sprint("t", n%20), Body: body}, discuss.Once{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(cpu(b)-begin)/float64(n)/1000, "cpu-µs/op")
		})
	}
}

func gate(b *testing.B) *moderation.Engine {
	b.Helper()
	f, err := os.Open("../../internal/moderation/testdata/youtube-comments-sample.jsonl")
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	var lessons []discuss.Lesson
	for s := bufio.NewScanner(f); s.Scan(); {
		var l struct{ Label, T string }
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			b.Fatal(err)
		}
		lessons = append(lessons, discuss.Lesson{Body: l.T, Bad: l.Label == "spam"})
	}
	var p discuss.Policy
	for i := range 1000 {
		p.Suspect = append(p.Suspect, discuss.Word{Text: fmt.Sprintf("word%dx", i)})
	}
	for i := range 20 {
		p.Rules = append(p.Rules, discuss.Rule{Name: fmt.Sprint(i), Pattern: fmt.Sprintf(`(?i)\bpills%d\s+now\b`, i), Action: "hold"})
	}
	return &moderation.Engine{
		Policy:  func(context.Context, discuss.ID) (discuss.Policy, error) { return p, nil },
		Lessons: func(context.Context, discuss.ID, int) ([]discuss.Lesson, error) { return lessons, nil },
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
