import type { Sort, View } from "../shared/api/shapes.ts";
import { pageURL, threadKey } from "./threadkey.ts";
import type { Framed } from "./host.ts";
import type { Mounted } from "./mount.ts";

/**
 * The loader: the only file a page names. It defines the elements and fetches
 * what they need, the comments and the widget at the same time.
 */
const script = document.currentScript as HTMLScriptElement | null;
const base = script ? new URL(".", script.src).href.replace(/\/$/, "") : "";
const sorts = /^(best|newest|oldest|controversial)$/;
const views = /^(threads|flat)$/;
const number = (s: string | null, max: number): number => Math.min(Math.max(Number(s) | 0, 0), max);
const choice = (name: string): string => {
	try {
		return localStorage.getItem(`parley:${name}`) ?? "";
	} catch {
		return "";
	}
};

const sheet = (css: string) => {
	const s = new CSSStyleSheet();
	s.replaceSync(css);
	return s;
};
/**
 * The width: all there is, up to the maximum. What is inside cannot give the
 * element a width of its own, being laid out by the width it gets, so where a
 * page asks how wide it would like to be (a flex row, a float, a table cell)
 * two empty boxes answer: as wide as the maximum, and no less than is readable.
 */
const size = sheet(
	":host{writing-mode:horizontal-tb;max-inline-size:var(--parley-max-width,720px)}:host(:not([hidden])){display:block!important}" +
		":host:before,:host:after{content:'';display:grid;grid-template-columns:minmax(0,min(100vw - var(--parley-edge,0px),var(--parley-max-width,720px)))}" +
		":host:after{inline-size:min(280px,45vw);max-inline-size:100%}",
);
/** The room that a widget takes before it is there, so that what follows it does not jump. */
const reserve = sheet(":host{min-block-size:100vh}");

type Module = { mount: typeof import("./view.ts").mount };
let view: Promise<Module> | undefined;
const load = (): Promise<Module> => {
	view ??= import(`${base}/assets/__BUILD__/view.js`) as Promise<Module>;
	view.catch(() => {
		view = undefined;
	});
	return view;
};

/** part brings what only some pages need; without it the page says what it said before. */
const part = <M>(name: string, use: (m: M) => unknown) => void (import(`${base}/assets/__BUILD__/${name}.js`) as Promise<M>).then(use, () => {});

