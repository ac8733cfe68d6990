package desk

import (
	"context"

	"parley/internal/web/edge"
)

// kept is a row of the retention table.
type kept struct {
	What    string `json:"what"`    // its name
	Text    string `json:"text"`    // what that is, in English
	Seconds int64  `json:"seconds"` // that it is kept; 0 with until
	Until   string `json:"until"`   // what ends it, in English; "" for a length of time
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
		row := kept{What: k.What, Text: w.T("kept_" + k.What), Seconds: int64(k.For.Seconds())}
		if k.Until != "" {
			row.Until = w.T("until_" + k.Until)
		}
		out.Kept = append(out.Kept, row)
	}
	return out, nil
}
