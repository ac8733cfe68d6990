package discuss

import (
	"cmp"
	"context"
	"net/netip"
	"strings"
	"time"
)

// Edit replaces the text of the actor's own comment within the site's window.
// Moderators may edit without one. The old text is kept as a revision.
func (s *Service) Edit(ctx context.Context, site Site, who Actor, id ID, body string, ip netip.Addr, chosen ...Chosen) (Comment, error) {
	if !who.SignedIn() {
		return Comment{}, ErrSignedOut
	}
	clean, html, images, err := s.text(ctx, site, who, id, body)
	if err != nil {
		return Comment{}, err
	}
	read, err := s.read(ctx, site, clean, html)
	if err != nil {
		return Comment{}, err
	}
	found, illegal, err := s.known(ctx, images)
	if err != nil {
		return Comment{}, err
	}
	if found != nil {
		read.Findings = append(read.Findings, *found)
	}
	var out Comment
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		out, err = s.edit(r, &ch, site, who, id, edited{clean, html, read, images, illegal, chosen}, ip)
		return ch, err
	})
	return out, err
}

// edited is a text that takes another's place.
type edited struct {
	clean, html string
	read        Reading
	images      []Image
	illegal     []string
	chosen      []Chosen // whom its mentions name
}

func (s *Service) edit(r Reader, ch *Changes, site Site, who Actor, id ID, to edited, ip netip.Addr) (Comment, error) {
	clean, html := to.clean, to.html
	c, err := own(r, site, who, id)
	if err != nil {
		return c, err
	}
	if err := checkBanned(r, site, who, ip); err != nil {
		return c, err
	}
	if c.Author.Account == who.Account {
		a, err := r.Member(site.ID, who.Account)
		if err != nil {
			return c, err
		}
		if err := requireTier(site, who, a); err != nil {
			return c, err
		}
	}
	if c.Status != Published && c.Status != Pending {
		return c, ErrState
	}
	if w := site.Settings.EditSeconds; !who.Can(Moderator) && w >= 0 && r.Now().Sub(c.Created) > time.Duration(w)*time.Second {
		return c, ErrEditWindow
	}
	if !who.Can(Moderator) { // deleting stays possible: taking one's words away is no part of the talk
		if th, err := r.Thread(c.ThreadID); err != nil || th.StateAt(site, r.Now()) == ReadOnly {
			return c, cmp.Or[error](err, ErrThreadClosed)
		}
	}
	if !who.Can(Moderator) { // or its author would put back what was taken out
		if redacted, err := r.Redacted(id); err != nil || redacted {
			return c, cmp.Or[error](err, ErrRedacted)
		}
	}
	if clean == c.Body {
		return c, nil
	}
	was := c
	c.HTML = html
	if c.HTML, err = s.show(r, ch, site, c, to.images, to.illegal); err != nil {
		return was, err
	}
	if html = c.HTML; len(to.images) == 0 && strings.Contains(was.HTML, imagePath) {
		ch.Add(UseImages{Comment: id}) // what it showed it shows no more
	}
	c = was
	before := c.Body
	ch.Add(AddRevision{Comment: id, Body: c.Body, HTML: c.HTML, At: r.Now(), Public: c.Status == Published})
	if c.Author.Account != who.Account { // a moderator takes words away: they may stand in earlier texts too
		ch.Add(TakeRevisions{id, r.Now()})
	}
	c.Body, c.HTML, c.Edited = clean, html, r.Now()
	linked, people, err := s.mentions(r, site, c, to.chosen)
	if err != nil {
		return c, err
	}
	ch.Add(SetText{Comment: id, Body: clean, HTML: linked, At: r.Now()}, mentionsOf(id, people))
	if c.Author.Account != who.Account {
		mod, err := member(r, ch, site, who)
		if err != nil {
			return c, err
		}
		ch.Add(Entry{Site: site.ID, Actor: mod, Action: "edit", Kind: "comment", Target: id, Before: before, After: clean})
	}
	if c, err = s.rejudged(r, ch, site, who, c, to.read); err != nil {
		return c, err
	}
	c.HTML = linked
	if err := reread(r, ch, c); err != nil || c.Status != Published {
		return c, err
	}
	if len(people) > 0 { // those who are named anew; the others know
		ch.Add(Job{ID: r.NextID(), Site: site.ID, Task: TellMentioned{c.ID}})
	}
	ch.Add(c.event(CommentUpdated, r))
	return c, nil
}

