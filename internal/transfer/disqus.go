package transfer

import (
	"encoding/xml"
	"errors"
	"io"
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
}

// element is one thread or post while it is read: its simple children by path.
type element struct {
	id     string
	text   map[string]*strings.Builder
	thread string
	parent string
}

func (d *disqus) read(r *Reader) error {
	d.deleted = map[string]bool{}
	// Exports made by hand leave attributes unquoted, which the parser forgives;
	// that every element ends where it should is then for us to see.
	x := xml.NewDecoder(r)
	x.Strict = false
	var path []string
	var cur *element
	root := false
	for {
		tok, err := x.RawToken()
		at, _ := x.InputPos()
		if errors.Is(err, io.EOF) {
			switch {
			case !root:
				return broken("the file is not a Disqus export")
			case len(path) > 0:
				return broken("the file is not well-formed XML: it ends at line %d inside %q", at, path[len(path)-1])
			}
			for _, p := range d.posts {
				d.post(p)
			}
			return nil
		}
		if err != nil {
			var mine *ErrFile
			if errors.As(err, &mine) {
				return mine
			}
			return broken("the file is not well-formed XML at line %d", at) // the parser's own words may quote the file's bytes
		}
		r.Mark()
		switch t := tok.(type) {
		case xml.Directive:
			return broken("the file holds a DOCTYPE, which no export has")
		case xml.StartElement:
			path = append(path, t.Name.Local)
			switch {
			case len(path) > maxDepth:
				return broken("the file nests deeper than %d elements", maxDepth)
			case len(path) == 1 && t.Name.Local != "disqus":
				return broken("the file is not a Disqus export")
			case len(path) == 1:
				root = true
			case len(path) == 2 && (t.Name.Local == "thread" || t.Name.Local == "post"):
				cur = &element{id: idOf(t), text: map[string]*strings.Builder{}}
			case len(path) == 3 && cur != nil && t.Name.Local == "thread":
				cur.thread = idOf(t)
			case len(path) == 3 && cur != nil && t.Name.Local == "parent":
				cur.parent = idOf(t)
			}
		case xml.CharData:
			if cur != nil && len(path) > 2 && len(path) <= 4 {
				name := strings.Join(path[2:], "/")
				if cur.text[name] == nil {
					cur.text[name] = &strings.Builder{}
				}
				if cur.text[name].Len()+len(t) > maxToken { // in pieces it is no smaller
					return broken("the text at line %d is longer than any comment", at)
				}
				cur.text[name].Write(t)
			}
		case xml.EndElement:
			if len(path) == 0 || path[len(path)-1] != t.Name.Local {
				return broken("the file is not well-formed XML at line %d: %q ends where it did not begin", at, t.Name.Local)
			}
			if len(path) == 2 && cur != nil {
				if path[1] == "thread" {
					d.thread(cur)
				} else {
					d.posts = append(d.posts, cur)
				}
				cur = nil
			}
			path = path[:len(path)-1]
		}
	}
}

func idOf(t xml.StartElement) string {
	for _, a := range t.Attr {
		if a.Name.Local == "id" {
			return strings.TrimSpace(a.Value)
		}
	}
	return ""
}

func (e *element) get(name string) string {
	if b := e.text[name]; b != nil {
		return strings.TrimSpace(b.String())
	}
	return ""
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
