package store

import (
	"context"

	"parley/internal/discuss"
)

// HasReacted reports whether a person has reacted to a comment in one way.
func (t *Tx) HasReacted(comment, author discuss.ID, name string) (yes bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM reactions WHERE comment_id = ?1 AND author_id = ?2 AND name = ?3)`, []any{comment, author, name}, &yes)
	return yes, err
}

// HasReactedToPage reports whether a person has reacted to a thread's page in one way.
func (t *Tx) HasReactedToPage(thread, author discuss.ID, name string) (yes bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM page_reactions WHERE thread_id = ?1 AND author_id = ?2 AND name = ?3)`, []any{thread, author, name}, &yes)
	return yes, err
}

// PageReactions are those to a thread's page.
func (t *Tx) PageReactions(thread discuss.ID) (discuss.Reactions, error) {
	var r discuss.Reactions
	err := t.get(`SELECT reactions FROM threads WHERE id = ?1`, []any{thread}, (*string)(&r))
	return r, err
}

// setReaction begins or ends one. It is durable with the transaction; readers
// hear of it with the next tally, as of votes.
func (t *Tx) setReaction(r discuss.SetReaction) error {
	table, key, target := "reactions", "comment_id", r.Comment
	if r.Comment == 0 {
		table, key, target = "page_reactions", "thread_id", r.Thread
	}
	query := `INSERT INTO ` + table + ` (` + key + `, author_id, name) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`
	if !r.On {
		query = `DELETE FROM ` + table + ` WHERE ` + key + ` = ?1 AND author_id = ?2 AND name = ?3`
	}
	if err := t.exec(query, target, r.Author, r.Name); err != nil {
		return err
	}
	t.voted = true
	if r.Comment == 0 {
		if err := t.exec(`UPDATE threads SET reactions = ?2 WHERE id = ?1`, r.Thread, string(r.Now)); err != nil {
			return err
		}
		return t.exec(`INSERT INTO page_tallies_due (thread_id) VALUES (?1) ON CONFLICT DO NOTHING`, r.Thread)
	}
	if err := t.exec(`UPDATE comments SET reactions = ?2 WHERE id = ?1`, r.Comment, string(r.Now)); err != nil {
		return err
	}
	return t.exec(`INSERT INTO tallies_due (comment_id, thread_id, voted, reacted) VALUES (?1, ?2, 0, 1) ON CONFLICT DO UPDATE SET reacted = 1`, r.Comment, r.Thread)
}

// settlePages tells the readers of pages that were reacted to.
func (t *Tx) settlePages() (more bool, err error) {
	ids, err := t.ids(`SELECT thread_id FROM page_tallies_due ORDER BY thread_id LIMIT ?1`, tallyChunk)
	if err != nil {
		return false, err
	}
	for _, id := range ids {
		if err := t.exec(`DELETE FROM page_tallies_due WHERE thread_id = ?1`, id); err != nil {
			return false, err
		}
		now, err := t.PageReactions(id)
		if err != nil {
			return false, err
		}
		if err := t.addEvent(discuss.Event{ThreadID: id, Type: discuss.ThreadReacted, Reactions: now, At: t.Now()}); err != nil {
			return false, err
		}
	}
	return len(ids) == tallyChunk, nil
}

const (
	// reactionsHeard counts those of whom somebody wants to hear, no further than ?3.
	reactionsHeard = `SELECT count(*) FROM (SELECT 1 FROM reactions r WHERE r.comment_id = ?1 AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.author_id = ?2 AND m.muted_id = r.author_id) LIMIT ?3)`
	reactedTo      = `SELECT r.comment_id, r.name FROM reactions r JOIN comments c ON c.id = r.comment_id
		WHERE r.author_id = ?1 AND c.thread_id = ?2 AND c.status = 'published'
		UNION ALL SELECT 0, name FROM page_reactions WHERE thread_id = ?2 AND author_id = ?1`
)

// reacted returns a person's reactions in a thread, 0 for those to its page.
func (s *Store) reacted(ctx context.Context, author, thread discuss.ID) (map[discuss.ID][]string, error) {
	out := map[discuss.ID][]string{}
	err := s.rows(ctx, reactedTo, []any{author, thread}, func(row scanner) error {
		var id discuss.ID
		var name string
		err := row.Scan(&id, &name)
		out[id] = append(out[id], name)
		return err
	})
	return out, err
}
