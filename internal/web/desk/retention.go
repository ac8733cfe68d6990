package desk

import (
	"context"

	"parley/internal/web/edge"
)

// kept is a row of the retention table.
type kept struct {
	What    string `json:"what"`    // its name
	Text    string `json:"text"`    // what that is, in English
	Seconds int64  `json:"seconds"` // that it is kept
}

type retention struct {
	Kept    []kept `json:"kept"`
	Privacy string `json:"privacy_url"` // the page that is made of this
}

// retention says how long things are kept. The settings show it as the privacy
// page does; it follows from what the server does, and no setting changes it.
func (r Room) retention(_ context.Context, q *edge.Request, _ onSite) (retention, error) {
	out := retention{Kept: []kept{}, Privacy: r.Shape.Base + "/p/" + q.Site.Key + "/privacy"}
	w := r.Texts.Words("en", "page")
	for _, k := range r.Retention {
		out.Kept = append(out.Kept, kept{k.What, w.T("kept_" + k.What), int64(k.For.Seconds())})
	}
	return out, nil
}
