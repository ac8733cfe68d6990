package store

import (
	"context"
	"encoding/json"

	"parley/internal/discuss"
)

const (
	imageColumns = `i.id, i.site_id, coalesce(i.account_id, 0), coalesce(i.comment_id, 0), i.type, i.width, i.height, i.colour, i.bytes, i.sum, i.looks, i.veil, i.state, i.checked, i.created`
	imageByID    = `SELECT ` + imageColumns + ` FROM images i WHERE i.id = ?1`
	imagesByID   = `SELECT ` + imageColumns + ` FROM json_each(?1) j CROSS JOIN images i ON i.id = j.value`
	imagesOf     = `SELECT ` + imageColumns + ` FROM images i WHERE i.comment_id = ?1 ORDER BY i.created, i.id`
	imagesIn     = `SELECT ` + imageColumns + ` FROM json_each(?1) j CROSS JOIN images i ON i.comment_id = j.value ORDER BY i.comment_id, i.created, i.id`
	imageFile    = `SELECT ` + imageColumns + `, coalesce(f.body, x''), i.state = '' AND coalesce(c.status, '') = 'published' AND instr(c.html, i.id) > 0
		FROM images i LEFT JOIN image_files f ON f.image_id = i.id LEFT JOIN comments c ON c.id = i.comment_id WHERE i.id = ?1`
	imageBytes = `SELECT coalesce(sum(bytes), 0) FROM images WHERE account_id = ?1`
	imageMarks = `SELECT sum, looks, verdict FROM (SELECT sum, looks, verdict, at FROM image_marks ORDER BY at DESC LIMIT ?1)
		UNION ALL SELECT sum, looks, CASE state WHEN 'illegal' THEN 'illegal' ELSE 'rejected' END FROM (SELECT sum, looks, state, created FROM images WHERE rejected = 1 OR state = 'illegal' ORDER BY created DESC LIMIT ?1)`
)

func scanImage(row scanner, more ...any) (discuss.Image, error) {
	var m discuss.Image
	var looks, created int64
	err := row.Scan(append([]any{
		&m.ID, &m.Site, &m.Account, &m.Comment, &m.Type, &m.Width, &m.Height, &m.Colour, &m.Bytes, &m.Sum, &looks, &m.Veil, &m.State, &m.Checked, &created,
	}, more...)...)
	m.Looks, m.Created = uint64(looks), fromMillis(created) //nolint:gosec // the same 64 bits
	return m, found(err)
}

func (s *Store) images(ctx context.Context, query string, args ...any) (out []discuss.Image, err error) {
	err = s.rows(ctx, query, args, func(r scanner) error {
		m, err := scanImage(r)
		out = append(out, m)
		return err
	})
	return out, err
}

// Images returns those that are there of some ids.
func (s *Store) Images(ctx context.Context, ids []string) ([]discuss.Image, error) {
	list, err := json.Marshal(ids)
	if err != nil {
		return nil, err
	}
	return s.images(ctx, imagesByID, string(list))
}

// ImagesIn returns those of some comments.
func (s *Store) ImagesIn(ctx context.Context, comments []discuss.ID) ([]discuss.Image, error) {
	list := make([]int64, len(comments))
	for i, id := range comments {
		list[i] = int64(id)
	}
	b, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	return s.images(ctx, imagesIn, string(b))
}

// ImageFile is an image with its bytes; public says that everybody may see it.
func (s *Store) ImageFile(ctx context.Context, id string) (m discuss.Image, body []byte, public bool, err error) {
	m, err = scanImage(s.first(ctx, imageFile, id), &body, &public)
	if err == nil && len(body) == 0 {
		err = discuss.ErrNotFound
	}
	return m, body, public, err
}

// ImageBytes is what an account's images come to.
func (s *Store) ImageBytes(ctx context.Context, account discuss.ID) (n int, err error) {
	err = s.queryRow(ctx, imageBytes, []any{account}, &n)
	return n, err
}

// ImageMarks are images that were taken away on this server, the newest.
func (s *Store) ImageMarks(ctx context.Context, limit int) (out []discuss.ImageMark, err error) {
	err = s.rows(ctx, imageMarks, []any{limit}, func(r scanner) error {
		var m discuss.ImageMark
		var looks int64
		err := r.Scan(&m.Sum, &looks, &m.Verdict)
		m.Looks = uint64(looks) //nolint:gosec // the same 64 bits
		out = append(out, m)
		return err
	})
	return out, err
}

// TrustOf is the level that a person never falls under.
func (s *Store) TrustOf(ctx context.Context, author discuss.ID) (l discuss.Level, err error) {
	err = s.queryRow(ctx, `SELECT trust FROM authors WHERE id = ?1`, []any{author}, &l)
	return l, err
}

