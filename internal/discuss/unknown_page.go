package discuss

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// Whose word makes a thread. A key is only a text that a browser sends: where
// anybody's counts, anybody can make thousands that no page has.
const (
	ThreadsAny       = "any"       // anybody's
	ThreadsFetched   = "fetched"   // the page's: it was fetched and carries our tag
	ThreadsAnnounced = "announced" // the publisher's: by the API, or signed
)

var threadMakers = []string{ThreadsAny, ThreadsFetched, ThreadsAnnounced}

// ThreadsBy is whose word makes a thread.
func (v Settings) ThreadsBy() string { return cmp.Or(v.Threads, ThreadsAny) }

func goodKey(key string) bool {
	return key != "" && len(key) <= MaxKeyBytes && utf8.ValidString(key) && !hasControl(key)
}

// mayBegin refuses a thread that is not there yet and that the site's rule does
// not let the caller make. page is the address that the caller says it has.
// Moderators speak for the publisher.
func (s *Service) mayBegin(ctx context.Context, site Site, who Actor, key, page string) error {
	by := site.Settings.ThreadsBy()
	if by == ThreadsAny || who.Can(Moderator) {
		return nil
	}
	if _, err := s.Store.ThreadByKey(ctx, site.ID, key); KindOf(err) != NotFound {
		return err
	}
	if page == "" {
		page = key // of most threads the key is the address
	}
	page = pageURL(site, page)
	if by != ThreadsFetched || page == "" || s.Carries == nil {
		return ErrUnknownPage
	}
	ok, err := s.Carries(ctx, site, key, page)
	if err == nil && !ok {
		err = ErrUnknownPage
	}
	return err
}

// Announce makes a thread by the publisher's word, before anybody has written
// there, and gives it address and title where it has none. Doing it twice is no
// error.
func (s *Service) Announce(ctx context.Context, site Site, who Actor, key string, page PageName) (th Thread, err error) {
	if err := allow(who, ActThread); err != nil {
		return th, err
	}
	if page.URL != "" {
		if page.URL = pageURL(site, page.URL); page.URL == "" {
			return th, Bad("url", "must be a page of the site: its origin is not on the site's list")
		}
	}
	page.Title = FoldTitle(page.Title)
	err = s.announce(ctx, site, key, page, func(r Reader, ch *Changes) (Author, error) { return member(r, ch, site, who) }, &th)
	return th, err
}

// AnnounceSigned is Announce by a site's signature over the key.
func (s *Service) AnnounceSigned(ctx context.Context, site Site, key string) error {
	var th Thread
	return s.announce(ctx, site, key, PageName{}, func(Reader, *Changes) (Author, error) { return Author{}, nil }, &th)
}

func (s *Service) announce(ctx context.Context, site Site, key string, page PageName, by func(Reader, *Changes) (Author, error), out *Thread) error {
	if key = strings.TrimSpace(key); !goodKey(key) {
		return Bad("key", "must be 1 to 2048 bytes without control characters")
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		th, err := r.ThreadByKey(site.ID, key)
		fresh := KindOf(err) == NotFound
		if fresh {
			th, err = Thread{ID: r.NextID(), SiteID: site.ID, Key: key, State: Open, Created: r.Now()}, nil
			ch.Add(NewThread{th})
		}
		if err != nil {
			return nil, err
		}
		if !page.empty() && th.takes(page) {
			ch.Add(NameThread{Thread: th.ID, Page: page})
			th.URL, th.Title = cmp.Or(th.URL, page.URL), cmp.Or(th.Title, page.Title)
		}
		if *out = th; len(ch) == 0 {
			return nil, nil
		}
		actor, err := by(r, &ch)
		ch.Add(
			did(site, HintThread, th.ID, "", actor),
			Entry{Site: site.ID, Actor: actor, Action: "announce", Kind: "thread", Target: th.ID, After: th.describe(nil)},
		)
		return ch, err
	})
}

// Called is what a thread is called where readers see it: by its title, else by
// what its address says, else by the site's name. A key that is no page of the
// site is anybody's words, and is not shown.
func (t Thread) Called(site Site) string {
	if t.Title != "" {
		return t.Title
	}
	if page := pageURL(site, cmp.Or(t.URL, t.Key)); page != "" {
		_, page, _ = strings.Cut(page, "://")
		return legible(page)
	}
	return site.Name
}

const maxCalled = 80 // runes of an address that stands for a title

// legible is an address as somebody would write it down: in its own letters,
// where it decodes to nothing else than letters, and no longer than a title.
func legible(address string) string {
	unfit := func(r rune) bool { return unicode.IsSpace(r) || r == utf8.RuneError || cleantext.Forbidden(r) }
	if plain, err := url.PathUnescape(address); err == nil && !strings.ContainsFunc(plain, unfit) {
		address = plain
	}
	address = strings.TrimSuffix(address, "/")
	if long := []rune(address); len(long) > maxCalled {
		address = string(long[:maxCalled-1]) + "…"
	}
	return address
}
