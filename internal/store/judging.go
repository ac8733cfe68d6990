package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"net/netip"
	"time"

	"parley/internal/discuss"
)

// trace is how a discuss.Trace stands in the file.
type trace struct {
	Policy   int64     `json:"policy"`
	Verdict  string    `json:"verdict"`
	Findings []finding `json:"findings"`
}

type finding struct {
	Check  string   `json:"check"`
	Wish   string   `json:"wish,omitempty"`
	Score  float64  `json:"score,omitempty"`
	Count  int      `json:"count,omitempty"`
	Detail string   `json:"detail,omitempty"`
	Spans  [][2]int `json:"spans,omitempty"`
}

// encodeTrace is "" where every check was silent: that is most comments.
func encodeTrace(t discuss.Trace) (string, error) {
	if len(t.Findings) == 0 {
		return "", nil
	}
	out := trace{Policy: t.Policy, Verdict: string(t.Verdict)}
	for _, f := range t.Findings {
		out.Findings = append(out.Findings, finding{f.Check, string(f.Wish), f.Score, f.Count, f.Detail, f.Spans})
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
		out.Findings = append(out.Findings, discuss.Finding{Check: f.Check, Wish: discuss.Wish(f.Wish), Score: f.Score, Count: f.Count, Detail: f.Detail, Spans: f.Spans})
	}
	return out, nil
}

// recordQuery is one statement with a look into an index for each number; the
// sub-queries that count stop where more would change nothing, whatever an
// author has written before: this runs inside every post.
const recordQuery = `SELECT a.created, a.published, a.trust, coalesce(a.seen, 0),
	coalesce((SELECT created FROM comments WHERE author_id = ?1 AND thread_id = ?2 ORDER BY id DESC LIMIT 1), 0),
	(SELECT count(*) FROM (SELECT 1 FROM comments WHERE author_id = ?1 AND created > ?3 - 86400000 LIMIT 20)),
	EXISTS (SELECT 1 FROM comments WHERE site_id = ?4 AND likeness = ?5 AND likeness <> 0 AND created > ?3 - 86400000),
	(SELECT count(*) FROM reports WHERE author_id = ?1 AND agreed IS NOT NULL),
	(SELECT count(*) FROM reports WHERE author_id = ?1 AND agreed = 1),
	EXISTS (SELECT 1 FROM comments WHERE author_id = ?1 AND decided > ?3 - 5184000000 AND decided IS NOT NULL)
	FROM authors a
	WHERE a.id = ?1`

// alikeQuery reads who said the same in the last day, as far as it matters.
const alikeQuery = `SELECT author_id = ?1 FROM comments WHERE site_id = ?2 AND likeness = ?3 AND likeness <> 0 AND created > ?4 - 86400000 LIMIT 12`

// recordWindow is how many decisions of an author are looked at.
const recordWindow = 200

// Record reads what is known of an author.
func (t *Tx) Record(a discuss.Author, thread discuss.ID, likeness int64) (discuss.Record, error) {
	var r discuss.Record
	var since, last, here int64
	var decided, alike bool // of most people and texts: neither
	if err := t.get(recordQuery, []any{a.ID, thread, millis(t.now), a.SiteID, likeness},
		&since, &r.Published, &r.Trust, &last, &here, &r.Today, &alike, &r.Reports, &r.Agreed, &decided); err != nil {
		return r, err
	}
	r.Since = fromMillis(since)
	if last > 0 {
		r.LastPost = fromMillis(last)
	}
	if here > 0 {
		r.LastInHere = fromMillis(here)
	}
	if alike {
		if err := t.alike(&r, a, likeness); err != nil {
			return r, err
		}
	}
	if !decided {
		return r, nil
	}
	rows, err := t.w.stmt(decisionsOf).Query(a.ID, millis(t.now.Add(-60*24*time.Hour)), recordWindow)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	past, err := pastDecisions(rows)
	r.Count(past)
	return r, err
}

// alike counts who said the same.
func (t *Tx) alike(r *discuss.Record, a discuss.Author, likeness int64) error {
	rows, err := t.w.stmt(alikeQuery).Query(a.ID, a.SiteID, likeness, millis(t.now))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var mine bool
		if err := rows.Scan(&mine); err != nil {
			return err
		}
		if mine {
			r.Same++
		} else {
			r.SameOther++
		}
	}
	return rows.Err()
}

const decisionsOf = `SELECT status, decided FROM comments WHERE author_id = ?1 AND decided > ?2 AND decided IS NOT NULL ORDER BY decided DESC LIMIT ?3`

// pastDecisions reads the rows of decisionsOf.
func pastDecisions(rows *sql.Rows) (out []discuss.PastDecision, err error) {
	for rows.Next() {
		var status string
		var at int64
		if err := rows.Scan(&status, &at); err != nil {
			return nil, err
		}
		out = append(out, discuss.PastDecision{At: fromMillis(at), Bad: status == string(discuss.Rejected) || status == string(discuss.Spam)})
	}
	return out, rows.Err()
}

