package transfer

import (
	"encoding/xml"
	"regexp"
	"strings"

	"parley/internal/discuss"
)

const bloggerExport = "a Blogger export"

// Blogger reads the Atom file of Blogger's backup: entries that are posts, and
// entries that are comments and name what they answer (RFC 4685).
func Blogger(r *Reader, o Options) (*discuss.Archive, error) {
	b := blogger{b: newBuilder("blogger", o), posts: map[string]*bloggerEntry{}}
	if err := walkXML(r, bloggerExport, []string{"feed"}, &b); err != nil {
		return nil, err
	}
	for _, e := range b.comments {
		b.take(e)
	}
	if !b.kinds {
		return nil, broken("the file is not %s: it is another feed", bloggerExport)
	}
	return b.b.archive(), nil
}

type blogger struct {
	b        *builder
	posts    map[string]*bloggerEntry // by id
	comments []*bloggerEntry          // taken last: a post may stand after them
	cur      *bloggerEntry
	kinds    bool
}

type bloggerEntry struct {
	fields
	kind, link, related string
	post                string // id that it answers
}

// bloggerParent finds the comment that another answers at the end of a link.
var bloggerParent = regexp.MustCompile(`/comments/default/(\d+)$`)

func (b *blogger) begin(path []string, t xml.StartElement) error {
	if len(path) == 2 && path[1] == "entry" {
		b.cur = &bloggerEntry{fields: fields{}}
		return nil
	}
	if len(path) != 3 || b.cur == nil {
		return nil
	}
	switch path[2] {
	case "category":
		if strings.HasSuffix(attr(t, "scheme"), "#kind") {
			_, b.cur.kind, _ = strings.Cut(attr(t, "term"), "#")
			b.kinds = true
		}
	case "link":
		switch attr(t, "rel") {
		case "alternate":
			b.cur.link = attr(t, "href")
		case "related":
			b.cur.related = attr(t, "href")
		}
	case "in-reply-to":
		b.cur.post = attr(t, "ref")
	}
	return nil
}

func (b *blogger) text(path []string, s []byte, line int) error {
	if b.cur == nil || len(path) < 3 || len(path) > 4 {
		return nil
	}
	return b.cur.add(strings.Join(path[2:], "/"), s, line)
}

func (b *blogger) end(path []string) error {
	if len(path) != 2 || b.cur == nil || path[1] != "entry" {
		return nil
	}
	switch b.cur.kind {
	case "post", "page":
		b.posts[b.cur.get("id")] = b.cur
	case "comment":
		b.comments = append(b.comments, b.cur)
	}
	b.cur = nil
	return nil
}

// lastID is the number at the end of tag:blogger.com,1999:blog-1.post-2.
func lastID(s string) string {
	if i := strings.LastIndex(s, "post-"); i >= 0 {
		return s[i+len("post-"):]
	}
	return s
}

func (b *blogger) take(e *bloggerEntry) {
	id := lastID(e.get("id"))
	out := discuss.ArchiveComment{Foreign: id, Body: e.get("content"), Created: flex(e.get("published")).time(), Status: discuss.Published}
	if !b.b.known(id, out.Created) {
		return
	}
	if e.get("control/draft") == "yes" {
		out.Status = discuss.Pending
	}
	if m := bloggerParent.FindStringSubmatch(e.related); m != nil {
		out.Parent = m[1]
	}
	p := b.posts[e.post]
	if p == nil {
		p = &bloggerEntry{fields: fields{}, link: strings.SplitN(e.link, "?", 2)[0]}
	}
	link := p.link
	if link == "" {
		link = e.post
	}
	out.Thread = b.b.page(link, p.get("title"), false)
	name := e.get("author/name")
	out.Person = b.b.person("anonymous:"+strings.ToLower(name), name)
	b.b.comment(out)
}
