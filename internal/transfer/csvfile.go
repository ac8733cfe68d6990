package transfer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"parley/internal/discuss"
)

const csvExport = "a table of comments as CSV"

// csvColumns are what a comment has, and how other systems head that column.
var csvColumns = map[string][]string{
	"id":      {"id", "comment_id", "comment id", "uuid"},
	"parent":  {"parent", "parent_id", "parent id", "parentid", "in_reply_to"},
	"url":     {"url", "page_url", "page url", "page", "link", "permalink", "thread_url", "url_id", "urlid"},
	"title":   {"title", "page_title", "page title", "thread_title"},
	"author":  {"author", "author_name", "author name", "name", "username", "user_name", "commenter", "commenter_name"},
	"date":    {"date", "created_at", "created", "created at", "timestamp", "time", "date_created"},
	"text":    {"text", "comment", "body", "content", "message", "comment_text"},
	"html":    {"html", "body_html", "comment_html", "commenthtml"},
	"status":  {"status", "state", "approved"},
	"up":      {"up", "upvotes", "votes_up", "likes", "ups"},
	"down":    {"down", "downvotes", "votes_down", "dislikes", "downs"},
	"deleted": {"deleted", "is_deleted", "isdeleted"},
	"spam":    {"spam", "is_spam", "isspam"},
}

// CSV reads a table with a head. Columns are found by the names that systems give
// them, or by o.Columns, which says for a part of a comment how its column is
// headed.
func CSV(r *Reader, o Options) error {
	b := newBuilder("csv", o)
	defer b.close()
	in := plainText(r)
	quotes := &csvQuotes{r: in, comma: byte(separator(in))} //nolint:gosec // one of three of ASCII
	t := csv.NewReader(quotes)
	t.FieldsPerRecord, t.LazyQuotes, t.ReuseRecord = -1, true, false
	t.Comma = rune(quotes.comma)
	head, err := t.Read()
	if err != nil {
		return csvError(err)
	}
	at, err := csvHead(head, o.Columns)
	if err != nil {
		return err
	}
	for n := 2; ; n++ {
		r.Mark()
		row, err := t.Read()
		if quotes.ended && quotes.within {
			return broken("the file ends within a text in quotes: it is cut off")
		}
		if errors.Is(err, io.EOF) {
			return b.done()
		}
		if err != nil {
			return csvError(err)
		}
		for i, cell := range row {
			if !utf8.ValidString(cell) {
				n, _ := t.FieldPos(i)
				return broken("line %d is not UTF-8: save the table as UTF-8 (CSV UTF-8 in a spreadsheet)", n)
			}
		}
		csvRow(b, o, func(part string) string {
			if i, ok := at[part]; ok && i < len(row) {
				return strings.TrimSpace(unguarded(row[i]))
			}
			return ""
		})
	}
}

// csvQuotes sees whether a table ends within quotes: a reader that is lenient with
// quotes within a text takes that for the text's end.
type csvQuotes struct {
	r                    *bufio.Reader
	comma                byte
	within, closed, text bool // in a quoted cell; after a quote that may end it; in a plain one
	ended                bool
}

// Read is io.Reader.
func (q *csvQuotes) Read(p []byte) (int, error) {
	n, err := q.r.Read(p)
	for _, c := range p[:n] {
		q.see(c)
	}
	if err != nil {
		q.ended = true
		q.within = q.within && !q.closed
	}
	return n, err
}

func (q *csvQuotes) see(c byte) {
	ends := c == q.comma || c == '\n'
	switch {
	case q.within && q.closed && ends:
		q.within, q.closed = false, false
	case q.within && c == '"':
		q.closed = !q.closed
	case q.within:
		q.closed = q.closed && c == '\r'
	case ends:
		q.text = false
	case q.text:
	case c == '"':
		q.within = true
	default:
		q.text = true
	}
}

