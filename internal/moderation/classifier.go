package moderation

import (
	"math"
	"strings"
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
	ready     bool         // it has seen enough and was right often enough
	held      []prediction // ring of the newest
	at        int
}

type prediction struct {
	score float64
	bad   bool
}

// NewModel is an empty model.
func NewModel() *Model { return &Model{w: make([]float32, buckets), g: make([]float32, buckets)} }

// Hashing (FNV-1a, without a seed: the same decisions give the same model).
const (
	hashFrom = uint32(2166136261)
	hashStep = uint32(16777619)
)

func hashed(h uint32, s string) uint32 {
	for i := range len(s) {
		h = (h ^ uint32(s[i])) * hashStep
	}
	return h
}

// bag is the features of a text, each once: its words, pairs of words, and the
// n-grams of their letters. Bags are used again, for this is inside every post.
type bag struct {
	seen  [buckets / 64]uint64
	list  []uint32
	edges []int // where the letters of the word at hand begin
}

var bags = sync.Pool{New: func() any { return &bag{list: make([]uint32, 0, 512)} }}

func (b *bag) free() {
	for _, f := range b.list {
		b.seen[f/64] = 0
	}
	b.list = b.list[:0]
	bags.Put(b)
}

func (b *bag) add(h uint32) {
	f := (h ^ h>>15) % buckets
	if bit := uint64(1) << (f % 64); b.seen[f/64]&bit == 0 && len(b.list) < maxGrams {
		b.seen[f/64] |= bit
		b.list = append(b.list, f)
	}
}

// features gathers those of a text and its words. Who asks frees them.
func features(text string, ts []token) *bag {
	b := bags.Get().(*bag)
	last := ""
	for _, t := range ts {
		b.add(hashed(hashFrom^'w', t.text))
		if last != "" {
			b.add(hashed(hashed(hashed(hashFrom^'b', last), " "), t.text))
		}
		last = t.text
		b.grams(" " + t.text + " ")
	}
	if hasAddress(text) {
		b.add(hashed(hashFrom^'x', "has an address"))
	}
	return b
}

// grams adds the runs of gramMin to gramMax letters of a word between spaces.
func (b *bag) grams(s string) {
	b.edges = b.edges[:0]
	for i := range s {
		b.edges = append(b.edges, i)
	}
	b.edges = append(b.edges, len(s))
	for i := 0; i+gramMin < len(b.edges); i++ {
		h := hashed(hashFrom^'g', s[b.edges[i]:b.edges[i+gramMin-1]])
		for n := gramMin; n <= gramMax && i+n < len(b.edges); n++ {
			h = hashed(h, s[b.edges[i+n-1]:b.edges[i+n]])
			b.add(h)
		}
	}
}

// hasAddress looks for what an address must have before it asks for one.
func hasAddress(text string) bool {
	for _, sign := range []string{"://", "](", "w.", "W."} {
		if strings.Contains(text, sign) {
			return address.MatchString(text)
		}
	}
	return false
}

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

// score is how likely people would not let the text stand; ok is false until
// the model has seen enough and been right often enough.
func (m *Model) score(text string, ts []token) (score float64, ok bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if !m.ready || utf8.RuneCountInString(text) < 2 {
		return 0, false
	}
	b := features(text, ts)
	defer b.free()
	return m.raw(b.list), true
}

// Train predicts a decided text, then learns from the decision. html is what
// the text is shown as; "" where it is plain.
func (m *Model) Train(body, html string, bad bool) {
	b := features(textOf(body, html).read())
	defer b.free()
	fs := b.list
	if len(fs) == 0 {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	defer func() { m.ready = m.figures().Ready }()
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
