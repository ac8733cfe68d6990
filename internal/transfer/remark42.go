package transfer

import (
	"encoding/json"
	"slices"
	"strings"

	"parley/internal/discuss"
)

const remarkExport = "a remark42 backup"

// Remark42 reads what remark42 writes: its backup, a line of facts and then a
// comment a line; and the answers of its API, comments in a list or in a tree.
func Remark42(r *Reader, o Options) error {
	m := remark{b: newBuilder("remark42", o), o: o, closed: map[string]bool{}}
	defer m.b.close()
	first := true
	err := walkJSON(r, remarkExport, func(path string, v json.RawMessage) error {
		switch path {
		case ".version":
			first = false
		case "posts":
			var p struct {
				URL      flex
				ReadOnly flex `json:"read_only"`
			}
			if json.Unmarshal(v, &p) == nil && p.ReadOnly.yes() {
				m.closed[string(p.URL)] = true
			}
		case documentEnd:
			m.flush()
		case "comments", "":
			m.node(v, 0)
		default:
			m.loose(path, v)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if first && !m.some {
		return broken("the file is not %s", remarkExport)
	}
	return m.b.done()
}

type remark struct {
	b      *builder
	o      Options
	closed map[string]bool
	some   bool

	line map[string]json.RawMessage // of a comment that is a document of its own, value by value
}

type remarkComment struct {
	ID, Pid, Text, Orig, Title flex
	User                       struct{ ID, Name flex }
	Locator                    struct{ URL flex }
	Score                      json.Number
	Time                       flex
	Edit                       struct{ Time flex }
	Pin, Delete                flex
}

// node takes a comment, or a node of a tree with its replies.
func (m *remark) node(v json.RawMessage, depth int) {
	var n struct {
		Comment json.RawMessage
		Replies []json.RawMessage
	}
	if json.Unmarshal(v, &n) == nil && n.Comment != nil {
		v = n.Comment
		if depth < maxDepth*10 {
			defer func() {
				for _, k := range n.Replies {
					m.node(k, depth+1)
				}
			}()
		}
	}
	var c remarkComment
	if json.Unmarshal(v, &c) != nil {
		m.b.skip("?", "it is not a comment of this format")
		return
	}
	m.take(c)
}

// loose gathers the values of a line of the backup, which is a document of its own.
func (m *remark) loose(path string, v json.RawMessage) {
	name, single := strings.CutPrefix(path, ".")
	if !single {
		return
	}
	if m.line == nil {
		m.line = map[string]json.RawMessage{}
	}
	m.line[name] = v
}

// flush makes a comment of what has been gathered.
func (m *remark) flush() {
	line := m.line
	m.line = nil
	if line["id"] == nil || line["locator.url"] == nil {
		return
	}
	var c remarkComment
	for name, to := range map[string]*flex{
		"id": &c.ID, "pid": &c.Pid, "text": &c.Text, "orig": &c.Orig, "title": &c.Title, "user.id": &c.User.ID, "user.name": &c.User.Name,
		"locator.url": &c.Locator.URL, "time": &c.Time, "edit.time": &c.Edit.Time, "pin": &c.Pin, "delete": &c.Delete,
	} {
		if v := line[name]; v != nil {
			_ = json.Unmarshal(v, to)
		}
	}
	if v := line["score"]; v != nil {
		_ = json.Unmarshal(v, &c.Score)
	}
	m.take(c)
}

func (m *remark) take(c remarkComment) {
	m.some = true
	link := string(c.Locator.URL)
	out := discuss.ArchiveComment{
		Foreign: string(c.ID), Parent: string(c.Pid), Body: string(c.Orig), HTML: string(c.Text), Created: c.Time.time(), Edited: c.Edit.Time.time(),
		Status: discuss.Published, Featured: c.Pin.yes(),
	}
	if out.Body == "" {
		out.Body = out.HTML
	}
	if score, err := c.Score.Int64(); err == nil { // votes are known by their sum alone
		if score > 0 {
			out.Up = int(min(score, 1<<30))
		} else {
			out.Down = int(min(-score, 1<<30))
		}
	}
	if !m.b.known(out.Foreign, out.Created) {
		return
	}
	if c.Delete.yes() {
		out.Status = discuss.Deleted
	}
	out.Thread = m.b.page(link, string(c.Title), m.closed[link])
	person := string(c.User.ID)
	if person == "" || person == "deleted" {
		person = "anonymous:" + strings.ToLower(string(c.User.Name))
	}
	out.Person = m.b.person(person, string(c.User.Name), m.b.mark(remarkProof(person)))
	m.b.comment(out)
}

// remarkProven are the ways to sign in whose ids are the SHA-1 of what our own
// accounts are known by there too: an address, or the provider's subject. Of
// others they are of a login, which may be somebody else's by now, or of an id
// that is another one for each application.
var remarkProven = []string{"email", "google", "discord", "yandex"}

// remarkProof is what somebody is known by, read off their id.
func remarkProof(user string) discuss.Proof {
	provider, hash, _ := strings.Cut(user, "_")
	if !slices.Contains(remarkProven, provider) {
		return ""
	}
	return discuss.HashedProof(provider, hash)
}
