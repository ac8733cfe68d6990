package store

import (
	"crypto/sha256"
	"encoding/json"
	"time"

	"parley/internal/discuss"
)

// setDecided notes who decides about a comment now, and why.
func (t *Tx) setDecided(d discuss.SetDecided) error {
	return t.exec(`UPDATE comments SET decided = ?2, decider_id = ?3, reason = ?4 WHERE id = ?1`, d.Comment, millis(t.now), d.By, d.Reason)
}

// Decided is the last decision about a comment.
func (t *Tx) Decided(id discuss.ID) (d discuss.Decided, err error) {
	var at, since int64
	err = t.get(`SELECT coalesce(decided, 0), coalesce(decider_id, 0), reason, waiting_since FROM comments WHERE id = ?1`, []any{id}, &at, &d.By, &d.Reason, &since)
	if at != 0 {
		d.At = fromMillis(at)
	}
	if since != 0 {
		d.Since = fromMillis(since)
	}
	return d, err
}

// LastAct is by whom and when a comment was last moved.
func (t *Tx) LastAct(id discuss.ID) (by string, at time.Time, err error) {
	var ms int64
	err = t.get(`SELECT coalesce(x.actor, ''), l.at FROM audit_log l LEFT JOIN audit_texts x ON x.id = l.id
		WHERE l.kind = 'comment' AND l.target = ?1 AND +l.action NOT IN ('edit', 'notice', 'feature', 'unfeature') ORDER BY l.id DESC LIMIT 1`, []any{id}, &by, &ms)
	return by, fromMillis(ms), err
}

// putUndo keeps how comments stood, under the hash of a token.
func (t *Tx) putUndo(u discuss.PutUndo) error {
	data, err := json.Marshal(u.Before)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM undos WHERE expires < ?1`, millis(t.now)); err != nil {
		return err
	}
	sum := sha256.Sum256([]byte(u.Token))
	return t.exec(`INSERT INTO undos (token, site_id, actor, data, expires) VALUES (?1, ?2, ?3, ?4, ?5)`, sum[:], u.Site, u.Account, string(data), millis(u.Until))
}

// Undo reads what putUndo kept for this person, while it is good.
func (t *Tx) Undo(site, account discuss.ID, token string) (out []discuss.Before, err error) {
	sum := sha256.Sum256([]byte(token))
	var data string
	if err := t.get(`SELECT data FROM undos WHERE token = ?1 AND site_id = ?2 AND actor = ?3 AND expires >= ?4`, []any{sum[:], site, account, millis(t.now)}, &data); err != nil {
		return nil, err
	}
	err = json.Unmarshal([]byte(data), &out)
	return out, err
}

// dropUndo ends an undo.
func (t *Tx) dropUndo(token string) error {
	sum := sha256.Sum256([]byte(token))
	return t.exec(`DELETE FROM undos WHERE token = ?1`, sum[:])
}

// reopen gives back what a decision closed and takes its notices away.
func (t *Tx) reopen(b discuss.Before) error {
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
		weight = `+openWeight+`, waiting_since = CASE ?2 WHEN 0 THEN waiting_since ELSE ?2 END WHERE id = ?1`, b.Comment, b.Since); err != nil {
		return err
	}
	for _, job := range b.Jobs {
		if err := t.exec(`DELETE FROM jobs WHERE id = ?1`, job); err != nil {
			return err
		}
	}
	return t.rerank(b.Comment)
}
