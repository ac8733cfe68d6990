package transfer

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"parley/internal/cleantext"
	"parley/internal/discuss"
)

// Parley JSONL: one object a line. The first says the version, the last that
// nothing is missing. Addresses, passwords and sessions are not in it.
const jsonlVersion = 1

type line struct {
	Type string `json:"type"` // header, thread, person, comment, end

	Version  int       `json:"parley,omitempty"`
	Site     string    `json:"site,omitempty"`
	Exported time.Time `json:"exported_at,omitzero"`

	ID       string              `json:"id,omitempty"`
	Key      string              `json:"key,omitempty"`
	URL      string              `json:"url,omitempty"`
	Title    string              `json:"title,omitempty"`
	State    discuss.ThreadState `json:"state,omitempty"`
	Aliases  []string            `json:"aliases,omitempty"`
	Name     string              `json:"name,omitempty"`
	Thread   string              `json:"thread,omitempty"`
	Parent   string              `json:"parent,omitempty"`
	Person   string              `json:"person,omitempty"`
	Body     string              `json:"body,omitempty"`
	HTML     string              `json:"html,omitempty"`
	Status   discuss.Status      `json:"status,omitempty"`
	Created  time.Time           `json:"created_at,omitzero"`
	Edited   time.Time           `json:"edited_at,omitzero"`
	Up       int                 `json:"up,omitempty"`
	Down     int                 `json:"down,omitempty"`
	Featured bool                `json:"featured,omitempty"`
	Pinned   bool                `json:"pinned,omitempty"`

	Reactions map[string]int `json:"reactions,omitempty"`

	Threads  int `json:"threads,omitempty"`
	People   int `json:"people,omitempty"`
	Comments int `json:"comments,omitempty"`
}

// Writer writes one site as Parley JSONL.
type Writer struct {
	b   *bufio.Writer
	e   *json.Encoder
	end line
}

// NewWriter begins a file.
func NewWriter(w io.Writer, site string, at time.Time) (*Writer, error) {
	b := bufio.NewWriterSize(w, 64<<10)
	out := &Writer{b: b, e: json.NewEncoder(b), end: line{Type: "end"}}
	out.e.SetEscapeHTML(false)
	return out, out.e.Encode(line{Type: "header", Version: jsonlVersion, Site: site, Exported: at.UTC()})
}

// Thread writes a thread; all threads come before the first comment.
func (w *Writer) Thread(t discuss.ArchiveThread) error {
	w.end.Threads++
	return w.e.Encode(line{Type: "thread", ID: t.Foreign, Key: t.Key, URL: t.URL, Title: t.Title, State: t.State, Aliases: t.Aliases, Created: t.Created, Reactions: t.Reactions.Counts()})
}

// Person writes somebody who wrote.
func (w *Writer) Person(p discuss.ArchivePerson) error {
	w.end.People++
	return w.e.Encode(line{Type: "person", ID: p.Foreign, Name: p.Name})
}

// Comment writes a comment.
func (w *Writer) Comment(c discuss.ArchiveComment) error {
	w.end.Comments++
	return w.e.Encode(line{
		Type: "comment", ID: c.Foreign, Thread: c.Thread, Parent: c.Parent, Person: c.Person, Body: c.Body, HTML: c.HTML,
		Status: c.Status, Created: c.Created, Edited: c.Edited, Up: c.Up, Down: c.Down, Featured: c.Featured, Pinned: c.Pinned, Reactions: c.Reactions.Counts(),
	})
}

// Close writes the last line; without it the file reads as truncated.
func (w *Writer) Close() error { return errors.Join(w.e.Encode(w.end), w.b.Flush()) }

