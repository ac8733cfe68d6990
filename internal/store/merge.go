package store

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"time"

	"parley/internal/discuss"
)

// mergeChunk is how many comments, or followers, a merge moves in one write:
// people who post elsewhere meanwhile wait for no more than that.
const mergeChunk = 250

// goneKey begins the key that a merged thread has: no key that is asked for
// holds a control character.
const goneKey = "\x1fmerged "

// mergeWas is what an undo gives back to the source of a merge.
type mergeWas struct {
	Key     string   `json:"key"`
	State   string   `json:"state"`
	Closes  *int64   `json:"closes"`
	Source  *string  `json:"source"`
	Foreign *string  `json:"foreign_id"`
	Aliases []string `json:"aliases"`
	Chain   []int64  `json:"chain"` // threads that were merged into it before
}

const (
	mergeColumns = `m.id, m.site_id, m.source_id, m.target_id, m.state, m.author_id, m.account, m.note, m.total, m.moved, m.created, m.expires, m.token IS NOT NULL,
		json_extract(m.was, '$.key'), s.title, iif(t.title = '', t.key, t.title)`
	mergeJoins = ` FROM merges m JOIN threads s ON s.id = m.source_id JOIN threads t ON t.id = m.target_id`
	mergeByID  = `SELECT ` + mergeColumns + mergeJoins + ` WHERE m.id = ?1`
	merges     = `SELECT ` + mergeColumns + mergeJoins + ` WHERE m.state <> 'done' AND (?1 = 0 OR m.site_id = ?1) AND (?2 = 0 OR m.touched < ?2) ORDER BY m.id`

	// allOfThread finds every comment of a thread by what indexes there are: those in view, those
	// that wait, and of the rest of the site those that are the thread's.
	allOfThread = `SELECT id FROM comments INDEXED BY comments_flat_time WHERE thread_id = ?1 AND shown = 1
		UNION ALL SELECT id FROM comments INDEXED BY comments_thread_pending WHERE thread_id = ?1 AND status = 'pending' AND shown = 0
		UNION ALL SELECT id FROM comments INDEXED BY comments_queue WHERE site_id = (SELECT site_id FROM threads WHERE id = ?1) AND status <> 'published' AND status IN ('rejected', 'spam', 'deleted') AND +thread_id = ?1 AND shown = 0`
)

func scanMerge(row scanner) (m discuss.Merge, err error) {
	var created, expires int64
	err = row.Scan(&m.ID, &m.Site, &m.Source, &m.Target, (*string)(&m.State), &m.By, &m.Account, &m.Note, &m.Total, &m.Moved, &created, &expires, &m.Undoable,
		&m.SourceKey, &m.SourceTitle, &m.TargetTitle)
	m.Created = fromMillis(created)
	if expires > 0 {
		m.Expires = fromMillis(expires)
	}
	return m, found(err)
}

// Merge reads a merge that is not over.
func (t *Tx) Merge(id discuss.ID) (discuss.Merge, error) {
	return scanMerge(t.w.queryRow(mergeByID, id))
}

// Merging reports whether a thread is the source, or the target, of a merge
// that is under way.
func (t *Tx) Merging(thread discuss.ID) (source, target bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM merges WHERE source_id = ?1 AND state <> 'done'), EXISTS (SELECT 1 FROM merges WHERE target_id = ?1 AND state <> 'done')`,
		[]any{thread}, &source, &target)
	return source, target, err
}

// MergeLeft reports whether the source of a merge has comments that are seen or wait.
func (t *Tx) MergeLeft(m discuss.Merge) (left bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM comments WHERE thread_id = ?1 AND shown = 1) OR EXISTS (SELECT 1 FROM comments WHERE thread_id = ?1 AND status = 'pending')`,
		[]any{m.Source}, &left)
	return left, err
}

// Merges are the merges under way.
func (s *Store) Merges(ctx context.Context, site discuss.ID, untouched time.Time) (out []discuss.Merge, err error) {
	err = s.rows(ctx, merges, []any{site, zeroMillis(untouched)}, func(row scanner) error {
		m, err := scanMerge(row)
		out = append(out, m)
		return err
	})
	return out, err
}

// CountAll counts the comments of a thread in whatever state.
func (s *Store) CountAll(ctx context.Context, thread discuss.ID) (n int, err error) {
	err = s.queryRow(ctx, `SELECT count(*) FROM (`+allOfThread+`)`, []any{thread}, &n)
	return n, err
}

