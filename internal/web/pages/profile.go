package pages

import (
	"context"
	"html/template"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// profileShows is how many comments a person's page has: their newest.
const profileShows = 30

type profileIn struct {
	Site string     `path:"site" json:"-"`
	ID   discuss.ID `path:"id" json:"-"`
}

type profileComment struct {
	When, Date, Link, Title string
	HTML                    template.HTML
}

// profile is the page of a person, where a site has such pages. Search engines
// are asked to leave it out.
func (r Room) profile(ctx context.Context, q *edge.Request, in profileIn) error {
	c, site, err := r.Discuss.Card(ctx, in.ID)
	if err != nil {
		return err
	}
	if site.ID != q.Site.ID || !site.Settings.Profiles || c.Guest {
		return discuss.ErrNotFound
	}
	rows, err := r.Discuss.PublishedBy(ctx, in.ID, profileShows)
	if err != nil {
		return err
	}
	w := r.Texts.Words(edge.Wanted(q.Ctx), "page")
	list := make([]profileComment, 0, len(rows))
	for _, row := range rows {
		list = append(list, profileComment{
			shape.Time(row.Created), plainTime(w, row.Created), r.Shape.Base + "/c/" + row.ID.String(),
			discuss.Thread{Title: row.Title, URL: row.URL, Key: row.Key}.Called(site), template.HTML(r.Shape.Plain(row.HTML)), //nolint:gosec // canonical HTML of our own renderer
		})
	}
	var badges []string
	for _, b := range shape.BadgesOf(c.Author) {
		badges = append(badges, w.T(b))
	}
	q.Set("X-Robots-Tag", "noindex")
	return edge.SendDocument(q.Ctx, documents, "profile", map[string]any{
		"W": w, "Site": site.Name, "Name": c.Name, "Avatar": r.Shape.Avatar(c.Author), "Badges": badges, "Comments": list,
		"Since": w.T("profile_since", i18n.Values{"date": plainDay(w, c.Since)}), "Count": w.T("profile_count", i18n.Values{"n": c.Comments}),
	})
}
