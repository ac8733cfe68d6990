package desk

import (
	"context"
	"encoding/json"
	"strings"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// word is a word, or an object with the language it belongs to.
type word struct {
	Word string `json:"word"`
	Lang string `json:"lang"`
}

// UnmarshalJSON takes "word" as well as {"word": "word", "lang": "de"}.
func (w *word) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &w.Word)
	}
	type plain word
	return json.Unmarshal(b, (*plain)(w))
}

type rule struct {
	Name    string `json:"name"`
	Pattern string `json:"pattern"`
	Action  string `json:"action"`
}

type policyShape struct {
	Version int64   `json:"version"`
	At      *string `json:"changed_at,omitempty"`
	Banned  []word  `json:"banned"`
	Suspect []word  `json:"suspect"`
	Rules   []rule  `json:"rules"`
}

func (in policyShape) policy() discuss.Policy {
	var p discuss.Policy
	for _, w := range in.Banned {
		p.Banned = append(p.Banned, discuss.Word{Text: strings.TrimSpace(w.Word), Lang: w.Lang})
	}
	for _, w := range in.Suspect {
		p.Suspect = append(p.Suspect, discuss.Word{Text: strings.TrimSpace(w.Word), Lang: w.Lang})
	}
	for _, r := range in.Rules {
		p.Rules = append(p.Rules, discuss.Rule{Name: strings.TrimSpace(r.Name), Pattern: r.Pattern, Action: r.Action})
	}
	return p
}

func policyOf(p discuss.Policy) policyShape {
	out := policyShape{Version: p.Version, Banned: []word{}, Suspect: []word{}, Rules: []rule{}}
	if !p.At.IsZero() {
		out.At = shape.Ptr(shape.Time(p.At))
	}
	for _, w := range p.Banned {
		out.Banned = append(out.Banned, word{w.Text, w.Lang})
	}
	for _, w := range p.Suspect {
		out.Suspect = append(out.Suspect, word{w.Text, w.Lang})
	}
	for _, r := range p.Rules {
		out.Rules = append(out.Rules, rule{r.Name, r.Pattern, r.Action})
	}
	return out
}

type figures struct {
	Ready     bool    `json:"ready"`
	On        bool    `json:"on"`
	Seen      int     `json:"decisions"`
	Good      int     `json:"good"`
	Bad       int     `json:"bad"`
	HeldOut   int     `json:"held_out"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	Accuracy  float64 `json:"accuracy"`
	Base      float64 `json:"base_accuracy"`
}

type rulesOut struct {
	policyShape
	Classifier figures `json:"classifier"`
}

func (r Room) rules(ctx context.Context, q *edge.Request, _ onSite) (rulesOut, error) {
	p, err := r.Discuss.Policy(ctx, q.Site, q.Who)
	if err != nil {
		return rulesOut{}, err
	}
	f, err := r.Engine.Figures(ctx, q.Site.ID)
	return rulesOut{policyOf(p), figures{f.Ready, q.Site.Settings.Moderation.Classifier, f.Seen, f.Good, f.Bad, f.HeldOut, f.Precision, f.Recall, f.Accuracy, f.Base}}, err
}

// rulesIn replaces words, rules or all of them: each list as a whole, and what
// is not named stays. With a version it refuses to undo a change that came in
// between; without one the last writer wins.
type rulesIn struct {
	onSite
	policyShape
	Base *int64 `json:"version,omitempty"`
}

// rulesDoc and trialDoc are rulesIn and trialIn for the description.
type (
	rulesDoc struct {
		onSite
		Version int64  `json:"version,omitempty"` // the one it was made from; without it the last writer wins
		Banned  []any  `json:"banned,omitempty"`  // words, or {word, lang}
		Suspect []any  `json:"suspect,omitempty"`
		Rules   []rule `json:"rules,omitempty"`
	}
	trialDoc struct {
		rulesDoc
		Pattern string `json:"pattern,omitempty"`
		Action  string `json:"action,omitempty" enum:"hold,reject,spam"`
	}
)

func (r Room) setRules(ctx context.Context, q *edge.Request, in rulesIn) (policyShape, error) {
	if in.Banned == nil && in.Suspect == nil && in.Rules == nil {
		return policyShape{}, discuss.Bad("banned", "must be given, or suspect, or rules: a list each, which is replaced as a whole")
	}
	have, err := r.Discuss.Policy(ctx, q.Site, q.Who)
	if err != nil {
		return policyShape{}, err
	}
	base, stands := have.Version, policyOf(have)
	if in.Base != nil {
		base = *in.Base
	}
	if in.Banned == nil {
		in.Banned = stands.Banned
	}
	if in.Suspect == nil {
		in.Suspect = stands.Suspect
	}
	if in.Rules == nil {
		in.Rules = stands.Rules
	}
	p, err := r.Discuss.SetPolicy(ctx, q.Site, q.Who, base, in.policy())
	return policyOf(p), err
}
