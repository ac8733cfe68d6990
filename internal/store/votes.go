package store

import (
	"context"
	"log/slog"
	"time"

	"parley/internal/discuss"
)

// tallyChunk is how many comments one tally transaction settles.
const tallyChunk = 256

// VoteOf is a person's vote on a comment.
func (t *Tx) VoteOf(comment, author discuss.ID) (v int, err error) {
	err = t.get(`SELECT value FROM votes WHERE comment_id = ?1 AND author_id = ?2`, []any{comment, author}, &v)
	if discuss.KindOf(err) == discuss.NotFound {
		return 0, nil
	}
	return v, err
}

// setVote records a vote. It is durable with the transaction; rank, public
// tally and event follow at most once per TallyEvery, or every vote would
// throw away the hot story's pages.
func (t *Tx) setVote(v discuss.SetVote) (err error) {
	var freshUp, freshDown int // of the vote that was there: whether it counted is settled by when it was given
	err = t.get(`SELECT value > 0 AND counts = 0, value < 0 AND counts = 0 FROM votes WHERE comment_id = ?1 AND author_id = ?2`, []any{v.Comment, v.Author}, &freshUp, &freshDown)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	freshUp, freshDown = -freshUp, -freshDown
	if !v.Counts {
		freshUp, freshDown = freshUp+max(v.Value, 0), freshDown+max(-v.Value, 0)
	}
	if v.Value == 0 {
		err = t.exec(`DELETE FROM votes WHERE comment_id = ?1 AND author_id = ?2`, v.Comment, v.Author)
	} else {
		err = t.exec(`INSERT INTO votes (comment_id, author_id, value, counts) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT DO UPDATE SET value = excluded.value, counts = excluded.counts`, v.Comment, v.Author, v.Value, v.Counts)
	}
	if err != nil {
		return err
	}
	if err := t.exec(`UPDATE comments SET up = up + ?2, down = down + ?3, fresh_up = fresh_up + ?4, fresh_down = fresh_down + ?5 WHERE id = ?1`,
		v.Comment, v.Up, v.Down, freshUp, freshDown); err != nil {
		return err
	}
	t.voted = true
	return t.exec(`INSERT INTO tallies_due (comment_id, thread_id, voted) VALUES (?1, ?2, 1) ON CONFLICT DO UPDATE SET voted = 1`, v.Comment, v.Thread)
}

func (s *Store) kickTallies() {
	select {
	case s.kick <- struct{}{}:
	default:
	}
}

// tallies settles votes in the background. A crash loses none: what is due
// stands in the database.
func (s *Store) tallies(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.kick:
		}
		t := time.NewTimer(s.opt.TallyEvery)
		select {
		case <-ctx.Done():
			t.Stop()
			return
		case <-t.C:
		}
		for more := true; more && ctx.Err() == nil; {
			err := s.updateBulk(ctx, func(tx *Tx) (err error) {
				more, err = tx.settle()
				return err
			})
			if err != nil {
				if ctx.Err() == nil {
					slog.Error("settle votes", "err", err)
					s.kickTallies()
				}
				break
			}
		}
	}
}

// settle gives rank, public tally and event to comments whose votes changed.
func (t *Tx) settle() (more bool, err error) {
	type due struct {
		comment, root, parent, thread, author discuss.ID
		up, down, freshUp, freshDown          int
		status                                string
		weight, rank                          float64
		voted, reacted                        bool
		reactions                             string
	}
	rows, err := t.w.stmt(`SELECT c.id, c.root_id, coalesce(c.parent_id, 0), c.thread_id, c.up, c.down, c.fresh_up, c.fresh_down, c.status, c.weight, c.rank, d.voted, d.reacted, c.reactions, coalesce((SELECT a.id FROM authors a WHERE a.id = c.author_id AND a.account_id IS NOT NULL), 0)
		FROM tallies_due d JOIN comments c ON c.id = d.comment_id ORDER BY d.comment_id LIMIT ?1`).Query(tallyChunk)
	if err != nil {
		return false, err
	}
	var all []due
	for rows.Next() {
		var d due
		if err := rows.Scan(&d.comment, &d.root, &d.parent, &d.thread, &d.up, &d.down, &d.freshUp, &d.freshDown, &d.status, &d.weight, &d.rank, &d.voted, &d.reacted, &d.reactions, &d.author); err != nil {
			_ = rows.Close()
			return false, err
		}
		all = append(all, d)
	}
	if err := rows.Close(); err != nil {
		return false, err
	}
	for _, d := range all {
		if err := t.exec(`DELETE FROM tallies_due WHERE comment_id = ?1`, d.comment); err != nil {
			return false, err
		}
		up, down := d.up-d.freshUp, d.down-d.freshDown
		rank := discuss.Best(up, down, d.weight)
		if err := t.exec(`UPDATE comments SET rank = ?2, heat = ?3, low = ?4 WHERE id = ?1`, d.comment, rank, discuss.Controversial(up, down), discuss.Low(up, down)); err != nil {
			return false, err
		}
		if err := t.setBranch(d.root); err != nil {
			return false, err
		}
		if d.status != string(discuss.Published) {
			continue
		}
		if d.reacted {
			if err := t.addEvent(discuss.Event{
				ThreadID: d.thread, Type: discuss.CommentReacted, Comment: d.comment,
				Root: d.root, Parent: d.parent, Reactions: discuss.Reactions(d.reactions), At: t.Now(),
			}); err != nil {
				return false, err
			}
			if d.author != 0 { // guests have no bell
				var heardOf int
				if err := t.get(reactionsHeard, []any{d.comment, d.author, discuss.MaxReactionsTold}, &heardOf); err != nil {
					return false, err
				}
				if err := t.notified(discuss.Notified{Author: d.author, Comment: d.comment, Kind: discuss.NotifyReactions, Count: heardOf}); err != nil {
					return false, err
				}
			}
		}
		if !d.voted && rank == d.rank {
			continue // what readers have of it is right
		}
		if err := t.addEvent(discuss.Event{
			ThreadID: d.thread, Type: discuss.CommentVotes, Comment: d.comment,
			Root: d.root, Parent: d.parent, Up: d.up, Down: d.down, At: t.Now(),
		}); err != nil {
			return false, err
		}
	}
	pages, err := t.settlePages()
	return pages || len(all) == tallyChunk, err
}

// setBranch brings a root's branch rank up to its own rank and its best reply's.
func (t *Tx) setBranch(root discuss.ID) error {
	var own, best float64
	if err := t.get(`SELECT rank, coalesce((SELECT max(rank) FROM comments
		WHERE root_id = ?1 AND parent_id IS NOT NULL AND status = 'published' AND rank > 0), 0) FROM comments WHERE id = ?1`,
		[]any{root}, &own, &best); err != nil {
		return err
	}
	return t.exec(`UPDATE comments SET branch = ?2 WHERE id = ?1 AND branch <> ?2`, root, discuss.Branch(own, best))
}