// reread tells the moderators who may have the old text before them.
func reread(r ReportReader, ch *Changes, c Comment) error {
	o, err := r.Objections(c.ID)
	if err == nil && (c.Status == Pending || o.Reports > 0) {
		ch.Add(Hint{Site: c.SiteID, Type: HintEdited, Subject: c.ID})
	}
	return err
}

// Delete takes the actor's own comment away. Deleting twice is no error.
func (s *Service) Delete(ctx context.Context, site Site, who Actor, id ID) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := own(r, site, who, id)
		if err != nil {
			return nil, err
		}
		if c.Author.Account != who.Account {
			if c.Status == Deleted {
				return nil, nil
			}
			return s.removed(r, site, who, c)
		}
		if _, _, err := r.Withdrawn(id); KindOf(err) != NotFound {
			return nil, err
		}
		ch.Add(Withdraw{id, c.Status}) // from now on nobody brings it back
		if c.Status != Published && c.Status != Pending {
			return ch, nil // it is out of sight already, and what was decided about it stays on the record
		}
		err = move(r, &ch, c, Deleted)
		return ch, err
	})
}

// own returns the comment if it is the actor's, or the actor moderates here.
func own(r CommentReader, site Site, who Actor, id ID) (Comment, error) {
	c, err := r.Comment(id)
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
func takeAway(r Reader, ch *Changes, c Comment, to Status) error {
	if to == Rejected || to == Spam || to == Deleted {
		ch.Add(TakeRevisions{c.ID, r.Now()})
	}
	return move(r, ch, c, to)
}

// move changes a comment's status and tells the readers whom it concerns.
func move(r Reader, ch *Changes, c Comment, to Status) error {
	ch.Add(SetStatus{c.ID, to})
	if c.Pinned && to != Published { // others may take its place meanwhile
		ch.Add(SetPinned{c.ID, false})
	}
	if err := named(r, ch, c, to); err != nil {
		return err
	}
	switch {
	case to == Published:
		ch.Add(c.event(CommentCreated, r))
	case c.Status == Published:
		ch.Add(c.event(CommentRemoved, r))
	case c.Kids > 0:
		ch.Add(c.event(CommentUpdated, r)) // its place is in view, and says why
	} // else it was not public and is not now
	return nil
}

// Vote sets the actor's vote on a comment to v and returns the tally with it
// counted. Own comments and guests do not count.
func (s *Service) Vote(ctx context.Context, site Site, who Actor, id ID, v int, ip netip.Addr) (up, down int, err error) {
	if !who.SignedIn() {
		return 0, 0, ErrSignedOut
	}
	if v < -1 || v > 1 || v < 0 && site.Settings.Vote() == "up" || site.Settings.Vote() == "off" {
		return 0, 0, Bad("value", "is not a vote that this site takes")
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil {
			return nil, err
		}
		if c.SiteID != site.ID || c.Status != Published {
			return nil, ErrNotFound
		}
		if c.Author.Account == who.Account {
			return nil, &Error{Kind: Conflict, Code: "own_comment", Detail: "You can't vote on your own comment."}
		}
		if who.Author, err = member(r, &ch, site, who); err != nil {
			return nil, err
		}
		if err := checkBanned(r, site, who, ip); err != nil {
			return nil, err
		}
		th, err := r.Thread(c.ThreadID)
		if err != nil {
			return nil, err
		}
		if th.StateAt(site, r.Now()) == ReadOnly {
			return nil, ErrThreadClosed
		}
		old, err := r.VoteOf(id, who.Author.ID)
		if err != nil {
			return nil, err
		}
		counts := who.Can(Moderator)
		if !counts {
			rec, err := r.Record(who.Author, 0, 0)
			if err != nil {
				return nil, err
			}
			counts = rec.Level(r.Now(), site.Settings.Moderation) > LevelNew
		}
		set := SetVote{Counts: counts, Comment: id, Thread: c.ThreadID, Author: who.Author.ID, Value: v, Up: max(v, 0) - max(old, 0), Down: max(-v, 0) - max(-old, 0)}
		up, down = c.Up+set.Up, c.Down+set.Down
		if v != old {
			ch.Add(set)
		}
		return ch, nil
	})
	return up, down, err
}
