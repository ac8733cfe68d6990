package transfer

import (
	"encoding/xml"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

const wordPressExport = "a WordPress export"

// WordPress reads WXR, the export of WordPress, 1.0 to 1.2: items, each with its
// comments. Pings and notes are no comments; they are counted as skipped. Where
// another system has written the file, dsq:thread_identifier is an alias.
// https://wordpress.org/documentation/article/tools-export-screen/
func WordPress(r *Reader, o Options) error {
	w := wordPress{b: newBuilder("wordpress", o)}
	defer w.b.close()
	if err := walkXML(r, wordPressExport, []string{"rss"}, &w); err != nil {
		return err
	}
	if !w.channel {
		return broken("the file is not %s: it is a feed without a channel", wordPressExport)
	}
	return w.b.done()
}

type wordPress struct {
	b        *builder
	channel  bool
	item     fields
	author   fields // one of those whose posts are in the file
	comment  fields
	comments []fields
	taken    bool // the item's thread is in the spool
}

// knows takes WordPress's own elements, of whatever version and by whatever prefix,
// plain ones, and those of Disqus in files that other systems write.
func (w *wordPress) knows(ns string) bool {
	return ns == "" || ns == "wp" || ns == "dsq" || ns == wxrOwn || strings.Contains(ns, "://wordpress.org/export/") || strings.Contains(ns, "disqus.com")
}

func (w *wordPress) skip(id, why string) { w.b.skip(id, why) }

func (w *wordPress) begin(path []string, _ xml.StartElement) error {
	switch {
	case len(path) == 2 && path[1] == "channel":
		w.channel = true
	case len(path) == 3 && path[2] == "author":
		w.author = fields{}
	case len(path) == 3 && path[2] == "item":
		w.item, w.comments, w.taken = fields{}, nil, false
	case len(path) == 4 && path[3] == "comment" && w.item != nil:
		w.comment = fields{}
	case len(path) == 4 && w.item != nil: // one that comes twice is what it was last
		delete(w.item, path[3])
	case len(path) == 5 && w.comment != nil:
		delete(w.comment, path[4])
	}
	return nil
}

func (w *wordPress) text(path []string, s []byte, line int) error {
	switch {
	case len(path) == 4 && w.item != nil:
		return w.item.add(path[3], s, line)
	case len(path) == 4 && w.author != nil:
		return w.author.add(path[3], s, line)
	case len(path) == 5 && w.comment != nil && path[4] != "comment_author_IP":
		return w.comment.add(path[4], s, line)
	}
	return nil
}

func (w *wordPress) end(path []string) error {
	switch {
	case len(path) == 4 && w.comment != nil && path[3] == "comment":
		w.comments = append(w.comments, w.comment)
		w.comment = nil
		if len(w.comments) >= wordPressHeld && w.item.get("post_id") != "" && w.item.get("link") != "" {
			w.take() // its page is known: a page may have more than memory holds
			w.comments = nil
		}
	case len(path) == 3 && path[2] == "author" && w.author != nil:
		w.b.putMark(w.author.get("author_id"), discuss.AddressProof(w.author.get("author_email")))
		w.author = nil
	case len(path) == 3 && path[2] == "item" && w.item != nil:
		w.take()
		w.item = nil
	}
	return nil
}

// wordPressHeld is how many comments wait for the end of their item at most, where
// the item has said by then which page it is.
const wordPressHeld = 500

// take adds an item that has comments; pages that nobody commented on are none of ours.
func (w *wordPress) take() {
	if !slices.ContainsFunc(w.comments, func(c fields) bool { return slices.Contains(wordPressKinds, c.get("comment_type")) }) {
		for _, c := range w.comments {
			w.one("", c) // pings alone: they are counted
		}
		return
	}
	e := w.item
	id := e.get("post_id")
	if id == "" {
		id = e.get("link")
	}
	t := discuss.ArchiveThread{Foreign: id, Title: discuss.FoldTitle(e.get("title")), State: discuss.Open, Created: wordPressTime(e, "post_date")}
	if e.get("comment_status") == "closed" {
		t.State = discuss.Closed
	}
	for _, alias := range []string{id, e.get("thread_identifier")} {
		if alias != "" {
			t.Aliases = append(t.Aliases, alias)
		}
	}
	if !w.taken {
		w.taken = true
		w.b.link(&t, e.get("link"))
		w.b.thread(t)
	}
	for _, c := range w.comments {
		w.one(id, c)
	}
}

// wordPressKinds are the types of comments that people wrote for the page's readers.
var wordPressKinds = []string{"", "comment", "review", "webmention"}

func (w *wordPress) one(thread string, e fields) {
	id := e.get("comment_id")
	c := discuss.ArchiveComment{Foreign: id, Thread: thread, Parent: e.get("comment_parent"), Body: e.get("comment_content"), Created: wordPressTime(e, "comment_date")}
	if c.Parent == "0" {
		c.Parent = ""
	}
	kind := e.get("comment_type")
	switch {
	case id != "" && !slices.Contains(wordPressKinds, kind):
		w.b.skip(id, "it is no comment but a "+kindName(kind))
		return
	case !w.b.known(id, c.Created):
		return
	}
	switch e.get("comment_approved") {
	case "1", "approved":
		c.Status = discuss.Published
	case "0", "hold", "":
		c.Status = discuss.Pending
	case "spam":
		c.Status = discuss.Spam
	default: // trash, post-trashed
		c.Status = discuss.Deleted
	}
	if e.get("status") == string(discuss.Rejected) { // our own word
		c.Status = discuss.Rejected
	}
	c.HTML = paragraphs(c.Body)
	name, foreign := e.get("comment_author"), e.get("comment_user_id")
	var mark []byte
	if foreign == "" || foreign == "0" {
		foreign = "guest:" + strings.ToLower(name)
	} else {
		// The list of authors holds those alone who have posts; WordPress itself fills the
		// address of a comment from the account that wrote it.
		if mark = w.b.markOf(foreign); len(mark) == 0 {
			mark = w.b.mark(discuss.AddressProof(e.get("comment_author_email")))
		}
		foreign = "user:" + foreign
	}
	c.Person = w.b.person(foreign, name, mark)
	w.b.comment(c)
}

// kindName is a type of comment as it may be printed.
func kindName(kind string) string {
	if len(kind) > 40 || strings.ContainsFunc(kind, func(r rune) bool { return r < '!' || r > '~' }) {
		return "kind of its own"
	}
	return kind
}

// wordPressTime is a date of WXR: the one in UTC, or the local one where that is
// not set, as drafts have it. Zero where neither can be read.
func wordPressTime(e fields, name string) time.Time {
	for _, v := range []string{e.get(name + "_gmt"), e.get(name)} {
		if t, err := time.Parse(time.DateTime, v); err == nil && t.Year() > 0 {
			return t
		}
	}
	return time.Time{}
}

// paragraphs gives a text the breaks that WordPress adds when it shows it.
func paragraphs(s string) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	s = preformatted.ReplaceAllStringFunc(s, func(pre string) string { return strings.ReplaceAll(pre, "\n", keptBreak) })
	var out strings.Builder
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.Trim(p, "\n"); strings.TrimSpace(p) != "" {
			out.WriteString("<p>" + strings.ReplaceAll(p, "\n", "<br>") + "</p>")
		}
	}
	return strings.ReplaceAll(out.String(), keptBreak, "\n")
}

// preformatted is a text whose breaks are its own; they wait as keptBreak, which no
// text may hold.
var preformatted = regexp.MustCompile(`(?is)<pre\b[^>]*>.*?</pre\s*>`)

const keptBreak = "\x00"

// maxVotes is more than any comment has.
const maxVotes = 1 << 30

// count is a number that may stand as text, rounded (3.7, 1e3); what is none is 0,
// and none is below 0.
func count(s string) int {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || !(f > 0) {
		return 0
	}
	return int(math.Round(min(f, maxVotes)))
}
