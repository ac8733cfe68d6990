package discuss

import (
	"context"
	"crypto/rand"
	"time"
)

// MaxMergeAtOnce is how many comments a merge moves while its caller waits, and
// how many can be moved back; more are moved by the server on its own.
const MaxMergeAtOnce = 10_000

// MergeState says how far a merge is.
type MergeState string

// The states of a merge. Moving and undoing go on until they are through, also
// after a crash; one that is done can be undone for UndoWindow.
const (
	MergeMoving  MergeState = "moving"
	MergeDone    MergeState = "done"
	MergeUndoing MergeState = "undoing"
)

// Merge is two threads becoming one: the comments of Source go to Target, and
// its keys lead there. Meanwhile Source is read only.
type Merge struct {
	ID             ID
	Site           ID
	Source, Target ID
	State          MergeState
	By             ID     // the author who asked; 0: a command on the server
	Account        ID     // who may undo it; 0: nobody
	Token          string // that undoes it; the store keeps its hash. "": nothing does
	Note           string // for the audit log
	Total, Moved   int    // comments
	Created        time.Time
	Expires        time.Time // with MergeDone: until when it can be undone
	Undoable       bool
	SourceKey      string // by which the source was asked for
	SourceTitle    string
	TargetTitle    string // or its key, where it has none
}

// Changes of a merge.
type (
	// BeginMerge closes the source of a merge and notes that its comments are to be moved.
	BeginMerge struct{ Merge Merge }
	// EndMerge gives the target the keys of the source and what else is left of it.
	EndMerge struct{ Merge Merge }
	// BeginUnmerge notes that what a merge has moved is to be moved back.
	BeginUnmerge struct{ Merge ID }
	// EndUnmerge gives the source back its keys, and what was answered there meanwhile.
	EndUnmerge struct{ Merge Merge }
)

func (BeginMerge) change()   {}
func (EndMerge) change()     {}
func (BeginUnmerge) change() {}
func (EndUnmerge) change()   {}

// MergeReader reads merges inside a write.
type MergeReader interface {
	// Merge reads one that is not over: it moves, can be undone, or is being undone.
	Merge(id ID) (Merge, error)
	// Merging reports whether a thread is the source of a merge that is under way, or the target of one.
	Merging(thread ID) (source, target bool, err error)
	// MergeLeft reports whether the source of a merge still has comments that can be seen or wait.
	MergeLeft(m Merge) (bool, error)
}

// MergeStore moves what belongs to a merge, part by part.
type MergeStore interface {
	// CountAll counts the comments of a thread in whatever state.
	CountAll(ctx context.Context, thread ID) (int, error)
	// MoveMerged moves one part of what a merge or its undo has to move; more is
	// false where nothing was left.
	MoveMerged(ctx context.Context, merge ID) (more bool, err error)
	// Merges are a site's merges under way, oldest first; of every site for 0. Those that
	// somebody has been at after a time are left out, unless it is zero.
	Merges(ctx context.Context, site ID, untouched time.Time) ([]Merge, error)
}

// Errors of merges.
var (
	ErrMerging = &Error{Kind: Conflict, Code: "merging", Detail: "This page is being merged with another one. Try again when that is done."}
	ErrMerged  = &Error{Kind: Conflict, Code: "merged", Detail: "This page was merged with another one already."}
)

// Merged is what came of asking for a merge.
type Merged struct {
	Merge   ID
	Into    Thread
	Total   int
	Undo    string    // token; "" where it cannot be undone
	Until   time.Time // with Undo
	Running bool      // the server goes on with it
}

// Merge makes of two threads one: the comments, followers and keys of from go
// to into, whose address, title, state and modes stay. Up to MaxMergeAtOnce
// comments it is done when this returns, and can be undone; more are moved in
// the background, see RunMerges.
func (s *Service) Merge(ctx context.Context, site Site, who Actor, from, into ID) (out Merged, err error) {
	if err := allow(who, ActThread); err != nil {
		return out, err
	}
	return s.merge(ctx, site, from, into, who.Account, "", func(r Reader, ch *Changes) (Author, error) { return member(r, ch, site, who) })
}

// MergeOnServer is Merge by a command on the server, which waits for all of it
// and undoes nothing. note is for the audit log.
func (s *Service) MergeOnServer(ctx context.Context, site Site, from, into ID, note string, moved func(comments, of int)) (Merged, error) {
	out, err := s.merge(ctx, site, from, into, 0, note, func(Reader, *Changes) (Author, error) { return Author{}, nil })
	if err != nil || !out.Running {
		return out, err
	}
	return out, s.runMerge(ctx, out.Merge, moved)
}

func (s *Service) merge(ctx context.Context, site Site, from, into, account ID, note string, by func(Reader, *Changes) (Author, error)) (out Merged, err error) {
	total, err := s.Store.CountAll(ctx, from)
	if err != nil {
		return out, err
	}
	small := total <= MaxMergeAtOnce
	token := rand.Text()
	if account == 0 || !small {
		token = ""
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		source, target, err := mergeable(r, site, from, into)
		if err != nil {
			return nil, err
		}
		mod, err := by(r, &ch)
		if err != nil {
			return nil, err
		}
		out = Merged{Merge: r.NextID(), Into: target, Total: total}
		ch.Add(
			BeginMerge{Merge{
				ID: out.Merge, Site: site.ID, Source: from, Target: into, State: MergeMoving, By: mod.ID, Account: account, Token: token, Note: note,
				Total: total, Created: r.Now(),
			}},
			source.updated(r), did(site, HintThread, from, "", mod),
		)
		return ch, nil
	})
	if err != nil {
		return out, err
	}
	if !small {
		out.Running = true
		return out, nil
	}
	if err := s.runMerge(ctx, out.Merge, nil); err != nil {
		if KindOf(err) != Unavailable {
			return out, err
		}
		out.Running = true // it has begun, and goes on by itself
		return out, nil
	}
	if token != "" {
		out.Undo = token
	}
	return out, nil
}

