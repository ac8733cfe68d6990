package reader

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/hex"
	"mime/multipart"
	"net/http"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

const (
	maxImage     = 5 << 20 // as much as media.MaxUploadBytes
	maxImageForm = maxImage + 16<<10
)

type onSite struct {
	Site string `path:"site" json:"-"`
}

type imageForm struct {
	File multipart.File `formData:"file"`
}

// imageOut is an image that was taken: a text shows it as ![words](parley:ID).
type imageOut struct {
	ID     string `json:"id"`
	URL    string `json:"url"` // signed: for its owner, before its comment is published
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Color  string `json:"color"`
}

// addImage takes the file of a form and draws it anew.
func (r Room) addImage(ctx context.Context, q *edge.Request) error {
	if !q.Who.SignedIn() {
		return discuss.ErrSignedOut
	}
	if may, err := r.Discuss.MayAddImages(ctx, q.Site, q.Who); err != nil || !may {
		return cmp.Or(err, error(discuss.ErrImagesOff))
	}
	if err := q.Door.Limits.Take("images", q.Who.Account.String()); err != nil {
		return err
	}
	form, err := edge.Multipart(q.Ctx, maxImage)
	if err != nil {
		return err
	}
	if form.File == nil {
		return discuss.Bad("file", "must be given")
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id) // it does not fail
	m, err := r.Discuss.AddImage(ctx, q.Site, q.Who, hex.EncodeToString(id), form.File)
	if err != nil {
		return err
	}
	at := r.Shape.ImageOf(m)
	q.Status(http.StatusCreated)
	return edge.SendJSON(q.Ctx, imageOut{at.ID, at.URL, at.Width, at.Height, at.Color})
}

type dropImageIn struct {
	Site  string `path:"site" json:"-"`
	Image string `path:"image" json:"-"`
}

func (r Room) dropImage(ctx context.Context, q *edge.Request, in dropImageIn) (edge.None, error) {
	return edge.None{}, r.Discuss.DropImage(ctx, q.Site, q.Who, in.Image)
}