// unguarded is a cell without the apostrophe of noFormula.
func unguarded(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && noFormula(rest) != rest {
		return rest
	}
	return s
}

// csvVotes is a number of votes; what is none is told of.
func csvVotes(b *builder, id, said string) int {
	if f, err := strconv.ParseFloat(said, 64); said != "" && !strings.EqualFold(said, "null") && (err != nil || !(f >= 0 && f <= maxVotes)) {
		b.skip(id, fmt.Sprintf("its votes are no number, and count as none: %.20q", said))
		return 0
	}
	return count(said)
}

// separator is what the head's columns are parted by: spreadsheets of many
// countries write semicolons.
func separator(in *bufio.Reader) rune {
	head, _ := in.Peek(4 << 10)
	head, _, _ = bytes.Cut(head, []byte("\n"))
	best := ','
	for _, c := range ";\t" {
		if bytes.Count(head, []byte(string(c))) > bytes.Count(head, []byte(string(best))) {
			best = c
		}
	}
	return best
}

// csvHead finds the columns; those without which there is no comment must be there.
func csvHead(head []string, named map[string]string) (map[string]int, error) {
	at := map[string]int{}
	for i, h := range head {
		h = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(h, "\ufeff")))
		for part, names := range csvColumns {
			if _, have := at[part]; !have && named[part] == "" && slices.Contains(names, h) {
				at[part] = i
			}
			if strings.EqualFold(strings.TrimSpace(named[part]), h) && h != "" {
				at[part] = i
			}
		}
	}
	for part, name := range named {
		if _, known := csvColumns[part]; !known {
			return nil, broken("map-column: there is no %q of a comment", part)
		}
		if _, ok := at[part]; !ok {
			return nil, broken("map-column: no column of the file is headed %q", name)
		}
	}
	_, text := at["text"]
	_, html := at["html"]
	for _, part := range []string{"id", "url", "date"} {
		if _, ok := at[part]; !ok {
			return nil, broken("the file is not %s, or its columns have other names: which is the %s? (--map-column %s=HEAD)", csvExport, part, part)
		}
	}
	if !text && !html {
		return nil, broken("the file is not %s, or its columns have other names: which is the text? (--map-column text=HEAD)", csvExport)
	}
	return at, nil
}

func csvError(err error) error {
	var mine *ErrFile
	var at *csv.ParseError
	switch {
	case errors.As(err, &mine):
		return mine
	case errors.As(err, &at):
		return broken("the file is not CSV at line %d", at.Line)
	}
	return broken("the file is not %s", csvExport)
}

func csvRow(b *builder, o Options, get func(part string) string) {
	id := get("id")
	out := discuss.ArchiveComment{
		Foreign: id, Parent: get("parent"), Body: get("text"), HTML: get("html"), Created: flex(get("date")).time(),
		Status: discuss.Published,
	}
	if out.Parent == "0" || strings.EqualFold(out.Parent, "null") {
		out.Parent = ""
	}
	if out.HTML == "" {
		out.HTML = o.Text.Body(out.Body)
	} else if out.Body == "" {
		out.Body = out.HTML
	}
	if !b.known(id, out.Created) {
		return
	}
	out.Up, out.Down = csvVotes(b, id, get("up")), csvVotes(b, id, get("down"))
	yes := func(part string) bool { return flex(strings.ToLower(get(part))).yes() }
	switch status := strings.ToLower(get("status")); {
	case yes("deleted") || status == "deleted" || status == "trash":
		out.Status = discuss.Deleted
	case yes("spam") || status == "spam":
		out.Status = discuss.Spam
	case status == "pending" || status == "unapproved" || status == "hold" || status == "0" || status == "false":
		out.Status = discuss.Pending
	case status == "rejected":
		out.Status = discuss.Rejected
	}
	out.Thread = b.page(get("url"), get("title"), false)
	name := get("author")
	out.Person = b.person("anonymous:"+strings.ToLower(name), name)
	b.comment(out)
}
