package discuss

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Badges are what stands beside a name, drawn by us and never part of it.
type Badges int

// The badges that no role gives.
const (
	BadgeExpert     Badges = 1 << iota // given by an admin
	BadgeSubscriber                    // the site's tokens say a tier
	BadgeNewcomer                      // has published no more than NewcomerPosts
	BadgeAuthor                        // wrote the article; of a comment below it
)

// NewcomerPosts is up to how many published comments somebody is new on a site.
const NewcomerPosts = 3

// Has reports whether one of them is among b.
func (b Badges) Has(one Badges) bool { return b&one != 0 }

// WriteMembers in a site's setting lets every account write, and no guest.
const WriteMembers = "members"

const (
	// MaxTiers is how many tiers a site may name, MaxTier how many characters one has.
	MaxTiers = 20
	MaxTier  = 40
)

var tierName = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,39}$`)

// Tier is what a token says of a reader's subscription, as it is kept; "" where
// it says none, or none that can be one.
func Tier(said string) string {
	said = strings.TrimSpace(said)
	if !tierName.MatchString(said) {
		return ""
	}
	return said
}

// writers reports whether a setting of who may write can be.
func writers(list []string) bool {
	seen := map[string]bool{}
	for _, t := range list {
		if !tierName.MatchString(t) || t == "everyone" || t == WriteMembers && len(list) > 1 || seen[t] {
			return false
		}
		seen[t] = true
	}
	return len(list) <= MaxTiers
}

// TakesGuests reports whether somebody without an account may write.
func (v Settings) TakesGuests() bool { return v.Guests && len(v.Write) == 0 }

// TiersOnly reports whether accounts alone are not enough to write.
func (v Settings) TiersOnly() bool { return len(v.Write) > 0 && v.Write[0] != WriteMembers }

// ErrTier says that somebody's subscription is none that may write.
var ErrTier = &Error{Kind: Forbidden, Code: "tier", Detail: "Only subscribers can comment here. You can still read and vote. Nothing you wrote is lost."}

// MayWrite reports whether a person's subscription lets them write: staff need none.
func (v Settings) MayWrite(who Actor, author Author) bool {
	return !v.TiersOnly() || who.Operator || author.Role != Member && author.Role != Auditor && author.Role != "" || slices.Contains(v.Write, author.Tier)
}

// requireTier refuses whose subscription is none that may write.
func requireTier(site Site, who Actor, author Author) error {
	if site.Settings.MayWrite(who, author) {
		return nil
	}
	return ErrTier
}

// Changes of badges.
type (
	// SetExpert says that a person knows the subject.
	SetExpert struct {
		Author ID
		On     bool
	}
	// SetArticleAuthors says who wrote the page of a thread: these and nobody else.
	SetArticleAuthors struct {
		Site    ID
		Key     string
		Authors []ID
	}
)

func (SetExpert) change()         {}
func (SetArticleAuthors) change() {}

// Expert gives a person the badge of who knows the subject, or takes it back: for admins.
func (s *Service) Expert(ctx context.Context, site Site, who Actor, id ID, on bool) error {
	return s.onPerson(ctx, site, who, ActRole, id, func(_ Reader, ch *Changes, _, _ Author) (Entry, error) {
		ch.Add(SetExpert{id, on})
		if on {
			return Entry{Action: "expert", After: "expert"}, nil
		}
		return Entry{Action: "expert", Before: "expert"}, nil
	})
}

// MaxArticleAuthors is how many people may have written a page.
const MaxArticleAuthors = 10

// ArticleAuthors says who of a site's people wrote the page of a thread.
func (s *Service) ArticleAuthors(ctx context.Context, site Site, who Actor, thread ID, people []ID) error {
	if err := allow(who, ActThread); err != nil {
		return err
	}
	if len(people) > MaxArticleAuthors {
		return Bad("authors", "must be at most 10 people")
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		th, err := r.Thread(thread)
		if err != nil {
			return nil, err
		}
		if th.SiteID != site.ID {
			return nil, ErrNotFound
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		var names []string
		for _, id := range people {
			a, err := r.AuthorByID(id)
			if err != nil || a.SiteID != site.ID {
				return nil, Bad("authors", "names somebody whom this site does not know")
			}
			names = append(names, a.Name)
		}
		ch.Add(
			SetArticleAuthors{site.ID, th.Key, people},
			Entry{Site: site.ID, Actor: mod, Action: "authors", Kind: "thread", Target: th.ID, After: strings.Join(names, ", ")},
			Event{ThreadID: th.ID, Type: ThreadUpdated, At: r.Now()},
		)
		return ch, nil
	})
}

// Card is what a name leads to: counted from what is published on the site.
type Card struct {
	Author
	Since           time.Time
	Comments, Picks int
}

// Card returns it for somebody who has published something on the site; ErrNotFound
// for others, so that it is no list of members.
func (s *Service) Card(ctx context.Context, id ID) (Card, Site, error) {
	c, err := s.Store.CardOf(ctx, id)
	if err == nil && c.Comments == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return c, Site{}, err
	}
	site, err := s.Store.SiteByID(ctx, c.SiteID)
	return c, site, err
}

// PublishedBy are the newest public comments of a person, at most limit.
func (s *Service) PublishedBy(ctx context.Context, id ID, limit int) ([]RemovedComment, error) {
	return s.Store.PublishedBy(ctx, id, limit)
}

// Wrote are who wrote the pages of a site's threads, by their keys: for the desk.
func (s *Service) Wrote(ctx context.Context, site Site, who Actor, keys []string) (map[string][]Author, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.Store.ArticleAuthors(ctx, site.ID, keys)
}
