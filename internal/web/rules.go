package web

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/moderation"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// wordJSON is a word, or an object with the language it belongs to.
type wordJSON struct {
	Word string `json:"word"`
	Lang string `json:"lang"`
}

// UnmarshalJSON takes "word" as well as {"word": "word", "lang": "de"}.
func (w *wordJSON) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &w.Word)
	}
	type plain wordJSON
	return json.Unmarshal(b, (*plain)(w))
}

type ruleJSON struct {
	Name    string `json:"name"`
	Pattern string `json:"pattern"`
	Action  string `json:"action"`
}

type policyJSON struct {
	Version int64      `json:"version"`
	At      *string    `json:"changed_at,omitempty"`
	Banned  []wordJSON `json:"banned"`
	Suspect []wordJSON `json:"suspect"`
	Rules   []ruleJSON `json:"rules"`
}

func (in policyJSON) policy() discuss.Policy {
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

func asPolicyJSON(p discuss.Policy) policyJSON {
	out := policyJSON{Version: p.Version, Banned: []wordJSON{}, Suspect: []wordJSON{}, Rules: []ruleJSON{}}
	if !p.At.IsZero() {
		out.At = shape.Ptr(shape.Time(p.At))
	}
	for _, w := range p.Banned {
		out.Banned = append(out.Banned, wordJSON{w.Text, w.Lang})
	}
	for _, w := range p.Suspect {
		out.Suspect = append(out.Suspect, wordJSON{w.Text, w.Lang})
	}
	for _, r := range p.Rules {
		out.Rules = append(out.Rules, ruleJSON{r.Name, r.Pattern, r.Action})
	}
	return out
}

type figuresJSON struct {
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

func (s *Server) getRules(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	p, err := s.cfg.Discuss.Store.PolicyOf(ctx, st.ID)
	if err != nil {
		return err
	}
	f, err := s.figures(ctx, st)
	if err != nil {
		return err
	}
	return edge.SendJSON(c, rulesOut{asPolicyJSON(p), f})
}

type rulesOut struct {
	policyJSON
	Classifier figuresJSON `json:"classifier"`
}

func (s *Server) figures(ctx context.Context, st discuss.Site) (figuresJSON, error) {
	if s.cfg.Engine == nil {
		return figuresJSON{}, nil
	}
	f, err := s.cfg.Engine.Figures(ctx, st.ID)
	return figuresJSON{f.Ready, st.Settings.Moderation.Classifier, f.Seen, f.Good, f.Bad, f.HeldOut, f.Precision, f.Recall, f.Accuracy, f.Base}, err
}

// putRules replaces words and rules as a whole. With a version it refuses to
// undo a change that came in between; without one the last writer wins.
func (s *Server) putRules(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRules)
	if err != nil {
		return err
	}
	var in struct {
		policyJSON
		Base *int64 `json:"version"`
	}
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	base := int64(-1)
	if in.Base != nil {
		base = *in.Base
	} else {
		have, err := s.cfg.Discuss.Store.PolicyOf(ctx, st.ID)
		if err != nil {
			return err
		}
		base = have.Version
	}
	p, err := s.cfg.Discuss.SetPolicy(ctx, st, who.Actor, base, in.policy())
	if err != nil {
		return err
	}
	return edge.SendJSON(c, asPolicyJSON(p))
}

type trialHit struct {
	shape.Comment
	Marks []string `json:"marks"` // the words of the text that it is about
	By    string   `json:"by"`    // the word or rule
}

type trialJSON struct {
	Looked   int        `json:"looked_at"`
	Held     int        `json:"would_hold"`
	Rejected int        `json:"would_reject"`
	Approved int        `json:"approved"` // of those held, the ones that stand published today
	Removed  int        `json:"removed"`
	Comments []trialHit `json:"comments"` // at most 50, newest first
}

const (
	trialShown = 50              // comments that the answer to a trial lists
	trialTime  = 3 * time.Second // then it says how far it has come
)

// postRulesTest reports what words and rules would have done with the newest
// 1,000 comments. It takes a whole policy or a single {pattern, action}.
func (s *Server) postRulesTest(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRules)
	if err != nil {
		return err
	}
	if err := s.Limits.Take("trial", who.Actor.Account.String()); err != nil {
		return err
	}
	var in struct {
		policyJSON
		ruleJSON
		Pattern *string `json:"pattern"`
	}
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	p := in.policy()
	if in.Pattern != nil {
		one := discuss.Rule{Name: in.Name, Pattern: *in.Pattern, Action: in.Action}
		if one.Name == "" {
			one.Name = "test"
		}
		if one.Action == "" {
			one.Action = "hold"
		}
		if err := s.cfg.Discuss.Gate.Check(discuss.Policy{Rules: []discuss.Rule{one}}); err != nil {
			return unnested(err)
		}
		p.Rules = append(p.Rules, one)
	}
	if len(p.Banned)+len(p.Suspect)+len(p.Rules) == 0 {
		return discuss.Bad("pattern", "must be given, or words or rules")
	}
	rows, err := s.cfg.Discuss.Store.RecentTexts(ctx, st.ID, moderation.TrialSize)
	if err != nil {
		return err
	}
	select { // one at a time: a trial is work, and the server has readers
	case s.trying <- struct{}{}:
		defer func() { <-s.trying }()
	case <-ctx.Done():
		return discuss.Slow("rate", int(trialTime.Seconds()))
	}
	some, stop := context.WithTimeout(ctx, trialTime)
	defer stop()
	t, err := moderation.Try(some, p, rows)
	if err != nil {
		return err
	}
	out := trialJSON{t.Looked, t.Held, t.Rejected, t.Approved, t.Removed, []trialHit{}}
	for _, h := range t.Comments {
		if len(out.Comments) == trialShown {
			break
		}
		one := trialHit{Comment: s.shape.CommentOf(h.Comment, true), Marks: []string{}}
		for _, f := range h.Findings {
			one.By = f.Detail
			for _, at := range f.Spans {
				one.Marks = append(one.Marks, h.Body[at[0]:at[1]])
			}
		}
		out.Comments = append(out.Comments, one)
	}
	return edge.SendJSON(c, out)
}

// unnested names the field as a single rule's, not as one of a list.
func unnested(err error) error {
	if e, ok := err.(*discuss.Error); ok && len(e.Fields) > 0 {
		return discuss.Bad(strings.TrimPrefix(e.Fields[0].Name, "rules[0]."), e.Fields[0].Message)
	}
	return err
}
