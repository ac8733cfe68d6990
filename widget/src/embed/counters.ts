/** Counter is a <parley-count>, as the loader makes it. */
type Counter = HTMLElement & { readonly key?: string; say?(n: number): void };

/** counted tells the page's own counters of a discussion how many comments it has by now. */
export function counted(site: string, thread: string, n: number): void {
	for (const c of document.querySelectorAll<Counter>("parley-count"))
		if (c.getAttribute("site") === site && c.key === thread) c.say?.(n);
}
