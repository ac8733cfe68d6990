import { threadKey } from "./threadkey.ts";

/** How other systems name a comment in a page's address: in the fragment, Coral in the query. */
const link = (): string => location.hash.slice(1) || (/[?&](commentID=[^&#]+)/.exec(location.search)?.[1] ?? "");

/**
 * follow has a link from before an import lead to its comment: the server knows
 * which one it was, and the address then names it as ours do.
 */
export async function follow(base: string, el: Element): Promise<void> {
	const q = new URLSearchParams({ thread: threadKey(el.getAttribute("thread"), el.getAttribute("url"), document), link: link() });
	const r = await fetch(`${base}/api/v1/sites/${encodeURIComponent(el.getAttribute("site") ?? "")}/old-link?${q}`, { credentials: "omit" });
	if (!r.ok) return;
	const { comment } = (await r.json()) as { comment: string };
	location.replace(`#parley-${comment}`); // one step of the history, as it was
}
