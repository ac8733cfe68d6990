/** What a redraw must not take away: the focus, and what somebody is typing. */

const typed = "input, textarea, select";

/** same finds in root the control that was drawn in the place of old. */
export function same(root: ParentNode, old: HTMLElement): HTMLElement | null {
	const by = (name: string) => {
		const v = old.getAttribute(name);
		return v ? `${old.localName}[${name}=${CSS.escape(v)}]` : "";
	};
	const ways = [by("id"), by("name"), by("data-value"), by("aria-label"), by("href")].filter(Boolean);
	for (const way of ways) {
		const group = old.closest("[role=radiogroup]")?.getAttribute("aria-label");
		const found = root.querySelector<HTMLElement>(group ? `[aria-label=${CSS.escape(group)}] ${way}` : way);
		if (found) return found;
	}
	if (ways.length > 0 || old.localName !== "button") return null;
	return [...root.querySelectorAll("button")].find((b) => b.textContent === old.textContent) ?? null;
}

/**
 * keepingFocus draws in root and leaves the focus where it was: on the control that
 * took the place of the old one, or on rest where there is none.
 */
export function keepingFocus(root: HTMLElement, draw: () => void, rest: HTMLElement | null = null): void {
	const had = document.activeElement;
	draw();
	if (!(had instanceof HTMLElement) || had === document.body || document.activeElement !== document.body) return;
	const to = had.isConnected ? had : same(root, had);
	to?.focus({ preventScroll: true });
	if (document.activeElement === document.body) rest?.focus({ preventScroll: true });
}

/** isDirty tells whether something stands in the boxes of root that was not there when they were drawn. */
export function isDirty(root: Element): boolean {
	return [...root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement>(typed)].some((x) => {
		if (x instanceof HTMLSelectElement) return [...x.options].some((o) => o.defaultSelected && !o.selected);
		return x.value !== x.defaultValue || (x instanceof HTMLInputElement && x.checked !== x.defaultChecked);
	});
}

/** isBusy tells whether somebody is at work in root: a redraw would come in between. */
export function isBusy(root: Element): boolean {
	return root.contains(document.activeElement) || isDirty(root);
}

/** isBox tells whether keys that are pressed there are text. */
export function isBox(el: EventTarget | null): boolean {
	return el instanceof Element && el.matches(typed);
}

/** Own tells the hints of our own acts from those of others. */
export interface Own {
	/** send waits with hints until the answer is there, and counts the one that will come of a success. */
	send: <T extends { body: unknown }>(sent: Promise<T>) => Promise<T>;
	/** is tells whether the hint at hand is of an act of ours. */
	is: () => Promise<boolean>;
}

/** own counts: a hint names who acted, but not which of his open dashboards. */
export function own(): Own {
	let sending: Promise<unknown> = Promise.resolve();
	let due = 0;
	return {
		send: (sent) => {
			sending = sent.then((r) => {
				if (r.body) due++;
			});
			return sent;
		},
		is: async () => {
			await sending;
			if (due === 0) return false;
			due--;
			return true;
		},
	};
}
