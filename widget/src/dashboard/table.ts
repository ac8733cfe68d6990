import { fill, h } from "../view/h.ts";
import { call, t } from "./desk.ts";
import { icon } from "./icons.ts";

/** pager loads a list by pages: what there is, what failed, and more. */
export function pager<T>(
	url: (cursor: string | null) => string,
	rows: (answer: object) => T[],
	add: (rows: T[], first: boolean) => void,
	empty: string,
): { el: HTMLElement; load: (further?: boolean) => Promise<void> } {
	let next: string | null = null;
	let turn = 0;
	const note = h("div", { role: "status" });
	const more = h("div.more", { hidden: true }, h("button.btn", { type: "button", onclick: () => void load(true) }, t("more")));
	const load = async (further = false): Promise<void> => {
		const now = ++turn;
		const r = await call<{ next_cursor: string | null }>("GET", url(further ? next : null));
		if (now !== turn) return;
		if (r.status === 401) return location.reload();
		if (!r.body) {
			fill(note, [
				h(
					"p.alert",
					{},
					`${t("failed")} ${r.detail} `,
					h("button.lnk", { type: "button", onclick: () => void load(further) }, t("try_again")),
				),
			]);
			return;
		}
		const got = rows(r.body);
		add(got, !further);
		next = r.body.next_cursor;
		more.hidden = next === null;
		fill(note, !further && got.length === 0 ? [h("p.empty", {}, empty)] : []);
	};
	return { el: h("div", {}, note, more), load };
}

/** search is the box of a screen's head. */
export function search(label: string, value: string, run: (v: string) => void): { el: HTMLElement; focus: () => void } {
	const box = h("input.inp", { type: "search", "aria-label": label, placeholder: label, value, maxlength: 100 });
	const el = h(
		"form.find",
		{
			role: "search",
			onsubmit: (e: SubmitEvent) => {
				e.preventDefault();
				run(box.value.trim());
			},
		},
		icon("search"),
		box,
		value === "" ? h("kbd", { "aria-hidden": "true" }, "/") : null,
	);
	return { el, focus: () => box.focus() };
}

/** jump goes to a section of a long page and marks it in the list beside. */
export function jump(root: Element, e: MouseEvent, id: string): void {
	e.preventDefault();
	for (const a of root.querySelectorAll(".snav a")) a.removeAttribute("aria-current");
	if (e.currentTarget instanceof Element) e.currentTarget.setAttribute("aria-current", "true");
	root.querySelector(`#${id}`)?.scrollIntoView({ block: "start" });
}
