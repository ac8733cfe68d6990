package discuss

import (
	"context"
	"strings"
)

// oldLinks are how other systems name a comment in a page's address, and the
// formats that an importer knows such a comment by.
var oldLinks = []struct {
	prefix  string
	sources []string
}{
	{"remark42__comment-", []string{"remark42"}},
	{"atk-comment-", []string{"artalk"}},
	{"comment-", []string{"disqus", "wordpress", "movabletype", "csv"}},
	{"comentario-", []string{"commento"}},
	{"commento-", []string{"commento"}},
	{"isso-", []string{"isso"}},
	{"commentID=", []string{"coral"}},
}

// OldLink finds the comment that a link from before an import names: link is the
// part of the page's address that did, like comment-12. NotFound if there is none
// in the thread, or it is not in view.
func (s *Service) OldLink(ctx context.Context, site Site, thread, link string) (ID, error) {
	for _, l := range oldLinks {
		if foreign, ok := strings.CutPrefix(link, l.prefix); ok && foreign != "" {
			return s.Store.ImportedComment(ctx, site.ID, thread, l.sources, foreign)
		}
	}
	return 0, ErrNotFound
}
