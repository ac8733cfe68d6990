package store

import (
	"encoding/json"

	"parley/internal/discuss"
)

// What of reactions to pages is kept of a merge, for its undo.
const (
	reactionsMoved   = "reactions"
	reactionsDropped = "reactions dropped" // of who had reacted to both in the same way
	reactionsCounted = "reactions counted" // numbers without people, which an import brought
)

// reactedPart is a person who reacted to a page in one way.
type reactedPart struct {
	Author int64  `json:"a"`
	Name   string `json:"n"`
}

// moveReactions has a part of those who reacted to the source's page have
// reacted to the target's. Who has done both in the same way counts once.
func (t *Tx) moveReactions(m discuss.Merge) (n int, err error) {
	rows, err := t.w.stmt(`SELECT r.author_id, r.name, EXISTS (SELECT 1 FROM page_reactions o WHERE o.thread_id = ?2 AND o.author_id = r.author_id AND o.name = r.name)
		FROM page_reactions r WHERE r.thread_id = ?1 LIMIT ?3`).Query(m.Source, m.Target, mergeChunk)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	parts := map[string][]reactedPart{}
	for rows.Next() {
		var p reactedPart
		var already bool
		if err := rows.Scan(&p.Author, &p.Name, &already); err != nil {
			return n, err
		}
		kind := reactionsMoved
		if already {
			kind = reactionsDropped
		}
		parts[kind] = append(parts[kind], p)
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
		query := `UPDATE page_reactions SET thread_id = ?3 WHERE (thread_id, author_id, name) IN (SELECT ?2, value ->> 'a', value ->> 'n' FROM json_each(?1))`
		args := []any{string(data), m.Source, m.Target}
		if kind == reactionsDropped {
			query, args = `DELETE FROM page_reactions WHERE (thread_id, author_id, name) IN (SELECT ?2, value ->> 'a', value ->> 'n' FROM json_each(?1))`, args[:2]
		}
		if err := t.exec(query, args...); err != nil {
			return n, err
		}
		if err := t.keepPart(m, kind, list); err != nil {
			return n, err
		}
		if err := t.countReactions(m.Source, numbersOf(list), -1); err != nil {
			return n, err
		}
		if kind == reactionsMoved {
			if err := t.countReactions(m.Target, numbersOf(list), 1); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// moveCounted gives the target the numbers that stand at the source without people.
func (t *Tx) moveCounted(m discuss.Merge) error {
	left, err := t.PageReactions(m.Source)
	if err != nil || len(left) == 0 {
		return err
	}
	if err := t.keepPart(m, reactionsCounted, left.Counts()); err != nil {
		return err
	}
	if err := t.countReactions(m.Source, left.Counts(), -1); err != nil {
		return err
	}
	return t.countReactions(m.Target, left.Counts(), 1)
}

// returnReactions takes a part of that back. Who has changed their mind
// meanwhile has.
func (t *Tx) returnReactions(m discuss.Merge, kind, data string) error {
	if kind == reactionsCounted {
		var numbers map[string]int
		if err := json.Unmarshal([]byte(data), &numbers); err != nil {
			return err
		}
		if err := t.countReactions(m.Target, numbers, -1); err != nil {
			return err
		}
		return t.countReactions(m.Source, numbers, 1)
	}
	query := `UPDATE page_reactions SET thread_id = ?3 WHERE (thread_id, author_id, name) IN (SELECT ?2, value ->> 'a', value ->> 'n' FROM json_each(?1)) RETURNING name`
	args := []any{data, m.Target, m.Source}
	if kind == reactionsDropped {
		query, args = `INSERT INTO page_reactions (thread_id, author_id, name) SELECT ?2, value ->> 'a', value ->> 'n' FROM json_each(?1)
			WHERE EXISTS (SELECT 1 FROM authors WHERE id = value ->> 'a') ON CONFLICT DO NOTHING RETURNING name`, []any{data, m.Source}
	}
	rows, err := t.w.stmt(query).Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	back := map[string]int{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		back[name]++
	}
	if err := rows.Err(); err != nil {
		return err
	}
	if err := t.countReactions(m.Source, back, 1); err != nil || kind == reactionsDropped {
		return err
	}
	return t.countReactions(m.Target, back, -1)
}

func numbersOf(list []reactedPart) map[string]int {
	out := map[string]int{}
	for _, p := range list {
		out[p.Name]++
	}
	return out
}

// countReactions adds numbers to those of a page, or takes them off, and has its
// readers told.
func (t *Tx) countReactions(thread discuss.ID, by map[string]int, sign int) error {
	if len(by) == 0 {
		return nil
	}
	now, err := t.PageReactions(thread)
	if err != nil {
		return err
	}
	next := now.Counts()
	for name, n := range by {
		next[name] += sign * n
	}
	t.voted = true
	if err := t.exec(`UPDATE threads SET reactions = ?2 WHERE id = ?1`, thread, string(discuss.ReactionsOf(next))); err != nil {
		return err
	}
	return t.exec(`INSERT INTO page_tallies_due (thread_id) VALUES (?1) ON CONFLICT DO NOTHING`, thread)
}
