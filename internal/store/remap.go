package store

import (
	"context"

	"parley/internal/discuss"
)

const threadsByAge = `SELECT ` + threadColumns + ` FROM threads t WHERE t.site_id = ?1 AND (t.created, t.id) > (?2, ?3) AND t.merged_into IS NULL ORDER BY t.created, t.id LIMIT ?4`

// ThreadsByAge returns pages of a site after a place, oldest first.
func (s *Store) ThreadsByAge(ctx context.Context, q discuss.RemapQuery) (out []discuss.Thread, err error) {
	from := int64(-1 << 62)
	if !q.After.IsZero() {
		from = int64(q.After.Key)
	}
	err = s.rows(ctx, threadsByAge, []any{q.Site, from, q.After.ID, q.Limit}, func(row scanner) error {
		th, err := scanThread(row)
		out = append(out, th)
		return err
	})
	return out, err
}

// renameThread gives a thread another first key. The old one leads to it from
// now on; the new one may have done so before.
func (t *Tx) renameThread(c discuss.RenameThread) error {
	if err := t.exec(`DELETE FROM aliases WHERE site_id = ?1 AND key = ?2 AND thread_id = ?3`, c.Site, c.Key, c.Thread); err != nil {
		return err
	}
	if err := t.execOne(`UPDATE threads SET key = ?2, url = CASE ?3 WHEN '' THEN url ELSE ?3 END WHERE id = ?1`, c.Thread, c.Key, c.URL); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO aliases (site_id, key, thread_id) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET thread_id = excluded.thread_id`, c.Site, c.Was, c.Thread); err != nil {
		return err
	}
	if err := t.exec(`UPDATE OR REPLACE article_authors SET key = ?3 WHERE site_id = ?1 AND key = ?2`, c.Site, c.Was, c.Key); err != nil {
		return err
	}
	// What looked like one page need not do so by now.
	if err := t.exec(`DELETE FROM alike_threads WHERE site_id = ?1 AND (thread_id = ?2 OR like_id = ?2 AND (SELECT spot FROM threads WHERE id = thread_id) <> (SELECT spot FROM threads WHERE id = ?2))`,
		c.Site, c.Thread); err != nil {
		return err
	}
	return t.exec(noteAlike, c.Thread, c.Site)
}
