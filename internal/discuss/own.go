package discuss

import (
	"context"
	"time"
)

// Own is what is the caller's own on a site and, with a thread, on that: the
// private part of a page that is the same for everyone otherwise.
type Own struct {
	Warnings []Note    // to be acknowledged before the person can write there
	Ban      *Ban      // that keeps them from writing there; nil where none does
	Lifts    time.Time // until then all that they write waits, because much of it was removed; zero: it need not
	Overlay
	Mutes   []ID // authors
	Follows []ID // comments whose replies they are told of; 0 is the thread itself
	Unread  int  // of what their bell says here
}

// Own returns it. Moderators are warned and demoted by nobody.
func (s *Service) Own(ctx context.Context, site Site, who Actor, thread string, now time.Time) (out Own, err error) {
	a := who.Author
	if !who.SignedIn() || a.ID == 0 {
		return out, nil
	}
	if !who.Can(Moderator) {
		if out.Warnings, err = s.Warnings(ctx, a); err != nil {
			return out, err
		}
		if out.Ban, err = s.Store.BanOf(ctx, site.ID, a.ID, who.Account, now); err != nil {
			return out, err
		}
		if !a.Role.AtLeast(Moderator) {
			r, err := s.Store.Decided(ctx, a.ID)
			if err != nil {
				return out, err
			}
			if r.Demoted(now) {
				out.Lifts = r.Lifts()
			}
		}
	}
	if out.Unread, err = s.Store.Unread(ctx, who.Account, site.ID); err != nil {
		return out, err
	}
	if thread == "" {
		return out, nil
	}
	th, err := s.Store.ThreadByKey(ctx, site.ID, thread)
	if KindOf(err) == NotFound {
		return out, nil
	}
	if err != nil {
		return out, err
	}
	if out.Overlay, err = s.Store.Overlay(ctx, a.ID, th.ID, now); err != nil {
		return out, err
	}
	if out.Mutes, err = s.Store.Mutes(ctx, a.ID); err != nil {
		return out, err
	}
	out.Follows, err = s.Store.Follows(ctx, a.ID, th.ID)
	return out, err
}

// Warnings are those that somebody has to acknowledge on a site of theirs. For
// nearly everybody that takes no look at the store.
func (s *Service) Warnings(ctx context.Context, a Author) ([]Note, error) {
	if !a.Warned() {
		return nil, nil
	}
	return s.Store.UnreadWarnings(ctx, a.ID)
}

// NoticeOutcome says what became of a notice, to whoever holds its receipt: ""
// while it is open.
func (s *Service) NoticeOutcome(ctx context.Context, site Site, receipt string) (string, error) {
	return s.Store.NoticeByReceipt(ctx, site.ID, receipt)
}

// RemovedOf is what moderators have removed of an account's comments, on all
// sites, newest first, as far as it is kept.
func (s *Service) RemovedOf(ctx context.Context, account ID) ([]RemovedComment, error) {
	return s.Store.RemovedOf(ctx, account, MaxRemovedOfAll)
}
