package transfer

import (
	"encoding/xml"
	"html"
	"slices"
	"strings"
	"time"

	"parley/internal/discuss"
)

// Text is how an import makes strangers' texts ours.
type Text struct {
	HTML func(string) string          // a stranger's HTML, made safe; "" if nothing is left
	Body func(string) string          // our own Markdown as HTML; "" if nothing is left
	Name func(string) (string, error) // a display name, cleaned
}

// Options of one import.
type Options struct {
	Text     Text
	MapHosts map[string]string // hosts of links, and the host or origin that they now have
	Origins  []string          // of the site: a link of http:// to a host that has https alone gets that
	Now      time.Time         // no comment is from later; zero: any time is taken
	Spool    Spool             // takes what the file holds
	MapPaths []PathMap         // of links; the first that fits
	Columns  map[string]string // of a CSV: a part of a comment, and how its column is headed

	// Mark hashes, with a key, what somebody can prove to be theirs; nil: nothing is kept of that.
	Mark func(discuss.Proof) []byte
}

const maxImportedName = 40 // code points

// Disqus reads a Disqus XML export. The format is that of Disqus's own exporter:
// thread elements, then post elements that name their thread and their parent.
func Disqus(r *Reader, o Options) error {
	d := disqus{o: o, b: newBuilder("disqus", o)}
	defer d.b.close()
	if err := d.read(r); err != nil {
		return err
	}
	return d.b.done()
}

type disqus struct {
	o       Options
	b       *builder
	deleted map[string]bool // threads that the publisher had removed
	cur     *element        // that is being read
}

// element is one thread or post while it is read: its simple children by path.
type element struct {
	Fields fields
	ID     string
	Thread string
	Parent string
	Mark   []byte // of the account's address
}

// disqusWanted are the fields that are read; of the others, networks among them, nothing is.
var disqusWanted = []string{
	"title", "createdAt", "id", "isDeleted", "isClosed", "link", "message", "isSpam",
	"author/name", "author/username", "author/isAnonymous", disqusEmail,
}

const disqusEmail = "author/email"

func (e *element) get(name string) string { return e.Fields.get(name) }

func (d *disqus) read(r *Reader) error {
	d.deleted = map[string]bool{}
	if err := walkXML(r, "a Disqus export", []string{"disqus"}, d); err != nil {
		return err
	}
	eachLater(d.b, "post", func(e *element) { d.post(e) }) // a thread may stand after its posts
	return nil
}

func (d *disqus) knows(string) bool { return true }

func (d *disqus) skip(id, why string) { d.b.skip(id, why) }

func (d *disqus) begin(path []string, t xml.StartElement) error {
	switch {
	case len(path) == 2 && (t.Name.Local == "thread" || t.Name.Local == "post"):
		d.cur = &element{ID: attr(t, "id"), Fields: fields{}}
	case len(path) == 3 && d.cur != nil && t.Name.Local == "thread":
		d.cur.Thread = attr(t, "id")
	case len(path) == 3 && d.cur != nil && t.Name.Local == "parent":
		d.cur.Parent = attr(t, "id")
	}
	return nil
}

func (d *disqus) text(path []string, s []byte, line int) error {
	if d.cur == nil || len(path) <= 2 || len(path) > 4 {
		return nil
	}
	name := strings.Join(path[2:], "/")
	if !slices.Contains(disqusWanted, name) {
		return nil
	}
	return d.cur.Fields.add(name, s, line)
}

func (d *disqus) end(path []string) error {
	if len(path) != 2 || d.cur == nil {
		return nil
	}
	if !d.cur.is("author/isAnonymous") {
		d.cur.Mark = d.b.mark(discuss.AddressProof(d.cur.get(disqusEmail)))
	}
	delete(d.cur.Fields, disqusEmail)
	if path[1] == "thread" {
		d.thread(d.cur)
	} else if d.b.spool.HasThread(d.cur.Thread) {
		d.post(d.cur)
	} else {
		d.b.later("post", d.cur)
	}
	d.cur = nil
	return nil
}

// unescapedTwice is an identifier or a title as the page gave it: exports hold them escaped as
// HTML, and then once more.
func unescapedTwice(s string) string { return html.UnescapeString(html.UnescapeString(s)) }

func (e *element) is(name string) bool { return strings.EqualFold(e.get(name), "true") }

func (d *disqus) thread(e *element) {
	if e.ID == "" {
		d.b.skip("?", "a thread without an id")
		return
	}
	t := discuss.ArchiveThread{Foreign: e.ID, Title: discuss.FoldTitle(unescapedTwice(e.get("title"))), State: discuss.Open, Aliases: []string{e.ID}}
	t.Created, _ = time.Parse(time.RFC3339, e.get("createdAt"))
	if inner := unescapedTwice(e.get("id")); inner != "" && len(inner) <= discuss.MaxKeyBytes {
		t.Aliases = append(t.Aliases, inner)
	}
	switch {
	case e.is("isDeleted"):
		t.State, d.deleted[e.ID] = discuss.ReadOnly, true
	case e.is("isClosed"):
		t.State = discuss.Closed
	}
	d.b.link(&t, e.get("link"))
	d.b.thread(t)
}

func (d *disqus) post(e *element) {
	c := discuss.ArchiveComment{Foreign: e.ID, Thread: e.Thread, Parent: e.Parent, Body: e.get("message"), Status: discuss.Published}
	var err error
	c.Created, err = time.Parse(time.RFC3339, e.get("createdAt"))
	switch {
	case e.ID == "":
		d.b.skip("?", "a comment without an id")
		return
	case err != nil:
		d.b.skip(e.ID, "its date cannot be read")
		return
	case e.is("isSpam"):
		c.Status = discuss.Spam
	case e.is("isDeleted"), d.deleted[e.Thread]:
		c.Status = discuss.Deleted // a page's discussion that was removed does not come back by moving
	}
	name, foreign := e.get("author/name"), e.get("author/username")
	if foreign == "" || e.is("author/isAnonymous") {
		foreign, e.Mark = "anonymous:"+strings.ToLower(name), nil
	} else {
		foreign = "user:" + foreign
	}
	c.Person = d.b.person(foreign, name, e.Mark)
	d.b.comment(c)
}
