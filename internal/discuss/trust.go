package discuss

import (
	"net/netip"
	"time"
)

// Level is how far a site trusts an author.
type Level int

// The levels. Trusted is given by hand only.
const (
	LevelNew Level = iota
	LevelMember
	LevelRegular
	LevelTrusted
)

// Record is what is known of an author when something of theirs is judged.
type Record struct {
	Since      time.Time // when the author appeared on the site
	Published  int
	Trust      Level     // given by hand: the level never falls under it
	Last10     int       // of the last ten decisions
	Rejected10 int       // rejections among them
	LastBad    time.Time // of the last rejection
	Decided7   int       // in the week that demoted the author, or else the 7 days up to it
	Rejected7  int
	Decided60  int // in 60 days
	Rejected60 int
	Reports    int  // decided reports that the author made
	Agreed     int  // of those, the ones that a decision agreed with
	Discounted bool // what the author reports counts for nothing for now

	LastPost   time.Time
	LastInHere time.Time // in this thread
	Today      int       // posts in 24 hours
	Same       int       // comments of the author with this text in 24 hours
	SameOther  int       // of other people
}

// Numbers of the levels; see static/docs/develop/formulas.md.
const (
	regularPublished = 50
	regularRejected  = 0.05
	regularAccuracy  = 0.7
	accuracyReports  = 5 // fewer say nothing about a reporter
)

// Level is what the record comes to.
func (r Record) Level(now time.Time, m Moderation) Level {
	auto := LevelNew
	if now.Sub(r.Since) >= time.Duration(m.NewHours)*time.Hour && r.Published >= m.NewPosts && r.Rejected10 == 0 {
		auto = LevelMember
		accurate := r.Reports <= accuracyReports || float64(r.Agreed)/float64(r.Reports) >= regularAccuracy
		if r.Published >= regularPublished && float64(r.Rejected60) < regularRejected*float64(max(1, r.Decided60)) && accurate {
			auto = LevelRegular
		}
	}
	return max(auto, r.Trust)
}

// RejectRate is the share of rejections in 60 days; 0 where nothing was decided.
func (r Record) RejectRate() float64 {
	if r.Decided60 == 0 {
		return 0
	}
	return float64(r.Rejected60) / float64(r.Decided60)
}

// severity orders what may be decided about a text.
var severity = map[Status]int{Published: 0, Pending: 1, Spam: 2, Rejected: 3}

// MoreSevere is the more severe of two statuses.
func MoreSevere(a, b Status) Status {
	if severity[b] > severity[a] {
		return b
	}
	return a
}

// Services are the outside services that a site asks about a comment.
func (m Moderation) Services() []string {
	var out []string
	for _, s := range []struct {
		name string
		on   bool
	}{{"akismet", m.AkismetKey != ""}, {"scorer", m.ScorerURL != ""}, {"hook", m.HookURL != ""}} {
		if s.on {
			out = append(out, s.name)
		}
	}
	return out
}

// Case is a comment that is about to be stored, and all that is known of it.
type Case struct {
	Site    Site
	Thread  Thread
	Who     Actor
	Author  Author
	Record  Record
	Level   Level
	Body    string
	HTML    string
	Mode    string // that holds here
	Night   bool   // because it is night
	Burst   int    // comments of the last minute in the thread
	IP      netip.Addr
	Proof   string // that the browser of a guest has worked; "" none
	Edit    bool   // of a comment that stands already: pace does not ask
	Now     time.Time
	Created time.Time // of an edited comment
}

// Suggestion is what a finding asks for.
type Suggestion string

// The wishes. A finding without one is kept for those who decide.
const (
	SuggestNothing Suggestion = ""
	SuggestHold    Suggestion = "hold"
	SuggestSpam    Suggestion = "spam"
	SuggestReject  Suggestion = "reject"
	SuggestWait    Suggestion = "wait" // come back later
)

// Finding is what one check saw. Spans are byte offsets in the body.
type Finding struct {
	Check     string
	Suggested Suggestion
	Score     float64 // in [0, 1], where the check has one
	Count     int     // links, repeats, reporters, seconds: what the check counts
	Detail    string  // a rule's name, a mode, an outside service
	Spans     [][2]int
}

// NoAnswer is the detail of a finding whose service has not answered; what it
// says later takes that finding's place.
const NoAnswer = "no answer"

// Trace is why a comment stands where it stands.
type Trace struct {
	Policy   int64 // version of words and rules
	Verdict  Status
	Findings []Finding
}

// Judgement is the answer to a case.
type Judgement struct {
	Status Status
	Risk   float64 // its place in the inbox; more is more urgent
	Wait   int     // seconds until the author may try again; then nothing is stored
	Trace  Trace
	Ask    []string // outside services to be asked after the answer
	Puzzle *Puzzle  // to be solved before the comment is taken; then nothing is stored
}

// Puzzle is work for the browser of a guest whose comment looks risky: find
// the number up to MaxNumber for which the hex digest of Salt with the number
// behind it, in decimal, is Challenge.
type Puzzle struct {
	Algorithm string // "SHA-256"
	Challenge string
	MaxNumber int
	Salt      string // holds when the puzzle is over
	Signature string // of the challenge
}