// beginMerge closes the source and notes what an undo gives back. Merges into the
// source, if they could still be undone, can't be any more.
func (t *Tx) beginMerge(m discuss.Merge) error {
	if err := t.exec(`DELETE FROM merges WHERE (target_id = ?1 OR source_id = ?1) AND state = 'done'`, m.Source); err != nil {
		return err
	}
	var token any
	if m.Token != "" {
		sum := sha256.Sum256([]byte(m.Token))
		token = sum[:]
	}
	if err := t.exec(`INSERT INTO merges (id, site_id, source_id, target_id, state, author_id, account, token, note, total, created, touched, was)
		SELECT ?1, site_id, id, ?3, 'moving', ?4, ?5, ?6, ?7, ?8, ?9, ?9, json_object('key', key, 'state', state, 'closes', closes, 'source', source, 'foreign_id', foreign_id,
			'aliases', json((SELECT json_group_array(key) FROM aliases WHERE thread_id = threads.id)),
			'chain', json((SELECT json_group_array(id) FROM threads c WHERE c.merged_into = threads.id)))
		FROM threads WHERE id = ?2`, m.ID, m.Source, m.Target, m.By, m.Account, token, m.Note, m.Total, millis(m.Created)); err != nil {
		return err
	}
	return t.exec(`UPDATE threads SET state = 'read_only' WHERE id = ?1`, m.Source)
}

// MoveMerged moves one part of what a merge or its undo has to move.
func (s *Store) MoveMerged(ctx context.Context, merge discuss.ID) (more bool, err error) {
	m, err := scanMerge(s.first(ctx, mergeByID, merge))
	if discuss.KindOf(err) == discuss.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	began := time.Now()
	switch m.State {
	case discuss.MergeMoving:
		more, err = s.moveOver(ctx, m)
	case discuss.MergeUndoing:
		more, err = s.moveBack(ctx, m)
	}
	if more && s.servedElsewhere() { // the server's writes only look for their turn every so often
		select {
		case <-time.After(time.Since(began)):
		case <-ctx.Done():
		}
	}
	return more, err
}

