package desk

import (
	"context"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/moderation"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type trialHit struct {
	shape.Comment
	Marks []string `json:"marks"` // the words of the text that it is about
	By    string   `json:"by"`    // the word or rule
	Would string   `json:"would" enum:"hold,reject,spam"`
}

type trial struct {
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

// trialIn is a whole policy or a single pattern with its action.
type trialIn struct {
	onSite
	policyShape
	rule
	Pattern *string `json:"pattern"`
}

// policy is what is tried.
func (r Room) trialOf(in trialIn) (discuss.Policy, error) {
	p := in.policy()
	if in.Pattern != nil {
		one := discuss.Rule{Name: in.Name, Pattern: *in.Pattern, Action: in.Action}
		if one.Name == "" {
			one.Name = "test"
		}
		if one.Action == "" {
			one.Action = "hold"
		}
		if err := r.Discuss.Gate.Check(discuss.Policy{Rules: []discuss.Rule{one}}); err != nil {
			return p, unnested(err)
		}
		p.Rules = append(p.Rules, one)
	}
	if len(p.Banned)+len(p.Suspect)+len(p.Rules) == 0 {
		return p, discuss.Bad("pattern", "must be given, or words or rules")
	}
	return p, nil
}

// try reports what words and rules would have done with the newest comments.
func (r Room) try(ctx context.Context, q *edge.Request, in trialIn) (trial, error) {
	if err := q.Door.Limits.Take("trial", q.Who.Account.String()); err != nil {
		return trial{}, err
	}
	p, err := r.trialOf(in)
	if err != nil {
		return trial{}, err
	}
	rows, err := r.Discuss.RecentTexts(ctx, q.Site, q.Who, moderation.TrialSize)
	if err != nil {
		return trial{}, err
	}
	select { // one at a time: a trial is work, and the server has readers
	case r.trying <- struct{}{}:
		defer func() { <-r.trying }()
	case <-ctx.Done():
		return trial{}, discuss.Slow("rate", int(trialTime.Seconds()))
	}
	some, stop := context.WithTimeout(ctx, trialTime)
	defer stop()
	t, err := moderation.Try(some, p, rows)
	return r.trialShape(t), err
}

func (r Room) trialShape(t moderation.Trial) trial {
	out := trial{t.Looked, t.Held, t.Rejected, t.Approved, t.Removed, []trialHit{}}
	for _, h := range t.Comments {
		if len(out.Comments) == trialShown {
			break
		}
		one := trialHit{Comment: r.Shape.CommentOf(h.Comment, true), Marks: []string{}, Would: string(h.Suggestion)}
		for _, f := range h.Findings {
			one.By = f.Detail
			for _, at := range f.Spans {
				one.Marks = append(one.Marks, h.Body[at[0]:at[1]])
			}
		}
		out.Comments = append(out.Comments, one)
	}
	return out
}

// unnested names the field as a single rule's, not as one of a list.
func unnested(err error) error {
	if e, ok := err.(*discuss.Error); ok && len(e.Fields) > 0 {
		return discuss.Bad(strings.TrimPrefix(e.Fields[0].Name, "rules[0]."), e.Fields[0].Message)
	}
	return err
}