class ParleyComments extends HTMLElement {
	static observedAttributes = "site thread url title theme lang sort view max-depth page-size live lazy sso read-only mode".split(
		" ",
	);
	private mounted: Mounted | undefined;
	private framed: Framed | undefined;
	private near: IntersectionObserver | undefined;
	private turn = 0;
	private shown = ""; // site, thread and mode
	private again = false;
	private going: Promise<void> | undefined; // since it began to mount
	/** named mounts what the page's address names a comment of, also later. */
	private readonly named = (): void => {
		if (/#parley-/.test(location.href)) void (this.going ?? this.mount());
		else if (/[#?&][\w-]*(comm?ent|isso)\w*[-=]/.test(location.href)) // as other systems link to a comment
			part<typeof import("./oldlink.ts")>("oldlink", (m) => m.follow(base, this));
	};

	connectedCallback(): void {
		const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
		root.adoptedStyleSheets = [size, reserve];
		if (this.getAttribute("lazy") === "off") void this.mount();
		addEventListener("hashchange", this.named);
		this.named();
		if (this.going) return;
		this.near = new IntersectionObserver((seen) => seen.some((s) => s.isIntersecting) && void this.mount(), {
			rootMargin: "1200px",
		});
		this.near.observe(this);
	}

	disconnectedCallback(): void {
		this.near?.disconnect();
		removeEventListener("hashchange", this.named);
		this.turn++;
		this.unmount();
	}

	private unmount(): void {
		this.mounted?.end();
		this.framed?.end();
		this.mounted = this.framed = this.going = undefined;
	}

	attributeChangedCallback(name: string, was: string | null, is: string | null): void {
		if (name === "lazy") {
			if (is === "off" && this.near && this.isConnected && !this.mounted && !this.framed) void this.mount();
			return;
		}
		const on = this.mounted ?? this.framed;
		if (was === is || !on) return;
		if (name === "theme") on.theme(is ?? "");
		else if (name === "sort" && sorts.test(is ?? ""))
			this.mounted ? void this.mounted.app.setSort(is as Sort) : this.framed?.set("sort", is ?? "");
		else if (name === "view" && views.test(is ?? ""))
			this.mounted ? void this.mounted.app.setView(is as View) : this.framed?.set("view", is ?? "");
		else if (!this.again) {
			this.again = true; // several attributes at once: one change
			queueMicrotask(() => {
				this.again = false;
				if (this.isConnected) this.changed();
			});
		}
	}

	/** changed hands over what has changed; only another discussion or mode is another widget. */
	private changed(): void {
		const o = this.options();
		const { mounted, framed } = this;
		if (`${[o.site, o.thread, this.getAttribute("mode") === "frame"]}` !== this.shown) {
			this.unmount();
			void this.mount();
			return;
		}
		const { sort, view, ...rest } = o; // those have a way of their own
		framed?.adopt(rest);
		void mounted?.app.acts.then((a) => a.adopt(rest));
	}

	private options() {
		const a = (name: string) => this.getAttribute(name);
		const site = a("site") ?? "";
		const thread = threadKey(a("thread"), a("url"), document);
		const pick = (name: "sort" | "view", pattern: RegExp) => [a(name), choice(name)].find((v) => pattern.test(v ?? "")) ?? "";
		return {
			site,
			thread,
			url: pageURL(a("url"), document),
			title: a("title") ?? document.querySelector<HTMLMetaElement>('meta[property="og:title"]')?.content ?? document.title,
			lang: a("lang") ?? "",
			sort: pick("sort", sorts) as Sort | "",
			view: pick("view", views) as View | "",
			maxDepth: number(a("max-depth"), 20),
			pageSize: number(a("page-size"), 100),
			live: a("live") !== "off",
			sso: a("sso") ?? "",
			readOnly: a("read-only") !== null && a("read-only") !== "false",
		};
	}

	private mount(): Promise<void> {
		this.going = this.begin();
		return this.going;
	}

	private async begin(): Promise<void> {
		this.near?.disconnect();
		const turn = ++this.turn;
		const a = (name: string) => this.getAttribute(name);
		const o = this.options();
		const { site, thread } = o;
		this.shown = `${[site, thread, a("mode") === "frame"]}`;
		const root = this.shadowRoot;
		if (a("mode") === "frame") {
			try {
				const m = (await import(`${base}/assets/__BUILD__/host.js`)) as typeof import("./host.ts");
				if (turn === this.turn && root) this.framed = m.frame(this, root, base, o);
			} catch {
				this.showError();
			}
			return;
		}
		const q = new URLSearchParams({ thread });
		if (o.sort) q.set("sort", o.sort);
		if (o.view) q.set("view", o.view);
		if (o.pageSize) q.set("limit", String(o.pageSize));
		const first = fetch(`${base}/api/v1/sites/${encodeURIComponent(site)}/comments?${q}`, { credentials: "omit" });
		first.catch(() => {});
		let m: Module;
		try {
			m = await load();
		} catch {
			this.showError();
			return;
		}
		if (turn !== this.turn || !root) return;
		const mounted = await m.mount(this, root, base, o, first);
		mounted.theme(a("theme") ?? "auto");
		if (turn === this.turn) this.mounted = mounted;
		else mounted.end();
	}

	/** The widget itself did not come: one sentence and a way to try again. */
	private showError(): void {
		this.going = undefined;
		const p = document.createElement("p");
		const b = document.createElement("button");
		p.textContent = "Comments didn't load. The article is fine. ";
		b.textContent = "Try again";
		b.onclick = () => void this.mount();
		p.append(b);
		this.shadowRoot?.replaceChildren(p);
	}

	/** ask does what the page asks for; it does not wait until the reader comes near. */
	private async ask(act: (app: Mounted["app"]) => unknown, what?: Parameters<Framed["do"]>[0]): Promise<void> {
		if (this.isConnected) await (this.going ?? this.mount());
		if (what) this.framed?.do(what);
		if (this.mounted) await act(this.mounted.app);
	}

	async reload(): Promise<void> {
		const { mounted } = this; // what is only now mounted is new
		await this.ask(() => mounted?.app.reload(), "reload");
	}
	focusComposer(): void {
		void this.ask((app) => app.focus(), "focusComposer");
	}
	async goTo(id: string): Promise<void> {
		await this.ask((app) => app.acts.then((a) => a.goTo(id)));
		await this.framed?.goTo(id);
	}
	async signIn(): Promise<void> {
		await this.ask((app) => app.acts.then((a) => a.posting.signIn()), "signIn");
	}
	async signOut(): Promise<void> {
		await this.ask((app) => app.acts.then((a) => a.signOut()), "signOut");
	}
}

/** A count of comments; its own part comes when there is one on the page. */
class ParleyCount extends HTMLElement {
	static observedAttributes = ["site", "thread", "url"];

	connectedCallback(): void {
		part<typeof import("./counts.ts")>("counts", (m) => this.isConnected && m.count(this, base));
	}

	attributeChangedCallback(): void {
		if (this.isConnected) this.connectedCallback();
	}
}

/** The newest comments of a site; its own part comes when there is one on the page. */
class ParleyLatest extends HTMLElement {
	static observedAttributes = ["site", "limit", "lang"];

	connectedCallback(): void {
		part<typeof import("./latest.ts")>("latest", (m) => this.isConnected && m.latest(this, base));
	}

	attributeChangedCallback(_: string, was: string | null): void {
		if (was !== null && this.isConnected) this.connectedCallback();
	}
}

if (!customElements.get("parley-comments")) {
	customElements.define("parley-latest", ParleyLatest);
	customElements.define("parley-comments", ParleyComments);
	customElements.define("parley-count", ParleyCount);
}

if (/parley-check=/.test(location.search)) part<typeof import("./check.ts")>("check", (m) => m.check(base, script));

if (script?.dataset["site"]) {
	const el = document.createElement("parley-comments");
	for (const [k, v] of Object.entries(script.dataset))
		el.setAttribute(
			k.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`),
			v ?? "",
		);
	script.after(el);
}
