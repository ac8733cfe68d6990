import en from "../../../static/i18n/en/news.json";
import { problem } from "./api/reader.ts";
import type { Comment, LiveEvent } from "../shared/api/shapes.ts";
import type { Hearing, News } from "./acting.ts";
import type { App } from "./app.ts";
import { Loading } from "./loading.ts";
import * as peek from "./peek.ts";
import { replace } from "./state/doing.ts";
import { apply, compare } from "./state/following.ts";
import css from "./style/news.css";
import { canWrite, type Line } from "./view/context.ts";
import { drop } from "./view/placing.ts";
import { typedAhead } from "./typed-ahead.ts";
import { Status } from "./view/status.ts";

// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./state/doing.ts";
export * from "./state/following.ts";
export * from "./view/placing.ts";

const SPREAD_MS = 1_500; // in which those ask who are told of the same comment

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** following brings what happens elsewhere, and more of what there is. */
export async function following(app: App, hearing: Hearing): Promise<News> {
	const root = app.frame.el.getRootNode() as ShadowRoot;
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
	app.x.words.add(en);
	await app.x.words.fetch(app.base, "news");
	app.news = new Following(app, hearing);
	app.update();
	return app.news;
}

/** Following takes what happens elsewhere into this page, moving nothing. */
class Following implements News {
	private readonly status: Status;
	private readonly loading: Loading;
	private turn: Promise<void> = Promise.resolve();
	private asking = 0;

	constructor(
		private readonly app: App,
		private readonly hearing: Hearing,
	) {
		this.status = new Status(app.x, app.frame);
		this.loading = new Loading(app);
	}

	speak(): void {
		this.status.speak();
	}

	update(): void {
		this.status.update();
	}

	events(list: LiveEvent[]): void {
		const { app } = this;
		this.turn = this.turn.then(() => app.acting?.landed()).then(() => this.take(list)).catch(() => this.catchUp()); // one that fails stops none after it
	}

	private take(list: LiveEvent[]): void {
		const { app } = this;
		if (app.signal.aborted) return;
		const { d } = app.x;
		const before = d.waiting.length;
		const fetches = new Set<string>();
		for (const e of list) {
			for (const effect of apply(d, e)) {
				if (effect.do === "votes") app.list.update(effect.id);
				else if (effect.do === "fetch") fetches.add(effect.id);
				else if (effect.do === "own") this.own();
				else if (effect.do === "anew") void app.reload();
				else if (effect.do === "reload" || effect.do === "thread") void this.catchUp();
			}
			if (e.parent_id) app.list.update(e.parent_id);
		}
		const own = (id = "") => d.user !== null && d.known.get(id)?.author?.id === d.user.id && !d.undo.has(id);
		const mine = list.some((e) => e.type === "comment.removed" && own(e.id));
		const fetched = Promise.all([...fetches].map((id) => !d.undo.has(id) && this.refresh(id)));
		if (mine) void fetched.then(() => app.acting?.me()); // whose it was is told why
		app.update();
		if (d.waiting.length > before) app.emit("new-available", { count: d.waiting.length });
		app.count();
	}

	/** own asks what is the reader's own by now; where many are told of one comment, not all at once. */
	private own(): void {
		clearTimeout(this.asking);
		const { app } = this;
		this.asking = setTimeout(() => app.signal.aborted || void app.acting?.me(), app.x.d.pending.length > 0 ? 0 : Math.random() * SPREAD_MS);
	}

	async catchUp(): Promise<void> {
		const { app } = this;
		try {
			const page = await app.reader.page(app.o.thread, app.sort, app.x.flat ? "flat" : "threads", app.o.pageSize, "", app.filter);
			if (app.x.d.thread && page.thread?.id !== app.x.d.thread.id) return app.reload(); // its key leads to another discussion by now
			await app.acting?.landed(); // its comments may be on this page already
			const could = canWrite(app.x);
			const site = JSON.stringify(app.x.d.site);
			for (const id of compare(app.x.d, page)) app.list.update(id);
			this.hearing.at(page.thread?.seq ?? 0);
			if (could !== canWrite(app.x)) app.place();
			if (app.x.d.thread?.picks) void import("./picks.ts").then((m) => m.begin(app, app.frame.el.getRootNode() as ShadowRoot), () => {});
			if (JSON.stringify(app.x.d.site) !== site) {
				if (app.x.d.site?.reactions) void import("./reactions.ts").then((m) => m.begin(app, app.frame.el.getRootNode() as ShadowRoot), () => {});
				if (app.acting) app.acting.posting.update();
				else for (const box of this.hearing.boxes.values()) box.rest(); // the ways in, and what the site is called
			}
			app.acting?.posting.showHeldReason();
			app.list.updateAll();
			app.update();
		} catch {
			this.hearing.at(0); // it looks at the clock again; or the next event comes, or the next visit
		}
	}

	async refresh(id: string): Promise<void> {
		const { app } = this;
		try {
			const c = (await app.reader.comment(id)).comment;
			this.changed({ ...c, replies: app.x.d.known.get(id)?.replies ?? [] });
		} catch (e) {
			if (problem(e)?.status !== 404) return;
			const was = app.x.d.known.get(id);
			if (was) this.changed({ ...was, author: null, html: "", status: "deleted", gone: true });
			if (!app.x.d.undo.has(id)) this.dropped(id);
		}
	}

	changed(c: Comment): void {
		const { app } = this;
		replace(app.x.d, c);
		app.list.update(c.id);
		if (c.parent_id) app.list.update(c.parent_id);
		for (const v of app.list.views.values()) peek.follow(v.line, c); // where it stands open as a parent
		app.acting?.posting.parentChanged(c);
		app.emit(c.author ? "comment-updated" : "comment-removed", { id: c.id });
	}

	dropped(id: string): void {
		const { app } = this;
		if (app.acting?.posting.holds(id)) {
			app.list.update(id); // somebody is writing under it
			return;
		}
		drop(app.list, id);
		if (app.x.d.list.length > 0) return;
		app.draw();
		app.frame.focus();
	}

	/** search opens the field; before is what was typed before this part had come. */
	async search(before: unknown = ""): Promise<void> {
		const typed = typedAhead(this.app);
		try {
			const { search } = await import("./search.ts");
			await search(this.app, () => `${typeof before === "string" ? before : ""}${typed()}`);
		} catch (e) {
			typed();
			void this.app.acts.then((a) => a.showError(e, () => void this.search()));
		}
	}

	peek(line: Line): void {
		void this.open(line);
	}

	private async open(line: Line): Promise<void> {
		const { x, reader } = this.app;
		try {
			const c = x.d.known.get(line.to.id) ?? (await reader.comment(line.to.id)).comment;
			if (line.isOpen) peek.show(line, c);
		} catch (e) {
			if (line.isOpen) peek.showError(line, x.words.t(problem(e)?.status === 404 ? "peek_gone" : "peek_failed"));
		}
	}

	unpeek(line: Line): void {
		peek.hide(line);
	}

	show(c: Comment, ancestors: Comment[]): void {
		this.loading.show(c, ancestors);
	}

	showNew(): Promise<void> {
		return this.loading.showNew();
	}

	more(): Promise<void> {
		return this.loading.more();
	}

	moreReplies(id: string): Promise<void> {
		return this.loading.moreReplies(id);
	}

	once(button: Element | null | undefined, run: () => Promise<void>): Promise<void> {
		return this.loading.once(button, run);
	}
}
