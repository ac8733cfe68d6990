import { problem } from "./api/reader.ts";
import type { Comment, LiveEvent } from "../shared/api/shapes.ts";
import type { App } from "./app.ts";
import { Live } from "./live/socket.ts";
import * as peek from "./peek.ts";

export { show, showError } from "./peek.ts";
import { alone, apply, compare } from "./state/following.ts";
import { canWrite } from "./view/context.ts";

const DOWN_MS = 4_000; // a shorter loss of the connection is nobody's business
const NEAR = "600px"; // the socket opens when the widget is this near the window
const ASK_AGAIN_MS = 30_000; // where the server takes comments for longer than this clock thinks
const SPREAD_MS = 3_000; // not everybody asks at once when a discussion closes
const LONGEST_MS = 86_400_000; // of a timer

/** Following takes what happens elsewhere into this page, moving nothing. */
export class Following {
	private live: Live | null = null;
	private near: IntersectionObserver | null = null;
	private timer = 0;
	private due = 0;
	private turn: Promise<void> = Promise.resolve();

	constructor(private readonly app: App) {
		app.signal.addEventListener("abort", () => clearTimeout(this.due));
	}

	start(): void {
		const { app } = this;
		this.clock();
		this.follow(app.o.live);
		app.signal.addEventListener("abort", () => this.follow(false));
	}

	/** follow opens the connection when the widget is near the window, or lets go of it. */
	follow(yes: boolean): void {
		const { app } = this;
		if (!yes) {
			this.near?.disconnect();
			this.live?.stop();
			this.live = null;
			clearTimeout(this.timer);
			app.down = false;
			alone(app.x.d);
			app.update();
		}
		if (!yes || this.live) return;
		const near = new IntersectionObserver(
			(seen) => {
				if (!seen.some((s) => s.isIntersecting)) return;
				near.disconnect();
				this.live?.start();
			},
			{ rootMargin: NEAR },
		);
		this.live = new Live(
			{ url: (after) => app.api.liveURL(app.o.thread, after), poll: (after) => app.api.events(app.o.thread, after) },
			{ events: (list) => this.events(list), connected: (up) => this.connected(up), barred: async () => (await app.acting?.barred()) ?? false },
			app.x.d.thread?.seq ?? 0,
			app.signal,
		);
		near.observe(app.frame.el);
		this.near = near;
	}

	/** at says that the page on the screen is as new as this number. */
	at(seq: number): void {
		this.live?.at(seq);
		this.clock();
	}

	/** clock asks again when the discussion is due to close. This clock may be wrong: it says when to ask, never what holds. */
	private clock(): void {
		clearTimeout(this.due);
		const { thread } = this.app.x.d;
		if (thread?.state !== "open" || !thread.closes_at) return;
		const left = Date.parse(thread.closes_at) - Date.now();
		const wait = left > 0 ? left + Math.random() * SPREAD_MS : ASK_AGAIN_MS;
		this.due = setTimeout(() => (wait > LONGEST_MS ? this.clock() : void this.catchUp()), Math.min(wait, LONGEST_MS));
	}

	now(): void {
		this.live?.now();
	}

	/** own has the socket tell what is decided about what waits here. */
	own(): void {
		const { pending, ticket } = this.app.x.d;
		if (pending.length > 0 && ticket) this.live?.say({ own: ticket });
	}

	private connected(up: boolean): void {
		const { app } = this;
		clearTimeout(this.timer);
		if (up) {
			app.down = false;
			app.update();
			if (app.x.d.pending.length > 0) void app.acting?.me(); // nobody keeps what was decided meanwhile
			return;
		}
		this.timer = setTimeout(() => {
			app.down = true;
			app.update();
		}, DOWN_MS);
	}

	private events(list: LiveEvent[]): void {
		const { app } = this;
		this.turn = this.turn.then(() => app.acting?.landed()).then(() => this.take(list));
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
				else if (effect.do === "own") void app.acting?.me();
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

	/** catchUp looks again after a gap or a change of the thread. */
	private async catchUp(): Promise<void> {
		const { app } = this;
		try {
			const page = await app.api.page(app.o.thread, app.sort, app.x.flat ? "flat" : "threads", app.o.pageSize, "");
			await app.acting?.landed(); // its comments may be on this page already
			const could = canWrite(app.x);
			const site = JSON.stringify(app.x.d.site);
			for (const id of compare(app.x.d, page)) app.list.update(id);
			this.at(page.thread?.seq ?? 0);
			if (could && !canWrite(app.x)) app.acting?.posting.closed();
			else if (!could && canWrite(app.x)) app.acting?.posting.show();
			if (JSON.stringify(app.x.d.site) !== site) app.acting?.posting.update();
			app.acting?.posting.showHeldReason();
			app.list.updateAll();
			app.update();
		} catch {
			this.clock(); // or the next event, or the next visit
		}
	}

	/** refresh fetches one comment that has changed; one that is gone goes. */
	async refresh(id: string): Promise<void> {
		const { app } = this;
		try {
			const c = (await app.api.comment(id)).comment;
			app.acting?.changed({ ...c, replies: app.x.d.known.get(id)?.replies ?? [] });
		} catch (e) {
			if (problem(e)?.status !== 404) return;
			const was = app.x.d.known.get(id);
			if (was) app.acting?.changed({ ...was, author: null, html: "", status: "deleted", gone: true });
			if (!app.x.d.undo.has(id)) app.acting?.dropped(id);
		}
	}

	/** tell passes a comment on to wherever it stands open as a parent. */
	tell(c: Comment): void {
		for (const v of this.app.list.views.values()) peek.follow(v.line, c);
	}
}
