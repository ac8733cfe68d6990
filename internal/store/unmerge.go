package store

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/internal/discuss"
)

// moveBack takes one part of a merge back, the last first.
func (s *Store) moveBack(ctx context.Context, m discuss.Merge) (more bool, err error) {
	err = s.updateBulk(ctx, func(tx *Tx) error {
		more = false
		var n int
		var kind, data string
		err := tx.get(`SELECT n, kind, data FROM merge_parts WHERE merge_id = ?1 AND kind <> 'alike' ORDER BY n DESC LIMIT 1`, []any{m.ID}, &n, &kind, &data)
		if discuss.KindOf(err) == discuss.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		more = true
		moved := 0
		switch kind {
		case "comments":
			var ids []int64
			if err := json.Unmarshal([]byte(data), &ids); err != nil {
				return err
			}
			list := make([]discuss.ID, len(ids))
			for i, id := range ids {
				list[i] = discuss.ID(id)
			}
			if _, err := tx.moveComments(list, m.Target, m.Source); err != nil {
				return err
			}
			moved = len(ids)
		case "follows": // one who has stopped meanwhile has stopped
			err = tx.exec(`UPDATE follows SET thread_id = ?3 WHERE (author_id, thread_id, comment_id) IN (SELECT value ->> 'a', ?2, value ->> 'c' FROM json_each(?1))`, data, m.Target, m.Source)
		case "guests":
			err = tx.exec(`UPDATE OR IGNORE guest_follows SET thread_id = ?3 WHERE thread_id = ?2 AND id IN (SELECT value FROM json_each(?1))`, data, m.Target, m.Source)
		case "dropped":
			err = tx.exec(`INSERT INTO follows (author_id, thread_id, comment_id, created) SELECT value ->> 'a', ?2, value ->> 'c', value ->> 'at' FROM json_each(?1)
				WHERE EXISTS (SELECT 1 FROM authors WHERE id = value ->> 'a') ON CONFLICT DO NOTHING`, data, m.Source)
		case reactionsMoved, reactionsDropped, reactionsCounted:
			err = tx.returnReactions(m, kind, data)
		}
		if err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM merge_parts WHERE merge_id = ?1 AND n = ?2`, m.ID, n); err != nil {
			return err
		}
		return tx.exec(`UPDATE merges SET moved = moved + ?2, touched = ?3 WHERE id = ?1`, m.ID, moved, millis(tx.now))
	})
	return more, err
}

// endUnmerge gives the source its keys and its state back, and what was answered
// under its comments meanwhile.
func (t *Tx) endUnmerge(m discuss.Merge) error {
	var text string
	if err := t.get(`SELECT was FROM merges WHERE id = ?1`, []any{m.ID}, &text); err != nil {
		return err
	}
	var was mergeWas
	if err := json.Unmarshal([]byte(text), &was); err != nil {
		return fmt.Errorf("what a merge was: %w", err)
	}
	late, err := t.ids(`SELECT c.id FROM comments c INDEXED BY comments_site CROSS JOIN comments r ON r.id = c.root_id
		WHERE c.site_id = ?1 AND c.created >= ?2 AND +c.thread_id = ?3 AND r.thread_id = ?4`, m.Site, millis(m.Created), m.Target, m.Source)
	if err != nil {
		return err
	}
	if len(late) > 0 {
		if _, err := t.moveComments(late, m.Target, m.Source); err != nil {
			return err
		}
	}
	if err := t.exec(`DELETE FROM aliases WHERE site_id = ?1 AND key = ?2 AND thread_id = ?3`, m.Site, was.Key, m.Target); err != nil {
		return err
	}
	aliases, err := json.Marshal(was.Aliases)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE aliases SET thread_id = ?1 WHERE thread_id = ?2 AND key IN (SELECT value FROM json_each(?3))`, m.Source, m.Target, string(aliases)); err != nil {
		return err
	}
	chain, err := json.Marshal(was.Chain)
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE threads SET merged_into = ?1 WHERE merged_into = ?2 AND id IN (SELECT value FROM json_each(?3))`, m.Source, m.Target, string(chain)); err != nil {
		return err
	}
	if err := t.exec(`UPDATE threads SET key = ?2, state = ?3, closes = ?4, source = ?5, foreign_id = ?6, merged_into = NULL WHERE id = ?1`,
		m.Source, was.Key, was.State, orNull(was.Closes), orNull(was.Source), orNull(was.Foreign)); err != nil {
		return err
	}
	var alike string
	switch err := t.get(`SELECT data FROM merge_parts WHERE merge_id = ?1 AND kind = 'alike'`, []any{m.ID}, &alike); {
	case discuss.KindOf(err) == discuss.NotFound:
	case err != nil:
		return err
	default:
		for _, q := range []string{
			`DELETE FROM alike_threads WHERE site_id = ?1 AND thread_id IN (SELECT value ->> 't' FROM json_each(?2))`,
			`INSERT INTO alike_threads SELECT ?1, value ->> 't', value ->> 'l' FROM json_each(?2) WHERE TRUE ON CONFLICT DO NOTHING`,
		} {
			if err := t.exec(q, m.Site, alike); err != nil {
				return err
			}
		}
	}
	if err := t.levelSeq(m); err != nil {
		return err
	}
	return t.exec(`DELETE FROM merges WHERE id = ?1`, m.ID)
}

// orNull is what a pointer points at, for SQL.
func orNull[T any](p *T) any {
	if p == nil {
		return nil
	}
	return *p
}
