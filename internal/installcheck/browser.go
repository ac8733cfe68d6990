package installcheck

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// inBrowser is the table of what a page that reported may have wrong.
var inBrowser = []look{
	listed, sandboxed, insecure, elementThere, rightSite, rightServer, policies, requests, hidden, copies, current, mainAddress, windows,
	sockets, cookies, clocks, held, staleCopy, worker, framed, slow, works,
}

func listed(f facts) []Finding {
	switch {
	case f.said.Sandboxed || f.Origin == "null" || f.Origin == "":
		return nil // sandboxed says it
	case f.isListed():
		host := originOf(f.Origin)
		_, host, _ = strings.Cut(host, "://")
		return good("origin_listed", "The script loaded from an address on the allowed list.", host+took(f.said.RTT))
	}
	return with(bad("origin_not_listed", "The page’s address is not on the site’s list, so people there can read and not write.",
		"Add `"+cut(f.Origin)+"` under Settings, Install."), "address", cut(f.Origin))
}

// took is how long an answer took, where one came.
func took(ms int64) string {
	if ms == 0 {
		return ""
	}
	return fmt.Sprintf(", %d ms", ms)
}

func (f facts) isListed() bool {
	return slices.Contains(f.Origins, f.Origin) || f.Origin == originOf(f.Base)
}

func sandboxed(f facts) []Finding {
	if f.said.Sandboxed || f.Origin == "null" {
		return bad("sandboxed", "The page stands in a sandboxed frame that gives it no address of its own.", "Add `allow-same-origin` to the frame’s `sandbox`, or show the comments outside of it.")
	}
	return nil
}

func insecure(f facts) []Finding {
	if f.said.Insecure || !secure(f.said.Page) && f.said.Page != "" {
		return bad("http_page", "The page is http, so nobody can stay signed in there.", "Serve the page over https, and lead http there.")
	}
	return nil
}

func elementThere(f facts) []Finding {
	if len(f.said.Elements) > 0 {
		return nil
	}
	return with(bad("no_element", "The script is on the page, and there is no place for comments.", "Put `<parley-comments site=\""+f.Site+"\"></parley-comments>` where they belong."),
		"tag", "<parley-comments site=\""+f.Site+"\"></parley-comments>")
}

func rightSite(f facts) []Finding {
	for _, e := range f.said.Elements {
		if e.Site == f.Site {
			return nil
		}
	}
	if len(f.said.Elements) == 0 {
		return nil
	}
	return f.wrongSite(f.said.Elements[0].Site)
}

func (f facts) wrongSite(site string) []Finding {
	says := "names no site"
	if site != "" {
		says = "names the site “" + site + "”"
	}
	return with(bad("wrong_site", "The tag "+says+", and this is "+f.Name+".", "Write `site=\""+f.Site+"\"` in the tag."), "tag", "site=\""+f.Site+"\"")
}

// rightServer says that a page has the script from elsewhere.
func rightServer(f facts) []Finding {
	if f.said.Base != "" && originOf(f.said.Base) != originOf(f.Base) {
		return f.elsewhere(f.said.Base)
	}
	return nil
}

func (f facts) elsewhere(address string) []Finding {
	return with(bad("script_elsewhere", "The script comes from "+originOf(address)+", not from this server: a copy grows old and asks the wrong place.",
		"Name `"+f.Base+"/embed.js` itself, and leave it out of whatever bundles scripts."), "tag", "<script async src=\""+f.Base+"/embed.js\"></script>")
}

func policies(f facts) (out []Finding) {
	for _, v := range f.said.Policy {
		if !f.ours(v.Blocked) {
			continue
		}
		if strings.HasPrefix(v.Directive, "frame-src") && !f.inFrame() {
			continue
		}
		out = append(out, f.policyFix(v.Directive, !v.Only)...)
	}
	return out
}

func (f facts) inFrame() bool {
	return slices.ContainsFunc(f.said.Elements, func(e Element) bool { return e.Mode == "frame" })
}

// ours reports whether an address is one of this server.
func (f facts) ours(address string) bool {
	u, err := url.Parse(address)
	own, err2 := url.Parse(f.Base)
	return err == nil && err2 == nil && strings.EqualFold(u.Host, own.Host)
}

func requests(f facts) []Finding {
	if f.said.API != "failed" || slices.ContainsFunc(f.said.Policy, func(v Violation) bool { return !v.Only && strings.HasPrefix(v.Directive, "connect-src") }) {
		return nil
	}
	return bad("request_blocked", "Something in this browser stops the page’s questions to this server; the page’s own policy does not.",
		"Try without ad blockers and extensions. If it is a block list, report `"+f.Base+"` to it as a false hit.")
}

func hidden(f facts) []Finding {
	for _, e := range f.said.Elements {
		switch {
		case e.Hidden == "" || e.Site != f.Site:
		case e.Rule != "" && strings.Count(e.Rule, ",") < 20:
			return bad("hidden_by_page", "A style of the page hides the comments ("+e.Hidden+").", "Take the rule `"+e.Rule+"` off this place.")
		default:
			return bad("hidden_by_blocklist", "A style hides the comments that is not the page’s own ("+e.Hidden+"): a block list of this browser takes them for something else.",
				"Give what stands around the tag another id or class than `comments`, and try without ad blockers.")
		}
	}
	return nil
}

