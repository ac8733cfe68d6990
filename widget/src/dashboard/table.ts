import { fill, h } from "../view/h.ts";
import { call, type Desk, type Params, t } from "./desk.ts";
import { isBox, isDirty, keeping } from "./focus.ts";
import { icon } from "./icons.ts";

const PAGE = 50; // rows that one request brings

/** listing is the address of one page of a list; what is empty is left out. */
export function listing(desk: Desk, path: string, p: Params, cursor: string | null): string {
	const q = new URLSearchParams({ limit: String(PAGE) });
	for (const [k, v] of Object.entries({ ...p, cursor: cursor ?? "" })) if (v) q.set(k, v);
	return desk.api(`${path}?${q}`);
}

/** tabs are the lists of a screen; each is an address of its own. */
export function tabs(desk: Desk, list: readonly { label: string; current: boolean; go: Params }[]): HTMLElement {
	return h(
		"nav.ftabs",
		{ "aria-label": t("lists") },
		...list.map((x) =>
			h(
				"button",
				{
					type: "button",
					class: x.current ? "on" : null,
					"aria-current": x.current ? "page" : null,
					onclick: () => desk.go(x.go),
				},
				x.label,
			),
		),
	);
}

/** table is a table with a head; its rows go into body. */
export function table(cls: string, columns: readonly [label: string, cls?: string][]): { el: HTMLElement; body: HTMLElement } {
	const body = h("tbody");
	const head = h("tr", {}, ...columns.map(([label, c]) => h("th", { scope: "col", class: c ?? null }, label)));
	return { el: h("div.tblw", {}, h("table", { class: `tbl ${cls}`.trim() }, h("thead", {}, head), body)), body };
}

/** mark shows which row of a table is open. */
export function mark(body: HTMLElement, id: string): void {
	for (const tr of body.querySelectorAll("tr")) tr.setAttribute("aria-selected", String(tr.dataset["id"] === id));
}

/** redraw shows a row anew in place, so that the focus stays in it. */
export function redraw(body: HTMLElement, id: string, cells: HTMLElement[]): void {
	const tr = body.querySelector<HTMLElement>(`tr[data-id="${id}"]`);
	if (tr) keeping(tr, () => fill(tr, cells));
}

/** goTo focuses the row that a drawer was about; false if it is not in the list. */
export function goTo(body: HTMLElement, id: string): boolean {
	const b = body.querySelector<HTMLElement>(`tr[data-id="${id}"] button`);
	b?.focus();
	return b !== null;
}

/** closing closes a drawer by Esc, also from its boxes, as long as nothing is typed in them. */
export function closing(drawer: HTMLElement, close: () => void): void {
	drawer.addEventListener("keydown", (e) => {
		if (e.key !== "Escape" || !isBox(e.target)) return;
		e.stopPropagation();
		if (!isDirty(drawer)) close();
	});
}

/** beside is a list with a drawer at its side; put fills the drawer, [] says that it waits, null closes it. */
export function beside(
	label: string,
	...list: Node[]
): { el: HTMLElement; put: (inside: Node[] | null) => void; drawer: HTMLElement } {
	const drawer = h("aside.drw.side", { "aria-label": label, hidden: true, tabindex: "-1" });
	const el = h("div.pp", {}, h("div", {}, ...list), drawer);
	return {
		el,
		drawer,
		put: (inside) => {
			el.classList.toggle("open", inside !== null);
			drawer.hidden = inside === null;
			const waits = inside?.length === 0; // what it showed is of another row
			drawer.setAttribute("aria-busy", String(waits));
			const box = h("div.in", {}, ...(waits ? [h("p.hint", { role: "status" }, t("loading"))] : (inside ?? [])));
			keeping(drawer, () => fill(drawer, [box]), drawer);
		},
	};
}

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

const FIRST_YEAR = 1970;

/**
 * dateBox is a day to filter by, with its name in sight. A date that is typed
 * changes with every digit of its year, and counts once it is left or Enter is
 * pressed; one that is picked counts at once.
 */
export function dateBox(label: string, value: string, run: (v: string) => void): HTMLElement {
	let typing = false;
	const done = () => {
		typing = false;
		const v = box.value;
		if (!box.isConnected || box.validity.badInput || v === value || (v !== "" && Number(v.split("-")[0]) < FIRST_YEAR)) return;
		value = v;
		run(v);
	};
	const box = h("input.inp", {
		type: "date",
		name: label,
		value,
		onkeydown: (e: KeyboardEvent) => {
			if (e.key === "Enter") done();
			else typing = true;
		},
		onchange: () => typing || done(),
		onblur: () => setTimeout(done), // the focus is where it goes by then
	});
	return h("label.dt", {}, h("span", {}, label), box);
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
