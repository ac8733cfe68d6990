package pages

import (
	"bytes"
	"context"
	"strings"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// renderMax is how many roots /render/ puts into one answer.
const renderMax = discuss.MaxPageSize

// render is the thread as a piece of HTML, for pages that put it in on the
// server or when they are built, and for search engines.
func (r Room) render(ctx context.Context, q *edge.Request, in plainQuery) error {
	lang := r.Texts.Match(edge.Wanted(q.Ctx))
	key := strings.Join([]string{"/render/", q.Site.Key, lang, string(in.Thread), in.Sort, in.Under, in.Cursor}, "\x00")
	return q.SendPublic(key, edge.HTML, "Accept-Language", func() (follows int64, build func() ([]byte, error), err error) {
		th, err := r.Discuss.Thread(ctx, q.Site.ID, string(in.Thread))
		follows = int64(th.ID)
		if discuss.KindOf(err) == discuss.NotFound {
			follows, err = edge.NewThreads, nil
		}
		return follows, func() ([]byte, error) { return r.rendered(ctx, q, in) }, err
	})
}

func (r Room) rendered(ctx context.Context, q *edge.Request, in plainQuery) ([]byte, error) {
	p, err := r.gather(ctx, q, in, renderMax)
	if err != nil {
		return nil, err
	}
	p.MayPost = false
	here := r.Shape.Base + "/p/" + q.Site.Key
	for i := range p.Comments {
		noReplies(&p.Comments[i], here)
	}
	if p.Next != "" {
		p.Next = here + p.Next
	}
	var b bytes.Buffer
	err = documents.ExecuteTemplate(&b, "render", p)
	return b.Bytes(), err
}

// noReplies takes the links to the form from a comment and what is below it.
func noReplies(p *plainComment, page string) {
	p.ReplyLink, p.NoticeLink = "", ""
	if p.MoreLink != "" {
		p.MoreLink = page + p.MoreLink
	}
	for i := range p.Kids {
		noReplies(&p.Kids[i], page)
	}
}
