package public

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type cardIn struct {
	ID discuss.ID `path:"id" json:"-"`
}

// cardOut is a person as a name leads to, counted from what is published on the site.
type cardOut struct {
	shape.Author
	Since    string  `json:"since"`
	Comments int     `json:"comments"`
	Picks    int     `json:"picks"`
	Profile  *string `json:"profile_url"` // null where the site has no pages of people
}

// cardFor is how long a cache may answer with a card: its numbers move, and nobody waits for them.
const cardFor = "public, max-age=60"

// card tells who somebody is, of those who have published something there.
func (r Room) card(ctx context.Context, q *edge.Request, in cardIn) (cardOut, error) {
	q.Set("Access-Control-Allow-Origin", "*")
	c, site, err := r.Discuss.Card(ctx, in.ID)
	if err != nil {
		return cardOut{}, err
	}
	q.Set("Cache-Control", cardFor)
	out := cardOut{*r.Shape.AuthorOf(c.Author), shape.Time(c.Since), c.Comments, c.Picks, nil}
	if site.Settings.Profiles && !c.Guest {
		out.Profile = shape.Ptr(r.Shape.Base + "/p/" + site.Key + "/people/" + c.ID.String())
	}
	return out, nil
}
