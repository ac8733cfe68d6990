// Package moderation is judgement only: the checks, the one pure decision,
// words and rules, the classifier. Decisions, reports and sanctions are verbs
// of discuss; nothing here stores, and nothing here speaks HTTP.
package moderation

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"parley/internal/discuss"
)

// Context is what a check may look at. Checks of the text see only what stands
// above the line.
type Context struct {
	text
	policy *Compiled
	model  *Model
	// ---
	discuss.Case
	Read   discuss.Reading
	Limits bool // those of time and count are on
}

// text is a comment's text as it was typed and as it is shown. Words and rules
// look at both: what was typed is where they can point to, what is shown is
// what people read. Where both are the same but for space the second is empty.
type text struct {
	body, shown        string
	tokens, shownWords []token
}

// markupSigns are those without which Markdown shows every word as it was typed.
const markupSigns = "*_~`&<>[]\\|"

// textOf makes a text ready. Without its HTML what was typed is what is shown.
func textOf(body, html string) text {
	t := text{body: body, tokens: tokens(body)}
	if html == "" || !strings.ContainsAny(body, markupSigns) && !strings.ContainsFunc(body, invisible) {
		return t // most comments: nothing in them shows as anything else
	}
	if s := shown(html); !sameInk(s, body) {
		t.shown, t.shownWords = s, tokens(s)
	}
	return t
}

// sameInk reports whether two texts differ in space only.
func sameInk(a, b string) bool {
	for a != "" && b != "" {
		wordA, restA := firstWord(a)
		wordB, restB := firstWord(b)
		if wordA != wordB {
			return false
		}
		a, b = restA, restB
	}
	return strings.TrimSpace(a) == strings.TrimSpace(b)
}

func firstWord(s string) (word, rest string) {
	s = strings.TrimLeft(s, " \n\t")
	if n := strings.IndexAny(s, " \n\t"); n >= 0 {
		return s[:n], s[n:]
	}
	return s, ""
}

// read is what readers are given.
func (t text) read() (string, []token) {
	if t.shown == "" {
		return t.body, t.tokens
	}
	return t.shown, t.shownWords
}

// Check is one look at a comment. All of them run, whatever the others say.
type Check func(Context) discuss.Finding

// textChecks need the text alone and run before the write.
var textChecks = []Check{banned, suspect, classify}

// caseChecks need the author's record, the thread and the clock.
var caseChecks = []Check{mode, links, pace, slow, repeat, fresh, record, demoted, burst}

const (
	maxSpans     = 20
	freshAge     = 24 * time.Hour
	rejectRate   = 0.3 // from which the record speaks
	repeatHold   = 1   // comments of the author with the same text in a day
	repeatSpam   = 3
	repeatOthers = 3 // the same text by other people
	scoreHold    = 0.8
	scoreSpam    = 0.97
)

// paces are the least seconds between two comments, and the most in a day.
var paces = map[discuss.Level]struct{ gap, day int }{
	discuss.LevelNew: {120, 10}, discuss.LevelMember: {20, 0}, discuss.LevelRegular: {20, 0}, discuss.LevelTrusted: {0, 0},
}

func readText(c Context) []discuss.Finding {
	var out []discuss.Finding
	for _, check := range textChecks {
		if f := check(c); f.Check != "" {
			out = append(out, f)
		}
	}
	return append(out, c.policy.look(c.text)...)
}

func banned(c Context) discuss.Finding {
	return words(c, c.policy.banned, "banned", discuss.SuggestReject)
}

func suspect(c Context) discuss.Finding {
	return words(c, c.policy.suspect, "suspect", discuss.SuggestHold)
}

func words(c Context, l *wordList, check string, wish discuss.Suggestion) discuss.Finding {
	found := l.find(c.tokens)
	for _, m := range l.find(c.shownWords) {
		if !slices.ContainsFunc(found, func(had match) bool { return had.word == m.word }) {
			m.span = [2]int{}
			found = append(found, m)
		}
	}
	if len(found) == 0 {
		return discuss.Finding{}
	}
	full := false // one of them counts for sure
	if slices.ContainsFunc(found, func(m match) bool { return m.langs != nil }) {
		shown, _ := c.read()
		t := tongueOf(shown)
		found = slices.DeleteFunc(found, func(m match) bool {
			fits := m.fits(t)
			full = full || fits == fitsWell
			return fits == fitsNot
		})
	} else {
		full = true
	}
	if len(found) == 0 {
		return discuss.Finding{}
	}
	if !full {
		wish = discuss.SuggestHold // somebody who knows the language shall say
	}
	f := discuss.Finding{Check: check, Suggested: wish, Count: len(found)}
	seen := map[string]bool{}
	var names []string
	for _, m := range found {
		if len(f.Spans) < maxSpans && m.span[1] > 0 {
			f.Spans = append(f.Spans, m.span)
		}
		if !seen[m.word] && len(names) < maxSpans {
			seen[m.word] = true
			names = append(names, m.word)
		}
	}
	f.Detail = strings.Join(names, ", ")
	return f
}

