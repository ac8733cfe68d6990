package store

import (
	"cmp"
	"database/sql"
	"fmt"
	"slices"

	"parley/internal/discuss"
)

// Arrange says where each comment stands, once all files have been read: a second
// row with an id goes, a parent that is not in its comment's thread or is below
// it is forgotten, and all of that is reported. After it nothing may be added.
func (sp *Spool) Arrange() error {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.err != nil {
		return sp.err
	}
	for _, query := range []string{
		`CREATE INDEX comments_foreign ON comments (foreign_id)`,
		`INSERT INTO skipped (id, why) SELECT foreign_id, 'a second comment with this id' FROM comments c WHERE EXISTS (SELECT 1 FROM comments d WHERE d.foreign_id = c.foreign_id AND d.n < c.n)`,
		`DELETE FROM comments AS c WHERE EXISTS (SELECT 1 FROM comments d WHERE d.foreign_id = c.foreign_id AND d.n < c.n)`,
		`CREATE TABLE tree (thread INTEGER NOT NULL, created INTEGER NOT NULL, n INTEGER NOT NULL, parent INTEGER, status TEXT NOT NULL, up INTEGER NOT NULL, down INTEGER NOT NULL,
			PRIMARY KEY (thread, created, n)) WITHOUT ROWID`,
		`INSERT INTO tree SELECT c.thread, c.created, c.n, p.n, c.status, c.up, c.down FROM comments c LEFT JOIN comments p ON c.parent <> '' AND p.foreign_id = c.parent AND p.thread = c.thread
			ORDER BY c.thread, c.created, c.n`,
		`INSERT INTO skipped (id, why) SELECT c.foreign_id, 'the comment it answers is not in its thread; it is kept as a comment of its own' FROM comments c
			WHERE c.parent <> '' AND NOT EXISTS (SELECT 1 FROM comments p WHERE p.foreign_id = c.parent AND p.thread = c.thread) ORDER BY c.n`,
	} {
		if sp.exec(query); sp.err != nil {
			return sp.err
		}
	}
	return sp.breakCycles()
}

// breakCycles makes a root of one comment of each circle of answers.
func (sp *Spool) breakCycles() error {
	threads, err := sp.numbers(`SELECT DISTINCT thread FROM tree WHERE parent IS NOT NULL ORDER BY thread`)
	if err != nil {
		return err
	}
	for _, n := range threads {
		t, err := sp.tree(n)
		if err != nil {
			return err
		}
		for _, at := range t.cycles() {
			var foreign string
			sp.exec(`UPDATE tree SET parent = NULL WHERE thread = ?1 AND created = ?2 AND n = ?3`, n, t.created[at], t.n[at])
			sp.get(`SELECT foreign_id FROM comments WHERE n = ?1`, []any{t.n[at]}, &foreign)
			sp.skip(discuss.Skipped{ID: foreign, Why: "it answers itself by a detour; it is kept as a comment of its own"})
		}
	}
	return sp.err
}

func (sp *Spool) numbers(query string) (out []int64, err error) {
	err = sp.each(query, nil, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		out = append(out, n)
		return err
	})
	return out, err
}

// spooledTree is one thread's comments by the time they were written, as columns:
// a thread may have a million.
type spooledTree struct {
	n       []int64
	created []int64
	parent  []int32 // where in these columns; -1 for a root
	public  []bool
	up      []int32
	down    []int32
}

func (sp *Spool) tree(thread int64) (*spooledTree, error) {
	t := &spooledTree{}
	var above []int64
	if err := sp.each(`SELECT n, created, parent, status, up, down FROM tree WHERE thread = ?1 ORDER BY created, n`, []any{thread}, func(scan func(...any) error) error {
		var n, created int64
		var parent sql.NullInt64
		var status sql.RawBytes
		var up, down int32
		if err := scan(&n, &created, &parent, &status, &up, &down); err != nil {
			return err
		}
		t.n, t.created = append(t.n, n), append(t.created, created)
		t.public = append(t.public, string(status) == string(discuss.Published))
		t.up, t.down = append(t.up, up), append(t.down, down)
		if !parent.Valid {
			parent.Int64 = -1
		}
		above = append(above, parent.Int64)
		return nil
	}); err != nil {
		return nil, err
	}
	byN := make([]int32, len(t.n))
	for i := range byN {
		byN[i] = int32(i) //nolint:gosec // a thread has fewer than 2^31 comments: each takes more than a byte of a file
	}
	slices.SortFunc(byN, func(a, b int32) int { return cmp.Compare(t.n[a], t.n[b]) })
	t.parent = make([]int32, len(t.n))
	for i, n := range above {
		t.parent[i] = -1
		if n < 0 {
			continue
		}
		at, ok := slices.BinarySearchFunc(byN, n, func(at int32, n int64) int { return cmp.Compare(t.n[at], n) })
		if !ok {
			return nil, fmt.Errorf("comment %d of the spool answers one that is not in its thread", t.n[i])
		}
		t.parent[i] = byN[at]
	}
	return t, nil
}

// cycles gives one comment of each circle of answers, and makes it a root.
func (t *spooledTree) cycles() (out []int32) {
	const unseen, walked, safe = 0, 1, 2
	seen := make([]uint8, len(t.n))
	var path []int32
	for i := range t.n {
		path = path[:0]
		at := int32(i) //nolint:gosec // as above
		for at >= 0 && seen[at] == unseen {
			seen[at] = walked
			path = append(path, at)
			at = t.parent[at]
		}
		if at >= 0 && seen[at] == walked { // of this very walk: earlier ones are safe
			t.parent[at] = -1
			out = append(out, at)
		}
		for _, p := range path {
			seen[p] = safe
		}
	}
	return out
}

// order is the places of the comments so that a parent stands before its replies,
// else by time; nil where they stand so already.
func (t *spooledTree) order() []int32 {
	late := false
	for i, p := range t.parent {
		late = late || int(p) > i
	}
	if !late {
		return nil
	}
	at, depth := make([]int64, len(t.n)), make([]int32, len(t.n))
	for i := range depth {
		depth[i] = -1
	}
	var path []int32
	for i := range t.n {
		path = path[:0]
		for p := int32(i); p >= 0 && depth[p] < 0; p = t.parent[p] { //nolint:gosec // as above
			path = append(path, p)
		}
		for _, p := range slices.Backward(path) {
			at[p], depth[p] = t.created[p], 0
			if above := t.parent[p]; above >= 0 {
				at[p], depth[p] = max(t.created[p], at[above]), depth[above]+1
			}
		}
	}
	out := make([]int32, len(t.n))
	for i := range out {
		out[i] = int32(i) //nolint:gosec // as above
	}
	slices.SortFunc(out, func(a, b int32) int {
		return cmp.Or(cmp.Compare(at[a], at[b]), cmp.Compare(depth[a], depth[b]), cmp.Compare(a, b))
	})
	return out
}

// roots gives each comment the one that its branch begins with, in an order of order.
func (t *spooledTree) roots(order []int32) []int32 {
	root := make([]int32, len(t.n))
	for i := range t.n {
		at := int32(i) //nolint:gosec // as above
		if order != nil {
			at = order[i]
		}
		root[at] = at
		if p := t.parent[at]; p >= 0 {
			root[at] = root[p]
		}
	}
	return root
}