// Parley reads Parley JSONL.
func Parley(r *Reader, o Options) error {
	b := newBuilder("parley", o)
	defer b.close()
	in := bufio.NewReaderSize(r, 64<<10)
	var got line
	for n := 1; ; n++ {
		raw, err := in.ReadBytes('\n')
		r.Mark()
		var mine *ErrFile
		switch {
		case errors.As(err, &mine):
			return mine
		case err != nil && !errors.Is(err, io.EOF):
			return broken("line %d cannot be read: %s", n, printable(err))
		case len(bytes.TrimSpace(raw)) == 0:
			return broken("the file ends after line %d without its last line: it is truncated", n-1)
		}
		var l line
		if err := json.Unmarshal(raw, &l); err != nil {
			return broken("line %d is not JSON", n)
		}
		if n == 1 && (l.Type != "header" || l.Version != jsonlVersion) {
			return broken("the file is not a Parley export of version %d", jsonlVersion)
		}
		switch l.Type {
		case "thread":
			got.Threads++
			b.parleyThread(l)
		case "person":
			got.People++
			b.listed(l.ID, l.Name)
		case "comment":
			got.Comments++
			if why := b.parleyComment(l); why != "" {
				b.skip(l.ID, why)
			}
		case "end":
			if l.Threads != got.Threads || l.People != got.People || l.Comments != got.Comments {
				return broken("the file says it holds %d comments and holds %d: it is damaged", l.Comments, got.Comments)
			}
			if rest, err := goesOn(in); err != nil {
				return err
			} else if rest {
				return broken("the file goes on after line %d, its last: it is damaged", n)
			}
			return b.done()
		}
	}
}

// goesOn says whether anything but space follows.
func goesOn(in *bufio.Reader) (more bool, err error) {
	for {
		c, err := in.ReadByte()
		var mine *ErrFile
		switch {
		case errors.Is(err, io.EOF):
			return false, nil
		case errors.As(err, &mine):
			return false, mine
		case err != nil:
			return false, broken("the file cannot be read to its end: %s", printable(err))
		case !strings.ContainsRune(" \t\r\n", rune(c)):
			return true, nil
		}
	}
}

func (b *builder) parleyThread(l line) {
	if l.ID == "" || l.Key == "" || len(l.Key) > discuss.MaxKeyBytes {
		b.skip(cmp.Or(l.ID, "?"), "a thread without an id or a key")
		return
	}
	if strings.ContainsFunc(l.Key, cleantext.Forbidden) {
		b.skip(l.ID, "a thread with control characters in its key")
		return
	}
	l.Aliases = slices.DeleteFunc(slices.Clone(l.Aliases), func(a string) bool { return strings.ContainsFunc(a, cleantext.Forbidden) })
	if l.State != discuss.Closed && l.State != discuss.ReadOnly {
		l.State = discuss.Open
	}
	t := discuss.ArchiveThread{Foreign: l.ID, Key: l.Key, URL: l.URL, Title: discuss.FoldTitle(l.Title), State: l.State, Aliases: l.Aliases, Created: l.Created, Reactions: discuss.ReactionsOf(l.Reactions)}
	if key, ok := discuss.ThreadKeyFromURL(l.URL); !ok {
		t.URL = ""
	} else if len(b.o.MapHosts) > 0 {
		moved := t
		b.link(&moved, l.URL)
		t.URL = moved.URL
		if l.Key == key {
			t.Key = moved.Key
		}
	}
	b.thread(t)
}

func (b *builder) parleyComment(l line) string {
	switch {
	case l.ID == "":
		return "a comment without an id"
	case !b.spool.HasPerson(l.Person):
		return "its author is not in the file"
	case l.Created.IsZero():
		return "it has no date"
	case l.Up < 0 || l.Down < 0:
		return "its votes are negative"
	}
	switch l.Status {
	case discuss.Published, discuss.Pending, discuss.Rejected, discuss.Spam, discuss.Deleted:
	default:
		return fmt.Sprintf("its status is unknown: %.20q", l.Status)
	}
	if l.HTML == "" && l.Body != "" { // written by hand
		l.HTML = b.o.Text.Body(l.Body)
	}
	b.comment(discuss.ArchiveComment{
		Foreign: l.ID, Thread: l.Thread, Parent: l.Parent, Person: l.Person, Body: l.Body, HTML: l.HTML, Status: l.Status,
		Created: l.Created, Edited: l.Edited, Up: l.Up, Down: l.Down, Featured: l.Featured, Pinned: l.Pinned && l.Parent == "", Reactions: discuss.ReactionsOf(l.Reactions),
	})
	return ""
}
