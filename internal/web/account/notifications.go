package account

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type (
	// notificationsIn narrows them to one site, which is all that its widget may see.
	notificationsIn struct {
		Site   string `query:"site" json:"-"`
		Cursor placed `query:"cursor" json:"-"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20" json:"-"`
	}
	notificationsOut struct {
		Notifications []notification `json:"notifications"`
		Unread        int            `json:"unread"` // counted no further than 100
		NextCursor    *string        `json:"next_cursor"`
	}
	notification struct {
		ID      string        `json:"id"`
		Kind    string        `json:"kind" enum:"reply,mention,thread,reactions,published,refused,removed,picked"`
		Comment shape.Comment `json:"comment"` // somebody's answer; of reactions and decisions the account's own
		Actor   *shape.Author `json:"actor"`   // null: nobody is named
		Count   int           `json:"count"`   // of reactions; else 1
		At      string        `json:"at"`
		Read    bool          `json:"read"`
		Site    toldOn        `json:"site"`
		Title   string        `json:"title"` // of the page
		URL     string        `json:"url"`   // of the comment
	}
	toldOn struct {
		Key  string `json:"key"`
		Name string `json:"name"`
	}
	readIn struct {
		Site  string `query:"site" json:"-"`
		Until string `json:"until"` // id of the newest that was read, or a time
	}
)

// placed is a cursor of this list: the last row that was seen.
type placed discuss.ID

// ReadText implements edge.TextReader.
func (p *placed) ReadText(field, text string) error {
	at, err := discuss.ParseCursor(text, discuss.SortNewest)
	if err != nil {
		return discuss.Bad(field, "is not a cursor of this list")
	}
	*p = placed(at.ID)
	return nil
}

// told is whose bell a call is about: the account's everywhere, or on the site that was named.
func told(q *edge.Request) (account, site discuss.ID, err error) {
	if q.Site.ID == 0 {
		return q.Person.Account.ID, 0, nil
	}
	if !q.Who.SignedIn() {
		return 0, 0, discuss.ErrSignedOut
	}
	return q.Who.Account, q.Site.ID, nil
}

func (r Room) notifications(ctx context.Context, q *edge.Request, in notificationsIn) (notificationsOut, error) {
	out := notificationsOut{Notifications: []notification{}}
	account, site, err := told(q)
	if err != nil {
		return out, err
	}
	list, unread, err := r.Discuss.Notifications(ctx, discuss.NotificationQuery{Account: account, Site: site, Before: discuss.ID(in.Cursor), Limit: in.Limit + 1})
	if err != nil {
		return out, err
	}
	out.Unread = unread
	list, last := edge.Page(list, in.Limit)
	if last != nil {
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, Key: float64(last.At.UnixMilli()), ID: last.ID})
	}
	for _, n := range list {
		out.Notifications = append(out.Notifications, r.notification(n))
	}
	return out, nil
}

func (r Room) notification(n discuss.Notification) notification {
	out := notification{
		ID: n.ID.String(), Kind: string(n.Kind), Count: n.Count, At: shape.Time(n.At), Read: n.Read, Site: toldOn{n.Site, n.On},
		Title: n.Thread.Title, URL: r.Auth.Link("/c/" + n.Comment.ID.String()), Comment: r.Shape.CommentOf(n.Comment, false),
	}
	if out.Title == "" {
		out.Title = n.Thread.Key
	}
	switch n.Kind {
	case discuss.NotifyReply, discuss.NotifyMention, discuss.NotifyThread:
		out.Actor = out.Comment.Author
	case discuss.NotifyRemoved, discuss.NotifyRefused: // its author finds the text, and why
		out.Comment = r.Shape.RemovedOf(discuss.RemovedComment{Comment: n.Comment, Removal: discuss.Removal{Reason: n.Reason, Public: n.Kind == discuss.NotifyRemoved, At: n.At}})
	}
	return out
}

func (r Room) readNotifications(ctx context.Context, q *edge.Request, in readIn) (none edge.None, err error) {
	account, site, err := told(q)
	if err != nil {
		return none, err
	}
	until, err := discuss.ParseID(in.Until)
	if err != nil {
		at, bad := time.Parse(time.RFC3339, in.Until)
		if bad != nil {
			return none, discuss.Bad("until", "must be the id of a notification, or a time")
		}
		until = discuss.IDAt(at.Truncate(time.Millisecond).Add(time.Millisecond)) - 1
	}
	return none, r.Discuss.ReadNotifications(ctx, account, site, until)
}
