package discuss

import (
	"context"
	"slices"
)

// Page is one page of a thread.
type Page struct {
	Comments []Comment
	Next     Cursor // zero at the end
}

// Page returns one page of a thread: in the threads view roots with their
// first replies below them to the site's depth, in the flat view comments.
func (s *Service) Page(ctx context.Context, q ListQuery, depth int) (Page, error) {
	leading, err := s.leading(ctx, q)
	if err != nil {
		return Page{}, err
	}
	limit := q.Limit
	if q.After.IsZero() {
		limit -= len(leading)
	}
	q.Limit = limit + len(leading) + 1 // one more tells whether there is a next page
	rows, err := s.Store.List(ctx, q)
	if err != nil {
		return Page{}, err
	}
	if len(leading) > 0 { // they stand above the list, and not in it
		rows = slices.DeleteFunc(rows, func(c Comment) bool {
			return slices.ContainsFunc(leading, func(l Comment) bool { return l.ID == c.ID })
		})
	}
	var p Page
	if len(rows) > limit {
		rows = rows[:limit]
		p.Next = CursorAt(rows[limit-1], q.Sort, q.View)
	}
	if q.After.IsZero() && len(leading) > 0 {
		rows = append(leading, rows...)
	}
	p.Comments = rows
	if q.View == ViewFlat {
		return p, nil
	}
	return p, s.fill(ctx, rows, depth)
}

// leading is what stands above the list that a query asks for. Each of its pages
// leaves the same comments out, so a short one has fewer above it.
func (s *Service) leading(ctx context.Context, q ListQuery) ([]Comment, error) {
	if q.Parent != 0 {
		return nil, nil
	}
	out, err := s.Store.Leading(ctx, q.Thread, q.Picks)
	return out[:min(len(out), max(0, q.Limit-1))], err
}

// Picks returns one page of a thread's picks, newest first, none below another.
func (s *Service) Picks(ctx context.Context, thread ID, after Cursor, limit int) (p Page, err error) {
	if p.Comments, err = s.Store.Picks(ctx, thread, after, limit+1); err == nil && len(p.Comments) > limit {
		p.Comments = p.Comments[:limit]
		p.Next = CursorAt(p.Comments[limit-1], SortNewest, ViewFlat)
	}
	return p, err
}

// fill hangs the first replies under each comment, a level at a time: one
// statement per level whatever the page holds.
func (s *Service) fill(ctx context.Context, level []Comment, depth int) error {
	at := make([]*Comment, 0, len(level))
	for i := range level {
		at = append(at, &level[i])
	}
	total := len(level)
	for d := 0; d < depth && len(at) > 0 && total < MaxOnPage; d++ {
		byID := make(map[ID]*Comment, len(at))
		ids := make([]ID, 0, len(at))
		for _, c := range at {
			if c.Kids > 0 {
				byID[c.ID] = c
				ids = append(ids, c.ID)
			}
		}
		if len(ids) == 0 {
			return nil
		}
		kids, err := s.Store.FirstReplies(ctx, ids, InlineReplies)
		if err != nil {
			return err
		}
		for _, k := range kids {
			p := byID[k.Parent]
			if p.Status == Published {
				k.ToName = p.Author.Name
			}
			p.Children = append(p.Children, k)
		}
		total += len(kids)
		next := make([]*Comment, 0, len(kids))
		for _, c := range at {
			for i := range c.Children {
				next = append(next, &c.Children[i])
			}
		}
		at = next
	}
	return nil
}

// Comment returns a comment that is in view, with those above it, root first.
func (s *Service) Comment(ctx context.Context, id ID) (Comment, []Comment, Thread, error) {
	c, err := s.Store.CommentByID(ctx, id)
	if err != nil {
		return c, nil, Thread{}, err
	}
	if c.Status != Published && c.Kids == 0 {
		return c, nil, Thread{}, ErrNotFound
	}
	up, err := s.Store.Ancestors(ctx, id)
	if err != nil {
		return c, nil, Thread{}, err
	}
	th, err := s.Store.ThreadByID(ctx, c.ThreadID)
	return c, up, th, err
}

// owns reports whether a comment is the actor's own. A guest's is nobody's.
func (a Actor) owns(c Comment) bool { return a.SignedIn() && c.Author.Account == a.Account }

// Revisions returns a comment with its earlier texts, newest first. Readers
// see those of a published comment that were public and that nobody has taken
// away; its author and those who read the inbox see all.
func (s *Service) Revisions(ctx context.Context, site Site, who Actor, id ID) ([]Revision, error) {
	c, err := s.Store.CommentByID(ctx, id)
	if err != nil {
		return nil, err
	}
	all := who.owns(c) || who.May(ActRead)
	if c.SiteID != site.ID || c.Status != Published && !all {
		return nil, ErrNotFound
	}
	return s.Store.Revisions(ctx, id, all)
}

// Source returns a comment's text as it was written, for its author and those
// who may edit it.
func (s *Service) Source(ctx context.Context, site Site, who Actor, id ID) (string, error) {
	if !who.SignedIn() {
		return "", ErrSignedOut
	}
	c, err := s.Store.CommentByID(ctx, id)
	if err != nil {
		return "", err
	}
	if c.SiteID != site.ID || !who.owns(c) && !who.Can(Moderator) {
		return "", ErrNotFound
	}
	return c.Body, nil
}

// SiteOfComment says on which site a comment is.
func (s *Service) SiteOfComment(ctx context.Context, id ID) (ID, error) {
	c, err := s.Store.CommentByID(ctx, id)
	return c.SiteID, err
}

// SiteOfPerson says on which site a person is.
func (s *Service) SiteOfPerson(ctx context.Context, id ID) (ID, error) {
	a, err := s.Store.AuthorByID(ctx, id)
	return a.SiteID, err
}

// HasPicks reports whether a thread has picks.
func (s *Service) HasPicks(ctx context.Context, thread ID) (bool, error) {
	return s.Store.HasPicks(ctx, thread)
}
