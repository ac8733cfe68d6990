import { fill, h } from "../../shared/dom/h.ts";
import { type Desk, initial, type Params, params, t, words } from "./desk.ts";
import { icon } from "./icons.ts";
import { menu } from "./menu.ts";
import { newSite } from "./newsite.tsx";

const IN_BAR = 4; // screens of the phone's bar; the others are behind "More"

export const screens = [
	{ name: "queue", symbol: "inbox", key: "q" },
	{ name: "comments", symbol: "msgs", key: "c" },
	{ name: "people", symbol: "users", key: "p" },
	{ name: "threads", symbol: "threads", key: "t" },
	{ name: "rules", symbol: "rules", key: "r" },
	{ name: "audit", symbol: "log", key: "a" },
	{ name: "settings", symbol: "sliders", key: "s" },
	{ name: "server", symbol: "globe", key: "v" },
] as const;

/** screensFor are the screens that somebody may open. */
export const screensFor = (desk: Desk): readonly (typeof screens)[number][] =>
	screens.filter((s) => (s.name === "settings" ? desk.may("settings") : s.name === "server" ? desk.meta.operator : true));

export type Name = (typeof screens)[number]["name"];

export interface MenuItem {
	label: string;
	run: () => void;
}

/** Rail is the way to the screens: at the side, and at the bottom of a phone. */
export interface Rail {
	side: HTMLElement;
	bottom: HTMLElement;
	switcher: () => HTMLElement; // from site to site
	draw: () => void; // for another site; else what is open or has the focus stays
	mark: (name: Name, state: string) => void; // where we are
	count: (counted: Readonly<Record<string, number>>) => void;
}

const MOST = 10_000; // as far as the server counts

/** whole is a number of comments, as far as it is known. */
export function whole(n: number | undefined): string {
	return n === undefined ? "" : n >= MOST ? `${words.number(MOST)}+` : words.number(n);
}

export function rail(desk: Desk, personal: () => MenuItem[]): Rail {
	const side = h("nav.nav", { "aria-label": t("main") });
	const bottom = h("nav.mbar", { "aria-label": t("main") });
	let links: { el: HTMLElement; name: Name; state: string }[] = [];
	let numbers: { el: HTMLElement; of: string; show: (n: number | undefined) => string; hot: boolean }[] = [];
	let more: HTMLElement | null = null;

	const anchor = (p: Params, name: Name, ...children: Parameters<typeof h>[2][]) => {
		const el = h(
			"a",
			{
				href: `?${new URLSearchParams({ site: desk.site.key, ...p })}`,
				onclick: (e: MouseEvent) => {
					if (e.metaKey || e.ctrlKey || e.shiftKey) return;
					e.preventDefault();
					desk.go(p);
				},
			},
			...children,
		);
		links.push({ el, name, state: p["state"] ?? "" });
		return el;
	};
	const badge = (n: number | undefined) => (n ? whole(n) : "");
	const number = (of: string, show: (n: number | undefined) => string, hot = false) => {
		const el = h("span.n");
		numbers.push({ el, of, show, hot });
		return el;
	};
	const sub = (state: string, hot: boolean) => {
		const a = anchor({ screen: "queue", state }, "queue", t(`list_${state}` as "list_spam"), number(state, whole, hot));
		a.classList.add("sub");
		return a;
	};

	const switcher = () => {
		const { site, meta } = desk;
		const b = h(
			"button.site",
			{
				type: "button",
				"aria-haspopup": "menu",
				onclick: () =>
					menu(
						b,
						[
							...meta.sites.map((s) => ({
								label: s.name,
								current: s.key === site.key,
								run: () => desk.go({ site: s.key, screen: params()["screen"] ?? "" }),
							})),
							...(meta.operator ? [{ label: t("site_new_more"), run: () => void newSite() }] : []),
						],
					),
			},
			h("span.lg", { "aria-hidden": "true" }, initial(site.name)),
			h("span", {}, h("b", {}, site.name), h("small", {}, site.origin.replace(/^https?:\/\//, ""))),
			h("span.sr", {}, t("switch_site")),
			icon("cd", "i s"),
		);
		return h("div", {}, b);
	};

	const me = () => {
		const { meta, site } = desk;
		const b = h(
			"button.ib",
			{ type: "button", "aria-haspopup": "menu", "aria-label": t("your_menu"), onclick: () => menu(b, personal(), true) },
			icon("more"),
		);
		const av = h("img.av", { src: meta.user?.avatar_url ?? "", alt: "", width: 28, height: 28 });
		av.style.setProperty("--av", "28px");
		return h(
			"div.me",
			{},
			meta.user?.avatar_url ? av : null,
			h("span", {}, h("b", {}, meta.user?.name), h("small", {}, t(`role_${site.role}` as "role_admin"))),
			h("span", {}, b),
		);
	};

	const draw = () => {
		links = [];
		numbers = [];
		const shown = screensFor(desk);
		const first = shown.slice(0, IN_BAR);
		const rest = shown.slice(IN_BAR);
		const link = (s: (typeof screens)[number], show: typeof whole) =>
			anchor({ screen: s.name }, s.name, icon(s.symbol), t(s.name), s.name === "queue" ? number("all", show) : null);
		fill(side, [
			switcher(),
			...first.flatMap((s) =>
				s.name === "queue"
					? [link(s, whole), sub("pending", false), sub("reported", true), sub("spam", false), sub("new", false)]
					: [link(s, whole)],
			),
			h("hr"),
			...rest.map((s) => link(s, whole)),
			me(),
		]);
		const b = h(
			"button",
			{
				type: "button",
				"aria-haspopup": "menu",
				onclick: () => {
					const at = params()["screen"];
					const items = rest.map((s) => ({ label: t(s.name), current: s.name === at, run: () => desk.go({ screen: s.name }) }));
					menu(b, [...items, ...personal()], true);
				},
			},
			icon("menu"),
			t("more_screens"),
		);
		more = b;
		fill(bottom, [...first.map((s) => link(s, badge)), h("div", {}, b)]);
	};

	return {
		side,
		bottom,
		switcher,
		draw,
		mark: (name, state) => {
			const mark = (el: HTMLElement, current: string | null) =>
				current ? el.setAttribute("aria-current", current) : el.removeAttribute("aria-current");
			for (const l of links) {
				const here = l.name === name && (l.state === "" || l.state === state);
				mark(l.el, here ? (l.state ? "true" : "page") : null);
			}
			if (more) mark(more, screens.findIndex((s) => s.name === name) < IN_BAR ? null : "true");
		},
		count: (counted) => {
			for (const n of numbers) {
				const c = counted[n.of];
				n.el.textContent = n.show(c);
				n.el.classList.toggle("hot", n.hot && (c ?? 0) > 0);
				n.el.hidden = n.el.textContent === "";
			}
		},
	};
}
