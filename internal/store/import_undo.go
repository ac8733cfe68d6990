package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"parley/internal/discuss"
)

// How many rows are looked at, and go, in one write: people who post meanwhile
// wait for no more than that.
const (
	undoChunk      = 50
	undoChunkQuick = 200 // where the index of words follows later
)

// undoQuick is from how many comments on the index of words follows later, for it
// is written anew then.
const undoQuick = 2000

// What is of an import's source and in one of its ranges of ids, one for each of
// its runs, is what it brought. Between two of its runs there may be another's. Of a person's doing there is a row in one of these tables, or
// in the audit log; see TestWhatAnUndoLooksAt. The plus keeps the planner on the
// ids between its first and its last: by its source an import is not in their order.
const (
	undoComments = `SELECT c.id, c.thread_id, coalesce(c.parent_id, 0), c.root_id, c.author_id, c.status = 'published', c.shown, c.rank > 0, c.created,
		(SELECT count(*) FROM comments k WHERE k.parent_id = c.id),
		CASE
			WHEN EXISTS (SELECT 1 FROM authors o JOIN claims k ON k.author_id = o.id AND k.state = 'approved' WHERE o.became = c.author_id AND o.source = ?2) THEN '` + discuss.StaysClaimed + `'
			WHEN EXISTS (SELECT 1 FROM comments k WHERE k.parent_id = c.id AND k.source IS NULL) THEN '` + discuss.StaysReply + `'
			WHEN EXISTS (SELECT 1 FROM votes v WHERE v.comment_id = c.id) THEN '` + discuss.StaysVote + `'
			WHEN EXISTS (SELECT 1 FROM reactions v WHERE v.comment_id = c.id) THEN '` + discuss.StaysReacted + `'
			WHEN EXISTS (SELECT 1 FROM revisions r WHERE r.comment_id = c.id)
				OR EXISTS (SELECT 1 FROM audit_log l WHERE l.kind = 'comment' AND l.target = c.id AND l.action = 'edit') THEN '` + discuss.StaysEdit + `'
			WHEN EXISTS (SELECT 1 FROM reports r WHERE r.comment_id = c.id) THEN '` + discuss.StaysReport + `'
			WHEN EXISTS (SELECT 1 FROM notices n WHERE n.comment_id = c.id) THEN '` + discuss.StaysNotice + `'
			WHEN c.decider_id IS NOT NULL OR c.decided IS NOT NULL AND c.decided <> c.created OR EXISTS (SELECT 1 FROM withdrawals w WHERE w.comment_id = c.id)
				OR EXISTS (SELECT 1 FROM audit_log l WHERE l.kind = 'comment' AND l.target = c.id) THEN '` + discuss.StaysDecision + `'
			WHEN EXISTS (SELECT 1 FROM follows f WHERE f.thread_id = c.thread_id AND f.comment_id = c.id) THEN '` + discuss.StaysFollow + `'
			WHEN EXISTS (SELECT 1 FROM comments k WHERE k.parent_id = c.id AND (k.source <> ?2 OR NOT EXISTS (SELECT 1 FROM import_ranges g WHERE g.import_id = ?7 AND k.id BETWEEN g.first_id AND g.last_id))) THEN '` + discuss.StaysLater + `'
			ELSE '' END
		FROM comments c WHERE +c.site_id = ?1 AND +c.source = ?2 AND c.id BETWEEN ?3 AND ?4 AND c.id < ?5
			AND EXISTS (SELECT 1 FROM import_ranges g WHERE g.import_id = ?7 AND c.id BETWEEN g.first_id AND g.last_id) ORDER BY c.id DESC LIMIT ?6`

	undoThreads = `SELECT t.id, t.key, (SELECT count(*) FROM comments c WHERE c.thread_id = t.id), CASE
			WHEN EXISTS (SELECT 1 FROM audit_log l WHERE l.kind = 'thread' AND l.target = t.id) THEN '` + discuss.StaysChanged + `'
			WHEN t.merged_into IS NOT NULL OR EXISTS (SELECT 1 FROM merges m WHERE m.source_id = t.id) OR EXISTS (SELECT 1 FROM merges m WHERE m.target_id = t.id)
				OR EXISTS (SELECT 1 FROM threads m WHERE m.merged_into = t.id) THEN '` + discuss.StaysChanged + `'
			WHEN EXISTS (SELECT 1 FROM follows f WHERE f.thread_id = t.id) THEN '` + discuss.StaysFollow + `'
			WHEN EXISTS (SELECT 1 FROM page_reactions r WHERE r.thread_id = t.id) THEN '` + discuss.StaysReacted + `'
			ELSE '' END
		FROM threads t WHERE +t.site_id = ?1 AND +t.source = ?2 AND t.id BETWEEN ?3 AND ?4 AND t.id < ?5
			AND EXISTS (SELECT 1 FROM import_ranges g WHERE g.import_id = ?7 AND t.id BETWEEN g.first_id AND g.last_id) ORDER BY t.id DESC LIMIT ?6`

	undoPeople = `SELECT a.id, (SELECT count(*) FROM comments c WHERE c.author_id = a.id),
		CASE WHEN EXISTS (SELECT 1 FROM claims k WHERE k.author_id = a.id AND k.state = 'approved') THEN '` + discuss.StaysClaimed + `' WHEN a.account_id IS NOT NULL OR a.kind <> 'imported' OR a.role <> 'member' OR a.trust <> 0 OR a.warnings <> 0 OR a.avatar <> ''
			OR EXISTS (SELECT 1 FROM audit_log l WHERE l.kind = 'person' AND l.target = a.id)
			OR EXISTS (SELECT 1 FROM notes n WHERE n.author_id = a.id) OR EXISTS (SELECT 1 FROM bans b WHERE b.author_id = a.id)
			OR EXISTS (SELECT 1 FROM mutes m WHERE m.muted_id = a.id) THEN '` + discuss.StaysPerson + `' ELSE '' END
		FROM authors a WHERE +a.site_id = ?1 AND +a.source = ?2 AND a.id BETWEEN ?3 AND ?4 AND a.id < ?5
			AND EXISTS (SELECT 1 FROM import_ranges g WHERE g.import_id = ?7 AND a.id BETWEEN g.first_id AND g.last_id) ORDER BY a.id DESC LIMIT ?6`

	// Keys that it gave to threads that were there: ?2 is when it began.
	undoAliases = `SELECT a.key, a.thread_id, EXISTS (SELECT 1 FROM comments c WHERE c.thread_id = a.thread_id AND c.source IS NULL AND c.created >= ?2)
		FROM aliases a JOIN threads t ON t.id = a.thread_id WHERE a.import_id = ?1 AND NOT (t.source IS ?3 AND EXISTS (SELECT 1 FROM import_ranges g WHERE g.import_id = ?1 AND t.id BETWEEN g.first_id AND g.last_id)) ORDER BY a.key`
)

