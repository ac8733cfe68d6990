package moderation

import "parley/internal/discuss"

// Standing is what the decision needs of an author.
type Standing struct {
	Staff   bool // moderators and above: no hold and no pace meets them
	Trusted bool // by hand: classifier and suspect words are not heard
}

// Decide turns findings into a status. It is pure: the same findings give the
// same answer, and every sentence of it is a row in its test's table.
// The wait is in seconds; where it is not 0 nothing is to be stored.
func Decide(fs []discuss.Finding, a Standing) (to discuss.Status, wait int) {
	if a.Staff {
		return discuss.Published, 0
	}
	to = discuss.Published
	for _, f := range fs {
		if a.Trusted && (f.Check == "classifier" || f.Check == "suspect") {
			continue
		}
		switch f.Suggested {
		case discuss.SuggestWait:
			wait = max(wait, f.Count)
		case discuss.SuggestHold:
			to = discuss.MoreSevere(to, discuss.Pending)
		case discuss.SuggestSpam:
			to = discuss.MoreSevere(to, discuss.Spam)
		case discuss.SuggestReject:
			to = discuss.MoreSevere(to, discuss.Rejected)
		}
	}
	if to == discuss.Pending && certain(fs) && !a.Trusted {
		to = discuss.Spam
	}
	return to, wait
}

// Risky reports whether a guest's browser is to work before the comment is
// taken: something in it would hold it. A mode holds whatever is written and
// says nothing about it, and what is rejected anyway needs no work.
func Risky(fs []discuss.Finding) bool {
	risky := false
	for _, f := range fs {
		switch {
		case f.Suggested == discuss.SuggestReject:
			return false
		case f.Check != "mode" && f.Check != "night" && (f.Suggested == discuss.SuggestHold || f.Suggested == discuss.SuggestSpam):
			risky = true
		}
	}
	return risky
}

// certain is a classifier that is all but sure and does not stand alone.
func certain(fs []discuss.Finding) bool {
	sure, second := false, false
	for _, f := range fs {
		switch f.Check {
		case "classifier":
			sure = f.Score >= scoreSpam
		case "links", "repeat", "akismet":
			second = second || f.Suggested != discuss.SuggestNothing
		}
	}
	return sure && second
}

// Again decides after an outside service has spoken. It never brings into view
// what was held, for holding is a mode's or a rule's word; and a comment that
// the services hold for themselves (a hook that fails closed) waits for people.
// A trusted author's exemptions hold here as they did at first.
func Again(t discuss.Trace, now discuss.Status, trusted bool) discuss.Status {
	to, _ := Decide(t.Findings, Standing{Trusted: trusted})
	return discuss.MoreSevere(now, to)
}