// Image reads one within a write.
func (t *Tx) Image(id string) (discuss.Image, error) { return scanImage(t.w.queryRow(imageByID, id)) }

// ImagesOf reads those of a comment.
func (t *Tx) ImagesOf(comment discuss.ID) (out []discuss.Image, err error) {
	rows, err := t.w.stmt(imagesOf).Query(comment)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		m, err := scanImage(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// ImageBytesOf is what an account's images come to.
func (t *Tx) ImageBytesOf(account discuss.ID) (n int, err error) {
	err = t.get(imageBytes, []any{account}, &n)
	return n, err
}

func (t *Tx) insertImage(m discuss.Image, body []byte) error {
	if err := t.exec(`INSERT INTO images (id, site_id, account_id, comment_id, type, width, height, colour, bytes, sum, looks, veil, state, checked, created)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)`,
		m.ID, m.Site, nullID(m.Account), nullID(m.Comment), m.Type, m.Width, m.Height, m.Colour, m.Bytes, m.Sum, int64(m.Looks), m.Veil, m.State, m.Checked, millis(m.Created)); err != nil { //nolint:gosec // the same 64 bits
		return err
	}
	return t.exec(`INSERT INTO image_files (image_id, body) VALUES (?1, ?2)`, m.ID, body)
}

// useImages makes images those of a comment, and others of it nobody's.
func (t *Tx) useImages(c discuss.UseImages) error {
	list, err := json.Marshal(append([]string{}, c.IDs...))
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE images SET comment_id = NULL WHERE comment_id = ?1 AND state = '' AND id NOT IN (SELECT value FROM json_each(?2))`, c.Comment, string(list)); err != nil {
		return err
	}
	return t.exec(`UPDATE images SET comment_id = ?1 WHERE id IN (SELECT value FROM json_each(?2))`, c.Comment, string(list))
}

// setImage writes how an image stands.
func (t *Tx) setImage(c discuss.SetImage) error {
	if err := t.execOne(`UPDATE images SET veil = ?2, state = ?3, checked = ?4 WHERE id = ?1`, c.ID, c.Veil, c.State, c.Checked); err != nil {
		return err
	}
	if c.State != discuss.ImageIllegal { // one that was kept for the decision alone goes with it
		return t.exec(`DELETE FROM images WHERE id = ?1 AND state = '' AND EXISTS (SELECT 1 FROM comments c WHERE c.id = comment_id AND c.body = '')`, c.ID)
	}
	target, err := imageTarget(c.ID)
	if err != nil {
		return err
	}
	if err := t.noteErased(ErasedImage, target); err != nil {
		return err
	}
	return t.eraseImage(c.ID)
}

// eraseImage takes the bytes of an illegal image and keeps what it is known again by.
func (t *Tx) eraseImage(id string) error {
	t.erased = true
	if err := t.exec(`INSERT INTO image_marks (sum, looks, verdict, at) SELECT sum, looks, 'illegal', ?2 FROM images WHERE id = ?1
		ON CONFLICT (sum) DO UPDATE SET verdict = 'illegal', at = excluded.at`, id, millis(t.now)); err != nil {
		return err
	}
	if err := t.exec(`UPDATE images SET bytes = 0, state = 'illegal' WHERE id = ?1`, id); err != nil {
		return err
	}
	return t.exec(`DELETE FROM image_files WHERE image_id = ?1`, id)
}

// Lacking is an imported comment whose text names images, which may be still to come.
type Lacking struct {
	ID   discuss.ID
	Body string
}

// LackingImages are the comments of a site that our own export brought and that
// name images.
func (s *Store) LackingImages(ctx context.Context, site discuss.ID) (out []Lacking, err error) {
	err = s.rows(ctx, `SELECT id, body FROM comments WHERE site_id = ?1 AND source = 'parley' AND instr(body, '](parley:') > 0`, []any{site}, func(r scanner) error {
		var c Lacking
		err := r.Scan(&c.ID, &c.Body)
		out = append(out, c)
		return err
	})
	return out, err
}

// BringImage adds an image of an imported comment, and the comment's text with it.
func (s *Store) BringImage(ctx context.Context, m discuss.Image, body []byte, text, html string) error {
	return s.updateBulk(ctx, func(tx *Tx) error {
		m.Created = tx.Now()
		if err := tx.insertImage(m, body); err != nil {
			return err
		}
		return tx.exec(`UPDATE comments SET body = ?2, html = ?3 WHERE id = ?1`, m.Comment, text, html)
	})
}
