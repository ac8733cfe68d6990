/**
 * Parameters that say where a visitor came from, not which page this is. They
 * stand in the order that packs best: embed.js is on every page.
 */
const tracking =
	/^((utm|__cft_|piwik|pk|mtm|matomo|hsa)_|(li_fat_id|epik|srsltid|mc_[ce]id|mibextid|igsh|igshid|vero_id|(fb|[gdy]|ys|ym|tw|tt)clid|msclkid|[gw]braid|gad_source|gad_campaignid|mkt_tok|gclsrc|__hs(tc|sc|fp)|_hs(enc|mi)|_branch_match_id|usqp|_g[al]|hsctatracking|oly_(anon|enc)_id|_openstat|rdt_cid|s_cid|sccid|_kx|__tn__)$)/i;

/**
 * threadKeyFromURL is a page's identity: its address without the fragment and
 * without tracking parameters. The server has the same rule and the same table
 * of examples (internal/discuss/testdata/threadkey.json).
 */
export function threadKeyFromURL(raw: string): string {
	const u = new URL(raw);
	const kept = u.search
		.slice(1)
		.split("&")
		.filter((p) => p !== "" && !tracking.test(decode(p.split("=", 1)[0] ?? "")));
	return u.origin + u.pathname + (kept.length > 0 ? `?${kept.join("&")}` : "");
}

function decode(s: string): string {
	try {
		return decodeURIComponent(s);
	} catch {
		return s;
	}
}

/** threadKey finds the identity of the thread of an element on this page. */
export function threadKey(thread: string | null, url: string | null, doc: Document): string {
	if (thread) return thread;
	return threadKeyFromURL(pageURL(url, doc));
}

/** pageURL is the address to remember: given, canonical, or that of the page. */
export function pageURL(url: string | null, doc: Document): string {
	const canonical = doc.querySelector<HTMLLinkElement>('link[rel="canonical"]')?.href;
	for (const candidate of [url, canonical]) {
		if (!candidate) continue;
		try {
			const u = new URL(candidate, doc.baseURI);
			if (u.protocol === "https:" || u.protocol === "http:") return u.href;
		} catch {
			// the next one
		}
	}
	return doc.location.href.split("#", 1)[0] ?? doc.location.href;
}