func classify(c Context) discuss.Finding {
	if c.model == nil {
		return discuss.Finding{}
	}
	score, ok := c.model.score(c.read())
	if !ok {
		return discuss.Finding{}
	}
	f := discuss.Finding{Check: "classifier", Score: score}
	if score > scoreHold {
		f.Suggested = discuss.SuggestHold
	}
	return f
}

func mode(c Context) discuss.Finding {
	f := discuss.Finding{Check: "mode", Suggested: discuss.SuggestHold, Detail: c.Mode}
	if c.Night {
		f.Check = "night"
	}
	switch {
	case c.Mode == discuss.ModeAll,
		c.Mode == discuss.ModeNewcomers && c.Level == discuss.LevelNew,
		c.Mode == discuss.ModeGuests && c.Author.Guest,
		c.Mode == discuss.ModeLinks && c.Read.Links > 0:
		return f
	}
	return discuss.Finding{}
}

// links holds a newcomer's first links, and more of them than a site takes.
func links(c Context) discuss.Finding {
	f := discuss.Finding{Check: "links", Suggested: discuss.SuggestHold, Count: c.Read.Links}
	switch limit := c.Site.Settings.Moderation.MaxLinks; {
	case c.Read.Links == 0:
		return discuss.Finding{}
	case limit >= 0 && c.Read.Links > limit:
		f.Detail = "many"
	case c.Level == discuss.LevelNew:
		f.Detail = "new"
	default:
		return discuss.Finding{}
	}
	f.Spans = linkSpans(c.Case.Body)
	return f
}

var address = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>()\[\]]+|\]\([^)\s]+\)`)

func linkSpans(body string) [][2]int {
	var out [][2]int
	for _, at := range address.FindAllStringIndex(body, maxSpans) {
		out = append(out, [2]int{at[0], at[1]})
	}
	return out
}

// countLinks counts the links that the rendered comment has: that is what
// readers can follow, however it was written.
func countLinks(html string) int { return strings.Count(html, "<a href=") }

// pace is how often an author of a level may write.
func pace(c Context) discuss.Finding {
	if !c.Limits || c.Edit {
		return discuss.Finding{}
	}
	p := paces[c.Level]
	if c.Level == discuss.LevelNew && p.day > 0 && c.Record.Today >= p.day {
		return discuss.Finding{Check: "pace", Suggested: discuss.SuggestWait, Count: int(time.Hour.Seconds()), Detail: "day"}
	}
	return wait("pace", c, c.Record.LastPost, p.gap)
}

// slow is a thread's or site's own gap between two comments of one author.
func slow(c Context) discuss.Finding {
	if !c.Limits || c.Edit {
		return discuss.Finding{}
	}
	gap := c.Thread.Slow
	if gap == 0 {
		gap = c.Site.Settings.Moderation.SlowSeconds
	}
	return wait("slow", c, c.Record.LastInHere, gap)
}

func wait(check string, c Context, last time.Time, gap int) discuss.Finding {
	if last.IsZero() || gap == 0 {
		return discuss.Finding{}
	}
	left := time.Duration(gap)*time.Second - c.Now.Sub(last)
	if left <= 0 {
		return discuss.Finding{}
	}
	return discuss.Finding{Check: check, Suggested: discuss.SuggestWait, Count: int((left + time.Second - 1) / time.Second)}
}

// repeat is the same text again, whatever case, spacing and look-alikes.
func repeat(c Context) discuss.Finding {
	f := discuss.Finding{Check: "repeat", Suggested: discuss.SuggestHold, Count: c.Record.Same + c.Record.SameOther}
	switch {
	case !c.Limits || c.Edit:
		return discuss.Finding{}
	case c.Record.Same >= repeatSpam:
		f.Suggested = discuss.SuggestSpam
	case c.Record.Same < repeatHold && c.Record.SameOther < repeatOthers:
		return discuss.Finding{}
	}
	return f
}

// fresh tells those who decide that the account is young; it holds nothing.
func fresh(c Context) discuss.Finding {
	age := c.Now.Sub(c.Record.Since)
	if age >= freshAge || c.Author.Guest || c.Level > discuss.LevelNew {
		return discuss.Finding{}
	}
	return discuss.Finding{Check: "fresh", Count: int(age.Hours())}
}

// record tells that much of the author's has been rejected.
func record(c Context) discuss.Finding {
	rate := c.Record.RejectRate()
	if rate < rejectRate || c.Record.Decided60 < 3 {
		return discuss.Finding{}
	}
	return discuss.Finding{Check: "record", Score: rate, Count: c.Record.Rejected60}
}

func demoted(c Context) discuss.Finding {
	if !c.Record.Demoted(c.Now) {
		return discuss.Finding{}
	}
	return discuss.Finding{Check: "demoted", Suggested: discuss.SuggestHold, Count: c.Record.Rejected7}
}

// burst holds newcomers while a thread runs hot.
func burst(c Context) discuss.Finding {
	limit := c.Site.Settings.Moderation.Burst
	if !c.Limits || limit == 0 || c.Case.Burst < limit || c.Level > discuss.LevelNew || c.Edit {
		return discuss.Finding{}
	}
	return discuss.Finding{Check: "burst", Suggested: discuss.SuggestHold, Count: c.Case.Burst}
}
