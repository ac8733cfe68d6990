package discuss

import (
	"context"
	"fmt"
	"net/netip"
	"time"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// UndoDelete is how long an author may take a deletion back: the ten seconds
// of the button and time for a slow answer.
const UndoDelete = 30 * time.Second

// MaxStandardsBytes bounds a site's standards, Markdown.
const MaxStandardsBytes = 20_000

// Standards are a site's rules as they stand.
type Standards struct {
	Version    int // 1, 2, ...; 0: the site has none of its own
	Body, HTML string
	At         time.Time
}

// Keeping reads what readers keep of a discussion.
type Keeping interface {
	// AuthorByID finds a person on a site.
	AuthorByID(ctx context.Context, id ID) (Author, error)
	// Follows returns what the person follows on a thread: 0 for all of it, else comments.
	Follows(ctx context.Context, author, thread ID) ([]ID, error)
	// Mutes returns whom the person does not want to read, at most MaxMutes.
	Mutes(ctx context.Context, author ID) ([]ID, error)
	// Standards returns the newest version; ErrNotFound if there is none.
	Standards(ctx context.Context, site ID) (Standards, error)
}

// KeepingTx writes what Keeping reads.
type KeepingTx interface {
	Follow(author, thread, comment ID, yes bool) error
	// Followed reports whether anybody follows the whole thread.
	Followed(thread ID) (bool, error)
	Mute(author, muted ID, yes bool) error
	// Withdraw remembers the status that a comment had before its author deleted it.
	Withdraw(comment ID, was Status) error
	// Withdrawn returns that status and when it was left; ErrNotFound if it was not the author.
	Withdrawn(comment ID) (Status, time.Time, error)
	Unwithdraw(comment ID) error // forgets it: the comment is back
	PutStandards(site ID, body, html string) (Standards, error)
}

// MaxMutes is how many people one reader may mute on a site.
const MaxMutes = 1000

// Follow makes the actor hear of new comments of a thread, or with a comment
// of replies to it; yes false ends that. A thread that has no comment yet is
// made, without address and title: those come from what is published there.
func (s *Service) Follow(ctx context.Context, site Site, who Actor, key string, comment ID, yes bool) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	if key == "" || len(key) > MaxKeyBytes || !utf8.ValidString(key) || hasControl(key) {
		return Bad("thread", "must be a key of 1 to 2048 bytes without control characters")
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		th, err := tx.ThreadForUpdate(site.ID, key)
		if KindOf(err) == NotFound {
			if comment != 0 {
				return ErrNotFound
			}
			if !yes {
				return nil
			}
			th = Thread{ID: tx.NextID(), SiteID: site.ID, Key: key, State: Open, Created: tx.Now()}
			err = tx.InsertThread(th)
		}
		if err != nil {
			return err
		}
		if comment != 0 {
			c, err := tx.Comment(comment)
			if err != nil {
				return err
			}
			if c.ThreadID != th.ID || c.Status != Published && yes {
				return ErrNotFound
			}
		}
		author, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		return tx.Follow(author.ID, th.ID, comment, yes)
	})
}

// Mute folds a person's comments for the actor; nobody else is told.
func (s *Service) Mute(ctx context.Context, site Site, who Actor, muted ID, yes bool) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		author, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if author.ID == muted {
			return &Error{Kind: Conflict, Code: "own", Detail: "You can't mute yourself."}
		}
		return tx.Mute(author.ID, muted, yes)
	})
}

// Restore takes the actor's own deletion back, within UndoDelete.
func (s *Service) Restore(ctx context.Context, site Site, who Actor, id ID, ip netip.Addr) (Comment, error) {
	if !who.SignedIn() {
		return Comment{}, ErrSignedOut
	}
	var out Comment
	err := s.Store.Update(ctx, func(tx Tx) error {
		c, err := tx.Comment(id)
		if err != nil {
			return err
		}
		if c.SiteID != site.ID || c.Author.Account != who.Account {
			return ErrNotFound
		}
		if err := s.welcome(tx, site, who, ip); err != nil {
			return err
		}
		was, at, err := tx.Withdrawn(id)
		if KindOf(err) == NotFound || err == nil && (c.Status != Deleted || tx.Now().Sub(at) > UndoDelete) {
			return ErrState
		}
		if err != nil {
			return err
		}
		if err := tx.Unwithdraw(id); err != nil {
			return err
		}
		// A question that came while it was away was not put, or its answer not
		// acted on: taking a comment away for a moment goes round nothing.
		trace, decided, err := tx.Judged(id)
		if err != nil {
			return err
		}
		if !decided && !who.Can(Moderator) {
			was = Graver(was, trace.Verdict)
			if err := s.ask(tx, site, id, site.Settings.Moderation.Services()); err != nil {
				return err
			}
		}
		if err := move(tx, c, was); err != nil {
			return err
		}
		out, err = tx.Comment(id)
		return err
	})
	return out, err
}

// SetStandards gives the site a new version of its rules.
func (s *Service) SetStandards(ctx context.Context, site Site, who Actor, body string) (Standards, error) {
	if !who.SignedIn() {
		return Standards{}, ErrSignedOut
	}
	if !who.Can(Admin) {
		return Standards{}, ErrRole
	}
	if len(body) > MaxStandardsBytes || !utf8.ValidString(body) {
		return Standards{}, Bad("body", "must be at most 20,000 bytes of Markdown")
	}
	body = cleantext.Block(body)
	html, err := s.Text.Render(ctx, body)
	if err != nil {
		return Standards{}, err
	}
	var out Standards
	err = s.Store.Update(ctx, func(tx Tx) error {
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if out, err = tx.PutStandards(site.ID, body, html); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "settings", Name: mod.Name, Actor: mod.ID})
		return tx.Audit(Entry{Site: site.ID, Actor: mod, Action: "standards", Kind: "settings", Target: site.ID, After: fmt.Sprintf("version %d", out.Version)})
	})
	return out, err
}

// Preview renders a text as it would be posted, and stores nothing.
func (s *Service) Preview(ctx context.Context, site Site, body string) (string, error) {
	_, html, err := s.text(ctx, site, body)
	return html, err
}
