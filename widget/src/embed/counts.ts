import { threadKey } from "./threadkey.ts";

const MAX = 100; // in one question

/** Counts of one page are asked for together. */
const asking = new Map<string, Set<HTMLElement>>();

/** keyOf is the thread that a <parley-count> counts. */
const keyOf = (e: HTMLElement): string => threadKey(e.getAttribute("thread"), e.getAttribute("url"), document);

/** count fills a <parley-count>. */
export function count(e: HTMLElement, base: string): void {
	const site = e.getAttribute("site") ?? "";
	if (!asking.has(site)) {
		asking.set(site, new Set());
		setTimeout(() => void ask(site, base));
	}
	asking.get(site)?.add(e);
}

/** counted tells the page's counters of a discussion how many comments it has by now: a widget on the page knows. */
export function counted(site: string, thread: string, n: number): void {
	for (const e of document.querySelectorAll<HTMLElement>("parley-count"))
		if (e.getAttribute("site") === site && keyOf(e) === thread) e.textContent = written(n);
}

/** written is a number as the page writes numbers, or the browser where the page names no language. */
function written(n: number): string {
	try {
		return n.toLocaleString(document.documentElement.lang.replace(/_/g, "-") || undefined);
	} catch {
		return n.toLocaleString();
	}
}

async function ask(site: string, base: string): Promise<void> {
	const all = [...(asking.get(site) ?? [])];
	asking.delete(site);
	const keys = [...new Set(all.map(keyOf))];
	for (let i = 0; i < keys.length; i += MAX) {
		const q = keys.slice(i, i + MAX).map((k) => `thread=${encodeURIComponent(k)}`);
		try {
			const res = await fetch(`${base}/api/v1/sites/${encodeURIComponent(site)}/counts?${q.join("&")}`, { credentials: "omit" });
			const { counts } = (await res.json()) as { counts: Record<string, number> };
			for (const e of all) {
				const n = counts[keyOf(e)];
				if (n !== undefined) e.textContent = written(n);
			}
		} catch {
			// the page says what it said before
		}
	}
}
