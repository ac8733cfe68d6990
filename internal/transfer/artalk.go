package transfer

import (
	"encoding/json"
	"strings"

	"parley/internal/discuss"
)

const artalkExport = "an Artalk export (Artrans)"

// Artalk reads Artrans, the format in which Artalk moves comments: a list of
// rows whose values are all texts. Passwords and addresses are never looked at.
// https://artalk.js.org/en/guide/transfer.html
func Artalk(r *Reader, o Options) error {
	b := newBuilder("artalk", o)
	defer b.close()
	found := false
	err := walkJSON(r, artalkExport, func(path string, v json.RawMessage) error {
		if path != "" {
			return nil
		}
		var x struct {
			ID, Rid, Content, Nick flex
			CreatedAt              flex `json:"created_at"`
			UpdatedAt              flex `json:"updated_at"`
			IsPending              flex `json:"is_pending"`
			IsPinned               flex `json:"is_pinned"`
			VoteUp                 flex `json:"vote_up"`
			VoteDown               flex `json:"vote_down"`
			PageKey                flex `json:"page_key"`
			PageTitle              flex `json:"page_title"`
			PageAdminOnly          flex `json:"page_admin_only"`
			SiteURLs               flex `json:"site_urls"`
		}
		if json.Unmarshal(v, &x) != nil {
			b.skip("?", "it is not a comment of this format")
			return nil
		}
		found = found || x.PageKey != ""
		out := discuss.ArchiveComment{
			Foreign: string(x.ID), Parent: string(x.Rid), Body: string(x.Content), HTML: o.Text.Body(string(x.Content)), Created: x.CreatedAt.time(),
			Up: x.VoteUp.n(), Down: x.VoteDown.n(), Featured: x.IsPinned.yes(), Status: discuss.Published,
		}
		if out.Parent == "0" {
			out.Parent = ""
		}
		if !b.known(out.Foreign, out.Created) {
			return nil
		}
		if x.IsPending.yes() {
			out.Status = discuss.Pending
		}
		host, _, _ := strings.Cut(string(x.SiteURLs), ",")
		out.Thread = b.page(under(host, string(x.PageKey)), string(x.PageTitle), x.PageAdminOnly.yes())
		out.Person = b.person("anonymous:"+strings.ToLower(string(x.Nick)), string(x.Nick))
		b.comment(out)
		return nil
	})
	if err != nil {
		return err
	}
	if !found {
		return broken("the file is not %s", artalkExport)
	}
	return b.done()
}

// under is the address of a path on a site whose own address is known.
func under(site, path string) string {
	if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") || !strings.HasPrefix(site, "http") || path == "" {
		return path
	}
	scheme, rest, _ := strings.Cut(site, "://")
	host, _, _ := strings.Cut(rest, "/")
	return scheme + "://" + host + "/" + strings.TrimLeft(path, "/")
}
