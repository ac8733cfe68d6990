package moderation

import (
	"context"
	"hash/fnv"
	"sync"
	"unicode/utf8"

	"parley/internal/discuss"
)

// LessonsAtStart is how many of the newest decisions a model begins with.
const LessonsAtStart = 5000

// likenessRunes is how long a text must be for a repetition to say anything:
// people do write "+1" and "thank you".
const likenessRunes = 16

// Engine is the gate of all sites: it keeps their words, rules and models
// ready. Policy and TrainingExamples read what is stored.
type Engine struct {
	Policy           func(ctx context.Context, site discuss.ID) (discuss.Policy, error)
	TrainingExamples func(ctx context.Context, site discuss.ID, limit int) ([]discuss.TrainingExample, error)
	Limits           bool    // those of time and count are on
	Proofs           *Proofs // nil asks nobody to work

	mu    sync.Mutex
	sites map[discuss.ID]*ready
}

// ready is what one site's judgement needs.
type ready struct {
	mu     sync.Mutex // held while it is being loaded
	policy *Compiled
	model  *Model
}

func (e *Engine) of(site discuss.ID) *ready {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.sites == nil {
		e.sites = map[discuss.ID]*ready{}
	}
	r := e.sites[site]
	if r == nil {
		r = &ready{}
		e.sites[site] = r
	}
	return r
}

// load reads what is missing of a site.
func (e *Engine) load(ctx context.Context, site discuss.ID) (*Compiled, *Model, error) {
	r := e.of(site)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.policy == nil {
		p, err := e.Policy(ctx, site)
		if err != nil {
			return nil, nil, err
		}
		if r.policy, err = Compile(p); err != nil {
			return nil, nil, err
		}
	}
	if r.model == nil {
		examples, err := e.TrainingExamples(ctx, site, LessonsAtStart)
		if err != nil {
			return nil, nil, err
		}
		m := NewModel()
		for _, l := range examples {
			m.Train(l.Body, l.HTML, l.Bad)
		}
		r.model = m
	}
	return r.policy, r.model, nil
}

// Read looks at a text before the write.
func (e *Engine) Read(ctx context.Context, site discuss.Site, body, html string) (discuss.Reading, error) {
	policy, model, err := e.load(ctx, site.ID)
	if err != nil {
		return discuss.Reading{}, err
	}
	if !site.Settings.Moderation.Classifier {
		model = nil
	}
	t := textOf(body, html)
	_, words := t.read()
	r := discuss.Reading{Policy: policy.version, Links: countLinks(html), Fingerprint: fingerprint(words)}
	r.Findings = readText(Context{text: t, policy: policy, model: model})
	return r, nil
}

// fingerprint is a number that texts share which say the same.
func fingerprint(ts []token) int64 {
	text := folded(ts)
	if utf8.RuneCountInString(text) < likenessRunes {
		return 0
	}
	h := fnv.New64a()
	_, _ = h.Write([]byte(text))
	return int64(h.Sum64()&(1<<63-1)) | 1
}

// Judge runs the checks that need more than the text, and decides.
func (e *Engine) Judge(k discuss.Case, read discuss.Reading) discuss.Judgement {
	fs := append([]discuss.Finding(nil), read.Findings...)
	c := Context{Case: k, Read: read, Limits: e.Limits}
	for _, check := range caseChecks {
		if f := check(c); f.Check != "" {
			fs = append(fs, f)
		}
	}
	var j discuss.Judgement
	j.Status, j.Wait = Decide(fs, Standing{Staff: k.Who.Can(discuss.Moderator), Trusted: k.Level == discuss.LevelTrusted})
	if e.Proofs != nil && j.Wait == 0 && k.Site.Settings.Moderation.Challenge && k.Author.Guest && !k.Who.SignedIn() && !k.Edit && Risky(fs) {
		if e.Proofs.Check(k.Proof, k.Now) != nil {
			p := e.Proofs.New(k.Now)
			j.Puzzle = &p
			return j
		}
		fs = append(fs, discuss.Finding{Check: "proof"})
	}
	j.Trace = discuss.Trace{Policy: read.Policy, Verdict: j.Status, Findings: fs}
	j.Risk = discuss.Priority(j.Trace, discuss.Objections{})
	if j.Status != discuss.Rejected && !k.Who.Can(discuss.Moderator) {
		j.Ask = k.Site.Settings.Moderation.Services()
	}
	return j
}

// Check says what is wrong with words and rules.
func (e *Engine) Check(p discuss.Policy) error {
	c, err := Compile(p)
	if err != nil {
		return err
	}
	return c.light()
}

// Train takes a site's decisions in.
func (e *Engine) Train(site discuss.ID, examples []discuss.TrainingExample) {
	r := e.of(site)
	r.mu.Lock()
	m := r.model
	r.mu.Unlock()
	if m == nil {
		return // it will read them when it is loaded
	}
	for _, l := range examples {
		if !l.Skip {
			m.Train(l.Body, l.HTML, l.Bad)
		}
	}
}

// Forget drops what is held of a site, to be read again: its policy has
// changed, or a decision was taken back. 0 drops everything.
func (e *Engine) Forget(site discuss.ID) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if site == 0 {
		e.sites = nil
		return
	}
	delete(e.sites, site)
}

// Figures are those of a site's classifier.
func (e *Engine) Figures(ctx context.Context, site discuss.ID) (Figures, error) {
	_, m, err := e.load(ctx, site)
	if err != nil {
		return Figures{}, err
	}
	return m.Figures(), nil
}
