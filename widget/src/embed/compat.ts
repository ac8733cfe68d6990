import { threadKey } from "./threadkey.ts";

/**
 * /compat.js stands where another system's script stood: it finds that system's
 * places in the page and puts Parley there, under the same identity of the page
 * that an import gave it. A page names the site once, /compat.js?site=KEY.
 *
 * What the other script reads from the page is read here too: the attributes and
 * globals below are those of Disqus, remark42, Comentario, Commento, Isso, Artalk,
 * Waline and Coral, as their documentation gives them.
 */
/** What other systems' pages ask their servers for; ours answers all of them with this file. */
const names =
	/\/(compat|count|web\/(embed|counter)|js\/(commento|count|embed|count\.min|count\.dev|embed\.min|embed\.dev)|comentario|dist\/Artalk|assets\/js\/(embed|count))\.m?js$/;
const path = (s: HTMLScriptElement): string => new URL(s.src, location.href).pathname;
const script =
	(document.currentScript as HTMLScriptElement | null) ?? // a module has none
	[...document.scripts].find((s) => s.src && names.test(path(s)));
const here = script ? new URL(script.src) : new URL(location.href);
const base = here.origin + here.pathname.replace(names, "");

interface Place {
	thread?: string; // the page's own name for the discussion
	url?: string;
	title?: string;
}

type Globals = Window & {
	disqus_config?: (this: { page: Place & { identifier?: string }; language?: string }) => void;
	disqus_identifier?: string;
	disqus_url?: string;
	disqus_title?: string;
	remark_config?: { site_id?: string; url?: string; page_title?: string };
	DISQUS?: object;
	REMARK42?: object;
	commento?: object;
	Artalk?: object;
	Waline?: object;
	Coral?: object;
	parleySite?: string; // the server's only site, where the page names none
};
const w = window as unknown as Globals;
const site = here.searchParams.get("site") ?? script?.dataset["site"] ?? w.parleySite ?? "";

/** key is the one of two names under which the server has comments: the page's own, or its address. */
async function known({ thread, url }: Place): Promise<string> {
	if (!thread) return "";
	const address = threadKey(null, url ?? null, document);
	const q = new URLSearchParams([
		["thread", thread],
		["thread", address],
	]);
	try {
		const r = await fetch(`${base}/api/v1/sites/${encodeURIComponent(site)}/counts?${q}`, { credentials: "omit" });
		const { counts } = (await r.json()) as { counts: Record<string, number> };
		return (counts[thread] ?? 0) > 0 || (counts[address] ?? 0) === 0 ? thread : "";
	} catch {
		return thread;
	}
}

/** put shows the comments in an element, in the place of what is there. */
async function put(into: Element | string | null | undefined, place: Place): Promise<void> {
	const el = typeof into === "string" ? document.querySelector(into) : into;
	if (!el) return;
	const c = document.createElement("parley-comments");
	c.setAttribute("site", site);
	if (place.url) c.setAttribute("url", place.url);
	if (place.title) c.setAttribute("title", place.title);
	const thread = await known(place);
	if (thread) c.setAttribute("thread", thread);
	el.replaceChildren(c);
}

/** count puts the number of a page's comments into an element. */
function count(el: Element, place: Place): void {
	const c = document.createElement("parley-count");
	c.setAttribute("site", site);
	if (place.thread) c.setAttribute("thread", place.thread);
	else if (place.url) c.setAttribute("url", place.url);
	el.replaceChildren(c);
}

