package pages

import (
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/shape"
)

// closingNotice is how long before its end readers are told when a discussion closes.
const closingNotice = 24 * time.Hour

// tellEnd says when the discussion closes, or when it did. Nobody knows the
// zone of a reader without a script: times are UTC, and say so.
func (p *plainPage) tellEnd(at, now time.Time) {
	switch {
	case at.IsZero():
	case !p.MayPost:
		p.ClosedOn = p.Words.T("closed_on", i18n.Values{"date": plainDay(p.Words, at)})
	case at.Sub(now) < closingNotice:
		p.Closing = p.Words.T("closes", i18n.Values{"date": plainDay(p.Words, at), "time": at.UTC().Format("15:04")})
	}
}

// tellNight says that what everybody writes waits, while it is so.
func (p *plainPage) tellNight(n *shape.Night, now time.Time) {
	p.Waits = ""
	if n != nil && n.Mode == discuss.ModeAll && n.From <= shape.Time(now) {
		p.Waits = p.Words.T("night", i18n.Values{"time": n.Ends().UTC().Format("15:04")})
	}
}

// plainTime is a moment in UTC, and says so.
func plainTime(words i18n.Words, at time.Time) string {
	return plainDay(words, at) + at.UTC().Format(", 15:04 UTC")
}

// plainDay is a day as a page without a script can write it: Go knows the
// names of months in English alone.
func plainDay(words i18n.Words, at time.Time) string {
	if words.Lang != i18n.Fallback {
		return at.UTC().Format(time.DateOnly)
	}
	return at.UTC().Format("2 January 2006")
}
