import type { Sort, View } from "../shared/api/shapes.ts";
import { message, PROPERTIES, type ToFrame, type ToPage } from "./frame-messages.ts";
import { mount } from "./mount.ts";
import css from "./style/framed.css";
import type { Home } from "./view/context.ts";
import { uncontained } from "./uncontained.ts";

// The frame's side of mode="frame": the same widget in a document of our own
// origin. It talks to the one page that the server let frame it.

const meta = JSON.parse(document.querySelector<HTMLMetaElement>('meta[name="parley"]')?.content ?? "{}") as Record<
	string,
	string
>;
const origin = meta["origin"] ?? "";
const say = (m: ToPage) => parent.postMessage(m, origin);
const number = (s: string | undefined, max: number) => Math.min(Math.max(Number.parseInt(s ?? "", 10) || 0, 0), max);
const EVENTS = "ready count comment-created comment-updated comment-removed vote new-available sign-in sign-out error".split(" ");

const page = { href: meta["url"] || origin, hash: "", height: 800 };
const host = document.createElement("div");
const root = host.attachShadow({ mode: "open" });
document.body.append(host);

const home: Home = {
	hash: () => page.hash,
	href: () => page.href,
	go: (id) => say({ parley: 1, type: "go", id }),
	scroll(el, start) {
		const r = el.getBoundingClientRect();
		say({ parley: 1, type: "scroll", top: r.top, bottom: r.bottom, start });
	},
	height: () => page.height,
};

function dress(style: Record<string, string>): void {
	for (const name of PROPERTIES) {
		const v = style[name];
		if (typeof v === "string") host.style.setProperty(name, v);
		else host.style.removeProperty(name);
	}
}

async function start(): Promise<void> {
	uncontained(root);
	const mounted = await mount(
		host,
		root,
		location.origin,
		{
			site: meta["site"] ?? "",
			thread: meta["thread"] ?? "",
			url: meta["url"] ?? "",
			title: meta["title"] ?? "",
			lang: meta["lang"] ?? "",
			sort: (meta["sort"] ?? "") as Sort | "",
			view: (meta["view"] ?? "") as View | "",
			maxDepth: number(meta["max-depth"], 20),
			pageSize: number(meta["page-size"], 100),
			live: meta["live"] !== "off",
			sso: "",
			readOnly: meta["read-only"] === "true",
		},
		null,
		home,
	);
	const { app } = mounted;
	app.ground = meta["theme"] ?? ""; // until the page says more
	app.panel = async (signal, slot) => (await import("./panel.ts")).panel(app, meta["name"] ?? "", signal, slot);
	mounted.theme(meta["theme"] ?? "auto");
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(css);
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	for (const name of EVENTS)
		host.addEventListener(`parley:${name}`, (e) => say({ parley: 1, type: "event", name, detail: (e as CustomEvent).detail }));
	new ResizeObserver(() => say({ parley: 1, type: "height", px: host.getBoundingClientRect().height })).observe(host);
	addEventListener("message", (e) => {
		if (e.source !== parent || e.origin !== origin) return;
		const m = message<ToFrame>(e.data);
		switch (m?.type) {
			case "page":
				page.href = m.href;
				page.hash = m.hash;
				dress(m.style);
				app.ground = m.ground ?? m.theme;
				mounted.theme(m.theme);
				app.list.updateAll();
				app.acting?.hash();
				app.o.sso = m.sso;
				if (m.sso) void app.acting?.sso(m.sso); // else it begins with it
				return;
			case "view":
				page.height = m.height;
				host.style.setProperty("--p-view", `${m.top}px`);
				host.style.setProperty("--p-vh", `${m.height}px`);
				host.style.setProperty("--p-vb", `${m.bottom ?? m.top + m.height}px`);
				return;
			case "hash":
				page.hash = m.hash;
				app.acting?.hash();
				return;
			case "theme":
				dress(m.style);
				app.ground = m.ground ?? m.theme;
				mounted.theme(m.theme);
				return;
			case "set":
				if (m.name === "sort" && /^(best|newest|oldest|controversial)$/.test(m.value)) void app.setSort(m.value as Sort);
				if (m.name === "view" && /^(threads|flat)$/.test(m.value)) void app.setView(m.value as View);
				return;
			case "options": {
				const { o } = m;
				const text = (v: unknown) => (typeof v === "string" ? v : "");
				const all = { ...app.o, url: text(o.url), title: text(o.title), lang: text(o.lang), sso: text(o.sso) };
				void app.acts.then((a) =>
					a.adopt({
						...all,
						maxDepth: number(String(o.maxDepth), 20),
						pageSize: number(String(o.pageSize), 100),
						live: o.live !== false,
						readOnly: o.readOnly === true,
					}),
				);
				return;
			}
			case "do":
				if (m.what === "reload") void app.reload();
				else if (m.what === "focusComposer") void app.focus();
				else
					void app.acts.then((a) => {
						if (m.what === "signIn") void a.posting.signIn();
						else if (m.what === "signOut") void a.signOut();
					});
				return;
			case "goTo":
				void app.acts
					.then((a) => a.goTo(m.id))
					.then(
						() => say({ parley: 1, type: "went", turn: m.turn, ok: true }),
						() => say({ parley: 1, type: "went", turn: m.turn, ok: false }),
					);
		}
	});
	say({ parley: 1, type: "hello" });
}

if (parent !== window && origin) void start();