// Burst counts the comments of the last minute in a thread, as far as most.
func (t *Tx) Burst(thread discuss.ID, most int) (int, error) {
	var n int
	err := t.get(`SELECT count(*) FROM (SELECT 1 FROM comments WHERE thread_id = ?1 AND shown = 1 AND created > ?2 LIMIT ?3)`,
		[]any{thread, millis(t.now.Add(-time.Minute)), most}, &n)
	return n, err
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

// SetJudgement replaces trace and risk.
func (t *Tx) SetJudgement(id discuss.ID, tr discuss.Trace, risk float64, likeness int64) error {
	text, err := encodeTrace(tr)
	if err != nil {
		return err
	}
	return t.execOne(`UPDATE comments SET trace = ?2, place = ?3, likeness = CASE ?4 WHEN 0 THEN likeness ELSE ?4 END WHERE id = ?1`, id, text, -risk, likeness)
}

// Objections are what readers hold against a comment.
func (t *Tx) Objections(id discuss.ID) (o discuss.Objections, err error) {
	err = t.get(`SELECT reports, weight, reports > 0 AND (EXISTS (SELECT 1 FROM notices WHERE comment_id = ?1 AND outcome = '')
		OR EXISTS (SELECT 1 FROM reports WHERE comment_id = ?1 AND open = 1 AND lower(reason) = ?2)) FROM comments WHERE id = ?1`,
		[]any{id, discuss.Illegal}, &o.Reports, &o.Weight, &o.Illegal)
	return o, err
}

// SetFeatured makes a comment a pick, or no longer one.
func (t *Tx) SetFeatured(id discuss.ID, on bool) error {
	return t.execOne(`UPDATE comments SET featured = ?2 WHERE id = ?1`, id, on)
}

// SeenOn notes the network an author posts from.
func (t *Tx) SeenOn(author discuss.ID, hash []byte, prefix string) error {
	return t.exec(`INSERT INTO networks (author_id, hash, prefix, seen) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT DO UPDATE SET prefix = excluded.prefix, seen = excluded.seen`, author, hash, prefix, millis(t.now))
}

// Hint is told once the transaction is durable.
func (t *Tx) Hint(h discuss.Hint) { t.hints = append(t.hints, h) }

const bannedQuery = `SELECT reason, coalesce(until, 0) FROM bans WHERE lifted IS NULL AND (until IS NULL OR until > ?1) AND (site_id IS NULL OR site_id = ?2) AND (
	author_id = ?3 OR account_id = ?4
	OR email <> '' AND email = (SELECT substr(a.email, instr(a.email, '@') + 1) FROM accounts a WHERE a.id = ?4)
	OR low <= ?5 AND high >= ?5) ORDER BY until IS NOT NULL, until DESC LIMIT 1`

// Banned finds the longest ban that meets this person.
func (t *Tx) Banned(site, author, account discuss.ID, ip netip.Addr) (discuss.Ban, bool, error) {
	var some bool
	if err := t.get(`SELECT EXISTS (SELECT 1 FROM bans WHERE lifted IS NULL)`, nil, &some); err != nil || !some {
		return discuss.Ban{}, false, err
	}
	var b discuss.Ban
	var until int64
	err := t.get(bannedQuery, []any{millis(t.now), site, author, account, address(ip)}, &b.Reason, &until)
	if errors.Is(err, discuss.ErrNotFound) {
		return b, false, nil
	}
	if until > 0 {
		b.Until = fromMillis(until)
	}
	return b, err == nil, err
}

// address is an IP as 16 bytes, so that ranges compare as blobs; nil if unknown.
func address(ip netip.Addr) any {
	if !ip.IsValid() {
		return nil
	}
	b := ip.As16()
	return b[:]
}

// policy is how a discuss.Policy stands in the file.
type policy struct {
	Banned  []discuss.Word
	Suspect []discuss.Word
	Rules   []discuss.Rule
}

// PolicyOf reads the newest words and rules of a site; none is version 0.
func (s *Store) PolicyOf(ctx context.Context, site discuss.ID) (discuss.Policy, error) {
	var p discuss.Policy
	var text string
	var at int64
	err := s.queryRow(ctx, `SELECT version, data, at FROM policies WHERE site_id = ?1 ORDER BY version DESC LIMIT 1`, []any{site}, &p.Version, &text, &at)
	if errors.Is(err, discuss.ErrNotFound) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.At = fromMillis(at)
	var in policy
	err = json.Unmarshal([]byte(text), &in)
	p.Banned, p.Suspect, p.Rules = in.Banned, in.Suspect, in.Rules
	return p, err
}

// PutPolicy adds a version of a site's words and rules; base is the version it
// was made from, and a newer one is ErrState.
func (t *Tx) PutPolicy(site discuss.ID, base int64, p discuss.Policy) (int64, error) {
	var have int64
	if err := t.get(`SELECT coalesce(max(version), 0) FROM policies WHERE site_id = ?1`, []any{site}, &have); err != nil {
		return 0, err
	}
	if base != have {
		return 0, discuss.ErrState
	}
	text, err := json.Marshal(policy{p.Banned, p.Suspect, p.Rules})
	if err != nil {
		return 0, err
	}
	if err := t.exec(`INSERT INTO policies (site_id, version, data, at) VALUES (?1, ?2, ?3, ?4)`, site, have+1, string(text), millis(t.now)); err != nil {
		return 0, err
	}
	return have + 1, t.exec(`DELETE FROM policies WHERE site_id = ?1 AND version <= ?2`, site, have+1-discuss.PolicyHistory)
}

// Key returns a key of the instance's own, which it makes the first time.
func (s *Store) Key(ctx context.Context, name string, fresh func() []byte) ([]byte, error) {
	var key []byte
	err := s.queryRow(ctx, `SELECT key FROM keys WHERE name = ?1`, []any{name}, &key)
	if !errors.Is(err, discuss.ErrNotFound) {
		return key, err
	}
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`INSERT INTO keys (name, key, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, name, fresh(), millis(tx.now)); err != nil {
			return err
		}
		return tx.get(`SELECT key FROM keys WHERE name = ?1`, []any{name}, &key)
	})
	return key, err
}
