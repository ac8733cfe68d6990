package transfer

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"time"

	"parley/internal/discuss"
)

// WXRWriter writes one site as generic WXR: WordPress's export with Disqus's
// elements beside it, which WordPress, Disqus, Hyvor and FastComments read. A
// thread is an item, and its comments stand in it.
// https://help.disqus.com/en/articles/1717222-custom-xml-import-format
type WXRWriter struct {
	b      *bufio.Writer
	people map[string]string
	open   bool
}

// wxrOwn names our own elements: WordPress knows no comment that was rejected and not
// thrown away.
const wxrOwn = "urn:parley"

// NewWXRWriter begins a document.
func NewWXRWriter(w io.Writer, site string, at time.Time) *WXRWriter {
	out := &WXRWriter{b: bufio.NewWriterSize(w, 64<<10), people: map[string]string{}}
	fmt.Fprintf(out.b, `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dsq="http://www.disqus.com/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.0/" xmlns:parley="`+wxrOwn+`">
<channel><title>%s</title><pubDate>%s</pubDate><wp:wxr_version>1.0</wp:wxr_version>
`, escaped(site), at.UTC().Format(time.RFC1123Z))
	return out
}

// Person keeps a name for what its bearer wrote.
func (w *WXRWriter) Person(p discuss.ArchivePerson) error {
	w.people[p.Foreign] = p.Name
	return nil
}

// Thread begins an item; the one before it ends.
func (w *WXRWriter) Thread(t discuss.ArchiveThread) error {
	w.end()
	w.open = true
	state := "open"
	if t.State != discuss.Open {
		state = "closed"
	}
	link := t.URL
	if link == "" {
		link = t.Key
	}
	_, err := fmt.Fprintf(w.b, "<item><title>%s</title><link>%s</link><content:encoded></content:encoded><dsq:thread_identifier>%s</dsq:thread_identifier><wp:post_id>%s</wp:post_id><wp:post_date_gmt>%s</wp:post_date_gmt><wp:comment_status>%s</wp:comment_status>\n",
		escaped(t.Title), escaped(link), escaped(t.Key), escaped(t.Foreign), t.Created.UTC().Format(time.DateTime), state)
	return err
}

// Comment writes a comment into the item that is open.
func (w *WXRWriter) Comment(c discuss.ArchiveComment) error {
	approved := "0"
	switch c.Status {
	case discuss.Published:
		approved = "1"
	case discuss.Spam:
		approved = "spam"
	case discuss.Deleted, discuss.Rejected:
		approved = "trash"
	}
	own := ""
	if c.Status == discuss.Rejected {
		own = "<parley:status>rejected</parley:status>"
	}
	parent := c.Parent
	if parent == "" {
		parent = "0"
	}
	_, err := fmt.Fprintf(w.b, "<wp:comment><wp:comment_id>%s</wp:comment_id><wp:comment_author>%s</wp:comment_author><wp:comment_author_email></wp:comment_author_email><wp:comment_author_url></wp:comment_author_url><wp:comment_author_IP></wp:comment_author_IP><wp:comment_date_gmt>%s</wp:comment_date_gmt><wp:comment_content>%s</wp:comment_content><wp:comment_approved>%s</wp:comment_approved><wp:comment_type>comment</wp:comment_type><wp:comment_parent>%s</wp:comment_parent>%s</wp:comment>\n",
		escaped(c.Foreign), escaped(w.people[c.Person]), c.Created.UTC().Format(time.DateTime), escaped(c.HTML), approved, escaped(parent), own)
	return err
}

func (w *WXRWriter) end() {
	if w.open {
		_, _ = w.b.WriteString("</item>\n")
	}
	w.open = false
}

// Close ends the document.
func (w *WXRWriter) Close() error {
	w.end()
	_, _ = w.b.WriteString("</channel></rss>\n")
	return w.b.Flush()
}

// escaped is text as an element holds it; what XML cannot hold is replaced.
func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
