package installcheck

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// inSource is the table of what a fetch of the page may show, while no browser
// has reported.
var inSource = []look{
	unreachable, answers, redirected, noTag, staleCopy, inertTag, heldTag, mixed, tagElsewhere, tagSite, sourcePolicies, httpSource, pageListed,
	func(f facts) []Finding {
		if f.saw == nil || !f.saw.reached() {
			return nil
		}
		return append(f.canonical(f.Page, f.saw.Canonical), opener(f.saw.Opener)...)
	},
	silent,
}

// reached reports whether there is a page to look at.
func (v Fetched) reached() bool { return v.Failed == "" && v.Status < 400 }

func unreachable(f facts) []Finding {
	if f.saw == nil || f.saw.Failed == "" {
		return nil
	}
	host := f.Page
	if u, err := url.Parse(f.Page); err == nil {
		host = u.Host
	}
	switch f.saw.Failed {
	case NoName:
		return bad("page_no_name", "The name "+host+" has no address that this server finds.", "Check how it is written, and its DNS entry.")
	case NoTrust:
		return bad("page_tls", "The certificate of "+host+" is not good.", "Renew it, with all certificates in between.")
	case NotReached:
		return warn("page_private", "This server can’t look at the page by itself: its address is not of the public internet.", "Open the page in a browser; what it reports is enough.")
	case TooMany:
		return bad("page_redirects", "The page leads from one address to the next without end.", "Give the address at which it stands.")
	}
	return bad("page_unreachable", "Nothing answers this server at "+host+".", "See whether the page is up, and whether something there keeps this server out.")
}

func answers(f facts) []Finding {
	if f.saw == nil || f.saw.Failed != "" || f.saw.Status < 400 {
		return nil
	}
	switch f.saw.Status {
	case 401, 403, 407, 429, 503:
		return warn("page_refuses", fmt.Sprintf("The page answers this server with %d: it asks for a password, or keeps programs out.", f.saw.Status), "Open the page in a browser; what it reports is enough.")
	case 404, 410:
		return bad("page_missing", fmt.Sprintf("There is no page at this address (%d).", f.saw.Status), "Give the address of an article that is there.")
	}
	return bad("page_fails", fmt.Sprintf("The page answers with %d.", f.saw.Status), "Mend the page first, then check again.")
}

// redirected says that the token of a check is lost on the way.
func redirected(f facts) []Finding {
	if f.saw == nil || !f.saw.reached() {
		return nil
	}
	to, err := url.Parse(f.saw.Final)
	if err != nil || to.Query().Has(Parameter) {
		return nil
	}
	end, _, _ := strings.Cut(f.saw.Final, "?")
	return with(warn("token_dropped", "The page leads on to "+end+" and drops what stands behind the question mark.", "Check that address instead."), "address", end)
}

// Parameter is what the token of a check is called in a page's address.
const Parameter = "parley-check"

func noTag(f facts) []Finding {
	if f.saw == nil || !f.saw.reached() || len(f.saw.Scripts) > 0 || f.saw.Fresh {
		return nil
	}
	fix := func(list []Finding) []Finding { return with(list, "tag", f.snippet()) }
	switch {
	case f.saw.AMP:
		return bad("amp", "The page is AMP, which lets no script of others run.", "Link from there to the article’s own page, or to `"+f.Base+"/p/"+f.Site+"`")
	case f.saw.Text:
		return fix(bad("tag_as_text", "The tag stands on the page as text: the editor has taken it for something to read.", "Paste it into the template, or as HTML, not as text."))
	case f.saw.Comment:
		return fix(bad("tag_in_comment", "The tag stands in an HTML comment, where nothing runs.", "Take `<!--` and `-->` from around it."))
	case len(f.saw.Elements) > 0:
		return fix(bad("no_script", "The place for comments is on the page, and the script is not.", "Add `<script async src=\""+f.Base+"/embed.js\"></script>`"))
	}
	more := ""
	if f.saw.Kept != "" {
		more = " It came from a cache (" + f.saw.Kept + "): empty that."
	}
	return fix(bad("no_tag", "The tag is not on the page as it is served.", "Paste it into the article template; if a script puts it in, see whether that ran."+more))
}

