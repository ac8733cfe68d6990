package store

import (
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"time"

	"parley/internal/discuss"
)

// SetDecided notes who decided about a comment, when and why.
func (t *Tx) SetDecided(id, decider discuss.ID, reason string) (int64, discuss.ID, string, error) {
	var decided, was sql.NullInt64
	var why string
	if err := t.get(`SELECT decided, decider_id, reason FROM comments WHERE id = ?1`, []any{id}, &decided, &was, &why); err != nil {
		return 0, 0, "", err
	}
	return decided.Int64, discuss.ID(was.Int64), why, t.exec(`UPDATE comments SET decided = ?2, decider_id = ?3, reason = ?4 WHERE id = ?1`, id, millis(t.now), decider, reason)
}

// Decided is when and by whom a comment was last decided about.
func (t *Tx) Decided(id discuss.ID) (time.Time, discuss.ID, error) {
	var at int64
	var by discuss.ID
	if err := t.get(`SELECT coalesce(decided, 0), coalesce(decider_id, 0) FROM comments WHERE id = ?1`, []any{id}, &at, &by); err != nil || at == 0 {
		return time.Time{}, 0, err
	}
	return fromMillis(at), by, nil
}

// LastAct is by whom and when a comment was last moved.
func (t *Tx) LastAct(id discuss.ID) (by string, at time.Time, err error) {
	var ms int64
	err = t.get(`SELECT coalesce(x.actor, ''), l.at FROM audit_log l LEFT JOIN audit_texts x ON x.id = l.id
		WHERE l.kind = 'comment' AND l.target = ?1 AND +l.action NOT IN ('edit', 'notice', 'feature', 'unfeature') ORDER BY l.id DESC LIMIT 1`, []any{id}, &by, &ms)
	return by, fromMillis(ms), err
}

// PutUndo keeps how comments stood and returns the token that brings it back.
func (t *Tx) PutUndo(site, account discuss.ID, b []discuss.Before, until time.Time) (string, error) {
	data, err := json.Marshal(b)
	if err != nil {
		return "", err
	}
	token := rand.Text()
	sum := sha256.Sum256([]byte(token))
	if err := t.exec(`DELETE FROM undos WHERE expires < ?1`, millis(t.now)); err != nil {
		return "", err
	}
	return token, t.exec(`INSERT INTO undos (token, site_id, actor, data, expires) VALUES (?1, ?2, ?3, ?4, ?5)`, sum[:], site, account, string(data), millis(until))
}

// TakeUndo ends an undo of this person that is still good.
func (t *Tx) TakeUndo(site, account discuss.ID, token string) ([]discuss.Before, error) {
	sum := sha256.Sum256([]byte(token))
	var data string
	if err := t.get(`DELETE FROM undos WHERE token = ?1 AND site_id = ?2 AND actor = ?3 AND expires >= ?4 RETURNING data`,
		[]any{sum[:], site, account, millis(t.now)}, &data); err != nil {
		return nil, err
	}
	var out []discuss.Before
	return out, json.Unmarshal([]byte(data), &out)
}

// Reopen gives back what a decision closed and takes its notices away.
func (t *Tx) Reopen(b discuss.Before) error {
	if b.Pick {
		return nil
	}
	if err := t.exec(`UPDATE notices SET outcome = '', answered = NULL WHERE comment_id = ?1 AND answered = (SELECT decided FROM comments WHERE id = ?1)`, b.Comment); err != nil {
		return err
	}
	decided, decider := any(nil), any(nil)
	if b.Decided != 0 {
		decided, decider = b.Decided, int64(b.Decider)
	}
	if err := t.exec(`UPDATE comments SET decided = ?2, decider_id = ?3, reason = ?4 WHERE id = ?1`, b.Comment, decided, decider, b.Reason); err != nil {
		return err
	}
	for _, reporter := range b.Reports {
		if err := t.exec(`UPDATE reports SET open = 1, agreed = NULL WHERE comment_id = ?1 AND author_id = ?2`, b.Comment, reporter); err != nil {
			return err
		}
	}
	// Others may have reported it since: what is open is counted, not remembered.
	if err := t.exec(`UPDATE comments SET reports = (SELECT count(*) FROM reports WHERE comment_id = ?1 AND open = 1)
		+ (SELECT count(*) FROM notices WHERE comment_id = ?1 AND outcome = ''),
		weight = `+openWeight+` WHERE id = ?1`, b.Comment); err != nil {
		return err
	}
	for _, job := range b.Jobs {
		if err := t.exec(`DELETE FROM jobs WHERE id = ?1`, job); err != nil {
			return err
		}
	}
	return t.rerank(b.Comment)
}

// jobPayload is how a discuss.Job stands in the jobs table.
type jobPayload struct {
	Key  discuss.ID `json:"key"`
	Site discuss.ID `json:"site"`
	Text string     `json:"text"`
}

// Enqueue adds a job.
func (t *Tx) Enqueue(j discuss.Job) error {
	_, err := t.EnqueueLater(j)
	return err
}

// EnqueueLater adds a job and returns its id.
func (t *Tx) EnqueueLater(j discuss.Job) (discuss.ID, error) {
	b, err := json.Marshal(jobPayload{j.Key, j.Site, j.Text})
	if err != nil {
		return 0, err
	}
	return t.enqueueAt(j.Kind, string(b), t.now.Add(j.After))
}
