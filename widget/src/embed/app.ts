import type { Acting, Hearing, News } from "./acting.ts";
import type { Api } from "./api/client.ts";
import { Problem, problem, Reader } from "./api/reader.ts";
import type { Page, Sort, User, View } from "../shared/api/shapes.ts";
import type { Words } from "../shared/i18n/catalogue.ts";
import type { Options } from "./options.ts";
import { scheme } from "./scheme.ts";
import { empty, firstPage } from "./state/discussion.ts";
import { choice, choose, Drafts } from "./state/draft.ts";
import { type Acts, canWrite, type Context, type Home, type Key } from "./view/context.ts";
import { Frame } from "./view/frame.ts";
import { fill, set } from "../shared/dom/h.ts";
import { ListView } from "./view/list.ts";

const TICK_MS = 60_000; // ages are redrawn this often

/**
 * App is one widget. This part reads: it takes a page from the network to the
 * state to the view, and is all that loads before the comments show. What goes on
 * meanwhile is in listen.ts, which comes right after; what a reader does is in
 * act.ts, which comes when it is first wanted.
 */
export class App {
	readonly x: Context;
	reader: Reader; // act.ts puts an Api in its place
	readonly frame: Frame;
	list: ListView;
	sort: Sort = "best";
	down = false; // the live connection, for so long that the reader should know
	filter = ""; // "picks": of those alone
	queued = 0; // comments of the reader's that wait for it
	hearing: Hearing | null = null;
	news: News | null = null;
	acting: Acting | null = null;
	theme = ""; // light or dark where the page says so; else what can be read there
	ground = ""; // of the page around a frame: light or dark
	/** layers finds what is painted behind the element; listen.ts brings the one that looks everywhere. */
	layers: Parameters<typeof scheme>[1];
	/** panel signs in inside the widget: only in a document of our own origin. */
	panel: ((signal: AbortSignal, slot?: HTMLElement) => Promise<User | null>) | null = null;
	private dressed = false; // and follows the page's looks
	private turn = 0; // of loading
	private readonly stop = new AbortController();
	/** arrived is told of the part that acts. */
	arrived: (a: Acting) => void = () => {};
	private readonly acted = new Promise<Acting>((done) => {
		this.arrived = done;
	});
	private heard: (h: Hearing) => void = () => {};
	private readonly hears = new Promise<Hearing>((done) => {
		this.heard = done;
	});
	private deaf = true; // the part that listens is neither there nor on its way

	constructor(
		readonly host: HTMLElement,
		readonly base: string,
		readonly o: Options,
		words: Words<Key>,
		home: Home,
		private first: Promise<Response> | null,
	) {
		this.reader = new Reader(base, o.site, this.signal);
		this.x = {
			d: empty(),
			words,
			acts: new Proxy({} as Acts, {
				get:
					(_, name: keyof Acts) =>
					(...args: never[]) =>
						this.ears.then((h) => h.press(name, args)),
			}),
			drafts: new Drafts(`${o.site}:${o.thread}`),
			folded: new Set(choice(this.foldKey).split(",")),
			base,
			flat: false,
			maxDepth: o.maxDepth || 6,
			readOnly: o.readOnly,
			also: [],
			permalink: (id) => `${this.x.home.href()}#parley-${id}`,
			home,
			now: () => new Date(),
		};
		this.list = new ListView(this.x);
		this.frame = new Frame(this.x, {
			sort: (s) => void this.setSort(s),
			view: (v) => this.setView(v),
			reload: () => void this.reload(),
		});
		this.frame.list.addEventListener("click", (e) => this.pressed(e));
		const tick = setInterval(() => {
			this.list.updateAll();
			this.update();
			this.acting?.posting.showHeldReason();
		}, TICK_MS);
		this.signal.addEventListener("abort", () => clearInterval(tick));
	}

	/** foldKey is what the folded threads are remembered under. */
	get foldKey(): string {
		return `folded:${this.o.site}:${this.o.thread}`;
	}

	/** pressed does what the button of a comment is for, wherever in the list it is. */
	private pressed(e: MouseEvent): void {
		const button = (e.target as Element).closest<HTMLElement>("[data-act]");
		const id = button?.closest("li")?.firstElementChild?.id.slice("parley-".length) ?? "";
		const view = this.list.get(id);
		if (!button || !view) return;
		const what = button.dataset["act"] ?? "";
		const { x } = this;
		if (what === "fold") {
			view.fold();
			choose(this.foldKey, [...x.folded].join());
		} else if (what === "open") {
			if (x.d.reported.has(id)) x.acts.press("unreport", id, button);
			view.open();
		} else if (what === "more") void x.acts.moreReplies(id);
		else if (what !== "link") x.acts.press(what, id, button);
		else if (!(e.metaKey || e.ctrlKey || e.shiftKey || e.button)) {
			e.preventDefault();
			x.home.go(id);
			void x.acts.goTo(id);
		}
	}

	/** ears is the part that listens: where it did not come, a press has it fetched once more. */
	private get ears(): Promise<Hearing> {
		if (this.deaf) void this.listen();
		return this.hears;
	}

	/** acts is the part that acts: it comes when somebody asks for it, and what is pressed before it is there is done then. */
	get acts(): Promise<Acting> {
		void this.ears.then((h) => h.act());
		return this.acted;
	}

	/** focus goes to where one writes: to the box that is there, whatever has come of what acts. */
	async focus(): Promise<void> {
		const { resting } = await this.ears;
		if (this.acting) this.acting.posting.focus();
		else resting.area.focus();
	}

