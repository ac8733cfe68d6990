import { h, icon } from "../../shared/dom/h.ts";

/** Item is one line of a menu; "-" is a rule between groups. */
export type Item = "-" | { icon?: string; node?: Node; label: string; side?: string; danger?: boolean; checked?: boolean; act(): void };

const GAP = 4; // between a button and its menu

let close: ((back: boolean) => void) | null = null;

/**
 * openMenu opens a menu at its button, or closes the one that is open there.
 * Focus goes in and returns to the button; arrows, Home, End and Esc work.
 */
export function openMenu(home: HTMLElement, button: HTMLElement, items: Item[], cls = ""): void {
	const again = button.getAttribute("aria-expanded") === "true";
	close?.(again);
	if (again) return;
	const entry = (i: Exclude<Item, "-">) =>
		h(
			`button.${i.danger ? "dng" : "it"}`,
			{
				type: "button",
				role: i.checked === undefined ? "menuitem" : "menuitemcheckbox",
				"aria-checked": i.checked === undefined ? null : String(i.checked),
				tabindex: -1,
				onclick: () => {
					close?.(true);
					i.act();
				},
			},
			i.node ?? icon(i.icon ?? ""),
			h("span", {}, i.label),
			i.side && h("span.side", {}, i.side),
		);
	const menu = h(
		`div.menu${cls && `.${cls}`}`,
		{ role: "menu", part: "menu", "aria-label": button.getAttribute("aria-label") ?? button.textContent ?? "" },
		...items.map((i) => (i === "-" ? h("hr", { role: "separator" }) : entry(i))),
	);
	const all = () => [...menu.querySelectorAll<HTMLElement>("button")];
	const over = new AbortController();
	const root = home.getRootNode() as ShadowRoot;
	close = (back) => {
		close = null;
		over.abort();
		menu.remove();
		button.setAttribute("aria-expanded", "false");
		if (back) button.focus();
	};
	menu.addEventListener("keydown", (e) => {
		const list = all();
		const i = list.indexOf(root.activeElement as HTMLElement);
		const to = { ArrowDown: (i + 1) % list.length, ArrowUp: (i - 1 + list.length) % list.length, Home: 0, End: list.length - 1 }[
			e.key
		];
		if (to !== undefined) {
			e.preventDefault();
			list[to]?.focus();
		} else if (e.key === "Escape") {
			e.preventDefault(); // or a dialog of the page closes with it
			e.stopPropagation();
			close?.(true);
		} else if (e.key === "Tab") {
			close?.(false);
		}
	});
	home.append(menu);
	place(home, button, menu);
	const sizes = new ResizeObserver(() => place(home, button, menu)); // the window is turned, the letters grow
	for (const el of [home, menu]) sizes.observe(el);
	over.signal.addEventListener("abort", () => sizes.disconnect());
	button.setAttribute("aria-expanded", "true");
	all()[0]?.focus({ preventScroll: true });
	menu.scrollIntoView({ block: "nearest" });
	addEventListener("pointerdown", (e) => e.composedPath().includes(menu) || e.composedPath().includes(button) || close?.(false), {
		signal: over.signal,
		capture: true,
	});
}

/** place puts the menu under its button, or over it where there is no room below, within the widget's width. */
function place(home: HTMLElement, button: HTMLElement, menu: HTMLElement): void {
	menu.style.left = "0"; // or what is left of the line would be its width
	const b = button.getBoundingClientRect();
	const m = menu.getBoundingClientRect();
	const r = home.getBoundingClientRect();
	const rtl = getComputedStyle(home).direction === "rtl";
	const left = rtl ? b.right - m.width : b.left;
	menu.style.left = `max(0px, min(${left - r.left}px, 100% - ${m.width}px))`;
	const over = b.bottom + GAP + m.height > innerHeight && b.top > GAP + m.height;
	menu.style.top = `${(over ? b.top - GAP - m.height : b.bottom + GAP) - r.top}px`;
}