const data = (el: Element, name: string): string => el.getAttribute(`data-${name}`) ?? "";
const bare = (href: string): string => href.replace(/#.*$/, "");

function disqus(): void {
	const page: Place & { identifier?: string } = { identifier: w.disqus_identifier ?? "", url: w.disqus_url ?? "", title: w.disqus_title ?? "" };
	try {
		w.disqus_config?.call({ page });
	} catch {} // the page's own fault, and no reason to show nothing
	const now = (p = page) => put("#disqus_thread", { thread: p.identifier ?? "", url: p.url ?? "", title: p.title ?? "" });
	void now();
	w.DISQUS = {
		reset: (o: { config?: typeof w.disqus_config }) => {
			const next: typeof page = {};
			o?.config?.call({ page: next });
			void now(next);
		},
	};
}

function counts(): void {
	for (const a of document.querySelectorAll<HTMLAnchorElement>('a[href$="#disqus_thread"], [data-disqus-identifier], [data-disqus-url]'))
		count(a, { thread: data(a, "disqus-identifier"), url: data(a, "disqus-url") || bare(a.href ?? "") });
	for (const a of document.querySelectorAll<HTMLAnchorElement>('a[href$="#isso-thread"]')) count(a, { url: data(a, "isso-id") || bare(a.href) });
	for (const s of document.querySelectorAll(".remark42__counter")) count(s, { url: data(s, "url") || bare(location.href) });
	for (const a of document.querySelectorAll<HTMLAnchorElement>('a[href$="#commento"]')) count(a, { url: bare(a.href) });
	for (const s of document.querySelectorAll("comentario-count")) count(s, { url: new URL(s.getAttribute("path") ?? "", location.href).href });
	for (const s of document.querySelectorAll(".waline-comment-count")) count(s, { url: new URL(data(s, "path") || location.pathname, location.href).href });
	for (const s of document.querySelectorAll(".artalk-comment-count")) count(s, { url: new URL(data(s, "page-key") || location.pathname, location.href).href });
}

/** at is a path of this page's host as an address; nothing stays nothing. */
const at = (path: string | undefined | null): string => (path ? new URL(path, location.href).href : "");

function elements(): void {
	if (document.querySelector("#remark42")) void put("#remark42", { url: w.remark_config?.url ?? "", title: w.remark_config?.page_title ?? "" });
	void put("#isso-thread", {
		url: at(document.querySelector("#isso-thread")?.getAttribute("data-isso-id")),
		title: document.querySelector("#isso-thread")?.getAttribute("data-title") ?? "",
	});
	void put("#commento", { url: at(script?.dataset["pageId"]) });
	for (const c of document.querySelectorAll("comentario-comments")) void put(c, { url: at(c.getAttribute("page-id")) });
}

interface Started {
	el?: string | Element;
	id?: string; // Coral's
	path?: string;
	pageKey?: string;
	pageTitle?: string;
	storyURL?: string;
	autoRender?: boolean;
}

function calls(): void {
	const init = (o: Started) => {
		void put(o.el ?? "#waline", { url: at(o.path ?? o.pageKey), title: o.pageTitle ?? "" });
		return { update: (u: Started = {}) => init({ ...o, ...u }), destroy: () => {}, reload: () => {}, on: () => {} };
	};
	w.Artalk = { init, loadCountWidget: counts };
	w.Waline = { init, commentCount: counts, pageviewCount: () => {} };
	w.Coral = {
		createStreamEmbed: (o: Started) => {
			const render = () => void put(document.getElementById(o.id ?? "coral_talk_stream") ?? document.getElementById("coral_thread"), { url: o.storyURL ?? "" });
			if (o.autoRender) render(); // as Coral's own tag has it
			return { render, on: () => {}, remove: () => {}, login: () => {}, logout: () => {} };
		},
	};
	w.REMARK42 = { createInstance: (o: { node?: Element; url?: string }) => void put(o.node, { url: o.url ?? "" }), changeTheme: () => {}, destroy: () => {} };
	w.commento = { main: elements };
}

function begin(): void {
	if (!site) {
		console.error("Parley: say which site this is, /compat.js?site=KEY");
		return;
	}
	if (!customElements.get("parley-comments")) {
		const s = document.createElement("script");
		s.async = true;
		try {
			s.src = `${base}/embed.js`;
			document.head.append(s);
		} catch {
			console.error("Parley: this page lets no script load another; put /embed.js beside /compat.js"); // trusted types
		}
	}
	if (document.querySelector("#disqus_thread")) disqus();
	elements();
	counts();
}

calls();
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
else begin();
