package installcheck

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// Fetched is what a plain fetch of the page gave.
type Fetched struct {
	Failed    string // why there was no answer: one of the reasons below
	Status    int
	Final     string // address after redirects
	Policies  []string
	Opener    string
	Kept      string // what says that the answer came from a cache: "" if nothing does
	Canonical []string
	Scripts   []Tag
	Elements  []Tag
	AMP       bool
	Comment   bool     // the tag stands in a comment
	Text      bool     // the tag stands there as text
	Managers  []string // consent managers, script loaders and caching plugins
	Fresh     bool     // the tag is there where the cache is passed by, and not without
}

// Why a page could not be fetched.
const (
	NoName     = "name"    // its name has no address
	NoAnswer   = "answer"  // nothing answers, or not in time
	NoTrust    = "tls"     // its certificate is not good
	NotReached = "private" // its address is not of the public internet
	TooMany    = "redirects"
)

// Tag is a script or an element of ours in a page's source.
type Tag struct {
	Src   string // absolute, or ""
	From  string // attribute that holds it
	Type  string
	Site  string
	Inert string // element around it in which nothing runs
	Held  string // what holds it back, by its type or attributes
}

// inert are elements in whose inside nothing runs.
var inert = []string{"noscript", "template", "textarea", "xmp"}

