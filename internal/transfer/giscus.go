package transfer

import (
	"encoding/json"
	"strings"

	"parley/internal/discuss"
)

const giscusExport = "discussions or issues of GitHub, as gh writes them"

// Giscus reads what the owner of a repository takes out with gh: discussions (by
// GraphQL, a page of answers after another) for giscus, issues with their
// comments for utterances and gitalk. The page is the title, as both keep it.
func Giscus(r *Reader, o Options) error {
	g := giscus{b: newBuilder("giscus", o), o: o}
	defer g.b.close()
	err := walkJSON(r, giscusExport, func(path string, v json.RawMessage) error {
		if path == "" || strings.HasSuffix(path, "discussions.nodes") || strings.HasSuffix(path, "issues.nodes") {
			g.page(v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if !g.found {
		return broken("the file is not %s", giscusExport)
	}
	return g.b.done()
}

type giscus struct {
	b     *builder
	o     Options
	found bool
}

// giscusComments is a list, alone or as GraphQL's connection.
type giscusComments []giscusComment

// UnmarshalJSON takes either.
func (l *giscusComments) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '{' {
		var c struct{ Nodes []giscusComment }
		err := json.Unmarshal(b, &c)
		*l = c.Nodes
		return err
	}
	var list []giscusComment
	err := json.Unmarshal(b, &list)
	*l = list
	return err
}

type giscusComment struct {
	ID, Body, BodyHTML, CreatedAt, LastEditedAt, UpdatedAt flex
	IsMinimized, UpvoteCount                               flex
	Author                                                 *struct{ Login, DatabaseID flex }
	User                                                   *struct{ Login, ID flex } // REST
	Created                                                flex                      `json:"created_at"`
	Replies                                                giscusComments
}

type giscusPage struct {
	Title, URL, ID, Number, Closed, Locked, State flex
	Comments                                      giscusComments
	Data                                          json.RawMessage // of a whole answer in a list (gh --slurp)
}

func (g *giscus) page(v json.RawMessage) {
	var p giscusPage
	if json.Unmarshal(v, &p) != nil {
		g.b.skip("?", "it is not a discussion of this format")
		return
	}
	if p.Data != nil {
		var d struct {
			Repository struct {
				Discussions, Issues struct{ Nodes []json.RawMessage }
			}
		}
		if json.Unmarshal(p.Data, &d) == nil {
			for _, n := range append(d.Repository.Discussions.Nodes, d.Repository.Issues.Nodes...) {
				g.page(n)
			}
		}
		return
	}
	if p.Title == "" {
		return
	}
	g.found = true
	link := string(p.Title)
	if !strings.HasPrefix(link, "http") { // a path, or the page's title
		if words := strings.Fields(link); len(words) == 1 {
			link = "/" + strings.TrimLeft(link, "/")
		}
	}
	thread := g.b.page(link, string(p.Title), p.Locked.yes())
	for _, c := range p.Comments {
		g.take(thread, "", c)
	}
}

func (g *giscus) take(thread, parent string, c giscusComment) {
	id, login, subject := string(c.ID), "", "" // a login may be somebody else's by now, a number never is
	if c.Author != nil {
		login, subject = string(c.Author.Login), string(c.Author.DatabaseID)
	} else if c.User != nil {
		login, subject = string(c.User.Login), string(c.User.ID)
	}
	out := discuss.ArchiveComment{
		Foreign: id, Thread: thread, Parent: parent, Body: string(c.Body), HTML: g.o.Text.Body(string(c.Body)), Status: discuss.Published,
		Created: c.CreatedAt.time(), Edited: c.LastEditedAt.time(), Up: c.UpvoteCount.n(),
	}
	if out.Created.IsZero() {
		out.Created = c.Created.time()
	}
	if !g.b.known(id, out.Created) {
		return
	}
	if c.IsMinimized.yes() {
		out.Status = discuss.Rejected
	}
	person := "github:" + login
	if login == "" {
		person, login, subject = "anonymous:", "ghost", "" // as GitHub calls who is gone
	}
	out.Person = g.b.person(person, login, g.b.mark(discuss.SubjectProof("github", subject)))
	g.b.comment(out)
	for _, k := range c.Replies {
		g.take(thread, id, k)
	}
}
