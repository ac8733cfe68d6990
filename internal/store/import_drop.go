package store

import (
	"encoding/json"
	"maps"
	"slices"

	"parley/internal/discuss"
)

func (u *undo) dropThreads(tx *Tx, before discuss.ID) (discuss.ID, error) {
	gone, next, err := u.threads(before)
	if err != nil || len(gone) == 0 {
		return next, err
	}
	for _, id := range gone { // told here alone: the rows go with their thread
		if err := tx.addEvent(discuss.Event{ThreadID: id, Type: discuss.ThreadReset, At: tx.Now()}); err != nil {
			return next, err
		}
	}
	if err := tx.keepFloor(); err != nil {
		return next, err
	}
	return next, tx.exec(`DELETE FROM threads WHERE id IN (SELECT value FROM json_each(?1))`, idList(gone))
}

func (u *undo) dropPeople(tx *Tx, before discuss.ID) (discuss.ID, error) {
	gone, next, err := u.people(before)
	if err != nil || len(gone) == 0 {
		return next, err
	}
	return next, tx.exec(`DELETE FROM authors WHERE id IN (SELECT value FROM json_each(?1))`, idList(gone))
}

func (u *undo) dropAliases(tx *Tx) error {
	gone, err := u.aliases()
	if err != nil {
		return err
	}
	threads := map[discuss.ID]bool{}
	for key, thread := range gone {
		threads[thread] = true
		if err := tx.exec(`DELETE FROM aliases WHERE site_id = ?1 AND key = ?2`, u.im.Site, key); err != nil {
			return err
		}
	}
	for id := range threads { // what is kept under such a key is stale
		if err := tx.addEvent(discuss.Event{ThreadID: id, Type: discuss.ThreadUpdated, At: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// dropComments removes the next comments with every counter that they are in.
func (u *undo) dropComments(tx *Tx, before discuss.ID) (discuss.ID, error) {
	gone, next, err := u.comments(before)
	if err != nil || len(gone) == 0 {
		return next, err
	}
	if u.quick {
		return next, tx.unindexLater(func() error { return tx.dropComments(gone) })
	}
	return next, tx.dropComments(gone)
}

// Of the index of words. It takes words out at once, wherever they stand in it, as
// an erasure wants it; of many comments that costs ten times what bringing them in
// did, and holds everybody up.
const (
	indexAtOnce = `INSERT INTO comments_text (comments_text, rank) VALUES ('secure-delete', ?1)`
	mergeIndex  = `INSERT INTO comments_text (comments_text, rank) VALUES ('merge', ?1)`
)

// mergePages is how much of the index is written anew in one write.
const mergePages = 100

// unindexLater does what takes many comments away, and has the index note that
// their words are gone: they leave it for good when it has been merged. It
// changes what is so of the index inside of the transaction alone.
func (t *Tx) unindexLater(work func() error) error {
	if err := t.exec(indexAtOnce, 0); err != nil {
		return err
	}
	if err := work(); err != nil {
		return err // what is rolled back is read anew by the index
	}
	// The index writes down what it has when a savepoint is set: before it does so at once again.
	for _, q := range []string{`SAVEPOINT words`, `RELEASE words`} {
		if err := t.exec(q); err != nil {
			return err
		}
	}
	return t.exec(indexAtOnce, 1)
}

// mergeWords writes the next part of the index anew, without the words that are
// gone; more says whether there is a further part. The first call begins it.
func (t *Tx) mergeWords(begin bool) (more bool, err error) {
	pages := mergePages
	if begin {
		pages = -pages
	}
	var before, after int64
	if err := t.get(`SELECT total_changes()`, nil, &before); err != nil {
		return false, err
	}
	if err := t.exec(mergeIndex, pages); err != nil {
		return false, err
	}
	if err := t.get(`SELECT total_changes()`, nil, &after); err != nil {
		return false, err
	}
	return after-before > 1, nil // one is the command itself
}

// dropComments removes comments for good. None of them has a reply that is not
// among them. What hangs on them goes by the schema's cascades and triggers.
func (t *Tx) dropComments(gone []undoneComment) error {
	type counts struct{ kids, replies int }
	ids := make([]discuss.ID, len(gone))
	names := make([]string, len(gone))
	parents, authors, seen := map[discuss.ID]counts{}, map[discuss.ID]int{}, map[discuss.ID]int64{}
	threads, roots := map[discuss.ID]bool{}, map[discuss.ID]bool{}
	for i, c := range gone {
		ids[i], names[i] = c.id, c.id.String()
		threads[c.thread] = true
		seen[c.author] = max(seen[c.author], c.created)
		n := parents[c.parent]
		if c.shown {
			n.kids--
		}
		if c.published {
			n.replies--
			authors[c.author]--
			t.countInThread(c.thread, -1)
		}
		parents[c.parent] = n
		if c.parent != 0 && c.ranked && c.published {
			roots[c.root] = true
		}
	}
	about, err := json.Marshal(names)
	if err != nil {
		return err
	}
	if err := t.exec(dropMail, string(about)); err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM comments WHERE id IN (SELECT value FROM json_each(?1))`, idList(ids)); err != nil {
		return err
	}
	for _, id := range ids { // a row that is gone has no counters
		delete(parents, id)
		delete(roots, id)
	}
	delete(parents, 0)
	for id, n := range parents {
		if n != (counts{}) {
			if err := t.countInView(id, n.kids, n.replies); err != nil {
				return err
			}
		}
	}
	for id := range roots {
		if err := t.setBranch(id); err != nil {
			return err
		}
	}
	for id, at := range seen {
		// When somebody who stays was last here is found again where it may have been by what is gone.
		if err := t.exec(`UPDATE authors SET published = published + ?2, brought = CASE kind WHEN 'member' THEN max(0, brought + ?2) ELSE brought END, seen = CASE WHEN seen <= ?3 THEN (SELECT max(created) FROM comments WHERE author_id = ?1) ELSE seen END WHERE id = ?1`,
			id, authors[id], at); err != nil {
			return err
		}
	}
	for _, id := range slices.Sorted(maps.Keys(threads)) {
		if err := t.addEvent(discuss.Event{ThreadID: id, Type: discuss.ThreadReset, At: t.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// idList is ids as json_each takes them.
func idList(ids []discuss.ID) string {
	b, _ := json.Marshal(ids) // of numbers: never fails
	return string(b)
}

// rows is Store.rows inside of a write.
func (t *Tx) rows(query string, args []any, take func(scanner) error) error {
	rows, err := t.w.stmt(query).Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
