package moderation

import (
	"math"
	"sync"
	"unicode/utf8"
)

// Shape of the classifier.
const (
	buckets    = 1 << 16 // hashed features
	gramMin    = 3       // letters of the n-grams
	gramMax    = 4
	maxGrams   = 4000 // features of one text
	stepSize   = 0.6
	passes     = 2
	heldOut    = 400 // newest predictions that the figures are about
	needSeen   = 60  // decisions before it says anything
	needEach   = 15  // of them good, and of them bad
	needRight  = 0.7 // precision on the held-out decisions
	floorScore = 1e-6
)

// Model is a logistic regression over hashed n-grams of letters and words,
// trained online (AdaGrad) from one site's decisions. Every decision is
// predicted before it is learned from, so that its figures are about texts it
// had not seen, in the order of time. It is safe for concurrent use.
type Model struct {
	mu        sync.RWMutex
	w, g      []float32
	bias, gb  float64
	good, bad int
	held      []prediction // ring of the newest
	at        int
}

type prediction struct {
	score float64
	bad   bool
}

// NewModel is an empty model.
func NewModel() *Model { return &Model{w: make([]float32, buckets), g: make([]float32, buckets)} }

// feature hashes (FNV-1a) without a seed: the same decisions give the same model.
func feature(s string, kind byte) uint32 {
	h := uint32(2166136261) ^ uint32(kind)
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * 16777619
	}
	return (h ^ h>>15) % buckets
}

// features are the hashed n-grams of a text, each once.
func features(text string) []uint32 {
	ts := tokens(text)
	seen := make(map[uint32]struct{}, 256)
	out := make([]uint32, 0, 256)
	add := func(f uint32) {
		if _, ok := seen[f]; !ok && len(out) < maxGrams {
			seen[f] = struct{}{}
			out = append(out, f)
		}
	}
	last := ""
	for _, t := range ts {
		add(feature(t.text, 'w'))
		if last != "" {
			add(feature(last+" "+t.text, 'b'))
		}
		last = t.text
		grams(" "+t.text+" ", add)
	}
	if countAddresses(text) > 0 {
		add(feature("has an address", 'x'))
	}
	return out
}

func grams(s string, add func(uint32)) {
	var at []int
	for i := range s {
		at = append(at, i)
	}
	at = append(at, len(s))
	for n := gramMin; n <= gramMax; n++ {
		for i := 0; i+n < len(at); i++ {
			add(feature(s[at[i]:at[i+n]], 'g'))
		}
	}
}

func countAddresses(text string) int { return len(address.FindAllStringIndex(text, 3)) }

func (m *Model) raw(fs []uint32) float64 {
	if len(fs) == 0 {
		return 0.5
	}
	z, scale := m.bias, 1/math.Sqrt(float64(len(fs)))
	for _, f := range fs {
		z += float64(m.w[f]) * scale
	}
	return 1 / (1 + math.Exp(-z))
}

// Score is how likely people would not let the text stand; ok is false until
// the model has seen enough and been right often enough.
func (m *Model) Score(text string) (score float64, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if !m.ready() || utf8.RuneCountInString(text) < 2 {
		return 0, false
	}
	return m.raw(features(text)), true
}

// Learn predicts a decided text, then learns from the decision.
func (m *Model) Learn(text string, bad bool) {
	fs := features(text)
	if len(fs) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	p := prediction{m.raw(fs), bad}
	if m.good+m.bad >= needSeen/2 {
		if len(m.held) < heldOut {
			m.held = append(m.held, p)
		} else {
			m.held[m.at%heldOut] = p
		}
		m.at++
	}
	y := 0.0
	if bad {
		m.bad++
		y = 1
	} else {
		m.good++
	}
	scale := 1 / math.Sqrt(float64(len(fs)))
	for range passes {
		d := m.raw(fs) - y
		if math.Abs(d) < floorScore {
			break
		}
		m.gb += d * d
		m.bias -= stepSize * d / (math.Sqrt(m.gb) + 1e-8)
		for _, f := range fs {
			g := d * scale
			m.g[f] += float32(g * g)
			m.w[f] -= float32(stepSize * g / (math.Sqrt(float64(m.g[f])) + 1e-8))
		}
	}
}

// Figures are how a model does on decisions that it had not seen.
type Figures struct {
	Seen, Good, Bad   int
	HeldOut           int
	Precision, Recall float64 // at the score that holds
	Accuracy          float64
	Base              float64 // accuracy of always saying the more frequent
	Ready             bool
}

// Figures reads them.
func (m *Model) Figures() Figures {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.figures()
}

func (m *Model) figures() Figures {
	f := Figures{Seen: m.good + m.bad, Good: m.good, Bad: m.bad, HeldOut: len(m.held)}
	hit, miss, lost, right, bad := 0, 0, 0, 0, 0
	for _, p := range m.held {
		says := p.score > scoreHold
		switch {
		case says && p.bad:
			hit++
		case says:
			miss++
		case p.bad:
			lost++
		}
		if (p.score > 0.5) == p.bad {
			right++
		}
		if p.bad {
			bad++
		}
	}
	if hit+miss > 0 {
		f.Precision = float64(hit) / float64(hit+miss)
	}
	if hit+lost > 0 {
		f.Recall = float64(hit) / float64(hit+lost)
	}
	if n := len(m.held); n > 0 {
		f.Accuracy = float64(right) / float64(n)
		f.Base = float64(max(bad, n-bad)) / float64(n)
	}
	f.Ready = f.Seen >= needSeen && m.good >= needEach && m.bad >= needEach && f.Precision >= needRight
	return f
}

func (m *Model) ready() bool {
	if m.good+m.bad < needSeen || m.good < needEach || m.bad < needEach {
		return false
	}
	return m.figures().Ready
}
