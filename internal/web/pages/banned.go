package pages

import (
	"slices"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
)

// keptOut says until when and why somebody cannot write, in their language.
func (r Room) keptOut(q *edge.Request, b discuss.Ban) string {
	w := r.Texts.Words(edge.Wanted(q.Ctx), "reasons")
	said := w.T("banned")
	if !b.Until.IsZero() {
		said = w.T("banned_until", i18n.Values{"date": plainTime(w, b.Until)})
	}
	if b.Reason != "" {
		why := b.Reason
		if slices.Contains(discuss.Reasons, why) {
			why = w.T("reason_" + why)
		}
		said += " " + w.T("reason_is", i18n.Values{"reason": why}) + "."
	}
	return said + " " + w.T("can_read")
}
