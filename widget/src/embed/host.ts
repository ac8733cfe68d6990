import { counted } from "./counts.ts";
import type { Options } from "./options.ts";
import en from "../../../static/i18n/en/host.json";
import { Words } from "../shared/i18n/catalogue.ts";
import { fit } from "./fit.ts";
import { scheme } from "./scheme.ts";
import { behind } from "./scheme-behind.ts";
import { follow } from "./scheme-follow.ts";
import { message, type PageOptions, PROPERTIES, type ToFrame, type ToPage } from "./frame-messages.ts";

// The page's side of mode="frame": an iframe of the server's origin that is as
// high as what it shows.

const FIRST_PX = 600; // until the frame has said how high it is
const EVENT = /^(ready|count|comment-created|comment-updated|comment-removed|vote|new-available|sign-in|sign-out|error)$/;
const GO_MS = 15_000;
const SILENT_MS = 6_000; // a frame that has said nothing by then may never

export interface Framed {
	theme(): void;
	set(name: "sort" | "view", value: string): void;
	adopt(o: PageOptions): void;
	do(what: "reload" | "focusComposer" | "signIn" | "signOut"): void;
	goTo(id: string): Promise<void>;
	end(): void;
}

/** frame shows the widget of a site in an iframe. */
export function frame(host: HTMLElement, root: ShadowRoot, base: string, o: Options): Framed {
	const { site } = o;
	const all = {
		thread: o.thread,
		url: o.url,
		title: o.title,
		lang: o.lang,
		sort: o.sort,
		view: o.view,
		"max-depth": o.maxDepth,
		"page-size": o.pageSize,
		live: o.live ? "" : "off",
		"read-only": o.readOnly ? "true" : "",
	};
	const query = new URLSearchParams(Object.entries(all).flatMap(([k, v]) => (v ? [[k, String(v)]] : [])));
	const origin = new URL(base, location.href).origin;
	const stop = new AbortController();
	const { signal } = stop;
	const ground = () => scheme(host, behind);
	const theme = () => {
		const said = host.getAttribute("theme");
		return said === "light" || said === "dark" ? said : ground();
	};
	query.set("origin", location.origin);
	query.set("theme", theme());
	query.set("canvas", "light");
	const el = document.createElement("iframe");
	el.title = "Comments";
	el.src = `${base}/frame/${encodeURIComponent(site)}?${query}`;
	el.allow = "clipboard-write; web-share; publickey-credentials-get *";
	Object.assign(el.style, { display: "block", width: "100%", height: `${FIRST_PX}px`, border: "0" });
	// The same on both sides, whatever the theme, so that the frame stays transparent: the widget in it has a scheme of its own.
	el.style.setProperty("color-scheme", "light", "important");
	let met = false;
	const early: ToFrame[] = []; // said before the frame listens
	const say = (m: ToFrame) => {
		if (met) el.contentWindow?.postMessage(m, origin);
		else early.push(m);
	};
	const style = () => {
		const set = getComputedStyle(host);
		return Object.fromEntries(PROPERTIES.map((n) => [n, set.getPropertyValue(n).trim()] as const).filter(([, v]) => v !== ""));
	};
	const href = () => location.href.split("#", 1)[0] ?? "";
	const view = () => {
		const r = el.getBoundingClientRect();
		if (met) say({ parley: 1, type: "view", top: Math.max(0, -r.top), height: innerHeight, bottom: innerHeight - r.top });
	};
	let due = 0;
	const later = () => {
		due ||= requestAnimationFrame(() => {
			due = 0;
			view();
		});
	};
	const waiting = new Map<number, (ok: boolean) => void>();
	let turn = 0;
	addEventListener(
		"message",
		(e) => {
			if (e.source !== el.contentWindow || e.origin !== origin) return;
			const m = message<ToPage>(e.data);
			switch (m?.type) {
				case "hello":
					met = true;
					say({
						parley: 1,
						type: "page",
						href: href(),
						hash: location.hash,
						theme: theme(),
						ground: ground(),
						style: style(),
						sso: host.getAttribute("sso") ?? "",
					});
					view();
					for (const m of early.splice(0)) say(m);
					return;
				case "height":
					if (Number.isFinite(m.px) && m.px >= 0 && m.px < 1e7) el.style.height = `${Math.ceil(m.px)}px`;
					return;
				case "event":
					if (m.name === "count") counted(site, query.get("thread") ?? "", Number((m.detail as { count?: unknown } | null)?.count) || 0);
					if (EVENT.test(m.name))
						host.dispatchEvent(new CustomEvent(`parley:${m.name}`, { detail: m.detail, bubbles: true, composed: true }));
					return;
				case "go":
					if (/^[0-9a-z]+$/.test(m.id)) history.replaceState(history.state, "", `${href()}#parley-${m.id}`);
					return;
				case "scroll": {
					const r = el.getBoundingClientRect();
					const [top, bottom] = [r.top + m.top, r.top + m.bottom];
					const room = 80; // as in the page itself
					const by =
						m.start || top < room ? top - room : bottom > innerHeight ? Math.min(top - room, bottom - innerHeight + 20) : 0;
					if (Number.isFinite(by) && by !== 0)
						scrollBy({ top: by, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
					return;
				}
				case "went":
					waiting.get(m.turn)?.(m.ok);
			}
		},
		{ signal },
	);
	addEventListener("hashchange", () => say({ parley: 1, type: "hash", hash: location.hash }), { signal });
	addEventListener("scroll", later, { signal, passive: true, capture: true });
	addEventListener("resize", later, { signal });
	// A page that is not on the site's list gets no frame, and the browser shows that as broken: the sentence says why.
	const silent = async () => {
		if (met || signal.aborted) return;
		const answer = await fetch(`${base}/api/v1/sites/${encodeURIComponent(site)}/origin`, { credentials: "omit", signal })
			.then((r) => (r.ok ? (r.json() as Promise<{ origin: string; allowed: boolean }>) : null))
			.catch(() => null);
		if (!answer || answer.allowed || met || signal.aborted) return;
		const words = new Words(en, query.get("lang") ?? "");
		await words.fetch(base, "host");
		const p = document.createElement("p");
		p.lang = words.lang;
		p.dir = "auto";
		p.textContent = words.t("barred", { origin: answer.origin, site });
		el.replaceWith(p);
		root.adoptedStyleSheets = root.adoptedStyleSheets.slice(0, 1); // the width; no more room is kept
	};
	const timer = setTimeout(() => void silent(), SILENT_MS);
	signal.addEventListener("abort", () => clearTimeout(timer));
	el.addEventListener("load", () => void silent());
	root.replaceChildren(el);
	const dress = () => say({ parley: 1, type: "theme", theme: theme(), ground: ground(), style: style() });
	let worn = "";
	follow(
		host,
		() => {
			fit(host);
			const now = theme() + ground();
			if (now !== worn) dress();
			worn = now;
		},
		signal,
	);
	return {
		theme: dress,
		set: (name, value) => say({ parley: 1, type: "set", name, value }),
		adopt: (o) => say({ parley: 1, type: "options", o }),
		do: (what) => say({ parley: 1, type: "do", what }),
		goTo(id) {
			const t = ++turn;
			say({ parley: 1, type: "goTo", id, turn: t });
			return new Promise((done, fail) => {
				const timer = setTimeout(() => end(false), GO_MS);
				const end = (ok: boolean) => {
					clearTimeout(timer);
					waiting.delete(t);
					if (ok) done();
					else fail(new Error("no such comment"));
				};
				waiting.set(t, end);
			});
		},
		end() {
			stop.abort();
			if (due) cancelAnimationFrame(due);
			el.remove();
		},
	};
}
