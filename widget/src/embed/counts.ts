import { threadKey } from "./threadkey.ts";

const MAX = 100; // in one question
const LONGEST = 6_000; // bytes of one: proxies take 8 kB and no more

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

/** questions are the queries that ask for all keys: addresses may be long, so it is not their number alone that fills one. */
export function questions(keys: readonly string[]): string[] {
	const out: string[] = [];
	let some: string[] = [];
	for (const key of keys) {
		const one = `thread=${encodeURIComponent(key)}`;
		if (some.length === MAX || some.join("&").length + one.length > LONGEST) {
			if (some.length > 0) out.push(some.join("&"));
			some = [];
		}
		some.push(one);
	}
	return some.length > 0 ? [...out, some.join("&")] : out;
}

async function ask(site: string, base: string): Promise<void> {
	const all = [...(asking.get(site) ?? [])];
	asking.delete(site);
	for (const q of questions([...new Set(all.map(keyOf))])) {
		try {
			const res = await fetch(`${base}/api/v1/sites/${encodeURIComponent(site)}/counts?${q}`, { credentials: "omit" });
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
