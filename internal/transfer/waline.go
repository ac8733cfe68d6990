package transfer

import (
	"encoding/json"
	"regexp"
	"strings"

	"parley/internal/discuss"
)

const walineExport = "a Waline export"

// walineHTML tells the comments that Valine wrote, which are HTML, from Waline's Markdown.
var walineHTML = regexp.MustCompile(`(?i)^\s*<(p|div|blockquote|ul|ol|pre|h[1-6])\b`)

// walineCall is how a reply names whom it answers; the parent says that already.
var walineCall = regexp.MustCompile(`^\s*(?:\[@[^\]\n]{1,100}\]\(#[\w-]+\)\s*:\s*|<a class="at" href="#[\w-]+">@[^<\n]{1,100}</a>\s*[:,]?\s*)`)

// walineEmoji are pictures of emoji on others' servers: their text stays.
var walineEmoji = regexp.MustCompile(`<img[^>]*\bclass="[^"]*(?:wl-emoji|vemoji)[^"]*"[^>]*\balt="([^"]*)"[^>]*>|<img[^>]*\balt="([^"]*)"[^>]*\bclass="[^"]*(?:wl-emoji|vemoji)[^"]*"[^>]*>`)

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
			ObjectID, ID, Nick, Comment, InsertedAt, CreatedAt, UpdatedAt, URL, Pid, Rid, Status, Like, Sticky flex
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
		text := walineEmoji.ReplaceAllString(string(x.Comment), "$1$2")
		if out.Parent != "" {
			text = walineCall.ReplaceAllString(text, "")
		}
		out.Body = text
		if !walineHTML.MatchString(text) {
			out.HTML = o.Text.Body(text)
		}
		if !b.known(id, out.Created) {
			return nil
		}
		switch x.Status {
		case "waiting":
			out.Status = discuss.Pending
		case "spam":
			out.Status = discuss.Spam
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