// mergeable returns the two threads of a merge that may begin.
func mergeable(r Reader, site Site, from, into ID) (source, target Thread, err error) {
	if source, err = r.Thread(from); err != nil {
		return source, target, err
	}
	if source.SiteID != site.ID {
		return source, target, ErrNotFound
	}
	if source.Merged != 0 {
		return source, target, ErrMerged
	}
	if from == into {
		return source, target, Bad("into", "must be another page than the one that is merged")
	}
	target, err = r.Thread(into)
	switch {
	case KindOf(err) == NotFound || err == nil && target.SiteID != site.ID:
		return source, target, Bad("into", "must be a page of this site")
	case err != nil:
		return source, target, err
	case target.Merged != 0:
		return source, target, Bad("into", "was itself merged with another page")
	}
	a, b, err := r.Merging(from)
	if err != nil {
		return source, target, err
	}
	c, _, err := r.Merging(into)
	if err == nil && (a || b || c) {
		err = ErrMerging
	}
	return source, target, err
}

// runMerge moves what is left of a merge, or of its undo, and ends it. Several
// may be at it at once: none moves what another has moved.
func (s *Service) runMerge(ctx context.Context, id ID, moved func(comments, of int)) error {
	for {
		if err := ctx.Err(); err != nil {
			return Busy(err)
		}
		more, err := s.Store.MoveMerged(ctx, id)
		if err != nil {
			return err
		}
		var again bool
		var m Merge
		if err := s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
			again = false
			if m, err = r.Merge(id); KindOf(err) == NotFound {
				return nil, nil // another has ended it
			}
			if err != nil || more {
				again = more
				return nil, err
			}
			switch m.State {
			case MergeMoving:
				if again, err = r.MergeLeft(m); again || err != nil {
					return nil, err
				}
				return endMerge(r, m)
			case MergeUndoing:
				return endUnmerge(r, m)
			}
			return nil, nil
		}); err != nil {
			return err
		}
		if moved != nil && m.ID != 0 {
			moved(m.Moved, m.Total)
		}
		if !again {
			return nil
		}
	}
}

// anew is what has the open pages of a thread read it again from the start.
// Where it is another thread that they follow by their key, they come anew.
func anew(thread ID, at Moment, another bool) Event {
	e := Event{ThreadID: thread, Type: ThreadReset, At: at.Now()}
	if another {
		e.Root = thread
	}
	return e
}

func endMerge(r Reader, m Merge) (ch Changes, err error) {
	target, err := r.Thread(m.Target)
	if err != nil {
		return nil, err
	}
	site, mod := Site{ID: m.Site}, mergedBy(r, m)
	if m.Undoable {
		m.Expires = r.Now().Add(UndoWindow)
	}
	ch.Add(
		EndMerge{m}, anew(m.Source, r, true), anew(m.Target, r, false),
		did(site, HintThread, m.Source, "merge", mod), did(site, HintThread, m.Target, "", mod),
		Entry{Site: m.Site, Actor: mod, Action: "merge", Kind: "thread", Target: target.ID, Before: m.SourceKey, After: target.Key, Note: m.Note},
	)
	return ch, nil
}

func endUnmerge(r Reader, m Merge) (ch Changes, err error) {
	target, err := r.Thread(m.Target)
	if err != nil {
		return nil, err
	}
	site, mod := Site{ID: m.Site}, mergedBy(r, m)
	ch.Add(
		EndUnmerge{m}, anew(m.Source, r, true), anew(m.Target, r, true),
		did(site, HintThread, m.Source, "", mod), did(site, HintThread, m.Target, "", mod),
		Entry{Site: m.Site, Actor: mod, Action: "unmerge", Kind: "thread", Target: target.ID, Before: target.Key, After: m.SourceKey},
	)
	return ch, nil
}

// mergedBy is who asked for a merge; nobody, where they are gone since.
func mergedBy(r Reader, m Merge) Author {
	if m.By == 0 {
		return Author{}
	}
	a, err := r.AuthorByID(m.By)
	if err != nil {
		return Author{}
	}
	return a
}

// beginUnmerge begins to take a merge back, inside the write that ends its token.
func beginUnmerge(r Reader, ch *Changes, site Site, who Actor, id ID) error {
	if err := allow(who, ActThread); err != nil {
		return err
	}
	m, err := r.Merge(id)
	if KindOf(err) == NotFound || err == nil && (m.Site != site.ID || m.State != MergeDone) {
		return ErrUndoOver // it was merged on, or undone
	}
	if err != nil {
		return err
	}
	if away, _, err := r.Merging(m.Target); err != nil || away {
		if err == nil {
			err = ErrMerging
		}
		return err
	}
	th, err := r.ThreadByKey(site.ID, m.SourceKey)
	if KindOf(err) == NotFound || err == nil && th.ID == m.Target {
		ch.Add(BeginUnmerge{m.ID})
		return nil
	}
	if err == nil {
		err = ErrUndoOver // its address is another page's by now
	}
	return err
}

// RunMerges goes on with merges that nobody has been at since a time, on every site.
func (s *Service) RunMerges(ctx context.Context, untouched time.Time) error {
	list, err := s.Store.Merges(ctx, 0, untouched)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := s.runMerge(ctx, m.ID, nil); err != nil {
			return err
		}
	}
	return nil
}

// Merges are the merges of a site that are under way, for those who moderate it.
func (s *Service) Merges(ctx context.Context, site Site, who Actor) ([]Merge, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.Store.Merges(ctx, site.ID, time.Time{})
}
