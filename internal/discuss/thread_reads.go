package discuss

import (
	"context"
	"net/url"
	"regexp"
)

// What everybody may read of threads: nothing here says more of a comment that
// waits or was removed than that it is there.

// Thread returns a site's thread by its key, or by one that it has had.
func (s *Service) Thread(ctx context.Context, site ID, key string) (Thread, error) {
	return s.Store.ThreadByKey(ctx, site, key)
}

// ThreadByID returns a thread as it now is.
func (s *Service) ThreadByID(ctx context.Context, id ID) (Thread, error) {
	return s.Store.ThreadByID(ctx, id)
}

// ThreadOfComment says in which thread a comment is, whether or not it may be seen.
func (s *Service) ThreadOfComment(ctx context.Context, id ID) (ID, error) {
	c, err := s.Store.CommentByID(ctx, id)
	return c.ThreadID, err
}

// Counts returns the published comments of each known thread of a site.
func (s *Service) Counts(ctx context.Context, site Site, keys []string) (map[string]int, error) {
	return s.Store.Counts(ctx, site.ID, keys)
}

// Latest returns the newest published comments of a site.
func (s *Service) Latest(ctx context.Context, site Site, limit int) ([]Comment, error) {
	rows, err := s.Store.Latest(ctx, site.ID, limit)
	return published(rows), err
}

// Newest returns the newest published comments of one thread.
func (s *Service) Newest(ctx context.Context, thread ID, limit int) ([]Comment, error) {
	rows, err := s.Store.List(ctx, ListQuery{Thread: thread, View: ViewFlat, Sort: SortNewest, Limit: limit})
	return published(rows), err
}

func published(rows []Comment) []Comment {
	out := make([]Comment, 0, len(rows))
	for _, c := range rows {
		if c.Status == Published {
			out = append(out, c)
		}
	}
	return out
}

// EventsSince returns a thread's events after a number; complete is false where
// whoever follows it must read the thread again instead.
func (s *Service) EventsSince(ctx context.Context, th Thread, after int64) (events []Event, complete bool, err error) {
	if after > th.Seq {
		return nil, false, nil // from another life of this database
	}
	events, complete, err = s.Store.EventsAfter(ctx, th.ID, after, MaxReplayEvents)
	if !complete || err != nil || len(events) == 0 && after < th.Seq {
		return nil, false, err
	}
	return events, true, nil
}

// Standards returns a site's own standards; ErrNotFound if it has none.
func (s *Service) Standards(ctx context.Context, site Site) (Standards, error) {
	return s.Store.Standards(ctx, site.ID)
}

// StandardsShown are the newest version, or what stands where a site has written
// none, with version 0.
func (s *Service) StandardsShown(ctx context.Context, site Site, otherwise string) (Standards, error) {
	v, err := s.Standards(ctx, site)
	if KindOf(err) == NotFound {
		v.HTML, err = s.Render(ctx, otherwise)
	}
	return v, err
}

// IsThreadPage reports whether a page is the address of a thread of the site that
// has comments, and leads on to nowhere else.
func (s *Service) IsThreadPage(ctx context.Context, site Site, page string) (bool, error) {
	key, ok := ThreadKeyFromURL(page)
	u, err := url.Parse(page)
	if !ok || err != nil || LeadsOn(u.EscapedPath()) {
		return false, nil
	}
	th, err := s.Store.ThreadByKey(ctx, site.ID, key)
	if KindOf(err) == NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	at, _ := ThreadKeyFromURL(th.URL)
	return th.Count > 0 && at == key, nil
}

var addressIn = regexp.MustCompile(`(?i)https?:|//|\\`)

// LeadsOn reports whether a path or a query holds an absolute address, however
// often it is encoded.
func LeadsOn(text string) bool {
	for range 3 {
		if addressIn.MatchString(text) {
			return true
		}
		next, err := url.PathUnescape(text)
		if err != nil {
			return true
		}
		text = next
	}
	return addressIn.MatchString(text)
}

// AccountOf says on which site a person is, and whose account they are: 0 for a guest.
func (s *Service) AccountOf(ctx context.Context, person ID) (site, account ID, err error) {
	a, err := s.Store.AuthorByID(ctx, person)
	return a.SiteID, a.Account, err
}

// ToDecide returns a comment that the actor may decide about, whatever its
// status, and its thread.
func (s *Service) ToDecide(ctx context.Context, site Site, who Actor, id ID) (Comment, Thread, error) {
	if err := allow(who, ActDecide); err != nil {
		return Comment{}, Thread{}, err
	}
	c, err := s.Store.CommentByID(ctx, id)
	if err == nil && c.SiteID != site.ID {
		err = ErrNotFound
	}
	if err != nil {
		return Comment{}, Thread{}, err
	}
	th, err := s.Store.ThreadByID(ctx, c.ThreadID)
	return c, th, err
}

// Render makes HTML of a text of our own, as it is made of comments.
func (s *Service) Render(ctx context.Context, text string) (html string, err error) {
	return s.Text.Render(ctx, text)
}
