package discuss

import (
	"context"
	"strings"
)

// MaxMentions is how many people one comment names; further mentions are words.
const MaxMentions = 10

// Chosen is whom a writer has picked for a name in the text, where several are
// called alike.
type Chosen struct {
	Name string
	ID   ID
}

// Mentioned is whom one mention means: by which of the names it may mean, and
// how they are called now. The zero value is a mention of nobody.
type Mentioned struct {
	ID            ID
	Matched, Name string
}

// Writer is somebody who wrote in a thread, and how much of late.
type Writer struct {
	Author
	Comments int
}

// Limits of whom a mention is completed from.
const (
	MentionsAmong   = 1000 // newest comments of the thread
	MaxMentionables = 200
)

// Mentionable are the people of a thread whom a comment there may name, those who
// wrote most of late first: members who can still be told, whom the actor has not
// muted, and not the actor.
func (s *Service) Mentionable(ctx context.Context, site Site, who Actor, key string) ([]Writer, error) {
	if !who.SignedIn() && !site.Settings.Guests {
		return nil, ErrSignedOut
	}
	th, err := s.Store.ThreadByKey(ctx, site.ID, key)
	if KindOf(err) == NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return s.Store.Writers(ctx, th.ID, who.Author.ID)
}

// PersonAt is where a person wrote last that readers can see.
func (s *Service) PersonAt(ctx context.Context, person ID) (comment ID, err error) {
	return s.Store.NewestOf(ctx, person)
}

// mentions finds whom a comment names, and makes links of that. Whoever was
// chosen for a name is meant by it as long as they are called so; so is who was
// found for it when the comment was written, whatever they are called by now.
func (s *Service) mentions(r Reader, site Site, c Comment, chosen []Chosen) (html string, people []Mentioned, err error) {
	if s.Text.Mentions == nil || !strings.Contains(c.HTML, "@") {
		return c.HTML, nil, nil
	}
	names := s.Text.Mentions(c.HTML)
	if len(names) == 0 {
		return c.HTML, nil, nil
	}
	picked := map[string][]ID{}
	for _, p := range chosen[:min(len(chosen), MaxMentions)] {
		key := s.Text.Skeleton(strings.ReplaceAll(p.Name, "_", " "))
		picked[key] = append(picked[key], p.ID)
	}
	kept, err := r.MentionsOf(c.ID)
	if err != nil {
		return "", nil, err
	}
	for _, may := range names {
		who, err := s.means(r, site, may, picked, kept)
		if err != nil {
			return "", nil, err
		}
		people = append(people, who)
	}
	return s.Text.LinkMentions(c.HTML, people), people, nil
}

// means is whom one of the names means, the longest that is somebody's.
func (s *Service) means(r PersonReader, site Site, names []string, picked map[string][]ID, kept map[string]ID) (Mentioned, error) {
	for _, name := range names {
		key := s.Text.Skeleton(name)
		if ids := picked[key]; len(ids) > 0 {
			if len(ids) > 1 { // each was picked once; a further mention is of the last
				picked[key] = ids[1:]
			}
			a, err := r.AuthorByID(ids[0])
			if err != nil && KindOf(err) != NotFound {
				return Mentioned{}, err
			}
			if err == nil && a.SiteID == site.ID && !a.Guest && (s.Text.Skeleton(a.Name) == key || kept[key] == a.ID) {
				return Mentioned{a.ID, name, a.Name}, nil
			}
		}
		if id := kept[key]; id != 0 {
			a, err := r.AuthorByID(id)
			if err == nil && !a.Guest {
				return Mentioned{id, name, a.Name}, nil
			}
			if err != nil && KindOf(err) != NotFound {
				return Mentioned{}, err
			}
		}
		a, err := r.CalledOn(site.ID, key)
		if err == nil {
			return Mentioned{a.ID, name, a.Name}, nil
		}
		if KindOf(err) != NotFound {
			return Mentioned{}, err
		}
	}
	return Mentioned{}, nil
}

// addMentions notes whom a new comment names.
func addMentions(ch *Changes, comment ID, people []Mentioned) {
	if set := mentionsOf(comment, people); len(set.People) > 0 {
		ch.Add(set)
	}
}

func mentionsOf(comment ID, people []Mentioned) SetMentions {
	set := SetMentions{Comment: comment}
	for _, p := range people {
		if p.ID != 0 {
			set.People = append(set.People, p)
		}
	}
	return set
}
