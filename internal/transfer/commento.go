package transfer

import (
	"encoding/json"
	"strings"

	"parley/internal/discuss"
)

const commentoExport = "an export of Commento or Comentario"

// Commento reads the exports of Commento, Commento++ and Comentario 1 (version 1:
// comments name their page), and of Comentario 3 (pages are a list of their
// own). Of commenters'
// addresses a keyed hash is kept, and of their passwords nothing is looked at.
func Commento(r *Reader, o Options) error {
	c := commento{b: newBuilder("commento", o), o: o}
	defer c.b.close()
	err := walkJSON(r, commentoExport, func(path string, v json.RawMessage) error {
		switch path {
		case ".version":
			return json.Unmarshal(v, &c.version)
		case "commenters":
			var p struct{ CommenterHex, ID, Name, Email flex }
			if json.Unmarshal(v, &p) == nil {
				c.b.spool.Put("name", string(p.CommenterHex+p.ID), string(p.Name))
				c.b.putMark(string(p.CommenterHex+p.ID), discuss.AddressProof(string(p.Email)))
			}
		case "pages":
			var p commentoPage
			if json.Unmarshal(v, &p) == nil {
				c.b.putPage(string(p.ID), pageFact{Link: pageLink(string(p.Host+p.Domain), "", string(p.Path)), Title: string(p.Title), Closed: p.IsReadonly.yes()})
			}
		case "comments":
			var x commentoComment
			if err := json.Unmarshal(v, &x); err != nil {
				c.b.skip("?", "it is not a comment of this format")
				return nil
			}
			c.b.later("comment", x) // names and pages may stand after it
		}
		return nil
	})
	if err != nil {
		return err
	}
	if c.version != "1" && c.version != "3" {
		return broken("the file is not %s, or of a version that is not known (1 and 3 are)", commentoExport)
	}
	eachLater(c.b, "comment", c.take)
	return c.b.done()
}

type commento struct {
	b       *builder
	o       Options
	version flex
}

type commentoPage struct {
	ID, Host, Domain, Path, Title flex
	IsReadonly                    flex `json:"isReadonly"`
}

type commentoComment struct {
	CommentHex, CommenterHex, ParentHex  flex // version 1
	Domain, Host, URL, Path, State       flex
	CreationDate, Direction, Deleted     flex
	ID, PageID, ParentID, UserCreated    flex // version 3
	CreatedTime, EditedTime, AuthorName  flex
	IsApproved, IsDeleted, IsPending     flex
	IsSticky, Markdown, HTML, Score, Raw flex
}

func (c *commento) take(x *commentoComment) {
	out := discuss.ArchiveComment{Body: string(x.Markdown), HTML: string(x.HTML), Up: x.Score.n(), Featured: x.IsSticky.yes(), Status: discuss.Published}
	if x.HTML == "" {
		out.HTML = c.o.Text.Body(out.Body)
	}
	var link, title, person string
	closed := false
	if c.version == "1" {
		out.Foreign, out.Parent, out.Created = string(x.CommentHex), string(x.ParentHex), x.CreationDate.time()
		if out.Parent == "root" {
			out.Parent = ""
		}
		link, person = pageLink(string(x.Domain+x.Host), string(x.URL), string(x.Path)), string(x.CommenterHex)
		switch {
		case x.Deleted.yes():
			out.Status = discuss.Deleted
		case x.State == "unapproved":
			out.Status = discuss.Pending
		case x.State == "flagged":
			out.Status = discuss.Spam
		}
	} else {
		p, _ := c.b.pageOf(string(x.PageID))
		out.Foreign, out.Parent, out.Created, out.Edited = string(x.ID), string(x.ParentID), x.CreatedTime.time(), x.EditedTime.time()
		if link, _, _ = strings.Cut(string(x.URL), "#"); link == "" {
			link = p.Link
		}
		title, closed, person = p.Title, p.Closed, string(x.UserCreated)
		switch {
		case x.IsDeleted.yes():
			out.Status = discuss.Deleted
		case x.IsPending.yes():
			out.Status = discuss.Pending
		case !x.IsApproved.yes():
			out.Status = discuss.Rejected
		}
	}
	if !c.b.known(out.Foreign, out.Created) {
		return
	}
	out.Thread = c.b.page(link, title, closed)
	name, _ := c.b.spool.Get("name", person)
	if name == "" {
		name = string(x.AuthorName)
	}
	mark := c.b.markOf(person)
	if person == "" || person == "anonymous" || strings.Trim(person, "0-") == "" {
		person, mark = "anonymous:"+strings.ToLower(name), nil
	}
	out.Person = c.b.person(person, name, mark)
	c.b.comment(out)
}
