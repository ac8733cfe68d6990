// Package assets is the door of files: the built front end, and pictures of people.
package assets

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Pictures is where this room finds pictures of people.
type Pictures interface {
	PictureByID(ctx context.Context, id string) (auth.Picture, error)
}

// Room is what this audience is served with.
type Room struct {
	Files    *Files
	Pictures Pictures
	Avatar   func(seed string) []byte // draws the picture of whoever has none
	Images   Images
	Key      []byte // with which addresses of images are signed
	Now      func() time.Time
}

// Images is where this room finds images of comments.
type Images interface {
	ImageFile(ctx context.Context, id string) (m discuss.Image, body []byte, public bool, err error)
}

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	get := func(path, summary, kind string) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: edge.Anybody, Kind: kind, Errors: []int{404}}
	}
	const script, text = "text/javascript", "text/plain"
	const other = "compat.js, by the name that another system's pages ask for"
	return []edge.Route{
		edge.Raw(get("/compat.js", "The same for pages that were made for another system", script), r.compat),
		edge.Raw(get("/count.js", other, script), r.compat),
		edge.Raw(get("/comentario.js", other, script), r.compat),
		edge.Raw(get("/web/*", other, script), r.compat),
		edge.Raw(get("/js/*", other, script), r.compat),
		edge.Raw(get("/dist/*", other, script), r.compat),
		edge.Raw(get("/embed.js", "What a page loads to show comments", script), r.file),
		edge.Raw(get("/push.js", "The worker that shows messages on a device", script), r.file),
		edge.Raw(get("/embed.d.ts", "Its types", text), r.file),
		edge.Raw(get("/openapi.json", "The description of the API", "application/json"), r.file),
		edge.Raw(get("/assets/*", "The built front end", script), r.file),
		edge.Answer(get("/avatars/:seed", "The picture of whoever has none", "image/svg+xml"), r.avatar),
		edge.Answer(get("/media/:file", "An image of a published comment; of another with a signed address", "image/*"), r.image),
		edge.Answer(get("/pictures/:id", "A picture of a person", "image/*"), r.picture),
	}
}

// otherScripts are the files that pages ask other systems' servers for: remark42,
// Commento, Comentario, Isso, Artalk, Coral, and Disqus for its counts. Where only
// the host in a page is changed, they are asked for here.
var otherScripts = []string{
	"/compat.js", "/count.js",
	"/web/embed.js", "/web/embed.mjs", "/web/counter.js", "/web/counter.mjs",
	"/js/commento.js", "/js/count.js", "/comentario.js",
	"/js/embed.min.js", "/js/embed.dev.js", "/js/count.min.js", "/js/count.dev.js",
	"/dist/Artalk.js",
	"/assets/js/embed.js", "/assets/js/count.js",
}

// compat sends compat.js. A server with one site says which that is to a page that
// does not.
func (r Room) compat(ctx context.Context, q *edge.Request) error {
	a, _ := r.Files.find("compat.js")
	if a == nil || !slices.Contains(otherScripts, q.Path()) {
		return discuss.ErrNotFound
	}
	if q.Query("site") != "" {
		return r.send(q, a, false)
	}
	sites, err := q.Door.AllSites(ctx)
	if err != nil {
		return err
	}
	if len(sites) != 1 {
		return r.send(q, a, false)
	}
	key, err := json.Marshal(sites[0].Key)
	if err != nil {
		return err
	}
	h := &q.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cache-Control", "public, max-age=300") // there may be two sites tomorrow
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.SetContentType(a.kind)
	q.Response().SetBody(fmt.Appendf(nil, "var parleySite=%s;%s", key, a.raw))
	return nil
}

var accept, br, gzip = []byte("Accept-Encoding"), []byte("br"), []byte("gzip")

// file sends a built file, packed as the browser likes it best.
func (r Room) file(ctx context.Context, q *edge.Request) error {
	if slices.Contains(otherScripts, q.Path()) {
		return r.compat(ctx, q)
	}
	a, fixed := r.Files.find(strings.TrimPrefix(strings.TrimPrefix(q.Path(), "/"), "assets/"))
	if a == nil {
		return discuss.ErrNotFound
	}
	return r.send(q, a, fixed)
}

