import { fill, h } from "../../shared/dom/h.ts";
import { may } from "../../shared/rights.ts";
import { alerts } from "./alerts.ts";
import { audit } from "./audit.tsx";
import { bans } from "./bans.tsx";
import { comments } from "./comments.ts";
import { call, type Desk, type Hint, liveRegion, type Meta, type Params, type Place, params, type Screen, type SiteMeta, t, whenSignedOut } from "./desk.ts";
import { help, keyHints, keysOn } from "./keys.tsx";
import { confirm } from "./question.tsx";
import { keepingFocus } from "./focus.ts";
import { icon } from "./icons.ts";
import { people } from "./people.tsx";
import { Presence } from "./presence.ts";
import { queue } from "./queue.ts";
import { type MenuItem, type Name, rail, screensFor } from "./rail.ts";
import { resume } from "./resume.ts";
import { rules } from "./rules.tsx";
import { server } from "./server/server.tsx";
import { settings } from "./settings/settings.tsx";
import { standing } from "./standing.ts";
import { threads } from "./threads.tsx";

const UNDO = 10_000; // milliseconds that the offer to undo stands
const SAY = 4000;
const GO_WAIT = 1500; // between G and the letter that says where
const COUNT_WAIT = 400;
const RETRY_FROM = 1000;
const RETRY_TO = 30_000;
const SIGNED_OUT = 1008; // the code (RFC 6455, 7.4.1) with which the server ends a session that is over

/** Stood is what an entry of the browser's history remembers of its screen. */
interface Stood {
	from?: boolean; // another screen led here
	aside?: boolean; // it differs from the one before by what stands beside the list
	place?: Place | undefined;
	y?: number;
}

