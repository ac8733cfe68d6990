package discuss

// Objections are what readers hold against a comment and nobody has answered.
type Objections struct {
	Reports int     // open ones, notices of illegal content among them
	Void    int     // of those, reports by people whose reports count for nothing for a while
	Weight  float64 // of the reports that count, one network counted once
	Illegal bool    // a notice of illegal content, or a report that says so
}

// Parts of the priority; see static/docs/develop/formulas.md.
const (
	riskReport   = 2 // for each unit of weight
	riskSuspect  = 3
	riskLink     = 2
	riskFresh    = 2
	riskRejected = 4
	riskScore    = 5
	riskIllegal  = 1_000 // before all else: the law gives an answer its time, and who sent the notice waits for it
	riskRepeat   = 2
	scoreHigh    = 0.8
	leastReport  = 1 // weight of reports that do not count: they bring a comment before people all the same
)

// Priority is a comment's place in the inbox, more being more urgent: a pure
// function of what the checks found and what readers said, and the only one,
// so that whatever is judged again loses nothing and counts nothing twice.
// Findings that say the same in different words (a bad record and the demotion
// that follows from it, three opinions on one text) count once. Views an hour
// are no part of it: nobody counts views, for a beacon that
// anybody can send would let anybody order the inbox.
func Priority(t Trace, o Objections) float64 {
	var word, link, fresh, record, repeat, score float64
	for _, f := range t.Findings {
		switch f.Check {
		case "suspect", "banned", "rule":
			word = riskSuspect
		case "links":
			link = riskLink
		case "fresh":
			fresh = riskFresh
		case "record", "demoted":
			record = riskRejected
		case "repeat":
			repeat = riskRepeat
		case "classifier", "akismet", "scorer", "hook":
			if f.Score > scoreHigh {
				score = riskScore
			}
		}
	}
	sum := word + link + fresh + record + repeat + score
	if o.Reports > o.Void {
		sum += riskReport * max(o.Weight, leastReport)
	}
	if o.Illegal {
		sum += riskIllegal
	}
	return sum
}

// rejudge replaces a comment's trace and gives it the place that follows.
func rejudge(r ReportReader, ch *Changes, id ID, t Trace, fingerprint int64) error {
	o, err := r.Objections(id)
	if err == nil {
		ch.Add(SetJudgement{Comment: id, Trace: t, Risk: Priority(t, o), Fingerprint: fingerprint})
	}
	return err
}

// with returns a trace that holds a finding once: an older one of the same
// check and detail gives way.
func (t Trace) with(f Finding) Trace {
	return t.but(func(old Finding) bool { return old.Check == f.Check && old.Detail == f.Detail }, f)
}

// without returns a trace that lacks the findings of a check.
func (t Trace) without(check string) Trace {
	return t.but(func(old Finding) bool { return old.Check == check })
}

func (t Trace) but(gone func(Finding) bool, more ...Finding) Trace {
	fs := make([]Finding, 0, len(t.Findings)+1)
	for _, f := range t.Findings {
		if !gone(f) {
			fs = append(fs, f)
		}
	}
	t.Findings = append(fs, more...)
	return t
}
