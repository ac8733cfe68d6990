package public

import (
	"context"
	"html"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Sizes of a comment that another page shows, in CSS pixels: nobody has laid it
// out yet, so its height is reckoned from its letters.
const (
	oembedWidth  = 600
	oembedLeast  = 200
	oembedLine   = 26
	oembedAround = 90
	oembedLetter = 8
	oembedSpan   = 300 // seconds that who shows it may keep it
)

type oembedIn struct {
	URL    string `query:"url" required:"true" description:"The address of a comment: /c/{id} here, or its page with #parley-{id}." json:"-"`
	Format string `query:"format" enum:"json" json:"-"`
	Width  int    `query:"maxwidth" minimum:"1" maximum:"10000" default:"600" json:"-"`
	Height int    `query:"maxheight" minimum:"1" maximum:"100000" default:"100000" json:"-"`
}

// oembedOut has the names of oEmbed 1.0 (oembed.com), type rich.
type oembedOut struct {
	Version  string `json:"version"`
	Type     string `json:"type"`
	Title    string `json:"title"`
	Author   string `json:"author_name"`
	Provider string `json:"provider_name"`
	Site     string `json:"provider_url"`
	CacheAge int    `json:"cache_age"`
	HTML     string `json:"html"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
}

var ofComment = regexp.MustCompile(`^/c/([0-9a-z]+)$`)

// commentAt is the comment that an address leads to: ours, or that of a page.
func (r Room) commentAt(address string) (discuss.ID, error) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, discuss.Bad("url", "must be the address of a comment")
	}
	if id, ok := strings.CutPrefix(u.Fragment, "parley-"); ok {
		return discuss.ParseID(id)
	}
	own, err := url.Parse(r.Shape.Base)
	m := ofComment.FindStringSubmatch(u.Path)
	if err != nil || u.Host != own.Host || m == nil {
		return 0, discuss.ErrNotFound
	}
	return discuss.ParseID(m[1])
}

// oembed gives a published comment as a piece of HTML for other pages: its words
// and whose they are, without a script, with its spoilers covered.
func (r Room) oembed(ctx context.Context, q *edge.Request, in oembedIn) (int64, func() (oembedOut, error), error) {
	if in.Format != "" && in.Format != "json" {
		return 0, nil, errOembedFormat
	}
	id, err := r.commentAt(in.URL)
	if err != nil {
		return 0, nil, err
	}
	thread, err := r.Discuss.ThreadOfComment(ctx, id)
	if err != nil {
		return 0, nil, err
	}
	return int64(thread), func() (oembedOut, error) {
		c, _, th, err := r.Discuss.Comment(ctx, id)
		if err != nil || c.Tombstone() {
			return oembedOut{}, discuss.ErrNotFound
		}
		site, err := q.Door.SiteByID(ctx, th.SiteID)
		home := shape.HomeOf(site, th)
		if err != nil || home == "" { // it stands on no page of the site's
			return oembedOut{}, discuss.ErrNotFound
		}
		text := r.Text(c.HTML)
		width := max(oembedLeast, min(oembedWidth, in.Width))
		lines := 1 + utf8.RuneCountInString(text)*oembedLetter/width + strings.Count(text, "\n")
		out := oembedOut{
			Version: "1.0", Type: "rich", Title: th.Called(site), Author: c.Author.Name, Provider: site.Name, Site: site.Origins[0], CacheAge: oembedSpan,
			Width: min(in.Width, width), Height: min(in.Height, oembedAround+lines*oembedLine),
		}
		link := html.EscapeString(r.Shape.Base + "/c/" + id.String())
		var b strings.Builder
		b.WriteString(`<blockquote class="parley-comment" cite="` + link + `" dir="auto">`)
		for _, p := range strings.Split(text, "\n\n") {
			b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(p), "\n", "<br>") + "</p>")
		}
		b.WriteString(`<footer><bdi>` + html.EscapeString(c.Author.Name) + `</bdi>, <a href="` + link + `"><time datetime="` + shape.Time(c.Created) + `">` + c.Created.UTC().Format("2006-01-02") + `</time></a>, ` + html.EscapeString(site.Name) + `</footer></blockquote>`)
		out.HTML = b.String()
		return out, nil
	}, nil
}

var errOembedFormat = &discuss.Error{Kind: discuss.Invalid, Code: "format", Detail: "Only JSON is served: leave format out, or say json."}