// dropMail drops messages that quote one of the comments and have not left.
const dropMail = `DELETE FROM jobs WHERE kind = 'mail' AND EXISTS (SELECT 1 FROM json_each(payload, '$.About') a JOIN json_each(?1) gone ON gone.value = a.value)`

// undo is one import that is being undone, or would be.
type undo struct {
	im   discuss.Import
	of   discuss.Import   // whose rows are looked at: im, and then those of left
	left []discuss.Import // that were undone before, and left rows for what others had brought since
	rows func(query string, args []any, take func(scanner) error) error

	quick bool // the index of words follows later
	chunk int

	// What has gone, of a plan: the database still has it.
	kids, inThread, byAuthor map[discuss.ID]int
	out                      discuss.Undone
}

type undoneComment struct {
	id, thread, parent, root, author discuss.ID
	published, shown, ranked         bool
	created                          int64
}

// UndoImport removes what an import brought and nobody has touched since, and
// says what stays. It goes in chunks, replies before what they answer, so that
// one that was cut short is ended by the next call. looked is told how many
// comments it has looked at. Its source and the ids there are free again.
func (s *Store) UndoImport(ctx context.Context, site discuss.ID, number int64, looked func(comments int)) (discuss.Undone, error) {
	im, err := s.ImportByID(ctx, site, number)
	if err == nil && im.State != discuss.ImportApplying {
		err = undoable(im)
	}
	if err != nil {
		return discuss.Undone{}, err
	}
	lease, err := s.take(ctx, site, im.Source, func(tx *Tx) (int64, error) {
		if im, err = scanImport(tx.w.queryRow(importByID, site, number)); err != nil { // as it is now that it is ours
			return 0, err
		}
		if err := undoable(im); err != nil {
			return 0, err
		}
		return number, tx.exec(`UPDATE imports SET undoing = coalesce(undoing, ?2) WHERE id = ?1`, number, millis(tx.now))
	})
	if err != nil {
		return discuss.Undone{}, err
	}
	u := &undo{im: im, of: im, chunk: undoChunk}
	if u.quick = im.Comments >= undoQuick; u.quick {
		u.chunk = undoChunkQuick
	}
	if err := s.runUndo(ctx, u, lease, looked); err != nil {
		return u.out, errors.Join(err, s.update(context.Background(), s.w.ch, func(tx *Tx) error { // another may go on
			tx.erased = true
			return tx.exec(`UPDATE imports SET runner = NULL WHERE id = ?1 AND runner = ?2`, lease.id, lease.runner)
		}))
	}
	return u.out, nil
}

