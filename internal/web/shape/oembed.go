package shape

import (
	"net/url"

	"parley/internal/discuss"
)

// Oembed says where a comment's oEmbed answer is, for the header Link.
func (s Shaper) Oembed(id discuss.ID) string {
	return "<" + s.Base + "/oembed?url=" + url.QueryEscape(s.Base+"/c/"+id.String()) + `>; rel="alternate"; type="application/json+oembed"`
}
