package discuss

import "time"

// Numbers of a demotion; see static/docs/develop/formulas.md.
const (
	demotedShare     = 0.3
	demotedDecisions = 3
	demotedWeek      = 7 * 24 * time.Hour
)

// PastDecision is what was once decided about a comment of an author.
type PastDecision struct {
	At  time.Time
	Bad bool // rejected, or spam
}

// Count adds the decisions about an author to the record, the newest first.
func (r *Record) Count(ds []PastDecision) {
	for n, d := range ds {
		bad := 0
		if d.Bad {
			bad = 1
			if r.LastBad.IsZero() {
				r.LastBad = d.At
			}
		}
		if n < 10 {
			r.Last10++
			r.Rejected10 += bad
		}
		r.Decided60++
		r.Rejected60 += bad
	}
	r.Decided7, r.Rejected7 = demoting(ds)
}

// demoting finds the week that demotes an author, if one does, and else the
// week of the last rejection. A week is looked at as it stood when it ended
// with a rejection: neither time that passes nor what is approved meanwhile
// dilutes it. A later rejection with less than a clean week before it prolongs
// what an earlier one began, so those are looked at too.
func demoting(ds []PastDecision) (decided, rejected int) {
	var last time.Time // the rejection after the one at hand
	for i, d := range ds {
		if !d.Bad {
			continue
		}
		if !last.IsZero() && last.Sub(d.At) >= demotedWeek {
			break // it had lifted before that one came
		}
		from, n, bad := i, 0, 0
		for from > 0 && ds[from-1].At.Equal(d.At) {
			from-- // decisions of one moment, a selection, have no order
		}
		for _, e := range ds[from:] {
			if d.At.Sub(e.At) >= demotedWeek {
				break
			}
			n++
			if e.Bad {
				bad++
			}
		}
		if last.IsZero() || muchRejected(n, bad) {
			decided, rejected = n, bad
		}
		if muchRejected(n, bad) {
			break
		}
		last = d.At
	}
	return decided, rejected
}

func muchRejected(decided, rejected int) bool {
	return decided >= demotedDecisions && float64(rejected) >= demotedShare*float64(decided)
}

// Demoted reports whether everything of the author waits for now: a third of a
// week's decisions were rejections. It lifts itself after seven clean days.
func (r Record) Demoted(now time.Time) bool {
	return muchRejected(r.Decided7, r.Rejected7) && now.Before(r.Lifts())
}

// Lifts is when a demotion ends by itself if nothing more is rejected.
func (r Record) Lifts() time.Time { return r.LastBad.Add(demotedWeek) }
