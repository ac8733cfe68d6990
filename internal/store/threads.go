package store

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

// updateThread writes what may change of a thread.
func (t *Tx) updateThread(th discuss.Thread) error {
	return t.execOne(`UPDATE threads SET title_by = CASE title WHEN ?3 THEN title_by ELSE 0 END, url_by = CASE url WHEN ?4 THEN url_by ELSE 0 END,
		state = ?2, title = ?3, url = ?4, mode = ?5, slow = ?6, closes = ?7 WHERE id = ?1`,
		th.ID, string(th.State), th.Title, th.URL, th.Mode, th.Slow, nullTime(th.Closes))
}

// Aliases are a thread's further keys, in order.
func (t *Tx) Aliases(thread discuss.ID) (out []string, err error) {
	rows, err := t.w.stmt(`SELECT key FROM aliases WHERE thread_id = ?1 ORDER BY key`).Query(thread)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, err
		}
		out = append(out, key)
	}
	return out, rows.Err()
}

// KeyTaken reports whether a key leads to another thread than this one, or is
// this one's own first key.
func (t *Tx) KeyTaken(site, thread discuss.ID, key string) (taken bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM threads WHERE site_id = ?1 AND key = ?2) OR EXISTS (SELECT 1 FROM aliases WHERE site_id = ?1 AND key = ?2 AND thread_id <> ?3)`,
		[]any{site, key, thread}, &taken)
	return taken, err
}

// setAliases replaces the further keys of a thread.
func (t *Tx) setAliases(site, thread discuss.ID, keys []string) error {
	if err := t.exec(`DELETE FROM aliases WHERE thread_id = ?1`, thread); err != nil {
		return err
	}
	for _, key := range keys {
		if err := t.exec(`INSERT INTO aliases (site_id, key, thread_id) VALUES (?1, ?2, ?3)`, site, key, thread); err != nil {
			return err
		}
	}
	return nil
}

// ThreadsDue lists open threads that should be closed by now.
func (t *Tx) ThreadsDue(site discuss.ID, now, created time.Time) ([]discuss.Thread, error) {
	rows, err := t.w.stmt(`SELECT `+threadColumns+` FROM threads t WHERE t.site_id = ?1 AND t.state = 'open' AND
		(t.closes IS NOT NULL AND t.closes <= ?2 OR t.closes IS NULL AND t.created <= ?3) LIMIT 200`).Query(site, millis(now), millis(created))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Thread
	for rows.Next() {
		th, err := scanThread(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, th)
	}
	return out, rows.Err()
}

// AnyDue reports whether a site has a thread that should be closed by now.
func (s *Store) AnyDue(ctx context.Context, site discuss.ID, now, created time.Time) (yes bool, err error) {
	err = s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM threads t WHERE t.site_id = ?1 AND t.state = 'open' AND
		(t.closes IS NOT NULL AND t.closes <= ?2 OR t.closes IS NULL AND t.created <= ?3))`, []any{site, millis(now), millis(created)}, &yes)
	return yes, err
}

func threadsQuery(q discuss.ThreadQuery) string {
	where := `t.site_id = ?1 AND t.merged_into IS NULL`
	switch q.Filter {
	case "open":
		where += ` AND t.state = 'open'`
	case "closed":
		where += ` AND t.state <> 'open'`
	}
	if q.Search != "" {
		where += ` AND (instr(folded(t.title), ?3) > 0 OR instr(folded(t.key), ?3) > 0
			OR t.title = '' AND EXISTS (SELECT 1 FROM pages p WHERE p.thread_id = t.id AND instr(folded(p.title), ?3) > 0))` // what waits names its page for moderators alone
	}
	if !q.After.IsZero() {
		where += ` AND (t.created, t.id) < (?4, ?5)`
	}
	return `SELECT ` + threadColumns + `, (SELECT count(*) FROM (SELECT 1 FROM comments c WHERE c.thread_id = t.id AND c.status = 'pending' LIMIT ` + strconv.Itoa(discuss.MaxQueueCount) + `)),
		coalesce((SELECT max(c.created) FROM comments c WHERE c.thread_id = t.id AND c.shown = 1), 0),
		(SELECT json_group_array(key) FROM aliases WHERE thread_id = t.id)
		FROM threads t WHERE ` + where + ` ORDER BY t.created DESC, t.id DESC LIMIT ?2`
}

// Threads returns one page of a site's threads, newest first.
func (s *Store) Threads(ctx context.Context, q discuss.ThreadQuery) ([]discuss.Listed, error) {
	query := threadsQuery(q)
	rows, err := s.query(ctx, query, used(query, []any{q.Site, q.Limit, strings.ToLower(q.Search), int64(q.After.Key), q.After.ID})...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Listed
	for rows.Next() {
		var l discuss.Listed
		var last int64
		var aliases string
		if l.Thread, err = scanThread(extended{rows, []any{&l.Waiting, &last, &aliases}}); err != nil {
			return nil, err
		}
		if last > 0 {
			l.Last = fromMillis(last)
		}
		l.Aliases = stringList(aliases)
		out = append(out, l)
	}
	return out, rows.Err()
}

func stringList(array string) []string {
	var out []string
	_ = json.Unmarshal([]byte(array), &out) // json_group_array writes nothing else
	return out
}
