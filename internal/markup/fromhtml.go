package markup

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// renamed are the elements of other systems that we have under another name;
// "" leaves the element out and keeps what it holds.
var renamed = map[string]string{
	"b": "strong", "i": "em", "cite": "em", "s": "del", "strike": "del", "h1": "h3", "h2": "h4", "tt": "code", "kbd": "code", "samp": "code",
	"div": "p", "section": "p", "article": "p", "center": "p",
}

// dropped are left out with all they hold.
var dropped = map[string]bool{
	"script": true, "style": true, "iframe": true, "object": true, "embed": true, "noscript": true, "template": true, "svg": true, "math": true,
	"head": true, "title": true, "textarea": true, "select": true, "xmp": true, "noembed": true, "noframes": true, "plaintext": true,
}

// FromHTML turns a stranger's HTML, as other systems export it, into the same
// canonical HTML that Render makes. Text without markup gets paragraphs. What
// is left may be empty. More than MaxImport bytes are cut.
func FromHTML(src string, links Links) string {
	if len(src) > MaxImport {
		src = strings.ToValidUTF8(src[:MaxImport], "")
	}
	src = strings.ReplaceAll(strings.ToValidUTF8(src, "\uFFFD"), "\x00", "")
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(src))
	depth := 0 // inside dropped elements
	pre, broken := 0, false
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		switch kind {
		case html.TextToken:
			if depth == 0 {
				text := string(z.Text())
				if broken && pre == 0 {
					text = withoutBreak(text)
				}
				b.WriteString(html.EscapeString(text))
			}
			broken = false
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if dropped[t.Data] {
				if kind == html.StartTagToken {
					depth++
				}
				continue
			}
			if broken = t.Data == "br"; t.Data == "pre" {
				pre++
			}
			if depth == 0 {
				open(&b, t)
			}
		case html.EndTagToken:
			t := z.Token()
			if broken = false; t.Data == "pre" {
				pre = max(0, pre-1)
			}
			if dropped[t.Data] {
				depth = max(0, depth-1)
			} else if depth == 0 {
				b.WriteString("</" + rename(t.Data) + ">")
			}
		}
	}
	out := canonical(policy.Sanitize(b.String()), true, links, nil)
	out = strings.NewReplacer("<p></p>", "", "<p><br></p>", "").Replace(out)
	if !shows(out) {
		return ""
	}
	return out
}

// withoutBreak is a text that follows a <br>, without the line break that a file
// has there for those who read the file.
func withoutBreak(s string) string {
	if rest, ok := strings.CutPrefix(strings.TrimLeft(s, " \t\r"), "\n"); ok {
		return rest
	}
	return s
}

func rename(tag string) string {
	if to, ok := renamed[tag]; ok {
		return to
	}
	return tag
}

// open writes a start tag; an image becomes a link to it.
func open(b *strings.Builder, t html.Token) {
	attr := func(name string) string {
		for _, a := range t.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	if t.Data == "img" {
		label := strings.TrimSpace(attr("alt"))
		if label == "" {
			label = attr("src")
		}
		b.WriteString(`<a href="` + html.EscapeString(attr("src")) + `">` + html.EscapeString(label) + `</a>`)
		return
	}
	t.Data = rename(t.Data)
	kept := t.Attr[:0]
	for _, a := range t.Attr {
		if a.Namespace == "" && (a.Key == "href" || a.Key == "class" || a.Key == "start") {
			if a.Key == "href" {
				a.Val = direct(a.Val)
			}
			kept = append(kept, a)
		}
	}
	t.Attr = kept
	b.WriteString(t.String())
}

// shortestSeal is how many characters a seal of Disqus's has at least.
const shortestSeal = 20

// direct is where a link leads that Disqus has led by its counter, for that is
// what its text says; any other link as it is.
func direct(href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Hostname() != "disq.us" || u.Path != "/url" {
		return href
	}
	to := u.Query().Get("url")
	if i := strings.LastIndexByte(to, ':'); i >= 0 && len(to)-i > shortestSeal && !strings.ContainsAny(to[i:], "/?#.") {
		to = to[:i]
	}
	return to
}

// Plain is canonical HTML as one line of text, cut after max code points: for
// mails, feeds and previews.
func Plain(src string, limit int) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(src))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return cut(strings.Join(strings.Fields(b.String()), " "), limit)
		case html.TextToken:
			b.Write(z.Text())
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			if blocks[string(name)] || string(name) == "br" {
				b.WriteByte(' ')
			}
		}
	}
}

func cut(s string, limit int) string {
	n := 0
	for i := range s {
		if n == limit {
			return strings.TrimSpace(s[:i]) + "…"
		}
		n++
	}
	return s
}
