package store

import (
	"context"

	"parley/internal/discuss"
)

// nameThread gives a thread an address and a title where it has none, or by
// nobody's word; "" leaves it.
func (t *Tx) nameThread(id, by discuss.ID, p discuss.PageName) error {
	return t.exec(`UPDATE threads SET
		url = CASE WHEN ?3 <> '' AND (url_by IS NULL OR url = '') THEN ?3 ELSE url END, url_by = CASE WHEN ?3 <> '' AND (url_by IS NULL OR url = '') THEN ?2 ELSE url_by END,
		title = CASE WHEN ?4 <> '' AND (title_by IS NULL OR title = '') THEN ?4 ELSE title END, title_by = CASE WHEN ?4 <> '' AND (title_by IS NULL OR title = '') THEN ?2 ELSE title_by END
		WHERE id = ?1`, id, by, p.URL, p.Title)
}

// unnameThread takes a comment's word for a thread's address and title back.
func (t *Tx) unnameThread(id, comment discuss.ID) error {
	var url, title bool
	if err := t.get(`SELECT url_by IS NOT NULL AND url_by = ?2, title_by IS NOT NULL AND title_by = ?2 FROM threads WHERE id = ?1`, []any{id, comment}, &url, &title); err != nil {
		return err
	}
	if !url && !title {
		return nil
	}
	// It may come back: by an undo, or because another decides otherwise.
	if err := t.exec(`INSERT INTO pages (comment_id, thread_id, url, title, at)
		SELECT ?2, id, CASE url_by WHEN ?2 THEN url ELSE '' END, CASE title_by WHEN ?2 THEN title ELSE '' END, ?3 FROM threads WHERE id = ?1 ON CONFLICT DO NOTHING`,
		id, comment, millis(t.now)); err != nil {
		return err
	}
	// With nothing public left, nobody is there to say what the page is called.
	if err := t.exec(`UPDATE threads SET
		url = CASE WHEN url_by = ?2 AND count + ?3 <= 0 THEN '' ELSE url END, url_by = CASE WHEN url_by = ?2 THEN NULL ELSE url_by END,
		title = CASE WHEN title_by = ?2 AND count + ?3 <= 0 THEN '' ELSE title END, title_by = CASE WHEN title_by = ?2 THEN NULL ELSE title_by END
		WHERE id = ?1`, id, comment, t.counts[id]); err != nil {
		return err
	}
	var heir discuss.ID
	var p discuss.PageName
	err := t.get(`SELECT p.comment_id, p.url, p.title FROM pages p CROSS JOIN comments c ON c.id = p.comment_id AND c.status = 'published'
		WHERE p.thread_id = ?1 AND p.comment_id <> ?2 ORDER BY p.comment_id LIMIT 1`, []any{id, comment}, &heir, &p.URL, &p.Title)
	if discuss.KindOf(err) == discuss.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return t.nameThread(id, heir, p)
}

// keepPage notes what a comment says of its page.
func (t *Tx) keepPage(comment, thread discuss.ID, p discuss.PageName) error {
	return t.exec(`INSERT INTO pages (comment_id, thread_id, url, title, at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING`,
		comment, thread, p.URL, p.Title, millis(t.now))
}

// KeptPage reads what keepPage noted.
func (t *Tx) KeptPage(comment discuss.ID) (p discuss.PageName, err error) {
	err = t.get(`SELECT url, title FROM pages WHERE comment_id = ?1`, []any{comment}, &p.URL, &p.Title)
	return p, err
}

// SaidPage is what the first comment that says something of a thread's page says.
func (s *Store) SaidPage(ctx context.Context, thread discuss.ID) (p discuss.PageName, err error) {
	err = s.queryRow(ctx, `SELECT url, title FROM pages WHERE thread_id = ?1 ORDER BY comment_id LIMIT 1`, []any{thread}, &p.URL, &p.Title)
	return p, err
}
