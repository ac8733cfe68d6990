package discuss

import (
	"context"
	"time"
)

// NotificationKind is what somebody is told of.
type NotificationKind string

// The kinds of notifications.
const (
	NotifyReply     NotificationKind = "reply"     // somebody answered a comment of theirs, or one whose replies they follow
	NotifyMention   NotificationKind = "mention"   // somebody named them
	NotifyThread    NotificationKind = "thread"    // somebody commented in a thread that they follow
	NotifyReactions NotificationKind = "reactions" // people reacted to a comment of theirs, so many by now
	NotifyPublished NotificationKind = "published" // a comment of theirs was let through
	NotifyRefused   NotificationKind = "refused"   // one that had waited was not
	NotifyRemoved   NotificationKind = "removed"   // one that was public was taken away
	NotifyPicked    NotificationKind = "picked"    // one is an editor's pick
)

// Topic is what one row of a comment is about: what comes later of the same topic
// takes the place of what was.
func (k NotificationKind) Topic() string {
	switch k {
	case NotifyReply, NotifyMention, NotifyThread:
		return "told"
	case NotifyPicked:
		return "pick"
	case NotifyReactions:
		return "reactions"
	}
	return "outcome"
}

// Limits of what a bell shows.
const (
	MaxNotifications = 100 // on one page
	MaxUnread        = 100 // counted no further
)

// Notification is one thing that somebody is told in their bell.
type Notification struct {
	ID      ID // the newer the larger
	Kind    NotificationKind
	Count   int // of reactions
	At      time.Time
	Read    bool
	Comment Comment
	Reason  string // of a removal
	Thread  Thread // key, address and title
	Site    string // its key
	On      string // its name
}

// NotificationQuery asks for a page of a bell, newest first.
type NotificationQuery struct {
	Account ID
	Site    ID // 0: all sites
	Before  ID // of the last row seen; 0 from the beginning
	Limit   int
}

// NotificationStore reads what people are told.
type NotificationStore interface {
	// Notifications are those that may be shown: of what is still there, and of nobody who is muted.
	Notifications(ctx context.Context, q NotificationQuery) ([]Notification, error)
	// Unread counts them, no further than MaxUnread.
	Unread(ctx context.Context, account, site ID) (int, error)
	// Writers are the members of a thread, of its newest comments, whom somebody (or nobody, 0) may name.
	Writers(ctx context.Context, thread, asker ID) ([]Writer, error)
	// NewestOf is a person's newest published comment.
	NewestOf(ctx context.Context, person ID) (ID, error)
}

// Notifications is a page of an account's bell, on one site or on all (0).
func (s *Service) Notifications(ctx context.Context, q NotificationQuery) (list []Notification, unread int, err error) {
	if list, err = s.Store.Notifications(ctx, q); err != nil {
		return nil, 0, err
	}
	unread, err = s.Store.Unread(ctx, q.Account, q.Site)
	return list, unread, err
}

// ReadNotifications notes how far an account has read, on one site or on all (0).
// The other open pages of theirs are told.
func (s *Service) ReadNotifications(ctx context.Context, account, site, until ID) error {
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		ch.Add(ReadUntil{account, site, min(until, r.NextID())}) // what comes later is unread
		return ch, nil
	})
}
