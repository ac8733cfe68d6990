package transfer

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"parley/internal/discuss"
)

// Spool keeps what files hold until all of them have been read to their ends, and
// arranges it then; store.Spool is one. Its first error is kept and told by Err.
type Spool interface {
	SetSource(source string)
	AddThread(t discuss.ArchiveThread) bool // no: a thread of this foreign id is there
	HasThread(foreign string) bool
	AddPerson(p discuss.ArchivePerson) // once for each foreign id
	HasPerson(foreign string) bool
	AddComment(c discuss.ArchiveComment) bool // no: its thread or person is not there
	Skip(s discuss.Skipped)
	Put(kind, key, value string) // a fact that will be wanted again
	Get(kind, key string) (value string, ok bool)
	Later(kind string, value []byte) // what cannot be read before the rest is known
	EachLater(kind string, take func(value []byte))
	Err() error
}

// builder makes rows of ours of what a reader finds, and gives them to the spool.
type builder struct {
	o       Options
	spool   Spool
	source  string
	batch   []batched
	bytes   int // of texts in the batch
	full    chan []batched
	emptied chan struct{}

	// Named last, and in the spool with the first of their comments that is taken.
	named  batchedPage
	writer discuss.ArchivePerson
}

// newBuilder begins with one file; done ends it.
func newBuilder(source string, o Options) *builder {
	b := &builder{o: o, spool: o.Spool, source: source, full: make(chan []batched, 1), emptied: make(chan struct{})}
	b.spool.SetSource(source)
	go b.empty()
	return b
}

// skip notes a row that is not taken as it stands. Reasons are the same text for
// the same reason; what differs stands behind a colon.
func (b *builder) skip(id, why string) {
	b.add(batched{skipped: discuss.Skipped{ID: id, Why: why}, skip: true})
}

// link gives a thread its key: the normalised link, with mapped host; else the
// source's own id. The link's path becomes an alias.
func (b *builder) link(t *discuss.ArchiveThread, link string) {
	if why := b.keyed(t, link); why != "" {
		b.skip(t.Foreign, why)
	}
}

// keyed is link; it says why a thread has a key of its own.
func (b *builder) keyed(t *discuss.ArchiveThread, link string) (why string) {
	if strings.HasPrefix(link, "/") && !strings.HasPrefix(link, "//") && len(b.o.Origins) > 0 { // a path is one of the site's own
		link = b.o.Origins[0] + link
	}
	link = undotted(unproxied(link))
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
		t.Key = b.source + ":" + t.Foreign
		return "the thread has no link; it is kept under a key of its own: " + t.Key
	}
	t.Key, t.URL = key, key
	if u, err := url.Parse(key); err == nil && u.RequestURI() != "/" {
		t.Aliases = append(t.Aliases, u.RequestURI())
	}
	return ""
}

// schemed gives a link the scheme that the site's pages have now: many moved to
// https after their comments were written, and some files name a host alone.
func (b *builder) schemed(link string) string {
	scheme, rest, _ := strings.Cut(link, "://")
	other := map[string]string{"http": "https", "https": "http"}[strings.ToLower(scheme)]
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := strings.ToLower(rest[:end])
	if other != "" && slices.Contains(b.o.Origins, other+"://"+host) && !slices.Contains(b.o.Origins, strings.ToLower(scheme)+"://"+host) {
		return other + "://" + rest
	}
	return link
}

// dotted is a path with segments that mean the one above, or none.
var dotted = regexp.MustCompile(`(?i)/(?:\.|%2e){1,2}(?:/|$)`)

// dottedLetter is a dot as an address may have it escaped.
var dottedLetter = regexp.MustCompile(`(?i)%2e`)

// undotted is an address as a browser asks for it: /a/../b is /b.
func undotted(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || !dotted.MatchString(u.EscapedPath()) {
		return link
	}
	path, err := url.Parse("//host" + dottedLetter.ReplaceAllString(u.EscapedPath(), "."))
	if err != nil {
		return link
	}
	path = path.ResolveReference(path)
	u.Path, u.RawPath = path.Path, path.RawPath
	return u.String()
}

// thread adds a thread; one with a link that is there already joins it.
func (b *builder) thread(t discuss.ArchiveThread) {
	if t.Created = b.past(t.Created); t.Created.Before(earliest) {
		t.Created = time.Time{} // the import's
	}
	if !b.spool.AddThread(t) {
		b.skip(t.Foreign, "a second thread with this id")
	}
}

// person notes whoever wrote the comment that is next and returns his foreign id;
// he comes with it. marks are what he can be known by, nil for nothing; never those
// of a guest, who may have typed anybody's.
func (b *builder) person(foreign, name string, marks ...[]byte) string {
	if !b.spool.HasPerson(foreign) {
		b.writer = discuss.ArchivePerson{Foreign: foreign, Name: b.name(name)}
		for _, mark := range marks {
			if len(mark) > 0 {
				b.writer.Marks = append(b.writer.Marks, mark)
			}
		}
	}
	return foreign
}

// listed adds somebody who is a row of his own.
func (b *builder) listed(foreign, name string) {
	b.spool.AddPerson(discuss.ArchivePerson{Foreign: foreign, Name: b.name(name)})
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
	if c.Created.Before(earliest) {
		b.skip(c.Foreign, fmt.Sprintf("its date is before %d", earliest.Year()))
		return
	}
	c.Created, c.Edited = b.past(c.Created), b.past(c.Edited)
	if c.Edited.Before(c.Created) {
		c.Edited = time.Time{}
	}
	x := batched{comment: c}
	if b.named.Foreign == c.Thread {
		x.page = b.named
	}
	if b.writer.Foreign == c.Person {
		x.person = b.writer
	}
	b.add(x)
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

// page notes the thread of a page that its comments alone name and returns its
// foreign id, the link; it comes with the first of them. "" is no page: a comment of
// it is not taken, for else those of many pages would be one discussion.
func (b *builder) page(link, title string, closed bool) string {
	if link = strings.TrimSpace(link); link == "" || b.named.Foreign == link || b.spool.HasThread(link) {
		return link
	}
	t := discuss.ArchiveThread{Foreign: link, Title: discuss.FoldTitle(title), State: discuss.Open}
	if closed {
		t.State = discuss.Closed
	}
	b.named = batchedPage{ArchiveThread: t}
	b.named.why = b.keyed(&b.named.ArchiveThread, link)
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
	if host == "" || address == "" {
		return address
	}
	return "https://" + host + "/" + strings.TrimLeft(address, "/")
}
