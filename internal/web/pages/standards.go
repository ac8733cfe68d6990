package pages

import (
	"context"
	"html/template"
	"net/http"

	"parley/internal/i18n"
	"parley/internal/web/edge"
)

type standardsIn struct {
	Site string `path:"site" json:"-"`
}

// standards is a site's community standards as a page that a link can name:
// from the sign-in window, from a mail. A site with a page of its own is asked
// for there.
func (r Room) standards(ctx context.Context, q *edge.Request, _ standardsIn) error {
	if u := q.Site.Settings.Standards; u != "" {
		return q.Redirect(u, http.StatusFound)
	}
	w := r.Texts.Words(edge.Wanted(q.Ctx), "page")
	v, err := r.Discuss.StandardsShown(ctx, q.Site, w.T("standards"))
	if err != nil {
		return err
	}
	said := ""
	if v.Version > 0 {
		said = w.T("standards_version", i18n.Values{"n": v.Version, "date": plainDay(w, v.At)})
	}
	q.Response().Header.Add("Vary", "Accept-Language")
	return edge.SendDocument(q.Ctx, documents, "standards.html", map[string]any{
		"W": w, "Site": q.Site.Name, "Key": q.Site.Key, "Text": template.HTML(v.HTML), "Version": v.Version, "Said": said, //nolint:gosec // rendered and cleaned like a comment
	})
}
