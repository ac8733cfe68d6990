package store

import (
	"context"
	"database/sql"
	"slices"

	"parley/internal/discuss"
)

// read gives the comments of the spool in chunks, parents before their replies.
func (im *importer) read(ctx context.Context, out chan<- []importTask) error {
	threads, err := im.sp.numbers(`SELECT DISTINCT thread FROM tree ORDER BY thread`)
	if err != nil {
		return err
	}
	chunk, bytes := []importTask(nil), 0
	put := func(t importTask) error {
		chunk, bytes = append(chunk, t), bytes+len(t.body)+len(t.html)
		if len(chunk) < importChunkAlone && bytes < importBytes {
			return nil
		}
		full := chunk
		chunk, bytes = nil, 0
		select {
		case out <- full:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	for _, n := range threads {
		tree, err := im.sp.tree(n)
		if err != nil {
			return err
		}
		order := tree.order()
		t := &importThread{id: im.threadIDs[n], tree: tree, root: tree.roots(order), ids: make([]discuss.ID, len(tree.n)), depth: make([]int32, len(tree.n))}
		if order != nil {
			t.turn = make([]int32, len(order))
			for i, at := range order {
				t.turn[at] = int32(i) //nolint:gosec // fewer than 2^31, as all of a thread
			}
		}
		if err := im.sp.eachComment(n, t, order, put); err != nil {
			return err
		}
	}
	if len(chunk) > 0 {
		select {
		case out <- chunk:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

const spooledColumns = `c.person, c.foreign_id, c.body, c.html, c.status, c.created, c.edited, c.up, c.down, c.featured, c.pinned, c.reactions`

func scanTask(t *importTask, scan func(...any) error) error {
	return scan(&t.person, &t.foreign, &t.body, &t.html, &t.status, &t.created, &t.edited, &t.up, &t.down, &t.featured, &t.pinned, &t.reactions)
}

// eachComment gives a thread's comments in the order, nil for that of time.
func (sp *Spool) eachComment(n int64, thread *importThread, order []int32, take func(importTask) error) error {
	if order == nil {
		at := int32(0)
		return sp.each(`SELECT `+spooledColumns+` FROM tree t CROSS JOIN comments c ON c.n = t.n WHERE t.thread = ?1 ORDER BY t.created, t.n`, []any{n}, func(scan func(...any) error) error {
			t := importTask{thread: thread, at: at}
			at++
			if err := scanTask(&t, scan); err != nil {
				return err
			}
			return take(t)
		})
	}
	one := sp.stmt(`SELECT ` + spooledColumns + ` FROM comments c WHERE n = ?1`)
	if one == nil {
		return sp.err
	}
	for _, at := range order {
		t := importTask{thread: thread, at: at}
		if err := scanTask(&t, one.QueryRow(thread.tree.n[at]).Scan); err != nil {
			return err
		}
		if err := take(t); err != nil {
			return err
		}
	}
	return nil
}

// spooledThread is a thread of the spool with its number there.
type spooledThread struct {
	n int64
	discuss.ArchiveThread
}

// last is the highest number in a table of the spool.
func (sp *Spool) last(table string) (n int64, err error) {
	err = sp.db.QueryRow(`SELECT coalesce(max(n), 0) FROM ` + table).Scan(&n)
	return n, err
}

func (sp *Spool) threadsFrom(from int64, many int) (out []spooledThread, err error) {
	if err := sp.each(`SELECT n, key, foreign_id, url, title, state, created, reactions FROM threads WHERE n >= ?1 AND n < ?1 + ?2 ORDER BY n`, []any{from, many}, func(scan func(...any) error) error {
		var t spooledThread
		var created sql.NullInt64
		var reactions string
		err := scan(&t.n, &t.Key, &t.Foreign, &t.URL, &t.Title, &t.State, &created, &reactions)
		t.Created, t.Reactions = spooledTime(created), discuss.Reactions(reactions)
		out = append(out, t)
		return err
	}); err != nil {
		return nil, err
	}
	err = sp.each(`SELECT n, alias FROM aliases WHERE n >= ?1 AND n < ?1 + ?2 ORDER BY n, alias`, []any{from, many}, func(scan func(...any) error) error {
		var n int64
		var alias string
		if err := scan(&n, &alias); err != nil {
			return err
		}
		at, ok := slices.BinarySearchFunc(out, n, func(t spooledThread, n int64) int { return int(t.n - n) })
		if ok {
			out[at].Aliases = append(out[at].Aliases, alias)
		}
		return nil
	})
	return out, err
}

// spooledPeople is a person of the spool with their number there.
type spooledPeople struct {
	n int64
	discuss.ArchivePerson
}

func (sp *Spool) peopleFrom(from int64, many int) (out []spooledPeople, err error) {
	err = sp.each(`SELECT n, foreign_id, name FROM people WHERE n >= ?1 AND n < ?1 + ?2 ORDER BY n`, []any{from, many}, func(scan func(...any) error) error {
		var p spooledPeople
		err := scan(&p.n, &p.Foreign, &p.Name)
		out = append(out, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = sp.each(`SELECT n, mark FROM marks WHERE n >= ?1 AND n < ?1 + ?2 ORDER BY n`, []any{from, many}, func(scan func(...any) error) error {
		var n int64
		var mark []byte
		if err := scan(&n, &mark); err != nil {
			return err
		}
		if at, ok := slices.BinarySearchFunc(out, n, func(p spooledPeople, n int64) int { return int(p.n - n) }); ok {
			out[at].Marks = append(out[at].Marks, mark)
		}
		return nil
	})
	return out, err
}
