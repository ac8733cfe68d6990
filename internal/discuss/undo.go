package discuss

import (
	"context"
	"slices"
	"time"
)

// owes adds a task that an undo takes back.
func (b *Before) owes(r Moment, ch *Changes, site Site, t Task) {
	job := Job{ID: r.NextID(), Site: site.ID, Task: t, After: UndoWindow + undoGrace}
	b.Jobs = append(b.Jobs, job.ID)
	ch.Add(job)
}

// Undo takes decisions back that are not older than UndoWindow: each comment
// returns to where it stood, unless somebody has decided about it since: then
// left says how it stands.
func (s *Service) Undo(ctx context.Context, site Site, who Actor, token string) (done []ID, left map[ID]Standing, err error) {
	if !who.SignedIn() {
		return nil, nil, ErrSignedOut
	}
	if !who.May(ActDecide) && !who.May(ActPick) {
		return nil, nil, ErrRole
	}
	var mod Author
	var merge ID // a merge is taken back as a whole, and by its own way
	var one func(all []Before) Step
	one = func(all []Before) Step {
		return func(r Reader) (ch Changes, err error) {
			b := all[0]
			ok, err := s.undo(r, &ch, site, mod, b)
			if err != nil {
				return nil, err
			}
			if ok {
				done = append(done, b.Comment)
			} else if err := stays(r, left, b.Comment); err != nil {
				return nil, err
			}
			if len(all) > 1 {
				ch.Add(Then(one(all[1:])))
			}
			return ch, nil
		}
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		done, left, merge = nil, map[ID]Standing{}, 0
		all, err := r.Undo(site.ID, who.Account, token)
		if KindOf(err) == NotFound {
			return nil, ErrUndoOver
		}
		if err != nil {
			return nil, err
		}
		if mod, err = member(r, &ch, site, who); err != nil {
			return nil, err
		}
		ch.Add(DropUndo{token})
		if len(all) == 1 && all[0].Merge != 0 {
			merge = all[0].Merge
			err := beginUnmerge(r, &ch, site, who, merge)
			return ch, err
		}
		if slices.Reverse(all); len(all) > 0 {
			ch.Add(Then(one(all)))
		}
		return ch, nil
	})
	if merge != 0 && err == nil {
		err = s.runMerge(ctx, merge, nil)
	}
	if s.Gate != nil && err == nil {
		s.Gate.Forget(site.ID)
	}
	return done, left, err
}

// stays notes how a comment stands that an undo has left alone; one that is
// gone stands nowhere.
func stays(r Reader, left map[ID]Standing, id ID) error {
	c, err := r.Comment(id)
	if KindOf(err) == NotFound {
		return nil
	}
	if err == nil {
		left[id], err = standing(r, c)
	}
	return err
}

// undo takes one decision back. It reports whether there was anything to.
func (s *Service) undo(r Reader, ch *Changes, site Site, mod Author, b Before) (bool, error) {
	c, err := r.Comment(b.Comment)
	if KindOf(err) == NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if c.Status != b.After || c.Featured != b.Flag || c.Pinned != b.Pin {
		return false, nil // somebody else has been here
	}
	if !b.Pick {
		d, err := r.Decided(c.ID)
		if err != nil {
			return false, err
		}
		if d.At.UnixMilli() != b.At.UnixMilli() || d.By != b.By {
			return false, nil // and came to the same
		}
	}
	if c.Body == "" && b.Status != b.After {
		return false, nil // erased meanwhile
	}
	if b.Status == Published || b.Status == Pending {
		if _, _, err := r.Withdrawn(c.ID); KindOf(err) != NotFound {
			return false, err // its author has taken it away since
		}
	}
	if b.Flag != b.Featured {
		if err := pick(r, ch, c, b.Featured); err != nil {
			return false, err
		}
	}
	if b.Status != b.After {
		if err := move(r, ch, c, b.Status); err != nil {
			return false, err
		}
	}
	if b.Pin != b.Pinned {
		c.Status, c.Pinned = b.Status, b.Pin
		err := pin(r, ch, c, b.Pinned)
		if KindOf(err) == Conflict && b.Status == b.After { // others have been pinned meanwhile
			return false, nil
		}
		if err != nil && KindOf(err) != Conflict { // else it comes back without its pin
			return false, err
		}
	}
	ch.Add(
		Reopen{b}, ReturnRevisions{c.ID, b.At},
		judged(site, HintUndone, c, "", mod),
		Entry{Site: site.ID, Actor: mod, Action: "undo", Kind: "comment", Target: c.ID, Before: string(b.After), After: string(b.Status)},
	)
	if len(b.Discounted) > 0 {
		for _, id := range b.Discounted {
			ch.Add(
				did(site, HintPerson, id, "discount_undone", mod),
				Entry{Site: site.ID, Actor: mod, Action: "discount_undone", Kind: "person", Target: id},
			)
		}
		ch.Add(Then(func(r Reader) (ch Changes, err error) { return ch, weighAnew(r, &ch, b.Discounted, time.Time{}) }))
	}
	return true, nil
}
