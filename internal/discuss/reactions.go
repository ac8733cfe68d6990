package discuss

import (
	"context"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ReactionNames are what a site may choose its reactions from: those that the
// widget has a drawing and a word for.
var ReactionNames = []string{"agree", "disagree", "thanks", "insightful", "funny", "surprising", "sad", "curious"}

// MaxReactions is how many of them one site offers.
const MaxReactions = 6

// MaxReactionsTold is how far reactions are counted for whom they are to.
const MaxReactionsTold = 1_000

// Reactions counts the people who reacted in each way, as {"name": n}: the form
// in which they are kept and told, since a page that has many is read more often
// than one of them is changed. Ways that nobody chose are not in it; "" is none.
type Reactions string

// ReactionsOf writes counts down, those that are no reaction of ours left out.
func ReactionsOf(counts map[string]int) Reactions {
	b := []byte{'{'}
	for _, name := range ReactionNames {
		if n := counts[name]; n > 0 {
			if len(b) > 1 {
				b = append(b, ',')
			}
			b = append(b, '"')
			b = append(b, name...)
			b = append(b, '"', ':')
			b = strconv.AppendInt(b, int64(n), 10)
		}
	}
	if len(b) == 1 {
		return ""
	}
	return Reactions(append(b, '}'))
}

// Counts reads what ReactionsOf wrote.
func (r Reactions) Counts() map[string]int {
	out := map[string]int{}
	for _, part := range strings.Split(strings.Trim(string(r), "{}"), ",") {
		name, n, ok := strings.Cut(part, ":")
		if count, err := strconv.Atoi(n); ok && err == nil {
			out[strings.Trim(name, `"`)] = count
		}
	}
	return out
}

// MarshalJSON implements json.Marshaler.
func (r Reactions) MarshalJSON() ([]byte, error) {
	if r == "" {
		return []byte("{}"), nil
	}
	return []byte(r), nil
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Reactions) UnmarshalJSON(b []byte) error {
	*r = ReactionsOf(Reactions(b).Counts())
	return nil
}

// With is r with one more, or one fewer, of a name.
func (r Reactions) With(name string, on bool) Reactions {
	counts := r.Counts()
	if on {
		counts[name]++
	} else {
		counts[name]--
	}
	return ReactionsOf(counts)
}

// Offered is r without what a site does not offer, which readers are not shown.
func (r Reactions) Offered(names []string) Reactions {
	if r == "" || len(names) == 0 {
		return ""
	}
	for _, name := range ReactionNames {
		if !slices.Contains(names, name) && strings.Contains(string(r), name) { // or in the name of another: then it is done for nothing
			counts := r.Counts()
			for k := range counts {
				if !slices.Contains(names, k) {
					delete(counts, k)
				}
			}
			return ReactionsOf(counts)
		}
	}
	return r
}

// reactions says which sets of them a site may have.
func reactions(names []string) bool {
	for i, name := range names {
		if !slices.Contains(ReactionNames, name) || slices.Contains(names[:i], name) {
			return false
		}
	}
	return len(names) <= MaxReactions
}

// Vote is how readers vote on a site; reactions stand in the place of votes.
func (v Settings) Vote() string {
	if len(v.Reactions) > 0 {
		return "off"
	}
	return v.Votes
}

// React begins or ends a reaction of the actor's to a comment and returns how
// many of each there are with it counted. It changes no rank. Guests have none,
// nor has anybody to their own comment; one that the site has ceased to offer can
// still be taken back.
func (s *Service) React(ctx context.Context, site Site, who Actor, id ID, name string, on bool, ip netip.Addr) (out Reactions, err error) {
	if err := mayReact(site, who, name, on); err != nil {
		return "", err
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil {
			return nil, err
		}
		if c.SiteID != site.ID || c.Status != Published {
			return nil, ErrNotFound
		}
		if c.Author.Account == who.Account {
			return nil, &Error{Kind: Conflict, Code: "own_comment", Detail: "You can't react to your own comment."}
		}
		th, err := r.Thread(c.ThreadID)
		if err != nil {
			return nil, err
		}
		author, err := reacting(r, &ch, site, who, th, ip)
		if err != nil {
			return nil, err
		}
		had, err := r.HasReacted(id, author.ID, name)
		if out = c.Reactions; err == nil && had != on {
			out = c.Reactions.With(name, on)
			ch.Add(SetReaction{Comment: id, Thread: th.ID, Author: author.ID, Name: name, On: on, Now: out})
		}
		return ch, err
	})
	return out.Offered(site.Settings.Reactions), err
}

// ReactToPage is React to the page that a thread is about. A thread that has no
// comment yet is made, as for whoever follows it.
func (s *Service) ReactToPage(ctx context.Context, site Site, who Actor, key, name string, on bool, ip netip.Addr) (out Reactions, err error) {
	if err := mayReact(site, who, name, on); err != nil {
		return "", err
	}
	if key == "" || len(key) > MaxKeyBytes || !utf8.ValidString(key) || hasControl(key) {
		return "", Bad("thread", "must be a key of 1 to 2048 bytes without control characters")
	}
	if on {
		if err := s.mayBegin(ctx, site, who, key, ""); err != nil {
			return "", err
		}
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		out = ""
		th, err := r.ThreadByKey(site.ID, key)
		if KindOf(err) == NotFound {
			if !on {
				return nil, nil
			}
			th, err = Thread{ID: r.NextID(), SiteID: site.ID, Key: key, State: Open, Created: r.Now()}, nil
			if th.StateAt(site, r.Now()) != Open { // nothing is made where nobody can write
				return nil, ErrThreadClosed
			}
			ch.Add(NewThread{th})
		}
		if err != nil {
			return nil, err
		}
		author, err := reacting(r, &ch, site, who, th, ip)
		if err != nil {
			return nil, err
		}
		if out, err = r.PageReactions(th.ID); err != nil && KindOf(err) != NotFound { // one made by this write has none
			return nil, err
		}
		had, err := r.HasReactedToPage(th.ID, author.ID, name)
		if err == nil && had != on {
			out = out.With(name, on)
			ch.Add(SetReaction{Thread: th.ID, Author: author.ID, Name: name, On: on, Now: out})
		}
		return ch, err
	})
	return out.Offered(site.Settings.Reactions), err
}

func mayReact(site Site, who Actor, name string, on bool) error {
	switch {
	case !who.SignedIn():
		return ErrSignedOut
	case !slices.Contains(ReactionNames, name), on && !slices.Contains(site.Settings.Reactions, name):
		return Bad("name", "is not a reaction that this site offers")
	}
	return nil
}

// reacting is the membership of who may react in a thread.
func reacting(r Reader, ch *Changes, site Site, who Actor, th Thread, ip netip.Addr) (Author, error) {
	author, err := member(r, ch, site, who)
	if err != nil {
		return author, err
	}
	who.Author = author
	if err := checkBanned(r, site, who, ip); err != nil {
		return author, err
	}
	if th.StateAt(site, r.Now()) == ReadOnly {
		return author, ErrThreadClosed
	}
	return author, nil
}
