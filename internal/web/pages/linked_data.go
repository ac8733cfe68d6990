package pages

import (
	"strings"

	"golang.org/x/net/html"

	"parley/internal/discuss"
	"parley/internal/web/shape"
)

type ldComment struct {
	Type    string      `json:"@type"`
	ID      string      `json:"@id"`
	URL     string      `json:"url"`
	Text    string      `json:"text"`
	Created string      `json:"dateCreated"`
	Edited  string      `json:"dateModified,omitempty"`
	Up      int         `json:"upvoteCount"`
	Down    int         `json:"downvoteCount"`
	Author  *ldPerson   `json:"author,omitempty"`
	Replies []ldComment `json:"comment,omitempty"`
}

type ldPerson struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type ldPage struct {
	Context  string      `json:"@context"`
	Type     string      `json:"@type"`
	ID       string      `json:"@id"`
	URL      string      `json:"url"`
	Name     string      `json:"name"`
	Count    int         `json:"commentCount"`
	Comments []ldComment `json:"comment"`
}

// linked is the tree of comments as schema.org names it.
func linked(p *plainPage, rows []discuss.Comment) ldPage {
	home := p.Home
	if home == "" {
		home = p.Self
	}
	out := ldPage{Context: "https://schema.org", Type: "WebPage", ID: home, URL: home, Name: p.Title, Comments: ldComments(p.Base, rows)}
	if p.Thread != nil {
		out.Count = p.Thread.Count
	}
	return out
}

func ldComments(base string, rows []discuss.Comment) []ldComment {
	out := []ldComment{}
	for _, r := range rows {
		url := base + "/c/" + r.ID.String()
		l := ldComment{Type: "Comment", ID: url, URL: url, Created: shape.Time(r.Created), Up: r.Up, Down: r.Down, Replies: ldComments(base, r.Children)}
		if !r.Tombstone() {
			l.Text, l.Author = plainText(r.HTML), &ldPerson{"Person", r.Author.Name}
		}
		if !r.Edited.IsZero() {
			l.Edited = shape.Time(r.Edited)
		}
		out = append(out, l)
	}
	return out
}

// plainText is the text of canonical HTML, a line per block.
func plainText(src string) string {
	z := html.NewTokenizer(strings.NewReader(src))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			b.Write(z.Text())
		case html.EndTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "p", "li", "pre", "br", "blockquote", "h3", "h4", "h5", "h6", "tr":
				b.WriteByte('\n')
			}
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "br" {
				b.WriteByte('\n')
			}
		}
	}
}