func copies(f facts) []Finding {
	if n := len(f.said.Scripts); n > 1 || f.said.Loads > 1 {
		more := ""
		if n > 1 {
			more = ": " + quoted(f.said.Scripts)
		}
		return warn("second_copy", "The script is on the page more than once, and the first one counts"+more+".", "Leave one tag; look in the theme, in plugins and in the tag manager.")
	}
	return nil
}

func current(f facts) []Finding {
	if f.Build == "" || f.said.Build == "" || f.said.Build == f.Build {
		return nil
	}
	return warn("old_copy", "The page runs an older copy of the script than this server has.", "Empty the cache between the page and this server, and let it ask again for `/embed.js`.")
}

func mainAddress(f facts) []Finding {
	for _, e := range f.said.Elements {
		if e.Site == f.Site && e.Thread == "" {
			return f.canonical(f.said.Page, f.said.Canonical)
		}
	}
	return nil
}

func windows(f facts) []Finding {
	if v := opener(f.said.Opener); v != nil || f.saw == nil {
		return v
	}
	return opener(f.saw.Opener)
}

func sockets(f facts) []Finding {
	switch {
	case f.said.Socket == "open":
		return good("socket", "New comments arrive at once.", "")
	case f.said.Socket != "failed" || !f.isListed() || !slices.ContainsFunc(f.said.Elements, func(e Element) bool { return e.Site == f.Site }) || f.said.API == "failed" || slices.ContainsFunc(f.said.Policy, func(v Violation) bool { return !v.Only && strings.HasPrefix(v.Directive, "connect-src") }):
		return nil // something else says why
	}
	return warn("socket_blocked", "No live connection comes through, so new comments take up to 15 seconds.",
		"Have the proxy before this server pass on `Upgrade` and `Connection`; `parley doctor` tries it.")
}

func cookies(f facts) []Finding {
	switch {
	case !f.isListed() || f.said.By != "post" || f.said.Insecure:
		return nil
	case f.Kept:
		return good("cookie", "This browser keeps the comments’ cookie for the page.", "")
	}
	return warn("cookie_dropped", "This browser drops the comments’ cookie, so people sign in anew on every visit.",
		"Best is an address of this server under the site’s own domain; see whether a proxy takes `Partitioned` or `SameSite=None` off cookies.")
}

func clocks(f facts) []Finding {
	off := f.said.Clock
	if off < 0 {
		off = -off
	}
	if off < clockMS {
		return nil
	}
	way := "ahead of"
	if f.said.Clock < 0 {
		way = "behind"
	}
	return warn("clock", fmt.Sprintf("This browser’s clock is %s %s this server’s.", about(off), way), "Set the one that is wrong; `parley doctor` says whether the server’s is.")
}

func about(ms int64) string {
	switch minutes := (ms + 30_000) / 60_000; {
	case minutes < 2:
		return "more than a minute"
	case minutes < 120:
		return fmt.Sprintf("%d minutes", minutes)
	default:
		return fmt.Sprintf("%d hours", (minutes+30)/60)
	}
}

func held(f facts) []Finding {
	by := f.said.Held
	if by == "" && f.said.Late > lateMS && len(f.said.Managers) > 0 {
		by = quoted(f.said.Managers)
	}
	if by == "" && f.saw != nil {
		for _, t := range f.saw.Scripts {
			by = t.Held
		}
	}
	if by == "" {
		return nil
	}
	return warn("held", capital(by)+" holds the script back, so the comments come late, and not at all for some.",
		"Leave `embed.js` out there: Parley sets no cookie and keeps nothing for people who only read.")
}

func worker(f facts) []Finding {
	switch {
	case f.said.Worker == "":
		return nil
	case f.said.Handles:
		return warn("worker", "The page’s service worker stands between the page and this server, and may answer with old files.",
			"Have `"+f.said.Worker+"` leave requests to `"+f.Base+"` alone.")
	}
	return good("worker_apart", "The page has a service worker, and it leaves this server alone.", "")
}

func framed(f facts) []Finding {
	if f.said.Framed && !f.said.Sandboxed {
		return warn("framed", "The page stands in a frame of another page, where some browsers keep nobody signed in.", "Check the page by its own address.")
	}
	return nil
}

func slow(f facts) []Finding {
	if f.said.RTT < slowMS {
		return nil
	}
	return warn("slow", fmt.Sprintf("This server takes %d ms to answer this browser.", f.said.RTT), "See what it waits for: the way there, a proxy, or the machine itself (`parley doctor`).")
}

// works says that nothing stands in the way of the comments.
func works(f facts) []Finding {
	if f.said.API == "ok" && slices.ContainsFunc(f.said.Elements, func(e Element) bool { return e.Site == f.Site && e.Hidden == "" }) {
		return good("loads", "The page asks this server, and gets its answers.", "")
	}
	return nil
}
