import { fill, h } from "../view/h.ts";
import { audit } from "./audit.ts";
import { bans } from "./bans.ts";
import { comments } from "./comments.ts";
import {
	announce,
	call,
	type Desk,
	type Hint,
	initial,
	liveRegion,
	may,
	type Meta,
	type Params,
	params,
	type Screen,
	type SiteMeta,
	t,
	words,
} from "./desk.ts";
import { help, keysOn, menu } from "./dialogs.ts";
import { icon } from "./icons.ts";
import { people } from "./people.ts";
import { Presence } from "./presence.ts";
import { queue } from "./queue.ts";
import { rules } from "./rules.ts";
import { settings } from "./settings.ts";
import { threads } from "./threads.ts";

const UNDO = 10_000; // milliseconds that the offer to undo stands
const SAY = 4000;
const GO_WAIT = 1500; // between G and the letter that says where
const COUNT_WAIT = 400;
const RETRY_FROM = 1000;
const RETRY_TO = 30_000;

type Name = "queue" | "comments" | "people" | "threads" | "rules" | "audit" | "settings";

const screens: readonly { name: Name; symbol: string; key: string }[] = [
	{ name: "queue", symbol: "inbox", key: "q" },
	{ name: "comments", symbol: "msgs", key: "c" },
	{ name: "people", symbol: "users", key: "p" },
	{ name: "threads", symbol: "threads", key: "t" },
	{ name: "rules", symbol: "rules", key: "r" },
	{ name: "audit", symbol: "log", key: "a" },
	{ name: "settings", symbol: "sliders", key: "s" },
];

