import { h } from "../../shared/dom/h.ts";

/** menu opens a list of things to do at a button; arrows move, Esc closes. */
export function menu(
	at: HTMLElement,
	items: { label: string; danger?: boolean; current?: boolean; run: () => void }[],
	up = false,
): void {
	const wrap = at.parentElement;
	if (!wrap) return;
	const shown = wrap.querySelector(".menu");
	if (shown) {
		shown.dispatchEvent(new Event("close"));
		return;
	}
	wrap.classList.add("pop");
	if (up) wrap.classList.add("up");
	else wrap.classList.remove("up");
	if (!up) wrap.classList.toggle("end", at.getBoundingClientRect().left > innerWidth / 2);
	const el = h("div.menu", { role: "menu" });
	const close = (focus: boolean) => {
		el.remove();
		at.setAttribute("aria-expanded", "false");
		document.removeEventListener("pointerdown", outside, true);
		if (focus) at.focus({ preventScroll: true });
	};
	const outside = (e: Event) => {
		if (!el.contains(e.target as Node) && !at.contains(e.target as Node)) close(false); // its own button closes it by its click
	};
	el.addEventListener("close", () => close(true));
	el.append(
		...items.map((i) =>
			h(
				i.danger ? "button.dng" : "button",
				{
					type: "button",
					role: "menuitem",
					tabindex: "-1",
					"aria-current": i.current ? "true" : null,
					onclick: (e: Event) => {
						e.stopPropagation();
						close(true);
						i.run();
					},
				},
				i.label,
			),
		),
	);
	el.addEventListener("keydown", (e) => {
		const all = [...el.querySelectorAll<HTMLElement>("button")];
		const i = all.indexOf(document.activeElement as HTMLElement);
		const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: all.length - 1 }[e.key];
		if (to !== undefined) all[(to + all.length) % all.length]?.focus();
		else if (e.key === "Escape") close(true);
		else if (e.key === "Tab") close(false);
		else return;
		e.stopPropagation();
		if (e.key !== "Tab") e.preventDefault();
	});
	wrap.append(el);
	if (el.getBoundingClientRect().bottom > innerHeight) wrap.classList.add("up"); // below the fold nobody finds it
	at.setAttribute("aria-expanded", "true");
	document.addEventListener("pointerdown", outside, true);
	el.querySelector<HTMLElement>("button")?.focus();
}
