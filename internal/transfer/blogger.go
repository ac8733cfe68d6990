package transfer

import (
	"cmp"
	"encoding/xml"
	"regexp"
	"strings"

	"parley/internal/discuss"
)

const bloggerExport = "a Blogger export"

// Blogger reads the Atom file of Blogger's backup: entries that are posts, and
// entries that are comments and name what they answer (RFC 4685); and the feed of
// Google Takeout since 2018, which says the same in elements of its own.
func Blogger(r *Reader, o Options) error {
	b := blogger{b: newBuilder("blogger", o)}
	defer b.b.close()
	if err := walkXML(r, bloggerExport, []string{"feed"}, &b); err != nil {
		return err
	}
	eachLater(b.b, "comment", b.take)
	if !b.kinds {
		return broken("the file is not %s: it is another feed", bloggerExport)
	}
	return b.b.done()
}

type blogger struct {
	b     *builder
	cur   *bloggerEntry
	kinds bool
}

type bloggerEntry struct {
	Fields              fields
	Kind, Link, Related string
	Post                string // id that it answers
}

func (e *bloggerEntry) get(name string) string { return e.Fields.get(name) }

// bloggerParent finds the comment that another answers at the end of a link.
var bloggerParent = regexp.MustCompile(`/comments/default/(\d+)$`)

func (b *blogger) knows(string) bool { return true }

func (b *blogger) skip(id, why string) { b.b.skip(id, why) }

func (b *blogger) begin(path []string, t xml.StartElement) error {
	if len(path) == 2 && path[1] == "entry" {
		b.cur = &bloggerEntry{Fields: fields{}}
		return nil
	}
	if len(path) != 3 || b.cur == nil {
		return nil
	}
	switch path[2] {
	case "category":
		if strings.HasSuffix(attr(t, "scheme"), "#kind") {
			_, b.cur.Kind, _ = strings.Cut(attr(t, "term"), "#")
			b.kinds = true
		}
	case "link":
		switch attr(t, "rel") {
		case "alternate":
			b.cur.Link = attr(t, "href")
		case "related":
			b.cur.Related = attr(t, "href")
		}
	case "in-reply-to":
		b.cur.Post = attr(t, "ref")
	}
	return nil
}

func (b *blogger) text(path []string, s []byte, line int) error {
	if b.cur == nil || len(path) < 3 || len(path) > 4 {
		return nil
	}
	return b.cur.Fields.add(strings.Join(path[2:], "/"), s, line)
}

func (b *blogger) end(path []string) error {
	if len(path) != 2 || b.cur == nil || path[1] != "entry" {
		return nil
	}
	if kind := strings.ToLower(b.cur.get("type")); kind != "" { // of Takeout
		b.cur.Kind, b.cur.Post, b.kinds = kind, b.cur.get("parent"), true
		b.cur.Link = cmp.Or(b.cur.Link, b.cur.get("filename"))
	}
	switch b.cur.Kind {
	case "post", "page":
		b.b.putPage(b.cur.get("id"), pageFact{Link: b.cur.Link, Title: b.cur.get("title")})
	case "comment":
		b.b.later("comment", b.cur) // its post may stand after it
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
	switch status := e.get("status"); {
	case e.get("trashed") != "" || strings.Contains(status, "TRASH") || status == "EMPTIED" || status == "GHOSTED":
		out.Status = discuss.Deleted
	case strings.Contains(status, "SPAM"):
		out.Status = discuss.Spam
	case e.get("control/draft") == "yes" || status != "" && status != "LIVE":
		out.Status = discuss.Pending
	}
	if above := e.get("inReplyTo"); above != "" {
		out.Parent = lastID(above)
	}
	if m := bloggerParent.FindStringSubmatch(e.Related); m != nil {
		out.Parent = m[1]
	}
	p, known := b.b.pageOf(e.Post)
	if !known {
		p.Link, _, _ = strings.Cut(e.Link, "?")
	}
	if p.Link == "" {
		p.Link = e.Post
	}
	out.Thread = b.b.page(p.Link, p.Title, false)
	name := e.get("author/name")
	out.Person = b.b.person("anonymous:"+strings.ToLower(name), name)
	b.b.comment(out)
}