func (r Room) send(q *edge.Request, a *asset, fixed bool) error {
	h := &q.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Vary", "Accept-Encoding")
	if fixed { // never asked for again, and by modules alone, which ask by CORS: every byte of a header is paid for
		h.Set("Cache-Control", immutable)
	} else {
		h.Set("Cache-Control", "public, max-age=300, stale-while-revalidate=86400")
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("ETag", a.etag)
	}
	if q.Get("If-None-Match") == a.etag {
		q.Status(http.StatusNotModified)
		return nil
	}
	h.SetContentType(a.kind)
	switch as := q.Request().Header.PeekBytes(accept); {
	case bytes.Contains(as, br):
		h.Set("Content-Encoding", "br")
		q.Response().SetBodyRaw(a.br())
	case bytes.Contains(as, gzip):
		h.Set("Content-Encoding", "gzip")
		q.Response().SetBodyRaw(a.gzip())
	default:
		q.Response().SetBodyRaw(a.raw)
	}
	return nil
}

type avatarIn struct {
	Seed string `path:"seed" json:"-"` // an author's id and .svg
}

func (r Room) avatar(_ context.Context, q *edge.Request, in avatarIn) error {
	seed, ok := strings.CutSuffix(in.Seed, ".svg")
	if _, err := discuss.ParseID(seed); !ok || err != nil {
		return discuss.ErrNotFound
	}
	return sendPicture(q, "image/svg+xml", r.Avatar(seed))
}

type pictureIn struct {
	ID string `path:"id" json:"-"`
}

// picture serves a picture that we have drawn.
func (r Room) picture(ctx context.Context, q *edge.Request, in pictureIn) error {
	p, err := r.Pictures.PictureByID(ctx, in.ID)
	if err != nil {
		return err
	}
	return sendPicture(q, p.Type, p.Image)
}

type imageIn struct {
	File  string `path:"file" json:"-"` // its id and .jpg or .png
	Until string `query:"until" json:"-" maxLength:"20"`
	Sign  string `query:"sign" json:"-" maxLength:"64"`
}

// imageFor is how long a cache may serve an image without asking: so long, at
// most, one is seen that was taken away. The bytes under an address never change,
// so that asking costs a line.
const imageFor = "public, max-age=300, must-revalidate"

// image serves an image as long as its comment is published.
func (r Room) image(ctx context.Context, q *edge.Request, in imageIn) error {
	id, _, _ := strings.Cut(in.File, ".")
	q.Set("Cache-Control", "no-store") // of a refusal: it may be published in a moment
	m, body, public, err := r.Images.ImageFile(ctx, id)
	if err != nil {
		return err
	}
	if in.File != m.File() {
		return discuss.ErrNotFound
	}
	control := imageFor
	if in.Sign != "" {
		ok, hidden := shape.Lets(r.Key, m.Path(), in.Until, in.Sign, r.Now())
		if !ok || m.State != discuss.ImageThere && !hidden {
			return discuss.ErrNotFound
		}
		control = "private, no-store"
	} else if !public {
		return discuss.ErrNotFound
	}
	h := &q.Response().Header
	etag := `"` + m.ID + `"`
	h.Set("ETag", etag)
	h.Set("Content-Disposition", `inline; filename="`+m.File()+`"`)
	if err := sendPicture(q, m.Type, body); err != nil {
		return err
	}
	h.Set("Cache-Control", control)
	if q.Get("If-None-Match") == etag {
		q.Response().ResetBody()
		q.Status(http.StatusNotModified)
	}
	return nil
}

// sendPicture sends what never changes under its name.
func sendPicture(q *edge.Request, kind string, image []byte) error {
	h := &q.Response().Header
	h.Set("Access-Control-Allow-Origin", "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cache-Control", immutable)
	h.SetContentType(kind)
	q.Response().SetBodyRaw(image)
	return nil
}