const stood = (): Stood => (history.state ?? {}) as Stood;

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
	let shownName: Name = "queue";
	let at = ""; // the address of what is shown

	const toast = h("div.toast", { hidden: true });
	const head = h("header.top-h");
	const body = h("div");
	const main = h("main.main", { id: "main", tabindex: "-1" }, head);
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
		aside: (p, how) => {
			if (how === "close" && stood().aside) {
				history.back();
				return true;
			}
			const url = address(p);
			if (how === "open") {
				remember();
				history.pushState({ from: true, aside: true }, "", url);
			} else history.replaceState(history.state, "", url);
			at = location.search;
			return false;
		},
		back: () => {
			if (!stood().from) return false;
			history.back();
			return true;
		},
		toast: (text, back, stays) => {
			undo = back ?? null;
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
		hush: put,
		counts: () => {
			clearTimeout(counting);
			counting = setTimeout(() => void count(), COUNT_WAIT);
		},
		renamed: (name) => {
			site.name = name;
			nav.draw();
			nav.mark(shownName, params()["state"] ?? "");
			nav.count(counted);
			document.title = `${screen?.title} · ${name}`;
		},
		presence: new Presence(
			(looking) => socket?.readyState === WebSocket.OPEN && socket.send(JSON.stringify({ looking })),
			() => screen?.hint?.({ type: "looking" }),
		),
	};

	const nav = rail(desk, personal);
	const stands = standing(desk);
	const told = alerts(desk);
	main.append(stands.el, told.el, body);

	/** go changes the address and shows what it names; what is typed and not saved is asked about first. */
	function go(p: Params, replace = false): void {
		if (!replace && screen?.dirty?.()) {
			void leaving().then((yes) => yes && go(p));
			return;
		}
		const url = address(p);
		if (url === location.search && !replace) {
			show();
			return;
		}
		if (replace) history.replaceState(url === location.search ? history.state : null, "", url);
		else {
			remember();
			history.pushState({ from: true }, "", url);
		}
		at = location.search;
		if (!replace) show();
	}

	function address(p: Params): string {
		const q = new URLSearchParams();
		q.set("site", p["site"] ?? site.key);
		for (const [k, v] of Object.entries(p)) if (v && k !== "site") q.set(k, v);
		return `?${q}`;
	}

	/** remember keeps in the entry that is left where one stood. */
	function remember(): void {
		history.replaceState({ ...stood(), place: screen?.place?.(), y: scrollY }, "");
	}

	/** leaving asks before what is typed is lost; after a yes the screen asks no more. */
	async function leaving(): Promise<boolean> {
		const left = screen;
		if (!left?.dirty?.()) return true;
		const yes = await confirm(t("leave_head"), t("leave_lead"), t("leave_do"));
		if (yes) left.dirty = () => false;
		return yes;
	}

	/** back follows the browser's own buttons, which have changed the address before they ask. */
	function back(): void {
		if (!screen?.dirty?.()) {
			if (pickSite(meta).key === site.key && screen?.follow?.(params())) at = location.search;
			else show();
			return;
		}
		const to = location.search;
		history.pushState(null, "", at || location.pathname);
		void leaving().then((yes) => yes && go(Object.fromEntries(new URLSearchParams(to))));
	}

	function show(): void {
		at = location.search;
		keepingFocus(document.body, draw, main);
		const { place, y } = stood();
		const shown = screen;
		if (place)
			void screen?.restore?.(place).then(() =>
				requestAnimationFrame(() => {
					if (shown !== screen) return;
					main.style.minBlockSize = `${(y ?? 0) + innerHeight}px`; // what made the page as long may come later
					scrollTo(0, y ?? 0);
				}),
			);
	}

	function draw(): void {
		const p = params();
		const wanted = pickSite(meta);
		if (wanted.key !== site.key) {
			site = wanted;
			counted = {};
			nav.draw();
			connect();
			void count();
		}
		const name: Name =
			screensFor(desk).find((s) => s.name === p["screen"])?.name ?? "queue";
		screen?.stop?.();
		stands.show();
		void told.ask();
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
			server: () => server(desk),
		};
		screen = make[name]();
		shownName = name;
		document.title = `${screen.title} · ${site.name}`;
		nav.mark(name, p["state"] ?? "");
		nav.count(counted);
		head.classList.toggle("q-h", name === "queue");
		fill(head, [
			h("h1", {}, screen.title),
			name === "queue" ? liveDot : null,
			h("span.grow"),
			screen.tools ?? null,
			h(
				"button.btn.sm.ghost.hm",
				{ type: "button", "aria-label": t("keyboard"), onclick: help },
				icon("kbd"),
				h("kbd", { "aria-hidden": "true" }, "?"),
			),
			h("span.msite", {}, nav.switcher()),
		]);
		main.style.minBlockSize = "";
		fill(body, [screen.el]);
		if (painted !== `${name} ${site.key}`) scrollTo(0, 0);
		painted = `${name} ${site.key}`;
	}

	function personal(): MenuItem[] {
		return [
			{ label: t("keyboard"), run: help },
			{ label: t("sign_out"), run: () => void leaving().then((yes) => yes && signOut()) },
		];
	}

	async function count(): Promise<void> {
		const of = site.key;
		const r = await call<{ counts: Record<string, number> }>("GET", desk.api("/moderation/counts"));
		if (!r.body || of !== site.key) return; // late: of a site left behind
		counted = r.body.counts;
		nav.count(counted);
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
			if (list.some((x) => x.type === "settings")) {
				void stands.again();
				void told.ask();
			}
			if (
				list.some(
					(x) => x.type === "waiting" || x.type === "decided" || x.type === "report" || x.type === "undone" || x.type === "reset",
				)
			)
				desk.counts();
		};
		ws.onclose = (e) => {
			if (socket !== ws) return;
			if (e.code === SIGNED_OUT) {
				location.reload(); // what the page shows is no longer this person's to read
				return;
			}
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
				const to = screensFor(desk).find((s) => s.key === k);
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
				help();
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

	fill(document.body, [
		h("a.skip", { href: "#main" }, t("skip")),
		h("div.app", {}, nav.side, main),
		nav.bottom,
		h("div", { role: "status" }, toast), // what comes into it is said aloud
		liveRegion,
	]);
	whenSignedOut(() => {
		document.body.replaceChildren(); // what the page shows is no longer this person's to read
		location.reload();
	});
	history.scrollRestoration = "manual"; // a list is there only once it has been read
	document.addEventListener("keydown", key);
	addEventListener("popstate", back);
	addEventListener("beforeunload", (e) => screen?.dirty?.() && e.preventDefault());
	keyHints();
	nav.draw();
	void resume(desk).then(() => {
		show();
		connect();
		void count();
	});
}

function pickSite(meta: Meta): SiteMeta {
	const asked = params()["site"];
	return meta.sites.find((s) => s.key === asked) ?? (meta.sites[0] as SiteMeta);
}
