package transfer

import (
	"encoding/json"
	"strings"

	"parley/internal/discuss"
)

const coralExport = "Coral's collections, as mongoexport writes them"

// Coral reads the collections stories, users and comments (archived ones too) as
// mongoexport writes them, a document a line, in one file or one after another;
// extended JSON in either form. A document is known by what it holds.
func Coral(r *Reader, o Options) (*discuss.Archive, error) {
	b := newBuilder("coral", o)
	if b.coral == nil {
		b.coral = &coral{b: b, links: map[string]coralStory{}, names: map[string]string{}}
	}
	c := b.coral
	one := func(v json.RawMessage) {
		var x coralDocument
		if json.Unmarshal(v, &x) != nil {
			c.b.skip("?", "it is not a document of this format")
			return
		}
		c.document(x)
	}
	err := walkLines(r, func(line int, v json.RawMessage) error {
		if v[0] == '[' { // mongoexport --jsonArray
			var list []json.RawMessage
			if json.Unmarshal(v, &list) != nil {
				return broken("line %d is not a list of documents", line)
			}
			for _, e := range list {
				one(e)
			}
			return nil
		}
		one(v)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(c.list) == 0 && len(c.links) == 0 && len(c.names) == 0 {
		return nil, broken("the file is not %s", coralExport)
	}
	if o.Parts != nil && !o.Parts.Last {
		return nil, nil // the stories may come after their comments
	}
	for _, x := range c.list {
		c.take(x)
	}
	return c.b.archive(), nil
}

type coral struct {
	b     *builder
	links map[string]coralStory
	names map[string]string
	list  []coralDocument
}

type coralStory struct {
	link, title string
	closed      bool
}

type coralDocument struct {
	ID        flex
	URL       flex
	Metadata  struct{ Title flex }
	ClosedAt  flex
	Username  flex
	StoryID   flex
	AuthorID  flex
	ParentID  flex
	Status    flex
	CreatedAt flex
	DeletedAt flex
	Revisions []struct {
		Body      flex
		CreatedAt flex
	}
	Tags         []struct{ Type flex }
	ActionCounts map[string]json.RawMessage
}

func (c *coral) document(x coralDocument) {
	switch {
	case x.StoryID != "":
		c.list = append(c.list, x)
	case x.URL != "":
		c.links[string(x.ID)] = coralStory{string(x.URL), string(x.Metadata.Title), x.ClosedAt != ""}
	case x.Username != "":
		c.names[string(x.ID)] = string(x.Username)
	}
}

func (c *coral) take(x coralDocument) {
	id := string(x.ID)
	out := discuss.ArchiveComment{Foreign: id, Parent: string(x.ParentID), Created: x.CreatedAt.time(), Status: discuss.Published}
	if !c.b.known(id, out.Created) {
		return
	}
	if n := len(x.Revisions); n > 0 {
		out.Body = string(x.Revisions[n-1].Body)
		if n > 1 {
			out.Edited = x.Revisions[n-1].CreatedAt.time()
		}
	}
	switch x.Status {
	case "REJECTED":
		out.Status = discuss.Rejected
	case "PREMOD", "SYSTEM_WITHHELD":
		out.Status = discuss.Pending
	}
	if x.DeletedAt != "" {
		out.Status = discuss.Deleted
	}
	for _, t := range x.Tags {
		out.Featured = out.Featured || t.Type == "FEATURED"
	}
	var liked flex
	if json.Unmarshal(x.ActionCounts["REACTION"], &liked) == nil {
		out.Up = liked.n()
	}
	s, known := c.links[string(x.StoryID)]
	if !known {
		s.link = "story:" + string(x.StoryID) // the collection of stories is in another file
	}
	out.Thread = c.b.page(s.link, s.title, s.closed)
	person := string(x.AuthorID)
	if person == "" {
		person = "anonymous:"
	}
	out.Person = c.b.person(person, c.names[string(x.AuthorID)])
	if strings.TrimSpace(out.Body) == "" && out.Status == discuss.Published {
		out.Status = discuss.Deleted
	}
	c.b.comment(out)
}
