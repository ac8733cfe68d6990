package store

import (
	"context"
	"crypto/rand"
	"encoding/json"

	"parley/internal/discuss"
)

// AddReport counts a person's report of a comment. Reports of one network
// count as the heaviest of them: a brigade is a group, not a sum. One that does
// not count is kept and shown, and has no weight.
func (t *Tx) AddReport(comment, reporter discuss.ID, reason, note string, weight float64, counts bool, network []byte) (discuss.Reported, error) {
	var out discuss.Reported
	res, err := t.w.stmt(`INSERT INTO reports (comment_id, author_id, reason, note, created, weight, network, counts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
		ON CONFLICT DO NOTHING`).Exec(comment, reporter, reason, note, millis(t.now), weight, network, counts)
	if err != nil {
		return out, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return out, err
	}
	out.New = true
	if err := t.get(`SELECT coalesce(sum(w), 0), sum(heard), sum(n) - count(*) FROM (
		SELECT max(weight * counts) AS w, count(*) AS n, max(counts) AS heard FROM reports WHERE comment_id = ?1 AND open = 1
		GROUP BY coalesce(network, CAST(author_id AS BLOB)))`, []any{comment}, &out.Weight, &out.Reporters, &out.Brigade); err != nil {
		return out, err
	}
	return out, t.reported(comment, out.Weight)
}

// reported counts an open report and lets the rank follow its weight.
func (t *Tx) reported(comment discuss.ID, weight float64) error {
	if err := t.exec(`UPDATE comments SET reports = reports + 1, weight = ?2 WHERE id = ?1`, comment, weight); err != nil {
		return err
	}
	return t.rerank(comment)
}

// openWeight is what the open reports of comment ?1 weigh.
const openWeight = `coalesce((SELECT sum(w) FROM (SELECT max(weight) AS w FROM reports
	WHERE comment_id = ?1 AND open = 1 AND counts = 1 GROUP BY coalesce(network, CAST(author_id AS BLOB)))), 0)`

// rerank owes the comment a settled rank, as a vote does; who reads it hears of
// it only if that changes the order.
func (t *Tx) rerank(comment discuss.ID) error {
	t.voted = true
	return t.exec(`INSERT INTO tallies_due (comment_id, thread_id, voted) SELECT id, thread_id, 0 FROM comments WHERE id = ?1 ON CONFLICT DO NOTHING`, comment)
}

// WithdrawReport takes a person's open report back.
func (t *Tx) WithdrawReport(comment, reporter discuss.ID) error {
	res, err := t.w.stmt(`DELETE FROM reports WHERE comment_id = ?1 AND author_id = ?2 AND open = 1`).Exec(comment, reporter)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if err := t.exec(`UPDATE comments SET reports = max(0, reports - 1), weight = `+openWeight+` WHERE id = ?1`, comment); err != nil {
		return err
	}
	return t.rerank(comment)
}

// CloseReports ends the open reports of a comment and answers its notices.
func (t *Tx) CloseReports(comment discuss.ID, agreed bool) ([]discuss.ID, error) {
	rows, err := t.w.stmt(`UPDATE reports SET open = 0, agreed = ?2 WHERE comment_id = ?1 AND open = 1 RETURNING author_id`).Query(comment, agreed)
	if err != nil {
		return nil, err
	}
	var out []discuss.ID
	for rows.Next() {
		var id discuss.ID
		if err := rows.Scan(&id); err != nil {
			_ = rows.Close()
			return nil, err
		}
		out = append(out, id)
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	outcome := "stays"
	if agreed {
		outcome = "removed"
	}
	if err := t.exec(`UPDATE notices SET outcome = ?2, answered = ?3 WHERE comment_id = ?1 AND outcome = ''`, comment, outcome, millis(t.now)); err != nil {
		return nil, err
	}
	var open int
	if err := t.get(`SELECT reports FROM comments WHERE id = ?1`, []any{comment}, &open); err != nil || open == 0 {
		return out, err
	}
	if err := t.exec(`UPDATE comments SET reports = 0, weight = 0 WHERE id = ?1`, comment); err != nil {
		return nil, err
	}
	return out, t.rerank(comment)
}

// AddNotice keeps a notice of illegal content; its receipt is what its sender
// can ask with.
func (t *Tx) AddNotice(site, comment discuss.ID, n discuss.Notice) (string, error) {
	receipt := rand.Text()[:16]
	if err := t.exec(`INSERT INTO notices (id, site_id, comment_id, receipt, name, email, law, good_faith, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
		t.NextID(), site, comment, receipt, n.Name, n.Email, n.Why, n.GoodFaith, millis(t.now)); err != nil {
		return "", err
	}
	return receipt, t.exec(`UPDATE comments SET reports = reports + 1 WHERE id = ?1`, comment)
}

// NoticeByReceipt says what became of a notice: "" while it is open.
func (s *Store) NoticeByReceipt(ctx context.Context, site discuss.ID, receipt string) (outcome string, err error) {
	err = s.queryRow(ctx, `SELECT outcome FROM notices WHERE site_id = ?1 AND receipt = ?2`, []any{site, receipt}, &outcome)
	return outcome, err
}

// OpenReports returns what readers said of comments, oldest first.
func (s *Store) OpenReports(ctx context.Context, comments []discuss.ID) (map[discuss.ID][]discuss.Report, error) {
	ids, err := json.Marshal(comments)
	if err != nil {
		return nil, err
	}
	rows, err := s.query(ctx, `SELECT comment_id, reason, note, created, weight, coalesce(hex(network), '') FROM (
		SELECT r.*, row_number() OVER (PARTITION BY r.comment_id ORDER BY r.created, r.author_id) AS n
		FROM json_each(?1) j JOIN reports r ON r.comment_id = j.value WHERE r.open = 1) WHERE n <= ?2 ORDER BY comment_id, n`, string(ids), discuss.MaxReportsShown)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[discuss.ID][]discuss.Report{}
	groups := map[string]int{}
	for rows.Next() {
		var id discuss.ID
		var r discuss.Report
		var at int64
		var network string
		if err := rows.Scan(&id, &r.Reason, &r.Note, &at, &r.Weight, &network); err != nil {
			return nil, err
		}
		r.At = fromMillis(at)
		if network != "" {
			if groups[network] == 0 {
				groups[network] = len(groups) + 1
			}
			r.Network = groups[network]
		}
		out[id] = append(out[id], r)
	}
	return out, rows.Err()
}
