// Package feed writes lists of comments as Atom (RFC 4287) and JSON Feed 1.1.
// It knows no HTTP; addresses are given to it.
package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"time"
)

// Feed is a list of comments, newest first.
type Feed struct {
	ID      string // never changes
	Title   string
	Home    string // the page that the comments stand on; "" for none
	Self    string // where this feed is
	Lang    string // BCP 47
	Updated time.Time
	Entries []Entry
}

// Entry is one comment.
type Entry struct {
	ID, Link, Title, Author string
	HTML                    string // safe
	Published, Updated      time.Time
	ReplyTo                 string // link to the comment that it answers; "" for none
}

// Media types of the two forms.
const (
	AtomType = "application/atom+xml; charset=utf-8"
	JSONType = "application/feed+json; charset=utf-8"
)

type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang    string      `xml:"xml:lang,attr,omitempty"`
	Thr     string      `xml:"xmlns:thr,attr"`
	ID      string      `xml:"id"`
	Title   string      `xml:"title"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomEntry struct {
	ID        string       `xml:"id"`
	Title     string       `xml:"title"`
	Author    string       `xml:"author>name"`
	Published string       `xml:"published"`
	Updated   string       `xml:"updated"`
	Links     []atomLink   `xml:"link"`
	ReplyTo   *atomReplyTo `xml:"thr:in-reply-to"` // RFC 4685
	Content   atomContent  `xml:"content"`
}

type atomReplyTo struct {
	Ref  string `xml:"ref,attr"`
	Href string `xml:"href,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// Atom writes f as Atom 1.0.
func Atom(f Feed) ([]byte, error) {
	out := atomFeed{Lang: f.Lang, Thr: "http://purl.org/syndication/thread/1.0", ID: f.ID, Title: f.Title, Updated: stamp(f.Updated)}
	out.Links = append(out.Links, atomLink{"self", "application/atom+xml", f.Self})
	if f.Home != "" {
		out.Links = append(out.Links, atomLink{"alternate", "text/html", f.Home})
	}
	for _, e := range f.Entries {
		a := atomEntry{
			ID: e.ID, Title: e.Title, Author: e.Author, Published: stamp(e.Published), Updated: stamp(e.Updated),
			Links: []atomLink{{"alternate", "text/html", e.Link}}, Content: atomContent{"html", e.HTML},
		}
		if e.ReplyTo != "" {
			a.ReplyTo = &atomReplyTo{e.ReplyTo, e.ReplyTo}
		}
		out.Entries = append(out.Entries, a)
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", " ")
	if err := enc.Encode(out); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

type jsonFeed struct {
	Version string     `json:"version"`
	Title   string     `json:"title"`
	Home    string     `json:"home_page_url,omitempty"`
	Self    string     `json:"feed_url"`
	Lang    string     `json:"language,omitempty"`
	Items   []jsonItem `json:"items"`
}

type jsonItem struct {
	ID        string       `json:"id"`
	URL       string       `json:"url"`
	Title     string       `json:"title"`
	HTML      string       `json:"content_html"`
	Published string       `json:"date_published"`
	Modified  string       `json:"date_modified,omitempty"`
	Authors   []jsonAuthor `json:"authors"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

// JSON writes f as JSON Feed 1.1.
func JSON(f Feed) ([]byte, error) {
	out := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Home: f.Home, Self: f.Self, Lang: f.Lang, Items: []jsonItem{}}
	for _, e := range f.Entries {
		item := jsonItem{ID: e.ID, URL: e.Link, Title: e.Title, HTML: e.HTML, Published: stamp(e.Published), Authors: []jsonAuthor{{e.Author}}}
		if !e.Updated.Equal(e.Published) {
			item.Modified = stamp(e.Updated)
		}
		out.Items = append(out.Items, item)
	}
	b, err := json.MarshalIndent(out, "", " ")
	return append(b, '\n'), err
}
