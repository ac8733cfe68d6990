// Package installcheck names what is wrong with an install. Facts go in: what a
// page said of itself in a reader's browser, what a plain fetch of it gave, and
// what the server knows. Findings come out, each with one sentence and one thing
// to do. It asks nobody and keeps nothing.
package installcheck

import (
	"encoding/json"
	"time"
)

// Report is what a page says that was opened with the token of a check. All of
// it is a browser's word; it may hold anything.
type Report struct {
	Build     string      `json:"build"`     // of the script
	Base      string      `json:"base"`      // the address that the script came from
	Page      string      `json:"page"`      // its address, without the token
	Canonical []string    `json:"canonical"` // links that name the page's main address, absolute
	Elements  []Element   `json:"elements"`
	Scripts   []string    `json:"scripts"` // addresses of all tags of an embed.js
	Loads     int         `json:"loads"`   // how many times an embed.js was fetched
	Policy    []Violation `json:"policy"`
	Opener    string      `json:"opener"`    // Cross-Origin-Opener-Policy, as the page reads it of itself
	Worker    string      `json:"worker"`    // script of the service worker that controls the page
	Handles   bool        `json:"handles"`   // ... and it stands between the page and this server
	Framed    bool        `json:"framed"`    // the page is in another page's frame
	Sandboxed bool        `json:"sandboxed"` // ... which gives it no origin
	Insecure  bool        `json:"insecure"`  // the browser does not call the page secure
	Clock     int64       `json:"clock"`     // milliseconds that the browser's clock is ahead of ours
	RTT       int64       `json:"rtt"`       // milliseconds from a question to its answer
	API       string      `json:"api"`       // "ok", or "failed"
	Socket    string      `json:"socket"`    // "open", "failed", or "" where it was not tried
	Held      string      `json:"held"`      // how the tag itself says that it was held back; "" if it doesn't
	Late      int64       `json:"late"`      // milliseconds from when the page could be used to when the script was fetched
	Managers  []string    `json:"managers"`  // consent managers and script loaders on the page
	By        string      `json:"by"`        // "post", or "script" where no request got through
}

// Element is one place for comments on the page.
type Element struct {
	Site   string `json:"site"`
	Thread string `json:"thread"`
	Mode   string `json:"mode"`
	Hidden string `json:"hidden"` // how: "display: none on #comments"
	Rule   string `json:"rule"`   // selector of the page's rule that hides it; "" where none of the page does
}

// Violation is something of ours that the page's security policy forbade.
type Violation struct {
	Directive string `json:"directive"`
	Blocked   string `json:"blocked"`
	Only      bool   `json:"only"` // it was reported, not blocked
}

// Bounds of what is taken from a report.
const (
	maxItems = 20
	maxRunes = 500
)

// Read reads a report and cuts it to its bounds.
func Read(b []byte) (Report, error) {
	var r Report
	if err := json.Unmarshal(b, &r); err != nil {
		return r, err
	}
	for _, s := range []*string{&r.Build, &r.Base, &r.Page, &r.Opener, &r.Worker, &r.API, &r.Socket, &r.Held, &r.By} {
		*s = cut(*s)
	}
	for _, l := range []*[]string{&r.Canonical, &r.Scripts, &r.Managers} {
		*l = (*l)[:min(len(*l), maxItems)]
		for i := range *l {
			(*l)[i] = cut((*l)[i])
		}
	}
	r.Elements, r.Policy = r.Elements[:min(len(r.Elements), maxItems)], r.Policy[:min(len(r.Policy), maxItems)]
	for i := range r.Elements {
		e := &r.Elements[i]
		e.Site, e.Thread, e.Mode, e.Hidden, e.Rule = cut(e.Site), cut(e.Thread), cut(e.Mode), cut(e.Hidden), cut(e.Rule)
	}
	for i := range r.Policy {
		r.Policy[i].Directive, r.Policy[i].Blocked = cut(r.Policy[i].Directive), cut(r.Policy[i].Blocked)
	}
	return r, nil
}

func cut(s string) string {
	if r := []rune(s); len(r) > maxRunes {
		return string(r[:maxRunes])
	}
	return s
}

// Seen is what the server knows of a check.
type Seen struct {
	Base    string   // this server's address
	Build   string   // of its script; "" if it is not known
	Site    string   // key of the site that the check is for
	Name    string   // its name
	Origins []string // of its list
	Origin  string   // that the page's browser gave
	Kept    bool     // the cookie of the check came back
	Page    string   // the address that is checked, without the token
	Waited  time.Duration
}

// Levels of a finding.
const (
	OK   = "ok"   // nothing to do
	Warn = "warn" // works, and not as well as it could
	Bad  = "bad"  // does not work
)

// Finding is one thing that was looked at.
type Finding struct {
	Code     string `json:"code"`
	Level    string `json:"level" enum:"ok,warn,bad"`
	Sentence string `json:"sentence"`                                  // what is so
	Do       string `json:"do"`                                        // the one thing to do; what is to be typed stands between backticks
	Copy     string `json:"copy,omitempty"`                            // what that thing needs
	CopyAs   string `json:"copy_as,omitempty" enum:"line,tag,address"` // what that is
}

// Verdict is the worst level of findings.
func Verdict(list []Finding) string {
	out := OK
	for _, f := range list {
		if f.Level == Bad || f.Level == Warn && out == OK {
			out = f.Level
		}
	}
	return out
}