func undoable(im discuss.Import) error {
	err := *discuss.ErrImportState
	switch im.State {
	case discuss.ImportDone, discuss.ImportFailed:
		return nil
	case discuss.ImportUndone:
		err.Detail = fmt.Sprintf("Import %d was undone already.", im.ID)
	case discuss.ImportApplying:
		if im.Runs {
			return discuss.ErrImportRuns
		}
		return nil // it was cut short, and nobody has said so
	default:
		err.Detail = fmt.Sprintf("Import %d has brought nothing yet.", im.ID)
	}
	return &err
}

func (s *Store) runUndo(ctx context.Context, u *undo, lease *importLease, looked func(comments int)) error {
	elsewhere := s.servedElsewhere()
	beside, most := elsewhere || s.served, u.chunk
	var err error
	if u.left, err = leftImports(s.reading(ctx), u.im); err != nil {
		return err
	}
	if beside {
		u.chunk = importChunk
	}
	// each goes on with chunks until there are no further rows.
	each := func(chunk func(tx *Tx, before discuss.ID) (next discuss.ID, err error), after func()) error {
		for before := u.of.Last + 1; before != 0; {
			was, next := u.out, discuss.ID(0)
			var held time.Duration
			if err := s.standBack(ctx, beside, func() error {
				return s.updateStep(ctx, func(tx *Tx) (err error) {
					began := time.Now()
					defer func() { held = time.Since(began) }()
					u.out = was // of a chunk that is run again nothing was kept
					u.out.Stays = slices.Clip(was.Stays)
					u.kids, u.inThread, u.byAuthor = map[discuss.ID]int{}, map[discuss.ID]int{}, map[discuss.ID]int{}
					u.rows = tx.rows
					if err := lease.beats(tx); err != nil {
						return err
					}
					if next, err = chunk(tx, before); err != nil {
						return err
					}
					m := u.out.Moved.Less(was.Moved)
					return tx.exec(`UPDATE imports SET gone_threads = gone_threads + ?2, gone_comments = gone_comments + ?3, gone_people = gone_people + ?4 WHERE id = ?1`,
						u.im.ID, m.Threads, m.Comments, m.People)
				})
			}); err != nil {
				return err
			}
			if beside {
				u.chunk = min(fits(u.chunk, held), most)
			}
			if before = next; after != nil {
				after()
			}
		}
		return nil
	}
	if err := each(u.dropComments, func() {
		if looked != nil {
			looked(u.out.Comments + u.out.Stayed.Comments)
		}
	}); err != nil {
		return err
	}
	if elsewhere { // whoever has such a thread open hears of it before it is gone
		select {
		case <-time.After(3 * foreignEvery):
		case <-ctx.Done():
		}
	}
	for _, drop := range []func(*Tx, discuss.ID) (discuss.ID, error){u.dropThreads, u.dropPeople} {
		if err := u.withLeft(func() error { return each(drop, nil) }); err != nil {
			return err
		}
	}
	for begin, more := true, u.quick; more; begin = false {
		if err := s.standBack(ctx, beside, func() error {
			return s.updateBulk(ctx, func(tx *Tx) (err error) {
				if err = lease.beats(tx); err == nil {
					more, err = tx.mergeWords(begin)
				}
				return err
			})
		}); err != nil {
			return err
		}
	}
	return s.updateBulk(ctx, func(tx *Tx) error {
		tx.erased = true // once: after every chunk the file would be packed anew
		was := u.out
		u.rows = tx.rows
		if err := lease.beats(tx); err != nil {
			return err
		}
		if err := u.dropAliases(tx); err != nil {
			return err
		}
		err := tx.get(`UPDATE imports SET state = 'undone', undone = ?2, undoing = NULL, runner = NULL WHERE id = ?1 RETURNING gone_threads, gone_comments, gone_people`,
			[]any{u.im.ID, millis(tx.now)}, &was.Threads, &was.Comments, &was.People)
		u.out.Moved = was.Moved // with those of runs that were cut short
		if err != nil {
			return err
		}
		report, err := json.Marshal(u.out)
		if err != nil {
			return err
		}
		return tx.exec(`UPDATE imports SET undo = ?2 WHERE id = ?1`, u.im.ID, string(report))
	})
}

