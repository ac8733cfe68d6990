package transfer

import (
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/cleantext"
	"parley/internal/discuss"
)

// builder gathers an archive in memory. A file has an expanded limit of 100 MiB,
// so this is bounded too; and since nothing may be written of a file that
// turns out to be broken at its end, all of it has to be read first anyway.
type builder struct {
	o       Options
	a       discuss.Archive
	threads map[string]int // by foreign id
	keys    map[string]int
	people  map[string]bool
	seen    map[string]bool // comments
	coral   *coral          // what of Coral came in other files
}

func newBuilder(source string, o Options) *builder {
	if o.Parts != nil && o.Parts.b != nil {
		return o.Parts.b
	}
	b := &builder{
		o: o, a: discuss.Archive{Source: source},
		threads: map[string]int{}, keys: map[string]int{}, people: map[string]bool{}, seen: map[string]bool{},
	}
	if o.Parts != nil {
		o.Parts.b = b
	}
	return b
}

func (b *builder) skip(id, why string) {
	b.a.Skipped = append(b.a.Skipped, discuss.Skipped{ID: id, Why: why})
}

// link gives a thread its key: the normalised link, with mapped host; else the
// source's own id. The link's path becomes an alias.
func (b *builder) link(t *discuss.ArchiveThread, link string) {
	if strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") && len(b.o.Origins) > 0 { // a path is one of the site's own
		link = b.o.Origins[0] + link
	}
	if u, err := url.Parse(link); err == nil && u.Host != "" {
		if to, ok := b.o.MapHosts[strings.ToLower(u.Host)]; ok {
			if scheme, host, whole := strings.Cut(to, "://"); whole {
				u.Scheme, u.Host = scheme, host
			} else {
				u.Host = to
			}
			link = u.String()
		}
		for _, m := range b.o.MapPaths {
			if to, ok := m.apply(u.Path); ok {
				was := u.RequestURI()
				u.Path, u.RawPath = to, ""
				link = u.String()
				t.Aliases = append(t.Aliases, was) // old links still arrive
				break
			}
		}
	}
	key, ok := discuss.ThreadKeyFromURL(b.schemed(link))
	if !ok {
		t.Key = b.a.Source + ":" + t.Foreign
		b.skip(t.Foreign, "the thread has no link; it is kept under the key "+t.Key)
		return
	}
	t.Key, t.URL = key, key
	if u, err := url.Parse(key); err == nil && u.RequestURI() != "/" {
		t.Aliases = append(t.Aliases, u.RequestURI())
	}
}

// schemed gives a link the scheme that the site's pages have now: many moved to
// https after their comments were written.
func (b *builder) schemed(link string) string {
	rest, plain := strings.CutPrefix(link, "http://")
	host, _, _ := strings.Cut(rest, "/")
	host = strings.ToLower(host)
	if plain && slices.Contains(b.o.Origins, "https://"+host) && !slices.Contains(b.o.Origins, "http://"+host) {
		return "https://" + rest
	}
	return link
}

// thread adds a thread; one with a link that is there already joins it.
func (b *builder) thread(t discuss.ArchiveThread) {
	if t.Created = b.past(t.Created); t.Created.Before(earliest) {
		t.Created = time.Time{} // the import's
	}
	if _, twice := b.threads[t.Foreign]; twice {
		b.skip(t.Foreign, "a second thread with this id")
		return
	}
	at, ok := b.keys[t.Key]
	if !ok {
		at = len(b.a.Threads)
		b.a.Threads = append(b.a.Threads, t)
		b.keys[t.Key] = at
	} else {
		b.a.Threads[at].Aliases = append(b.a.Threads[at].Aliases, t.Aliases...)
	}
	b.threads[t.Foreign] = at
}

// person adds whoever wrote and returns his foreign id.
func (b *builder) person(foreign, name string) string {
	if !b.people[foreign] {
		b.people[foreign] = true
		b.a.People = append(b.a.People, discuss.ArchivePerson{Foreign: foreign, Name: b.name(name)})
	}
	return foreign
}

// name cleans a name that its bearer cannot mend any more: what our own rule
// refuses is cut to what can be shown.
func (b *builder) name(s string) string {
	if n, err := b.o.Text.Name(s); err == nil {
		return n
	}
	s = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.M) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxImportedName {
		s = strings.TrimSpace(string([]rune(s)[:maxImportedName]))
	}
	if n, err := b.o.Text.Name(s); err == nil {
		return n
	}
	if len(s) == 1 && unicode.IsLetter(rune(s[0])) {
		return s // a letter is a name where it came from
	}
	return "Anonymous"
}

// known says whether a row can be a comment at all, or why not: it has an id and a date.
func (b *builder) known(id string, at time.Time) bool {
	switch {
	case id == "":
		b.skip("?", "a comment without an id")
	case at.IsZero():
		b.skip(id, "its date cannot be read")
	default:
		return true
	}
	return false
}

