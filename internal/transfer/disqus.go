package transfer

import (
	"encoding/xml"
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
	Parts    *Parts            // the file is one of several; nil: it is all
	MapPaths []PathMap         // of links; the first that fits
	Columns  map[string]string // of a CSV: a part of a comment, and how its column is headed
}

// Parts are the files of one export that come one after another: a comment may
// stand in another file than the one that it answers.
type Parts struct {
	Last bool // the file that is read now is the last one
	b    *builder
}

const maxImportedName = 40 // code points

// Disqus reads a Disqus XML export. The format is that of Disqus's own exporter:
// thread elements, then post elements that name their thread and their parent.
func Disqus(r *Reader, o Options) (*discuss.Archive, error) {
	d := disqus{o: o, b: newBuilder("disqus", o)}
	if err := d.read(r); err != nil {
		return nil, err
	}
	return d.b.archive(), nil
}

type disqus struct {
	o       Options
	b       *builder
	deleted map[string]bool // threads that the publisher had removed
	posts   []*element      // taken last: a thread may stand after its posts
	cur     *element        // that is being read
}

// element is one thread or post while it is read: its simple children by path.
type element struct {
	fields
	id     string
	thread string
	parent string
}

func (d *disqus) read(r *Reader) error {
	d.deleted = map[string]bool{}
	if err := walkXML(r, "a Disqus export", []string{"disqus"}, d); err != nil {
		return err
	}
	for _, p := range d.posts {
		d.post(p)
	}
	return nil
}

func (d *disqus) begin(path []string, t xml.StartElement) error {
	switch {
	case len(path) == 2 && (t.Name.Local == "thread" || t.Name.Local == "post"):
		d.cur = &element{id: attr(t, "id"), fields: fields{}}
	case len(path) == 3 && d.cur != nil && t.Name.Local == "thread":
		d.cur.thread = attr(t, "id")
	case len(path) == 3 && d.cur != nil && t.Name.Local == "parent":
		d.cur.parent = attr(t, "id")
	}
	return nil
}

func (d *disqus) text(path []string, s []byte, line int) error {
	if d.cur == nil || len(path) <= 2 || len(path) > 4 {
		return nil
	}
	return d.cur.add(strings.Join(path[2:], "/"), s, line)
}

func (d *disqus) end(path []string) error {
	if len(path) != 2 || d.cur == nil {
		return nil
	}
	if path[1] == "thread" {
		d.thread(d.cur)
	} else {
		d.posts = append(d.posts, d.cur)
	}
	d.cur = nil
	return nil
}

func (e *element) is(name string) bool { return strings.EqualFold(e.get(name), "true") }

func (d *disqus) thread(e *element) {
	if e.id == "" {
		d.b.skip("?", "a thread without an id")
		return
	}
	t := discuss.ArchiveThread{Foreign: e.id, Title: discuss.FoldTitle(e.get("title")), State: discuss.Open, Aliases: []string{e.id}}
	t.Created, _ = time.Parse(time.RFC3339, e.get("createdAt"))
	if inner := e.get("id"); inner != "" {
		t.Aliases = append(t.Aliases, inner)
	}
	switch {
	case e.is("isDeleted"):
		t.State, d.deleted[e.id] = discuss.ReadOnly, true
	case e.is("isClosed"):
		t.State = discuss.Closed
	}
	d.b.link(&t, e.get("link"))
	d.b.thread(t)
}

func (d *disqus) post(e *element) {
	c := discuss.ArchiveComment{Foreign: e.id, Thread: e.thread, Parent: e.parent, Body: e.get("message"), Status: discuss.Published}
	var err error
	c.Created, err = time.Parse(time.RFC3339, e.get("createdAt"))
	switch {
	case e.id == "":
		d.b.skip("?", "a comment without an id")
		return
	case err != nil:
		d.b.skip(e.id, "its date cannot be read")
		return
	case e.is("isSpam"):
		c.Status = discuss.Spam
	case e.is("isDeleted"), d.deleted[e.thread]:
		c.Status = discuss.Deleted // a page's discussion that was removed does not come back by moving
	}
	name, foreign := e.get("author/name"), e.get("author/username")
	if foreign == "" || e.is("author/isAnonymous") {
		foreign = "anonymous:" + strings.ToLower(name)
	} else {
		foreign = "user:" + foreign
	}
	c.Person = d.b.person(foreign, name)
	d.b.comment(c)
}
