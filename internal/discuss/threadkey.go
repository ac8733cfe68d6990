package discuss

import (
	"net/url"
	"regexp"
	"strings"
)

// tracking are parameters that say where a visitor came from, not which page
// this is. The widget has the same expression; testdata/threadkey.json holds both to it.
var tracking = regexp.MustCompile(`(?i)^((utm|__cft_|piwik|pk|mtm|matomo|hsa)_|(li_fat_id|epik|srsltid|mc_[ce]id|mibextid|igsh|igshid|vero_id|(fb|[gdy]|ys|ym|tw|tt)clid|msclkid|[gw]braid|gad_source|gad_campaignid|mkt_tok|gclsrc|__hs(tc|sc|fp)|_hs(enc|mi)|_branch_match_id|usqp|_g[al]|hsctatracking|oly_(anon|enc)_id|_openstat|rdt_cid|s_cid|sccid|_kx|__tn__)$)`)

// ThreadKeyFromURL is a page's identity: its address without the fragment and
// without tracking parameters. false where raw is no http or https address.
func ThreadKeyFromURL(raw string) (string, bool) {
	raw = strings.TrimSpace(raw)
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || len(raw) > MaxKeyBytes || hasControl(raw) {
		return "", false
	}
	scheme := strings.ToLower(u.Scheme)
	if scheme != "http" && scheme != "https" {
		return "", false
	}
	host := strings.ToLower(u.Host)
	if port := u.Port(); scheme == "http" && port == "80" || scheme == "https" && port == "443" {
		host = strings.TrimSuffix(host, ":"+port)
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	var kept []string
	for _, p := range strings.Split(u.RawQuery, "&") {
		name, _, _ := strings.Cut(p, "=")
		if plain, err := url.PathUnescape(name); err == nil {
			name = plain
		}
		if p != "" && !tracking.MatchString(name) {
			kept = append(kept, p)
		}
	}
	key := scheme + "://" + host + path
	if len(kept) > 0 {
		key += "?" + strings.Join(kept, "&")
	}
	return key, true
}
