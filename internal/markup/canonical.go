package markup

import (
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"parley/internal/cleantext"
)

// blocks may not stand inside a paragraph.
var blocks = map[string]bool{
	"p": true, "pre": true, "blockquote": true, "ul": true, "ol": true, "li": true, "hr": true, "h3": true, "h4": true, "h5": true, "h6": true,
	"table": true, "thead": true, "tbody": true, "tr": true, "th": true, "td": true,
}

// attributes that an element may keep, in the order they are written.
var attributes = map[string][]string{"a": {"href"}, "code": {"class"}, "span": {"class"}, "ol": {"start"}}

var blankLines = regexp.MustCompile(`\n[ \t\r]*\n\s*`)

// writer balances what it is given: every element is closed, once, in order.
type writer struct {
	b      strings.Builder
	open   []string        // "" for an element that was left out
	kept   int             // of them, written
	within map[string]int  // open elements by tag
	blocks int             // of them, blocks
	href   string          // of the open link
	said   strings.Builder // its text
	text   cleantext.Run   // entities are resolved by now: what they stood for is cleaned like all text
	links  Links

	pictures map[string]Picture // that may show, by id
}

// Links says how the address of a link is spelt, and whether it may be one:
// others show as text. nil takes all as they are.
type Links func(href string) (spelt string, ok bool)

// spell rewrites the address of a link; false: there is none.
func (l Links) spell(attr []html.Attribute) bool {
	for i, a := range attr {
		if a.Key != "href" || l == nil {
			continue
		}
		spelt, ok := l(a.Val)
		if !ok {
			return false
		}
		attr[i].Val = spelt
	}
	return true
}

// push notes an open element; what is asked of them must not depend on how many there are.
func (w *writer) push(tag string) {
	w.open = append(w.open, tag)
	if tag == "" {
		return
	}
	if w.within == nil {
		w.within = map[string]int{}
	}
	w.within[tag]++
	if blocks[tag] {
		w.blocks++
	}
	w.kept++
}

func (w *writer) start(tag string, attr []html.Attribute) {
	if w.kept >= MaxDepth || tag == "a" && (w.in("a") || !w.links.spell(attr)) {
		w.push("")
		return
	}
	w.b.WriteString("<" + tag)
	for _, name := range attributes[tag] {
		for _, a := range attr {
			if a.Key == name {
				var clean cleantext.Run
				value := clean.Clean(a.Val)
				w.b.WriteString(" " + name + `="` + html.EscapeString(value) + `"`)
				if tag == "a" {
					w.href = value
					w.said.Reset()
				}
			}
		}
	}
	if tag == "a" {
		w.b.WriteString(` rel="nofollow ugc noopener noreferrer"`)
	}
	w.b.WriteByte('>')
	w.push(tag)
}

func (w *writer) pop() {
	tag := w.open[len(w.open)-1]
	w.open = w.open[:len(w.open)-1]
	if tag == "a" {
		w.b.WriteString(html.EscapeString(leadsTo(w.href, w.said.String())))
	}
	if tag != "" {
		w.b.WriteString("</" + tag + ">")
		w.kept--
		w.within[tag]--
		if blocks[tag] {
			w.blocks--
		}
	}
}

// end closes the innermost open tag and what it holds. An element that was
// left out for its depth ends where it is.
func (w *writer) end(tag string) {
	if n := len(w.open); n > 0 && w.open[n-1] == "" {
		w.pop()
		return
	}
	if !w.in(tag) {
		return
	}
	at := len(w.open) - 1
	for at >= 0 && w.open[at] != tag {
		at--
	}
	for at >= 0 && len(w.open) > at {
		w.pop()
	}
}

func (w *writer) in(tag string) bool { return w.within[tag] > 0 }

func (w *writer) inBlock() bool { return w.blocks > 0 }

// canonical rewrites sanitized HTML: balanced, bounded in depth, links marked.
// With loose text it stands in paragraphs and its line breaks count, as people
// who typed plain text meant it.
func canonical(src string, loose bool, links Links, pictures map[string]Picture) string {
	w := &writer{links: links, pictures: pictures}
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				w.b.WriteString(html.EscapeString(w.text.Clean(string(z.Raw()))))
			}
			for len(w.open) > 0 {
				w.pop()
			}
			return strings.TrimSpace(w.b.String())
		case html.TextToken:
			t := w.text.Clean(string(z.Text()))
			if w.in("a") {
				w.said.WriteString(t)
			}
			if loose && !w.in("pre") {
				w.loose(t)
			} else {
				w.b.WriteString(html.EscapeString(t))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if blocks[t.Data] && w.in("p") {
				w.end("p")
			}
			switch {
			case t.Data == "img":
				w.picture(t.Attr)
			case t.Data == "br" || t.Data == "hr":
				w.b.WriteString("<" + t.Data + ">")
				w.said.WriteByte(' ')
			default:
				if loose && !blocks[t.Data] && !w.inBlock() {
					w.start("p", nil)
				}
				w.start(t.Data, t.Attr)
			}
		case html.EndTagToken:
			w.end(z.Token().Data)
		}
	}
}

// loose writes text of no markup: a blank line begins a paragraph.
func (w *writer) loose(t string) {
	for i, part := range blankLines.Split(t, -1) {
		if i > 0 && w.in("p") {
			w.end("p")
		}
		if strings.TrimSpace(part) == "" && !w.in("p") {
			continue
		}
		if !w.inBlock() {
			w.start("p", nil)
			part = strings.TrimLeft(part, "\n ")
		}
		w.b.WriteString(strings.ReplaceAll(html.EscapeString(part), "\n", "<br>"))
	}
}
