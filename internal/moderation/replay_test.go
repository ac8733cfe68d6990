package moderation

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"parley/internal/discuss"
)

// Three days of one site on which newcomers wait. The texts come in the order
// of time, each is judged before its decision is known, and then a moderator
// decides about what was held, and rejects what got through and was reported.
// As people and classifier become known, less is held; and no more gets through.
func TestThreeDaysLaterLessIsHeldAndNoMoreIsMissed(t *testing.T) {
	texts := corpus(t)
	r := rand.New(rand.NewPCG(11, 25))
	site := discuss.Site{ID: 1, Settings: discuss.DefaultSettings()}
	site.Settings.Hold = discuss.ModeNewcomers
	e := &Engine{
		Policy:           func(context.Context, discuss.ID) (discuss.Policy, error) { return discuss.Policy{}, nil },
		TrainingExamples: func(context.Context, discuss.ID, int) ([]discuss.TrainingExample, error) { return nil, nil },
		Limits:           true,
	}
	begin := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	people := map[int]*discuss.Record{}
	type figures struct{ all, held, heldGood, missed, bad int }
	var days [3]figures
	order := r.Perm(len(texts)) // each day has texts that no day before had
	for day := range days {
		for n, i := range order[day*len(order)/len(days) : (day+1)*len(order)/len(days)] {
			text, bad := texts[i].Text, texts[i].Label == "spam"
			who := n % 8 // regulars come back; whoever advertises is somebody new each time
			if bad {
				who = 1000 + day*1000 + n
			}
			now := begin.Add(time.Duration(day)*24*time.Hour + time.Duration(n)*12*time.Minute)
			rec := people[who]
			if rec == nil {
				rec = &discuss.Record{Since: now}
				people[who] = rec
			}
			read, err := e.Read(context.Background(), site, text, "")
			if err != nil {
				t.Fatal(err)
			}
			j := e.Judge(discuss.Case{Site: site, Record: *rec, Level: rec.Level(now, site.Settings.Moderation), Body: text, Mode: site.Settings.Hold, Now: now, Who: discuss.Actor{Account: 1, Role: discuss.Member}}, read)
			d := &days[day]
			d.all++
			if bad {
				d.bad++
			}
			switch held := j.Status != discuss.Published; {
			case held:
				d.held++
				if !bad {
					d.heldGood++
				}
			case bad:
				d.missed++
			}
			if j.Status != discuss.Published || bad {
				e.Train(site.ID, []discuss.TrainingExample{{Body: text, Bad: bad}})
				rec.Decided60++
			}
			if !bad {
				rec.Published++
			}
		}
	}
	for i, d := range days {
		t.Logf("day %d: %d of %d held (%.0f %%), %d of them good; %d of %d bad got through", i+1, d.held, d.all, 100*float64(d.held)/float64(d.all), d.heldGood, d.missed, d.bad)
	}
	if first, last := days[0], days[2]; last.held >= first.held || last.missed > first.missed {
		t.Errorf("held %d then %d, missed %d then %d", first.held, last.held, first.missed, last.missed)
	}
	f, err := e.Figures(context.Background(), site.ID)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("classifier: %d decisions, precision %.2f, recall %.2f of %d held out", f.Seen, f.Precision, f.Recall, f.HeldOut)
}

// BenchmarkTrial is a rule tried on the last 1,000 comments.
func BenchmarkTrial(b *testing.B) {
	texts := corpus(b)
	var rows []discuss.Comment
	for i := range TrialSize {
		rows = append(rows, discuss.Comment{Body: texts[i%len(texts)].Text, Status: discuss.Published})
	}
	p := discuss.Policy{Suspect: []discuss.Word{{Text: "subscribe*"}}, Rules: []discuss.Rule{{Name: "r", Pattern: `(?i)\bcheck\s+(out\s+)?my\b`, Action: "hold"}}}
	for b.Loop() {
		if _, err := Try(b.Context(), p, rows); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/trial")
}
