package moderation

import (
	"bufio"
	"encoding/json"
	"math/rand/v2"
	"os"
	"testing"
)

type labelled struct {
	Label string `json:"label"`
	Text  string `json:"t"`
}

func corpus(t testing.TB) []labelled {
	t.Helper()
	f, err := os.Open("testdata/youtube-comments-sample.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var out []labelled
	for s := bufio.NewScanner(f); s.Scan(); {
		var l labelled
		if err := json.Unmarshal(s.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		out = append(out, l)
	}
	if len(out) < 100 {
		t.Fatalf("only %d texts", len(out))
	}
	return out
}

// The figures are about texts that were predicted before they were learned
// from. With permuted labels there is nothing to learn, and they must say so.
func TestClassifierLearnsAndPermutedLabelsFallToChance(t *testing.T) {
	texts := corpus(t)
	r := rand.New(rand.NewPCG(7, 7))
	accuracy := func(permute bool) (acc, base float64) {
		const rounds = 8
		for range rounds {
			r.Shuffle(len(texts), func(i, j int) { texts[i], texts[j] = texts[j], texts[i] })
			labels := make([]bool, len(texts))
			for i, l := range texts {
				labels[i] = l.Label == "spam"
			}
			if permute {
				r.Shuffle(len(labels), func(i, j int) { labels[i], labels[j] = labels[j], labels[i] })
			}
			m := NewModel()
			for i, l := range texts {
				m.Train(l.Text, "", labels[i])
			}
			f := m.Figures()
			acc += f.Accuracy / rounds
			base += f.Base / rounds
		}
		return acc, base
	}
	real, base := accuracy(false)
	permuted, chance := accuracy(true)
	t.Logf("held-out accuracy %.2f (always the more frequent: %.2f); labels permuted %.2f (%.2f)", real, base, permuted, chance)
	if real < 0.8 {
		t.Errorf("held-out accuracy %.2f", real)
	}
	if permuted > chance+0.08 {
		t.Errorf("permuted labels are predicted with %.2f, chance is %.2f", permuted, chance)
	}
}

func TestClassifierIsSilentUntilItHasSeenEnough(t *testing.T) {
	m := NewModel()
	for i, l := range corpus(t) {
		if _, ok := said(m, "subscribe to my channel"); ok && i < needSeen {
			t.Fatalf("speaks after %d decisions", i)
		}
		m.Train(l.Text, "", l.Label == "spam")
	}
	f := m.Figures()
	if !f.Ready {
		t.Fatalf("still silent: %+v", f)
	}
	t.Logf("precision %.2f, recall %.2f of %d held-out decisions", f.Precision, f.Recall, f.HeldOut)
	bad, _ := said(m, "Subscribe to my channel, check out my new video https://x.example")
	good, _ := said(m, "I only came back to see how many views it has")
	if bad <= good {
		t.Errorf("spam scores %.2f, a comment %.2f", bad, good)
	}
}

func BenchmarkScore(b *testing.B) {
	m := NewModel()
	for _, l := range corpus(b) {
		m.Train(l.Text, "", l.Label == "spam")
	}
	text := "Boats will call at Eastgate, Customs Quay and the Lock. Fares stay the same as by day. A decision on keeping the service is due the following spring."
	for b.Loop() {
		said(m, text)
	}
}

func said(m *Model, text string) (float64, bool) { return m.score(text, tokens(text)) }
