package installcheck

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Bounds of what is worth saying.
const (
	slowMS     = 1500             // from a question to its answer
	clockMS    = 90_000           // that a clock may be off
	lateMS     = 1500             // from when the page could be used to when the script was fetched
	silentTime = 20 * time.Second // after which a page that carries the tag should have reported
)

// facts are all that a finding may be made of. said is nil while no page has
// reported, saw while the page has not been fetched.
type facts struct {
	Seen
	said *Report
	saw  *Fetched
}

// look is one line of the table: it finds nothing, or what it is about.
type look func(facts) []Finding

// Findings are what is to say of an install, the worst first. said is nil while
// no page has reported, saw while the page has not been fetched.
func Findings(at Seen, said *Report, saw *Fetched) []Finding {
	f := facts{at, said, saw}
	out := []Finding{}
	looks := inSource
	if said != nil {
		looks = inBrowser
	}
	for _, l := range looks {
		for _, v := range l(f) {
			if !slices.ContainsFunc(out, func(have Finding) bool { return have.Code == v.Code }) {
				out = append(out, v)
			}
		}
	}
	rank := map[string]int{Bad: 0, Warn: 1, OK: 2}
	slices.SortStableFunc(out, func(a, b Finding) int { return rank[a.Level] - rank[b.Level] })
	return out
}

func bad(code, sentence, do string) []Finding {
	return []Finding{{Code: code, Level: Bad, Sentence: sentence, Do: do}}
}

func warn(code, sentence, do string) []Finding {
	return []Finding{{Code: code, Level: Warn, Sentence: sentence, Do: do}}
}

func good(code, sentence, more string) []Finding {
	return []Finding{{Code: code, Level: OK, Sentence: sentence, Do: strings.TrimSpace("Nothing to do. " + more)}}
}

// with says what is to be copied for the one thing to do.
func with(list []Finding, as, text string) []Finding {
	for i := range list {
		list[i].Copy, list[i].CopyAs = text, as
	}
	return list
}

// capital begins a sentence.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// snippet is what belongs into a page.
func (f facts) snippet() string {
	return fmt.Sprintf("<script async src=\"%s/embed.js\"></script>\n<parley-comments site=\"%s\"></parley-comments>", f.Base, f.Site)
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return ""
	}
	return u.Scheme + "://" + strings.ToLower(u.Host)
}

func secure(address string) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	return u.Scheme == "https" || u.Hostname() == "localhost" || strings.HasPrefix(u.Hostname(), "127.")
}

// canonical is what is odd about the address that a page calls its main one.
func (f facts) canonical(page string, links []string) []Finding {
	at, err := url.Parse(page)
	if err != nil || len(links) == 0 {
		return nil
	}
	fix := func(list []Finding) []Finding {
		return with(list, "tag", fmt.Sprintf("<link rel=\"canonical\" href=\"%s\">", page))
	}
	do := "Set the canonical link to `" + page + "`"
	for _, l := range links[1:] {
		if l != links[0] {
			return fix(warn("canonical_several", "The page names several main addresses, and the first one counts.", "Leave one canonical link, to `"+page+"`"))
		}
	}
	to, err := url.Parse(links[0])
	switch {
	case err != nil || to.Scheme != "https" && to.Scheme != "http":
		return fix(warn("canonical_broken", "The page’s main address is no address, so it is passed over.", do))
	case (to.Path == "" || to.Path == "/") && at.Path != "/" && at.Path != "" && to.RawQuery == "":
		return fix(bad("canonical_root", "The page says that its main address is the front page, so all articles would share one discussion.", do))
	case !strings.EqualFold(to.Host, at.Host) && !slices.Contains(f.Origins, originOf(links[0])):
		return fix(warn("canonical_elsewhere", "The page says that its main address is on "+to.Host+", which is not on the site’s list.", do))
	case to.Scheme != at.Scheme || !strings.EqualFold(to.Host, at.Host) || strings.TrimSuffix(to.Path, "/") != strings.TrimSuffix(at.Path, "/"):
		return fix(warn("canonical_other", "The page says its main address is another one, so its comments could be split in two.", do))
	}
	return nil
}

// policyFix is the finding of a directive that forbids us.
func (f facts) policyFix(directive string, blocks bool) []Finding {
	ws := "ws" + strings.TrimPrefix(f.Base, "http")
	name := strings.TrimSuffix(strings.TrimSuffix(directive, "-elem"), "-attr")
	part := map[string]struct{ code, what, sources, level string }{
		"script-src":  {"csp_script", "the script of this server", f.Base, Bad},
		"connect-src": {"csp_connect", "the connection to this server", f.Base + " " + ws, Bad},
		"frame-src":   {"csp_frame", "this server’s frame", f.Base, Bad},
		"child-src":   {"csp_frame", "this server’s frame", f.Base, Bad},
		"img-src":     {"csp_img", "the pictures of people", f.Base, Warn},
		"style-src":   {"csp_style", "a style of the comments", f.Base, Warn},
	}[name]
	if part.code == "" {
		part = struct{ code, what, sources, level string }{"csp_other", "something of this server (" + cut(name) + ")", f.Base, Warn}
	}
	v := Finding{
		Code: part.code, Level: part.level, Sentence: "The page’s security policy blocks " + part.what + ".",
		Do: "Add `" + part.sources + "` to `" + name + "` in the Content-Security-Policy header.", Copy: name + " " + part.sources, CopyAs: "line",
	}
	if !blocks {
		v.Code, v.Level, v.Sentence = part.code+"_reported", Warn, "The page tries out a security policy that would block "+part.what+"."
	}
	return []Finding{v}
}

// opener is what a page does that cuts the sign-in window off.
func opener(value string) []Finding {
	if policy, _, _ := strings.Cut(strings.ToLower(value), ";"); strings.TrimSpace(policy) == "same-origin" {
		return with(warn("coop", "The page cuts itself off from windows that it opens, so the sign-in window can’t tell it at once who signed in.",
			"Send `Cross-Origin-Opener-Policy: same-origin-allow-popups`, or leave that header out."), "line", "Cross-Origin-Opener-Policy: same-origin-allow-popups")
	}
	return nil
}

// quoted are names as a list in a sentence.
func quoted(list []string) string {
	switch len(list) {
	case 0:
		return ""
	case 1:
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
