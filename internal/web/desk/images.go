package desk

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type onImageIn struct {
	onSite
	Image string `path:"image" json:"-"`
	Act   string `json:"act" enum:"blur,unblur,open,clear,illegal" description:"blur and unblur: whether it is shown on a click alone. open: look at one that is hidden, which is written down. clear: it may stand. illegal: it is erased, and known again when it comes back."`
}

type imageOut struct {
	Image shape.Image `json:"image"`
}

// onImage is a moderator's act on an image of a comment.
func (r Room) onImage(ctx context.Context, q *edge.Request, in onImageIn) (imageOut, error) {
	m, err := r.Discuss.OnImage(ctx, q.Site, q.Who, in.Image, in.Act)
	if err != nil {
		return imageOut{}, err
	}
	out := imageOut{r.Shape.ImageOf(m)}
	if in.Act == "open" {
		out.Image.URL = r.Shape.Opened(m)
	}
	return out, nil
}

// imagesOf are the images of the comments of a list, by comment.
func (r Room) imagesOf(images []discuss.Image) map[string][]shape.Image {
	out := map[string][]shape.Image{}
	for _, m := range images {
		id := m.Comment.String()
		out[id] = append(out[id], r.Shape.ImageOf(m))
	}
	return out
}
