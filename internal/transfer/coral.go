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
func Coral(r *Reader, o Options) error {
	c := &coral{b: newBuilder("coral", o)}
	defer c.b.close()
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
		return err
	}
	if !c.some {
		return broken("the file is not %s", coralExport)
	}
	return c.b.done()
}

// CoralEnd takes the comments once all files have been read: the stories and the
// people may stand in a file after theirs.
func CoralEnd(o Options) error {
	c := &coral{b: newBuilder("coral", o)}
	defer c.b.close()
	eachLater(c.b, "comment", c.take)
	return c.b.done()
}

type coral struct {
	b    *builder
	some bool // a document of Coral's was met
}

type coralDocument struct {
	ID        flex
	URL       flex
	Metadata  struct{ Title flex }
	ClosedAt  flex
	Username  flex
	Email     flex                      `json:",omitempty"`
	Verified  *flex                     `json:"emailVerified,omitempty"` // missing: nobody has asked
	Profiles  []struct{ Type, ID flex } `json:",omitempty"`
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
		x.Email, x.Profiles = "", nil
		c.b.later("comment", x)
	case x.URL != "":
		c.b.putPage(string(x.ID), pageFact{Link: string(x.URL), Title: string(x.Metadata.Title), Closed: x.ClosedAt != ""})
	case x.Username != "":
		c.b.spool.Put("name", string(x.ID), string(x.Username))
		if x.Verified == nil || x.Verified.yes() {
			c.b.putMark(string(x.ID), discuss.AddressProof(string(x.Email)))
		}
		for _, p := range x.Profiles {
			if p.Type == "google" { // Facebook's are other ones for each application
				c.b.putMark("google:"+string(x.ID), discuss.SubjectProof("google", string(p.ID)))
			}
		}
	default:
		return
	}
	c.some = true
}

func (c *coral) take(x *coralDocument) {
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
	s, known := c.b.pageOf(string(x.StoryID))
	if !known && x.StoryID != "" {
		s.Link = "story:" + string(x.StoryID) // the collection of stories was not given
	}
	out.Thread = c.b.page(s.Link, s.Title, s.Closed)
	person := string(x.AuthorID)
	if person == "" {
		person = "anonymous:"
	}
	name, _ := c.b.spool.Get("name", string(x.AuthorID))
	out.Person = c.b.person(person, name, c.b.markOf(string(x.AuthorID)), c.b.markOf("google:"+string(x.AuthorID)))
	if strings.TrimSpace(out.Body) == "" && out.Status == discuss.Published {
		out.Status = discuss.Deleted
	}
	c.b.comment(out)
}
