package discuss

import (
	"context"
	"net/netip"
	"time"
)

// Edit replaces the text of the actor's own comment within the site's window.
// Moderators may edit without one. The old text is kept as a revision.
func (s *Service) Edit(ctx context.Context, site Site, who Actor, id ID, body string, ip netip.Addr) (Comment, error) {
	if !who.SignedIn() {
		return Comment{}, ErrSignedOut
	}
	clean, html, err := s.text(ctx, site, body)
	if err != nil {
		return Comment{}, err
	}
	read, err := s.read(ctx, site, clean, html)
	if err != nil {
		return Comment{}, err
	}
	var out Comment
	err = s.Store.Update(ctx, func(tx Tx) error {
		c, err := own(tx, site, who, id)
		if err != nil {
			return err
		}
		if err := s.welcome(tx, site, who, ip); err != nil {
			return err
		}
		if c.Status != Published && c.Status != Pending {
			return ErrState
		}
		if w := site.Settings.EditSeconds; !who.Can(Moderator) && w >= 0 && tx.Now().Sub(c.Created) > time.Duration(w)*time.Second {
			return ErrEditWindow
		}
		if clean == c.Body {
			out = c
			return nil
		}
		if err := tx.AddRevision(id, c.Body, c.HTML, tx.Now(), c.Status == Published); err != nil {
			return err
		}
		if c.Author.Account != who.Account { // a moderator takes words away: they may stand in earlier texts too
			if err := tx.TakeRevisions(id, tx.Now()); err != nil {
				return err
			}
		}
		if err := tx.SetText(id, clean, html, tx.Now()); err != nil {
			return err
		}
		if c.Author.Account != who.Account {
			mod, err := tx.Author(site.ID, who.Account, who.Name)
			if err != nil {
				return err
			}
			if err := tx.Audit(Entry{Site: site.ID, Actor: mod, Action: "edit", Kind: "comment", Target: id, Before: c.Body, After: clean}); err != nil {
				return err
			}
		}
		c.Body, c.HTML, c.Edited = clean, html, tx.Now()
		if c, err = s.edited(tx, site, who, c, read); err != nil {
			return err
		}
		out = c
		if err := reread(tx, c); err != nil || c.Status != Published {
			return err
		}
		_, err = tx.AddEvent(Event{ThreadID: c.ThreadID, Type: CommentUpdated, Comment: id, Root: c.Root, Parent: c.Parent, At: tx.Now()})
		return err
	})
	return out, err
}

// reread tells the moderators who may have the old text before them.
func reread(tx Tx, c Comment) error {
	o, err := tx.Objections(c.ID)
	if err == nil && (c.Status == Pending || o.Reports > 0) {
		tx.Hint(Hint{Site: c.SiteID, Type: "edited", Comment: c.ID})
	}
	return err
}

// Delete takes the actor's own comment away. Deleting twice is no error.
func (s *Service) Delete(ctx context.Context, site Site, who Actor, id ID) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := own(tx, site, who, id)
		if err != nil {
			return err
		}
		if c.Status == Deleted {
			return nil
		}
		if c.Author.Account != who.Account {
			return s.decided(tx, site, who, c)
		}
		if c.Status != Published && c.Status != Pending {
			return nil // it is gone already, and what was decided about it stays on the record
		}
		if err := tx.Withdraw(id, c.Status); err != nil {
			return err
		}
		return move(tx, c, Deleted)
	})
}

// own returns the comment if it is the actor's, or the actor moderates here.
func own(tx Tx, site Site, who Actor, id ID) (Comment, error) {
	c, err := tx.Comment(id)
	if err != nil {
		return c, err
	}
	if c.SiteID != site.ID {
		return c, ErrNotFound
	}
	if c.Author.Account != who.Account && !who.Can(Moderator) {
		if c.Status != Published {
			return c, ErrNotFound
		}
		return c, ErrRole
	}
	return c, nil
}

// takeAway moves a comment by a decision or a verdict. Where that takes it out
// of sight for what it says, its earlier texts do not come back with it.
func takeAway(tx Tx, c Comment, to Status) error {
	if to == Rejected || to == Spam || to == Deleted {
		if err := tx.TakeRevisions(c.ID, tx.Now()); err != nil {
			return err
		}
	}
	return move(tx, c, to)
}

// move changes a comment's status and tells the readers whom it concerns.
func move(tx Tx, c Comment, to Status) error {
	if err := tx.SetStatus(c.ID, to); err != nil {
		return err
	}
	if err := named(tx, c, to); err != nil {
		return err
	}
	e := Event{ThreadID: c.ThreadID, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: tx.Now()}
	switch {
	case to == Published:
		e.Type = CommentCreated
	case c.Status == Published:
		e.Type = CommentRemoved
	case c.Kids > 0:
		e.Type = CommentUpdated // its place is in view, and says why
	default:
		return nil // it was not public and is not now
	}
	_, err := tx.AddEvent(e)
	return err
}

// Vote sets the actor's vote on a comment to v and returns the tally with it
// counted. Own comments and guests do not count.
func (s *Service) Vote(ctx context.Context, site Site, who Actor, id ID, v int, ip netip.Addr) (up, down int, err error) {
	if !who.SignedIn() {
		return 0, 0, ErrSignedOut
	}
	if v < -1 || v > 1 || v < 0 && site.Settings.Votes == "up" || site.Settings.Votes == "off" {
		return 0, 0, Bad("value", "is not a vote that this site takes")
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		c, err := tx.Comment(id)
		if err != nil {
			return err
		}
		if c.SiteID != site.ID || c.Status != Published {
			return ErrNotFound
		}
		if c.Author.Account == who.Account {
			return &Error{Kind: Conflict, Code: "own_comment", Detail: "You can't vote on your own comment."}
		}
		author, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		who.Author = author
		if err := s.welcome(tx, site, who, ip); err != nil {
			return err
		}
		th, err := tx.Thread(c.ThreadID)
		if err != nil {
			return err
		}
		if th.State == ReadOnly {
			return ErrThreadClosed
		}
		up, down, err = tx.SetVote(id, author.ID, v)
		return err
	})
	return up, down, err
}