func (u *undo) args(before discuss.ID) []any {
	return []any{u.of.Site, u.of.Source, u.of.First, u.of.Last, before, u.chunk, u.of.ID}
}

// stays notes what stays and why. What another import has left was noted by its
// own undo.
func (u *undo) stays(n *int, what, id, why string) {
	if u.of.ID != u.im.ID {
		return
	}
	*n++
	if len(u.out.Stays) >= discuss.StaysMax {
		u.out.More++
		return
	}
	u.out.Stays = append(u.out.Stays, discuss.Stay{What: what, ID: id, Why: why})
}

// comments looks at the next comments, the youngest first: a reply has a larger
// id than what it answers, so what has replies left is looked at after them.
func (u *undo) comments(before discuss.ID) (gone []undoneComment, next discuss.ID, err error) {
	n := 0
	err = u.rows(undoComments, u.args(before), func(row scanner) error {
		var c undoneComment
		var kids int
		var why string
		if err := row.Scan(&c.id, &c.thread, &c.parent, &c.root, &c.author, &c.published, &c.shown, &c.ranked, &c.created, &kids, &why); err != nil {
			return err
		}
		n++
		next = c.id
		if kids -= u.kids[c.id]; why == "" && kids > 0 {
			why = discuss.StaysBelow
		}
		delete(u.kids, c.id)
		if why != "" {
			u.stays(&u.out.Stayed.Comments, "comment", c.id.String(), why)
			return nil
		}
		u.kids[c.parent]++
		u.inThread[c.thread]++
		u.byAuthor[c.author]++
		u.out.Comments++
		gone = append(gone, c)
		return nil
	})
	if n < u.chunk {
		next = 0
	}
	return gone, next, err
}

// threads looks at the next threads.
func (u *undo) threads(before discuss.ID) (gone []discuss.ID, next discuss.ID, err error) {
	n := 0
	err = u.rows(undoThreads, u.args(before), func(row scanner) error {
		var id discuss.ID
		var key, why string
		var comments int
		if err := row.Scan(&id, &key, &comments, &why); err != nil {
			return err
		}
		n++
		next = id
		if comments > u.inThread[id] {
			why = discuss.StaysComments
		}
		if why != "" {
			u.stays(&u.out.Stayed.Threads, "thread", key, why)
			return nil
		}
		u.out.Threads++
		gone = append(gone, id)
		return nil
	})
	if n < u.chunk {
		next = 0
	}
	return gone, next, err
}

// people looks at the next people.
func (u *undo) people(before discuss.ID) (gone []discuss.ID, next discuss.ID, err error) {
	n := 0
	err = u.rows(undoPeople, u.args(before), func(row scanner) error {
		var id discuss.ID
		var why string
		var comments int
		if err := row.Scan(&id, &comments, &why); err != nil {
			return err
		}
		n++
		next = id
		if comments > u.byAuthor[id] {
			why = discuss.StaysWritten
		}
		if why != "" {
			u.stays(&u.out.Stayed.People, "person", id.String(), why)
			return nil
		}
		u.out.People++
		gone = append(gone, id)
		return nil
	})
	if n < u.chunk {
		next = 0
	}
	return gone, next, err
}

// aliases looks at the keys that threads which were there before got. Those of a
// thread that stays though the import made it stay with it, and so do those by
// which people may have come and written.
func (u *undo) aliases() (gone map[string]discuss.ID, err error) {
	gone = map[string]discuss.ID{}
	var addresses int
	err = u.rows(undoAliases, []any{u.im.ID, millis(u.im.Started), u.im.Source}, func(row scanner) error {
		var key string
		var thread discuss.ID
		var used bool
		if err := row.Scan(&key, &thread, &used); err != nil {
			return err
		}
		if used {
			u.stays(&addresses, "address", key, discuss.StaysAddressed)
			return nil
		}
		gone[key] = thread
		return nil
	})
	return gone, err
}
