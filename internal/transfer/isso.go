package transfer

import (
	"encoding/json"
	"fmt"
	"strings"

	"parley/internal/discuss"
)

const (
	issoExport  = "an Isso database"
	issoGeneric = "Isso's generic JSON"
)

// Database is a stranger's database that may be read and nothing else: no
// trigger, view or function of its own runs.
type Database interface {
	// Rows gives the rows of a table, columns in the order asked for; a column that is not there is nil.
	Rows(table string, columns []string, take func(row []any) error) error
}

// Isso's modes of a comment.
const (
	issoAccepted = "1"
	issoPending  = "2"
	issoDeleted  = "4"
)

// Isso reads the database of Isso. Addresses of networks and people are never asked for.
func Isso(db Database, o Options) error {
	b := newBuilder("isso", o)
	defer b.close()
	if err := db.Rows("threads", []string{"id", "uri", "title"}, func(row []any) error {
		b.putPage(text(row[0]), pageFact{Link: text(row[1]), Title: text(row[2])})
		return nil
	}); err != nil {
		return err
	}
	if err := db.Rows("comments", []string{"id", "tid", "parent", "created", "modified", "mode", "text", "author", "likes", "dislikes"}, func(row []any) error {
		id := text(row[0])
		p, _ := b.pageOf(text(row[1]))
		out := discuss.ArchiveComment{
			Foreign: id, Parent: text(row[2]), Created: flex(text(row[3])).time(), Edited: flex(text(row[4])).time(), Body: text(row[6]),
			Up: count(text(row[8])), Down: count(text(row[9])), Status: discuss.Published,
		}
		if !b.known(id, out.Created) {
			return nil
		}
		switch mode := text(row[5]); mode {
		case issoAccepted:
		case issoPending:
			out.Status = discuss.Pending
		case issoDeleted:
			out.Status = discuss.Deleted
		default:
			b.skip(id, "its mode is none that Isso has: "+kindName(mode))
			return nil
		}
		out.HTML = o.Text.Body(out.Body)
		out.Thread = b.page(p.Link, p.Title, false)
		name := text(row[7])
		out.Person = b.person("anonymous:"+strings.ToLower(name), name)
		b.comment(out)
		return nil
	}); err != nil {
		return err
	}
	return b.done()
}

// text is a value of a row as text.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []byte:
		return string(v)
	case float64:
		return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.6f", v), "0"), ".")
	}
	return fmt.Sprint(v)
}

// IssoGeneric reads the JSON that Isso takes from other systems: pages with their comments.
func IssoGeneric(r *Reader, o Options) error {
	b := newBuilder("isso", o)
	defer b.close()
	found := false
	err := walkJSON(r, issoGeneric, func(path string, v json.RawMessage) error {
		if path != "" {
			return nil
		}
		var p struct {
			ID, Title flex
			Comments  []struct{ ID, Author, Created, Text, Parent flex }
		}
		if json.Unmarshal(v, &p) != nil {
			b.skip("?", "it is not a page of this format")
			return nil
		}
		found = found || p.ID != "" && p.Comments != nil
		for _, c := range p.Comments {
			id := string(p.ID) + "#" + string(c.ID) // they are counted anew on each page
			out := discuss.ArchiveComment{Foreign: id, Body: string(c.Text), HTML: o.Text.Body(string(c.Text)), Created: c.Created.time(), Status: discuss.Published}
			if c.Parent != "" && c.Parent != "0" {
				out.Parent = string(p.ID) + "#" + string(c.Parent)
			}
			if !b.known(id, out.Created) {
				continue
			}
			out.Thread = b.page(string(p.ID), string(p.Title), false)
			out.Person = b.person("anonymous:"+strings.ToLower(string(c.Author)), string(c.Author))
			b.comment(out)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !found {
		return broken("the file is not %s", issoGeneric)
	}
	return b.done()
}
