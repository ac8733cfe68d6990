package store

import (
	"context"
	"encoding/json"

	"parley/internal/discuss"
)

const openNotices = `SELECT comment_id, receipt, name, email, law, good_faith, created FROM (
	SELECT n.*, row_number() OVER (PARTITION BY n.comment_id ORDER BY n.id) AS nth
	FROM json_each(?1) j JOIN notices n ON n.comment_id = j.value AND n.outcome = '') WHERE nth <= ?2 ORDER BY comment_id, nth`

// OpenNotices returns the notices of comments that nobody has answered, oldest first.
func (s *Store) OpenNotices(ctx context.Context, comments []discuss.ID) (map[discuss.ID][]discuss.Notice, error) {
	ids, err := json.Marshal(comments)
	if err != nil {
		return nil, err
	}
	out := map[discuss.ID][]discuss.Notice{}
	err = s.rows(ctx, openNotices, []any{string(ids), discuss.MaxReportsShown}, func(r scanner) error {
		var id discuss.ID
		var n discuss.Notice
		var at int64
		err := r.Scan(&id, &n.Receipt, &n.Name, &n.Email, &n.Why, &n.GoodFaith, &at)
		n.At = fromMillis(at)
		out[id] = append(out[id], n)
		return err
	})
	return out, err
}
