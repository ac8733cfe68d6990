import en from "../../../static/i18n/en/rest.json";
import type { LiveEvent } from "../shared/api/shapes.ts";
import type { Hearing, News } from "./acting.ts";
import type { Acts } from "./view/context.ts";
import type { App } from "./app.ts";
import { fit } from "./fit.ts";
import { Live } from "./live/socket.ts";
import { behind } from "./scheme-behind.ts";
import { follow } from "./scheme-follow.ts";
import { choice, SIGNED_IN } from "./state/draft.ts";
import { seenKey } from "./seen.ts";
import { typedAhead } from "./typed-ahead.ts";
import { readAlong } from "./state/listening.ts";
import css from "./style/rest.css";
import { showConnection } from "./view/connection.ts";
import { name } from "./view/names.ts";
import { Resting } from "./view/resting.ts";
import { typed } from "./view/typed.ts";

// What the lazy parts share with this one; see lazy in widget/main.go.
export * from "./view/names.ts";
export * from "./view/resting.ts";
export * from "./view/sign-in-methods.ts";
export * from "./state/listening.ts";
export * from "./seen.ts";
export * from "./typed-ahead.ts";

const DOWN_MS = 4_000; // a shorter loss of the connection is nobody's business
const NEAR = "600px"; // the socket opens when the widget is this near the window
const ASK_AGAIN_MS = 30_000; // where the server takes comments for longer than this clock thinks
const SPREAD_MS = 3_000; // not everybody asks at once when a discussion closes
const LONGEST_MS = 86_400_000; // of a timer

/** PRESSED is what a reader may be about to press that takes more than reading. */
const PRESSED = "form, article button, .hd button, .pill, .ft button";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** dress keeps the widget in the looks and the width that fit the page. */
export function dress(app: App): void {
	if (!app.ground) app.layers = behind;
	follow(
		app.host,
		() => {
			fit(app.host);
			app.paint();
		},
		app.signal,
	);
}

/** listen brings what goes on while somebody reads. */
export async function listen(app: App, root: ShadowRoot): Promise<Hearing> {
	app.x.words.add(en);
	const providers = app.x.d.site?.ways.some((w) => w.kind === "provider");
	const { site, thread } = app.x.d;
	const [ways] = await Promise.all([providers ? import("./ways.ts") : null, app.x.words.fetch(app.base, "rest")]);
	root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet, ...(ways ? [ways.sheet] : [])];
	if (ways?.here()) void app.acts; // in an app's own browser the box says how to get out
	const more = [
		site?.reactions && import("./reactions.ts"),
		thread?.picks && import("./picks.ts"),
		choice(seenKey(app)) && import("./unread.ts"),
	];
	for (const part of more) if (part) void part.then((m) => m.begin(app, root), () => {}); // the discussion is read without
	return new Listening(app, root);
}

/** begun tells whether there is something to act on before anything is touched: a session, a draft, a comment on its way, a place to go to. */
export function begun(app: App): boolean {
	const { o, x } = app;
	const scope = `${o.site}:${o.thread}`;
	const night = x.d.site?.night; // the present one, or the next: by night the box says that comments wait
	return (
		app.base === location.origin || // on our own pages the account is known; storage may be shut in a frame
		[SIGNED_IN, `draft:${scope}:root`, `queue:${scope}`].some(choice) ||
		/^#parley-/.test(x.home.hash()) ||
		[o.sso, night && x.now().toISOString() > night.from, history.state?.parley?.[0] === o.thread].some(Boolean)
	);
}

/** Listening is what goes on while somebody reads: it listens to the server, and to where the reader is about to press. */
class Listening implements Hearing {
	readonly resting: Resting;
	readonly boxes = new Map<string, Resting>();
	private live: Live | null = null;
	private near: IntersectionObserver | null = null;
	private timer = 0;
	private due = 0;
	private coming: Promise<News> | null = null;
	private early: Promise<typeof import("./first.ts")> | null = null; // one for all: what is pressed is done in order
	private again: (() => void) | null = null;
	private acting = false; // is coming

