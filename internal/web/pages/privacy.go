package pages

import (
	"context"
	"net/url"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
)

const (
	oneDay   = 24 * time.Hour
	oneMonth = 30 * oneDay // as people count who say "90 days"
	oneYear  = 365 * oneDay
)

// Span says a length of time in words, in whole hours, days, months or years.
func Span(w i18n.Words, d time.Duration) string {
	switch {
	case d < oneDay:
		return w.T("span_hours", i18n.Values{"n": int(d / time.Hour)})
	case d%oneYear == 0:
		return w.T("span_years", i18n.Values{"n": int(d / oneYear)})
	case d > 6*oneMonth && d < oneYear:
		return w.T("span_months", i18n.Values{"n": int((d + oneMonth/2) / (oneYear / 12))})
	}
	return w.T("span_days", i18n.Values{"n": int(d / oneDay)})
}

type keptRow struct{ What, For string }

// privacy is what a site's comments keep of people, as its settings and the
// sweeps have it now: nothing on the page is typed by hand.
func (r Room) privacy(ctx context.Context, q *edge.Request, _ standardsIn) error {
	w := r.Texts.Words(edge.Wanted(q.Ctx), "page")
	ways, err := r.Auth.Ways(ctx, q.Site)
	if err != nil {
		return err
	}
	v := i18n.Values{"site": q.Site.Name, "wait": Span(w, auth.EraseWait)}
	page := map[string]any{"W": w, "Site": q.Site.Name, "V": v, "Guests": q.Site.Settings.TakesGuests(), "Classifier": q.Site.Settings.Moderation.Classifier, "Relay": r.Relay}
	var providers []string
	for _, way := range ways {
		switch way.Kind {
		case "provider":
			providers = append(providers, way.Label)
		case "site":
			page["Account"] = true
		case "sso":
			page["SSO"] = true
		}
	}
	page["Ways"] = joined("list", providers)
	page["Images"] = q.Site.Settings.Images != discuss.ImagesOff
	page["Services"] = joined("list", outsideServices(q.Site.Settings.Moderation))
	rows := []keptRow{}
	for _, k := range r.Retention {
		row := keptRow{w.T("kept_" + k.What), ""}
		if row.For = Span(w, k.For); k.Until != "" {
			row.For = w.T("until_" + k.Until)
		}
		rows = append(rows, row)
	}
	page["Rows"] = rows
	q.Response().Header.Add("Vary", "Accept-Language")
	return edge.SendDocument(q.Ctx, documents, "privacy.html", page)
}

// joined is a list as a message's value; nil where it is empty.
func joined(name string, list []string) i18n.Values {
	if len(list) == 0 {
		return nil
	}
	return i18n.Values{name: strings.Join(list, ", ")}
}

// outsideServices names who else a site sends its comments to.
func outsideServices(m discuss.Moderation) (out []string) {
	if m.AkismetKey != "" {
		out = append(out, "Akismet")
	}
	for _, at := range []string{m.ScorerURL, m.HookURL} {
		if u, err := url.Parse(at); err == nil && u.Host != "" {
			out = append(out, u.Hostname())
		}
	}
	return out
}
