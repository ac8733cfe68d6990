package public

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/web/cached"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type searchIn struct {
	Site   string `path:"site" json:"-"`
	Q      string `query:"q" required:"true" description:"Words, of which the last may be a beginning; from:name, has:link, has:image." json:"-"`
	Thread string `query:"thread" description:"The key of a thread; left out, the whole site." json:"-"`
	Cursor string `query:"cursor" json:"-"`
	Limit  int    `query:"limit" minimum:"1" maximum:"50" default:"20" json:"-"`
}

// found is a comment that was looked for, and where in its text the words are.
type found struct {
	shape.Comment
	Text  string        `json:"text"`  // what readers see, without markup and with spoilers covered
	Marks [][2]int      `json:"marks"` // from and to in text, in UTF-16 code units
	At    *shape.Thread `json:"thread,omitempty"`
}

type searchOut struct {
	Comments []found `json:"comments"`
	Next     *string `json:"next_cursor"` // where it goes on; it may have found nothing so far
}

// search finds what is published, newest first. Most of what is typed is typed
// once; answers are kept for those who type the same.
func (r Room) search(ctx context.Context, q *edge.Request, in searchIn) (int64, func() (searchOut, error), error) {
	query := discuss.SearchQuery{Site: q.Site.ID, Text: in.Q, Limit: in.Limit}
	var err error
	if query.After, err = discuss.ParseCursor(in.Cursor, discuss.SortNewest); err != nil {
		return 0, nil, err
	}
	if in.Thread != "" {
		th, err := r.Discuss.Thread(ctx, q.Site.ID, in.Thread)
		if discuss.KindOf(err) == discuss.NotFound {
			return cached.NewThreads, func() (searchOut, error) { return searchOut{Comments: []found{}}, nil }, nil
		}
		if err != nil {
			return 0, nil, err
		}
		query.Thread = th.ID
	}
	return cached.AnyThread, func() (searchOut, error) {
		rows, next, err := r.Discuss.Search(ctx, query)
		out := searchOut{Comments: make([]found, 0, len(rows)), Next: shape.Cursor(next)}
		threads := map[discuss.ID]*shape.Thread{}
		for _, f := range rows {
			one := found{Comment: r.Shape.On(q.Site).CommentOf(f.Comment, false), Text: f.Text, Marks: f.Marks}
			if in.Thread == "" {
				if threads[f.ThreadID] == nil {
					th, err := r.Discuss.ThreadByID(ctx, f.ThreadID)
					if err != nil {
						return out, err
					}
					threads[f.ThreadID] = r.Shape.ThreadOf(th, q.Site)
				}
				one.At = threads[f.ThreadID]
			}
			out.Comments = append(out.Comments, one)
		}
		return out, err
	}, nil
}
