package discuss

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// ThreadChange is what a moderator changes of a thread; nil leaves it.
type ThreadChange struct {
	State   *ThreadState
	Title   *string
	URL     *string
	Mode    *string
	Slow    *int
	Closes  *time.Time // zero: as the site says
	Aliases *[]string
}

// MaxAliases is how many further keys one thread may answer to.
const MaxAliases = 50

// SetThread changes a thread and returns it with its further keys. Readers who
// have it open are told.
func (s *Service) SetThread(ctx context.Context, site Site, who Actor, id ID, change ThreadChange) (out Thread, aliases []string, err error) {
	if err := allow(who, ActThread); err != nil {
		return out, nil, err
	}
	if err := change.check(); err != nil {
		return out, nil, err
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		th, err := r.Thread(id)
		if err != nil {
			return nil, err
		}
		if th.SiteID != site.ID || th.Merged != 0 {
			return nil, ErrNotFound
		}
		if away, _, err := r.Merging(id); err != nil || away {
			return nil, cmp.Or(err, error(ErrMerging))
		}
		was := th
		change.apply(&th, r.Now())
		if change.URL != nil && th.URL != "" && th.URL != was.URL && pageURL(site, th.URL) == "" {
			return nil, Bad("url", "must be a page of the site: its origin is not on the site's list")
		}
		th.reopened(was, site, r.Now())
		keys, err := r.Aliases(id)
		if err != nil {
			return nil, err
		}
		before := was.describe(keys)
		if change.Aliases != nil {
			if n := len(*change.Aliases); n > MaxAliases && n > len(keys) { // merges and moves may have given it more
				return nil, Bad("aliases", "must be at most 50")
			}
			keys = *change.Aliases
			if err := freeKeys(r, site, id, keys); err != nil {
				return nil, err
			}
		}
		out, aliases = th, keys
		if th.describe(keys) == before && th.Closes.Equal(was.Closes) {
			return nil, nil // it is so already: nothing was done, and nothing is to be told
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		ch.Add(UpdateThread{th})
		if change.Aliases != nil {
			ch.Add(SetAliases{Site: site.ID, Thread: id, Keys: keys})
		}
		ch.Add(
			th.updated(r), did(site, HintThread, id, "", mod),
			Entry{Site: site.ID, Actor: mod, Action: "thread", Kind: "thread", Target: id, Before: before, After: th.describe(keys)},
		)
		return ch, nil
	})
	return out, aliases, err
}

// freeKeys refuses further keys of a thread that lead elsewhere, or stand there twice.
func freeKeys(r ThreadReader, site Site, thread ID, keys []string) error {
	for i, key := range keys {
		taken, err := r.KeyTaken(site.ID, thread, key)
		if err != nil {
			return err
		}
		if taken || slices.Contains(keys[:i], key) {
			return Bad(fmt.Sprintf("aliases[%d]", i), "is a thread's key already, or stands there twice")
		}
	}
	return nil
}

// updated is what readers who have a thread open are told when it changes.
func (t Thread) updated(at Moment) Event {
	return Event{ThreadID: t.ID, Type: ThreadUpdated, At: at.Now()}
}

// reopened gives a thread that the site's days would close again at once as
// many days from now.
func (t *Thread) reopened(was Thread, site Site, now time.Time) {
	days := time.Duration(site.Settings.Moderation.CloseDays) * 24 * time.Hour
	if t.State == Open && was.State != Open && t.Closes.IsZero() && days > 0 && !t.Created.Add(days).After(now) {
		t.Closes = now.Add(days)
	}
}

func (t Thread) describe(aliases []string) string {
	s := fmt.Sprintf("%s, %q, mode %q, slow %d, url %q", t.State, t.Title, t.Mode, t.Slow, t.URL)
	if len(aliases) > 0 {
		s += fmt.Sprintf(", aliases %q", aliases)
	}
	if !t.Closes.IsZero() {
		s += ", closes " + t.Closes.UTC().Format(time.RFC3339)
	}
	return s
}

