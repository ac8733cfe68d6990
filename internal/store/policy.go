package store

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/discuss"
)

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

// PolicyVersion is the newest version of a site's words and rules.
func (t *Tx) PolicyVersion(site discuss.ID) (n int64, err error) {
	err = t.get(`SELECT coalesce(max(version), 0) FROM policies WHERE site_id = ?1`, []any{site}, &n)
	return n, err
}

// insertPolicy adds a version of a site's words and rules, and drops the oldest
// of more than are kept.
func (t *Tx) insertPolicy(site discuss.ID, p discuss.Policy) error {
	text, err := json.Marshal(policy{p.Banned, p.Suspect, p.Rules})
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO policies (site_id, version, data, at) VALUES (?1, ?2, ?3, ?4)`, site, p.Version, string(text), millis(t.now)); err != nil {
		return err
	}
	return t.exec(`DELETE FROM policies WHERE site_id = ?1 AND version <= ?2`, site, p.Version-discuss.PolicyHistory)
}