func staleCopy(f facts) []Finding {
	if f.saw == nil || !f.saw.Fresh {
		return nil
	}
	return bad("stale_cache", "Readers get a kept copy of the page from before the tag was added.", "Empty the page’s cache"+sourceOf(f.saw)+".")
}

func sourceOf(v *Fetched) string {
	switch {
	case len(v.Managers) > 0:
		return " (" + quoted(v.Managers) + ")"
	case v.Kept != "":
		return " (" + v.Kept + ")"
	}
	return ""
}

func inertTag(f facts) []Finding {
	if f.saw == nil || len(f.saw.Scripts) == 0 {
		return nil
	}
	for _, t := range f.saw.Scripts {
		if t.Inert == "" {
			return nil
		}
	}
	return bad("tag_inert", "The tag stands in a `"+f.saw.Scripts[0].Inert+"` element, where nothing runs.", "Move it out of there.")
}

func heldTag(f facts) []Finding {
	if f.saw == nil {
		return nil
	}
	for _, t := range f.saw.Scripts {
		if t.Held != "" {
			return bad("tag_held", capital(t.Held)+" has taken the tag over, and lets it run late or after consent alone.",
				"Leave `embed.js` out there: Parley sets no cookie and keeps nothing for people who only read.")
		}
	}
	return nil
}

func mixed(f facts) []Finding {
	if f.saw == nil || !strings.HasPrefix(f.saw.Final, "https:") {
		return nil
	}
	for _, t := range f.saw.Scripts {
		if strings.HasPrefix(t.Src, "http:") {
			return with(bad("mixed_content", "The page is https and names the script by http, which browsers don’t load.", "Write `"+f.Base+"/embed.js`"), "tag", "<script async src=\""+f.Base+"/embed.js\"></script>")
		}
	}
	return nil
}

func tagElsewhere(f facts) []Finding {
	if f.saw == nil || len(f.saw.Scripts) == 0 {
		return nil
	}
	for _, t := range f.saw.Scripts {
		if t.Src == "" || f.ours(t.Src) {
			return nil
		}
	}
	return f.elsewhere(f.saw.Scripts[0].Src)
}

func tagSite(f facts) []Finding {
	if f.saw == nil || len(f.saw.Elements) == 0 || slices.ContainsFunc(f.saw.Elements, func(t Tag) bool { return t.Site == f.Site }) {
		return nil
	}
	return f.wrongSite(cut(f.saw.Elements[0].Site))
}

func sourcePolicies(f facts) (out []Finding) {
	if f.saw == nil || !f.saw.reached() {
		return nil
	}
	for _, p := range f.saw.Policies {
		for _, d := range [][2]string{{"script-src", f.Base + "/embed.js"}, {"script-src", f.Base + "/assets/"}, {"connect-src", f.Base + "/api/"}} {
			if !allows(p, d[0], f.saw.Final, d[1]) {
				out = append(out, f.policyFix(d[0], true)...)
			}
		}
	}
	return out
}

func httpSource(f facts) []Finding {
	if f.saw == nil || !f.saw.reached() || secure(f.saw.Final) {
		return nil
	}
	return bad("http_page", "The page is http, so nobody can stay signed in there.", "Serve the page over https, and lead http there.")
}

func pageListed(f facts) []Finding {
	o := originOf(f.Page)
	if f.saw != nil && f.saw.reached() && o != "" && o != originOf(f.Base) && !slices.Contains(f.Origins, o) {
		return with(bad("origin_not_listed", "The page’s address is not on the site’s list, so people there can read and not write.", "Add `"+o+"` under Settings, Install."), "address", o)
	}
	return nil
}

// silent says what is left where the page carries the tag and no browser speaks.
func silent(f facts) []Finding {
	if f.saw == nil || !f.saw.reached() || len(f.saw.Scripts) == 0 || f.Waited < silentTime {
		return nil
	}
	return warn("silent", "The page carries the tag, and no browser has reported yet.",
		"Open the page by the address above. If it is open, something in that browser stops the script: try one without ad blockers.")
}