	constructor(
		private readonly app: App,
		private readonly root: ShadowRoot,
	) {
		const { x, frame, signal, o } = app;
		this.resting = new Resting(x, "root", () => app.acts);
		this.resting.begin();
		this.boxes.set("root", this.resting);
		typed(frame.el);
		x.reach = (v, c) => name(x, v.article, c);
		x.pics = (el) => {
			if (el.querySelector(".pic:empty")) void import("./pictures.ts").then((m) => m.pictures(app, el), () => {});
		};
		x.pics(frame.el);
		app.list.updateAll();
		const on = (target: EventTarget, types: string, f: (e: Event) => void) => {
			for (const t of types.split(" ")) target.addEventListener(t, f, { signal, passive: true });
		};
		on(frame.el, "pointerover focusin touchstart", (e) => {
			const at = e.target as Element;
			if (!this.again && (e.type === "focusin" ? !at.closest(".bar") : at.closest(PRESSED))) void app.acts; // what did not come is tried again by a press alone
		});
		on(frame.list, "pointerup keyup", () => {
			if (!app.acting && String(document.getSelection())) void app.acts;
		});
		on(window, "hashchange", () => /^#parley-/.test(location.hash) && void app.acts);
		on(window, "storage", (e) => (e as StorageEvent).key === `parley:${SIGNED_IN}` && void app.acts);
		on(window, "online offline", () => app.update());
		const keep = () => {
			for (const r of this.boxes.values()) r.keep();
		};
		on(window, "pagehide", keep);
		frame.list.addEventListener("keydown", (e) => {
			const at = e.target as Element; // the event forgets it
			if (!app.acting) this.first((m) => m.key(app, this, e, at));
		});
		const count = () => {
			if (document.querySelector("parley-count"))
				void import("./counts.ts").then((m) => m.counted(o.site, o.thread, x.d.thread?.comment_count ?? 0), () => {});
		};
		on(app.host, "parley:count", count);
		count();
		addEventListener("click", (e) => this.leave(e), { signal, capture: true });
		signal.addEventListener("abort", () => {
			keep();
			clearTimeout(this.due);
			this.follow(false);
		});
		this.clock();
		this.follow(o.live);
	}

	update(): void {
		const { app } = this;
		showConnection(app.x, app.frame, app, this.again, () => this.now());
	}

	/** first brings what a press does at once, whatever becomes of the rest. */
	private first(use: (m: typeof import("./first.ts")) => void = () => {}): void {
		this.early ??= import("./first.ts");
		this.early.then(use, () => {
			this.early = null;
		});
	}

	/** leave notes where in the list a reader stands who follows a link. The page's history keeps it: a mere reader has nothing stored. */
	private leave(e: Event): void {
		const { x, list, o } = this.app;
		if (!(e.composedPath()[0] as Partial<Element>).closest?.("a[href]")) return;
		for (const id of x.d.list) {
			const r = list.get(id)?.el.getBoundingClientRect();
			if (!r || r.bottom < 0) continue;
			if (r.top < innerHeight) history.replaceState({ ...history.state, parley: [o.thread, x.d.list.length, id, r.top] }, "");
			return;
		}
	}

	news(): Promise<News> {
		if (!this.coming) {
			this.coming = import("./following.ts").then((m) => m.following(this.app, this));
			this.coming.catch(() => {
				this.coming = null;
			});
		}
		return this.coming;
	}

	async act(): Promise<void> {
		const { app } = this;
		if (app.acting || this.acting) return;
		this.acting = true;
		this.first();
		try {
			const [m, news] = await Promise.all([import("./act.ts"), this.news(), import("./posting.ts"), import("./ways.ts")]);
			const acting = await m.act(app, this.root, this, news);
			if (app.signal.aborted) return;
			app.x.acts = app.acting = acting;
			this.lost(null);
			app.arrived(acting);
			await acting.start();
		} catch {
			if (app.acting) return;
			this.acting = false;
			const again = () => void this.act();
			this.lost(again);
			addEventListener("online", again, { once: true, signal: app.signal });
		}
	}

	async press(name: keyof Acts, args: never[]): Promise<unknown> {
		const reads = /^(search|showNew|more|moreReplies|peek|unpeek)$/.test(name);
		this.first((m) => m.press(this.app, this, args));
		const typed = name === "search" && typedAhead(this.app);
		try {
			const a: object = await (reads ? this.news() : this.app.acts);
			return (a as Record<string, (...args: never[]) => unknown>)[name]?.(...args, (typed ? typed() : true) as never);
		} catch {
			this.lost(() => void this.press(name, args));
		}
		return undefined;
	}

	lost(again: (() => void) | null): void {
		this.again = again && (() => {
			this.lost(null);
			again();
		});
		this.update();
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
			readAlong(app.x.d, 0); // nobody tells any more
			if (!app.signal.aborted) app.update();
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
		const q = (after: number) => `?${new URLSearchParams({ thread: app.o.thread, after: String(after) })}`;
		this.live = new Live(
			{
				url: (after) => `${app.reader.root.replace(/^http/, "ws")}/live${q(after)}`,
				poll: (after) => app.reader.read(`${app.reader.root}/events${q(after)}`),
			},
			{ events: (list) => this.events(list), connected: (up) => this.connected(up), barred: () => this.barred() },
			app.x.d.thread?.seq ?? 0,
			app.signal,
		);
		near.observe(app.frame.el);
		this.near = near;
	}

	/** barred finds out whether the page's address is not on the site's list; the part that acts says so then. */
	private async barred(): Promise<boolean> {
		const { app } = this;
		const got = await app.reader.read<{ allowed: boolean }>(`${app.reader.root}/origin`).catch(() => null);
		return got?.allowed === false && (await app.acts).barred();
	}

	at(seq: number): void {
		this.live?.at(seq);
		this.clock();
	}

	now(): void {
		this.live?.now();
	}

	own(): void {
		const { ticket } = this.app.x.d;
		if (ticket) this.live?.say({ own: ticket });
	}

	/** clock asks again when the discussion is due to close. This clock may be wrong: it says when to ask, never what holds. */
	private clock(): void {
		clearTimeout(this.due);
		const { thread } = this.app.x.d;
		if (thread?.state !== "open" || !thread.closes_at) return;
		const left = Date.parse(thread.closes_at) - Date.now();
		const wait = left > 0 ? left + Math.random() * SPREAD_MS : ASK_AGAIN_MS;
		this.due = setTimeout(
			() => (wait > LONGEST_MS ? this.clock() : void this.news().then((n) => n.catchUp(), () => this.clock())),
			Math.min(wait, LONGEST_MS),
		);
	}

	private connected(up: boolean): void {
		const { app } = this;
		clearTimeout(this.timer);
		if (up) {
			app.down = false;
			app.update();
			if (app.x.d.user) void app.acting?.me(); // nobody keeps what was told meanwhile
			return;
		}
		this.timer = setTimeout(() => {
			app.down = true;
			app.update();
		}, DOWN_MS);
	}

	/** events hears who reads along; anything else takes a part of its own. */
	private events(list: LiveEvent[]): void {
		const { app } = this;
		const rest = list.filter((e) => {
			if (e.type !== "hello" && e.type !== "readers") return true;
			readAlong(app.x.d, app.x.d.site?.presence === false ? 0 : (e.readers ?? 0));
			return false;
		});
		app.update();
		if (rest.length > 0) this.tell(rest);
	}

	private tell(list: LiveEvent[]): void {
		this.news().then(
			(n) => n.events(list),
			() => setTimeout(() => this.app.signal.aborted || this.tell(list), ASK_AGAIN_MS),
		);
	}
}
