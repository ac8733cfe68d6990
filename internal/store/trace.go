package store

import (
	"encoding/json"

	"parley/internal/discuss"
)

// trace is how a discuss.Trace stands in the file.
type trace struct {
	Policy   int64     `json:"policy"`
	Verdict  string    `json:"verdict"`
	Findings []finding `json:"findings"`
}

type finding struct {
	Check     string   `json:"check"`
	Suggested string   `json:"wish,omitempty"`
	Score     float64  `json:"score,omitempty"`
	Count     int      `json:"count,omitempty"`
	Detail    string   `json:"detail,omitempty"`
	Spans     [][2]int `json:"spans,omitempty"`
}

// encodeTrace is "" where every check was silent: that is most comments.
func encodeTrace(t discuss.Trace) (string, error) {
	if len(t.Findings) == 0 {
		return "", nil
	}
	out := trace{Policy: t.Policy, Verdict: string(t.Verdict)}
	for _, f := range t.Findings {
		out.Findings = append(out.Findings, finding{f.Check, string(f.Suggested), f.Score, f.Count, f.Detail, f.Spans})
	}
	b, err := json.Marshal(out)
	return string(b), err
}

func decodeTrace(s string) (discuss.Trace, error) {
	if s == "" {
		return discuss.Trace{}, nil
	}
	var in trace
	if err := json.Unmarshal([]byte(s), &in); err != nil {
		return discuss.Trace{}, err
	}
	out := discuss.Trace{Policy: in.Policy, Verdict: discuss.Status(in.Verdict)}
	for _, f := range in.Findings {
		out.Findings = append(out.Findings, discuss.Finding{Check: f.Check, Suggested: discuss.Suggestion(f.Suggested), Score: f.Score, Count: f.Count, Detail: f.Detail, Spans: f.Spans})
	}
	return out, nil
}

// Judged reads the trace of a comment, and whether a person has decided about
// the text that stands there now.
func (t *Tx) Judged(id discuss.ID) (discuss.Trace, bool, error) {
	var text string
	var decided bool
	if err := t.get(`SELECT trace, decided IS NOT NULL AND coalesce(edited, 0) <= decided FROM comments WHERE id = ?1`, []any{id}, &text, &decided); err != nil {
		return discuss.Trace{}, false, err
	}
	tr, err := decodeTrace(text)
	return tr, decided, err
}

// setJudgement replaces trace and risk.
func (t *Tx) setJudgement(c discuss.SetJudgement) error {
	text, err := encodeTrace(c.Trace)
	if err != nil {
		return err
	}
	return t.execOne(`UPDATE comments SET trace = ?2, place = ?3, fingerprint = CASE ?4 WHEN 0 THEN fingerprint ELSE ?4 END WHERE id = ?1`, c.Comment, text, -c.Risk, c.Fingerprint)
}

// Objections are what readers hold against a comment.
func (t *Tx) Objections(id discuss.ID) (o discuss.Objections, err error) {
	err = t.get(`SELECT reports, (SELECT count(*) FROM reports r JOIN authors a ON a.id = r.author_id WHERE r.comment_id = ?1 AND r.open = 1 AND a.reports_discounted > ?3),
		weight, reports > 0 AND (EXISTS (SELECT 1 FROM notices WHERE comment_id = ?1 AND outcome = '')
		OR EXISTS (SELECT 1 FROM reports WHERE comment_id = ?1 AND open = 1 AND lower(reason) = ?2)) FROM comments WHERE id = ?1`,
		[]any{id, discuss.Illegal, millis(t.now)}, &o.Reports, &o.Void, &o.Weight, &o.Illegal)
	return o, err
}

// setFeatured makes a comment a pick, or no longer one.
func (t *Tx) setFeatured(id discuss.ID, on bool) error {
	return t.execOne(`UPDATE comments SET featured = ?2 WHERE id = ?1`, id, on)
}
