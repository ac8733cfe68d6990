package discuss

import (
	"context"
	"unicode/utf8"
)

// Text is what the domain needs of the markup room.
type Text struct {
	// Clean normalises a body; Render makes safe HTML of it.
	Clean  func(body string) (string, error)
	Render func(ctx context.Context, body string) (string, error)
	// Name normalises a display name, Skeleton folds look-alikes together.
	Name     func(name string) (string, error)
	Skeleton func(name string) string
}

// Service is the verbs. Each checks who asks, then makes one change or reads.
type Service struct {
	Store Store
	Text  Text
	// Pace says how many seconds an author must still wait, 0 for none. Nil: no limit.
	Pace func(a Actor, site Site) int
}

// Draft is what a stranger may say about a comment of his.
type Draft struct {
	ThreadKey, URL, Title string
	Parent                ID
	Body                  string
	GuestName             string // with it, a signed-out person writes as a guest
}

// Once makes a request happen once: see Service.Post.
type Once struct {
	Key    string // "" to do without
	Digest []byte
	Answer func(Comment) []byte // encodes the answer to be remembered
}

// Post puts a comment into a site's thread, which it makes if this is the
// first. It returns the comment, or the remembered answer of an earlier
// request with the same key by the same person. Errors name the field.
func (s *Service) Post(ctx context.Context, site Site, who Actor, d Draft, once Once) (Comment, []byte, error) {
	if !who.SignedIn() && (d.GuestName == "" || !site.Settings.Guests) {
		return Comment{}, nil, ErrSignedOut
	}
	guest := ""
	if !who.SignedIn() {
		name, err := s.Text.Name(d.GuestName)
		if err != nil {
			return Comment{}, nil, err
		}
		guest = name
	}
	if d.ThreadKey == "" || len(d.ThreadKey) > MaxKeyBytes || !utf8.ValidString(d.ThreadKey) || hasControl(d.ThreadKey) {
		return Comment{}, nil, Bad("thread", "must be a key of 1 to 2048 bytes without control characters")
	}
	if len(once.Key) > MaxIdempotencyBytes {
		return Comment{}, nil, Bad("Idempotency-Key", "must be at most 64 characters")
	}
	body, html, err := s.text(ctx, site, d.Body)
	if err != nil {
		return Comment{}, nil, err
	}
	actor := "guest " + guest // two guests have keys of their own
	if who.SignedIn() {
		actor = who.Account.String()
	}
	var made Comment
	var answer []byte
	err = s.Store.Update(ctx, func(tx Tx) error {
		if once.Key != "" {
			r, ok, err := tx.Recall(site.ID, actor, once.Key)
			if err != nil {
				return err
			}
			if ok {
				if string(r.Digest) != string(once.Digest) {
					return ErrKeyReused
				}
				answer = r.Answer
				return nil
			}
		}
		c, err := s.insert(tx, site, who, guest, d, body, html)
		if err != nil {
			return err
		}
		made = c
		if once.Key == "" {
			return nil
		}
		answer = once.Answer(made)
		return tx.Remember(site.ID, actor, once.Key, Remembered{Digest: once.Digest, Answer: answer})
	})
	return made, answer, err
}

func (s *Service) insert(tx Tx, site Site, who Actor, guest string, d Draft, body, html string) (Comment, error) {
	author, err := s.author(tx, site, who, guest)
	if err != nil {
		return Comment{}, err
	}
	if s.Pace != nil && !who.Can(Moderator) {
		who.Author = author
		if wait := s.Pace(who, site); wait > 0 {
			return Comment{}, Slow("pace", wait)
		}
	}
	th, err := tx.ThreadForUpdate(site.ID, d.ThreadKey)
	if KindOf(err) == NotFound && d.Parent == 0 {
		th = Thread{ID: tx.NextID(), SiteID: site.ID, Key: d.ThreadKey, URL: cleanURL(d.URL), Title: FoldTitle(d.Title), State: Open, Created: tx.Now()}
		err = tx.InsertThread(th)
	}
	if err != nil {
		if KindOf(err) == NotFound {
			err = Bad("parent_id", "is not a comment of this thread")
		}
		return Comment{}, err
	}
	if th.State != Open {
		return Comment{}, ErrThreadClosed
	}
	c := Comment{
		ID: tx.NextID(), SiteID: site.ID, ThreadID: th.ID, Author: author, Body: body, HTML: html,
		Status: s.verdict(site, who), Created: tx.Now(),
	}
	c.Root = c.ID
	if d.Parent != 0 {
		p, err := tx.Comment(d.Parent)
		if KindOf(err) == NotFound || err == nil && p.ThreadID != th.ID {
			return Comment{}, Bad("parent_id", "is not a comment of this thread")
		}
		if err != nil {
			return Comment{}, err
		}
		if p.Status != Published {
			return Comment{}, ErrParentRemoved
		}
		c.Parent, c.Root, c.Depth, c.ToName = p.ID, p.Root, p.Depth+1, p.Author.Name
	}
	if err := tx.InsertComment(c); err != nil {
		return Comment{}, err
	}
	if c.Status != Published {
		return c, nil
	}
	return c, publish(tx, c)
}

// publish makes an inserted or restored comment's change known to readers.
func publish(tx Tx, c Comment) error {
	_, err := tx.AddEvent(Event{ThreadID: c.ThreadID, Type: CommentCreated, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: tx.Now()})
	return err
}

func (s *Service) author(tx Tx, site Site, who Actor, guest string) (Author, error) {
	if guest == "" {
		return tx.Author(site.ID, who.Account, who.Name)
	}
	taken, err := tx.NameTaken(site.ID, s.Text.Skeleton(guest))
	if err != nil {
		return Author{}, err
	}
	if taken {
		return Author{}, Bad("guest.name", "belongs to a member of this site, or looks like it")
	}
	return tx.Guest(site.ID, guest)
}

// verdict is the judgement of the spine: the site's mode. The moderation room
// takes this place.
func (s *Service) verdict(site Site, who Actor) Status {
	switch {
	case who.Can(Moderator):
		return Published
	case site.Settings.Hold == "all", site.Settings.Hold == "guests" && !who.SignedIn():
		return Pending
	}
	return Published
}

// text checks and renders a body under the site's limits.
func (s *Service) text(ctx context.Context, site Site, body string) (clean, html string, err error) {
	clean, err = s.Text.Clean(body)
	if err != nil {
		return "", "", err
	}
	if n := utf8.RuneCountInString(clean); n < MinRunes {
		return "", "", Bad("body", "is too short: at least 2 characters")
	} else if n > site.Settings.MaxRunes {
		return "", "", Bad("body", "is too long for this site")
	}
	html, err = s.Text.Render(ctx, clean)
	return clean, html, err
}
