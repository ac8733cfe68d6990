package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type undoIn struct {
	onSite
	Undo string `json:"undo"`
}

type undone struct {
	Comments []string    `json:"comments"` // those that are back where they stood
	Left     []leftAlone `json:"left"`     // those about which somebody has decided since
}

type decisionIn struct {
	Comment string `json:"comment_id"`
	Action  string `json:"action"`
	Reason  string `json:"reason,omitempty"`
	Note    string `json:"note,omitempty"`
	// The edited_at of the text that was read, "" for one that was never edited:
	// a text edited since is not decided about. Left out, whatever stands there is.
	Edited *string `json:"edited_at,omitempty"`
	// The status that was read: a comment that stands elsewhere by now is not
	// decided about. Left out, it is wherever it stands.
	Status string `json:"status,omitempty" enum:"published,pending,rejected,spam,deleted"`
	// Decides although the text or the status is another by now.
	Override bool `json:"override,omitempty"`
	// With approve: what those report who reported this counts for nothing for 30 days.
	Discount bool `json:"discount_reporters,omitempty"`
}

// readNever takes an edited_at of null, as the comment itself has it where it
// was never edited, for what it says; only one that is left out asks nothing.
func readNever(body []byte, in []decisionIn) {
	var raw []map[string]json.RawMessage
	if !bytes.Contains(body, []byte("null")) || json.Unmarshal(body, &raw) != nil || len(raw) != len(in) {
		return
	}
	for i, d := range raw {
		if v, sent := d["edited_at"]; sent && string(v) == "null" {
			in[i].Edited = shape.Ptr("")
		}
	}
}

type decisions struct {
	Results []decisionResult `json:"results"`
	Undo    *string          `json:"undo"`       // token that takes them back; null if nothing was done
	Until   *string          `json:"undo_until"` // when it ends
}

type decisionResult struct {
	Comment string  `json:"comment_id"`
	OK      bool    `json:"ok"`
	Error   *string `json:"error"` // a code; null where it went well
	// Of how many people the reports count for nothing from now on.
	Discounted int `json:"discounted"`
	standing
}

// standing is how a comment stands that could not be decided about as it
// was read; null where that is not why.
type standing struct {
	Status *string `json:"status"`
	By     *string `json:"decided_by"` // name; null where it was no person
	At     *string `json:"decided_at"`
}

func standingOf(s *discuss.Standing) (out standing) {
	if s == nil {
		return out
	}
	out.Status = shape.Ptr(string(s.Status))
	if s.By != "" {
		out.By = shape.Ptr(s.By)
	}
	if !s.At.IsZero() {
		out.At = shape.Ptr(shape.Time(s.At))
	}
	return out
}

// leftAlone is a comment that an undo has left where somebody else brought it.
type leftAlone struct {
	Comment string `json:"comment_id"`
	standing
}

// decisionsIn is a list: it reads itself, because an edited_at of null says
// something else than one that is left out.
type decisionsIn []decisionIn

func (in *decisionsIn) UnmarshalJSON(b []byte) error {
	type plain []decisionIn
	if err := json.Unmarshal(b, (*plain)(in)); err != nil {
		return err
	}
	readNever(b, *in)
	return nil
}

func (in decisionsIn) decisions() ([]discuss.Decision, error) {
	ds := make([]discuss.Decision, len(in))
	for i, d := range in {
		id, _ := discuss.ParseID(d.Comment) // 0 is the id of nothing: that one fails alone
		ds[i] = discuss.Decision{Comment: id, Action: d.Action, Reason: d.Reason, Note: d.Note, Was: discuss.Status(d.Status), Override: d.Override, Discount: d.Discount}
		if d.Edited == nil {
			continue
		}
		var at time.Time
		if *d.Edited != "" {
			var err error
			if at, err = time.Parse(time.RFC3339, *d.Edited); err != nil {
				return nil, discuss.Bad("decisions["+strconv.Itoa(i)+"].edited_at", "must be a time like 2026-11-25T08:00:00Z, or empty")
			}
		}
		ds[i].Read = &at
	}
	return ds, nil
}

func (r Room) decide(ctx context.Context, q *edge.Request, in decisionsIn) (decisions, error) {
	ds, err := in.decisions()
	if err != nil {
		return decisions{}, err
	}
	done, err := r.Discuss.Decide(ctx, q.Site, q.Who, ds)
	if err != nil {
		return decisions{}, err
	}
	out := decisions{Results: make([]decisionResult, len(in))}
	for i, e := range done.Errors {
		out.Results[i] = decisionResult{Comment: in[i].Comment, OK: e == nil, Discounted: done.Discounted[ds[i].Comment]}
		if e != nil {
			out.Results[i].Error = shape.Ptr(edge.Code(e))
			if de := new(discuss.Error); errors.As(e, &de) {
				out.Results[i].standing = standingOf(de.Standing)
			}
		}
	}
	if done.Undo != "" {
		out.Undo, out.Until = shape.Ptr(done.Undo), shape.Ptr(shape.Time(r.Now().Add(discuss.UndoWindow)))
	}
	return out, nil
}

const maxUndoToken = 100 // bytes

// undo takes decisions back that are not older than the window.
func (r Room) undo(ctx context.Context, q *edge.Request, in undoIn) (undone, error) {
	if in.Undo == "" || len(in.Undo) > maxUndoToken {
		return undone{}, discuss.Bad("undo", "must be the token that the decisions were answered with")
	}
	ids, left, err := r.Discuss.Undo(ctx, q.Site, q.Who, in.Undo)
	out := undone{[]string{}, []leftAlone{}}
	for _, id := range ids {
		out.Comments = append(out.Comments, id.String())
	}
	for id, at := range left {
		out.Left = append(out.Left, leftAlone{id.String(), standingOf(&at)})
	}
	return out, err
}
