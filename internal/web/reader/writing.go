package reader

import (
	"context"
	"crypto/sha256"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type postIn struct {
	Key    string   `header:"Idempotency-Key" maxLength:"64" json:"-"`
	Proof  string   `header:"X-Parley-Proof" maxLength:"1024" description:"Answer to a challenge: base64url of the JSON {algorithm, challenge, number, salt, signature}." json:"-"`
	Site   string   `path:"site" json:"-"`
	Thread string   `json:"thread"`
	URL    string   `json:"url,omitempty"`
	Title  string   `json:"title,omitempty"`
	Parent *string  `json:"parent_id,omitempty"`
	Body   string   `json:"body"`
	Guest  *guestIn `json:"guest,omitempty"`
	As     string   `json:"as,omitempty" enum:"team"` // by one of the staff: under the name of the site's team
	chosenIn
}

// chosenIn is whom a writer has picked for the names in the text: the first name
// is that of the first mention, and so on, where several people are called alike.
type chosenIn struct {
	Mentions []personChosen `json:"mentions,omitempty"`
}

type personChosen struct {
	ID   string `json:"id"`
	Name string `json:"name"` // as it stands in the text, behind the @
}

func (in chosenIn) chosen() (out []discuss.Chosen, err error) {
	if len(in.Mentions) > discuss.MaxMentions {
		return nil, discuss.Bad("mentions", "must be at most 10")
	}
	for _, m := range in.Mentions {
		id, err := discuss.ParseID(m.ID)
		if err != nil {
			return nil, discuss.Bad("mentions.id", "is not a person of this site")
		}
		out = append(out, discuss.Chosen{Name: m.Name, ID: id})
	}
	return out, nil
}

type guestIn struct {
	Name  string `json:"name"`
	Email string `json:"email,omitempty"`
}

type commentOut struct {
	Comment shape.Comment `json:"comment"`
}

// draft is what a stranger may say.
func (in postIn) draft(q *edge.Request) (d discuss.Draft, err error) {
	if d, err = q.Draft(in.Thread, in.Body, in.Parent); err != nil {
		return d, err
	}
	if d.Mentions, err = in.chosen(); err != nil {
		return d, err
	}
	d.URL, d.Title, d.Proof, d.Team = in.URL, in.Title, in.Proof, in.As == "team"
	if in.As != "" && !d.Team {
		return d, discuss.Bad("as", "must be team, or left out")
	}
	if in.Guest == nil {
		return d, nil
	}
	d.GuestName = in.Guest.Name
	if in.Guest.Email != "" {
		if d.GuestEmail, err = auth.Email(in.Guest.Email); err != nil {
			return d, discuss.Bad("guest.email", "must be one email address")
		}
	}
	if !q.Who.SignedIn() {
		d.GuestMark = guestMark(q)
	}
	return d, nil
}

func (r Room) post(ctx context.Context, q *edge.Request, in postIn) (commentOut, error) {
	d, err := in.draft(q)
	if err != nil {
		return commentOut{}, err
	}
	digest := sha256.Sum256(q.Request().Body())
	made, again, err := q.Paced(func() (discuss.Comment, bool, error) {
		return r.Discuss.Post(ctx, q.Site, q.Who, d, discuss.Once{Key: in.Key, Digest: digest[:]})
	})
	stands := made.Status == discuss.Published || made.Status == discuss.Pending
	return commentOut{r.Shape.On(q.Site).CommentOf(made, !again || stands)}, err // a repeat is shown what became of it
}

// guestMark is the hash of what this guest's browser holds; it is given one
// where it has none. A program gets none: it has no browser to sign in with later.
func guestMark(q *edge.Request) []byte {
	if q.Get("Origin") == "" {
		return nil
	}
	token := q.Cookies(edge.GuestCookie)
	if !auth.IsToken(token) { // what we have not made is nobody's
		token, _ = auth.NewToken()
	}
	edge.SetCookie(q.Ctx, edge.GuestCookie, token, int(auth.SessionLife.Seconds()))
	return auth.HashToken(token)
}

// onComment is the path of a route about one comment.
type onComment struct {
	ID discuss.ID `path:"id" json:"-"`
}

type bodyIn struct {
	Body string `json:"body"`
}

type editIn struct {
	onComment
	bodyIn
	chosenIn
}

func (r Room) edit(ctx context.Context, q *edge.Request, in editIn) (commentOut, error) {
	chosen, err := in.chosen()
	if err != nil {
		return commentOut{}, err
	}
	c, err := r.Discuss.Edit(ctx, q.Site, q.Who, in.ID, in.Body, q.Addr(), chosen...)
	return commentOut{r.Shape.On(q.Site).CommentOf(c, true)}, err
}

func (r Room) remove(ctx context.Context, q *edge.Request, in onComment) (edge.None, error) {
	return edge.None{}, r.Discuss.Delete(ctx, q.Site, q.Who, in.ID)
}

func (r Room) restore(ctx context.Context, q *edge.Request, in onComment) (commentOut, error) {
	c, err := r.Discuss.Restore(ctx, q.Site, q.Who, in.ID, q.Addr())
	return commentOut{r.Shape.On(q.Site).CommentOf(c, true)}, err
}

type revision struct {
	HTML   string `json:"html"`
	At     string `json:"replaced_at"`
	Public bool   `json:"public"` // false: only its author and the moderators see it
}

type revisionsOut struct {
	Revisions []revision `json:"revisions"` // newest first
}

func (r Room) revisions(ctx context.Context, q *edge.Request, in onComment) (revisionsOut, error) {
	list, err := r.Discuss.Revisions(ctx, q.Site, q.Who, in.ID)
	out := revisionsOut{[]revision{}}
	for _, v := range list {
		out.Revisions = append(out.Revisions, revision{v.HTML, shape.Time(v.At), v.Public})
	}
	return out, err
}

func (r Room) source(ctx context.Context, q *edge.Request, in onComment) (bodyIn, error) {
	body, err := r.Discuss.Source(ctx, q.Site, q.Who, in.ID)
	return bodyIn{body}, err
}

type previewIn struct {
	Site string `path:"site" json:"-"`
	bodyIn
}

type previewOut struct {
	HTML string `json:"html"`
}

func (r Room) preview(ctx context.Context, q *edge.Request, in previewIn) (previewOut, error) {
	html, err := r.Discuss.Preview(ctx, q.Site, q.Who, in.Body)
	return previewOut{html}, err
}
