package store

import (
	"context"
	"encoding/json"

	"parley/internal/discuss"
)

// insertReport counts a person's first report of a comment. One that does not
// count is kept and shown, and has no weight.
func (t *Tx) insertReport(r discuss.NewReport) error {
	if err := t.exec(`INSERT INTO reports (comment_id, author_id, reason, note, created, weight, network, counts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)`,
		r.Comment, r.Reporter, r.Reason, r.Note, millis(t.now), r.Weight, r.Network, r.Counts); err != nil {
		return err
	}
	if err := t.exec(`UPDATE comments SET waiting_since = CASE reports WHEN 0 THEN ?2 ELSE waiting_since END, reports = reports + 1, weight = `+openWeight+` WHERE id = ?1`, r.Comment, millis(t.now)); err != nil {
		return err
	}
	return t.rerank(r.Comment)
}

// HasReported says whether a person has reported a comment before.
func (t *Tx) HasReported(comment, reporter discuss.ID) (had bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM reports WHERE comment_id = ?1 AND author_id = ?2)`, []any{comment, reporter}, &had)
	return had, err
}

// Reported is how a comment stands with its readers. Reports of one network
// count as the heaviest of them: a brigade is a group, not a sum.
func (t *Tx) Reported(comment discuss.ID) (r discuss.Reported, err error) {
	err = t.get(`SELECT coalesce(sum(w), 0), coalesce(sum(heard), 0), coalesce(sum(n) - count(*), 0) FROM (
		SELECT max(weight * counts) AS w, count(*) AS n, max(counts) AS heard FROM reports WHERE comment_id = ?1 AND open = 1
		GROUP BY coalesce(network, CAST(author_id AS BLOB)))`, []any{comment}, &r.Weight, &r.Reporters, &r.Brigade)
	return r, err
}

// OpenReporters are those whose reports of a comment are open.
func (t *Tx) OpenReporters(comment discuss.ID) ([]discuss.ID, error) {
	return t.ids(`SELECT author_id FROM reports WHERE comment_id = ?1 AND open = 1`, comment)
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

// withdrawReport takes a person's open report back.
func (t *Tx) withdrawReport(comment, reporter discuss.ID) error {
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

// closeReports ends the open reports of a comment and answers its notices.
func (t *Tx) closeReports(comment discuss.ID, agreed bool) error {
	if err := t.exec(`UPDATE reports SET open = 0, agreed = ?2 WHERE comment_id = ?1 AND open = 1`, comment, agreed); err != nil {
		return err
	}
	outcome := "stays"
	if agreed {
		outcome = "removed"
	}
	if err := t.exec(`UPDATE notices SET outcome = ?2, answered = ?3 WHERE comment_id = ?1 AND outcome = ''`, comment, outcome, millis(t.now)); err != nil {
		return err
	}
	var open int
	if err := t.get(`SELECT reports FROM comments WHERE id = ?1`, []any{comment}, &open); err != nil || open == 0 {
		return err
	}
	if err := t.exec(`UPDATE comments SET reports = 0, weight = 0 WHERE id = ?1`, comment); err != nil {
		return err
	}
	return t.rerank(comment)
}

// insertNotice keeps a notice of illegal content; its receipt is what its
// sender can ask with.
func (t *Tx) insertNotice(site, comment discuss.ID, n discuss.Notice) error {
	if err := t.exec(`INSERT INTO notices (id, site_id, comment_id, receipt, name, email, law, good_faith, created, lang) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
		t.NextID(), site, comment, n.Receipt, n.Name, n.Email, n.Why, n.GoodFaith, millis(t.now), n.Lang); err != nil {
		return err
	}
	return t.exec(`UPDATE comments SET waiting_since = CASE WHEN reports = 0 AND status = 'published' THEN ?2 ELSE waiting_since END, reports = reports + 1 WHERE id = ?1`, comment, millis(t.now))
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
	rows, err := s.query(ctx, `SELECT q.comment_id, q.reason, q.note, q.created, q.weight, coalesce(hex(q.network), ''), a.id, a.name, a.reports_discounted,
		(SELECT count(*) FROM reports o WHERE o.author_id = a.id AND o.agreed IS NOT NULL), (SELECT count(*) FROM reports o WHERE o.author_id = a.id AND o.agreed = 1) FROM (
		SELECT r.*, row_number() OVER (PARTITION BY r.comment_id ORDER BY r.created, r.author_id) AS n
		FROM json_each(?1) j JOIN reports r ON r.comment_id = j.value WHERE r.open = 1) q JOIN authors a ON a.id = q.author_id WHERE n <= ?2 ORDER BY q.comment_id, n`, string(ids), discuss.MaxReportsShown)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[discuss.ID][]discuss.Report{}
	groups := map[string]int{}
	for rows.Next() {
		var id discuss.ID
		var r discuss.Report
		var at, discounted int64
		var network string
		if err := rows.Scan(&id, &r.Reason, &r.Note, &at, &r.Weight, &network, &r.Reporter, &r.Name, &discounted, &r.Decided, &r.Upheld); err != nil {
			return nil, err
		}
		r.At = fromMillis(at)
		if discounted > 0 {
			r.Discounted = fromMillis(discounted)
		}
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