// moveOver moves a part of the source. What is left of it is looked for by a
// reader: the writer is given the ids.
func (s *Store) moveOver(ctx context.Context, m discuss.Merge) (more bool, err error) {
	var ids []discuss.ID
	if err := s.rows(ctx, allOfThread+` LIMIT ?2`, []any{m.Source, mergeChunk}, func(row scanner) error {
		var id discuss.ID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return false, err
	}
	follows := 0
	err = s.updateBulk(ctx, func(tx *Tx) error {
		follows = 0
		now, err := tx.Merge(m.ID)
		if discuss.KindOf(err) == discuss.NotFound || err == nil && now.State != discuss.MergeMoving {
			return nil // another has come to its end
		}
		if err != nil {
			return err
		}
		if len(ids) > 0 {
			moved, err := tx.moveComments(ids, m.Source, m.Target)
			if err != nil {
				return err
			}
			if err := tx.keepPart(m, "comments", moved); err != nil {
				return err
			}
			return tx.exec(`UPDATE merges SET moved = moved + ?2, touched = ?3 WHERE id = ?1`, m.ID, len(moved), millis(tx.now))
		}
		if follows, err = tx.moveFollows(m); err != nil || follows > 0 {
			return err
		}
		follows, err = tx.moveReactions(m)
		return err
	})
	return len(ids) > 0 || follows > 0, err
}

// moveComments moves comments from one thread to another with all that names
// their thread, and returns those that were still in the first.
func (t *Tx) moveComments(ids []discuss.ID, from, to discuss.ID) (moved []discuss.ID, err error) {
	list, err := json.Marshal(idNumbers(ids))
	if err != nil {
		return nil, err
	}
	rows, err := t.w.stmt(`UPDATE comments SET thread_id = ?3 WHERE id IN (SELECT value FROM json_each(?1)) AND thread_id = ?2 RETURNING id, status = 'published'`).Query(string(list), from, to)
	if err != nil {
		return nil, err
	}
	public := 0
	for rows.Next() {
		var id discuss.ID
		var published bool
		if err := rows.Scan(&id, &published); err != nil {
			rows.Close()
			return nil, err
		}
		if moved = append(moved, id); published {
			public++
		}
	}
	if err := rows.Err(); err != nil {
		rows.Close()
		return nil, err
	}
	if err := rows.Close(); err != nil {
		return nil, err
	}
	t.countInThread(from, -public)
	t.countInThread(to, public)
	for _, table := range []string{"pages", "tallies_due"} {
		if err := t.exec(`UPDATE `+table+` SET thread_id = ?2 WHERE comment_id IN (SELECT value FROM json_each(?1))`, string(list), to); err != nil {
			return nil, err
		}
	}
	return moved, nil
}

// idNumbers are ids as JSON numbers, which SQLite compares as such.
func idNumbers(ids []discuss.ID) []int64 {
	out := make([]int64, len(ids))
	for i, id := range ids {
		out[i] = int64(id)
	}
	return out
}

// keepPart notes what an undo takes back.
func (t *Tx) keepPart(m discuss.Merge, kind string, part any) error {
	if !m.Undoable {
		return nil
	}
	if ids, ok := part.([]discuss.ID); ok {
		if len(ids) == 0 {
			return nil
		}
		part = idNumbers(ids)
	}
	data, err := json.Marshal(part)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO merge_parts (merge_id, n, kind, data) SELECT ?1, coalesce(max(n), 0) + 1, ?2, ?3 FROM merge_parts WHERE merge_id = ?1`, m.ID, kind, string(data))
}

// followed is somebody who follows a thread, or the replies to a comment of it.
type followed struct {
	Author  int64 `json:"a"`
	Comment int64 `json:"c"`
	Created int64 `json:"at"`
}

// moveFollows has a part of those who follow the source follow the target. One
// who does so already stays as they are.
func (t *Tx) moveFollows(m discuss.Merge) (n int, err error) {
	rows, err := t.w.stmt(`SELECT f.author_id, f.comment_id, f.created, EXISTS (SELECT 1 FROM follows o WHERE o.author_id = f.author_id AND o.thread_id = ?2 AND o.comment_id = f.comment_id)
		FROM follows f INDEXED BY follows_thread WHERE f.thread_id = ?1 LIMIT ?3`).Query(m.Source, m.Target, mergeChunk)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	parts := map[string][]followed{}
	for rows.Next() {
		var f followed
		var already bool
		if err := rows.Scan(&f.Author, &f.Comment, &f.Created, &already); err != nil {
			return n, err
		}
		kind := "follows"
		if already {
			kind = "dropped"
		}
		parts[kind] = append(parts[kind], f)
		n++
	}
	if err := rows.Err(); err != nil {
		return n, err
	}
	for kind, list := range parts {
		data, err := json.Marshal(list)
		if err != nil {
			return n, err
		}
		query := `UPDATE follows SET thread_id = ?3 WHERE (author_id, thread_id, comment_id) IN (SELECT value ->> 'a', ?2, value ->> 'c' FROM json_each(?1))`
		args := []any{string(data), m.Source, m.Target}
		if kind == "dropped" {
			query, args = `DELETE FROM follows WHERE (author_id, thread_id, comment_id) IN (SELECT value ->> 'a', ?2, value ->> 'c' FROM json_each(?1))`, args[:2]
		}
		if err := t.exec(query, args...); err != nil {
			return n, err
		}
		if err := t.keepPart(m, kind, list); err != nil {
			return n, err
		}
	}
	return n, nil
}

// endMerge leaves the source an empty row and gives the target its keys.
func (t *Tx) endMerge(m discuss.Merge) error {
	if err := t.moveGuestFollows(m); err != nil {
		return err
	}
	var alike string
	if err := t.get(`SELECT json_group_array(json_object('t', thread_id, 'l', like_id)) FROM alike_threads WHERE thread_id = ?1 OR like_id = ?1`, []any{m.Source}, &alike); err != nil {
		return err
	}
	if err := t.keepPart(m, "alike", json.RawMessage(alike)); err != nil {
		return err
	}
	if err := t.moveCounted(m); err != nil {
		return err
	}
	for _, q := range []string{
		`UPDATE OR IGNORE alike_threads SET like_id = ?2 WHERE like_id = ?1 AND thread_id <> ?2`,
		`DELETE FROM alike_threads WHERE (thread_id = ?1 OR like_id = ?1) AND ?2 <> 0`,
		`UPDATE aliases SET thread_id = ?2 WHERE thread_id = ?1`,
		`UPDATE threads SET merged_into = ?2 WHERE merged_into = ?1`,
		`UPDATE threads SET merged_into = ?2, state = 'read_only', closes = NULL WHERE id = ?1`,
	} {
		if err := t.exec(q, m.Source, m.Target); err != nil {
			return err
		}
	}
	if err := t.exec(`UPDATE threads SET key = ?2 WHERE id = ?1`, m.Source, goneKey+m.Source.String()); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO aliases (site_id, key, thread_id) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET thread_id = excluded.thread_id`, m.Site, m.SourceKey, m.Target); err != nil {
		return err
	}
	if err := t.levelSeq(m); err != nil {
		return err
	}
	if !m.Undoable {
		return t.exec(`DELETE FROM merges WHERE id = ?1`, m.ID)
	}
	data, err := json.Marshal([]discuss.Before{{Merge: m.ID}})
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM undos WHERE expires < ?1`, millis(t.now)); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO undos (token, site_id, actor, data, expires) SELECT token, site_id, account, ?2, ?3 FROM merges WHERE id = ?1`, m.ID, string(data), millis(m.Expires)); err != nil {
		return err
	}
	return t.exec(`UPDATE merges SET state = 'done', expires = ?2 WHERE id = ?1`, m.ID, millis(m.Expires))
}

// levelSeq has the next events of both threads carry a number that is new in
// either: a page comes back with the number of the thread that it followed.
func (t *Tx) levelSeq(m discuss.Merge) error {
	return t.exec(`UPDATE threads SET seq = (SELECT max(seq) FROM threads WHERE id IN (?1, ?2)) WHERE id IN (?1, ?2)`, m.Source, m.Target)
}
