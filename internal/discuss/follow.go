package discuss

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"strings"
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

// MaxMutes is how many people one reader may mute on a site.
const MaxMutes = 1000

// Follow makes the actor hear of new comments of a thread, or with a comment
// of replies to it; yes false ends that, and what was not followed needs no end.
// A thread that has no comment yet is
// made, without address and title: those come from what is published there.
func (s *Service) Follow(ctx context.Context, site Site, who Actor, key string, comment ID, yes bool) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	if key == "" || len(key) > MaxKeyBytes || !utf8.ValidString(key) || hasControl(key) {
		return Bad("thread", "must be a key of 1 to 2048 bytes without control characters")
	}
	if yes {
		if err := s.mayBegin(ctx, site, who, key, ""); err != nil {
			return err
		}
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		th, err := r.ThreadByKey(site.ID, key)
		if KindOf(err) == NotFound {
			if !yes {
				return nil, nil
			}
			if comment != 0 {
				return nil, ErrNotFound
			}
			th, err = Thread{ID: r.NextID(), SiteID: site.ID, Key: key, State: Open, Created: r.Now()}, nil
			ch.Add(NewThread{th})
		}
		if err != nil {
			return nil, err
		}
		if comment != 0 {
			c, err := r.Comment(comment)
			if err == nil && (c.ThreadID != th.ID || c.Status != Published && yes) {
				err = ErrNotFound
			}
			if !yes && KindOf(err) == NotFound { // the answer is that of a hidden one
				return nil, nil
			}
			if err != nil {
				return nil, err
			}
		}
		author, err := member(r, &ch, site, who)
		ch.Add(Follow{Author: author.ID, Thread: th.ID, Comment: comment, On: yes})
		return ch, err
	})
}

// FollowAsGuest has an address hear of new comments of a thread, or of replies to
// a comment, once its owner has said yes. It says nothing of the address: what is
// answered is the same whoever's it is, and whether or not they follow already.
func (s *Service) FollowAsGuest(ctx context.Context, site Site, key string, comment ID, email string) error {
	if !site.Settings.TakesGuests() {
		return ErrSignedOut
	}
	if site.ReadOnly() { // nothing new will come
		return ErrThreadClosed
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		th, err := r.ThreadByKey(site.ID, key)
		if err != nil {
			return nil, err
		}
		if comment != 0 {
			if c, err := r.Comment(comment); err != nil || c.ThreadID != th.ID || c.Status != Published {
				return nil, cmp.Or[error](err, ErrNotFound)
			}
		}
		ch.Add(GuestFollow{ID: r.NextID(), Site: site.ID, Thread: th.ID, Comment: comment, Email: strings.ToLower(email)})
		return ch, nil
	})
}

// Mute folds a person's comments for the actor; nobody else is told.
func (s *Service) Mute(ctx context.Context, site Site, who Actor, muted ID, yes bool) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		author, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		if author.ID == muted {
			return nil, &Error{Kind: Conflict, Code: "own", Detail: "You can't mute yourself."}
		}
		ch.Add(Mute{Author: author.ID, Muted: muted, On: yes})
		return ch, nil
	})
}

// Restore takes the actor's own deletion back, within UndoDelete.
func (s *Service) Restore(ctx context.Context, site Site, who Actor, id ID, ip netip.Addr) (out Comment, err error) {
	if !who.SignedIn() {
		return Comment{}, ErrSignedOut
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil {
			return nil, err
		}
		if c.SiteID != site.ID || c.Author.Account != who.Account {
			return nil, ErrNotFound
		}
		if err := checkBanned(r, site, who, ip); err != nil {
			return nil, err
		}
		was, at, err := r.Withdrawn(id)
		if KindOf(err) == NotFound || err == nil && r.Now().Sub(at) > UndoDelete {
			return nil, ErrState
		}
		if err != nil {
			return nil, err
		}
		ch.Add(Unwithdraw{id})
		if c.Status != Deleted { // moderators had taken it away before
			out = c
			return ch, nil
		}
		// A question that came while it was away was not put, or its answer not
		// acted on: taking a comment away for a moment goes round nothing.
		trace, decided, err := r.Judged(id)
		if err != nil {
			return nil, err
		}
		if !decided && !who.Can(Moderator) {
			was = MoreSevere(was, trace.Verdict)
			ask(r, &ch, site, id, site.Settings.Moderation.Services())
		}
		err = move(r, &ch, c, was)
		ch.Add(Then(func(r Reader) (Changes, error) {
			var err error
			out, err = r.Comment(id)
			return nil, err
		}))
		return ch, err
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
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		n, err := r.StandardsVersion(site.ID)
		if err != nil {
			return nil, err
		}
		out = Standards{Version: n + 1, Body: body, HTML: html, At: r.Now()}
		ch.Add(
			NewStandards{site.ID, out}, did(site, HintSettings, 0, "", mod),
			Entry{Site: site.ID, Actor: mod, Action: "standards", Kind: "settings", Target: site.ID, After: fmt.Sprintf("version %d", out.Version)},
		)
		return ch, nil
	})
	return out, err
}

// Preview renders a text as it would be posted, and stores nothing.
func (s *Service) Preview(ctx context.Context, site Site, who Actor, body string) (string, error) {
	_, html, _, err := s.text(ctx, site, who, 0, body)
	return html, err
}
