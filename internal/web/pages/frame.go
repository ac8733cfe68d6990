package pages

import (
	"context"
	"encoding/json"
	"strings"

	"parley/internal/web/edge"
)

type frameIn struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
	Origin string         `query:"origin" json:"-"`
	Canvas string         `query:"canvas" json:"-"`
}

// frameSettings are the element's attributes that the frame is told.
var frameSettings = []string{"url", "title", "lang", "sort", "view", "max-depth", "page-size", "live", "read-only", "theme"}

// frame is the document that mode="frame" shows: the same widget on our origin.
// Only the page whose origin asks for it may frame it, and only if it is on the
// site's list.
func (r Room) frame(_ context.Context, q *edge.Request, in frameIn) error {
	q.Door.NoteLoad(q.Site.Key, in.Origin) // what the frame reads by itself has our own origin
	meta := map[string]string{"site": q.Site.Key, "name": q.Site.Name, "thread": string(in.Thread), "origin": in.Origin}
	for _, name := range frameSettings {
		meta[name] = q.Query(name)
	}
	b, err := json.Marshal(meta)
	if err != nil {
		return err
	}
	// A frame is transparent only where its document and the element in the page
	// have the same color-scheme; the page's side says which one it has given it.
	canvas := "light dark"
	if in.Canvas == "light" {
		canvas = "light"
	}
	h := &q.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin")
	h.Set("Content-Security-Policy", q.Door.FrameCSP(in.Origin))
	h.SetContentType(edge.HTML)
	var out strings.Builder
	if err := documents.ExecuteTemplate(&out, "frame.html", map[string]string{"Meta": string(b), "Build": r.Build, "Base": r.Shape.Base, "Canvas": canvas, "Lang": r.Texts.Match(edge.Wanted(q.Ctx))}); err != nil {
		return err
	}
	return q.SendString(out.String())
}
