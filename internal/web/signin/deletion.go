package signin

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/web/edge"
)

type signedRequest struct {
	Request string `form:"signed_request" json:"-"`
}

type deletionOut struct {
	URL  string `json:"url"`
	Code string `json:"confirmation_code"`
}

// facebookDeletion is Facebook asking us to forget somebody. It answers with a
// page that tells how that stands, as Facebook wants it.
func (r Room) facebookDeletion(ctx context.Context, q *edge.Request, in signedRequest) (deletionOut, error) {
	q.Set("Cache-Control", "no-store")
	code, err := r.Auth.FacebookDeletes(ctx, in.Request)
	return deletionOut{r.Auth.Link("/auth/facebook/deletion/" + code), code}, err
}

// facebookLeft is Facebook saying that somebody has removed the app.
func (r Room) facebookLeft(ctx context.Context, _ *edge.Request, in signedRequest) (none edge.None, err error) {
	return none, r.Auth.FacebookLeaves(ctx, in.Request)
}

type deletionIn struct {
	Code string `path:"code" json:"-"`
}

// deletionPage tells anybody with the code how a deletion stands.
func (r Room) deletionPage(ctx context.Context, q *edge.Request, in deletionIn) error {
	d, err := r.Auth.DeletionStatus(ctx, in.Code)
	if err != nil {
		return err
	}
	data := map[string]any{"Provider": auth.ProviderLabel(d.Provider), "Asked": d.Asked.Format(time.RFC1123), "Code": in.Code}
	if !d.Done.IsZero() {
		data["Done"] = d.Done.Format(time.RFC1123)
	}
	return edge.SendDocument(q.Ctx, documents, "deletion.html", data)
}