// comment adds a comment of a thread that is known by now, or says why not.
func (b *builder) comment(c discuss.ArchiveComment) {
	at, ok := b.threads[c.Thread]
	switch {
	case !ok:
		b.skip(c.Foreign, "its thread is not in the file")
		return
	case b.seen[c.Foreign]:
		b.skip(c.Foreign, "a second comment with this id")
		return
	}
	c.Thread = b.a.Threads[at].Foreign
	if c.Created.Before(earliest) {
		b.skip(c.Foreign, fmt.Sprintf("its date is before %d", earliest.Year()))
		return
	}
	c.Created, c.Edited = b.past(c.Created), b.past(c.Edited)
	if c.Edited.Before(c.Created) {
		c.Edited = time.Time{}
	}
	c.Body = cleantext.Block(c.Body)
	if c.HTML == "" {
		c.HTML = c.Body
	}
	c.HTML = b.o.Text.HTML(c.HTML)
	if c.HTML == "" && c.Status == discuss.Published {
		b.skip(c.Foreign, "it is empty")
		return
	}
	b.seen[c.Foreign] = true
	b.a.Comments = append(b.a.Comments, c)
}

// earliest is when the first comment on a page can have been written: what says
// that it is older, the year 0 or the first second of 1970, has no known date.
var earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)

// past is a time, or the import's own where it lies ahead: a comment of the year
// 9999 would be the newest for ever.
func (b *builder) past(at time.Time) time.Time {
	if !b.o.Now.IsZero() && at.After(b.o.Now) {
		return b.o.Now
	}
	return at
}

// archive puts parents before replies and mends what cannot be: a parent that
// is missing, in another thread, or above itself.
func (b *builder) archive() *discuss.Archive {
	if p := b.o.Parts; p != nil && !p.Last {
		return nil // the next file goes on
	}
	byID := make(map[string]*discuss.ArchiveComment, len(b.a.Comments))
	for i := range b.a.Comments {
		byID[b.a.Comments[i].Foreign] = &b.a.Comments[i]
	}
	for i := range b.a.Comments {
		c := &b.a.Comments[i]
		if c.Parent == "" {
			continue
		}
		if p, ok := byID[c.Parent]; !ok || p.Thread != c.Thread {
			b.skip(c.Foreign, "the comment it answers is not in its thread; it is kept as a comment of its own")
			c.Parent = ""
		}
	}
	b.breakCycles(byID)
	kids := map[string][]*discuss.ArchiveComment{}
	for i := range b.a.Comments {
		c := &b.a.Comments[i]
		kids[c.Parent] = append(kids[c.Parent], c)
	}
	for _, list := range kids {
		slices.SortStableFunc(list, func(x, y *discuss.ArchiveComment) int {
			return cmp.Or(x.Created.Compare(y.Created), cmp.Compare(x.Foreign, y.Foreign))
		})
	}
	out := make([]discuss.ArchiveComment, 0, len(b.a.Comments))
	for level := kids[""]; len(level) > 0; { // level by level: no recursion, however deep
		var next []*discuss.ArchiveComment
		for _, c := range level {
			out = append(out, *c)
			next = append(next, kids[c.Foreign]...)
		}
		level = next
	}
	a := b.a
	a.Comments = out
	return &a
}

func (b *builder) breakCycles(byID map[string]*discuss.ArchiveComment) {
	safe := map[string]bool{"": true}
	for i := range b.a.Comments {
		var walked []string
		on := map[string]bool{}
		for id := b.a.Comments[i].Foreign; !safe[id]; id = byID[id].Parent {
			if on[id] {
				b.skip(id, "it answers itself by a detour; it is kept as a comment of its own")
				byID[id].Parent = ""
				break
			}
			on[id] = true
			walked = append(walked, id)
		}
		for _, id := range walked {
			safe[id] = true
		}
	}
}

// page adds the thread of a page that its comments alone name, once, and returns
// its foreign id: the link.
func (b *builder) page(link, title string, closed bool) string {
	if _, ok := b.threads[link]; ok {
		return link
	}
	t := discuss.ArchiveThread{Foreign: link, Title: discuss.FoldTitle(title), State: discuss.Open}
	if closed {
		t.State = discuss.Closed
	}
	b.link(&t, link)
	b.thread(t)
	return link
}

// pageLink is the address of a page of which a host and a path are known, or the
// address itself. A path that begins with // is none of another host.
func pageLink(host, address, path string) string {
	if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
		return address
	}
	if address == "" {
		address = path
	}
	if host == "" {
		return address
	}
	return "https://" + host + "/" + strings.TrimLeft(address, "/")
}
