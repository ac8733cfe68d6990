package markup

import (
	"context"
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"parley/internal/cleantext"
)

// Picture is how a picture that was uploaded here stands in the HTML of a text.
type Picture struct {
	Src           string // of our own, without a host
	Width, Height int
	Colour        string // its average, #rrggbb
}

// pictureAt is how a text names a picture of ours: ![alt](parley:ID).
var (
	pictureAt  = regexp.MustCompile(`^parley:([0-9a-f]{32})$`)
	pictureIDs = regexp.MustCompile(`\]\(\s*<?parley:([0-9a-f]{32})`)
)

// Pictures are the ids of pictures that a text may show, each once, in order.
func Pictures(src string) []string {
	if !strings.Contains(src, "parley:") { // nearly always
		return nil
	}
	var out []string
	seen := map[string]bool{}
	for _, m := range pictureIDs.FindAllStringSubmatch(src, -1) {
		if !seen[m[1]] {
			seen[m[1]] = true
			out = append(out, m[1])
		}
	}
	return out
}

// RenderWith is Render for a text that may show these pictures, by their ids. What
// it names beside them shows as the words that describe it.
func (r *Renderer) RenderWith(ctx context.Context, src string, pictures map[string]Picture) (string, error) {
	if len(src) > MaxBytes {
		return "", ErrTooLong
	}
	return r.parsed(ctx, src, pictures)
}

// picture writes an img of the few that a text may show; others, and those within
// a link, are the words that describe them.
func (w *writer) picture(attr []html.Attribute) {
	var alt, id string
	for _, a := range attr {
		switch a.Key {
		case "alt":
			var clean cleantext.Run
			alt = strings.TrimSpace(clean.Clean(a.Val))
		case "data-picture":
			id = a.Val
		}
	}
	p, ok := w.pictures[id]
	if !ok || w.in("a") {
		w.said.WriteString(alt)
		w.b.WriteString(html.EscapeString(alt))
		return
	}
	w.b.WriteString(`<img src="` + html.EscapeString(p.Src) + `" alt="` + html.EscapeString(alt) + `" width="` + strconv.Itoa(p.Width) + `" height="` + strconv.Itoa(p.Height) +
		`" loading="lazy" data-color="` + html.EscapeString(p.Colour) + `">`)
}