// ReadPage reads what matters of a page.
func ReadPage(head http.Header, body []byte, address string) Fetched {
	f := Fetched{Final: address, Policies: head.Values("Content-Security-Policy"), Opener: head.Get("Cross-Origin-Opener-Policy"), Kept: cachedBy(head)}
	base := address
	z := html.NewTokenizer(bytes.NewReader(body))
	var around []string
	for {
		switch z.Next() {
		case html.ErrorToken:
			f.Managers = named(string(body))
			return f
		case html.CommentToken:
			f.Comment = f.Comment || mentions(z.Token().Data)
		case html.TextToken:
			if text := z.Token().Data; mentions(text) && strings.Contains(text, "<") && !slices.Contains(around, "script") && !slices.Contains(around, "style") && !within(around, &f) {
				f.Text = true
			}
		case html.EndTagToken:
			t := z.Token()
			if i := slices.Index(around, t.Data); i >= 0 {
				around = around[:i]
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			f.take(t, &base, around)
			if slices.Contains(inert, t.Data) || t.Data == "script" || t.Data == "style" {
				around = append(around, t.Data)
			}
		}
	}
}

// within notes a tag in the raw text of a noscript or the like.
func within(around []string, f *Fetched) bool {
	for _, name := range around {
		if slices.Contains(inert, name) {
			f.Scripts = append(f.Scripts, Tag{Inert: name})
			return true
		}
	}
	return false
}

func mentions(s string) bool {
	return strings.Contains(s, "<parley-comments") || strings.Contains(s, "/embed.js") && strings.Contains(s, "<script")
}

func (f *Fetched) take(t html.Token, base *string, around []string) {
	a := map[string]string{}
	for _, v := range t.Attr {
		a[v.Key] = strings.TrimSpace(v.Val)
	}
	hull := ""
	for _, name := range around {
		if slices.Contains(inert, name) {
			hull = name
		}
	}
	switch t.Data {
	case "html":
		_, amp := a["amp"]
		_, bolt := a["⚡"]
		f.AMP = amp || bolt
	case "base":
		if a["href"] != "" {
			*base = absolute(*base, a["href"])
		}
	case "link":
		if strings.EqualFold(a["rel"], "canonical") && a["href"] != "" {
			f.Canonical = append(f.Canonical, absolute(*base, a["href"]))
		}
	case "meta":
		if strings.EqualFold(a["http-equiv"], "content-security-policy") {
			f.Policies = append(f.Policies, a["content"])
		}
	case "parley-comments":
		f.Elements = append(f.Elements, Tag{Site: a["site"], Inert: hull})
	case "script":
		tag := Tag{Type: strings.ToLower(a["type"]), Site: a["data-site"], Inert: hull}
		for _, v := range t.Attr { // src, or what something has made of it
			if at := absolute(*base, strings.TrimSpace(v.Val)); strings.Contains(v.Key, "src") && isScript(at) && (tag.Src == "" || v.Key == "src") {
				tag.Src, tag.From = at, v.Key
			}
		}
		if tag.Src != "" {
			tag.Held = heldBy(tag, a)
			f.Scripts = append(f.Scripts, tag)
			if tag.Site != "" {
				f.Elements = append(f.Elements, Tag{Site: tag.Site, Inert: hull})
			}
		}
	}
}

// isScript reports whether an address is that of a loader, ours or a copy.
func isScript(address string) bool {
	u, err := url.Parse(address)
	return err == nil && strings.HasSuffix(u.Path, "/embed.js")
}

var (
	runs    = []string{"", "text/javascript", "application/javascript", "module", "text/ecmascript", "application/ecmascript"}
	loaders = []struct{ sign, name string }{
		{"rocketlazyloadscript", "WP Rocket"},
		{"data-rocket", "WP Rocket"},
		{"litespeed", "LiteSpeed Cache"},
		{"nitropack", "NitroPack"},
		{"pmdelayedscript", "Perfmatters"},
		{"flying-scripts", "Flying Scripts"},
		{"psajs", "PageSpeed"},
		{"data-cookieconsent", "Cookiebot"},
		{"optanon", "OneTrust"},
		{"data-cmplz", "Complianz"},
		{"data-cli", "CookieYes"},
		{"cookieyes", "CookieYes"},
		{"data-usercentrics", "Usercentrics"},
		{"didomi", "Didomi"},
		{"iub_cs", "iubenda"},
		{"data-wpmeteor", "WP Meteor"},
	}
	rocketLoader = regexp.MustCompile(`^[0-9a-f]{8,}-(text/javascript|module|)$`)
)

// heldBy names what holds a tag back: it does not run as it stands in the source.
func heldBy(t Tag, a map[string]string) string {
	if slices.Contains(runs, t.Type) && t.From == "src" {
		return ""
	}
	if rocketLoader.MatchString(t.Type) {
		return "Cloudflare Rocket Loader"
	}
	all := t.Type
	for k, v := range a {
		all += " " + k + "=" + strings.ToLower(v)
	}
	for _, l := range loaders {
		if strings.Contains(all, l.sign) {
			return l.name
		}
	}
	if t.Type == "text/plain" || strings.Contains(all, "consent") || strings.Contains(all, "category") {
		return "a consent manager"
	}
	return "a script loader"
}

var managers = []struct{ sign, name string }{
	{"cookiebot.com", "Cookiebot"},
	{"otsdkstub", "OneTrust"},
	{"cookielaw.org", "OneTrust"},
	{"cookieyes", "CookieYes"},
	{"complianz", "Complianz"},
	{"iubenda", "iubenda"},
	{"usercentrics", "Usercentrics"},
	{"didomi", "Didomi"},
	{"termly", "Termly"},
	{"osano", "Osano"},
	{"quantcast", "Quantcast Choice"},
	{"tarteaucitron", "tarteaucitron"},
	{"rocket-loader", "Cloudflare Rocket Loader"},
	{"wp-rocket", "WP Rocket"},
	{"litespeed", "LiteSpeed Cache"},
	{"autoptimize", "Autoptimize"},
	{"nitropack", "NitroPack"},
	{"perfmatters", "Perfmatters"},
	{"w3-total-cache", "W3 Total Cache"},
	{"wp-super-cache", "WP Super Cache"},
	{"sg-optimizer", "SiteGround Optimizer"},
	{"flying-scripts", "Flying Scripts"},
}

// named are the consent managers and plugins that a page's source speaks of.
func named(body string) (out []string) {
	body = strings.ToLower(body)
	for _, m := range managers {
		if strings.Contains(body, m.sign) && !slices.Contains(out, m.name) {
			out = append(out, m.name)
		}
	}
	return out
}

// cachedBy is what says that an answer came from a cache.
func cachedBy(h http.Header) string {
	for _, name := range []string{"Cf-Cache-Status", "X-Cache", "X-Cache-Status", "X-Proxy-Cache", "X-Litespeed-Cache", "X-Varnish-Cache", "X-Nginx-Cache"} {
		if v := h.Get(name); strings.Contains(strings.ToLower(v), "hit") {
			return name + ": " + cut(v)
		}
	}
	if v := h.Get("Age"); v != "" && v != "0" {
		return "Age: " + cut(v)
	}
	return ""
}

func absolute(base, href string) string {
	b, err := url.Parse(base)
	if err != nil || href == "" {
		return ""
	}
	u, err := b.Parse(href)
	if err != nil {
		return ""
	}
	return u.String()
}