func (ch ThreadChange) check() error {
	switch {
	case ch.State != nil && *ch.State != Open && *ch.State != Closed && *ch.State != ReadOnly:
		return Bad("state", "must be open, closed or read_only")
	case ch.Mode != nil && *ch.Mode != "" && !slices.Contains(Modes, *ch.Mode):
		return Bad("mode", "must be publish, newcomers, guests, links, all, or empty for the site's")
	case ch.Slow != nil && (*ch.Slow < 0 || *ch.Slow > MaxSlowSeconds):
		return Bad("slow_seconds", "must be 0 to 86400")
	case ch.URL != nil && *ch.URL != "" && cleanURL(*ch.URL) == "":
		return Bad("url", "must be an http or https address")
	case ch.Title != nil && strings.TrimSpace(*ch.Title) == "":
		return Bad("title", "must not be empty")
	}
	if ch.Aliases != nil {
		for i, a := range *ch.Aliases {
			if a == "" || len(a) > MaxKeyBytes || !utf8.ValidString(a) || hasControl(a) {
				return Bad(fmt.Sprintf("aliases[%d]", i), "must be a key of 1 to 2048 bytes without control characters")
			}
		}
	}
	return nil
}

func (ch ThreadChange) apply(t *Thread, now time.Time) {
	if ch.State != nil {
		was := t.State
		t.State = *ch.State
		switch {
		case t.State == Open:
			t.Closes = time.Time{}
		case was == Open:
			t.Closes = now // readers are told since when
		}
	}
	if ch.Title != nil {
		t.Title = FoldTitle(*ch.Title)
	}
	if ch.URL != nil {
		t.URL = cleanURL(*ch.URL)
	}
	if ch.Mode != nil {
		t.Mode = *ch.Mode
	}
	if ch.Slow != nil {
		t.Slow = *ch.Slow
	}
	if ch.Closes != nil {
		t.Closes = *ch.Closes
	}
}

// ThreadQuery asks for one page of a site's threads, newest first.
type ThreadQuery struct {
	Site   ID
	Filter string // "", "open", "closed"
	Search string // part of a title or key
	After  Cursor
	Limit  int
}

// Listed is a thread as the moderators' list shows it.
type Listed struct {
	Thread
	Waiting int       // comments, as far as MaxQueueCount
	Last    time.Time // of the newest comment; zero if there is none
	Aliases []string
}

// CloseDue closes the threads whose time has come, so that open pages hear of
// it. Those that were reopened by hand have a date of their own.
func (s *Service) CloseDue(ctx context.Context, site Site, now time.Time) error {
	before := time.UnixMilli(0)
	if days := site.Settings.Moderation.CloseDays; days > 0 {
		before = now.Add(-time.Duration(days) * 24 * time.Hour)
	}
	if any, err := s.Store.AnyDue(ctx, site.ID, now, before); err != nil || !any {
		return err // the writer is asked only where there is something to do
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		due, err := r.ThreadsDue(site.ID, r.Now(), before)
		if err != nil {
			return nil, err
		}
		for _, th := range due {
			th.Closes = th.ClosedAt(site) // stays what it was when the site's days change
			th.State = Closed
			ch.Add(UpdateThread{th}, th.updated(r))
		}
		return ch, nil
	})
}

// maxTouched is how many threads one write tells of a change of their site.
const maxTouched = 200

// Touch tells the readers of some of a site's threads that what holds there has
// changed with the site. Those of other sites are passed over.
func (s *Service) Touch(ctx context.Context, site ID, threads []ID) error {
	for some := range slices.Chunk(threads, maxTouched) {
		err := s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
			for _, id := range some {
				th, err := r.Thread(id)
				if KindOf(err) == NotFound || err == nil && th.SiteID != site {
					continue
				}
				if err != nil {
					return nil, err
				}
				ch.Add(th.updated(r))
			}
			return ch, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}
