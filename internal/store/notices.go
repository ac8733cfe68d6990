package store

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
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

const noticeMail = `SELECT n.receipt, n.email, n.lang, n.outcome, n.comment_id, n.site_id, c.thread_id FROM notices n JOIN comments c ON c.id = n.comment_id WHERE `

// NoticeMail returns what the sender of a notice is told.
func (s *Store) NoticeMail(ctx context.Context, receipt string) (notify.Notice, error) {
	out, err := s.noticeMail(ctx, noticeMail+`n.receipt = ?1`, receipt)
	if err != nil || len(out) == 0 {
		return notify.Notice{}, orNotFound(err)
	}
	return out[0], nil
}

func orNotFound(err error) error {
	if err == nil {
		return discuss.ErrNotFound
	}
	return err
}

// answeredNotices are those whose senders don't know what was decided.
const answeredNotices = noticeMail + `n.told = 0 AND n.outcome <> '' AND n.answered <= ?1 ORDER BY n.answered LIMIT ?2`

// AnsweredNotices returns notices answered before a time whose senders have not been told.
func (s *Store) AnsweredNotices(ctx context.Context, before time.Time, most int) ([]notify.Notice, error) {
	return s.noticeMail(ctx, answeredNotices, millis(before), most)
}

func (s *Store) noticeMail(ctx context.Context, query string, args ...any) (out []notify.Notice, err error) {
	type at struct{ site, thread discuss.ID }
	var places []at
	if err := s.rows(ctx, query, args, func(r scanner) error {
		var n notify.Notice
		var p at
		err := r.Scan(&n.Receipt, &n.Email, &n.Lang, &n.Outcome, &n.Comment, &p.site, &p.thread)
		out, places = append(out, n), append(places, p)
		return err
	}); err != nil {
		return nil, err
	}
	for i, p := range places {
		if out[i].Site, err = s.SiteByID(ctx, p.site); err != nil {
			return nil, err
		}
		if out[i].Thread, err = s.ThreadByID(ctx, p.thread); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// MarkNoticeTold notes that the sender of a notice knows what was decided.
func (s *Store) MarkNoticeTold(ctx context.Context, receipt string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.exec(`UPDATE notices SET told = 1 WHERE receipt = ?1`, receipt) })
}
