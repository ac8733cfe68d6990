package discuss

import (
	"cmp"
	"context"
	"net/netip"
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
	// Gate judges what is written. Nil publishes everything but what the mode holds.
	Gate Gate
	// Network hashes an address, so that accounts of one network can be told
	// without keeping it, and gives its prefix; nil keeps nothing.
	Network func(ip netip.Addr) (hash []byte, prefix string)
}

// Gate judges comments before they are stored.
type Gate interface {
	// Read is the part that needs the text alone. It runs before the write and may take its time.
	Read(ctx context.Context, site Site, body, html string) (Reading, error)
	// Judge is called inside the write: it must not wait for anything.
	Judge(Case, Reading) Judgement
	// Check says what is wrong with words and rules; the error names the entry.
	Check(Policy) error
	// Learn takes decisions in; Forget drops what is kept of a site, to be read again.
	Learn(site ID, lessons []Lesson)
	Forget(site ID)
}

// Reading is what a text says by itself.
type Reading struct {
	Policy   int64 // version of words and rules that read it
	Findings []Finding
	Likeness int64 // equal for texts that are the same but for case, spacing and look-alikes; 0 for short ones
	Links    int
}

// Draft is what a stranger may say about a comment of his.
type Draft struct {
	ThreadKey, URL, Title string
	Parent                ID
	Body                  string
	GuestName             string // with it, a signed-out person writes as a guest
	GuestMark             []byte // hash of what a guest's browser holds, so that it can become his account's
	GuestEmail            string // where a guest wants to hear of answers; "" nowhere
	IP                    netip.Addr
	Agent                 string // of the browser, for outside services
	Proof                 string // answer to a Puzzle; "" none

	network []byte // hash and prefix of the IP's network
	prefix  string
}

// Once makes a request happen once: see Service.Post.
type Once struct {
	Key    string // "" to do without
	Digest []byte // of the request's body
}

// Post puts a comment into a site's thread, which it makes if this is the
// first. It returns the comment, or the one that an earlier request with the same
// key by the same person has made, as it is by now. Errors name the field.
func (s *Service) Post(ctx context.Context, site Site, who Actor, d Draft, once Once) (made Comment, again bool, err error) {
	if !who.SignedIn() && d.GuestName == "" {
		return Comment{}, false, ErrSignedOut
	}
	guest := ""
	if !who.SignedIn() {
		name, err := s.Text.Name(d.GuestName)
		if err != nil {
			return Comment{}, false, err
		}
		guest = name
	}
	if len(once.Key) > MaxIdempotencyBytes {
		return Comment{}, false, Bad("Idempotency-Key", "must be at most 64 characters")
	}
	actor := "guest " + guest // two guests have keys of their own
	if who.SignedIn() {
		actor = who.Account.String()
	}
	if once.Key != "" { // what was answered stays answered, whatever the site allows by now
		r, ok, err := s.Store.Remembered(ctx, site.ID, actor, once.Key)
		if err != nil || ok && string(r.Digest) != string(once.Digest) {
			return Comment{}, false, cmp.Or(err, error(ErrKeyReused))
		}
		if ok {
			made, err = s.Store.CommentByID(ctx, r.Comment)
			return made, true, err
		}
	}
	if !who.SignedIn() && !site.Settings.Guests {
		return Comment{}, false, ErrSignedOut
	}
	if d.ThreadKey == "" || len(d.ThreadKey) > MaxKeyBytes || !utf8.ValidString(d.ThreadKey) || hasControl(d.ThreadKey) {
		return Comment{}, false, Bad("thread", "must be a key of 1 to 2048 bytes without control characters")
	}
	body, html, err := s.text(ctx, site, d.Body)
	if err != nil {
		return Comment{}, false, err
	}
	read, err := s.read(ctx, site, body, html)
	if err != nil {
		return Comment{}, false, err
	}
	if s.Network != nil && d.IP.IsValid() {
		d.network, d.prefix = s.Network(d.IP)
	}
	var first ID // what an earlier request has made
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
				first = r.Comment
				return nil
			}
		}
		c, err := s.insert(tx, site, who, guest, d, body, html, read)
		if err != nil {
			return err
		}
		made = c
		if once.Key == "" {
			return nil
		}
		return tx.Remember(site.ID, actor, once.Key, Remembered{Digest: once.Digest, Comment: made.ID})
	})
	if err == nil && first != 0 {
		made, err = s.Store.CommentByID(ctx, first)
	}
	return made, first != 0, err
}

func (s *Service) insert(tx Tx, site Site, who Actor, guest string, d Draft, body, html string, read Reading) (Comment, error) {
	author, err := s.author(tx, site, who, guest)
	if err != nil {
		return Comment{}, err
	}
	who.Author = author
	if err := s.welcome(tx, site, who, d.IP); err != nil {
		return Comment{}, err
	}
	if err := acknowledged(tx, site, who, author); err != nil {
		return Comment{}, err
	}
	th, err := tx.ThreadForUpdate(site.ID, d.ThreadKey)
	fresh := KindOf(err) == NotFound && d.Parent == 0
	if fresh {
		th, err = Thread{ID: tx.NextID(), SiteID: site.ID, Key: d.ThreadKey, State: Open, Created: tx.Now()}, nil
	}
	if err != nil {
		if KindOf(err) == NotFound {
			err = Bad("parent_id", "is not a comment of this thread")
		}
		return Comment{}, err
	}
	if th.StateAt(site, tx.Now()) != Open {
		return Comment{}, ErrThreadClosed
	}
	c := Comment{
		ID: tx.NextID(), SiteID: site.ID, ThreadID: th.ID, Author: author, Body: body, HTML: html, Created: tx.Now(), Likeness: read.Likeness,
	}
	c.Root = c.ID
	var parent Comment
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
		parent = p
		c.Parent, c.Root, c.Depth, c.ToName = p.ID, p.Root, p.Depth+1, p.Author.Name
	}
	j, err := s.judge(tx, site, th, who, c, d, read)
	if err != nil {
		return Comment{}, err
	}
	c.Status, c.Risk, c.Trace = j.Status, j.Risk, j.Trace
	if c.Network = d.network; c.Network != nil {
		if err := tx.SeenOn(author.ID, d.network, d.prefix); err != nil {
			return Comment{}, err
		}
	}
	if fresh {
		if err := tx.InsertThread(th); err != nil {
			return Comment{}, err
		}
	}
	if err := insertMarked(tx, c, d.GuestMark); err != nil {
		return Comment{}, err
	}
	if err := nameThread(tx, th, c, d.pageName(site)); err != nil {
		return Comment{}, err
	}
	if err := s.follow(tx, site, c, parent, j, d); err != nil {
		return Comment{}, err
	}
	if c.Status != Published {
		tx.Hint(Hint{Site: site.ID, Type: "waiting", Comment: c.ID})
		return c, nil
	}
	return c, publish(tx, c)
}

// insertMarked inserts a comment, and for a guest's what tells his browser.
func insertMarked(tx Tx, c Comment, mark []byte) error {
	if err := tx.InsertComment(c); err != nil || mark == nil || !c.Author.Guest {
		return err
	}
	return tx.MarkGuest(c.ID, mark)
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
