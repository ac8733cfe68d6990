package fetch

import (
	"bytes"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Tag is a place for comments on a page.
type Tag struct {
	Site   string // its attribute
	Thread string // its attribute; "" where the page's address says it
}

// Tags are the places for comments that a page's own HTML has, and its
// canonical address, absolute, or "". What a script puts in later is not seen.
func Tags(page []byte, address string) (tags []Tag, canonical string) {
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return tags, canonical
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			a := map[string]string{}
			for _, v := range t.Attr {
				a[v.Key] = strings.TrimSpace(v.Val)
			}
			switch {
			case t.Data == "parley-comments":
				tags = append(tags, Tag{a["site"], a["thread"]})
			case t.Data == "script" && a["data-site"] != "":
				tags = append(tags, Tag{a["data-site"], a["data-thread"]})
			case t.Data == "link" && canonical == "" && strings.EqualFold(a["rel"], "canonical"):
				canonical = absolute(address, a["href"])
			}
		}
	}
}

func absolute(base, href string) string {
	b, err := url.Parse(base)
	if err != nil || href == "" {
		return ""
	}
	u, err := b.Parse(href)
	if err != nil {
		return ""
	}
	return u.String()
}