	/** api is for the parts that come with act.ts and after it. */
	get api(): Api {
		return this.reader as Api;
	}

	/** signal ends everything that began with the widget. */
	get signal(): AbortSignal {
		return this.stop.signal;
	}

	/** end lets go of everything: the element has left the page. */
	end(): void {
		this.acting?.posting.keep();
		this.stop.abort();
	}

	/** paint puts on the theme that fits the page as it is now. */
	paint(): void {
		const fits = this.ground || scheme(this.host, this.layers);
		const theme = /^(light|dark)$/.test(this.theme) ? this.theme : fits;
		set(this.frame.el, { "data-theme": theme, "data-apart": theme !== fits });
	}

	emit(name: string, detail: unknown, cancelable = false): boolean {
		return this.host.dispatchEvent(new CustomEvent(`parley:${name}`, { detail, bubbles: true, composed: true, cancelable }));
	}

	count(): void {
		this.emit("count", { count: this.x.d.thread?.comment_count ?? 0 });
	}

	async start(): Promise<void> {
		await this.load();
		await this.listen();
		if (this.x.d.site) this.emit("ready", { thread: this.o.thread, count: this.x.d.thread?.comment_count ?? 0 });
	}

	/** listen brings the part that listens, and the box to write in, into the room that is kept for it. */
	private async listen(): Promise<void> {
		const root = this.frame.el.getRootNode();
		if (!this.deaf || !(root instanceof ShadowRoot)) return;
		this.deaf = false;
		try {
			const m = await import("./listen.ts");
			if (this.signal.aborted) return;
			if (!this.dressed) m.dress(this);
			this.dressed = true;
			this.deaf = !this.x.d.site;
			if (this.deaf) return; // until there is something to listen to
			this.hearing = await m.listen(this, root);
			this.place();
			this.update();
			this.heard(this.hearing);
			if (m.begun(this)) await this.hearing.act();
		} catch {
			this.deaf = true;
			if (canWrite(this.x)) this.frame.retry(this.frame.composer, () => void this.listen(), this.x.words.t("failed"));
			addEventListener("online", () => void this.listen(), { once: true, signal: this.signal });
		}
	}

	/** place puts the box to write in where it belongs, or says why there is none. */
	place(): void {
		const posting = this.acting?.posting;
		if (!canWrite(this.x)) (posting ?? this.frame).closed();
		else if (posting) posting.show();
		else if (this.hearing) fill(this.frame.composer, [this.hearing.resting.el]);
	}

	/** load fetches the first page and shows it; what was read stays until there is another. It says no where it was asked again meanwhile: the last choice holds. */
	private async load(
		sort = this.o.sort || (choice("sort") as Sort | ""),
		view = this.o.view || (choice("view") as View | ""),
	): Promise<boolean> {
		const turn = ++this.turn;
		try {
			const early = this.first;
			this.first = null;
			const page = await (early ? this.read(early) : this.reader.page(this.o.thread, sort, view, this.o.pageSize, "", this.filter));
			if (turn !== this.turn) return false;
			firstPage(this.x.d, page);
		} catch (e) {
			if (turn !== this.turn) return false;
			const p = problem(e);
			this.emit("error", { code: p?.code ?? "internal" });
			if (this.x.d.site) throw e;
			this.frame.error(this.x.words.t(p?.status === 404 ? "unknown_text" : "error_text"));
			this.acting?.posting.rehold();
			this.update();
			return true;
		}
		const site = this.x.d.site;
		this.sort = sort || site?.sort || "best";
		this.x.flat = (view || site?.view) === "flat" || !!this.filter;
		if (!this.o.maxDepth) this.x.maxDepth = site?.max_depth ?? 6;
		this.draw();
		return true;
	}

	/** read takes the answer that the loader asked for before this file was here. */
	private async read(early: Promise<Response>): Promise<Page> {
		const res = await early.catch(() => null);
		if (res?.ok) return (await res.json()) as Page;
		throw new Problem(res?.status ?? 0, "network", "");
	}

	/** draw shows what is known, all of it. */
	draw(): void {
		const posting = this.acting?.posting;
		const back = posting?.focused();
		this.list.end();
		this.list = new ListView(this.x);
		this.list.draw();
		if (this.x.d.list.length === 0) this.frame.empty();
		else fill(this.frame.list, [this.list.el]);
		this.place();
		posting?.rehold();
		back?.();
		this.update();
		this.count();
	}

	/** update draws what is not a comment. */
	update(): void {
		this.frame.update(this.sort);
		this.hearing?.update();
		this.news?.update();
	}

	/** reload shows the list anew, in another order or view if one is given; it keeps to that once it has it. */
	async reload(sort?: Sort | "", view?: View | ""): Promise<void> {
		try {
			if (!(await this.load(sort, view))) return;
		} catch (e) {
			const again = () => void this.reload(sort, view);
			if (this.acting) this.acting.showError(e, again);
			else this.hearing?.lost(again);
			this.update(); // the choices say what is shown
			return;
		}
		if (sort) {
			this.o.sort = sort;
			choose("sort", sort);
		}
		if (view) {
			this.o.view = view;
			choose("view", view);
		}
		await this.acting?.reloaded();
		this.hearing?.at(this.x.d.thread?.seq ?? 0);
		await this.listen();
	}

	setSort(s: Sort): Promise<void> {
		return this.reload(s);
	}

	setView(v: View): Promise<void> {
		return this.reload(undefined, v);
	}
}
