package reader

import (
	"context"

	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type mentionableIn struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
}

type mentionableOut struct {
	People []mentionable `json:"people"` // those who wrote most here first
}

type mentionable struct {
	shape.Author
	Comments int `json:"comments"` // of theirs, among the newest of the thread
}

// mentionable are the people of a thread, for the list that opens behind an @.
func (r Room) mentionable(ctx context.Context, q *edge.Request, in mentionableIn) (mentionableOut, error) {
	people, err := r.Discuss.Mentionable(ctx, q.Site, q.Who, string(in.Thread))
	out := mentionableOut{make([]mentionable, 0, len(people))}
	for _, p := range people {
		out.People = append(out.People, mentionable{*r.Shape.AuthorOf(p.Author), p.Comments})
	}
	return out, err
}