/** app is the moderators' page: a rail to the screens, one screen, a toast. */
export function app(meta: Meta, signOut: () => void): void {
	let site = pickSite(meta);
	let screen: Screen | null = null;
	let counted: Record<string, number> = {};
	let paintQueue: (() => void) | null = null;
	let goKey = 0;
	let counting = 0;
	let socket: WebSocket | null = null;
	let retry = RETRY_FROM;
	let toasting = 0;
	let undo: (() => void) | null = null;
	let painted = "";

	const toast = h("div.toast", { hidden: true });
	const head = h("header.top-h");
	const body = h("div");
	const rail = h("nav.nav", { "aria-label": t("main") });
	const bottom = h("nav.mbar", { "aria-label": t("main") });
	const main = h("main.main", { id: "main", tabindex: "-1" }, head, body);
	const liveDot = h("span.live2.off", { role: "img", "aria-label": t("not_live") }, "");

	const put = () => {
		toast.hidden = true;
		undo = null;
	};
	const desk: Desk = {
		meta,
		get site() {
			return site;
		},
		api: (path) => `/api/v1/sites/${encodeURIComponent(site.key)}${path}`,
		may: (act) => may(site.role, act),
		go: (p, replace) => go(p, replace ?? false),
		toast: (text, back, stays) => {
			undo = back ?? null;
			announce(back ? `${text}. ${t("undo_says")}` : text);
			fill(toast, [
				text,
				back
					? h(
							"button",
							{ type: "button", onclick: () => undo?.() },
							t("undo"),
							keysOn() ? h("kbd", { "aria-hidden": "true" }, "U") : null,
						)
					: null,
				stays ? h("button", { type: "button", "aria-label": t("close"), onclick: () => put() }, icon("x", "i s")) : null,
			]);
			toast.hidden = false;
			clearTimeout(toasting);
			if (!stays) toasting = setTimeout(put, back ? UNDO : SAY);
		},
		counts: () => {
			clearTimeout(counting);
			counting = setTimeout(() => void count(), COUNT_WAIT);
		},
		presence: new Presence(
			(looking) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ looking })),
			() => screen?.hint?.({ type: "looking" }),
		),
	};

	function go(p: Params, replace = false): void {
		const q = new URLSearchParams();
		q.set("site", p["site"] ?? site.key);
		for (const [k, v] of Object.entries(p)) if (v && k !== "site") q.set(k, v);
		const url = `?${q}`;
		if (url === location.search && !replace) {
			show();
			return;
		}
		history[replace ? "replaceState" : "pushState"](null, "", url);
		if (!replace) show();
	}

	function show(): void {
		const p = params();
		const wanted = pickSite(meta);
		if (wanted.key !== site.key) {
			site = wanted;
			counted = {};
			connect();
			void count();
		}
		const name: Name =
			screens.find((s) => s.name === p["screen"] && (s.name !== "settings" || desk.may("settings")))?.name ?? "queue";
		screen?.stop?.();
		paintQueue = null;
		const make: Record<Name, () => Screen> = {
			queue: () => {
				const s = queue(desk, p, () => counted);
				paintQueue = s.paint;
				return s;
			},
			comments: () => comments(desk, p),
			people: () => (p["filter"] === "bans" || p["filter"] === "banned" ? bans(desk, p) : people(desk, p)),
			threads: () => threads(desk, p),
			rules: () => rules(desk, p),
			audit: () => audit(desk, p),
			settings: () => settings(desk, p),
		};
		screen = make[name]();
		document.title = `${screen.title} · ${site.name}`;
		paint(name, p);
		head.classList.toggle("q-h", name === "queue");
		fill(head, [
			h("h1", {}, screen.title),
			name === "queue" ? liveDot : null,
			h("span.grow"),
			screen.tools ?? null,
			h(
				"button.btn.sm.ghost.hm",
				{ type: "button", "aria-label": t("keyboard"), onclick: () => help(show) },
				icon("kbd"),
				h("kbd", { "aria-hidden": "true" }, "?"),
			),
			h("span.msite", {}, switcher()),
		]);
		fill(body, [screen.el]);
		if (painted !== `${name} ${site.key}`) scrollTo(0, 0);
		painted = `${name} ${site.key}`;
	}

	function switcher(): HTMLElement {
		const host = site.origin.replace(/^https?:\/\//, "");
		const b = h(
			"button.site",
			{
				type: "button",
				"aria-haspopup": "menu",
				onclick: () =>
					menu(
						b,
						meta.sites.map((s) => ({
							label: s.name,
							current: s.key === site.key,
							run: () => go({ site: s.key, screen: params()["screen"] ?? "" }),
						})),
					),
			},
			h("span.lg", { "aria-hidden": "true" }, initial(site.name)),
			h("span", {}, h("b", {}, site.name), h("small", {}, host)),
			h("span.sr", {}, t("switch_site")),
			icon("cd", "i s"),
		);
		return h("div", {}, b);
	}

	function paint(name: Name, p: Params): void {
		const n = (state: string) => {
			const c = counted[state];
			return c === undefined ? "" : c >= 1000 ? "999+" : words.number(c);
		};
		const link = (s: { name: Name; symbol: string }) =>
			anchor(
				{ screen: s.name },
				name === s.name,
				icon(s.symbol),
				t(s.name),
				s.name === "queue" ? h("span.n", {}, n("all")) : null,
			);
		const sub = (state: string, hot: boolean) => {
			const a = anchor(
				{ screen: "queue", state },
				false,
				t(`list_${state}` as "list_spam"),
				h(hot && (counted[state] ?? 0) > 0 ? "span.n.hot" : "span.n", {}, n(state)),
			);
			a.classList.add("sub");
			if (name === "queue" && p["state"] === state) a.setAttribute("aria-current", "true");
			return a;
		};
		const shown = screens.filter((s) => s.name !== "settings" || desk.may("settings"));
		const first = shown.slice(0, 4);
		const meButton = h(
			"button.ib",
			{ type: "button", "aria-haspopup": "menu", "aria-label": t("your_menu"), onclick: () => menu(meButton, personal(), true) },
			icon("more"),
		);
		const av = h("img.av", { src: meta.user?.avatar_url ?? "", alt: "", width: 28, height: 28 });
		av.style.setProperty("--av", "28px");
		fill(rail, [
			switcher(),
			...first.flatMap((s) =>
				s.name === "queue" ? [link(s), sub("pending", false), sub("reported", true), sub("spam", false)] : [link(s)],
			),
			h("hr"),
			...shown.slice(4).map(link),
			h(
				"div.me",
				{},
				meta.user?.avatar_url ? av : null,
				h("span", {}, h("b", {}, meta.user?.name), h("small", {}, t(`role_${site.role}` as "role_admin"))),
				h("span", {}, meButton),
			),
		]);
		const more = h(
			"button",
			{
				type: "button",
				"aria-haspopup": "menu",
				"aria-current": first.some((s) => s.name === name) ? null : "true",
				onclick: () =>
					menu(
						more,
						[
							...shown.slice(4).map((s) => ({ label: t(s.name), current: s.name === name, run: () => go({ screen: s.name }) })),
							...personal(),
						],
						true,
					),
			},
			icon("menu"),
			t("more_screens"),
		);
		const total = counted["all"] ?? 0;
		fill(bottom, [
			...first.map((s) =>
				anchor(
					{ screen: s.name },
					name === s.name,
					icon(s.symbol),
					t(s.name),
					s.name === "queue" && total > 0 ? h("span.n", {}, total > 99 ? "99+" : total) : null,
				),
			),
			h("div", {}, more),
		]);
	}

	function personal(): { label: string; run: () => void }[] {
		return [
			{ label: t("keyboard"), run: () => help(show) },
			{ label: t("sign_out"), run: signOut },
		];
	}

	function anchor(p: Params, current: boolean, ...children: Parameters<typeof h>[2][]): HTMLAnchorElement {
		return h(
			"a",
			{
				href: `?${new URLSearchParams({ site: site.key, ...p })}`,
				"aria-current": current ? "page" : null,
				onclick: (e: MouseEvent) => {
					if (e.metaKey || e.ctrlKey || e.shiftKey) return;
					e.preventDefault();
					go(p);
				},
			},
			...children,
		);
	}

	async function count(): Promise<void> {
		const r = await call<{ counts: Record<string, number> }>("GET", desk.api("/moderation/counts"));
		if (!r.body) return;
		counted = r.body.counts;
		const p = params();
		paint(screens.find((s) => s.name === p["screen"])?.name ?? "queue", p);
		paintQueue?.();
	}

	/** connect follows the site's inbox. Hints carry no past: after a gap the lists are fetched again. */
	function connect(): void {
		socket?.close();
		const ws = new WebSocket(
			`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${desk.api("/moderation/live")}`,
		);
		socket = ws;
		const was = retry > RETRY_FROM;
		ws.onopen = () => {
			retry = RETRY_FROM;
			liveDot.className = "live2";
			liveDot.textContent = t("live");
			liveDot.removeAttribute("role");
			liveDot.removeAttribute("aria-label");
			if (was) {
				screen?.hint?.({ type: "reset" });
				void count();
			}
		};
		ws.onmessage = (e) => {
			let list: Hint[] = [];
			try {
				list = JSON.parse(String(e.data)) as Hint[];
			} catch {
				return;
			}
			for (const x of list) if (!desk.presence.heard(x)) screen?.hint?.(x);
			if (
				list.some(
					(x) => x.type === "waiting" || x.type === "decided" || x.type === "report" || x.type === "undone" || x.type === "reset",
				)
			)
				desk.counts();
		};
		ws.onclose = () => {
			if (socket !== ws) return;
			liveDot.className = "live2 off";
			liveDot.textContent = t("not_live");
			const wait = retry * (0.5 + Math.random());
			retry = Math.min(RETRY_TO, retry * 2);
			setTimeout(() => socket === ws && connect(), wait);
		};
	}

	function key(e: KeyboardEvent): void {
		if (
			e.ctrlKey ||
			e.metaKey ||
			e.altKey ||
			document.querySelector("dialog[open]") ||
			(e.target instanceof Element && e.target.closest("input:not([type=checkbox]), textarea, select, .menu"))
		)
			return;
		const k = e.key.toLowerCase();
		if (keysOn()) {
			if (goKey && Date.now() - goKey < GO_WAIT) {
				goKey = 0;
				const to = screens.find((s) => s.key === k);
				if (to) {
					e.preventDefault();
					go({ screen: to.name });
					return;
				}
			}
			if (k === "g") {
				goKey = Date.now();
				return;
			}
			if (k === "?") {
				help(show);
				return;
			}
			if (k === "/") {
				e.preventDefault();
				if (screen?.search) screen.search();
				else {
					go({ screen: "comments" });
					screen?.search?.();
				}
				return;
			}
		}
		if (k === " " || k === "enter") return; // the button's own
		if (e.repeat && k !== "j" && k !== "k") return; // a key held down decides once
		if (k === "u" && keysOn() && undo && !toast.hidden) {
			e.preventDefault(); // what the toast offers, on whatever screen
			undo();
			return;
		}
		if (screen?.key?.(e)) e.preventDefault();
	}

	fill(document.body, [h("a.skip", { href: "#main" }, t("skip")), h("div.app", {}, rail, main), bottom, toast, liveRegion]);
	document.addEventListener("keydown", key);
	addEventListener("popstate", show);
	show();
	connect();
	void count();
}

function pickSite(meta: Meta): SiteMeta {
	const asked = params()["site"];
	return meta.sites.find((s) => s.key === asked) ?? (meta.sites[0] as SiteMeta);
}
