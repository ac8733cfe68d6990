package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"strings"
	"time"

	"parley/internal/discuss"
)

// The audit log is a chain: each row's hash covers the row, the digest of its
// texts and the hash of the row before. The texts stand in a table of their
// own, salted in the digest, so that one can be erased and the chain stays
// whole, and nobody can find an erased text again by guessing.

// audit writes one row of the audit log.
func (t *Tx) audit(e discuss.Entry) error {
	var id int64
	var prev []byte
	err := t.get(`SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1`, nil, &id, &prev)
	if err != nil && !errors.Is(err, discuss.ErrNotFound) {
		return err
	}
	if prev == nil {
		prev = make([]byte, sha256.Size)
	}
	id++
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return err
	}
	digest := textDigest(salt, e.Actor.Name, e.Reason, e.Note, e.Before, e.After)
	row := auditRow{id: id, site: e.Site, actor: e.Actor.ID, action: e.Action, kind: e.Kind, target: e.Target, rule: e.Rule, digest: digest, at: millis(t.now)}
	if err := t.exec(`INSERT INTO audit_log (id, site_id, actor_id, action, kind, target, rule, digest, at, prev, hash)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)`,
		row.id, row.site, row.actor, row.action, row.kind, row.target, row.rule, row.digest, row.at, prev, row.sum(prev)); err != nil {
		return err
	}
	return t.exec(`INSERT INTO audit_texts (id, salt, actor, reason, note, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
		id, salt, e.Actor.Name, e.Reason, e.Note, e.Before, e.After)
}

type auditRow struct {
	id                  int64
	site, actor, target discuss.ID
	action, kind        string
	rule                int64
	digest              []byte
	at                  int64
}

// sum is SHA-256 over the length-prefixed fields and the hash before.
func (r auditRow) sum(prev []byte) []byte {
	h := sha256.New()
	for _, n := range []int64{r.id, int64(r.site), int64(r.actor), int64(r.target), r.rule, r.at} {
		put(h, binary.BigEndian.AppendUint64(nil, uint64(n)))
	}
	put(h, []byte(r.action))
	put(h, []byte(r.kind))
	put(h, r.digest)
	put(h, prev)
	return h.Sum(nil)
}

func put(h hash.Hash, b []byte) {
	var n [8]byte
	binary.BigEndian.PutUint64(n[:], uint64(len(b)))
	h.Write(n[:])
	h.Write(b)
}

func textDigest(salt []byte, texts ...string) []byte {
	h := sha256.New()
	put(h, salt)
	for _, s := range texts {
		put(h, []byte(s))
	}
	return h.Sum(nil)
}

// AuditHead is the newest row's number and hash: what is published daily.
func (s *Store) AuditHead(ctx context.Context) (int64, string, error) {
	var id int64
	var sum []byte
	err := s.queryRow(ctx, `SELECT id, hash FROM audit_log ORDER BY id DESC LIMIT 1`, nil, &id, &sum)
	if errors.Is(err, discuss.ErrNotFound) {
		return 0, "", nil
	}
	return id, hex.EncodeToString(sum), err
}

// AuditRow finds the row with a hash, as somebody has kept it; ErrNotFound if
// no row has it any more.
func (s *Store) AuditRow(ctx context.Context, hash []byte) (row int64, at time.Time, err error) {
	var ms int64
	err = s.queryRow(ctx, `SELECT id, at FROM audit_log WHERE hash = ?1`, []any{hash}, &row, &ms)
	return row, fromMillis(ms), err
}

// VerifyAudit walks the whole chain and returns how many rows it holds. The
// error names the first row that does not fit.
func (s *Store) VerifyAudit(ctx context.Context) (int64, error) {
	rows, err := s.query(ctx, `SELECT l.id, l.site_id, l.actor_id, l.action, l.kind, l.target, l.rule, l.digest, l.at, l.prev, l.hash,
		t.salt, t.actor, t.reason, t.note, t.before, t.after FROM audit_log l LEFT JOIN audit_texts t ON t.id = l.id ORDER BY l.id`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	last, n := make([]byte, sha256.Size), int64(0)
	for rows.Next() {
		var r auditRow
		var prev, sum, salt []byte
		var texts [5]sql.NullString
		if err := rows.Scan(&r.id, &r.site, &r.actor, &r.action, &r.kind, &r.target, &r.rule, &r.digest, &r.at, &prev, &sum,
			&salt, &texts[0], &texts[1], &texts[2], &texts[3], &texts[4]); err != nil {
			return n, err
		}
		n++
		switch {
		case r.id != n:
			return n, fmt.Errorf("audit row %d is missing", n)
		case !bytes.Equal(prev, last):
			return n, fmt.Errorf("audit row %d does not follow from the one before", n)
		case !bytes.Equal(sum, r.sum(prev)):
			return n, fmt.Errorf("audit row %d was changed", n)
		case len(salt) > 0 && !bytes.Equal(r.digest, textDigest(salt, texts[0].String, texts[1].String, texts[2].String, texts[3].String, texts[4].String)):
			return n, fmt.Errorf("the texts of audit row %d were changed", n)
		}
		last = sum
	}
	return n, rows.Err()
}

// AuditPage returns rows of the audit log.
func (s *Store) AuditPage(ctx context.Context, q discuss.AuditQuery) ([]discuss.AuditLine, error) {
	var b strings.Builder
	b.WriteString(`SELECT l.id, l.actor_id, coalesce(t.actor, ''), l.action, l.kind, l.target, l.rule, coalesce(t.reason, ''), coalesce(t.note, ''),
		coalesce(t.before, ''), coalesce(t.after, ''), t.id IS NULL OR length(t.salt) = 0, l.at, l.hash,
		coalesce(CASE l.kind WHEN 'person' THEN (SELECT name FROM authors WHERE id = l.target) WHEN 'thread' THEN (SELECT iif(title = '' AND merged_into IS NULL, key, title) FROM threads WHERE id = l.target)
			WHEN 'comment' THEN (SELECT a.name FROM comments c JOIN authors a ON a.id = c.author_id WHERE c.id = l.target) END, '') FROM audit_log l LEFT JOIN audit_texts t ON t.id = l.id
		WHERE l.site_id = ?1 AND l.id < ?2`)
	if q.Before == 0 {
		q.Before = 1<<63 - 1
	}
	to := int64(1<<63 - 1)
	if !q.To.IsZero() {
		to = millis(q.To)
	}
	if q.Action != "" {
		b.WriteString(` AND l.action = ?4`)
	}
	if q.Kind != "" {
		b.WriteString(` AND l.kind = ?5`)
	}
	if q.Actor != 0 {
		b.WriteString(` AND l.actor_id = ?6`)
	}
	if q.Target != 0 {
		b.WriteString(` AND l.target = ?7`)
	}
	if !q.From.IsZero() || !q.To.IsZero() {
		b.WriteString(` AND l.at >= ?8 AND l.at < ?9`)
	}
	b.WriteString(` ORDER BY l.id DESC LIMIT ?3`)
	query := b.String()
	rows, err := s.query(ctx, query, used(query, []any{q.Site, q.Before, q.Limit, q.Action, q.Kind, q.Actor, q.Target, millis(q.From), to})...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.AuditLine
	for rows.Next() {
		var l discuss.AuditLine
		var at int64
		var sum []byte
		if err := rows.Scan(&l.ID, &l.Actor, &l.Name, &l.Action, &l.Kind, &l.Target, &l.Rule, &l.Reason, &l.Note, &l.Before, &l.After, &l.Erased, &at, &sum, &l.TargetName); err != nil {
			return nil, err
		}
		l.At, l.Hash = fromMillis(at), hex.EncodeToString(sum)
		out = append(out, l)
	}
	return out, rows.Err()
}
