package transfer

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"parley/internal/discuss"
)

const walineExport = "a Waline export"

// walineHTML tells the comments that Valine wrote, which are HTML, from Waline's Markdown.
var walineHTML = regexp.MustCompile(`(?i)^\s*<(p|div|blockquote|ul|ol|pre|h[1-6])\b`)

// walineCall is how a reply names whom it answers, in Waline's Markdown or, perhaps
// within its first paragraph, in Valine's HTML; the parent says that already.
var (
	walineCall     = regexp.MustCompile(`^\s*\[@[^\]\n]{1,100}\]\(#[\w-]+\)\s*:\s*`)
	walineCallHTML = regexp.MustCompile(`(?i)^\s*(<p\b[^>]*>)?\s*(<a\b[^>]*>)\s*@[^<\n]{1,100}</a>\s*[:,]?\s*`)
)

// withoutCall is a reply without the name of whom it answers.
func withoutCall(s string) string {
	if m := walineCallHTML.FindStringSubmatch(s); m != nil && tagHas(m[2], "class", "at") && strings.HasPrefix(tagAttr(m[2], "href"), "#") {
		return m[1] + s[len(m[0]):]
	}
	return walineCall.ReplaceAllString(s, "")
}

// walineImage is a picture; those of emoji lie on others' servers: their text stays.
var walineImage = regexp.MustCompile(`(?i)<img\b(?:[^>"']|"[^"]*"|'[^']*')*>`)

// withoutEmoji puts the text of emoji in the place of their pictures.
func withoutEmoji(s string, text func(alt string) string) string {
	return walineImage.ReplaceAllStringFunc(s, func(tag string) string {
		if !tagHas(tag, "class", "wl-emoji") && !tagHas(tag, "class", "vemoji") {
			return tag
		}
		return text(tagAttr(tag, "alt"))
	})
}

// tagAttr is an attribute of a tag, however it is quoted.
func tagAttr(tag, name string) string {
	t := html.NewTokenizer(strings.NewReader(tag))
	t.Next()
	for _, a := range t.Token().Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// tagHas says whether a word is one of an attribute's.
func tagHas(tag, name, word string) bool {
	return slices.Contains(strings.Fields(tagAttr(tag, name)), word)
}

// Waline reads Waline's own export and a bare list of Valine's rows. Its table of
// users, which holds addresses and hashes of passwords, is passed over unread.
func Waline(r *Reader, o Options) error {
	b := newBuilder("waline", o)
	defer b.close()
	found := false
	err := walkJSON(r, walineExport, func(path string, v json.RawMessage) error {
		if path == ".type" {
			found = found || string(v) == `"waline"`
		}
		if path != "data.Comment" && path != "" && path != "results" {
			return nil
		}
		var x struct {
			ObjectID, ID, Nick, Comment, InsertedAt, CreatedAt, UpdatedAt, URL, Pid, Rid, Status, Like, Sticky, IsSpam flex
		}
		if json.Unmarshal(v, &x) != nil {
			b.skip("?", "it is not a comment of this format")
			return nil
		}
		id := string(x.ObjectID)
		if id == "" {
			id = string(x.ID)
		}
		found = found || x.URL != "" && x.Comment != ""
		out := discuss.ArchiveComment{Foreign: id, Parent: string(x.Pid), Status: discuss.Published, Up: x.Like.n(), Featured: x.Sticky.yes(), Created: x.InsertedAt.time()}
		if out.Created.IsZero() {
			out.Created = x.CreatedAt.time()
		}
		if out.Parent == "" {
			out.Parent = string(x.Rid)
		}
		text := string(x.Comment)
		if out.Parent != "" {
			text = withoutCall(text)
		}
		if walineHTML.MatchString(text) {
			out.Body = withoutEmoji(text, html.EscapeString)
		} else {
			out.Body = withoutEmoji(text, func(alt string) string { return alt })
			out.HTML = o.Text.Body(out.Body)
		}
		if !b.known(id, out.Created) {
			return nil
		}
		switch {
		case x.IsSpam.yes() || x.Status == "spam": // Valine has the former, Waline the latter
			out.Status = discuss.Spam
		case x.Status == "waiting":
			out.Status = discuss.Pending
		}
		out.Thread = b.page(string(x.URL), "", false)
		out.Person = b.person("anonymous:"+strings.ToLower(string(x.Nick)), string(x.Nick))
		b.comment(out)
		return nil
	})
	if err != nil {
		return err
	}
	if !found {
		return broken("the file is not %s", walineExport)
	}
	return b.done()
}
